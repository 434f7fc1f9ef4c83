"""What our server asks PayFlex after a page was opened: wording only."""

from . import money, wire
from .types import Call, Operation, Order, Terminal

TYPES = {
    Operation.CAPTURE: ("Capture",),
    Operation.VOID: ("Cancel",),
    Operation.REFUND: ("Refund",),
    Operation.SALE: ("Sale", "Auth"),
}
"""The first one is asked for. A sale is understood, though never asked for."""


def count(_terminal: Terminal, order: Order) -> str | None:
    """The number of installments; a single payment does not say it."""
    return None if order.installment_count == 1 else str(order.installment_count)


def resolve(terminal: Terminal, order: Order, _call: Call):
    token = order.references.get("token")
    if not token:
        raise ValueError("The order was not registered with the bank.")
    yield ("HostMerchantId", terminal.merchant_id)
    yield ("Password", terminal.api_password.reveal())
    yield ("TransactionId", order.references.get("page_number", ""))
    yield ("PaymentToken", token)


def search(terminal: Terminal, order: Order, _call: Call):
    shop = (
        ("HostMerchantId", terminal.merchant_id),
        ("MerchantPassword", terminal.api_password.reveal()),
    )
    wanted = (("TransactionId", ""), ("OrderId", order.order_id), ("AuthCode", ""))
    tree = (("MerchantCriteria", shop), ("TransactionCriteria", wanted))
    yield ("prmstr", wire.build_xml("SearchRequest", tree, "UTF-8").decode())


def vpos(terminal: Terminal, order: Order, call: Call):
    if not order.references.get("transaction_id"):
        raise ValueError("The bank's number of the payment is missing: ask for it.")
    if call.operation is Operation.CAPTURE and call.amount_kurus not in (
        None,
        order.amount_kurus,
    ):
        raise ValueError("The bank captures the whole amount only.")
    money_of = (("CurrencyAmount", money.to_decimal_text(call.kurus_of(order))),)
    currency = (("CurrencyCode", money.currency_number(order.currency)),)
    tree = (
        ("MerchantId", terminal.merchant_id),
        ("Password", terminal.api_password.reveal()),
        ("TerminalNo", terminal.terminal_id),
        ("TransactionType", TYPES[call.operation][0]),
        ("TransactionId", call.key),
        ("ReferenceTransactionId", order.references["transaction_id"]),
        *(() if call.operation is Operation.VOID else money_of),
        *(currency if call.operation is Operation.CAPTURE else ()),
        ("ClientIp", order.client_ip or "127.0.0.1"),
    )
    yield ("prmstr", wire.build_xml("VposRequest", tree, "UTF-8").decode())
