"""The control API: JSON, for tests on the same machine only."""

import ipaddress
import json

from werkzeug.exceptions import BadRequest, Forbidden, NotFound
from werkzeug.wrappers import Response

from .cards import CARDS, describe_cards, find_card, is_card_number
from .delivery import deliver, deliver_later
from .family import FormRefused
from .faults import (
    KINDS,
    MAGIC_AMOUNTS,
    PAYMENT_FAULTS,
    RECURRING_MAGIC_AMOUNTS,
    Fault,
)
from .operations import settle
from .payments import DONE, ONE_TIME_CODE, give_card, give_code
from .recurring import advance

CHARGE_PATH = "/control/charge"


def routes(bank, families):
    """Return the control routes, each behind the loopback check."""
    api = Control(bank, families)
    table = (
        ("log", "GET", api.log),
        ("charges", "GET", api.charges),
        ("cards", "GET", api.cards),
        ("faults", "GET", api.faults),
        ("orders/<path:order_id>", "GET", api.order),
        ("message/<path:order_id>", "GET", api.message),
        ("sign", "POST", api.sign),
        ("fault", "POST", api.fault),
        ("charge", "POST", api.charge),
        ("deliver/<path:order_id>", "POST", api.deliver),
        ("release/<path:order_id>", "POST", api.release),
        ("merchant", "POST", api.merchant),
        ("settle", "POST", api.settle),
        ("clock", "POST", api.clock),
        ("reset", "POST", api.reset),
    )
    return [
        (f"/control/{pattern}", (method,), _local(endpoint))
        for pattern, method, endpoint in table
    ]


def _local(endpoint):
    def call(request, **arguments):
        if not ipaddress.ip_address(request.remote_addr).is_loopback:
            raise Forbidden()
        answer = endpoint(request, **arguments)
        if isinstance(answer, Response):
            return answer
        return _json(answer)

    return call


def _json(answer, status=200):
    text = json.dumps(answer, ensure_ascii=False)
    return Response(text, status=status, mimetype="application/json")


def _body(request):
    """Return the posted JSON object; an empty body is an empty object."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True)
    if not isinstance(body, dict):
        raise BadRequest("a JSON object is expected")
    return body


def _whole(value, name, least=0):
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise BadRequest(f"{name} is a whole number from {least}")
    return value


class Control:
    """The endpoints; README.md has them as a table."""

    def __init__(self, bank, families):
        self.bank = bank
        self.families = families

    # -- reading ---------------------------------------------------------------------

    def log(self, _request):
        return {"log": self.bank.journal.entries()}

    def charges(self, _request):
        return {"charges": self.bank.charges()}

    def cards(self, _request):
        return {"cards": describe_cards()}

    def faults(self, _request):
        magic = {
            str(kurus): {"kind": kind, "params": params}
            for kurus, (kind, params) in (
                MAGIC_AMOUNTS | RECURRING_MAGIC_AMOUNTS
            ).items()
        }
        waiting = self.bank.faults.describe()
        return {"kinds": KINDS, "waiting": waiting, "magic_amounts_kurus": magic}

    def order(self, request, order_id):
        with self.bank.lock:
            return self._order(request, order_id).describe()

    def message(self, request, order_id):
        """Return the messages last built for an order, whether delivered or not."""
        order = self._order(request, order_id)
        if not order.returned:
            raise NotFound("no message was built for this order")
        callback = order.callback and vars(order.callback)
        return {**vars(order.returned), "callback": callback}

    # -- signing and paying ----------------------------------------------------------

    def sign(self, request):
        """Sign what a test made up, with the terminal's real store key."""
        body = _body(request)
        client_id, fields = body.get("client_id", ""), body.get("fields", {})
        terminal = self.bank.terminals.get(client_id)
        if not terminal:
            raise NotFound("unknown client_id")
        family = self.families[terminal.family]
        return {"fields": family.sign(client_id, _texts(fields))}

    def charge(self, request):
        """Play a whole payment without a browser; deliver nothing."""
        body = _body(request)
        family = self.families.get(body.get("family", "nestpay"))
        if not family:
            raise BadRequest("unknown family")
        fault = _fault(body["fault"], PAYMENT_FAULTS) if body.get("fault") else None
        fields = _texts(body.get("fields", {}))
        number, security_code = _card(body, family, fields)
        try:
            payment = family.open_payment(fields, request.remote_addr, CHARGE_PATH)
        except FormRefused as refused:
            returned = refused.returned and vars(refused.returned)
            answer = {"refused": refused.code, "reason": refused.text}
            answer |= {"charged": False, "returned": returned}
            return _json(answer, status=400)
        if fault:
            payment.faults[fault.kind] = fault.params
        give_card(self.bank, payment, find_card(number), security_code)
        while payment.stage != DONE:
            give_code(self.bank, payment, str(body.get("code", ONE_TIME_CODE)))
        returned, callback = payment.returned, payment.callback
        return {
            **vars(returned),
            "callback": callback and vars(callback),
            "charged": payment.approved,
            "result": payment.result,
            "faults": payment.faults,
            "lost": payment.lost_after_seconds is not None,
        }

    # -- delivering ------------------------------------------------------------------

    def deliver(self, request, order_id):
        """Post an order's message to the merchant, server to server."""
        body = _body(request)
        order = self._order(request, order_id)
        if order.held:
            raise BadRequest("the result is held back; release it first")
        to_callback = body.get("to", "return") == "callback"
        message = order.callback if to_callback else order.returned
        if not message:
            raise NotFound("no such message was built for this order")
        times = _whole(body.get("times", 1), "times", 1)
        if not body.get("wait", True):
            response = _json({"scheduled": times})
            response.call_on_close(
                lambda: deliver_later(self.bank, order, message, times)
            )
            return response
        answers = deliver(
            self.bank,
            order,
            message,
            times=times,
            concurrent=bool(body.get("concurrent")),
            headers=_texts(body.get("headers", {})),
        )
        return {"target": message.target, "answers": answers}

    def release(self, request, order_id):
        """Let a held result go: the waiting page moves on, the notice is posted."""
        order = self._order(request, order_id)
        was_held, order.held = order.held, False
        response = _json({"released": was_held})
        if was_held and order.callback:
            response.call_on_close(
                lambda: deliver_later(self.bank, order, order.callback)
            )
        return response

    def merchant(self, request):
        """Set headers that every delivery carries, such as a test server's cookie."""
        self.bank.merchant_headers = _texts(_body(request).get("headers", {}))
        return {"headers": sorted(self.bank.merchant_headers)}

    # -- steering --------------------------------------------------------------------

    def fault(self, request):
        fault = _fault(_body(request), KINDS)
        self.bank.faults.add(fault)
        return {"fault": vars(fault)}

    def settle(self, _request):
        return settle(self.bank)

    def clock(self, request):
        seconds = _whole(_body(request).get("advance_seconds", 0), "advance_seconds")
        advance(self.bank, seconds)
        return {"now": self.bank.clock.now().isoformat(timespec="seconds")}

    def reset(self, _request):
        self.bank.reset()
        return {"reset": True}

    def _order(self, request, order_id):
        order = self.bank.find_order(order_id, request.args.get("client_id", ""))
        if not order:
            raise NotFound("unknown order")
        return order


def _texts(fields):
    if not isinstance(fields, dict) or not all(
        isinstance(value, str) for value in fields.values()
    ):
        raise BadRequest("an object of texts is expected")
    return fields


def _fault(body, kinds):
    """Read a fault from JSON; a text alone is a kind without parameters."""
    if isinstance(body, str):
        body = {"kind": body}
    if not isinstance(body, dict) or body.get("kind") not in kinds:
        raise BadRequest(f"kind is one of {', '.join(kinds)}")
    params = body.get("params", {})
    if not isinstance(params, dict):
        raise BadRequest("params is an object")
    for name in ("seconds", "times", "amount_kurus", "number"):
        if name in params:
            _whole(params[name], name)
    return Fault(
        kind=body["kind"],
        order_id=str(body.get("order_id") or ""),
        operation=str(body.get("operation") or ""),
        times=_whole(body.get("times", 1), "times"),
        params=params,
    )


def _card(body, family, fields):
    """Return card number and security code: those of the form, else of the body.

    Without a security code it is the card's own or any.
    """
    if card := family.card_in_form(fields):
        return card
    number = str(body.get("card_number") or CARDS[0].number)
    if not is_card_number(number):
        raise BadRequest("card_number is not a card number")
    code = body.get("cvv") or find_card(number).security_code or "000"
    return number, str(code)
