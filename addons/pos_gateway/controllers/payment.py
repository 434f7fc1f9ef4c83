from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment.controllers.portal import PaymentPortal

from ..const import MOST_INSTALLMENTS, PROVIDER_CODE
from ..models import pricing_words
from ..pricing import rounding
from ..pricing.route import Route
from ..protocols import WALLETS
from .offers import check_amount, check_card_prefix

PAYER_CHOICES = {
    "gateway_card_prefix",
    "gateway_installment_count",
    "gateway_shown_total",
}

# What a transaction may be for; the second comes with Odoo's sales.
PAID_DOCUMENTS = {"invoice_ids", "sale_order_ids"}


class GatewayPaymentPortal(PaymentPortal):
    """Prices and routes each payment on the server; the browser only chooses."""

    @staticmethod
    def _validate_transaction_kwargs(kwargs, additional_allowed_keys=()):
        PaymentPortal._validate_transaction_kwargs(
            kwargs, additional_allowed_keys={*additional_allowed_keys, *PAYER_CHOICES}
        )

    def _create_transaction(
        self, provider_id, *args, custom_create_values=None, **kwargs
    ):
        choices = {name: kwargs.pop(name, None) for name in PAYER_CHOICES}
        provider_sudo = request.env["payment.provider"].sudo().browse(provider_id)
        if provider_sudo.exists().code == PROVIDER_CODE:
            if args:
                raise TypeError("the payment context is passed by name")
            company = self._paid_company(custom_create_values, provider_sudo)
            document = (
                request.env["payment.transaction"]
                .sudo()
                ._gateway_priced_document(custom_create_values or {})
            )
            provider_sudo, values = self._price_and_route(
                provider_sudo, company, document, choices, kwargs
            )
            provider_id = provider_sudo.id
            kwargs["amount"] = values.pop("amount")
            custom_create_values = {**(custom_create_values or {}), **values}
        return super()._create_transaction(
            provider_id, *args, custom_create_values=custom_create_values, **kwargs
        )

    @staticmethod
    def _paid_company(create_values, provider_sudo):
        """The company that is owed the money: its own POS must take it.

        Without a document the provider is all that we know.
        """
        transactions_sudo = request.env["payment.transaction"].sudo()
        companies = request.env["res.company"].sudo()
        for name in PAID_DOCUMENTS & (create_values or {}).keys():
            field = transactions_sudo._fields[name]
            ids = field.convert_to_cache(create_values[name], transactions_sudo)
            documents_sudo = transactions_sudo.env[field.comodel_name].browse(ids)
            companies |= documents_sudo.company_id
        if len(companies) > 1:
            raise ValidationError(
                request.env._("One payment is for one company's documents.")
            )
        return companies or provider_sudo.company_id

    @staticmethod
    def _price_and_route(hint_sudo, company, document, choices, context):
        """Decide on the server what is charged, and where.

        :param payment.provider hint_sudo: the provider that the browser named
        :param res.company company: the company that is paid
        :param document: what is paid, if it has limits of its own
        :param dict choices: what the payer chose
        :param dict context: the arguments of core's ``_create_transaction``
        :return: the provider, and the values of the transaction to create
        """
        _ = request.env._
        if context.get("is_validation") or context.get("flow") != "redirect":
            raise ValidationError(_("Cards are not saved with this way to pay."))
        method_sudo = (
            request.env["payment.method"].sudo().browse(context["payment_method_id"])
        )
        hint_sudo, card_prefix, card = GatewayPaymentPortal._paid_with(
            hint_sudo, method_sudo, choices
        )
        base = check_amount(context["amount"])
        partner = request.env["res.partner"].sudo().browse(context["partner_id"])
        way = GatewayPaymentPortal._way(
            hint_sudo,
            {
                "company": company,
                "partner": partner,
                "currency": request.env["res.currency"].browse(context["currency_id"]),
                "base_kurus": base,
                "card": card,
                "document": document,
            },
            choices,
        )
        provider_sudo = hint_sudo.browse(way.chosen.key)
        if method_sudo not in provider_sudo.payment_method_ids:
            raise ValidationError(_("This way to pay is not available."))
        quote = way.quote
        context["tokenization_requested"] = False
        return provider_sudo, {
            "amount": float(rounding.to_major(quote.total)),
            "gateway_base_amount": float(rounding.to_major(quote.base)),
            "gateway_surcharge_amount": float(rounding.to_major(quote.surcharge)),
            "gateway_installment_count": quote.installment_count,
            "gateway_card_prefix": card_prefix,
            **provider_sudo._gateway_quote_values(way, card),
        }

    @staticmethod
    def _paid_with(hint_sudo, method_sudo, choices):
        """:return: the POS that the browser named, for a wallet such that it leads to
        those alone that offer it; the card's first digits; what is known of the card
        """
        wallet = method_sudo.code if method_sudo.code in WALLETS else ""
        if not wallet:
            card_prefix = check_card_prefix(choices["gateway_card_prefix"])
            return hint_sudo, card_prefix, hint_sudo._gateway_card_facts(card_prefix)
        if not hint_sudo._gateway_offers_wallet(wallet):
            raise ValidationError(request.env._("This way to pay is not available."))
        hint_sudo = hint_sudo.with_context(gateway_wallet=wallet)
        return hint_sudo, False, hint_sudo._gateway_wallet_card()

    @staticmethod
    def _way(hint_sudo, payment, choices):
        """The way to pay that the payer chose, if it stands at the price he was shown.

        :return: a ``pricing.route.Route``
        """
        _ = request.env._
        count = choices["gateway_installment_count"]
        if type(count) is not int or not 1 <= count <= MOST_INSTALLMENTS:
            count = 0
        way = count and hint_sudo._gateway_way(count=count, hint=hint_sudo, **payment)
        if not isinstance(way, Route):
            if way and way.reason in ("no_pos", "down"):
                raise ValidationError(pricing_words.staff_refusal(request.env, way))
            raise ValidationError(
                _("This number of installments is not offered. Choose another one.")
            )
        if way.quote.total != choices["gateway_shown_total"]:
            raise ValidationError(
                _("The price has changed. Choose the installments again.")
            )
        return way

    @staticmethod
    def _update_landing_route(tx_sudo, access_token):
        """The confirmation page checks a token over the amount that is charged."""
        if tx_sudo.provider_code == PROVIDER_CODE and tx_sudo.gateway_surcharge_amount:
            access_token = payment_utils.generate_access_token(
                tx_sudo.partner_id.id, tx_sudo.amount, tx_sudo.currency_id.id
            )
        PaymentPortal._update_landing_route(tx_sudo, access_token)
