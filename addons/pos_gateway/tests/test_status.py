from odoo.http import root
from odoo.tests import HttpCase, tagged

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from .common import GatewayCommon, WorkerMixin


@tagged("post_install", "-at_install")
class TestStatus(WorkerMixin, GatewayCommon, HttpCase):
    """Between the bank's answer and the posting, nobody is invited to pay again."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice(100)
        self.transaction = self.make_transaction(self.invoice)
        self.session = self.authenticate(None, None)
        key = PaymentPostProcessing.MONITORED_TX_ID_KEY
        self.session[key] = self.transaction.id
        root.session_store.save(self.session)

    def poll(self):
        return self.make_jsonrpc_request("/payment/status/poll", {})["state"]

    def test_the_payer_waits_until_the_payment_is_in_the_books(self):
        self.assertEqual(self.poll(), "draft")
        self.transaction._set_done()
        self.assertEqual(self.poll(), "pending")
        self.post(self.transaction)
        self.assertEqual(self.poll(), "done")

    def test_the_payer_does_not_wait_for_what_staff_must_mend(self):
        self.transaction._set_done()
        self.transaction.gateway_posting_error = "closed period"
        self.assertEqual(self.poll(), "done")

    def test_an_invoice_that_was_charged_for_is_not_to_be_paid_again(self):
        self.env["ir.config_parameter"].set_param(
            "account_payment.enable_portal_payment", "True"
        )
        self.assertTrue(self.invoice._has_to_be_paid())
        self.transaction._set_done()
        self.assertTrue(self.invoice.amount_residual)
        self.assertFalse(self.invoice._has_to_be_paid())
