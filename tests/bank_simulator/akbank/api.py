"""The JSON API: history, list, void, refund, capture, recurring payments."""

import json

from werkzeug.wrappers import Response

from ..api_answers import answer_api
from ..app import HangUp
from ..money import parse_amount
from ..operations import Refusal, capture, refund, void
from ..orders import SALE, VOIDED
from . import codes, recurring
from .form import find_terminal, is_current
from .hashing import is_genuine
from .listing import history_rows, list_rows
from .message import format_time, stan
from .reading import BadRequest, read_body, text_of

PROCESS = "/api/v1/payment/virtualpos/transaction/process"
REPORT = "/api/v1/payment/virtualpos/portal/report/transaction"
HASH_HEADER = "auth-hash"
# There is no status call: the history of an order is what a merchant asks for it.
OPERATIONS = {
    "1000": "sale",
    "1004": "preauth",
    "1005": "capture",
    "1002": "refund",
    "1003": "void",
    "1010": "status",
    "1009": "day_list",
}
# Which address takes it where it matters; the others go to the process address.
ADDRESSES = {"1009": (REPORT,), "1010": (PROCESS, REPORT)}


def answer_request(bank, request, path):
    """Answer a POST, in the way that the faults of the moment ask for."""
    body = request.get_data()
    try:
        message = read_body(body)
    except BadRequest as bad:
        bank.journal.write(path, "json", "refused", code=bad.text)
        return _bad(bad)
    operation = recurring.operation_of(message)
    operation = operation or OPERATIONS.get(message.get("txnCode"), "unknown")
    order_id = text_of(message, "order", "orderId") or recurring.track_id_of(message)
    claimed = request.headers.get(HASH_HEADER, "")

    def execute(_faults):
        about = {"terminal": _merchant_id(message)[:32], "order": order_id[:36]}
        with bank.lock:
            try:
                terminal = _authenticate(bank, message, body, claimed)
                answer, lost = _perform(bank, terminal, message, operation, path)
            except BadRequest as bad:
                bank.journal.write(path, operation, "refused", code=bad.text, **about)
                return _bad(bad)
        code = answer["responseCode"]
        verdict = "approved" if code == codes.SUCCESS[0] else "refused"
        bank.journal.write(path, operation, verdict, code=code, **about)
        if lost is not None:
            raise HangUp(lost)
        return _json(answer)

    return answer_api(bank, path, operation, order_id, execute)


def _merchant_id(message):
    return text_of(message, "terminal", "merchantSafeId")


def _authenticate(bank, message, body, claimed):
    ids = message.get("terminal")
    terminal = find_terminal(bank, "akbank", ids) if isinstance(ids, dict) else None
    if not terminal or not is_genuine(claimed, body, terminal.store_key):
        raise BadRequest(401, "auth-hash does not match")
    return terminal


def _perform(bank, terminal, message, operation, path):
    """Do it; a refusal of the bank is an answer too.

    :return: the answer, and seconds until the bank hangs up unanswered or None
    """
    if operation == "unknown" or message.get("version") != "1.00":
        raise BadRequest(400, "unknown txnCode or version")
    if path not in ADDRESSES.get(message["txnCode"], (PROCESS,)):
        raise BadRequest(400, "txnCode does not fit the address")
    if len(str(message.get("randomNumber", ""))) != 128:
        raise BadRequest(400, "randomNumber is not 128 characters")
    if not is_current(str(message.get("requestDateTime", ""))):
        return _answer(bank, message, *codes.WRONG_TIME), None
    if operation in INQUIRIES:
        return INQUIRIES[operation](bank, terminal, message), None
    lost = None
    try:
        if operation == "recurring":
            row, lost = recurring.sell(bank, terminal, message)
        elif operation == "recurring_cancel":
            row = recurring.cancel_planned(bank, terminal, message)
        else:
            row = _book(bank, terminal, message, operation)
    except Refusal as refusal:
        code, text, host_code = codes.REFUSALS[refusal.reason]
        return _money_answer(bank, message, code, text, host_code), None
    if row and not row.succeeded:
        return _money_answer(bank, message, *codes.DECLINED, row.code), None
    return _money_answer(bank, message, *codes.SUCCESS, "00", row), lost


def _book(bank, terminal, message, operation):
    order = bank.find_order(text_of(message, "order", "orderId"), terminal.client_id)
    if operation in ("sale", "preauth"):
        raise Refusal("not_permitted")
    if not order or not order.transactions:
        raise Refusal("unknown_order")
    if operation == "void":
        if order.sale and order.sale.state == VOIDED:
            raise Refusal("already_voided")
        return void(bank, order)
    amount_kurus = _amount(message)
    sale = order.sale
    if sale and text_of(message, "transaction", "currencyCode") != sale.currency:
        raise Refusal("currency_differs")
    if operation == "capture":
        # The original amount is not named here, so a part needs no further consent.
        return capture(bank, order, amount_kurus, sale and sale.amount_kurus)
    if sale and sale.state == VOIDED:
        raise Refusal("already_voided")
    return refund(bank, order, amount_kurus, sale.currency if sale else "")


def _amount(message):
    try:
        return parse_amount(text_of(message, "transaction", "amount"))
    except ValueError:
        raise BadRequest(400, "amount is not a decimal number") from None


def _history(bank, terminal, message):
    order = bank.find_order(text_of(message, "order", "orderId"), terminal.client_id)
    return _rows(bank, message, history_rows(order) if order else [])


def _plan(bank, terminal, message):
    return _rows(bank, message, recurring.history_rows(bank, terminal, message))


def _rows(bank, message, rows):
    if not rows:
        return _answer(bank, message, *codes.NOT_FOUND)
    return {**_answer(bank, message, *codes.SUCCESS), "txnDetailList": rows}


def _list(bank, terminal, message):
    report = message.get("report")
    if not isinstance(report, dict):
        raise BadRequest(400, "report is missing")
    try:
        rows = list_rows(bank, terminal, report)
    except ValueError:
        raise BadRequest(400, "report is not well formed") from None
    if rows is None:
        return _answer(bank, message, *codes.PERIOD_TOO_LONG)
    return {**_answer(bank, message, *codes.SUCCESS), "txnDetailList": rows}


def _answer(bank, message, code, text):
    return {
        "txnCode": message["txnCode"],
        "responseCode": code,
        "responseMessage": text,
        "txnDateTime": format_time(bank.clock.now()),
    }


def _money_answer(bank, message, code, text, host_code, row=None):
    answer = _answer(bank, message, code, text)
    if host_code:
        answer["hostResponseCode"] = host_code
        answer["hostMessage"] = codes.host_text(host_code)
    track_id = recurring.track_id_of(message)
    answer["order"] = {"orderId": text_of(message, "order", "orderId") or track_id}
    if track_id:
        answer["order"]["orderTrackId"] = track_id
    answer["transaction"] = {
        "rrn": row.host_ref if row else "0",
        "batchNumber": int(row.settle_id) if row else 0,
        "stan": stan(row),
    }
    if row:
        answer["transaction"]["authCode"] = row.auth_code
        if row.kind == SALE:
            answer["campaign"] = {"additionalInstallCount": 0, "deferingMonth": 0}
    return answer


def _json(answer, status=200):
    text = json.dumps(answer, ensure_ascii=False)
    return Response(text, status=status, content_type="application/json; charset=utf-8")


def _bad(bad):
    return _json({"code": bad.status, "message": bad.text}, status=bad.status)


INQUIRIES = {"status": _history, "recurring_status": _plan, "day_list": _list}
