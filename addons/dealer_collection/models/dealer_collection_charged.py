from odoo import api, fields, models


class DealerCollection(models.Model):
    """What the bank took for a collection, and what it gave back, from the attempts."""

    _inherit = "dealer.collection"

    amount_surcharge = fields.Monetary(
        "Surcharge",
        compute="_compute_charged",
        store=True,
        help="What the payer paid on top for paying in installments (vade farkı).",
    )
    amount_charged = fields.Monetary(
        "Charged",
        compute="_compute_charged",
        store=True,
        help="What the bank took from the card: amount and surcharge.",
    )
    amount_refunded = fields.Monetary(
        "Given Back",
        compute="_compute_charged",
        store=True,
        help="What was voided or refunded of the amount charged.",
    )
    amount_net = fields.Monetary(
        "Collected",
        compute="_compute_charged",
        store=True,
        help="The debt that was paid, less what was given back of it; without the"
        " surcharge.",
    )
    date_paid = fields.Datetime(
        "Paid On", compute="_compute_charged", store=True, index="btree_not_null"
    )

    @api.depends(
        "transaction_ids.state",
        "transaction_ids.amount",
        "transaction_ids.gateway_surcharge_amount",
        "amount",
        "transaction_ids.last_state_change",
        "transaction_ids.child_transaction_ids.state",
        "transaction_ids.child_transaction_ids.child_transaction_ids.state",
    )
    def _compute_charged(self):
        for collection in self:
            done = collection.transaction_ids.filtered(lambda tx: tx.state == "done")
            captures = done.child_transaction_ids.filtered(
                lambda tx: tx.state == "done" and tx.operation != "refund"
            )
            # Of a reservation only what was captured was charged.
            charged = done - captures.source_transaction_id + captures
            collection.amount_charged = sum(charged.mapped("amount"))
            collection.amount_surcharge = sum(
                charged.mapped("gateway_surcharge_amount")
            )
            collection.amount_refunded = sum(
                tx._gateway_refunded("done") for tx in done
            )
            returned = sum(
                -refund.gateway_base_amount
                for tx in done
                for refund in tx._gateway_refunds("done")
            )
            collection.amount_net = collection.currency_id.round(
                (collection.amount if done else 0.0) - returned
            )
            collection.date_paid = done and min(done.mapped("last_state_change"))
