"""What both banks do with a booked payment, and how they tell its state."""

from ..money import format_amount
from ..operations import Refusal, refund, void
from ..orders import AUTHORISED, CAPTURED, REFUND, SALE, SETTLED, VOIDED
from .wire import format_time, masked_number

PAID, REFUNDED, PARTLY_REFUNDED, CANCELLED = "1", "4", "5", "6"
WAITING = "2"  # a pre-authorisation before its capture; the number is unverified
CARD_TYPES = {"VISA": "Visa", "MASTERCARD": "MasterCard", "TROY": "Troy"}


def find_sale(bank, terminal, order_id, bank_order_id=""):
    """Return order and successful sale by the merchant's id and the bank's own."""
    order = bank.find_order(order_id, terminal.client_id)
    sale = order.sale if order else None
    if not sale or bank_order_id not in ("", "0", sale.trans_id):
        raise Refusal("unknown_order")
    return order, sale


def reverse(bank, order, sale):
    """Void a sale or a pre-authorisation before the batch closes."""
    if sale.state == VOIDED:
        raise Refusal("already_voided")
    if order.refunded_kurus:
        raise Refusal("refunded_before_void")
    return void(bank, order, sale.trans_id)


def give_back(bank, order, sale, amount_kurus, *, whole, same_day_parts):
    """Refund a sale.

    :param whole: the amount must be that of the sale
    :param same_day_parts: true at a bank that gives back a part before the batch
        closes; the whole amount is to be voided then
    """
    if sale.state == VOIDED:
        raise Refusal("voided_before_refund")
    if sale.state == AUTHORISED:
        raise Refusal("nothing_to_refund")
    if whole and amount_kurus != sale.captured_kurus:
        raise Refusal("amount_differs")
    part = same_day_parts and amount_kurus != sale.captured_kurus
    if sale.state == CAPTURED and not part:
        raise Refusal("not_settled")
    return refund(bank, order, amount_kurus, sale.currency, same_day=True)


def attempts(order):
    return [row for row in order.transactions if row.kind == SALE]


def order_contract(order, row):
    """Return the state of a sale; its amounts are lira, unlike those of the gates."""
    last = last_status(order, row)
    settled = row.state == SETTLED
    tree = {
        "OrderId": row.trans_id,
        "MerchantOrderId": order.order_id,
        "MerchantId": order.client_id,
        "CardType": CARD_TYPES.get(row.brand, ""),
        "CardNumber": masked_number(row.masked),
        "OrderDate": format_time(row.authorised_at),
        "OrderStatus": WAITING if row.preauth else PAID,
        "LastOrderStatus": last,
        "OrderType": "2" if row.installments else "1",
        "TransactionStatus": "1" if row.succeeded else "2",
        "FirstAmount": format_amount(row.amount_kurus),
        "CancelAmount": format_amount(_voided_kurus(row)),
        "DrawbackAmount": format_amount(_refunded_kurus(order, row)),
        "ClosedAmount": format_amount(row.captured_kurus or 0 if row.preauth else 0),
        "FEC": f"0{row.currency}",
        "InstallmentCount": str(row.installments),
        "TransactionSecurity": "3",
        "ResponseCode": row.code,
        "ResponseExplain": row.text or "İşlem gerçekleştirildi.",
        "EndOfDayStatus": "2" if settled else "1",
        "ProvNumber": row.auth_code,
        "BatchId": row.settle_id or "0",
        "RRN": row.host_ref,
        "Stan": row.host_ref[-6:],
        "FECAmount": "0",
    }
    return tree


def last_status(order, row):
    if row.state == VOIDED:
        return CANCELLED
    if row.kind == REFUND:
        return (
            REFUNDED
            if row.amount_kurus == order.sale.captured_kurus
            else (PARTLY_REFUNDED)
        )
    if row.state == AUTHORISED:
        return WAITING
    refunded = _refunded_kurus(order, row)
    if not refunded:
        return PAID
    return REFUNDED if refunded == row.captured_kurus else PARTLY_REFUNDED


def _refunded_kurus(order, row):
    return order.refunded_kurus if row is order.sale else 0


def _voided_kurus(row):
    return row.amount_kurus if row.state == VOIDED else 0
