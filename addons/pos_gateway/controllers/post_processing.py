from odoo.http import route

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from ..const import PROVIDER_CODE


class GatewayPostProcessing(PaymentPostProcessing):
    @route()
    def poll_status(self, **kwargs):
        """Keep the payer on the status page until the payment is in the books.

        Our worker posts a moment after the bank's answer. The page that comes next
        would else still show the invoice as open, and invite to pay it again.
        """
        values = super().poll_status(**kwargs)
        transaction_sudo = self._get_monitored_transaction()
        if (
            transaction_sudo.provider_code == PROVIDER_CODE
            and transaction_sudo.state == "done"
            and not transaction_sudo.is_post_processed
            and not transaction_sudo.gateway_posting_error
        ):
            values["state"] = "pending"
        return values
