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

    def _get_outstanding_account(self, payment_type):
        """Of cash and cheques that were approved: where they are."""
        account_id = self.env.context.get("dealer_money_account_id")
        if account_id:
            return self.env["account.account"].browse(account_id)
        return super()._get_outstanding_account(payment_type)
