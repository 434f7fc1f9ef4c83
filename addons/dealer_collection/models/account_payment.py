from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    dealer_collection_id = fields.Many2one(
        "dealer.collection",
        "Collection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    dealer_id = fields.Many2one(
        "dealer.dealer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The dealer under which the money was collected, as it stood then.",
    )
