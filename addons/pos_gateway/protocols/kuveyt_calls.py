"""What Kuveyt Türk is sent: cards and charges at its gates, the rest at its service."""

from datetime import datetime, timedelta

from . import boa
from .fields import in_turkey, web_address
from .types import Call, Operation, Order, Terminal

_VERSION = "TDV2.0.0"


def gate_call(terminal: Terminal, order: Order, call: Call) -> dict:
    """The message that hands a card over, or charges the one that was recognised."""
    is_opening = call.operation is Operation.CARD_PAGE
    fields = _card_page(order, call) if is_opening else _sale(order)
    return boa.signed(terminal, {**_head(terminal, "Sale"), **_terms(order), **fields})


def _head(terminal: Terminal, kind: str) -> dict:
    return {
        "APIVersion": _VERSION,
        "HashData": "",
        **boa.shop(terminal),
        "TransactionType": kind,
    }


def _terms(order: Order) -> dict:
    return {
        "InstallmentCount": boa.count(order),
        **boa.money_fields(order),
        "CurrencyCode": boa.currency(order),
        "MerchantOrderId": order.order_id,
        "TransactionSecurity": "3",
    }


def _card_page(order: Order, call: Call) -> dict:
    if call.card is None:
        raise ValueError("The bank needs the card to open its page.")
    address = web_address(order.return_url)
    holder = {"CardHolderData": {"Email": order.email}} if order.email else {}
    return {
        "OkUrl": address,
        "FailUrl": address,
        **boa.card_fields(call.card),
        "DeviceData": {"DeviceChannel": "02", "ClientIP": order.client_ip},
        **holder,
    }


def _sale(order: Order) -> dict:
    data = {"Key": "MD", "Data": boa.reference(order, "md")}
    return {
        "CustomerIPAddress": order.client_ip,
        "KuveytTurkVPosAdditionalData": {"AdditionalData": data},
    }


def service_call(terminal: Terminal, order: Order, call: Call, method: str) -> dict:
    """The request of a method, with the signed message that each of them wants."""
    is_question = call.operation is Operation.INQUIRY
    amount = "0" if is_question else boa.amount_of(order, call)
    message = {
        **_head(terminal, method),
        "SubMerchantId": "0",
        "InstallmentCount": "0",
        "Amount": amount,
        "DisplayAmount": amount,
        "CancelAmount": amount,
        "MerchantOrderId": order.order_id,
        "CurrencyCode": boa.currency(order),
        "TransactionSecurity": "1",
    }
    return {
        "IsFromExternalNetwork": "true",
        "BusinessKey": "0",
        "ResourceId": "0",
        "ActionId": "0",
        "LanguageId": "0",
        "CustomerId": terminal.account_id,
        "MailOrTelephoneOrder": "true",
        "Amount": amount,
        "MerchantId": terminal.merchant_id,
        "MerchantOrderId": order.order_id,
        **(_window(order, call) if is_question else _numbers(order)),
        "VPosMessage": boa.signed(terminal, message),
    }


def _window(order: Order, call: Call) -> dict:
    """All orders of this number from the day before it was made to tomorrow."""
    days = {
        "StartDate": _day(order.at, -1),
        "EndDate": _day(call.at, 1),
    }
    return {"OrderId": "0", **days, "TransactionType": "0"}


def _numbers(order: Order) -> dict:
    return {
        "OrderId": boa.reference(order, "bank_order_id"),
        "RRN": boa.reference(order, "rrn"),
        "Stan": boa.reference(order, "stan"),
        "ProvisionNumber": boa.reference(order, "provision_number"),
    }


def _day(at: datetime | None, days: int) -> str:
    moved = in_turkey(at) + timedelta(days=days)
    return moved.strftime("%Y-%m-%dT%H:%M:%S")
