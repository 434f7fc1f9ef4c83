"""``/fim/api`` over CC5 XML: all that a merchant's server asks for."""

import copy

from werkzeug.wrappers import Response

from ..api_answers import ApiRefusal, answer_api
from ..app import HangUp
from ..digests import all_same
from ..money import parse_amount
from ..operations import Refusal, capture, refund, void
from ..orders import Order
from ..safe_xml import BadXml
from ..xml_documents import document_bytes
from . import codes, recurring
from .cc5 import read_request, write_answer
from .inquiry import answer_history, answer_status

PATH = "/fim/api"
OPERATIONS = {
    "PostAuth": "capture",
    "Void": "void",
    "Credit": "refund",
    "Auth": "sale",
    "PreAuth": "preauth",
}


def answer_request(bank, request):
    """Answer a POST to the API, in the way that the faults of the moment ask for."""
    try:
        fields = read_request(document_bytes(request.get_data(), "DATA"))
    except BadXml as error:
        bank.journal.write(PATH, "xml", "refused", code=str(error))
        return _xml(write_answer(_error("", "", "Gecersiz istek."), {"ERRORCODE": ""}))
    operation = _operation(fields)
    return answer_api(
        bank,
        PATH,
        operation,
        recurring.order_id_of(bank, fields),
        lambda _faults: _xml(_execute(bank, fields, operation)),
    )


def _operation(fields):
    if about_plan := recurring.operation_of(fields):
        return about_plan
    if fields.get("Extra/ORDERSTATUS") == "QUERY":
        return "status"
    if fields.get("Extra/ORDERHISTORY") == "QUERY":
        return "history"
    return OPERATIONS.get(fields.get("Type", ""), "unknown")


def _execute(bank, fields, operation):
    """Do it, write it into the journal, and return the answer's bytes."""
    client_id, order_id = fields.get("ClientId", ""), fields.get("OrderId", "")
    known_as = recurring.order_id_of(bank, fields)
    about = {"terminal": client_id[:15], "order": known_as[:64]}
    lost_after_seconds = None
    with bank.lock:
        try:
            terminal = _authenticate(bank, fields)
            if operation == "recurring":
                answer, extra, lost_after_seconds = _sell(bank, terminal, fields)
            else:
                answer, extra = _perform(bank, terminal, fields, operation)
        except (ApiRefusal, Refusal) as refused:
            if isinstance(refused, Refusal):
                code, text = codes.REFUSALS[refused.reason]
            else:
                code, text = refused.code, refused.text
            bank.journal.write(PATH, operation, "refused", code=code, **about)
            answer = _error(order_id, "", text)
            extra = {
                "SETTLEID": "",
                "TRXDATE": _trx_date(bank),
                "ERRORCODE": code,
                "NUMCODE": codes.NUMCODE_PREFIX + code.rpartition("-")[2],
            }
        else:
            verdict, code = _verdict(answer)
            bank.journal.write(PATH, operation, verdict, code=code, **about)
    if lost_after_seconds is not None:
        raise HangUp(lost_after_seconds)
    return write_answer(answer, extra)


def _verdict(answer):
    """Return the journal's word and code; some answers have no Response."""
    if "RESULT" in answer:
        done = answer["RESULT"] == recurring.SUCCESS
        return "approved" if done else "refused", answer["RESULT"]
    verdict = answer.get("Response", "Approved").lower()
    return verdict, answer.get("ProcReturnCode", "")


def _authenticate(bank, fields):
    terminal = bank.terminals.get(fields.get("ClientId", ""))
    if not terminal:
        raise ApiRefusal(*codes.BAD_CREDENTIALS)
    if not all_same(
        (fields.get("Name", ""), terminal.api_user),
        (fields.get("Password", ""), terminal.api_password),
    ):
        raise ApiRefusal(*codes.BAD_CREDENTIALS)
    return terminal


def _perform(bank, terminal, fields, operation):
    if operation == "recurring_status":
        return recurring.answer_status(bank, terminal, fields)
    if operation == "recurring_cancel":
        return recurring.answer_cancel(bank, terminal, fields)
    order_id = _order_id(fields)
    order = bank.find_order(order_id, terminal.client_id)
    if operation == "status":
        planned = recurring.answer_planned(bank, terminal, order_id)
        return planned or answer_status(order, order_id, terminal)
    if operation == "history":
        return answer_history(order, order_id)
    if operation in ("sale", "preauth"):
        raise ApiRefusal(*codes.NO_PERMISSION)
    if operation == "unknown":
        raise ApiRefusal(codes.BAD_VALUE, "Type gecersiz.")
    order = order or Order(terminal.client_id, order_id)
    if fields.get("Mode", "P") == "T":
        # A test request is judged and answered, but not booked.
        order = copy.deepcopy(order)
    return _book(bank, order, fields, operation)


def _order_id(fields):
    if not fields.get("OrderId"):
        raise ApiRefusal(codes.MISSING, "OrderId eksik.")
    return fields["OrderId"]


def _sell(bank, terminal, fields):
    """Answer a recurring sale; the third is when the bank hangs up, or None."""
    order = bank.find_order(_order_id(fields), terminal.client_id)
    if order and fields.get("Mode", "P") == "T":
        order = copy.deepcopy(order)
    plan, row, lost_after_seconds = recurring.sell(bank, terminal, order, fields)
    order = Order(plan.client_id, plan.order_id)
    answer, extra = _approved(bank, order, row, row.trans_id)
    if row.succeeded:
        return answer, {**extra, "RECURRINGID": plan.plan_id}, lost_after_seconds
    declined = {"Response": "Declined", "ProcReturnCode": row.code, "ErrMsg": row.text}
    return {**answer, **declined}, {**extra, "NUMCODE": row.code}, None


def _book(bank, order, fields, operation):
    if operation == "void":
        row = void(bank, order, fields.get("TransId", ""))
        return _approved(bank, order, row, row.trans_id)
    if operation == "capture":
        row = capture(
            bank, order, _amount(fields, "Total"), _amount(fields, "Extra/PREAMT")
        )
        return _approved(bank, order, row, row.capture_trans_id)
    amount_kurus = _amount(fields, "Total")
    if amount_kurus is None or not fields.get("Currency"):
        raise ApiRefusal(codes.MISSING, "Total veya Currency eksik.")
    row = refund(bank, order, amount_kurus, fields["Currency"])
    return _approved(bank, order, row, row.trans_id)


def _amount(fields, name):
    """Return kuruş, or None when the field is absent or empty."""
    if not fields.get(name):
        return None
    try:
        return parse_amount(fields[name])
    except ValueError:
        raise ApiRefusal(codes.BAD_VALUE, f"{name} gecersiz.") from None


def _approved(bank, order, row, trans_id):
    fields = {
        "OrderId": order.order_id,
        "GroupId": order.order_id,
        "Response": "Approved",
        "AuthCode": row.auth_code,
        "HostRefNum": row.host_ref,
        "ProcReturnCode": "00",
        "TransId": trans_id,
        "ErrMsg": "",
    }
    extra = {
        "SETTLEID": row.settle_id,
        "TRXDATE": _trx_date(bank),
        "ERRORCODE": "",
        "CARDBRAND": row.brand,
        "CARDISSUER": row.issuer,
        "NUMCODE": "00",
    }
    return fields, extra


def _error(order_id, trans_id, text):
    return {
        "OrderId": order_id,
        "GroupId": order_id,
        "Response": "Error",
        "AuthCode": "",
        "HostRefNum": "",
        "ProcReturnCode": "99",
        "TransId": trans_id,
        "ErrMsg": text,
    }


def _trx_date(bank):
    return bank.clock.now().strftime("%Y%m%d %H:%M:%S")


def _xml(body):
    return Response(body, content_type="text/xml; charset=ISO-8859-9")
