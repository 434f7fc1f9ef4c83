from odoo.exceptions import ValidationError
from odoo.http import Controller, request, route

from ..const import PROVIDER_CODE
from ..pricing import rounding


def check_card_prefix(card_prefix):
    """:return: the eight digits, or a ``ValidationError`` that does not repeat them"""
    text = card_prefix if isinstance(card_prefix, str) else ""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValidationError(
            request.env._("Type the first 8 digits of the card, and no more.")
        )
    return text


def check_amount(amount):
    """:return: the debt in kuruş, or a ``ValidationError``"""
    try:
        base = rounding.to_kurus(float(amount))
    except (TypeError, ValueError, ArithmeticError):
        base = 0  # no number, or none that can be paid
    if not 0 < base < 10**13:
        raise ValidationError(request.env._("There is nothing to pay."))
    return base


class OffersController(Controller):
    @route(
        "/payment/pos_gateway/offers",
        type="jsonrpc",
        auth="public",
        website=True,  # answers in the language of the page
        readonly=True,
    )
    def offers(self, provider_id, amount, currency_id, card_prefix):
        """Every way to pay an amount with a card, for the payer's page.

        A price list, not a promise: the transaction is priced again on the server.

        :param int provider_id: the POS that the page was made for
        :param float amount: the debt
        :param str card_prefix: exactly eight digits
        :return: list of dicts with ``installment_count``, ``total`` (kuruş) and texts
        """
        check_card_prefix(card_prefix)
        base = check_amount(amount)
        if type(provider_id) is not int or type(currency_id) is not int:
            raise ValidationError(request.env._("This way to pay is not available."))
        provider_sudo = (
            request.env["payment.provider"]
            .sudo()  # payers have no access to providers
            .search([("id", "=", provider_id), ("code", "=", PROVIDER_CODE)])
        )
        currency = request.env["res.currency"].browse(currency_id).exists()
        is_shown = provider_sudo.is_published or request.env.user._is_internal()
        if provider_sudo.state in (False, "disabled") or not is_shown or not currency:
            raise ValidationError(request.env._("This way to pay is not available."))
        offers = request.env["pos.gateway.offer"].sudo()
        return [
            self._describe(quote, currency)
            for quote in offers._quotes(provider_sudo, base, currency)
        ]

    @staticmethod
    def _describe(quote, currency):
        def text(kurus):
            return currency.format(float(rounding.to_major(kurus)))

        _ = request.env._
        count = quote.installment_count
        return {
            "installment_count": count,
            "total": quote.total,
            "label": _("Single payment") if count == 1 else _("%s installments", count),
            "monthly_text": text(quote.installments[-1]),
            # The parts differ by kuruş when the total does not divide evenly.
            "first_text": text(quote.installments[0])
            if quote.installments[0] != quote.installments[-1]
            else "",
            "total_text": text(quote.total),
            "surcharge_text": text(quote.surcharge) if quote.surcharge else "",
        }
