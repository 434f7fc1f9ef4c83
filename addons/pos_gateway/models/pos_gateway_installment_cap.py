from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..pricing.cards import IN_INSTALLMENTS, CardKind
from ..pricing.limits import Limit


class PosGatewaySector(models.Model):
    """What a merchant sells, as far as the law limits installments by it."""

    _name = "pos.gateway.sector"
    _description = "Sector of a Merchant"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    cap_ids = fields.One2many("pos.gateway.installment.cap", "sector_id")


class PosGatewayInstallmentCap(models.Model):
    """How many installments the law allows, by sector and kind of card, at which time.

    The bank enforces it; what cannot pass is better not offered.
    """

    _name = "pos.gateway.installment.cap"
    _description = "Legal Cap on Installments"
    _inherit = ["mail.thread"]
    _order = "sector_id, kind, date_from desc"
    _rec_name = "sector_id"

    sector_id = fields.Many2one(
        "pos.gateway.sector", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            (CardKind.CREDIT.value, "Consumer cards"),
            (CardKind.COMMERCIAL.value, "Commercial cards"),
        ],
        required=True,
        default=CardKind.CREDIT.value,
    )
    max_installments = fields.Integer(
        required=True, default=12, tracking=True, help="1: no installments at all."
    )
    date_from = fields.Date("Valid From", required=True, tracking=True)
    date_to = fields.Date("Valid To", tracking=True)
    source = fields.Char(
        tracking=True, help="The decision it follows from, and how sure that is."
    )
    active = fields.Boolean(default=True, tracking=True)

    _count_range = models.Constraint(
        "CHECK (max_installments BETWEEN 1 AND 36)", "A cap is between 1 and 36."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A cap does not end before it begins.",
    )

    @api.model
    def _cap(self, sector, kind, day):
        """:return: the cap in force, or no record where the law says nothing"""
        return self.sudo().search(
            Domain("sector_id", "=", sector.id)
            & Domain("kind", "=", kind)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            limit=1,
        )

    @api.model
    def _guards(self, company, sector, card, day):
        """:return: tuple of ``Limit``: what the company does not offer on the card"""
        guards = []
        if company.gateway_cap_guard == "deny" and card.kind in IN_INSTALLMENTS:
            cap = self._cap(sector, card.kind.value, day) if sector else self.browse()
            if cap:
                guards.append(
                    Limit(
                        source=cap._in_words(),
                        max_installments=cap.max_installments,
                        is_cap=True,
                    )
                )
        # Whose kind is not known may be a consumer's.
        if company.gateway_surcharge_guard == "deny" and (
            card.kind is not CardKind.COMMERCIAL
        ):
            guards.append(
                Limit(
                    source=self.env._("setting of %s", company.name), no_surcharge=True
                )
            )
        return tuple(guards)

    def _in_words(self):
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(sector)s, %(kind)s: %(count)s since %(day)s",
            sector=self.sector_id.name,
            kind=kinds[self.kind].lower(),
            count=self.max_installments,
            day=format_date(self.env, self.date_from),
        )
