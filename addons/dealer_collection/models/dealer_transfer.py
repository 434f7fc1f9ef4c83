"""Bank transfers that find their collection by the reference in the bank's text."""

import logging
import re
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.pos_gateway.models.locks import lock_document
from odoo.addons.pos_gateway.models.pos_gateway_inbox import CONFLICTS

from ..money import to_minor
from .payment_provider import TRANSFER_MODE

_logger = logging.getLogger(__name__)

# A line is looked at for so long; an older one was seen by a person.
LOOK_BACK = timedelta(days=60)


def reference_pattern(name):
    """What a collection's number looks like in a bank's text: with other signs between
    its parts, or none, and in any case of its letters.

    >>> find = reference_pattern("TAH/2026/00012").search
    >>> [bool(find(text)) for text in ("EFT tah-2026 00012 borc", "TAH202600012")]
    [True, True]
    >>> [bool(find(text)) for text in ("TAH/2026/000123", "XTAH/2026/00012", "00012")]
    [False, False, False]
    """
    parts = re.findall(r"[^\W_]+", name)
    between = r"[\W_]{0,3}"
    middle = between.join(re.escape(part) for part in parts)
    return re.compile(rf"(?<![^\W_]){middle}(?!\d)", re.IGNORECASE)


class DealerCollection(models.Model):
    _inherit = "dealer.collection"

    def _announce_transfer(self, transaction):
        """The payer chose the bank transfer: the debt waits for the money."""
        self.ensure_one()
        self.method = "transfer"
        transaction._set_pending()

    def _transfer_values(self):
        """:return: dict of what the payer has to transfer, and where to"""
        self.ensure_one()
        company = self.sudo().company_id
        journals = (
            self.env["account.journal"]
            .sudo()
            .search(
                [
                    *self.env["account.journal"]._check_company_domain(company),
                    ("type", "=", "bank"),
                    ("bank_account_id", "!=", False),
                ]
            )
        )
        own = company.currency_id
        fitting = journals.filtered(
            lambda journal: (journal.currency_id or own) == self.currency_id
        )
        return {
            "holder": company.partner_id.name,
            "accounts": [
                {
                    "bank": journal.bank_id.name or journal.name,
                    "number": journal.bank_acc_number,
                }
                for journal in fitting
            ],
            "reference": self.name,
            "until": self._transfer_until(),
        }

    def _transfer_until(self):
        days = self.sudo().company_id.dealer_transfer_days
        return (self._last_attempt().create_date + timedelta(days=days)).date()

    def _give_up_transfer(self):
        """The payer pays in another way, or nobody has paid in time."""
        self.ensure_one()
        lock_document(self)
        attempt = self._last_attempt()
        if self.state != "processing" or self.method != "transfer":
            raise UserError(self.env._("%s waits for no bank transfer.", self.name))
        attempt._set_canceled()

    @api.model
    def _cron_transfers(self):
        """Book the transfers that have come; end the waiting for those that have not.

        One line of a statement in one transaction: what fails does so alone.
        """
        for line in self.env["account.bank.statement.line"]._transfers_to_look_at():
            self._look_at_transfer(line.id)
        self._end_late_transfers()

    @api.model
    def _look_at_transfer(self, line_id):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            line = env["account.bank.statement.line"].browse(line_id)
            try:
                with cr.savepoint():
                    line._look_for_collection()
            except CONFLICTS:
                return  # the next run looks again
            except UserError as error:
                _logger.warning("statement line %s: %s", line_id, error)
                line._tell_staff_of_failure(str(error))

    @api.model
    def _end_late_transfers(self):
        waiting = self.search(
            [("state", "=", "processing"), ("method", "=", "transfer")]
        )
        today = self.env["payment.provider"]._gateway_today()
        for collection in waiting:
            if collection._transfer_until() < today:
                collection._give_up_transfer()
                collection.message_post(
                    body=self.env._("The announced bank transfer has not come in time.")
                )


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    dealer_collection_id = fields.Many2one(
        "dealer.collection",
        "Collection in the Text",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The collection whose number stands in the text of the line.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if lines:
            # After the import is committed: a payment that cannot be booked must not
            # lose the bank's line.
            cron = self.env.ref(
                "dealer_collection.cron_transfers", raise_if_not_found=False
            )
            if cron:
                cron.sudo()._trigger()
        return lines

    @api.model
    def _transfers_to_look_at(self):
        """:return: lines of money that came, that nobody has reconciled or looked at"""
        since = fields.Date.today() - LOOK_BACK
        return self.search(
            [
                ("is_reconciled", "=", False),
                ("amount", ">", 0),
                ("dealer_collection_id", "=", False),
                ("date", ">=", since),
            ],
            order="date, id",
        )

    def _look_for_collection(self):
        """Find the collection that this line pays, and book it if all fits.

        Anything else that bears a collection's number is work for a person.
        """
        self.ensure_one()
        collection = self._collection_in_text()
        if not collection or self.is_reconciled or self.dealer_collection_id:
            return
        self.dealer_collection_id = collection
        lock_document(collection)
        attempt = collection._last_attempt()
        waits = collection.state == "processing" and collection.method == "transfer"
        if waits and self._is_exactly(attempt):
            self._book_transfer(collection, attempt)
        else:
            self._tell_staff(collection, waits)

    def _collection_in_text(self):
        """:return: the one collection whose number is in the text; none if two are"""
        text = " ".join(
            part
            for part in (self.payment_ref, self.ref, self.narration and
                         re.sub("<[^>]*>", " ", str(self.narration)),
                         str(self.transaction_details or ""))
            if part
        )  # fmt: skip
        if not text.strip():
            return self.env["dealer.collection"]
        collections = self.env["dealer.collection"].sudo()
        digits = set(re.findall(r"\d{4,}", text))
        plain = re.sub(r"[\W_]", "", text).upper()
        if not digits:
            return collections
        transactions = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("provider_id.custom_mode", "=", TRANSFER_MODE),
                    ("company_id", "=", self.company_id.id),
                    ("dealer_collection_id", "!=", False),
                    ("create_date", ">=", fields.Datetime.now() - 2 * LOOK_BACK),
                ]
            )
        )
        found = transactions.dealer_collection_id.filtered(
            lambda one: (
                re.sub(r"[\W_]", "", one.name).upper() in plain
                and reference_pattern(one.name).search(text)
            )
        )
        return found if len(found) == 1 else collections

    def _is_exactly(self, attempt):
        currency = self.foreign_currency_id or self.currency_id
        amount = self.amount_currency if self.foreign_currency_id else self.amount
        decimals = currency.decimal_places
        return currency == attempt.currency_id and to_minor(
            amount, decimals
        ) == to_minor(attempt.amount, decimals)

    def _book_transfer(self, collection, attempt):
        """The money of an announced transfer is there."""
        attempt.write(
            {"dealer_statement_line_id": self.id, "dealer_money_day": self.date}
        )
        attempt._set_done()
        attempt._post_process()
        self._close_with(attempt.payment_id)
        collection.message_post(
            body=self.env._(
                "The bank transfer came on %(day)s: %(line)s.",
                day=format_date(self.env, self.date),
                line=self._get_html_link(title=self.payment_ref or self.name),
            )
        )

    def _close_with(self, payment):
        """Reconcile the line with the item that a payment has outstanding."""
        liquidity, _counterpart, _written_off = payment._seek_for_lines()
        _own, suspense, _other = self._seek_for_lines()
        suspense.with_context(skip_readonly_check=True).write(
            {
                "account_id": liquidity.account_id.id,
                "partner_id": payment.partner_id.id,
            }
        )
        (suspense + liquidity).reconcile()

    def _tell_staff(self, collection, waits):
        reason = (
            self.env._("The amount is another one.")
            if waits
            else self.env._("The collection waits for no bank transfer (any more).")
        )
        self._ask_a_person(collection, reason)

    def _tell_staff_of_failure(self, error):
        collection = self._collection_in_text()
        if collection:
            self.dealer_collection_id = collection
            self._ask_a_person(collection, error)

    def _ask_a_person(self, collection, reason):
        collection.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Bank transfer to look at"),
            note=self.env._(
                "%(line)s of %(day)s over %(amount)s bears the number of this"
                " collection. %(reason)s Nothing was booked.",
                line=self._get_html_link(title=self.payment_ref or self.name),
                day=format_date(self.env, self.date),
                amount=self.currency_id.format(self.amount),
                reason=reason,
            ),
            user_id=collection.dealer_id._approver().id,
        )
