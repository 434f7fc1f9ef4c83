from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .dealer_subtree import below, hold_upline, is_below

DEFAULT_MAX_DEPTH = 8
MAX_DEPTH_PARAMETER = "dealer_collection.max_depth"


class DealerDealer(models.Model):
    """A node of the dealer tree: one company that sells for us, below another or not.

    The tree is its own and not `res.partner.parent_id`, which would merge tax numbers,
    addresses and receivables of the dealers.
    """

    _name = "dealer.dealer"
    _description = "Dealer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _parent_store = True
    _order = "name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    active = fields.Boolean(default=True, tracking=True)
    name = fields.Char(related="partner_id.name", store=True, index="trigram")
    code = fields.Char(
        copy=False,
        tracking=True,
        help="The number under which your company knows this dealer.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Dealer Company",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('parent_id', '=', False)]",
        help="The dealer as a customer in the books: its invoices and its receivable.",
    )
    parent_id = fields.Many2one(
        "dealer.dealer",
        "Dealer Above",
        ondelete="restrict",
        index=True,
        check_company=True,
        tracking=True,
        # Nobody but staff learns what stands above a dealer, not even its name.
        groups="base.group_user",
        help="Leave empty for a dealer that buys from your company directly.",
    )
    parent_path = fields.Char(index=True, groups="base.group_user")
    child_ids = fields.One2many(
        "dealer.dealer", "parent_id", "Sub-dealers", groups="base.group_user"
    )
    level = fields.Integer(
        compute="_compute_level",
        store=True,
        recursive=True,
        groups="base.group_user",
        help="1 for a dealer without a dealer above it.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        groups="base.group_user",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting for Approval"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("refused", "Refused"),
        ],
        default="active",
        required=True,
        index=True,
        copy=False,
        tracking=True,
        help="A suspended dealer sees its documents and can pay what it owes, but"
        " collects nothing from others. It is told that it is suspended. What a dealer"
        " has made below itself waits for approval where your company wants that.",
    )
    is_company_customer = fields.Boolean(
        "Buys from the Company",
        compute="_compute_is_company_customer",
        store=True,
        readonly=False,
        tracking=True,
        groups="base.group_user",
        help="The dealer has an account with your company: what it and the dealers"
        " below it collect is credited there. Otherwise the next dealer above it that"
        " has one is credited. A dealer without a dealer above it always has one.",
    )
    last_payment_attempt = fields.Datetime(
        readonly=True, copy=False, groups="base.group_user"
    )

    _partner_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)", "This company is a dealer already."
    )
    _code_unique = models.UniqueIndex(
        "(code, company_id) WHERE code IS NOT NULL",
        "Another dealer has this code already.",
    )

    # === COMPUTE === #

    @api.depends("parent_id.level")
    def _compute_level(self):
        for dealer in self:
            dealer.level = dealer.parent_id.level + 1 if dealer.parent_id else 1

    @api.depends("parent_id")
    def _compute_is_company_customer(self):
        for dealer in self:
            dealer.is_company_customer = (
                not dealer.parent_id or dealer.is_company_customer
            )

    # === CONSTRAINTS === #

    @api.constrains("is_company_customer", "parent_id")
    def _check_company_customer(self):
        for dealer in self:
            if not dealer.parent_id and not dealer.is_company_customer:
                raise ValidationError(
                    self.env._(
                        "%s has no dealer above it that could be credited instead.",
                        dealer.name,
                    )
                )

    @api.constrains("partner_id")
    def _check_partner(self):
        for dealer in self:
            partner = dealer.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s. Only a company of"
                        " its own can be a dealer.",
                        contact=partner.name,
                        company=partner.commercial_partner_id.name,
                    )
                )

    @api.constrains("parent_id")
    def _check_depth(self):
        limit = self._max_depth()
        too_deep = Domain("level", ">", limit)
        deepest = self.with_context(active_test=False).search(
            below(self) & too_deep, order="level desc", limit=1
        )
        if deepest:
            raise ValidationError(
                self.env._(
                    "%(dealer)s would stand at level %(level)s of the dealer tree."
                    " At most %(limit)s levels are allowed.",
                    dealer=deepest.name,
                    level=deepest.level,
                    limit=limit,
                )
            )

    @api.constrains("active")
    def _check_archived(self):
        for dealer in self.filtered(lambda dealer: not dealer.active):
            if dealer.child_ids:
                raise ValidationError(
                    self.env._(
                        "%s has sub-dealers. Move or archive them first.", dealer.name
                    )
                )

    @api.model
    def _max_depth(self):
        value = (
            self.env["ir.config_parameter"].sudo().get_param(MAX_DEPTH_PARAMETER) or ""
        )
        return int(value) if value.isdecimal() else DEFAULT_MAX_DEPTH

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        dealers = super().create(vals_list)
        for dealer in dealers:
            # sudo: who may make a dealer need not be allowed to edit contacts
            partner_sudo = dealer.sudo().partner_id
            if partner_sudo.dealer_id.partner_id != partner_sudo:
                partner_sudo.dealer_id = dealer
        return dealers

    def write(self, vals):
        if "partner_id" in vals and any(
            dealer.partner_id.id != vals["partner_id"] for dealer in self
        ):
            raise UserError(
                self.env._(
                    "A dealer stays the company it was made for. Archive it and make a"
                    " new one."
                )
            )
        if vals.get("parent_id"):
            self._check_move_below(self.browse(vals["parent_id"]))
        result = super().write(vals)
        if "active" in vals:
            # Record rules are cached per user, with the node that was found then.
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _check_move_below(self, parent):
        """Refuse a cycle before the tree is rewritten, and say which one."""
        hold_upline(parent)
        for dealer in self:
            if is_below(parent, dealer):
                raise ValidationError(
                    self.env._(
                        "%(dealer)s cannot stand below %(parent)s: %(parent)s is the"
                        " same dealer or stands below it already.",
                        dealer=dealer.name,
                        parent=parent.name,
                    )
                )

    def copy_data(self, default=None):
        raise UserError(
            self.env._("A dealer cannot be duplicated: its company exists only once.")
        )

    # === BUSINESS === #

    def _chain(self):
        """The dealers through whose hands money goes that is collected here.

        :return: list of dealers, this one first; the last one is credited in the
            company's books. In sudo mode: nobody need see who stands above.
        """
        self.ensure_one()
        dealer_sudo, chain = self.sudo(), []
        while dealer_sudo:
            chain.append(dealer_sudo)
            if dealer_sudo.is_company_customer:
                break
            dealer_sudo = dealer_sudo.parent_id
        return chain

    def _is_debtor(self, partner):
        """:return: whether this partner can owe this dealer anything: a customer of
        its own, or a dealer right below it; asked in sudo mode
        """
        self.ensure_one()
        node = partner.dealer_ids.filtered(
            lambda dealer: dealer.company_id == self.company_id
        )
        return node.parent_id == self if node else partner.dealer_id == self

    def _open_items_domain(self):
        """:return: domain of the posted invoices that this dealer still owes"""
        self.ensure_one()
        return Domain(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("amount_residual", ">", 0),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
