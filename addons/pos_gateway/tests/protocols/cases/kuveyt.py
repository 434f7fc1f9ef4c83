"""Kuveyt Türk's side for tests, by its own reading of the bank's documents."""

from pos_gateway.protocols.types import CardEntry, Operation

from . import boa, common
from .boa import SECRETS, order, returned, sign
from .common import stated

__all__ = ["SECRETS", "order", "sign"]

SERVICE = "http://boa.net/BOA.Integration.VirtualPos/Service"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
genuine, pack = returned, boa.packed


def terminal(**changes):
    urls = {
        "api": "https://banka.example/ServiceGateWay/Home",
        "service": "https://banka.example/VirtualPosService.svc/Basic",
    }
    values = {"urls": urls, "card_entry": CardEntry.SERVER}
    return boa.terminal(**values | changes)


def declined(**changes):
    return returned(**boa.NOT_AUTHENTICATED | changes)


def soap(method, result):
    inside = common.xml({f"{method}Result": result})
    text = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body>'
        f'<{method}Response xmlns="{SERVICE}">{inside}</{method}Response>'
        "</s:Body></s:Envelope>"
    )
    return text.encode()


def error(code="InvalidRequestError", message="İşlem yapılamadı"):
    return {
        "Result": {"ErrorMessage": message, "ErrorCode": code, "IsFriendly": "true"}
    }


def done(method, results="", success="true", **changes):
    value = {
        "IsEnrolled": "false",
        "ProvisionNumber": boa.PROVISION,
        "RRN": boa.RRN,
        "Stan": boa.STAN,
        "ResponseCode": "00",
        "ResponseMessage": "OTORİZASYON VERİLDİ",
        "OrderId": boa.BANK_ORDER,
        "TransactionTime": "2026-11-21T14:09:21.3829986",
        "MerchantOrderId": boa.ORDER_ID,
        "CurrencyCode": "0949",
        "MerchantId": "",
    }
    value = stated(value | changes)
    return soap(method, {"Results": results, "Success": success, "Value": value})


def not_done(method, code="DbLayerError", results=None):
    """A refusal as the bank's books say it."""
    empty = dict.fromkeys(("ProvisionNumber", "RRN", "Stan", "MerchantOrderId"))
    said = {"ResponseCode": code, "ResponseMessage": "", "OrderId": "0"}
    said |= {"TransactionTime": "0001-01-01T00:00:00"}
    results = error() if results is None else results
    return done(method, results, "false", **empty | said)


def found(*rows, results="", success="true"):
    value = {"OrderContract": list(rows)} if rows else ""
    tree = {"Results": results, "Success": success, "Value": value}
    return soap("GetMerchantOrderDetail", tree)


def answers():
    return {
        Operation.CARD_PAGE: boa.page(),
        Operation.SALE: boa.sold(),
        Operation.INQUIRY: found(boa.row()),
        Operation.VOID: done("SaleReversal"),
        Operation.REFUND: done("DrawBack"),
    }


def refused():
    hash_error = {"results": error("HashDataError"), "success": "false"}
    card = {"ResponseCode": "HashDataError", "MerchantOrderId": boa.ORDER_ID}
    return {
        Operation.CARD_PAGE: common.document(boa.CONTRACT, card),
        Operation.SALE: boa.sold(**boa.NOT_SOLD),
        Operation.INQUIRY: found(**hash_error),
        Operation.VOID: not_done("SaleReversal"),
        Operation.REFUND: not_done("DrawBack", "28"),
    }


def unknown_order():
    return found()
