from odoo.exceptions import ValidationError
from odoo.http import Controller, request, route

from odoo.addons.payment import utils as payment_utils

from ..models import pricing_words
from ..pricing import rounding
from ..pricing.route import Route


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


def speak_as_the_page_does():
    """Answer in the language of the page, as core's website routes would.

    Those look for more than that; it is half of what a price list costs.
    """
    code = request.cookies.get("frontend_lang")
    if code in dict(request.env["res.lang"].get_installed()):
        request.update_context(lang=code)


class OffersController(Controller):
    """The price list of the payer's page, no promise: a payment is priced again.

    Whose prices are shown is what the page was made for: its key was signed when the
    page was rendered, so nobody reads another partner's terms by trying ids.
    """

    @route(
        "/payment/pos_gateway/offers",
        type="jsonrpc",
        auth="public",
        readonly=True,
    )
    def offers(
        self,
        provider_id,
        amount,
        currency_id,
        card_prefix,
        partner_id=None,
        document=None,
        key=None,
    ):
        """Every way to pay an amount with a card.

        :param int provider_id: the POS that the page was made for
        :param float amount: the debt
        :param str card_prefix: exactly eight digits
        :param int partner_id: the payer, with the ``key`` that the page has for him
        :param str document: what is paid, where the page's key names it
        :return: dict with ``ways`` (a list of dicts with ``installment_count``,
            ``total`` in kuruş, and texts) and ``note``, why there are no more of them
        """
        speak_as_the_page_does()
        check_card_prefix(card_prefix)
        payment = self._payment(
            provider_id, amount, currency_id, partner_id, document, key
        )
        provider_sudo = payment["hint"]
        card = provider_sudo._gateway_page_card(card_prefix)
        return self._price_list(provider_sudo, card, payment)

    @route(
        "/payment/pos_gateway/programs",
        type="jsonrpc",
        auth="public",
        readonly=True,
    )
    def programs(
        self,
        provider_id,
        amount,
        currency_id,
        partner_id=None,
        document=None,
        key=None,
    ):
        """The same for a card of each program, before any digit is typed.

        :return: list of dicts with ``program`` (its name, or those of all that have the
            same prices) and ``ways``, as above
        """
        speak_as_the_page_does()
        payment = self._payment(
            provider_id, amount, currency_id, partner_id, document, key
        )
        hint = payment["hint"]
        providers = hint._gateway_candidates(
            payment["company"], payment["partner"], payment["currency"],
            payment["base_kurus"], hint,
        )  # fmt: skip
        lists = []
        for program, card in hint._gateway_program_cards(providers).items():
            ways = self._price_list(hint, card, payment)["ways"]
            alike = next((one for one in lists if one["ways"] == ways), None)
            if alike:
                alike["program"] += f", {program.name}"
            elif len(ways) > 1:
                lists.append({"program": program.name, "ways": ways})
        return lists

    @route(
        "/payment/pos_gateway/wallet_offers",
        type="jsonrpc",
        auth="public",
        readonly=True,
    )
    def wallet_offers(
        self,
        provider_id,
        amount,
        currency_id,
        wallet,
        partner_id=None,
        document=None,
        key=None,
    ):
        """The same with the wallet of the POS's bank, where staff have switched it on.

        :param str wallet: code of the payment method that the page shows
        :return: as ``offers``
        """
        speak_as_the_page_does()
        payment = self._payment(
            provider_id, amount, currency_id, partner_id, document, key
        )
        hint = payment["hint"]
        if not isinstance(wallet, str) or not hint._gateway_offers_wallet(wallet):
            raise ValidationError(request.env._("This way to pay is not available."))
        hint = payment["hint"] = hint.with_context(gateway_wallet=wallet)
        return self._price_list(hint, hint._gateway_wallet_card(), payment)

    # === READING THE QUESTION === #

    @classmethod
    def _payment(cls, provider_id, amount, currency_id, partner_id, document, key):
        base = check_amount(amount)
        providers = request.env["payment.provider"].sudo()
        is_id = all(type(value) is int for value in (provider_id, currency_id))
        is_there, state, is_published, company_id = (
            providers._gateway_page_provider(provider_id, currency_id)
            if is_id
            else (False, "disabled", False, False)
        )
        is_shown = is_published or request.env.user._is_internal()
        if not is_there or state == "disabled" or not is_shown:
            raise ValidationError(request.env._("This way to pay is not available."))
        partner, paid = cls._page_of(partner_id, document, key)
        return {
            "company": request.env["res.company"].sudo().browse(company_id),
            "partner": partner,
            "document": paid,
            "currency": request.env["res.currency"].sudo().browse(currency_id),
            "base_kurus": base,
            "hint": providers.browse(provider_id),
        }

    @staticmethod
    def _page_of(partner_id, document, key):
        """:return: the payer whose page asks, and what is paid; nobody and nothing
        if the page does not say it
        """
        partner_sudo = request.env["res.partner"].sudo()
        document = document or ""
        is_text = isinstance(key, str) and isinstance(document, str)
        if type(partner_id) is not int or not is_text:
            return partner_sudo, None
        if not payment_utils.check_access_token(
            key, "pos_gateway.offers", partner_id, document
        ):
            return partner_sudo, None
        paid = None
        if document:
            model, _comma, record_id = document.partition(",")
            paid = request.env[model].sudo().browse(int(record_id)).exists()
        return partner_sudo.browse(partner_id), paid

    # === THE ANSWER === #

    @classmethod
    def _price_list(cls, provider_sudo, card, payment):
        return provider_sudo._gateway_page_list(
            lambda ways: cls._answer(ways, payment["currency"]), card=card, **payment
        )

    @classmethod
    def _answer(cls, ways, currency):
        quotes = [way.quote for way in ways if isinstance(way, Route)]
        best = cls._best(quotes)
        refused = [way for way in ways if not isinstance(way, Route)]
        notes = [pricing_words.payer_note(request.env, way) for way in refused]
        return {
            "ways": [
                cls._describe(quote, currency) | {"is_best": quote is best}
                for quote in quotes
            ],
            "note": next(filter(None, notes), ""),
        }

    @staticmethod
    def _best(quotes):
        """The lowest total; of those with the same, the most time to pay it."""
        if len(quotes) < 2:
            return None
        return min(quotes, key=lambda quote: (quote.total, -quote.installment_count))

    @staticmethod
    def _describe(quote, currency):
        def text(kurus):
            return currency.format(float(rounding.to_major(kurus)))

        _ = request.env._
        count = quote.installment_count
        label = _("Single payment") if count == 1 else _("%s installments", count)
        if quote.extra:
            label = _(
                "%(count)s + %(extra)s installments", count=count, extra=quote.extra
            )
        return {
            "installment_count": count,
            "total": quote.total,
            "label": label,
            "monthly_text": text(quote.installments[-1]),
            # The parts differ by kuruş when the total does not divide evenly.
            "first_text": text(quote.installments[0])
            if quote.installments[0] != quote.installments[-1]
            else "",
            "total_text": text(quote.total),
            "surcharge_text": text(quote.surcharge) if quote.surcharge else "",
        }
