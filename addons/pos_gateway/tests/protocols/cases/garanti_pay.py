"""GarantiPay's side for tests: the gate of ``cases.garanti``, without a card."""

from pos_gateway.protocols.types import Operation

from . import garanti as card
from .common import ORDER_ID, RETURN_URL, stated

STORE_KEY, SECRETS = card.STORE_KEY, card.SECRETS
TERMINAL_ID, MERCHANT_ID = card.TERMINAL_ID, card.MERCHANT_ID
PROVRFN = card.PROVRFN
terminal, order, sign, sha = card.terminal, card.order, card.sign, card.sha
answer, inquired, unknown_order = card.answer, card.inquired, card.unknown_order
NOT_OFFERED = (
    Operation.CAPTURE,
    Operation.BIN,
    Operation.POINTS,
    Operation.RECURRING,
    Operation.RECURRING_STATUS,
    Operation.RECURRING_CANCEL,
)


def form_hash(amount="125040", currency="949", count="", kind="gpdatarequest"):
    return card.form_hash(amount, currency, count, kind)


GENUINE = card.GENUINE | {
    "eci": "",
    "cavv": "",
    "md": "",
    "xid": "",
    "secure3dsecuritylevel": "CUSTOM_PAY",
    "txntype": "gpdatarequest",
    "txnsubtype": "sales",
    "garantipay": "Y",
}


def genuine(**changes):
    """A return of ``order()`` that says that it was paid."""
    fields = GENUINE | {"secure3dhash": form_hash()} | changes
    return sign(stated(fields))


def declined(**changes):
    return genuine(**card.REFUSED | changes)


def notice(**changes):
    """As anybody could make it up: it names the order, and nothing proves it."""
    fields = {
        "oid": ORDER_ID,
        "orderid": ORDER_ID,
        "terminalid": TERMINAL_ID,
        "terminalmerchantid": MERCHANT_ID,
        "response": "Approved",
        "procreturncode": "00",
        "mdstatus": "1",
        "authcode": "304917",
        "hostrefnum": "632500310011",
        "txnamount": "125040",
        "txncurrencycode": "949",
        "successurl": RETURN_URL,
    }
    return list(stated(fields | changes).items())


def answers():
    return _offered(card.answers())


def refused():
    return _offered(card.refused())


def _offered(said):
    return {name: body for name, body in said.items() if name not in NOT_OFFERED}
