from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.http import request

from ..const import PROVIDER_CODE
from ..pricing import rounding
from ..protocols import digest
from ..protocols.answers import Result
from ..protocols.fields import check_order
from ..protocols.redact import own_numbers
from ..protocols.types import CardEntry, Form, Operation, Order
from ..protocols.wire import encode_form
from . import error_words

RETURN_PATH = "/payment/pos_gateway/return"
# Where the payer's browser goes first, if the bank's page must be opened by a call or
# the card is typed on a page of ours.
START_PATH = "/payment/pos_gateway/start"


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
    gateway_card_prefix = fields.Char(
        "Card Prefix", readonly=True, help="The first eight digits, as typed."
    )
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
            (Result.AUTHENTICATED.value, "Authenticated"),
            (Result.NOT_FOUND.value, "Not known at the bank"),
        ],
        "Last Answer of the Bank",
        readonly=True,
    )
    gateway_bank_code = fields.Char("Bank Code", readonly=True)
    gateway_bank_reason_code = fields.Char("Bank's Finer Code", readonly=True)
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
    gateway_is_preauth = fields.Boolean(
        "Reserve First",
        readonly=True,
        help="The money is only reserved on the card and is captured later.",
    )
    gateway_card_entry = fields.Selection(
        [
            (CardEntry.HOSTED.value, "The bank's page"),
            (CardEntry.BROWSER.value, "Our page, posted to the bank"),
            (CardEntry.SERVER.value, "Our page, posted to us"),
        ],
        "Card Typed On",
        readonly=True,
    )
    gateway_client_ip = fields.Char("Payer's Address", readonly=True)
    gateway_references = fields.Json(
        "Bank References",
        readonly=True,
        copy=False,
        help="What the bank wants to hear again when this payment is captured, voided"
        " or refunded.",
    )
    gateway_call_ids = fields.One2many(
        "pos.gateway.call", "transaction_id", "Calls to the Bank", readonly=True
    )
    gateway_message_ids = fields.One2many(
        "pos.gateway.message", "transaction_id", "Bank Messages", readonly=True
    )

    _gateway_order_unique = models.UniqueIndex(
        "(gateway_order_id) WHERE gateway_order_id IS NOT NULL",
        "A bank order belongs to one transaction.",
    )

    # === RIGHTS === #

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            self._gateway_check_hands_off(values)
        return super().create(vals_list)

    def write(self, vals):
        self._gateway_check_hands_off(vals)
        return super().write(vals)

    def _gateway_check_hands_off(self, values):
        """Core lets billing users write on transactions: a state, an amount or a review
        of ours that is set over RPC would become money in the books.

        What is done for a user (core's controllers and wizards, our actions) runs in
        sudo, after its own check of rights.

        :raise AccessError: if a user makes or changes a card payment directly
        """
        if self.env.su:
            return
        provider = self.env["payment.provider"].sudo().browse(values.get("provider_id"))
        sources = self.sudo().browse(values.get("source_transaction_id"))
        touched = self.sudo() | sources | self.sudo().source_transaction_id
        codes = {*provider.mapped("code"), *touched.mapped("provider_code")}
        # A payment by another way must not pass for one of ours either.
        is_named = any(name.startswith("gateway_") for name in values)
        if is_named or PROVIDER_CODE in codes:
            raise AccessError(
                self.env._(
                    "A card payment is changed by what the bank says, and by nobody's"
                    " hand. Ask the bank, capture, void or refund with the buttons."
                )
            )

    # === CREATION === #

    @api.model
    def _get_specific_create_values(self, provider_code, values):
        result = super()._get_specific_create_values(provider_code, values)
        if provider_code != PROVIDER_CODE or values.get("source_transaction_id"):
            return result  # a capture, void or refund has no order of its own
        provider = self.env["payment.provider"].browse(values["provider_id"]).sudo()
        return result | {
            "gateway_order_id": digest.new_order_id(),
            "gateway_nonce": digest.nonce(),
            "gateway_language": self.env.lang,
            "gateway_installment_count": values.get("gateway_installment_count", 1),
            "gateway_base_amount": values.get("gateway_base_amount", values["amount"]),
            "gateway_is_preauth": provider.capture_manually,
            "gateway_card_entry": provider.gateway_card_entry,
            "gateway_client_ip": request.httprequest.remote_addr if request else False,
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
            nonce=self.sudo().gateway_nonce,
            preauth=self.gateway_is_preauth,
            at=pytz.utc.localize(self.create_date),
            client_ip=self.gateway_client_ip or "",
            references=self.gateway_references or {},
        )

    def _gateway_terminal(self):
        """:return: who we are at the bank of this payment, a frozen ``Terminal``"""
        return self.provider_id._gateway_terminal(self.is_live, self.gateway_card_entry)

    def _gateway_terminals(self):
        """:return: the same, and who we were before the keys were changed"""
        return self.provider_id._gateway_terminals(
            self.create_date, self.is_live, self.gateway_card_entry
        )

    def _get_specific_rendering_values(self, processing_values):
        if self.provider_code != PROVIDER_CODE:
            return super()._get_specific_rendering_values(processing_values)
        self.gateway_next_inquiry_at = self._gateway_first_question_at()
        try:
            form = self._gateway_first_form()
        except ValueError as error:
            raise ValidationError(
                self.env._("This payment cannot be sent to the bank: %s", error)
            ) from error
        return {"url": form.url, "fields": form.fields}

    def _gateway_first_question_at(self):
        """:return: when the bank is asked, if no message has come until then"""
        minutes = self.provider_id.gateway_inquiry_delay
        return fields.Datetime.now() + timedelta(minutes=minutes)

    def _gateway_first_form(self):
        """:return: what the payer's browser is given to post

        :raise ValueError: with a sentence for staff, if the bank takes no such order
        """
        family = self._gateway_family()
        is_hosted = self.gateway_card_entry == CardEntry.HOSTED.value
        if is_hosted and family.TRAITS.start is Operation.PAGE:
            form = family.build(self._gateway_terminal(), self._gateway_order())
            self._gateway_keep_form(form)
            return form
        check_order(family.TRAITS, self._gateway_order())
        return Form(
            f"{self.provider_id.get_base_url()}{START_PATH}/{self.gateway_order_id}"
        )

    def _gateway_keep_form(self, form):
        """Remember the form that the payer's browser takes to the bank.

        After this request has been committed: a message row points to the transaction.
        """
        transaction_id = self.id
        registry = self.env.registry
        body = encode_form(form.fields)
        url = form.url
        no_cards = own_numbers(self._gateway_terminal())

        def keep():
            with registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env["pos.gateway.message"]._store(
                    "page_form",
                    env["payment.transaction"].browse(transaction_id),
                    body,
                    identity=f"{url}\n{body}",  # shown again it is one row
                    content_type="application/x-www-form-urlencoded",
                    source=url,
                    keep=no_cards,
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
        return error_words.payer_sentence(self.env, self.gateway_reason or "other")
