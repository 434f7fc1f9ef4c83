import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..money import to_major, to_minor

DEFAULT_LINK_DAYS = 14
MOST_INSTALLMENTS = 36

# What follows from something else, or opens the page: never written by hand.
WHAT_IS_ASKED = {
    "amount", "amount_kind", "amount_min", "amount_max", "currency_id", "dealer_id",
    "partner_id", "receivable_ids",
}  # fmt: skip
DERIVED_FIELDS = {"name", "state", "close_reason", "access_token", "amount_paid"}


class DealerPaymentLink(models.Model):
    """An address at which somebody pays a dealer, without a login.

    The link says what may be paid; each use of it makes a ``dealer.collection``, which
    is what is paid. See ``dealer_payment_link_use`` for that.
    """

    _name = "dealer.payment.link"
    _description = "Payment Link"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "dealer.upline.mixin",
    ]
    _order = "create_date desc, id desc"
    _rec_names_search = ["name", "purpose", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    active = fields.Boolean(default=True)
    dealer_id = fields.Many2one(tracking=True, help="The dealer that is paid.")
    company_id = fields.Many2one(
        related="dealer_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Debtor",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The customer or sub-dealer that is to pay. Empty: whoever opens the link"
        " says who he is.",
    )
    purpose = fields.Char(
        required=True,
        tracking=True,
        help="What the payment is for, as the payer reads it.",
    )
    receivable_ids = fields.Many2many(
        "dealer.receivable",
        "dealer_payment_link_receivable_rel",
        "link_id",
        "receivable_id",
        "Receivables",
        copy=False,
        domain="[('creditor_id', '=', dealer_id), ('debtor_id', '=', partner_id),"
        " ('amount_open', '>', 0), ('currency_id', '=', currency_id)]",
        help="What the payment closes. Empty: it closes the debtor's oldest debts.",
    )
    amount_kind = fields.Selection(
        [
            ("open", "What Is Open on the Receivables"),
            ("fixed", "Fixed Amount"),
            ("range", "The Payer Chooses"),
        ],
        required=True,
        default="fixed",
        tracking=True,
    )
    amount = fields.Monetary("Fixed Amount", tracking=True)
    amount_min = fields.Monetary("Smallest Amount", help="0: no limit.", tracking=True)
    amount_max = fields.Monetary("Largest Amount", help="0: no limit.", tracking=True)
    max_installments = fields.Integer(
        default=0,
        tracking=True,
        help="The most installments that the payer may choose. 0: as the offers have.",
    )
    is_single_use = fields.Boolean(
        "Single Use",
        default=True,
        tracking=True,
        help="The link can be paid once. Otherwise anybody who has it pays, and as"
        " often as he likes, until it expires.",
    )
    date_expiry = fields.Datetime(
        "Open Until",
        required=True,
        default=lambda self: fields.Datetime.now() + timedelta(days=DEFAULT_LINK_DAYS),
        tracking=True,
    )
    close_reason = fields.Selection(
        [("cancelled", "Cancelled"), ("expired", "Expired")],
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("used", "Paid"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    collection_ids = fields.One2many(
        "dealer.collection", "link_id", "Collections", readonly=True
    )
    collection_count = fields.Integer(compute="_compute_collections")
    amount_paid = fields.Monetary("Paid", compute="_compute_amount_paid", store=True)
    # Portal people see the address on their pages, by their role; not by RPC.
    access_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(18),
        index=True,
        copy=False,
        groups="base.group_user",
    )
    access_url = fields.Char(groups="base.group_user")
    url = fields.Char("Address", compute="_compute_url", groups="base.group_user")

    _token_unique = models.Constraint(
        "UNIQUE(access_token)", "Each payment link has an address of its own."
    )
    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND amount_min >= 0 AND amount_max >= 0)",
        "Amounts of a payment link are not below zero.",
    )

    # === COMPUTE === #

    @api.depends(
        "close_reason", "is_single_use", "collection_ids.state", "amount_kind",
        "receivable_ids.amount_open",
    )  # fmt: skip
    def _compute_state(self):
        for link in self:
            paid = link.collection_ids.filtered(lambda row: row.state == "paid")
            nothing_open = link.receivable_ids and not any(
                link.receivable_ids.mapped("amount_open")
            )
            if link.close_reason:
                link.state = link.close_reason
            elif nothing_open or (paid and link.is_single_use):
                link.state = "used"
            else:
                link.state = "open"

    @api.depends("collection_ids.state", "collection_ids.amount")
    def _compute_amount_paid(self):
        for link in self:
            decimals = link.currency_id.decimal_places
            paid = link.collection_ids.filtered(lambda row: row.state == "paid")
            minor = sum(to_minor(row.amount, decimals) for row in paid)
            link.amount_paid = float(to_major(minor, decimals))

    @api.depends("collection_ids")
    def _compute_collections(self):
        for link in self:
            link.collection_count = len(link.collection_ids)

    @api.depends("access_token")
    def _compute_access_url(self):
        result = super()._compute_access_url()
        for link in self:
            link.access_url = f"/pay/{link.access_token}"
        return result

    @api.depends("access_token")
    def _compute_url(self):
        for link in self:
            link.url = link.get_base_url() + link.access_url

    # === CONSTRAINTS === #

    @api.constrains("amount_kind", "amount", "amount_min", "amount_max")
    def _check_amounts(self):
        for link in self:
            if link.amount_kind == "fixed" and not link.amount:
                raise ValidationError(self.env._("Say how much is to be paid."))
            if link.amount_kind == "open" and not link.receivable_ids:
                raise ValidationError(
                    self.env._("Choose the receivables that are to be paid.")
                )
            if link.amount_max and link.amount_min > link.amount_max:
                raise ValidationError(
                    self.env._("The smallest amount is above the largest one.")
                )

    @api.constrains("max_installments")
    def _check_max_installments(self):
        for link in self:
            if not 0 <= link.max_installments <= MOST_INSTALLMENTS:
                raise ValidationError(
                    self.env._(
                        "The number of installments is between 1 and %s, or 0 for no"
                        " limit.",
                        MOST_INSTALLMENTS,
                    )
                )

    @api.constrains("receivable_ids", "partner_id", "dealer_id", "currency_id")
    def _check_receivables(self):
        for link_sudo in self.sudo():
            for owed in link_sudo.receivable_ids:
                fits = (
                    owed.creditor_id == link_sudo.dealer_id
                    and owed.debtor_id == link_sudo.partner_id
                    and owed.currency_id == link_sudo.currency_id
                )
                if not fits:
                    raise ValidationError(
                        self.env._("%s is not what this debtor owes.", owed.name)
                    )

    @api.constrains("partner_id", "dealer_id")
    def _check_debtor(self):
        for link_sudo in self.sudo().filtered("partner_id"):
            if not link_sudo.dealer_id._is_debtor(link_sudo.partner_id):
                raise ValidationError(
                    self.env._(
                        "%(debtor)s is neither a customer of %(creditor)s nor a dealer"
                        " right below it.",
                        debtor=link_sudo.partner_id.name,
                        creditor=link_sudo.dealer_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_derived(vals)
            dealer = self.env["dealer.dealer"].browse(vals.get("dealer_id"))
            vals["name"] = (
                self.env["ir.sequence"]
                .sudo()
                .with_company(dealer.sudo().company_id)
                .next_by_code("dealer.payment.link")
            )
        return super().create(vals_list)

    def write(self, vals):
        self._check_derived(vals)
        if not self.env.su and WHAT_IS_ASKED & vals.keys():
            self._check_unused()
        return super().write(vals)

    def _check_unused(self):
        """What somebody was shown, and began to pay, is not changed behind his back."""
        if self.sudo().collection_ids:
            raise UserError(
                self.env._(
                    "Somebody has used this link. Cancel it, and make another one."
                )
            )

    def _check_derived(self, vals):
        if not self.env.su and DERIVED_FIELDS & vals.keys():
            raise UserError(
                self.env._("The state of a payment link cannot be written by hand.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        if self.sudo().collection_ids:
            raise UserError(
                self.env._("A link that was used is history: cancel it instead.")
            )

    # === ACTIONS === #

    def action_cancel(self):
        self.check_access("write")
        for link in self:
            link._cancel()
        return True

    def _cancel(self):
        """Nobody can pay with it from now on; who is at the bank already can finish."""
        self.ensure_one()
        if self.state != "open":
            raise UserError(self.env._("%s is not open any more.", self.name))
        link_sudo = self.sudo()
        link_sudo.close_reason = "cancelled"
        waiting_sudo = link_sudo.collection_ids.filtered(
            lambda row: row.state == "open"
        )
        waiting_sudo.close_reason = "cancelled"
        link_sudo.message_post(body=self.env._("Cancelled by %s.", self.env.user.name))

    def action_view_collections(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Collections"),
            "res_model": "dealer.collection",
            "view_mode": "list,form",
            "domain": [("link_id", "=", self.id)],
        }

    def action_preview(self):
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "new", "url": self.access_url}

    @api.model
    def _cron_expire(self):
        expired = self.search(
            [
                ("close_reason", "=", False),
                ("state", "=", "open"),
                ("date_expiry", "<=", fields.Datetime.now()),
            ]
        )
        expired.sudo().close_reason = "expired"  # sudo: derived, see write
