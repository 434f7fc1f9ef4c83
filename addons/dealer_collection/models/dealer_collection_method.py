from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.pos_gateway.models.locks import lock_document

from .dealer_collection_chain import OWED_TO_COMPANY
from .payment_provider import DECLARED_MODES

DECLARED = tuple(DECLARED_MODES)
MOST_TEXT = 200


class DealerCollection(models.Model):
    """By which way the money comes; cash and cheques: declared, approved, taken back.

    What is declared waits as an attempt of its own, so that the debt cannot be paid a
    second time meanwhile. Whoever the money is for approves it: the company's staff,
    or an owner of the dealer that is owed.
    """

    _inherit = "dealer.collection"

    method = fields.Selection(
        [
            ("card", "Card"),
            ("transfer", "Bank Transfer"),
            ("cash", "Cash"),
            ("cheque", "Cheque"),
        ],
        required=True,
        readonly=True,
        default="card",
        copy=False,
        index=True,
        tracking=True,
        help="By which way the last attempt was to pay.",
    )
    is_to_approve = fields.Boolean(
        "To Approve",
        compute="_compute_is_to_approve",
        store=True,
        help="Cash or a cheque that was declared, and that the company has to approve.",
    )
    declared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    declared_day = fields.Date("Received On", readonly=True, copy=False)
    declared_note = fields.Char("Note", readonly=True, copy=False)
    cheque_number = fields.Char(readonly=True, copy=False)
    cheque_bank = fields.Char("Bank of the Cheque", readonly=True, copy=False)
    cheque_due = fields.Date("Cheque Due On", readonly=True, copy=False)
    rejection_reason = fields.Char(readonly=True, copy=False)

    @api.depends("state", "method", "kind", "dealer_id.parent_id")
    def _compute_is_to_approve(self):
        for collection in self:
            collection.is_to_approve = (
                collection.state == "processing"
                and collection.method in DECLARED
                and collection._is_owed_to_company()
            )

    def _is_owed_to_company(self):
        """:return: whether the money is the company's: its own debtor pays it

        A dealer's own account on account as well; what a dealer is owed is its own.
        """
        self.ensure_one()
        return self.kind in OWED_TO_COMPANY or not self._links()

    def _declared_journal(self):
        """:return: the journal of declared money; empty for other ways to pay"""
        self.ensure_one()
        company = self.sudo().company_id
        if self.method == "cash":
            return company.dealer_cash_journal_id
        if self.method == "cheque":
            return company.dealer_cheque_journal_id
        return self.env["account.journal"]

    def _approving_dealer(self):
        """:return: the dealer whose owners approve; empty if that is for the company"""
        self.ensure_one()
        links = self._links()
        return links[0][1] if links else self.env["dealer.dealer"]

    def _declarable(self):
        """:return: which of cash and cheques can be declared for this now"""
        self.ensure_one()
        if not self._is_payable():
            return []
        if not self._is_owed_to_company():
            return list(DECLARED)
        company = self.sudo().company_id
        journals = {
            "cash": company.dealer_cash_journal_id,
            "cheque": company.dealer_cheque_journal_id,
        }
        return [method for method in DECLARED if journals[method]]

    # === DECLARE: in sudo mode, once it is known that the user may === #

    def _declare(self, method, values):
        """Note cash or a cheque that was received; it waits for approval.

        :param dict values: ``day``, ``note``, ``cheque_number``, ``cheque_bank``,
            ``cheque_due``
        :raise UserError: with a text for the collector
        """
        self.ensure_one()
        if method not in self._declarable():
            raise UserError(self.env._("This way to pay is not available."))
        self._check_declared(method, values)
        create_values = self._start_attempt()
        self.write(
            {
                "method": method,
                "declared_by_id": self.env.uid,
                "declared_day": values["day"],
                "declared_note": values.get("note"),
                "cheque_number": values.get("cheque_number"),
                "cheque_bank": values.get("cheque_bank"),
                "cheque_due": values.get("cheque_due"),
                "rejection_reason": False,
            }
        )
        provider = self.env["payment.provider"]._dealer_declared(
            self.company_id, method
        )
        transaction = self._new_attempt(provider, create_values)
        transaction.dealer_money_day = values["day"]
        self.message_post(
            body=self.env._(
                "%(user)s declares: %(what)s.",
                user=self.env.user.name,
                what=self._declared_text(),
            )
        )
        if self.is_to_approve:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Approve this payment"),
                note=self._declared_text(),
                user_id=self.dealer_id._approver().id,
            )
        return transaction

    def _new_attempt(self, provider, create_values):
        """:return: a pending transaction of a way to pay without a card"""
        transactions = self.env["payment.transaction"].sudo()
        transaction = transactions.create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "reference": transactions._compute_reference(
                    provider.code, dealer_collection_id=self.id
                ),
                "amount": self.amount,
                "currency_id": self.currency_id.id,
                "partner_id": self.partner_id.id,
                "operation": "online_direct",
                **create_values,
            }
        )
        transaction._set_pending()
        return transaction

    def _check_declared(self, method, values):
        today = self.env["payment.provider"]._gateway_today()
        day, due = values.get("day"), values.get("cheque_due")
        if not day or day > today:
            raise UserError(
                self.env._("Say on which day the money was received; not after today.")
            )
        texts = [values.get(name) or "" for name in ("note", "cheque_number",
                                                     "cheque_bank")]  # fmt: skip
        if any(len(text) > MOST_TEXT for text in texts):
            raise UserError(
                self.env._("Write at most %s characters, please.", MOST_TEXT)
            )
        if method == "cheque" and not (values.get("cheque_number") and due):
            raise UserError(
                self.env._("Type the number of the cheque and the day it is due.")
            )

    def _declared_text(self):
        amount = self.currency_id.format(self.amount)
        if self.method == "cheque":
            return self.env._(
                "cheque %(number)s over %(amount)s, due on %(due)s",
                number=" ".join(filter(None, (self.cheque_bank, self.cheque_number))),
                amount=amount,
                due=format_date(self.env, self.cheque_due),
            )
        return self.env._("%s in cash", amount)

    # === APPROVE === #

    def action_approve(self):
        """Take declared money into the books: for staff, one or many at once."""
        self._check_staff_approves()
        for collection in self:
            collection.sudo()._approve()
        return True

    def action_reject(self):
        """Ask why, then reject."""
        self._check_staff_approves()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "dealer.reject.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_collection_ids": self.ids},
        }

    def action_reverse_declared(self):
        """A cheque bounced, or the cash was counted again: the debt is open again."""
        self._check_staff_approves()
        for collection in self:
            collection.sudo()._reverse_declared()
        return True

    def _check_staff_approves(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "dealer_collection.group_dealer_manager"
        ):
            raise AccessError(self.env._("Only dealer managers approve payments."))

    def _waiting_attempt(self):
        """:return: the attempt that waits for approval; the collection is locked"""
        self.ensure_one()
        lock_document(self)
        attempt = self._last_attempt()
        if self.state != "processing" or self.method not in DECLARED:
            raise UserError(self.env._("%s does not wait for approval.", self.name))
        return attempt

    def _approve(self):
        attempt = self._waiting_attempt()
        attempt._set_done()
        attempt._post_process()
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.message_post(
            body=self.env._(
                "%(user)s approved: %(what)s.",
                user=self.env.user.name,
                what=self._declared_text(),
            )
        )

    def _reject(self, reason):
        reason = (reason or "").strip()
        if not reason or len(reason) > MOST_TEXT:
            raise UserError(self.env._("Say in one sentence why it is rejected."))
        self._waiting_attempt()._set_canceled()
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.rejection_reason = reason
        self.message_post(
            body=self.env._(
                "%(user)s rejected it: %(reason)s",
                user=self.env.user.name,
                reason=reason,
            )
        )

    def _reverse_declared(self):
        done = self.transaction_ids.filtered(lambda tx: tx.state == "done")
        left = self.amount_charged - self.amount_refunded
        if self.method not in DECLARED or not done or not left > 0:
            raise UserError(self.env._("%s has nothing to take back.", self.name))
        refund = done[:1]._create_child_transaction(left, is_refund=True)
        refund.dealer_money_day = self.env["payment.provider"]._gateway_today()
        refund._set_done()
        refund._post_process()
        self.message_post(
            body=self.env._(
                "%(user)s took it back: %(what)s.",
                user=self.env.user.name,
                what=self._declared_text(),
            )
        )
