"""Vakıf Katılım's further operations: one address for each, XML in and XML out."""

from datetime import datetime

from ..api_answers import answer_api
from ..cards import find_card
from ..family import FormRefused
from ..money import format_amount
from ..operations import Refusal, authorise, capture
from ..orders import REFUND, VOIDED
from ..payments import Payment
from . import books, codes
from .codes import BoaRefusal
from .form import check_card, new_order_id, read_currency, read_installments
from .message import sign_answer
from .wire import (
    KATILIM,
    authenticate,
    contract_answer,
    format_time,
    read_kurus,
    read_message,
    refusal_tree,
)

HOME = "/VirtualPOS.Gateway/Home/"
OPERATIONS = {
    "Non3DPayGate": "sale",
    "PreAuthorizaten": "preauth",
    "PreAuthorizatenClose": "capture",
    "SaleReversal": "void",
    "PreAuthorizationReversal": "void",
    "DrawBack": "refund",
    "PreAuthorizationDrawBack": "refund",
    "PartialDrawBack": "refund",
    "SelectOrderByMerchantOrderId": "status",
    "SelectOrder": "history",
}
FOR_PREAUTHORISATIONS = (
    "PreAuthorizatenClose",
    "PreAuthorizationReversal",
    "PreAuthorizationDrawBack",
)
DESCRIPTIONS = {
    books.PAID: "Satis",
    books.WAITING: "On Provizyon",
    books.REFUNDED: "Iade",
    books.PARTLY_REFUNDED: "Kismi Iade",
    books.CANCELLED: "Iptal",
}


def answer_request(bank, family, request, name):
    """Answer a POST, in the way that the faults of the moment ask for."""
    path = HOME + name
    try:
        fields = read_message(request.get_data(), KATILIM)
    except BoaRefusal as refused:
        bank.journal.write(path, "xml", "refused", code=refused.text)
        return contract_answer(refusal_tree(refused.code, refused.text))
    operation = OPERATIONS[name]
    order_id = fields.get("MerchantOrderId", "")
    about = {"terminal": fields.get("MerchantId", "")[:15], "order": order_id[:50]}

    def execute(faults):
        declared = "UTF-8"
        with bank.lock:
            try:
                terminal = authenticate(bank, fields, KATILIM)
                if operation in ("status", "history"):
                    declared = terminal.extra.get("declared_encoding", declared)
                tree = _perform(bank, family, terminal, name, fields, faults)
            except (FormRefused, Refusal) as refused:
                tree = _refused(refused, order_id, operation)
        code = tree["ResponseCode"]
        verdict = "approved" if code == codes.APPROVED else "refused"
        bank.journal.write(path, operation, verdict, code=code, **about)
        return contract_answer(tree, declared)

    return answer_api(bank, path, operation, order_id, execute)


def _refused(refused, order_id, operation):
    if isinstance(refused, Refusal):
        code, text = codes.REFUSALS[refused.reason]
    else:
        code, text = refused.code, refused.text
    if operation in ("status", "history"):
        return _listing([], (code, text), order_id)
    return refusal_tree(code, text, order_id)


def _perform(bank, family, terminal, name, fields, faults):
    if name == "Non3DPayGate":
        raise BoaRefusal(*codes.BAD_SECURITY)
    if name == "PreAuthorizaten":
        return _preauthorise(bank, family, terminal, fields, faults)
    if name == "SelectOrderByMerchantOrderId":
        return _status(bank, terminal, fields)
    if name == "SelectOrder":
        return _select(bank, terminal, fields)
    order, sale = books.find_sale(
        bank, terminal, fields.get("MerchantOrderId", ""), fields.get("OrderId", "")
    )
    if sale.preauth != (name in FOR_PREAUTHORISATIONS) and name != "PartialDrawBack":
        raise Refusal("unknown_order")
    row = _book(bank, order, sale, name, fields)
    return _done(bank, order, row, sale.trans_id)


def _book(bank, order, sale, name, fields):
    kurus = read_kurus(fields["Amount"]) if fields.get("Amount") else None
    if name == "PreAuthorizatenClose":
        return capture(bank, order, kurus, sale.amount_kurus)
    if name in ("SaleReversal", "PreAuthorizationReversal"):
        if kurus not in (None, sale.amount_kurus):
            raise Refusal("amount_differs")
        return books.reverse(bank, order, sale)
    whole = name != "PartialDrawBack"
    if kurus in (None, 0) and whole:
        kurus = sale.captured_kurus
    return books.give_back(
        bank, order, sale, kurus or 0, whole=whole, same_day_parts=False
    )


def _done(bank, order, row, bank_order_id):
    """Return an approval; that of a void or refund carries no HashData here."""
    return {
        "IsEnrolled": "true",
        "IsVirtual": "false",
        "ProvisionNumber": row.auth_code,
        "RRN": row.host_ref,
        "Stan": row.host_ref[-6:],
        "ResponseCode": codes.APPROVED,
        "ResponseMessage": "İşlem onaylandı",
        "OrderId": bank_order_id,
        "TransactionTime": format_time(bank.clock.now()),
        "MerchantOrderId": order.order_id,
        "BusinessKey": "0",
    }


def _preauthorise(bank, family, terminal, fields, faults):
    """Pre-authorise a card that the merchant's server sends; without 3-D."""
    if fields.get("TransactionSecurity") != "5":
        raise BoaRefusal(*codes.BAD_SECURITY)
    check_card(bank, fields)
    currency = read_currency(fields, "CurrencyCode")
    kurus = read_kurus(fields.get("Amount", ""))
    order_id = fields.get("MerchantOrderId", "")
    if not order_id or not kurus:
        raise BoaRefusal(codes.BAD_REQUEST, "MerchantOrderId or Amount")
    order = bank.order(terminal.client_id, order_id)
    card = find_card(fields["CardNumber"])
    payment = Payment(
        family=family,
        terminal=terminal,
        order_id=order_id,
        fields={},
        amount_kurus=kurus,
        currency=currency,
        installments=read_installments(fields, currency),
        preauth=True,
        lang="tr",
        client_ip="",
        path="",
        card=card,
        code_fits=card.security_code in ("", fields["CardCVV2"]),
        charged_kurus=kurus,
    )
    payment.faults = bank.faults.take_for_payment(order_id, kurus)
    decline = ""
    if "decline" in payment.faults:
        decline = str(payment.faults["decline"].get("code", "05"))
    row = authorise(bank, order, payment, decline)
    row.trans_id = new_order_id(bank, order)
    tree = _done(bank, order, row, row.trans_id)
    if not row.succeeded:
        tree["ResponseCode"], tree["ResponseMessage"] = row.code, row.text
    return sign_answer(tree, terminal, {**payment.faults, **faults})


def _status(bank, terminal, fields):
    order_id = fields.get("MerchantOrderId", "")
    order = bank.find_order(order_id, terminal.client_id)
    rows = books.attempts(order) if order else []
    if not rows:
        code = terminal.extra.get("unknown_order_code", codes.NO_RESULT[0])
        return _listing([], (code, codes.NO_RESULT[1]), order_id)
    row = order.sale or rows[-1]
    return _listing([_described(order, row)], (codes.APPROVED, ""), order_id)


def _select(bank, terminal, fields):
    """Return all transactions of a period, newest first, or those of a provision."""
    try:
        start = datetime.fromisoformat(fields["StartDate"]).date()
        end = datetime.fromisoformat(fields["EndDate"]).date()
        first = int(fields.get("LowerLimit") or 0)
        count = int(fields.get("UpperLimit") or 100)
    except (KeyError, ValueError):
        raise BoaRefusal(codes.BAD_REQUEST, "StartDate, EndDate or limits") from None
    end += bank.clock.ahead
    found = [
        (order, row)
        for order in bank.orders.values()
        if order.client_id == terminal.client_id
        for row in order.transactions
        if start <= row.authorised_at.date() <= end
    ]
    for name, attribute in (("ProvNumber", "auth_code"), ("OrderNo", "trans_id")):
        if wanted := fields.get(name):
            found = [pair for pair in found if getattr(pair[1], attribute) == wanted]
    found.sort(key=lambda pair: pair[1].authorised_at, reverse=True)
    contracts = [
        contract for order, row in found for contract in _history_rows(order, row)
    ]
    contracts = contracts[first : first + count]
    code = (codes.APPROVED, "") if contracts else codes.NO_RESULT
    return _listing(contracts, code, fields.get("MerchantOrderId", ""))


def _history_rows(order, row):
    """Return the rows of a transaction; what was voided has one for the void too."""
    if row.state != VOIDED:
        return [_described(order, row)]
    reversal = {
        **_described(order, row),
        "OrderStatus": books.CANCELLED,
        "OrderStatusDescription": DESCRIPTIONS[books.CANCELLED],
        "OrderDate": format_time(row.voided_at),
        "TranAmount": format_amount(row.amount_kurus),
    }
    return [reversal, _described(order, row)]


def _described(order, row):
    tree = books.order_contract(order, row)
    if row.kind == REFUND:
        tree["OrderStatus"] = tree["LastOrderStatus"]
    good = tree["TransactionStatus"] == "1"
    return {
        **tree,
        "OrderStatusDescription": DESCRIPTIONS[tree["OrderStatus"]],
        "OrderTypeDescription": "Taksitli" if row.installments else "Pesin",
        "TransactionStatusDescription": "Basarili" if good else "Basarisiz",
        "LastOrderStatusDescription": DESCRIPTIONS[tree["LastOrderStatus"]],
        "TranAmount": format_amount(row.captured_kurus or 0),
    }


def _listing(contracts, code, order_id):
    return {
        "VPosOrderData": {"OrderContract": contracts} if contracts else "",
        "ResponseCode": code[0],
        "ResponseMessage": code[1],
        "MerchantOrderId": order_id,
    }
