from odoo import api, fields, models

from ..pricing import rounding
from ..pricing.offer import Bearer
from . import pricing_words


class PaymentTransaction(models.Model):
    """How the amount of a payment came about, and why it went to this POS.

    The quote is stored as it was computed, with the tables' version: what was agreed
    with the payer stays readable after the tables have changed.
    """

    _inherit = "payment.transaction"

    gateway_base_amount = fields.Monetary(
        "Debt Paid", readonly=True, help="The amount before the surcharge."
    )
    gateway_surcharge_amount = fields.Monetary("Surcharge", readonly=True)
    gateway_installment_count = fields.Integer("Installments", readonly=True)
    gateway_quote = fields.Json(
        "Quote", readonly=True, help="How the amount came about, as it was shown."
    )
    gateway_bearer = fields.Selection(
        [
            (Bearer.COMPANY.value, "The company"),
            (Bearer.PAYER.value, "The payer"),
            (Bearer.SHARED.value, "Both"),
            (Bearer.DEALER.value, "The dealer, invoiced afterwards"),
        ],
        "Commission Borne By",
        readonly=True,
    )
    gateway_cost_amount = fields.Monetary(
        "Bank's Cost",
        readonly=True,
        help="Commission, fee and BSMV by the bank agreement in force when the payment"
        " was priced. Empty: there was no agreement.",
    )
    gateway_net_amount = fields.Monetary(
        "Net from the Bank",
        compute="_compute_gateway_net_amount",
        help="What the bank pays out for this payment by its agreement.",
    )
    gateway_card_program_id = fields.Many2one(
        "pos.gateway.card.program", "Card Program", readonly=True, index=True
    )
    gateway_card_kind = fields.Selection(
        selection=lambda self: self.env["pos.gateway.bin"]._kinds(),
        string="Card Kind",
        readonly=True,
    )
    gateway_card_issuer_id = fields.Many2one(
        "pos.gateway.card.issuer", "Card Issuer", readonly=True
    )
    gateway_route_reason = fields.Char(
        "Why This POS", compute="_compute_gateway_route_reason"
    )
    gateway_explanation = fields.Html(
        "Explain This Amount", compute="_compute_gateway_explanation", sanitize=False
    )

    @api.model
    def _gateway_priced_document(self, create_values):
        """:return: what a new transaction is to pay, where that has limits of its own:
        a record with ``_gateway_price_limits``; other addons know some
        """

    @api.depends("gateway_cost_amount", "amount", "gateway_quote")
    def _compute_gateway_net_amount(self):
        for transaction in self:
            is_known = (transaction.gateway_quote or {}).get("cost")
            transaction.gateway_net_amount = (
                transaction.amount - transaction.gateway_cost_amount if is_known else 0
            )

    @api.depends("gateway_quote")
    @api.depends_context("lang")
    def _compute_gateway_route_reason(self):
        for transaction in self:
            taken = (transaction.gateway_quote or {}).get("route") or {}
            reason = taken.get("reason")
            transaction.gateway_route_reason = (
                pricing_words.route_reason(self.env, reason) if reason else False
            )

    @api.depends("gateway_quote")
    @api.depends_context("lang")
    def _compute_gateway_explanation(self):
        for transaction in self:
            quote = transaction.gateway_quote
            transaction.gateway_explanation = (
                self.env["ir.qweb"]._render(
                    "pos_gateway.price_explanation", transaction._gateway_explained()
                )
                if quote and "route" in quote
                else False
            )

    def _gateway_explained(self):
        """:return: the values of the template that explains the amount"""

        def money(kurus):
            return self.currency_id.format(float(rounding.to_major(kurus)))

        stored = self.gateway_quote
        taken = stored["route"]
        return {
            "steps": pricing_words.steps(self.env, stored, money),
            "slices": [
                {
                    "due": fields.Date.to_date(part["due"]),
                    **{
                        name: money(part[name])
                        for name in ("gross", "commission", "fee", "bsmv", "net")
                    },
                }
                for part in stored.get("slices") or ()
            ],
            "pos": taken["chosen"],
            "cost": money(stored["cost"]["total"]) if stored.get("cost") else "",
            "reason": pricing_words.route_reason(self.env, taken["reason"]),
            "alternatives": [
                {
                    "name": other["name"],
                    "cost": ""
                    if other["company_cost"] is None
                    else money(other["company_cost"]),
                    "why": pricing_words.why_not(
                        self.env, other["why"], other.get("detail") or {}, money
                    ),
                }
                for other in taken["alternatives"]
            ],
            "stored": stored,
        }
