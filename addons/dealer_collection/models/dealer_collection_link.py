from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.pos_gateway.models.locks import lock_document
from odoo.addons.pos_gateway.pricing.limits import Limit


class DealerCollection(models.Model):
    """A collection that was made by a payment link: the link's terms hold."""

    _inherit = "dealer.collection"

    link_id = fields.Many2one(
        "dealer.payment.link",
        "Payment Link",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    payer_name = fields.Char(
        "Payer",
        readonly=True,
        copy=False,
        help="Who paid, as he said it, where the payment link names no debtor.",
    )

    def _start_attempt(self):
        if self.link_id:
            # Two collections of a single-use link cannot both begin: each waits here
            # for the other, and then sees it.
            lock_document(self.sudo().link_id)
        return super()._start_attempt()

    def _check_payable(self):
        result = super()._check_payable()
        link_sudo = self.sudo().link_id.with_context(lang=self.env.lang)
        refusal = link_sudo and link_sudo._refusal(own=self.sudo())
        if refusal:
            raise UserError(refusal)
        return result

    def _is_payable(self):
        link_sudo = self.sudo().link_id
        return super()._is_payable() and not (
            link_sudo and link_sudo._refusal(own=self.sudo())
        )

    def _gateway_price_limits(self):
        limits = super()._gateway_price_limits()
        link_sudo = self.sudo().link_id
        if not link_sudo.max_installments:
            return limits
        return (
            *limits,
            Limit(
                source=self.env._("Payment link %s", link_sudo.name),
                max_installments=link_sudo.max_installments,
            ),
        )


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model
    def _gateway_priced_document(self, create_values):
        collection_id = create_values.get("dealer_collection_id")
        if collection_id:
            return self.env["dealer.collection"].browse(collection_id)
        return super()._gateway_priced_document(create_values)
