"""The JSON service: charge after 3-D, capture, reverse, return, inquiry."""

import json

from werkzeug.wrappers import Response

from ..api_answers import ApiRefusal, answer_api
from ..app import HangUp
from ..digests import same
from ..operations import Refusal
from ..posnet import codes
from ..posnet.references import find_order
from . import handlers
from .macs import FOLLOW_UP, PLAIN, SECURE_SALE, find, named_mac

BASE = "/ALBMerchantService/MerchantJSONAPI.svc"

# path -> (the word that journal and faults know it by, what executes it, its MAC set)
OPERATIONS = {
    "Sale": ("sale", handlers.charge, SECURE_SALE),
    "Auth": ("sale", handlers.charge, SECURE_SALE),
    "Capture": ("capture", handlers.capture_order, PLAIN),
    "Reverse": ("void", handlers.reverse, FOLLOW_UP),
    "Return": ("refund", handlers.give_back, FOLLOW_UP),
    "TransactionInquiry": ("status", handlers.inquire, PLAIN),
}


def answer_request(bank, request, name):
    """Answer a POST to the API, in the way that the faults of the moment ask for."""
    path = f"{BASE}/{name}"
    operation, handler, mac_params = OPERATIONS[name]
    try:
        message = json.loads(request.get_data())
    except ValueError:
        message = None
    if not isinstance(message, dict):
        bank.journal.write(path, operation, "refused", code=codes.BAD_PACKET[0])
        return _json(_refused(*codes.BAD_PACKET))
    call = handlers.Call(bank, name, message)
    order_id = _order_id(bank, message)

    def execute(_faults):
        answer = _execute(call, handler, mac_params, path, operation, order_id)
        if call.lost_after_seconds is not None:
            raise HangUp(call.lost_after_seconds)
        return _json(answer)

    return answer_api(bank, path, operation, order_id, execute)


def _execute(call, handler, mac_params, path, operation, order_id):
    """Do it, write it into the journal, and return the answer."""
    with call.bank.lock:
        try:
            call.terminal = _authenticate(call.bank, call.message, mac_params)
            answer, verdict = handler(call), "approved"
        except handlers.Declined as declined:
            answer = _refused(*codes.issuer_answer(declined.code))
            verdict = "declined"
        except (ApiRefusal, Refusal) as refused:
            answer = _refused(
                *(
                    codes.REFUSALS[refused.reason]
                    if isinstance(refused, Refusal)
                    else (refused.code, refused.text)
                )
            )
            verdict = "refused"
        call.bank.journal.write(
            path,
            operation,
            verdict,
            terminal=find(call.message, "TerminalNo")[:15],
            order=order_id[:64],
            code=answer["ServiceResponseData"]["ResponseCode"],
        )
    return answer


def _authenticate(bank, message, mac_params):
    terminal = bank.terminals.get(find(message, "TerminalNo"))
    merchant_no = terminal and terminal.extra.get("merchant_no")
    if not merchant_no or merchant_no != find(message, "MerchantNo"):
        raise ApiRefusal(*codes.WRONG_MERCHANT)
    if (message.get("ApiType"), message.get("ApiVersion")) != ("JSON", "V100"):
        raise ApiRefusal(*codes.BAD_PACKET)
    # A shorter list of names would be signed too, but it would protect less.
    if message.get("MACParams") != mac_params:
        raise ApiRefusal(*codes.BAD_MAC)
    expected = named_mac(mac_params, message, terminal.store_key)
    if not same(str(message.get("MAC") or ""), expected):
        raise ApiRefusal(*codes.BAD_MAC)
    return terminal


def _order_id(bank, message):
    """Return the short order id of a message, for journal and faults."""
    terminal = bank.terminals.get(find(message, "TerminalNo"))
    order = terminal and find_order(bank, terminal, handlers.reference(message))
    return order.order_id if order else find(message, "OrderId")


def _refused(code, text):
    return {
        "ServiceResponseData": {"ResponseCode": code, "ResponseDescription": text},
        "AuthCode": "",
        "ReferenceCode": "",
        "PointDataList": None,
        "InstallmentData": None,
        "MessageData": None,
    }


def _json(answer):
    text = json.dumps(answer, ensure_ascii=False)
    return Response(text, content_type="application/json; charset=utf-8")
