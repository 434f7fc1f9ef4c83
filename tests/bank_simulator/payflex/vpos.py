"""VPOS: void, refund and capture as XML in the form field ``prmstr``."""

import re

from werkzeug.wrappers import Response

from ..api_answers import answer_api
from ..family import FormRefused
from ..money import format_amount, parse_amount
from ..operations import Refusal, capture, refund, void
from ..orders import SETTLED, VOIDED
from ..safe_xml import BadXml
from ..xml_documents import document_bytes, read_fields, write_tree
from . import codes
from .registration import find_terminal

PATH = "/virtualPos/Vposreq"
OPERATIONS = {
    "Sale": "sale",
    "Auth": "preauth",
    "Capture": "capture",
    "Cancel": "void",
    "Refund": "refund",
    "CampaignSearch": "bin",
}


def answer_request(bank, request):
    """Answer a POST, in the way that the faults of the moment ask for."""
    try:
        body = document_bytes(request.get_data(), "prmstr")
        fields = read_fields(body, "VposRequest")
    except BadXml as error:
        bank.journal.write(PATH, "xml", "refused", code=str(error))
        return xml_answer("VposResponse", _refused(codes.BAD_XML))
    operation = OPERATIONS.get(fields.get("TransactionType"), "unknown")
    order, row = find_transaction(bank, fields, "ReferenceTransactionId")
    order_id = order.order_id if order else fields.get("OrderId", "")

    def execute(_faults):
        about = {"terminal": fields.get("MerchantId", "")[:15], "order": order_id[:40]}
        with bank.lock:
            try:
                tree = _perform(bank, fields, operation, order, row)
                verdict = "approved"
            except (FormRefused, Refusal) as refused:
                tree = _refused(_code_of(refused))
                verdict = "refused"
        code = tree["ResultCode"]
        bank.journal.write(PATH, operation, verdict, code=code, **about)
        return xml_answer("VposResponse", tree)

    return answer_api(bank, PATH, operation, order_id, execute)


def find_transaction(bank, fields, name):
    """Return order and transaction of an id of this merchant, or a pair of None."""
    wanted = fields.get(name)
    for order in list(bank.orders.values()):
        if not wanted or order.client_id != fields.get("MerchantId"):
            continue
        for row in order.transactions:
            if wanted in (row.trans_id, row.capture_trans_id, row.void_trans_id):
                return order, row
    return None, None


def xml_answer(root, tree):
    body = write_tree(root, tree)
    return Response(body, content_type="text/xml; charset=utf-8")


def _code_of(refused):
    if isinstance(refused, Refusal):
        return codes.REFUSALS[refused.reason]
    return refused.code, refused.text


def _refused(code):
    return {"ResultCode": code[0], "ResultDetail": code[1], "InstallmentTable": ""}


def _perform(bank, fields, operation, order, row):
    terminal = find_terminal(
        bank,
        fields.get("MerchantId", ""),
        fields.get("Password", ""),
        fields.get("TerminalNo"),
    )
    if operation == "unknown":
        raise FormRefused(*codes.BAD_TYPE)
    if operation in ("sale", "preauth"):
        raise FormRefused(*codes.NO_NON_3D)
    if operation == "bin":
        return {**_refused(codes.SUCCESS), "CampaignResult": ""}
    if not fields.get("ClientIp"):
        raise FormRefused(*codes.NO_CLIENT_IP)
    if not row:
        raise Refusal("unknown_reference")
    transaction_id = fields.get("TransactionId") or bank.token(order)
    if not bank.claim(order, transaction_id):
        raise FormRefused(*codes.USED_TRANSACTION_ID)
    done, kurus = BOOKINGS[operation](bank, order, row, fields, transaction_id)
    return {
        "MerchantId": terminal.client_id,
        "TransactionType": fields["TransactionType"],
        "TransactionId": transaction_id,
        "ReferenceTransactionId": fields["ReferenceTransactionId"],
        **_refused(codes.SUCCESS),
        "CampaignResult": "",
        "AuthCode": done.auth_code,
        "HostDate": bank.clock.now().strftime("%Y%m%d%H%M%S"),
        "Rrn": done.host_ref,
        "TerminalNo": terminal.extra["terminal_no"],
        "CurrencyAmount": format_amount(kurus),
        "CurrencyCode": done.currency,
        "BatchNo": done.settle_id,
        "TLAmount": format_amount(kurus),
    }


def _void(bank, order, row, _fields, transaction_id):
    if row.state == VOIDED:
        raise Refusal("already_voided")
    if row.state == SETTLED:
        raise Refusal("nothing_to_void")
    done = void(bank, order, row.trans_id)
    done.void_trans_id = transaction_id
    return done, done.captured_kurus or done.amount_kurus


def _refund(bank, order, _row, fields, transaction_id):
    kurus = _amount(fields)
    sale = order.sale
    if sale and sale.state == VOIDED:
        raise Refusal("already_voided")
    known = len(order.transactions)
    try:
        currency = fields.get("CurrencyCode") or (sale.currency if sale else "")
        done = refund(bank, order, kurus, currency)
    finally:
        # A refused refund is a transaction of this id too.
        for row in order.transactions[known:]:
            row.trans_id = transaction_id
    return done, kurus


def _capture(bank, order, _row, fields, transaction_id):
    kurus = _amount(fields)
    sale = order.sale
    if sale and fields.get("CurrencyCode") != sale.currency:
        raise Refusal("currency_differs")
    # The original amount is not named here, so a part needs no further consent.
    done = capture(bank, order, kurus, sale and sale.amount_kurus)
    done.capture_trans_id = transaction_id
    return done, kurus


BOOKINGS = {"void": _void, "refund": _refund, "capture": _capture}


def _amount(fields):
    text = fields.get("CurrencyAmount", "")
    if not re.fullmatch(r"[0-9]+\.[0-9]{2}", text, re.ASCII):
        raise FormRefused(*codes.BAD_AMOUNT)
    return parse_amount(text)
