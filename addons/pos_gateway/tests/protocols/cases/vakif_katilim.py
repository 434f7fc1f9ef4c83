"""Vakıf Katılım's side for tests, by its own reading of the bank's documents."""

from pos_gateway.protocols.types import Operation, Secret

from . import boa, common
from .boa import order, returned

__all__ = ["order"]

PASSWORD = "CanaryKatilim/78"
SECRETS = (PASSWORD, boa.sha(PASSWORD))


def terminal(**changes):
    urls = {
        "page": "https://banka.example/CommonPaymentPage/CommonPaymentPage",
        "api": "https://banka.example/VirtualPOS.Gateway/Home",
    }
    values = {"urls": urls, "api_password": Secret(PASSWORD)}
    return boa.terminal(**values | changes)


def genuine(**changes):
    """What the bank's page brings back after a payment."""
    paid = {"RRN": boa.RRN, "ProvisionNumber": boa.PROVISION, "Stan": boa.STAN}
    return returned(**{"MD": ""} | paid | changes)


def declined(**changes):
    return returned(**{"MD": ""} | boa.NOT_AUTHENTICATED | changes)


def sign(fields):
    """The payer knows what signs: nothing that comes through the browser is signed."""
    return list(dict(fields).items())


def done(**changes):
    """The answer to a void or refund, as it comes: without a signature."""
    return common.document(boa.CONTRACT, boa.SOLD | changes)


def not_done(code="OrderDataNotFound"):
    empty = {"ProvisionNumber": None, "RRN": None, "Stan": None, "OrderId": "0"}
    return done(**empty | {"ResponseCode": code, "ResponseMessage": "bulunamadi."})


def found(*rows, **changes):
    tree = {
        "VPosOrderData": {"OrderContract": list(rows)} if rows else "",
        "ResponseCode": "00",
        "ResponseMessage": "",
        "MerchantOrderId": boa.ORDER_ID,
    }
    return common.document("VPosOrderResponseContract", tree | changes)


def listed(*rows, **changes):
    return found(*rows, **{"MerchantOrderId": None} | changes)


def answers():
    return {
        Operation.CARD_PAGE: boa.page(),
        Operation.SALE: boa.sold(PASSWORD),
        Operation.INQUIRY: found(boa.row()),
        Operation.DAY_LIST: listed(boa.row()),
        Operation.VOID: done(),
        Operation.REFUND: done(),
    }


def refused():
    card = {"ResponseCode": "HashDataError", "MerchantOrderId": boa.ORDER_ID}
    return {
        Operation.CARD_PAGE: common.document(boa.CONTRACT, card),
        Operation.SALE: boa.sold(PASSWORD, **boa.NOT_SOLD),
        Operation.INQUIRY: found(ResponseCode="MerchantNotDefined"),
        Operation.DAY_LIST: listed(ResponseCode="HashDataError"),
        Operation.VOID: not_done(),
        Operation.REFUND: not_done("28"),
    }


def unknown_order():
    return found(ResponseCode="NonResult")
