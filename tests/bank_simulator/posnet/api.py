"""``/PosnetWebService/XML``: reads a message, executes it, writes the answer."""

from dataclasses import dataclass, field

from werkzeug.wrappers import Response

from ..api_answers import ApiRefusal, answer_api
from ..app import HangUp
from ..operations import Refusal
from ..safe_xml import BadXml
from . import books, codes, follow_up, inquiry
from .packets import BANK, BadPacket
from .references import find_order
from .registration import request_data
from .wire import ENCODING, Request, read_request, write_answer

PATH = "/PosnetWebService/XML"
HEADERS = ("X-MERCHANT-ID", "X-TERMINAL-ID", "X-POSNET-ID", "X-CORRELATION-ID")

# element -> (the word that journal and faults know it by, what executes it)
OPERATIONS = {
    "oosRequestData": ("register", request_data),
    "oosResolveMerchantData": ("resolve", follow_up.resolve),
    "oosTranData": ("sale", follow_up.charge),
    "capt": ("capture", books.capture_order),
    "reverse": ("void", books.reverse),
    "return": ("refund", books.give_back),
    "agreement": ("status", inquiry.agreement),
    "merchantReconciliation": ("day_list", inquiry.reconciliation),
    "pointInquiry": ("points", inquiry.points),
    "sale": ("sale", books.refuse_card_sale),
    "auth": ("preauth", books.refuse_card_sale),
}


@dataclass
class Call:
    """One message on its way through the bank."""

    bank: object
    family: object
    message: Request
    faults: dict
    client_ip: str
    terminal: object = None
    lost_after_seconds: float | None = None
    fields: dict = field(init=False)

    def __post_init__(self):
        self.fields = self.message.fields


def answer_request(bank, family, request):
    """Answer a POST to the API, in the way that the faults of the moment ask for."""
    try:
        message = read_request(request.form.get("xmldata", ""))
    except BadXml as error:
        bank.journal.write(PATH, "xml", "refused", code=f"0150 {error}")
        return _xml(_refused(*codes.BAD_PACKET))
    _note_headers(bank, message, request)
    operation, handler = OPERATIONS.get(message.name, ("unknown", _refuse_unknown))
    order_id = _order_id(bank, family, message)

    def execute(faults):
        call = Call(bank, family, message, faults, request.remote_addr)
        answer = _execute(call, operation, handler, order_id)
        if call.lost_after_seconds is not None:
            raise HangUp(call.lost_after_seconds)
        return _xml(answer, _declared(call))

    return answer_api(bank, PATH, operation, order_id, execute)


def _execute(call, operation, handler, order_id):
    """Do it, write it into the journal, and return the answer."""
    with call.bank.lock:
        try:
            call.terminal = _terminal(call.bank, call.message)
            answer = handler(call)
        except (ApiRefusal, Refusal) as refused:
            code, text = (
                codes.REFUSALS[refused.reason]
                if isinstance(refused, Refusal)
                else (refused.code, refused.text)
            )
            answer, verdict = _refused(code, text), "refused"
        else:
            code = answer.get("respCode", "")
            verdict = {"1": "approved", "2": "repeated"}.get(
                answer["approved"], "declined"
            )
        call.bank.journal.write(
            PATH,
            operation,
            verdict,
            terminal=call.message.terminal_no[:15],
            order=order_id[:64],
            code=code,
        )
    return answer


def _terminal(bank, message):
    terminal = bank.terminals.get(message.terminal_no)
    if not terminal or terminal.extra.get("merchant_no") != message.merchant_no:
        raise ApiRefusal(*codes.WRONG_MERCHANT)
    return terminal


def _refuse_unknown(_call):
    raise ApiRefusal(*codes.INVALID_TRANSACTION)


def _order_id(bank, family, message):
    """Return the short order id of a message, for journal and faults."""
    fields = message.fields
    if "XID" in fields:
        return fields["XID"]
    try:
        if "bankData" in fields:
            return family.payment(BANK, fields["bankData"]).order_id
    except BadPacket:
        return ""
    terminal = bank.terminals.get(message.terminal_no)
    order = terminal and find_order(bank, terminal, fields)
    return order.order_id if order else fields.get("orderID", "")


def _note_headers(bank, message, request):
    """Write into the journal which of the manual's headers are absent or wrong."""
    expected = {
        "X-MERCHANT-ID": message.merchant_no,
        "X-TERMINAL-ID": message.terminal_no,
    }
    wrong = [
        name
        for name in HEADERS
        if not request.headers.get(name)
        or request.headers[name] != expected.get(name, request.headers[name])
    ]
    if wrong:
        bank.journal.write(
            PATH,
            "headers",
            "missing",
            terminal=message.terminal_no[:15],
            code=",".join(wrong),
        )


def _refused(code, text):
    return {"approved": "0", "respCode": code, "respText": text}


def _declared(call):
    """Some terminals' status answers declare an encoding that they do not have."""
    lies = call.terminal and call.terminal.extra.get("declares_utf_16")
    return "utf-16" if lies and call.message.name == "agreement" else ENCODING


def _xml(answer, declared=ENCODING):
    body = write_answer(answer, declared)
    return Response(body, content_type=f"text/xml; charset={ENCODING}")
