"""The routes of GarantiPay: the page on which the browser waits, and the phone app."""

import json

from werkzeug.exceptions import BadRequest
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .. import pages
from ..cards import find_card
from ..payments import DONE
from . import phone_pages
from .wallet import PhonePayment, approve, close_if_late, refuse, waiting

APP = "/garantipay"


def routes(bank):
    def with_payment(endpoint):
        def call(request, token):
            payment = bank.payments.get(token)
            if not isinstance(payment, PhonePayment):
                return pages.gone_page()
            return endpoint(bank, payment, request)

        return call

    return (
        (APP, ("GET",), lambda request: show_app(bank, request)),
        (f"{APP}/<token>/state", ("GET",), with_payment(tell_state)),
        (f"{APP}/<token>", ("GET",), with_payment(show_payment)),
        (f"{APP}/<token>/approve", ("POST",), with_payment(take_approval)),
        (f"{APP}/<token>/refuse", ("POST",), with_payment(take_refusal)),
    )


def show_app(bank, request):
    """What waits for the payer. One phone, whoever pays: this bank has one customer."""
    return phone_pages.app_page(waiting(bank), _language(request))


def show_payment(bank, payment, request):
    close_if_late(bank, payment)
    if not payment.waits:
        return phone_pages.done_page(payment, _language(request))
    return phone_pages.confirm_page(payment, _language(request))


def take_approval(bank, payment, request):
    """Charge the chosen card in the chosen installments."""
    card = find_card(request.form.get("card", ""))
    count = request.form.get("installments", "")
    if not card or not count.isdecimal() or int(count) not in payment.offers:
        raise BadRequest("choose a card and one of the offers")
    approve(bank, payment, card, int(count))
    return _back(payment, request)


def take_refusal(bank, payment, request):
    refuse(bank, payment)
    return _back(payment, request)


def tell_state(bank, payment, _request):
    """Tell the waiting browser whether the phone has answered."""
    close_if_late(bank, payment)
    order = bank.order(payment.terminal.client_id, payment.order_id)
    released = payment.stage == DONE and not order.held
    return Response(json.dumps({"released": released}), mimetype="application/json")


def _back(payment, request):
    language = _language(request)
    return redirect(f"{APP}/{payment.token}?lang={language}", code=303)


def _language(request):
    return "en" if request.args.get("lang") == "en" else "tr"
