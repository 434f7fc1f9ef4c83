"""The routes of the bank's own pages: card, one-time code, cancel, result."""

import json
import re

from werkzeug.wrappers import Response

from . import pages
from .app import HangUp
from .cards import find_card, is_card_number
from .delivery import deliver_later
from .payments import (
    CANCELLED,
    CARD_STAGE,
    CODE_STAGE,
    DONE,
    conclude,
    give_card,
    give_code,
)
from .texts import texts_for


def routes(bank):
    """Return the routes; each endpoint gets the payment of the token in its URL."""

    def with_payment(endpoint):
        def call(request, token):
            payment = bank.payments.get(token)
            return endpoint(bank, payment, request) if payment else pages.gone_page()

        return call

    return (
        ("/hosted/<token>/card", ("POST",), with_payment(take_card)),
        ("/hosted/<token>/code", ("POST",), with_payment(take_code)),
        ("/hosted/<token>/cancel", ("POST",), with_payment(take_cancel)),
        ("/hosted/<token>/state", ("GET",), with_payment(tell_state)),
        ("/hosted/<token>/result", ("GET",), with_payment(show_result)),
    )


def card_page(bank, payment, error="", given=None):
    return pages.card_form_page(payment, bank.clock.now().year, error, given)


def take_card(bank, payment, request):
    """Take the card and show the 3-D page; a mistyped card is asked for again."""
    if payment.stage not in (CARD_STAGE, CODE_STAGE):
        return resume(bank, payment)
    form = request.form
    number = re.sub(r"[ -]", "", form.get("number", ""))
    parts = [form.get(name, "") for name in ("month", "year", "code")]
    if error := card_error(bank, number, *parts):
        kept = {name: form.get(name, "") for name in ("holder", "month", "year")}
        text = texts_for(payment.lang)[error]
        return card_page(bank, payment, text, {**kept, "number": number})
    return begin_with_card(bank, payment, number, form["code"])


def resume(bank, payment):
    """Show the page that a payment is at: card, one-time code, result, or a page of
    the family's own.
    """
    if page := payment.family.own_page(payment):
        return page
    if payment.stage == CARD_STAGE:
        return card_page(bank, payment)
    if payment.stage == DONE:
        return show_result(bank, payment)
    return pages.code_page(payment)


def begin_with_card(bank, payment, number, security_code):
    """Take a card that was checked with ``card_error``; ask for the one-time code.

    Also for a card that came with the merchant's own form.
    """
    if payment.stage == DONE:
        return show_result(bank, payment)
    give_card(bank, payment, find_card(number), security_code)
    if payment.stage == DONE:
        return _first_result(bank, payment)
    return pages.code_page(payment)


def take_code(bank, payment, request):
    """Take the one-time code; the right one or the last wrong one ends the payment."""
    if payment.stage != CODE_STAGE:
        return resume(bank, payment)
    if not give_code(bank, payment, request.form.get("otp", "").strip()):
        return pages.code_page(payment)
    return _first_result(bank, payment)


def take_cancel(bank, payment, request):
    if payment.stage == DONE:
        return show_result(bank, payment, request)
    conclude(bank, payment, CANCELLED)
    return _first_result(bank, payment)


def tell_state(bank, payment, _request):
    """Tell the waiting page whether the result may go."""
    order = bank.order(payment.terminal.client_id, payment.order_id)
    released = payment.stage == DONE and not order.held
    return Response(json.dumps({"released": released}), mimetype="application/json")


def show_result(bank, payment, _request=None):
    """Show the result again, or the waiting page as long as it is held back."""
    if payment.stage != DONE:
        return resume(bank, payment)
    if payment.lost_after_seconds is not None:
        raise HangUp()  # what is lost stays lost, a reload does not bring it back
    order = bank.order(payment.terminal.client_id, payment.order_id)
    if order.held:
        return pages.wait_page(payment)
    return pages.result_page(payment, payment.returned)


def _first_result(bank, payment):
    """Answer the request that ended the payment, or hang up as its fault demands."""
    if payment.lost_after_seconds is not None:
        raise HangUp(payment.lost_after_seconds)
    order = bank.order(payment.terminal.client_id, payment.order_id)
    response = show_result(bank, payment)
    if payment.callback and not order.held:
        response.call_on_close(
            lambda: deliver_later(bank, order, payment.callback, payment.deliveries)
        )
    return response


def card_error(bank, number, month, year, security_code):
    """Return the name of the text that says what is wrong with a card, or None.

    :param month: two digits
    :param year: four digits
    """
    if not is_card_number(number):
        return "bad_number"
    if not re.fullmatch("[0-9]{2}", month) or not re.fullmatch("[0-9]{4}", year):
        return "bad_expiry"
    now = bank.clock.now()
    if not 1 <= int(month) <= 12 or (int(year), int(month)) < (now.year, now.month):
        return "bad_expiry"
    if not re.fullmatch("[0-9]{3}", security_code):
        return "bad_code"
    return None
