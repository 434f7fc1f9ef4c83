from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import PROVIDER_CODE
from ..pricing import rounding
from ..protocols import digest
from ..protocols.types import Order, Result
from ..protocols.wire import encode_form

RETURN_PATH = "/payment/pos_gateway/return"


class PaymentTransaction(models.Model):
    """One attempt to pay at a bank: what we sent, and how it stands.

    What came of it is written by the inbox worker alone; see the files beside this one
    for outcome, inquiry and books.
    """

    _inherit = "payment.transaction"

    gateway_order_id = fields.Char(
        "Bank Order",
        readonly=True,
        copy=False,
        help="The order number under which the bank knows this attempt.",
    )
    gateway_nonce = fields.Char(
        "Nonce", readonly=True, copy=False, groups="base.group_system"
    )
    gateway_language = fields.Char(
        "Payer's Language",
        readonly=True,
        help="Of the page that the payer came from.",
    )
    gateway_base_amount = fields.Monetary(
        "Debt Paid", readonly=True, help="The amount before the surcharge."
    )
    gateway_surcharge_amount = fields.Monetary("Surcharge", readonly=True)
    gateway_installment_count = fields.Integer("Installments", readonly=True)
    gateway_quote = fields.Json(
        "Quote", readonly=True, help="How the amount came about, as it was shown."
    )
    gateway_card_prefix = fields.Char(
        "Card Prefix", readonly=True, help="The first eight digits, as typed."
    )
    gateway_route_reason = fields.Char("Why This POS", readonly=True)
    gateway_card_masked = fields.Char("Card", readonly=True)
    gateway_card_brand = fields.Char("Card Brand", readonly=True)
    gateway_authorisation_code = fields.Char("Authorisation Code", readonly=True)
    gateway_host_reference = fields.Char("Host Reference", readonly=True)
    gateway_md_status = fields.Char("3-D Result (mdStatus)", readonly=True)
    gateway_eci = fields.Char("ECI", readonly=True)
    gateway_result = fields.Selection(
        [
            (Result.APPROVED.value, "Approved"),
            (Result.DECLINED.value, "Declined"),
            (Result.CANCELLED.value, "Cancelled"),
            (Result.UNRESOLVED.value, "Unresolved"),
            (Result.NOT_FOUND.value, "Not known at the bank"),
        ],
        "Last Answer of the Bank",
        readonly=True,
    )
    gateway_bank_code = fields.Char("Bank Code", readonly=True)
    gateway_bank_message = fields.Char("Bank Message", readonly=True)
    gateway_reason = fields.Char(
        "Reason for the Payer", readonly=True, help="Our key for the bank's code."
    )
    gateway_payer_message = fields.Char(
        "Message for the Payer", compute="_compute_gateway_payer_message"
    )
    gateway_review_reason = fields.Char(
        "To Review",
        readonly=True,
        index="btree_not_null",
        help="The bank says something that contradicts what we know. Nothing is booked"
        " until a person has looked.",
    )
    gateway_message_ids = fields.One2many(
        "pos.gateway.message", "transaction_id", "Bank Messages", readonly=True
    )

    _gateway_order_unique = models.UniqueIndex(
        "(gateway_order_id) WHERE gateway_order_id IS NOT NULL",
        "A bank order belongs to one transaction.",
    )

    # === CREATION === #

    @api.model
    def _get_specific_create_values(self, provider_code, values):
        result = super()._get_specific_create_values(provider_code, values)
        if provider_code != PROVIDER_CODE or values.get("operation") == "refund":
            return result
        return result | {
            "gateway_order_id": digest.new_order_id(),
            "gateway_nonce": digest.nonce(),
            "gateway_language": self.env.lang,
            "gateway_installment_count": values.get("gateway_installment_count", 1),
            "gateway_base_amount": values.get("gateway_base_amount", values["amount"]),
        }

    def _gateway_order(self):
        """What we told the bank, or would tell it again: the same text each time.

        :return: a frozen ``Order``
        """
        self.ensure_one()
        base_url = self.provider_id.get_base_url()
        language = (self.gateway_language or self.partner_lang or "").split("_")[0]
        return Order(
            order_id=self.gateway_order_id,
            amount_kurus=rounding.to_kurus(self.amount),
            currency=self.currency_id.name,
            installment_count=self.gateway_installment_count or 1,
            return_url=f"{base_url}{RETURN_PATH}/{self.gateway_order_id}",
            language="tr" if language in ("", "tr") else "en",
            nonce=self.gateway_nonce,
        )

    def _get_specific_rendering_values(self, processing_values):
        if self.provider_code != PROVIDER_CODE:
            return super()._get_specific_rendering_values(processing_values)
        provider = self.provider_id
        try:
            form = provider._gateway_family().build(
                provider._gateway_terminal(self.is_live), self._gateway_order()
            )
        except ValueError as error:
            raise ValidationError(
                self.env._("This payment cannot be sent to the bank: %s", error)
            ) from error
        self.gateway_next_inquiry_at = fields.Datetime.now() + timedelta(
            minutes=provider.gateway_inquiry_delay
        )
        self._gateway_keep_form(form)
        return {"url": form.url, "fields": form.fields}

    def _gateway_keep_form(self, form):
        """Remember the form that the payer's browser takes to the bank.

        After this request has been committed: a message row points to the transaction.
        """
        transaction_id = self.id
        registry = self.env.registry
        body = encode_form(form.fields)
        url = form.url

        def keep():
            with registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env["pos.gateway.message"]._store(
                    "page_form",
                    env["payment.transaction"].browse(transaction_id),
                    body,
                    content_type="application/x-www-form-urlencoded",
                    source=url,
                )

        self.env.cr.postcommit.add(keep)

    # === READING === #

    @api.depends("gateway_reason", "state")
    @api.depends_context("lang")
    def _compute_gateway_payer_message(self):
        for transaction in self:
            transaction.gateway_payer_message = (
                transaction._gateway_payer_sentence()
                if transaction.state in ("error", "cancel")
                else False
            )

    def _gateway_payer_sentence(self):
        """:return: why nothing was paid and what helps, in the user's language"""
        _ = self.env._
        sentences = {
            "limit": _("The card's limit is not sufficient. Try another card."),
            "expired": _("The card has expired. Try another card."),
            "invalid_card": _("The card details were not accepted. Check them."),
            "do_not_honour": _(
                "The card's bank refused the payment. Ask it, or try another card."
            ),
            "not_permitted": _(
                "This card may not be used for such a payment. Try another card."
            ),
            "three_d_failed": _(
                "The confirmation with your bank (3-D Secure) failed. Try again."
            ),
            "installment_not_allowed": _(
                "This card takes no installments here. Try a single payment."
            ),
            "bank_unreachable": _(
                "The card's bank cannot be reached. Try again in a few minutes."
            ),
            "fraud_rule": _("The bank's safety rules stopped this payment."),
            "cancelled": _("The payment was cancelled. Nothing was charged."),
        }
        return sentences.get(
            self.gateway_reason, _("The bank did not accept the payment.")
        )

    def _gateway_alert(self, note):
        """Give staff something to do about this transaction."""
        self.ensure_one()
        record = self._gateway_alert_record()
        user = self._gateway_alert_user()
        if record and user:
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Card payment %s", self.reference),
                note=note,
                user_id=user.id,
            )

    def _gateway_alert_record(self):
        """:return: the document on which staff find the activity"""
        return self.invoice_ids[:1] or self.partner_id

    def _gateway_alert_user(self):
        group = self.env.ref("pos_gateway.group_pos_gateway_manager")
        users = group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
        return users[:1]
