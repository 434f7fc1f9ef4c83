"""Akbank's side for tests: it signs by its own reading of the bank's documents."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, RETURN_URL, stated

SECRET_KEY = "43616e61727941676131325f44656e656d65416e61687461725f3737"
SECRETS = (SECRET_KEY,)
MERCHANT, TERMINAL = "A1" * 16, "B2" * 16

terminal = partial(
    Terminal,
    merchant_id=MERCHANT,
    terminal_id=TERMINAL,
    urls={
        "page": "https://banka.example/payhosting",
        "api": "https://banka.example/transaction/process",
        "report": "https://banka.example/portal/report/transaction",
    },
    store_key=Secret(SECRET_KEY),
)
order = partial(
    common.order,
    at=datetime(2026, 11, 21, 8, 59, 30, 120000, UTC),
    client_ip="203.0.113.7",
)


def mac(text, key=SECRET_KEY):
    octets = text if isinstance(text, bytes) else text.encode()
    code = hmac.new(key.encode(), octets, hashlib.sha512).digest()
    return base64.b64encode(code).decode()


GENUINE = {
    "txnCode": "1000",
    "responseCode": "VPS-0000",
    "responseMessage": "BAŞARILI",
    "hostResponseCode": "00",
    "hostMessage": "000 ONAY KODU XXXXXX",
    "txnDateTime": "2026-11-21T12:01:02.851",
    "merchantSafeId": MERCHANT,
    "terminalSafeId": TERMINAL,
    "orderId": ORDER_ID,
    "mdStatus": "1",
    "cardHolderName": "DE** KA**",
    "maskedCardNumber": "454360******0002",
    "authCode": "064716",
    "rrn": "632525059548",
    "batchNumber": "99",
    "stan": "5",
    "amount": "1250.40",
    "installCount": "1",
    "additionalInstallCount": "0",
    "deferingMonth": "0",
    "ccbEarnedRewardAmount": "0.00",
    "ccbBalanceRewardAmount": "12.30",
    "ccbRewardDesc": "DENEME PUAN",
    "pcbEarnedRewardAmount": "0.00",
    "pcbBalanceRewardAmount": "0.00",
    "xcbEarnedRewardAmount": "0.00",
    "xcbBalanceRewardAmount": "0.00",
    "okUrl": RETURN_URL,
    "failUrl": RETURN_URL,
}
OF_2026 = ("mdStatus", "maskedCardNumber", "amount", "installCount", "okUrl", "failUrl")
LIST_2024 = dict.fromkeys(OF_2026)
REFUSED = {
    "responseCode": "VPS-1005",
    "responseMessage": "Provizyon Hatası",
    "hostResponseCode": "51",
    "hostMessage": "151 LIMIT YETERSIZ",
    "authCode": "000000",
}
NOT_AUTHENTICATED = {
    "responseCode": "VPS-1279",
    "responseMessage": "BKM 3DS Server Doğrulama Başarısız",
    "orderId": ORDER_ID,
}


def genuine(**changes):
    """A paid return for ``order()``; ``None`` leaves a field out."""
    fields = GENUINE | changes
    return sign(stated(fields))


def sign(fields, secret_key=SECRET_KEY):
    """The names of all fields with a value, in the order in which they stand."""
    fields = {n: v for n, v in fields.items() if n not in ("hash", "hashParams")}
    names = [name for name, text in fields.items() if text]
    glued = "".join(fields[name] for name in names)
    return [
        *fields.items(),
        ("hashParams", "+".join(names)),
        ("hash", mac(glued, secret_key)),
    ]


def declined(**changes):
    return genuine(**REFUSED | changes)


def not_authenticated(**changes):
    """As the page says it: three signed fields, the others empty."""
    signed = sign(NOT_AUTHENTICATED | changes)
    empty = ("txnCode", "hostResponseCode", "hostMessage", "merchantSafeId")
    return [*((name, "") for name in empty), *signed]


def answer(code="1005", **changes):
    tree = {
        "txnCode": code,
        "responseCode": "VPS-0000",
        "responseMessage": "BAŞARILI",
        "hostResponseCode": "00",
        "hostMessage": "000 ONAY KODU XXXXXX",
        "txnDateTime": "2026-11-21T12:30:00.120",
        "terminal": {"merchantSafeId": MERCHANT, "terminalSafeId": TERMINAL},
        "order": {"orderId": ORDER_ID},
        "transaction": {
            "authCode": "064731",
            "rrn": "632525059601",
            "batchNumber": 99,
            "stan": 21,
        },
        "campaign": {"additionalInstallCount": 0},
        "reward": [],
        "card": {},
    }
    tree = stated(tree | changes)
    return json.dumps(tree, ensure_ascii=False).encode()


def refusal(code, response="VPS-1007", **changes):
    nothing = {"stan": 0, "rrn": "0", "batchNumber": 0}
    said = {"responseCode": response, "responseMessage": "İşlem yapılamadı"}
    said |= {"hostResponseCode": None, "hostMessage": None, "transaction": nothing}
    return answer(code, **said | changes)


def row(**changes):
    values = {
        "txnCode": "1000",
        "responseCode": "VPS-0000",
        "responseMessage": "BAŞARILI",
        "hostResponseCode": "00",
        "hostMessage": "000 ONAY KODU XXXXXX",
        "txnDateTime": "2026-11-21T12:01:02.851",
        "orderId": ORDER_ID,
        "orgOrderId": ORDER_ID,
        "amount": 1250.4,
        "currencyCode": 949,
        "installCount": 1,
        "authCode": "064716",
        "rrn": "632525059548",
        "batchNumber": 99,
        "stan": 5,
        "txnStatus": "N",
        "maskedCardNumber": "454360******0002",
    }
    return stated(values | changes)


def later(code, amount=1250.4, **changes):
    """The row of a capture, refund or void: it has a number of its own."""
    values = {"txnCode": code, "amount": amount, "orderId": f"d2f58999-{code}"}
    values |= {"txnDateTime": "2026-11-22T09:00:00.000", "rrn": "632625059777"}
    return row(**values | changes)


PREAUTH = {"txnCode": "1004", "preAuthStatus": "O"}
CAPTURED = PREAUTH | {
    "preAuthStatus": "C",
    "preAuthCloseAmount": 1250.4,
    "preAuthCloseDate": "2026-11-22T09:00:00.000",
}


def listed(*rows, code="1010", **changes):
    tree = {
        "txnCode": code,
        "responseCode": "VPS-0000",
        "responseMessage": "BAŞARILI",
        "txnDateTime": "2026-11-22T10:00:00.000",
        "txnDetailList": list(rows),
    }
    tree = stated(tree | changes)
    return json.dumps(tree, ensure_ascii=False).encode()


TRACKED = {"orderTrackId": ORDER_ID}


def payment(number, status="W", **changes):
    """One payment of a schedule; ``None`` of a change leaves a field out."""
    values = {
        "txnCode": "1000",
        "requestType": "R",
        "requestStatus": status,
        "recurringOrder": number,
        "orderTrackId": ORDER_ID,
        "plannedDateTime": f"2027-{number - 1 or 12:02}-21T12:01:02.900",
        "amount": 1250.4,
        "currencyCode": 949,
        "installCount": 1,
        "tryCount": 0,
        "maskedCardNumber": "454360******0002",
    }
    made = {
        "orderId": ORDER_ID if number == 1 else f"d2f58999-{number}",
        "responseCode": "VPS-0000",
        "hostResponseCode": "00",
        "txnDateTime": "2026-11-21T12:01:02.851",
        "authCode": "064716",
        "rrn": f"63252505954{number}",
    }
    values |= made if status in ("S", "V") else {}
    return stated(values | changes)


def answers():
    return {
        Operation.INQUIRY: listed(row()),
        Operation.HISTORY: listed(row()),
        Operation.DAY_LIST: listed(row(), code="1009"),
        Operation.CAPTURE: answer("1005"),
        Operation.VOID: answer("1003"),
        Operation.REFUND: answer("1002"),
        Operation.RECURRING: answer("1000", order=TRACKED),
        Operation.RECURRING_STATUS: listed(payment(1, "S"), payment(2), payment(3)),
        Operation.RECURRING_CANCEL: answer(
            "1013", order=TRACKED, transaction=None, hostResponseCode=None
        ),
    }


def refused():
    clock = {"responseCode": "VPS-1073", "responseMessage": "Talep tarihi hatalı"}
    return {
        Operation.INQUIRY: listed(txnDetailList=None, **clock),
        Operation.HISTORY: listed(txnDetailList=None, **clock),
        Operation.DAY_LIST: listed(
            code="1009", txnDetailList=None, responseCode="VPS-2229"
        ),
        Operation.CAPTURE: refusal("1005"),
        Operation.VOID: refusal("1003", "VPS-1008"),
        Operation.REFUND: answer(
            "1002",
            responseCode="VPS-1005",
            hostResponseCode="57",
            hostMessage="157 IADE YAPILAMAZ",
        ),
        Operation.RECURRING: refusal("1000", "VPS-1055", order=TRACKED),
        Operation.RECURRING_STATUS: listed(txnDetailList=None, **clock),
        Operation.RECURRING_CANCEL: refusal("1013", "VPS-1059", order=TRACKED),
    }


def unknown_order():
    return listed(
        txnDetailList=None,
        responseCode="VPS-1123",
        responseMessage="İşlem bulunamadı",
    )
