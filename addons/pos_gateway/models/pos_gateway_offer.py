from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..pricing import rounding
from ..pricing.offer import Offer, OfferLine
from ..pricing.rates import rate

RATE_DIGITS = (7, 4)


class PosGatewayOffer(models.Model):
    """What payers may choose: installment counts, and the surcharge of each."""

    _name = "pos.gateway.offer"
    _description = "Installment Offer"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10, help="The first offer that fits is taken.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    provider_ids = fields.Many2many(
        "payment.provider",
        string="Only for POS",
        check_company=True,
        domain="[('code', '=', 'pos_gateway')]",
        help="Empty: for every virtual POS of the company.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    minimum_amount = fields.Monetary(
        help="Smaller debts are paid in one payment.", tracking=True
    )
    line_ids = fields.One2many("pos.gateway.offer.line", "offer_id", copy=True)

    @api.constrains("line_ids", "currency_id")
    def _check_foreign_installments(self):
        for offer in self:
            if offer.currency_id.name != "TRY" and any(
                line.installment_count > 1 for line in offer.line_ids
            ):
                raise ValidationError(
                    self.env._("Banks offer installments in Turkish lira only.")
                )

    @api.model
    def _for_payment(self, company, partner, currency, day, base_kurus):
        """:return: the offer that holds for a payment; no record: one single payment"""
        for offer in self.sudo().search(
            [
                *self._check_company_domain(company),
                ("currency_id", "=", currency.id),
            ]
        ):
            if base_kurus >= rounding.to_kurus(offer.minimum_amount):
                return offer
        return self.browse()

    def _compiled(self):
        """:return: the ``pricing.offer.Offer`` of this record"""
        self.ensure_one()
        return Offer(self.id, [line._as_line() for line in self.line_ids])


class PosGatewayOfferLine(models.Model):
    _name = "pos.gateway.offer.line"
    _description = "Installment Offer Line"
    _order = "installment_count"
    _rec_name = "installment_count"

    offer_id = fields.Many2one(
        "pos.gateway.offer", required=True, ondelete="cascade", index=True
    )
    installment_count = fields.Integer("Installments", required=True, default=1)
    surcharge_percent = fields.Float(
        "Surcharge %",
        digits=RATE_DIGITS,
        help="Added to the debt, in percent of it. The payer sees it before paying.",
    )

    _count_range = models.Constraint(
        "CHECK (installment_count BETWEEN 1 AND 12)",
        "Installments go from 1 (a single payment) to 12.",
    )
    _surcharge_range = models.Constraint(
        "CHECK (surcharge_percent >= 0 AND surcharge_percent < 100)",
        "A surcharge is between 0 and 100 percent.",
    )
    _count_unique = models.Constraint(
        "UNIQUE (offer_id, installment_count)",
        "An offer has one line for each number of installments.",
    )

    @api.constrains("installment_count", "offer_id")
    def _check_foreign_installments(self):
        self.offer_id._check_foreign_installments()

    def _as_line(self):
        """:return: a ``pricing.offer.OfferLine``"""
        # Four decimals are stored; the float's noise beyond them is not a rate.
        percent = f"{self.surcharge_percent:.{RATE_DIGITS[1]}f}"
        return OfferLine(self.id, self.installment_count, rate(percent))
