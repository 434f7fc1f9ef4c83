"""``/api/Payment/...``: reads a JSON request, executes it, writes the answer."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from werkzeug.wrappers import Response

from ..api_answers import ApiRefusal, answer_api
from ..clock import TURKEY
from ..digests import same
from ..operations import Refusal
from . import books, codes, commissions, inquiry, registration
from .hashing import request_hash

BASE = "/api/Payment"
TIME_TOLERANCE = timedelta(hours=1)
MAX_RND = 24

# last part of the path -> (the word that journal and faults know it by, what does it)
OPERATIONS = {
    "threeDPayment": ("register", registration.register_sale),
    "threeDPreAuth": ("register", registration.register_preauth),
    "postAuth": ("capture", books.capture_order),
    "void": ("void", books.void_order),
    "refund": ("refund", books.refund_order),
    "inquiry": ("status", inquiry.inquire),
    "history": ("day_list", inquiry.list_day),
    "GetCommissionAndInstallmentInfo": ("bin", commissions.tell),
    "Payment": ("sale", registration.refuse_card_sale),
    "PreAuth": ("preauth", registration.refuse_card_sale),
}


@dataclass
class Call:
    """One request on its way; the names of its fields are in lower case."""

    bank: object
    family: object
    fields: dict
    client_ip: str
    terminal: object = field(default=None)

    def text(self, name):
        value = self.fields.get(name)
        return "" if value is None else str(value)

    def kurus(self, name):
        """Return an amount; JSON's numbers only, and no fractions."""
        value = self.fields.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ApiRefusal(*codes.VALIDATION)
        return value


def answer_request(bank, family, request, name):
    """Answer a POST to the API, in the way that the faults of the moment ask for."""
    path = f"{BASE}/{name}"
    operation, handler = OPERATIONS[name]
    fields = _fields(request)
    call = Call(bank, family, fields or {}, request.remote_addr)
    order_id = call.text("orderid")
    if operation == "day_list" and order_id:
        operation = "history"

    def execute(_faults):
        if fields is None:
            bank.journal.write(path, operation, "refused", code="998")
            return _json(_refused("", *codes.VALIDATION))
        return _json(_execute(call, handler, path, operation, order_id))

    return answer_api(bank, path, operation, order_id, execute)


def _fields(request):
    """Return the request's fields, or None when it is no JSON object."""
    try:
        body = json.loads(request.get_data())
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    return {name.lower(): value for name, value in body.items()}


def _execute(call, handler, path, operation, order_id):
    """Do it, write it into the journal, and return the answer."""
    with call.bank.lock:
        try:
            call.terminal = _authenticate(call)
            answer, verdict = handler(call), "approved"
        except (ApiRefusal, Refusal) as refused:
            code, text = (
                codes.REFUSALS[refused.reason]
                if isinstance(refused, Refusal)
                else (refused.code, refused.text)
            )
            answer, verdict = _refused(order_id, code, text), "refused"
        call.bank.journal.write(
            path,
            operation,
            verdict,
            terminal=call.text("clientid")[:20],
            order=(order_id or answer.get("OrderId", ""))[:64],
            code=str(answer["Code"]),
        )
    return answer


def _authenticate(call):
    """Return the terminal of a request that is genuine, of this hour, and new."""
    rnd, time_span = call.text("rnd"), call.text("timespan")
    if not rnd or len(rnd) > MAX_RND:
        raise ApiRefusal(*codes.VALIDATION)
    _check_time(call.bank, time_span)
    terminal = call.bank.terminals.get(call.text("clientid"))
    if (
        not terminal
        or terminal.family != call.family.name
        or terminal.api_user != call.text("apiuser")
    ):
        raise ApiRefusal(*codes.UNKNOWN_USER)
    claimed = call.text("hash")
    if not same(claimed, request_hash(terminal, rnd, time_span)):
        raise ApiRefusal(*codes.BAD_HASH)
    if not call.bank.claim(terminal, claimed):
        raise ApiRefusal(*codes.BAD_HASH)  # a hash is good for one request
    return terminal


def _check_time(bank, time_span):
    try:
        sent = datetime.strptime(time_span, "%Y%m%d%H%M%S").replace(tzinfo=TURKEY)
    except ValueError:
        raise ApiRefusal(*codes.VALIDATION) from None
    # A test may have moved the bank's clock; the merchant's stayed where it was.
    merchant_now = bank.clock.now() - bank.clock.ahead
    if abs(sent - merchant_now) > TIME_TOLERANCE:
        raise ApiRefusal(*codes.TIME_SPAN)


def _refused(order_id, code, text):
    return {
        "OrderId": order_id,
        "BankResponseCode": "",
        "BankResponseMessage": "",
        "AuthCode": "",
        "HostReferenceNumber": "",
        "TransactionId": "",
        "Code": code,
        "Message": text,
    }


def _json(answer):
    text = json.dumps(answer, ensure_ascii=False)
    return Response(text, content_type="application/json; charset=utf-8")
