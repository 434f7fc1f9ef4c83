import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..const import CARDS_PER_ORDER, PROVIDER_CODE
from ..protocols.types import Operation
from . import locks
from .points_words import points_sentence, told_points

POINTS_PATH = "/payment/pos_gateway/points"
LINK_HOURS = 24
# What staff say; the rest is what the bank says.
FREE = frozenset({"active", "partner_id", "company_id", "provider_id"})


class PosGatewayPointsRequest(models.Model):
    """A link under which a payer types a card, and sees what points it has.

    The bank needs the whole card for that, so it passes through this server once, and
    nothing of it is kept. No money moves. A link takes a few cards and dies in a day.
    """

    _name = "pos.gateway.points.request"
    _description = "Points of a Card"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    active = fields.Boolean(default=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Payer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('id', 'in', provider_choice_ids)]",
        help="A POS whose bank tells the points of a card, once an administrator has"
        " allowed that cards pass through this server.",
    )
    provider_choice_ids = fields.Many2many(
        "payment.provider", compute="_compute_provider_choice_ids"
    )
    call_ids = fields.One2many(
        "pos.gateway.call", "points_request_id", "Calls to the Bank", readonly=True
    )
    access_token = fields.Char(
        readonly=True, copy=False, required=True, default=lambda self: self._new_token()
    )
    link = fields.Char("Link for the Payer", compute="_compute_link")
    expires_at = fields.Datetime(
        "Link Valid Until",
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: self._new_expiry(),
    )
    card_count = fields.Integer(
        "Cards Asked About",
        readonly=True,
        copy=False,
        help="With this link. It takes a few only: cards are not tried out here.",
    )
    is_open = fields.Boolean("Link Takes a Card", compute="_compute_is_open")
    state = fields.Selection(
        [
            ("waiting", "Waiting for Card"),
            ("unclear", "No Clear Answer"),
            ("told", "Told"),
        ],
        "Status",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    asked_at = fields.Datetime("Last Asked At", readonly=True, copy=False)
    points = fields.Char(readonly=True, copy=False, help="As many as the bank says.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.ref("base.TRY"),
    )
    is_worth_told = fields.Boolean(readonly=True, copy=False)
    worth = fields.Monetary(
        "Points' Worth", readonly=True, copy=False, help="What the points are worth."
    )

    _token_unique = models.Constraint(
        "UNIQUE (access_token)", "A link leads to one request."
    )

    # === COMPUTED === #

    @api.depends("company_id")
    def _compute_provider_choice_ids(self):
        for one in self:
            providers = self.env["payment.provider"].search(
                [
                    ("code", "=", PROVIDER_CODE),
                    ("state", "!=", "disabled"),
                    ("company_id", "=", one.company_id.id),
                ]
            )
            one.provider_choice_ids = providers.filtered(
                lambda provider: provider._gateway_takes_card_for(Operation.POINTS)
            )

    @api.depends("access_token", "provider_id")
    def _compute_link(self):
        for one in self:
            is_made = one._origin and one.provider_id
            base_url = one.provider_id.get_base_url() if is_made else ""
            one.link = is_made and f"{base_url}{one._path()}"

    @api.depends("expires_at", "card_count", "active")
    def _compute_is_open(self):
        now = fields.Datetime.now()
        for one in self:
            one.is_open = (
                one.active
                and bool(one.expires_at and one.expires_at > now)
                and one.card_count < CARDS_PER_ORDER
            )

    def _path(self):
        return f"{POINTS_PATH}/{self.access_token}"

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(24)

    @api.model
    def _new_expiry(self):
        return fields.Datetime.now() + relativedelta(hours=LINK_HOURS)

    # === STAFF === #

    @api.constrains("provider_id")
    def _check_provider_id(self):
        for one in self:
            provider = one.provider_id
            traits = provider._gateway_traits()
            if not traits or Operation.POINTS not in traits.card_calls:
                raise ValidationError(
                    self.env._(
                        "The bank of %s does not tell the points of a card.",
                        provider.name,
                    )
                )
            if not provider._gateway_takes_card_for(Operation.POINTS):
                raise ValidationError(
                    self.env._(
                        "Cards may pass through this server only after a system"
                        " administrator has allowed it in the settings (Virtual POS)."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            self._check_hands_off(values)
        return super().create(vals_list)

    def write(self, vals):
        self._check_hands_off(vals)
        return super().write(vals)

    def _check_hands_off(self, values):
        """:raise AccessError: if a user writes what only the bank or the page says"""
        ours = {
            name
            for name in values
            if name in self._fields and self._fields[name]._module == "pos_gateway"
        }
        if not self.env.su and ours - FREE:
            raise AccessError(
                self.env._("What a bank says of a card's points is nobody's to write.")
            )

    def action_renew_link(self):
        """Make a new link; the old one leads nowhere any more."""
        self.check_access("write")
        for one in self.sudo():
            one._check_provider_id()
            one.write(
                {
                    "access_token": self._new_token(),
                    "expires_at": self._new_expiry(),
                    "card_count": 0,
                }
            )
        return True

    # === THE PAYER === #

    @api.model
    def _of_token(self, token):
        """sudo: whoever holds the link is the payer.

        :return: the one that the link leads to, or none
        """
        if not token:
            return self.sudo().browse()
        return self.sudo().search([("access_token", "=", token)])

    def _takes_cards(self):
        """:return: whether a card may be typed for it now"""
        provider = self.provider_id
        return (
            self.is_open
            and provider.state != "disabled"
            and provider._gateway_takes_card_for(Operation.POINTS)
        )

    def _plan_question(self):
        """A card was typed: plan the question.

        :return: id of the call, or None: no card is taken here (any more)
        """
        locks.lock_document(self)
        if not self._takes_cards():
            return None
        self.write(
            {
                "card_count": self.card_count + 1,
                "asked_at": fields.Datetime.now(),
                # Until the bank has spoken; what it said of another card is over.
                "state": "unclear",
                "points": False,
                "is_worth_told": False,
                "worth": 0.0,
            }
        )
        return self.env["pos.gateway.call"]._plan_points(self).id

    def _note(self, call, outcome):
        """Keep what the bank said of the last card, and nothing of the card."""
        locks.lock_document(self)
        told = told_points(outcome)
        if not told or call != self.call_ids.sorted("id")[-1:]:
            return
        count, worth = told
        self.write(
            {
                "state": "told",
                "points": count,
                "is_worth_told": worth is not None,
                "worth": worth or 0.0,
            }
        )

    def _sentence(self):
        worth = self.worth if self.is_worth_told else None
        return points_sentence(self.env, self.points, worth, self.currency_id)
