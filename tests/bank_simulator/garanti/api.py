"""``/VPServlet``: GVPSRequest in, signed GVPSResponse out."""

import re

from werkzeug.wrappers import Response

from ..api_answers import answer_api
from ..app import HangUp
from ..digests import same
from ..operations import Refusal
from ..safe_xml import BadXml
from ..xml_documents import document_bytes, read_fields
from . import codes
from .answer import Result, write_answer
from .form import password_of
from .hashing import request_hash, security_data
from .inquiry import INQUIRIES, tell_other_amount
from .money_moves import MOVES
from .recurring import operation_of

PATH = "/VPServlet"
OPERATIONS = {
    "sales": "sale",
    "preauth": "preauth",
    "postauth": "capture",
    "void": "void",
    "refund": "refund",
    "orderinq": "status",
    "orderhistoryinq": "history",
    "orderlistinq": "day_list",
    "bininq": "bin_list",
    "rewardinq": "points",
    "recurringvoid": "recurring_cancel",
}
REFUND_USER_TYPES = ("void", "refund")
# Types that the terminal's dealer code belongs to.
FINANCIAL_TYPES = (
    "sales",
    "preauth",
    "postauth",
    "void",
    "refund",
    "recurringvoid",
)
# A BIN list names no order and, as seen, no currency.
WITHOUT_CURRENCY = ("bininq", "orderlistinq")
_AMOUNT = re.compile("[1-9][0-9]{0,16}")


class ApiRefusal(Exception):
    """Refused before the bank core was asked: Code, ReasonCode, ErrorMsg, detail."""

    def __init__(self, refusal, detail=""):
        super().__init__(refusal[0])
        self.refusal = refusal
        self.detail = detail


def answer_request(bank, request):
    """Answer a POST to the API, in the way that the faults of the moment ask for."""
    try:
        document = document_bytes(request.get_data(), "data")
        fields = read_fields(document, "GVPSRequest")
    except BadXml as error:
        bank.journal.write(PATH, "xml", "refused", code=str(error))
        return _xml(write_answer(bank, {}, Result(codes.MANDATORY, str(error)), None))
    operation = operation_of(bank, fields)
    operation = operation or OPERATIONS.get(
        fields.get("Transaction/Type", ""), "unknown"
    )
    return answer_api(
        bank,
        PATH,
        operation,
        fields.get("Order/OrderID", ""),
        lambda faults: _xml(_execute(bank, fields, operation, faults)),
    )


def _execute(bank, fields, operation, faults):
    """Do it, write it into the journal, and return the answer's bytes."""
    terminal = bank.terminals.get(fields.get("Terminal/ID", ""))
    about = {
        "terminal": fields.get("Terminal/ID", "")[:15],
        "order": fields.get("Order/OrderID", "")[:64],
    }
    with bank.lock:
        try:
            _check(fields, terminal)
            result = _perform(bank, terminal, fields)
        except ApiRefusal as refused:
            result = Result(refused.refusal, refused.detail)
        except Refusal as refused:
            result = Result(codes.REFUSALS[refused.reason], refused.reason)
        if "changed_amount" in faults:
            tell_other_amount(result, faults["changed_amount"])
        verdict = "approved" if result.code == "00" else "declined"
        if result.refused:
            verdict = "refused"
        code = f"{result.code} {result.reason}"
        bank.journal.write(PATH, operation, verdict, code=code, **about)
        answer = write_answer(bank, fields, result, terminal, faults)
    if result.lost_after_seconds is not None:
        raise HangUp(result.lost_after_seconds)
    return answer


def _check(fields, terminal):
    """Raise ApiRefusal for a sender or a message that the gateway does not accept."""
    if not terminal or terminal.family != "garanti":
        raise ApiRefusal(codes.BAD_USER, "terminal")
    if fields.get("Terminal/MerchantID") != terminal.extra["merchant_id"]:
        raise ApiRefusal(codes.BAD_USER, "merchant")
    kind, user = fields.get("Transaction/Type", ""), fields.get("Terminal/ProvUserID")
    if fields.get("Version") != "512" and kind != "bininq":
        raise ApiRefusal(codes.MANDATORY, "Version")
    password = password_of(terminal, user or "")
    if not password:
        raise ApiRefusal(codes.BAD_USER, "ProvUserID")
    expected = request_hash(fields, security_data(password, terminal.client_id))
    if not same(fields.get("Terminal/HashData", ""), expected):
        raise ApiRefusal(codes.BAD_HASH, "HashData")
    if kind not in OPERATIONS:
        raise ApiRefusal(codes.MANDATORY, "Type")
    if user != ("PROVRFN" if kind in REFUND_USER_TYPES else "PROVAUT"):
        raise ApiRefusal(codes.NO_PERMISSION, "ProvUserID")
    _check_mandatory(fields, kind)
    dealers = terminal.extra.get("submerchant_ids")
    if dealers and kind in FINANCIAL_TYPES:
        if fields.get("Terminal/SubMerchantID") not in dealers:
            raise ApiRefusal(codes.DEALER_NEEDED, "SubMerchantID")


def _check_mandatory(fields, kind):
    names = ["Mode", "Terminal/UserID", "Customer/IPAddress"]
    if kind not in WITHOUT_CURRENCY:
        names += ["Order/OrderID", "Transaction/CurrencyCode"]
    for name in names:
        if not fields.get(name):
            raise ApiRefusal(codes.MANDATORY, name)
    if not _AMOUNT.fullmatch(fields.get("Transaction/Amount", "")):
        raise ApiRefusal(codes.MANDATORY, "Transaction/Amount")


def _perform(bank, terminal, fields):
    kind = fields["Transaction/Type"]
    if kind in INQUIRIES:
        return INQUIRIES[kind](bank, terminal, fields)
    if kind in MOVES:
        return MOVES[kind](bank, terminal, fields)
    raise ApiRefusal(codes.NO_PERMISSION, "3-D Secure zorunlu")


def _xml(body):
    return Response(body, content_type="text/xml; charset=UTF-8")
