import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import PROVIDER_CODE
from ..protocols.types import Operation, Schedule
from . import locks

RECURRING_PATH = "/payment/pos_gateway/recurring"
STEPS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}


class PosGatewayRecurring(models.Model):
    """A card that the bank charges by a schedule to which the payer has agreed.

    The payer types the card once, on a bare page of ours; the bank keeps it, and we do
    not. The first charge is made by the payer's own request, the later ones by the bank
    alone: it is asked on each planned day what became of them. The files beside this
    one: the rules, what the payer does, what the bank says, and one planned payment.
    """

    _name = "pos.gateway.recurring"
    _description = "Recurring Card Payment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/", index=True)
    active = fields.Boolean(default=True, tracking=True)
    note = fields.Char("What For", help="Shown to the payer.", tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Payer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('id', 'in', provider_choice_ids)]",
        help="A POS whose bank takes a schedule, once an administrator has allowed that"
        " cards pass through this server.",
    )
    provider_choice_ids = fields.Many2many(
        "payment.provider", compute="_compute_provider_choice_ids"
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        "Each Time", required=True, tracking=True, help="What each payment comes to."
    )
    count = fields.Integer(
        "How Many Times",
        required=True,
        default=12,
        tracking=True,
        help="All payments together, with the first one.",
    )
    every = fields.Integer(required=True, default=1, tracking=True)
    unit = fields.Selection(
        [("D", "Days"), ("W", "Weeks"), ("M", "Months"), ("Y", "Years")],
        required=True,
        default="M",
        tracking=True,
    )
    unit_choices = fields.Char(compute="_compute_unit_choices")
    total = fields.Monetary(compute="_compute_total", store=True)
    last_day = fields.Date(
        "Last Payment", compute="_compute_last_day", help="Counted from the first one."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waiting for Card"),
            ("unclear", "Bank Is Being Asked"),
            ("running", "Running"),
            ("cancelling", "Cancelling"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    payment_ids = fields.One2many(
        "pos.gateway.recurring.payment", "recurring_id", "Payments", readonly=True
    )
    transaction_ids = fields.One2many(
        "payment.transaction", "gateway_recurring_id", "Card Payments", readonly=True
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        "First Charge",
        readonly=True,
        copy=False,
        help="The one under whose order number the bank keeps the schedule.",
    )
    transaction_count = fields.Integer(compute="_compute_transaction_count")
    bank_order = fields.Char(related="transaction_id.gateway_order_id")
    bank_schedule = fields.Char(
        "Bank's Schedule",
        compute="_compute_bank_schedule",
        inverse="_inverse_bank_schedule",
        help="The bank's own number of the schedule. If the answer that told it was"
        " lost, copy it from the bank's panel: some banks are asked by it.",
    )
    review_reason = fields.Char(related="transaction_id.gateway_review_reason")
    card = fields.Char(related="transaction_id.gateway_card_masked")
    paid = fields.Monetary(compute="_compute_paid", help="What the bank has charged.")
    access_token = fields.Char(readonly=True, copy=False)
    link = fields.Char("Link for the Payer", compute="_compute_link")
    asked_at = fields.Datetime("Card Asked For", readonly=True, copy=False)
    consent_text = fields.Text("Payer's Consent", readonly=True, copy=False)
    consent_version = fields.Char(readonly=True, copy=False)
    consent_at = fields.Datetime("Consent Given", readonly=True, copy=False)
    consent_ip = fields.Char("Payer's Address", readonly=True, copy=False)
    cancel_wanted_at = fields.Datetime("Cancellation Wanted", readonly=True, copy=False)
    withdrawn_at = fields.Datetime(
        "Consent Withdrawn",
        readonly=True,
        copy=False,
        help="By the payer, on the page with the link.",
    )
    withdrawn_ip = fields.Char("Withdrawn From", readonly=True, copy=False)
    next_status_at = fields.Datetime(
        "Next Question to the Bank",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    status_count = fields.Integer("Questions to the Bank", readonly=True, copy=False)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The amount must be above zero."
    )
    _count_sensible = models.Constraint(
        "CHECK (count BETWEEN 2 AND 999)", "There must be at least two payments."
    )
    _every_positive = models.Constraint(
        "CHECK (every BETWEEN 1 AND 999)", "The interval must be at least one."
    )
    _token_unique = models.UniqueIndex(
        "(access_token) WHERE access_token IS NOT NULL", "A link leads to one payer."
    )

    # === COMPUTED === #

    @api.depends("company_id")
    def _compute_provider_choice_ids(self):
        for recurring in self:
            providers = self.env["payment.provider"].search(
                [
                    ("code", "=", PROVIDER_CODE),
                    ("state", "!=", "disabled"),
                    ("company_id", "=", recurring.company_id.id),
                ]
            )
            recurring.provider_choice_ids = providers.filtered(
                lambda provider: provider._gateway_takes_card_for(Operation.RECURRING)
            )

    @api.depends("provider_id")
    def _compute_unit_choices(self):
        for recurring in self:
            traits = recurring.provider_id and recurring.provider_id._gateway_traits()
            units = traits.recurring_units if traits else tuple(STEPS)
            recurring.unit_choices = " ".join(units)

    @api.depends("amount", "count")
    def _compute_total(self):
        for recurring in self:
            recurring.total = recurring.amount * recurring.count

    @api.depends("payment_ids.planned_on", "count", "every", "unit")
    def _compute_last_day(self):
        for recurring in self:
            known = recurring.payment_ids.mapped("planned_on")
            recurring.last_day = max(known, default=recurring._day_of(recurring.count))

    @api.depends("transaction_ids")
    def _compute_transaction_count(self):
        for recurring in self:
            recurring.transaction_count = len(recurring.transaction_ids)

    @api.depends("payment_ids.state", "amount")
    def _compute_paid(self):
        for recurring in self:
            charged = recurring.payment_ids.filtered(lambda one: one.state == "done")
            recurring.paid = sum(charged.mapped("charged_amount"))

    @api.depends("transaction_id.gateway_references")
    def _compute_bank_schedule(self):
        for recurring in self:
            told = recurring.transaction_id.gateway_references or {}
            recurring.bank_schedule = told.get("recurring_id")

    def _inverse_bank_schedule(self):
        self._check_is_manager()
        for recurring in self.sudo():
            first = recurring.transaction_id
            told = {**(first.gateway_references or {})}
            told["recurring_id"] = (recurring.bank_schedule or "").strip()
            first.gateway_references = {
                name: text for name, text in told.items() if text
            }
            recurring._ask_status_soon()

    @api.depends("access_token", "state")
    def _compute_link(self):
        for recurring in self:
            path = recurring.access_token and recurring._path()
            base_url = recurring.provider_id.get_base_url() if path else ""
            recurring.link = path and f"{base_url}{path}"

    def _path(self):
        return f"{RECURRING_PATH}/{self.access_token}"

    def _day_of(self, number, first=None):
        """:return: when the payment of this number is due, counted from 1

        :param date first: the day of the first one, by default today
        """
        first = first or self.env["payment.transaction"]._gateway_today()
        step = relativedelta(**{STEPS[self.unit or "M"]: self.every or 0})
        return first + step * (number - 1)

    def _schedule(self):
        """:return: what the bank is told, a frozen ``Schedule``: the same each time"""
        return Schedule(self.count, self.every, self.unit)

    # === STAFF === #

    def _check_is_manager(self):
        self.check_access("write")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_manager"):
            raise AccessError(self.env._("Only POS managers may do this."))

    def action_ask_card(self):
        """Make the link on which the payer agrees and types the card."""
        self._check_is_manager()
        for recurring in self.sudo():
            if recurring.state not in ("draft", "failed"):
                raise UserError(self.env._("The card has been asked for already."))
            if not recurring._takes_cards():
                raise UserError(
                    self.env._(
                        "Cards may pass through this server only after a system"
                        " administrator has allowed it in the settings (Virtual POS)."
                    )
                )
            recurring.write(
                {
                    "state": "waiting",
                    "asked_at": fields.Datetime.now(),
                    # A link that was sent before leads nowhere any more.
                    "access_token": secrets.token_urlsafe(24),
                }
            )
        return True

    def action_send_link(self):
        """Write to the payer where to agree and type the card."""
        self.ensure_one()
        self._check_is_manager()
        template = self.env.ref(
            "pos_gateway.mail_template_recurring", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Link"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "default_partner_ids": self.partner_id.ids,
            },
        }

    def action_cancel(self):
        """Have the bank make no more of these payments."""
        self._check_is_manager()
        for recurring in self.sudo():
            recurring._want_cancel()
        return True

    def action_bank_cancelled(self):
        """A person has seen at the bank that nothing more is planned there."""
        self._check_is_manager()
        for recurring in self.sudo():
            if recurring.state != "cancelling":
                raise UserError(self.env._("There is nothing open to settle."))
            locks.lock_transaction(recurring.transaction_id)
            recurring.message_post(
                body=self.env._(
                    "%s has seen at the bank that nothing more is planned.",
                    self.env.user.name,
                )
            )
            recurring._drop_open_payments()
        return True

    def action_ask_bank(self):
        """Ask the bank now what became of the payments."""
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_user"):
            raise AccessError(self.env._("Only POS operators may ask the bank."))
        for recurring in self.sudo():
            recurring._ask_status_soon()
        return True

    def action_view_transactions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.payment_transaction_action"
        )
        return {
            **action,
            "domain": [("gateway_recurring_id", "=", self.id)],
            "context": {"create": False},
        }

    def _takes_cards(self):
        """:return: whether the payer may type a card for this one now"""
        provider = self.provider_id
        return (
            self.active
            and provider.state != "disabled"
            and provider._gateway_takes_card_for(Operation.RECURRING)
        )
