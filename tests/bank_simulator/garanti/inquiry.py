"""Inquiries: an order's status and history, a period's list, BINs, points."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from ..cards import CARDS, find_card
from ..clock import TURKEY
from ..orders import AUTHORISED, REFUND, SETTLED, VOIDED
from ..points import inquiry_code
from . import codes
from .answer import APPROVED, Result, batch_number, sequence_number
from .recurring import card_outcome, orders_of

# Only APPROVED and WAITINGPOSTAUTH are known from the bank; the others are guesses.
VOID_STATUS = "VOID"
DECLINED_STATUS = "DECLINED"

LONGEST_LIST = timedelta(days=30)
PAGE_ROWS = 50
# The names of the list are Turkish words, as the bank writes them.
LIST_TYPES = {
    "sales": "Satis",
    "preauth": "On Otorizasyon",
    "postauth": "On Otorizasyon Kapama",
    "refund": "Iade",
}


def answer_status(bank, terminal, fields):
    """Tell the order's sale; the outer fields are those of the inquiry itself."""
    order = bank.find_order(fields["Order/OrderID"], terminal.client_id)
    row = order and (order.sale or order.latest)
    if not row:
        empty = {name: "" for name in ("ChargeType", "Status", "RetrefNum", "Code")}
        amounts = {"PreAuthAmount": "0", "AuthAmount": "0"}
        return Result(codes.NOT_FOUND, order={"OrderInqResult": {**empty, **amounts}})
    inquiry = SimpleNamespace(client_id=terminal.client_id, order_id="inquiry")
    recurring = "Y" if order.plan_id else "N"
    facts = {"OrderInqResult": {**_status_facts(row), "RecurringInfo": recurring}}
    return Result(APPROVED, host_ref=bank.host_ref(inquiry), order=facts)


def answer_history(bank, terminal, fields):
    """Tell every transaction under the order id, of a plan those of all payments."""
    orders = orders_of(bank, terminal, fields["Order/OrderID"])
    rows = [row for order in orders for row in order.transactions]
    if not rows:
        return Result(codes.NO_RECORD, order=_history([]))
    steps = [step for row in rows for step in _steps(row)]
    return Result(APPROVED, source="GVPS", order=_history(steps))


def answer_list(bank, terminal, fields):
    """List the transactions of a period of at most thirty days, page by page."""
    start = _moment(fields.get("Order/StartDate", ""))
    end = _moment(fields.get("Order/EndDate", ""))
    page = fields.get("Transaction/ListPageNum", "1")
    if not start or not end or not start <= end <= start + LONGEST_LIST:
        return Result(codes.MANDATORY, "StartDate, EndDate", order=_list([], 1, 0))
    if not page.isdecimal() or not int(page):
        return Result(codes.MANDATORY, "ListPageNum", order=_list([], 1, 0))
    # The bounds are whole minutes; the last one belongs to the list.
    end += timedelta(minutes=1)
    found = []
    for order in bank.orders.values():
        if order.client_id == terminal.client_id:
            for row in order.transactions:
                found += [(order, step) for step in _steps(row, start, end)]
    if not found:
        return Result(codes.NO_RECORD, order=_list([], 1, 0))
    found.sort(key=lambda entry: entry[1][1])
    first = (int(page) - 1) * PAGE_ROWS
    numbered = list(enumerate(found, 1))[first : first + PAGE_ROWS]
    rows = [_list_row(number, *entry) for number, entry in numbered]
    return Result(APPROVED, source="GVPS", order=_list(rows, int(page), len(found)))


def answer_bins(bank, terminal, fields):
    rows = [
        {
            "BINNum": card.number[:6],
            "BankCode": "901" if card.issuer == "DEMO BANK" else "902",
            "BankName": card.issuer,
            "Organization": card.brand,
            "CardType": "D" if card.kind == "debit" else "C",
            "Group": card.program,
            "Product": "BUSINESS" if card.commercial else "CLASSIC",
            "InstallmentInd": "Y" if card.program else "N",
        }
        for card in CARDS
    ]
    return Result(APPROVED, order={"BINInqResult": {"BINList": {"BIN": rows}}})


def answer_points(bank, terminal, fields):
    """Tell the points of a card, in kuruş; the security code may be left out."""
    code = fields.get("Card/CVV2") or None
    if error := card_outcome(bank, {**fields, "Card/CVV2": code or "000"}):
        return Result(*error)
    card = find_card(fields["Card/Number"])
    answered = inquiry_code(card, code)
    if answered != "00":
        return Result(codes.issuer_answer(answered))
    points = {"TotalAmount": str(card.points_kurus), "LastTxnGainAmount": "0"}
    return Result(
        APPROVED, rewards={"RewardList": {"Reward": [{"Type": "BNS", **points}]}}
    )


def tell_other_amount(result, params):
    """Let a status tell another amount; the answer's signature does not cover it."""
    facts = result.order.get("OrderInqResult")
    if facts:
        amount_kurus = int(facts["AuthAmount"]) + 100
        facts["AuthAmount"] = str(params.get("amount_kurus", amount_kurus))


def _status_facts(row):
    return {
        "ChargeType": "S",
        "PreAuthAmount": str(row.amount_kurus) if row.preauth else "0",
        "PreAuthDate": _time(row.authorised_at) if row.preauth else "",
        "AuthAmount": str(row.captured_kurus or 0),
        "AuthDate": _time(row.captured_at),
        "RecurringInfo": "N",
        "RecurringStatus": "",
        "Status": _status(row),
        "RemainingBNSAmount": "0",
        "UsedBnsAmount": "0",
        "InstallmentCnt": str(row.installments),
        "CardNumberMasked": row.masked.replace("***", "******"),
        "Code": row.code,
        "ReasonCode": row.code,
        "SysErrMsg": row.text,
        "RetrefNum": row.host_ref,
        "AuthCode": row.auth_code,
        "BatchNum": batch_number(row).lstrip("0") or "0",
        "SequenceNum": sequence_number(row).lstrip("0") or "0",
        "ProvDate": _time(row.authorised_at),
        "CardType": "",
    }


def _status(row):
    if row.state == VOIDED:
        return VOID_STATUS
    if row.state == AUTHORISED:
        return "WAITINGPOSTAUTH"
    return "APPROVED" if row.succeeded else DECLINED_STATUS


def _steps(row, start=None, end=None):
    """Return (type, moment, row) of a transaction: a captured one has two steps."""
    first = "refund" if row.kind == REFUND else "preauth" if row.preauth else "sales"
    steps = [(first, row.authorised_at, row)]
    if row.preauth and row.captured_at:
        steps.append(("postauth", row.captured_at, row))
    return [step for step in steps if start is None or start <= step[1] < end]


def _history(steps):
    rows = [_history_row(*step) for step in steps]
    return {"OrderHistInqResult": {"OrderTxnList": {"OrderTxn": rows}}}


def _history_row(kind, moment, row):
    preauth = kind == "preauth"
    amount = row.captured_kurus if kind == "postauth" else row.amount_kurus
    return {
        "Type": kind,
        "Status": row.code,
        "PreAuthAmount": str(amount) if preauth else "0",
        "AuthAmount": "0" if preauth else str(amount),
        "PreAuthDate": moment.strftime("%Y%m%d") if preauth else "",
        "AuthDate": "" if preauth else moment.strftime("%Y%m%d"),
        "VoidDate": row.voided_at.strftime("%Y%m%d") if row.voided_at else "",
        "RetrefNum": row.host_ref,
        "AuthCode": row.auth_code,
        "ReturnCode": row.code,
        "BatchNum": batch_number(row).lstrip("0") or "0",
        "InstallmentCnt": str(row.installments),
        "CurrencyCode": row.currency,
        "Settlement": "Y" if row.state == SETTLED else "N",
    }


def _list(rows, page, total):
    pages = -(-total // PAGE_ROWS)
    counts = {
        "TotalTxnCount": str(total),
        "TotalPageCount": str(pages),
        "ActPageNum": str(page),
    }
    listed = {**counts, "OrderTxn": rows} if rows else ""
    return {"OrderListInqResult": {"OrderTxnList": listed}}


def _list_row(number, order, step):
    kind, moment, row = step
    amount = row.captured_kurus if kind == "postauth" else row.amount_kurus
    return {
        "Id": str(number),
        "LastTrxDate": _time(moment),
        "TrxType": LIST_TYPES[kind],
        "OrderID": order.plan_id or order.order_id,
        "CardNumberMasked": row.masked.replace("***", "******"),
        "BatchNum": batch_number(row),
        "AuthCode": row.auth_code,
        "RetrefNum": row.host_ref,
        "InstallmentCnt": str(row.installments),
        "AuthAmount": str(amount),
        "CurrencyCode": row.currency,
        "Status": "Iptal" if row.voided_at else "Basarili" if row.succeeded else "Red",
        "ResponseCode": row.code,
        "SysErrMsg": row.text,
        "SafeType": "3D",
    }


def _moment(text):
    """Read ``21/11/2026 09:05``; None for anything else."""
    try:
        return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=TURKEY)
    except ValueError:
        return None


def _time(moment):
    """``2026-11-21 12:00:44.123``, empty for what has not happened."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if moment else ""


INQUIRIES = {
    "orderinq": answer_status,
    "orderhistoryinq": answer_history,
    "orderlistinq": answer_list,
    "bininq": answer_bins,
    "rewardinq": answer_points,
}
