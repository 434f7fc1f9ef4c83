import secrets

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import PROVIDER_CODE
from ..pricing import rounding
from ..pricing.offer import Bearer, Mode, Offer

RATE_DIGITS = (7, 4)
# How specific an audience is. Other addons may take the numbers between.
RANK_EVERYBODY, RANK_CATEGORY, RANK_PARTNER = 0, 20, 40


def _new_revision():
    return secrets.token_hex(8)


class PosGatewayOffer(models.Model):
    """What payers may choose: installment counts, and what each of them costs him."""

    _name = "pos.gateway.offer"
    _description = "Installment Offer"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10,
        help="Of the offers for the same audience, the first one that fits is taken.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    provider_ids = fields.Many2many(
        "payment.provider",
        string="Only for POS",
        check_company=True,
        domain=[("code", "=", PROVIDER_CODE)],
        tracking=True,
        help="Empty: for every virtual POS of the company.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    audience = fields.Selection(
        [
            ("everybody", "Everybody"),
            ("category", "Partners with a tag"),
            ("partner", "Certain partners"),
        ],
        required=True,
        default="everybody",
        tracking=True,
        help="An offer for certain partners goes before one for a tag, and that before"
        " one for everybody.",
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category",
        string="Partner Tags",
        tracking=True,
        help="Partners with one of these tags, or with a tag below one of them.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners",
        check_company=True,
        tracking=True,
        help="The company counts: its contacts and addresses are meant with it.",
    )
    date_from = fields.Date(
        "From", tracking=True, help="First day. Empty: since always."
    )
    date_to = fields.Date("To", tracking=True, help="Last day. Empty: without an end.")
    bearer = fields.Selection(
        [
            (Bearer.PAYER.value, "Payer"),
            (Bearer.COMPANY.value, "Company"),
            (Bearer.SHARED.value, "Shared"),
            (Bearer.DEALER.value, "Dealer"),
        ],
        "Commission Borne by",
        required=True,
        default=Bearer.PAYER.value,
        tracking=True,
        help="Payer: the surcharge is added to the debt.\n"
        "Company: the card is charged the debt; the bank's cost is the company's.\n"
        "Shared: the payer bears the surcharge, the company what is left of the cost.\n"
        "Dealer: the card is charged the debt; the dealer is invoiced the bank's cost.",
    )
    mode = fields.Selection(
        [
            (Mode.ADD.value, "Add the percentage to the debt"),
            (Mode.NET.value, "So much that the debt arrives in full"),
        ],
        "Surcharge Is",
        required=True,
        default=Mode.ADD.value,
        tracking=True,
        help="In full: the surcharge is worked out from the bank's agreement, so that"
        " the company receives its debt to the kuruş. The percentages of the table are"
        " not used then.",
    )
    uses_rates = fields.Boolean(compute="_compute_uses_rates")
    minimum_amount = fields.Monetary(
        "Minimum Total",
        tracking=True,
        help="Of what the card is charged: smaller totals are charged in one payment.",
    )
    minimum_installment = fields.Monetary(
        tracking=True, help="No installment on the card may be smaller."
    )
    line_ids = fields.One2many("pos.gateway.offer.line", "offer_id", copy=True)
    # Another one with each change of the offer or of a line: what was compiled from one
    # revision is never taken for another, whichever process or transaction asks.
    revision = fields.Char(readonly=True, copy=False, default=lambda _: _new_revision())

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "An offer ends after it begins."
    )
    _minimum_positive = models.Constraint(
        "CHECK (minimum_amount >= 0 AND minimum_installment >= 0)",
        "A minimum cannot be below zero.",
    )

    @api.depends("bearer", "mode", "line_ids.bearer")
    def _compute_uses_rates(self):
        """Whether the percentages of the table count at all."""
        for offer in self:
            bearers = {offer.bearer, *filter(None, offer.line_ids.mapped("bearer"))}
            offer.uses_rates = Bearer.SHARED.value in bearers or (
                Bearer.PAYER.value in bearers and offer.mode == Mode.ADD.value
            )

    # === CHECKS === #

    @api.constrains("line_ids", "currency_id")
    def _check_foreign_installments(self):
        for offer in self:
            if offer.currency_id.name != "TRY" and any(
                line.installment_count > 1 for line in offer.line_ids
            ):
                raise ValidationError(
                    self.env._("Banks offer installments in Turkish lira only.")
                )

    @api.constrains("audience", "partner_ids", "partner_category_ids")
    def _check_audience(self):
        for offer in self:
            if offer.audience == "partner" and not offer.partner_ids:
                raise ValidationError(
                    self.env._("Choose the partners that “%s” is for.", offer.name)
                )
            if offer.audience == "category" and not offer.partner_category_ids:
                raise ValidationError(
                    self.env._("Choose the partner tags that “%s” is for.", offer.name)
                )

    @api.constrains("bearer", "mode")
    def _check_mode(self):
        for offer in self:
            if offer.mode == Mode.NET.value and offer.bearer != Bearer.PAYER.value:
                raise ValidationError(
                    self.env._(
                        "The debt arrives in full only if the payer bears the"
                        " commission; with any other bearer a part of it, or all, is"
                        " not the payer's."
                    )
                )

    @api.onchange("bearer")
    def _onchange_bearer(self):
        if self.bearer != Bearer.PAYER.value:
            self.mode = Mode.ADD.value

    # === WHICH OFFER === #

    @api.model
    def _for_payment(self, company, partner, currency, day, base_kurus):
        """Find the offer that a debt is paid under.

        The most specific audience goes first, then the order that staff gave. An offer
        whose minimum total the debt does not reach is passed over as long as there is
        another one; the last resort is the first of them (a single payment).

        :param partner: the debtor; may be empty
        :param date day: of the payment
        :param int base_kurus: the debt in hundredths of the currency
        :return: one offer, or none
        """
        ranked = []
        # sudo: a payer has no access to offers, but one of them is his.
        found = self.sudo().search(self._in_force_domain(company, currency, day))
        for offer in found:
            rank = offer._audience_rank(partner)
            if rank is not None:
                ranked.append((-rank, offer.sequence, offer.id, offer))
        offers = [row[-1] for row in sorted(ranked, key=lambda row: row[:3])]
        for offer in offers:
            if base_kurus >= rounding.to_kurus(offer.minimum_amount):
                return offer
        return offers[0] if offers else found.browse()

    @api.model
    def _in_force_domain(self, company, currency, day):
        return Domain(self._check_company_domain(company)) & Domain(
            [
                ("currency_id", "=", currency.id),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    def _audience_rank(self, partner):
        """How specifically the offer is for a partner.

        :return: the higher the more specific; None if it is not for him
        """
        self.ensure_one()
        company = partner.commercial_partner_id
        if self.audience == "everybody":
            return RANK_EVERYBODY
        if self.audience == "category":
            tags = (partner | company).category_id
            below = {int(i) for tag in tags for i in tag.parent_path.split("/") if i}
            return RANK_CATEGORY if below & set(self.partner_category_ids.ids) else None
        if self.audience == "partner":
            meant = company and company in self.partner_ids.commercial_partner_id
            return RANK_PARTNER if meant else None
        return None

    def _takes(self, provider):
        """Whether the offer is for payments on this POS."""
        self.ensure_one()
        return not self.provider_ids or provider in self.provider_ids

    # === FOR THE PRICE ENGINE === #

    def _compiled(self):
        """:return: ``pricing.offer.Offer``; keys are database ids"""
        self.ensure_one()
        return self._compiled_revision(self.id, self.revision)

    @api.model
    @tools.ormcache("offer_id", "revision")
    def _compiled_revision(self, offer_id, revision):
        # The same for whoever asks: rights are checked where the offer is found.
        offer = self.sudo().browse(offer_id)
        return Offer(
            offer.id,
            [line._compiled() for line in offer.line_ids],
            minimum_total=rounding.to_kurus(offer.minimum_amount),
            minimum_installment=rounding.to_kurus(offer.minimum_installment),
        )

    # === WHAT CHANGED === #

    @api.model_create_multi
    def create(self, vals_list):
        # The lines of a new offer are no change that needs telling.
        offers = super(
            PosGatewayOffer, self.with_context(gateway_lines_told=True)
        ).create(vals_list)
        return offers.with_env(self.env)

    def write(self, vals):
        vals = {**vals, "revision": _new_revision()}
        if "line_ids" not in vals:
            return super().write(vals)
        with self.line_ids._telling_changes(self) as offers:
            return super(PosGatewayOffer, offers).write(vals)

    def _tell_table_changes(self, changes):
        """:param changes: one sentence each"""
        self.write({"revision": _new_revision()})
        items = Markup().join(Markup("<li>{}</li>").format(text) for text in changes)
        self._message_log(
            body=Markup("{}<ul>{}</ul>").format(
                self.env._("The table was changed:"), items
            )
        )

    # === PAGES === #

    def action_open_what_if(self):
        """Open the what-if box with this offer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_what_if_action"
        )
        action["context"] = {
            "default_offer_id": self.id,
            "default_company_id": self.company_id.id,
            "default_currency_id": self.currency_id.id,
        }
        return action
