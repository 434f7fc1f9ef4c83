import logging

from werkzeug.exceptions import Forbidden

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ..money import parse_amount, to_major, to_minor
from ..receivable_list.reading import LONGEST_REFERENCE, read_date
from .receivables import DealerReceivablesPortal
from .uploads import MAX_BODY, attach, read_upload

_logger = logging.getLogger(__name__)

LONGEST_NOTE = 500


class DealerReceivableActionsPortal(DealerReceivablesPortal):
    """A dealer enters, lowers, cancels what it is owed; a debtor disputes or pays."""

    @route("/my/dealer/receivables/new", type="http", auth="user", website=True)
    def dealer_receivable_new(self, **_query):
        """Rule: an owner or collector of a dealer that may enter receivables."""
        self._dealer_who_may("receivables")
        return self._render_new()

    @route(
        "/my/dealer/receivables/create",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_BODY,
    )
    def dealer_receivable_create(self, **form):
        """Rule: as for the form. Creditor and company are the user's own; the debtor is
        one of those that the form offers; amount, dates, reference, note and one file
        are all that is taken.
        """
        dealer_sudo = self._dealer_who_may("receivables")
        try:
            with request.env.cr.savepoint():
                values = self._receivable_values(dealer_sudo, form)
                file = read_upload(form.get("attachment"))
                # sudo: portal users write nothing themselves; these values are ours
                receivable_sudo = (
                    request.env["dealer.receivable"]
                    .sudo()
                    .with_company(dealer_sudo.company_id)
                    .create(values)
                )
                attach(receivable_sudo, file)
        except UserError as error:
            _logger.info("user %s: no receivable: %s", request.env.uid, error)
            return self._render_new(form, str(error), status=422)
        receivable_sudo.message_post(
            body=request.env._("Entered by %s.", request.env.user.name)
        )
        return request.redirect(
            f"/my/dealer/receivables/{receivable_sudo.id}", code=303
        )

    @route(
        "/my/dealer/receivables/<int:receivable_id>/<string:verb>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=64 * 1024,
    )
    def dealer_receivable_change(self, receivable_id, verb, **form):
        """Rule: lower, cancel, answer, receive: the creditor's owners and collectors;
        dispute and pay: the debtor's.
        """
        receivable = self._receivable_or_404(receivable_id)
        verbs = {
            "lower": self._lower,
            "cancel": self._cancel,
            "answer": self._answer,
            "dispute": self._dispute,
            "pay": self._pay,
            "receive": self._receive,
        }
        if verb not in verbs:
            raise Forbidden()
        try:
            with request.env.cr.savepoint():
                url = verbs[verb](receivable.sudo(), form)
        except UserError as error:
            return self._render_receivable(
                receivable, str(error), form | {"verb": verb}, status=422
            )
        return request.redirect(
            url or f"/my/dealer/receivables/{receivable_id}", code=303
        )

    # === VERBS: the record is in sudo mode, the right is checked first === #

    def _check_creditor(self, owed_sudo):
        if owed_sudo.creditor_id != self._dealer_who_may("receivables"):
            raise Forbidden()

    def _check_debtor(self, owed_sudo):
        if owed_sudo.debtor_id != self._dealer_who_may("pay").partner_id:
            raise Forbidden()

    def _lower(self, owed_sudo, form):
        self._check_creditor(owed_sudo)
        amount = parse_amount(form.get("amount", ""))
        if amount is None or not amount:
            raise UserError(
                request.env._(
                    "This is not an amount. Write it like 1250.40 or 1.250,40."
                )
            )
        owed_sudo._lower_to(
            self._exact(amount, owed_sudo.currency_id), self._reason(form)
        )

    def _cancel(self, owed_sudo, form):
        self._check_creditor(owed_sudo)
        owed_sudo._lower_to(0.0, self._reason(form))

    def _answer(self, owed_sudo, form):
        self._check_creditor(owed_sudo)
        if not owed_sudo.is_disputed:
            raise UserError(request.env._("The dispute has ended already."))
        owed_sudo._end_dispute(self._reason(form))

    def _dispute(self, owed_sudo, form):
        self._check_debtor(owed_sudo)
        owed_sudo._dispute(self._reason(form))

    def _pay(self, owed_sudo, _form):
        """A dealer pays what it owes the dealer above it."""
        self._check_debtor(owed_sudo)
        owed_sudo.creditor_id._check_may_collect()
        amount = owed_sudo._payable_amounts()[owed_sudo.id]
        if not amount:
            raise UserError(
                request.env._(
                    "%s has been paid meanwhile, or a payment for it is under way.",
                    owed_sudo.name,
                )
            )
        collection_sudo = self._collection_of(owed_sudo, amount)
        return (
            f"{collection_sudo.access_url}?access_token={collection_sudo.access_token}"
        )

    def _receive(self, owed_sudo, form):
        """The creditor was given cash or a cheque, or takes the debtor's card."""
        if owed_sudo.creditor_id != self._dealer_who_may("collect"):
            raise Forbidden()
        owed_sudo.creditor_id._check_may_collect()
        amount = parse_amount(form.get("amount", ""))
        if not amount:
            raise UserError(
                request.env._(
                    "This is not an amount. Write it like 1250.40 or 1.250,40."
                )
            )
        exact = self._exact(amount, owed_sudo.currency_id)
        return self._collection_of(owed_sudo, exact).access_url

    @staticmethod
    def _collection_of(owed_sudo, amount):
        collections_sudo = (
            request.env["dealer.collection"].sudo().with_company(owed_sudo.company_id)
        )
        return collections_sudo._open_for_receivable(owed_sudo, amount)

    # === READING THE FORM === #

    @staticmethod
    def _reason(form):
        reason = " ".join(form.get("reason", "").split())[:200]
        if len(reason) < 3:
            raise UserError(request.env._("Say why, in a few words."))
        return reason

    @staticmethod
    def _exact(amount, currency):
        """:return: the amount as the ORM takes it"""
        minor = to_minor(amount, currency.decimal_places)
        if to_major(minor, currency.decimal_places) != amount:
            raise UserError(
                request.env._(
                    "The amount has more decimals than %s has.", currency.name
                )
            )
        return float(to_major(minor, currency.decimal_places))

    def _receivable_values(self, dealer_sudo, form):
        _ = request.env._
        debtor_id = form.get("debtor_id", "")
        debtor = self._debtors(dealer_sudo).filtered(
            lambda partner: str(partner.id) == debtor_id
        )
        if not debtor:
            raise UserError(_("Choose who owes this."))
        currency = dealer_sudo.company_id.currency_id
        amount = parse_amount(form.get("amount", ""))
        if amount is None or not 0 < amount < 10**10:
            raise UserError(
                _("This is not an amount. Write it like 1250.40 or 1.250,40.")
            )
        due = read_date(form.get("date_due", ""))
        if due is None or not 2000 <= due.year <= 2100:
            raise UserError(_("Choose the due date."))
        reference = " ".join(form.get("reference", "").split())
        if len(reference) > LONGEST_REFERENCE:
            raise UserError(
                _("A reference has at most %s characters.", LONGEST_REFERENCE)
            )
        return {
            "creditor_id": dealer_sudo.id,
            "debtor_id": debtor.id,
            "currency_id": currency.id,
            "amount": self._exact(amount, currency),
            "date_due": due,
            "reference": reference or False,
            "note": form.get("note", "").strip()[:LONGEST_NOTE] or False,
        }

    @staticmethod
    def _debtors(dealer_sudo):
        """:return: the customers of the dealer and the dealers right below it"""
        nodes_sudo = dealer_sudo.search(
            [
                ("parent_id", "=", dealer_sudo.id),
                ("state", "in", ("active", "suspended")),
            ]
        )
        customers_sudo = (
            request.env["res.partner"].sudo().search(dealer_sudo._customers_domain())
        )
        return (nodes_sudo.partner_id | customers_sudo).sorted("name")

    def _render_new(self, form=None, error="", status=200):
        form = form or {}
        dealer_sudo = self._dealer_or_404()
        debtors = self._debtors(dealer_sudo)
        chosen = form.get("debtor_id", "")
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_receivable_new",
            "debtors": [
                {"id": row.id, "name": row.name, "is_chosen": str(row.id) == chosen}
                for row in debtors
            ],
            "may_add_customer": self._may("customers"),
            "symbol": dealer_sudo.company_id.currency_id.symbol,
            "typed": {
                name: form.get(name, "")
                for name in ("amount", "date_due", "reference", "note")
            },
            "today": fields.Date.to_string(fields.Date.context_today(request.env.user)),
            "error": error,
        }
        return request.render(
            "dealer_collection.portal_receivable_new", values, status=status
        )
