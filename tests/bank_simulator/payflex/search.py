"""Search: the state of a payment by its ids, and the list of a period."""

from datetime import datetime

from ..api_answers import answer_api
from ..clock import TURKEY
from ..family import FormRefused
from ..money import format_amount
from ..orders import DECLINED, REFUND, SALE, VOIDED
from ..safe_xml import BadXml
from ..xml_documents import document_bytes, read_fields
from . import codes
from .registration import find_terminal
from .vpos import find_transaction, xml_answer

PATH = "/virtualPos/Search"
_MERCHANT = "MerchantCriteria/"
_TRANSACTION = "TransactionCriteria/"
_DATE = "DateCriteria/"


def answer_request(bank, request):
    """Answer a POST, in the way that the faults of the moment ask for."""
    try:
        body = document_bytes(request.get_data(), "prmstr")
        fields = read_fields(body, "SearchRequest")
    except BadXml as error:
        bank.journal.write(PATH, "xml", "refused", code=str(error))
        return xml_answer("SearchResponse", _info(bank, codes.BAD_XML))
    order_id = fields.get(f"{_TRANSACTION}OrderId", "")
    transaction_id = fields.get(f"{_TRANSACTION}TransactionId", "")
    by_id = bool(order_id or transaction_id)
    operation = "status" if by_id else "day_list"
    merchant_id = fields.get(f"{_MERCHANT}HostMerchantId", "")
    ids = {"MerchantId": merchant_id, "TransactionId": transaction_id}
    named, _row = find_transaction(bank, ids, "TransactionId")
    order_id = order_id or (named.order_id if named else "")

    def execute(_faults):
        with bank.lock:
            try:
                find_terminal(
                    bank, merchant_id, fields.get(f"{_MERCHANT}MerchantPassword", "")
                )
                found = _find(bank, fields, ids) if by_id else _period(bank, fields)
                code = codes.SUCCESS
            except FormRefused as refused:
                found, code = [], (refused.code, refused.text)
            tree = _answer(bank, code, found)
        bank.journal.write(
            PATH,
            operation,
            "approved" if code == codes.SUCCESS else "refused",
            code=code[0],
            terminal=merchant_id[:15],
            order=order_id[:40],
        )
        return xml_answer("SearchResponse", tree)

    return answer_api(bank, PATH, operation, order_id, execute)


def _find(bank, fields, ids):
    """Return rows of (order, transaction): by transaction id, else by order id.

    By order id it is the successful transaction, or the last one when none succeeded.
    """
    if ids["TransactionId"]:
        order, row = find_transaction(bank, ids, "TransactionId")
        return [(order, row)] if row else []
    order = bank.find_order(fields[f"{_TRANSACTION}OrderId"], ids["MerchantId"])
    if not order or not order.transactions:
        return []
    attempts = [row for row in order.transactions if row.kind == SALE]
    return [(order, order.sale or attempts[-1])]


def _period(bank, fields):
    try:
        start = _read_time(fields[f"{_DATE}StartDate"])
        end = _read_time(fields[f"{_DATE}EndDate"])
    except (KeyError, ValueError):
        raise FormRefused(*codes.BAD_CRITERIA) from None
    if len(fields[f"{_DATE}EndDate"]) == len("2026-11-21"):
        end = end.replace(hour=23, minute=59, second=59, microsecond=999999)
    client_id = fields[f"{_MERCHANT}HostMerchantId"]
    return [
        (order, row)
        for order in bank.orders.values()
        if order.client_id == client_id
        for row in order.transactions
        if start <= row.authorised_at <= end
    ]


def _read_time(text):
    return datetime.fromisoformat(text).replace(tzinfo=TURKEY)


def _answer(bank, code, found):
    tree = _info(bank, code)
    if code != codes.SUCCESS:
        return tree
    items = [_item(order, row) for order, row in found]
    return {
        **tree,
        "PageIndex": "1",
        "PageSize": str(max(len(items), 10)),
        "TotalItemCount": str(len(items)),
        "TransactionSearchResultInfo": {"TransactionSearchResultInfo": items},
    }


def _info(bank, code):
    good = code == codes.SUCCESS
    return {
        "ResponseInfo": {
            "Status": "Success" if good else "Error",
            "ResponseCode": code[0],
            "ResponseMessage": "Succeeded." if good else code[1],
            "ResponseDateTime": bank.clock.now().isoformat(),
            "IsIdempotent": "false",
        }
    }


def _item(order, row):
    good = row.state != DECLINED
    refunded = order.refunded_kurus if row.kind == SALE else 0
    return {
        "MerchantId": order.client_id,
        "TransactionType": _type(row),
        "TransactionId": row.trans_id,
        "OrderId": order.order_id,
        "ResultCode": codes.SUCCESS[0] if good else codes.issuer_code(row.code),
        "ResponseMessage": codes.SUCCESS[1] if good else f"RED-{row.text}",
        "HostResultCode": row.code.zfill(3),
        "AuthCode": row.auth_code or "000000",
        "HostDate": row.authorised_at.strftime("%m%d%H%M%S"),
        "Rrn": row.host_ref,
        "CurrencyAmount": format_amount(row.amount_kurus),
        "AmountCode": row.currency,
        "CurrencyCode": row.currency,
        "ThreeDSecureType": "3" if row.kind == SALE else "1",
        "IsCanceled": _flag(row.state == VOIDED),
        "IsReversed": "false",
        "IsRefunded": _flag(refunded),
        "IsCaptured": _flag(row.preauth and row.captured_at),
        "TotalRefundAmount": format_amount(refunded),
    }


def _type(row):
    if row.kind == REFUND:
        return "Refund"
    return "Auth" if row.preauth else "Sale"


def _flag(value):
    return "true" if value else "false"
