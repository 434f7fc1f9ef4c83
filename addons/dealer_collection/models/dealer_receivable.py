from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.pos_gateway.const import PROVIDER_CODE
from odoo.addons.pos_gateway.models.locks import lock_document

from ..tiers.account import Debt

# What follows from payments, or is changed by an action that says so in the chatter.
DERIVED_FIELDS = {"name", "amount_open", "state", "is_disputed", "dispute_reason"}
FIXED_FIELDS = {"creditor_id", "debtor_id", "currency_id", "amount", "account_id"}


class DealerReceivable(models.Model):
    """What a sub-dealer or a customer owes a dealer: not the company, and so not in
    the company's ledger.
    """

    _name = "dealer.receivable"
    _description = "Receivable of a Dealer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _rec_names_search = ["name", "reference", "debtor_id.name"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    active = fields.Boolean(default=True)
    creditor_id = fields.Many2one(
        "dealer.dealer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The dealer to whom this is owed.",
    )
    debtor_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="A customer of the creditor, or a dealer right below it.",
    )
    debtor_dealer_id = fields.Many2one(
        related="account_id.debtor_dealer_id",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    account_id = fields.Many2one(
        "dealer.account", readonly=True, index=True, ondelete="restrict", copy=False
    )
    company_id = fields.Many2one(
        related="creditor_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    reference = fields.Char(
        tracking=True, help="The creditor's own document number, for example."
    )
    note = fields.Text()
    date = fields.Date(default=fields.Date.context_today, required=True)
    date_due = fields.Date(
        "Due Date", default=fields.Date.context_today, required=True, tracking=True
    )
    amount = fields.Monetary(required=True, tracking=True)
    amount_open = fields.Monetary(
        "Open", compute="_compute_amount_open", store=True, tracking=True
    )
    match_ids = fields.One2many(
        "dealer.account.match", "receivable_id", "Payments", readonly=True
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("partial", "Part Paid"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    is_disputed = fields.Boolean(
        "Disputed",
        readonly=True,
        copy=False,
        tracking=True,
        help="The debtor says that it does not owe this. Money that is not meant for it"
        " closes other debts.",
    )
    dispute_reason = fields.Char(readonly=True, copy=False, tracking=True)
    days_late = fields.Integer(compute="_compute_days_late")
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_days_late", search="_search_is_overdue"
    )

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "A receivable is not below zero."
    )

    # === COMPUTE === #

    @api.depends("amount", "match_ids.amount")
    def _compute_amount_open(self):
        for receivable in self:
            account = receivable.account_id
            closed = account._minor_sum(receivable.match_ids, "amount")
            receivable.amount_open = account._major(
                account._minor(receivable.amount) - closed
            )

    @api.depends("amount", "amount_open")
    def _compute_state(self):
        for receivable in self:
            if not receivable.amount:
                receivable.state = "cancelled"
            elif not receivable.amount_open:
                receivable.state = "paid"
            elif receivable.amount_open < receivable.amount:
                receivable.state = "partial"
            else:
                receivable.state = "open"

    @api.depends("date_due", "amount_open")
    @api.depends_context("tz")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for receivable in self:
            is_open = receivable.amount_open and receivable.date_due
            late = (today - receivable.date_due).days if is_open else 0
            receivable.days_late = max(late, 0)
            receivable.is_overdue = late > 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("amount_open", ">", 0) & Domain("date_due", "<", today)
        return late if True in value else ~late

    # === CONSTRAINTS === #

    @api.constrains("creditor_id", "debtor_id")
    def _check_debtor(self):
        for receivable_sudo in self.sudo():
            creditor, debtor = receivable_sudo.creditor_id, receivable_sudo.debtor_id
            if not creditor._is_debtor(debtor):
                raise ValidationError(
                    self.env._(
                        "%(debtor)s is neither a customer of %(creditor)s nor a dealer"
                        " right below it.",
                        debtor=debtor.name,
                        creditor=creditor.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_derived(vals)
            dealer = self.env["dealer.dealer"].browse(vals.get("creditor_id"))
            vals["name"] = (
                self.env["ir.sequence"]
                .sudo()
                .with_company(dealer.sudo().company_id)
                .next_by_code("dealer.receivable")
            )
            if not vals.get("amount") or vals["amount"] <= 0:
                raise ValidationError(
                    self.env._("The amount of a receivable is more than zero.")
                )
        receivables = super().create(vals_list)
        for receivable_sudo in receivables.sudo():
            account = self.env["dealer.account"]._between(
                receivable_sudo.debtor_id,
                receivable_sudo.creditor_id,
                receivable_sudo.currency_id,
            )
            receivable_sudo.with_context(dealer_account=True).account_id = account
            account._debt_added(receivable_sudo)
        return receivables

    def write(self, vals):
        self._check_derived(vals)
        changed = FIXED_FIELDS & vals.keys()
        if changed and not self.env.context.get("dealer_account"):
            raise UserError(
                self.env._(
                    "What is owed, by whom and to whom is not changed. Lower or cancel"
                    " the receivable, or make another one."
                )
            )
        return super().write(vals)

    def _check_derived(self, vals):
        if not self.env.su and DERIVED_FIELDS & vals.keys():
            raise UserError(
                self.env._("The state of a receivable cannot be written by hand.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A receivable is history: cancel it instead of deleting it.")
        )

    # === VERBS === #

    def _as_debt(self):
        """:return: the value that ``tiers.account`` works with"""
        return Debt(
            self.id,
            self.account_id._minor(self.amount),
            (self.date_due, self.id),
            is_disputed=self.is_disputed,
        )

    def _lock(self):
        lock_document(self.sudo().account_id)
        return self.sudo().account_id

    def _lower_to(self, amount, reason):
        """The creditor owes less from now on; what was paid too much is credit.

        :param float amount: 0 cancels the receivable
        """
        self.ensure_one()
        account = self._lock()
        if not 0 <= amount < self.amount:
            raise UserError(
                self.env._("A receivable can be lowered or cancelled, not raised.")
            )
        account._debt_lowered(self.sudo(), amount)
        self.sudo().message_post(
            body=self.env._(
                "Lowered to %(amount)s by %(user)s: %(reason)s",
                amount=self.currency_id.format(amount),
                user=self.env.user.name,
                reason=reason or self.env._("no reason given"),
            )
        )

    def action_cancel(self):
        self.check_access("write")
        for receivable in self:
            receivable._lower_to(0.0, self.env._("cancelled"))
        return True

    def _dispute(self, reason):
        """The debtor says that it does not owe this."""
        self.ensure_one()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you do not owe this."))
        if self.state not in ("open", "partial"):
            raise UserError(self.env._("%s is not open any more.", self.name))
        self._lock()
        self.sudo().write({"is_disputed": True, "dispute_reason": reason[:200]})
        self.sudo().message_post(
            body=self.env._(
                "Disputed by %(user)s: %(reason)s",
                user=self.env.user.name,
                reason=reason[:200],
            )
        )

    def _end_dispute(self, answer=""):
        """The creditor says that it is owed all the same, and why."""
        self.ensure_one()
        account = self._lock()
        self.sudo().is_disputed = False
        account._debt_settled(self.sudo())
        self.sudo().message_post(
            body=self.env._(
                "Dispute ended by %(user)s: %(answer)s",
                user=self.env.user.name,
                answer=(answer or "").strip()[:200] or self.env._("no reason given"),
            )
        )

    def action_end_dispute(self):
        self.check_access("write")
        for receivable in self.filtered("is_disputed"):
            receivable._end_dispute()
        return True

    # === AROUND IT === #

    def action_view_account(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dealer.account",
            "view_mode": "form",
            "res_id": self.account_id.id,
        }

    # === WHAT CAN BE PAID === #

    def _payable_amounts(self):
        """What can still be paid of each: what is open less what is under way.

        :return: dict of receivable id -> amount (float, rounded as the currency is)
        """
        result = {}
        for receivable_sudo in self.sudo():
            account = receivable_sudo.account_id
            lines = (
                self.env["dealer.collection.line"]
                .sudo()
                .search(
                    Domain("receivable_id", "=", receivable_sudo.id)
                    & Domain("collection_id.transaction_ids", "any", self._under_way())
                )
            )
            minor = account._minor(receivable_sudo.amount_open) - account._minor_sum(
                lines, "amount"
            )
            result[receivable_sudo.id] = account._major(max(minor, 0))
        return result

    @api.model
    def _under_way(self):
        """:return: domain of card payments that are at the bank or not booked yet"""
        at_bank = Domain("state", "in", ("pending", "authorized")) | (
            Domain("state", "=", "draft") & Domain("provider_code", "=", PROVIDER_CODE)
        )
        not_booked = Domain("state", "=", "done") & Domain(
            "is_post_processed", "=", False
        )
        return Domain("operation", "!=", "refund") & (at_bank | not_booked)
