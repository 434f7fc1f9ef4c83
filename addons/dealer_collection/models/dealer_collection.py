import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..money import to_major, to_minor

OPEN_DAYS_PARAMETER = "dealer_collection.open_days"
DEFAULT_OPEN_DAYS = 7

AT_BANK_STATES = ("draft", "pending", "authorized")

# What follows from something else. The ORM lets stored computed fields be written.
DERIVED_FIELDS = {
    "name",
    "amount",
    "amount_surcharge",
    "amount_charged",
    "amount_refunded",
    "amount_net",
    "state",
    "close_reason",
    "date_paid",
    "access_token",
    "method",
    "is_to_approve",
    "declared_by_id",
    "declared_day",
    "declared_note",
    "cheque_number",
    "cheque_bank",
    "cheque_due",
    "rejection_reason",
}

WHAT_IS_PAID = {
    "kind",
    "partner_id",
    "company_id",
    "currency_id",
    "line_ids",
    "amount_on_account",
}


class DealerCollection(models.Model):
    """Money that is to be, is being, or was collected from one debtor.

    It says what is paid (lines), the payment attempts say how it went; the state
    follows from them. The attempts' own states are written by the POS gateway alone.
    """

    _name = "dealer.collection"
    _description = "Dealer Collection"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "dealer.upline.mixin",
    ]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    dealer_id = fields.Many2one(tracking=True)
    kind = fields.Selection(
        [
            ("invoices", "Own Open Items"),
            ("receivable", "Receivable of a Dealer"),
            ("on_account", "On Account"),
            ("customer", "For the Company's Customer"),
        ],
        required=True,
        default="invoices",
        tracking=True,
        help="Whose debt is paid: the dealer's own invoices; what a sub-dealer or"
        " customer owes the dealer; nothing in particular; or the invoices of a"
        " customer of your company, for whom the dealer collects.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        help="The company whose debt is paid, whoever holds the card.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    line_ids = fields.One2many(
        "dealer.collection.line", "collection_id", "Invoices", copy=False
    )
    amount_on_account = fields.Monetary(
        "On Account", help="Paid for nothing in particular: the debtor's credit."
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, tracking=True)
    transaction_ids = fields.One2many(
        "payment.transaction",
        "dealer_collection_id",
        "Payment Attempts",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice,base.group_system",
    )
    payment_ids = fields.One2many(
        "account.payment",
        "dealer_collection_id",
        "Payments",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("processing", "At the Bank"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    close_reason = fields.Selection(
        [("cancelled", "Cancelled"), ("expired", "Expired")],
        readonly=True,
        copy=False,
    )
    date_expiry = fields.Datetime(
        "Open Until",
        default=lambda self: fields.Datetime.now() + timedelta(days=self._open_days()),
        help="After this moment the collection cannot be paid any more.",
    )
    # Whoever holds it pays: a viewer, or a dealer above, must not read it by RPC.
    access_token = fields.Char(
        default=lambda self: str(uuid.uuid4()), groups="base.group_user"
    )

    _name_unique = models.Constraint(
        "UNIQUE(name, company_id)", "The number of a collection is unique."
    )

    # === COMPUTE === #

    @api.depends("dealer_id")
    def _compute_partner_id(self):
        for collection in self:
            collection.partner_id = collection.dealer_id.partner_id

    @api.depends("line_ids.amount", "amount_on_account")
    def _compute_amount(self):
        for collection in self:
            # Whole kuruş: a sum of floats may miss the last one.
            decimals = collection.currency_id.decimal_places
            parts = [line.amount for line in collection.line_ids]
            parts.append(collection.amount_on_account)
            collection.amount = float(
                to_major(sum(to_minor(part, decimals) for part in parts), decimals)
            )

    @api.depends("transaction_ids.state", "close_reason")
    def _compute_state(self):
        for collection in self:
            states = set(collection.transaction_ids.mapped("state"))
            if "done" in states:
                collection.state = "paid"  # even if it was closed meanwhile
            elif states & set(AT_BANK_STATES):
                collection.state = "processing"
            else:
                collection.state = collection.close_reason or "open"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for collection in self:
            collection.access_url = f"/my/dealer/collections/{collection.id}"
        return result

    @api.model
    def _open_days(self):
        value = (
            self.env["ir.config_parameter"].sudo().get_param(OPEN_DAYS_PARAMETER) or ""
        )
        return int(value) if value.isdecimal() else DEFAULT_OPEN_DAYS

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_derived(vals)
            company_id = vals.get("company_id") or self.env.company.id
            vals["name"] = (
                self.env["ir.sequence"]
                .sudo()
                .with_company(company_id)
                .next_by_code("dealer.collection")
            )
        return super().create(vals_list)

    def write(self, vals):
        self._check_derived(vals)
        if WHAT_IS_PAID & vals.keys():
            self._check_untouched()
        return super().write(vals)

    def _check_derived(self, vals):
        if not self.env.su and DERIVED_FIELDS & vals.keys():
            raise UserError(
                self.env._("The result of a collection cannot be written by hand.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nothing_happened(self):
        self._check_untouched()

    def _check_untouched(self):
        """What was offered to a bank, or closed, is history."""
        for collection in self:
            if collection.sudo().transaction_ids or collection.state != "open":
                raise UserError(
                    self.env._(
                        "%s was paid, tried or closed. It cannot be changed or deleted"
                        " any more.",
                        collection.name,
                    )
                )

    # === ACTIONS === #

    def action_cancel(self):
        self.check_access("write")
        for collection in self:
            if collection.state == "processing":
                raise UserError(
                    self.env._(
                        "%s is being paid at the bank. Wait until the bank has"
                        " answered.",
                        collection.name,
                    )
                )
            if collection.state != "open":
                raise UserError(self.env._("%s is not open any more.", collection.name))
        self.sudo().close_reason = "cancelled"  # sudo: checked above, see write
        return True

    def action_preview(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.get_portal_url(),
        }

    def _list_action(self, name, records):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }
        if len(records) == 1:
            action |= {"view_mode": "form", "res_id": records.id}
        return action

    def action_view_payments(self):
        self.ensure_one()
        return self._list_action(self.env._("Payments"), self.payment_ids)

    def action_view_transactions(self):
        self.ensure_one()
        return self._list_action(self.env._("Payment Attempts"), self.transaction_ids)

    def action_view_invoices(self):
        self.ensure_one()
        return self._list_action(self.env._("Invoices"), self.line_ids.move_id)

    # === BUSINESS === #

    @api.model
    def _cron_expire(self):
        """Close what nobody paid in time."""
        expired = self.search(
            [
                ("state", "=", "open"),
                ("close_reason", "=", False),
                ("date_expiry", "<=", fields.Datetime.now()),
            ]
        )
        expired.sudo().close_reason = "expired"  # sudo: derived, see write
