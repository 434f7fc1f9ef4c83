"""NestPay's side for tests: it signs by its own reading of hash versions 3 and 1."""

import re
import string
from functools import partial
from urllib.parse import quote_plus

from pos_gateway.protocols.answers import Message
from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import base64_of, stated

STORE_KEY = "Canary|Store\\Key.77"
API_PASSWORD = "CanaryApiPassword.77"
CARD = "4543600100000002"
FORM_TYPE = "application/x-www-form-urlencoded"
PLAN = "26325Lzp16290PLAN"
SECRETS = (STORE_KEY, API_PASSWORD)
LEFT_OUT = ("HASH", "ENCODING", "NATIONALIDNO")

_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)

terminal = partial(
    Terminal,
    merchant_id="500990000",
    urls={
        "page": "https://banka.example/fim/est3Dgate",
        "api": "https://banka.example/fim/api",
    },
    store_key=Secret(STORE_KEY),
    api_user="apiuser",
    api_password=Secret(API_PASSWORD),
)
order = partial(
    common.order,
    order_id="TAH-2026-000123",
    client_ip="203.0.113.7",
    references={"recurring_id": PLAN},
)


GENUINE = {
    "ReturnOid": "TAH-2026-000123",
    "oid": "TAH-2026-000123",
    "clientid": "500990000",
    "storetype": "3d_pay_hosting",
    "hashAlgorithm": "ver3",
    "amount": "1250.40",
    "currency": "949",
    "taksit": "",
    "mdStatus": "1",
    "mdErrorMsg": "Y-status",
    "txstatus": "Y",
    "eci": "05",
    "cavv": "AAABBBCCC=",
    "xid": "WFlaMTIz",
    "md": "454360:AB12:3771:##500990000",
    "maskedCreditCard": "4543 60** **** 0002",
    "Response": "Approved",
    "ProcReturnCode": "00",
    "AuthCode": "771204",
    "HostRefNum": "632511004477",
    "TransId": "26325LzpJ16296",
    "ErrMsg": "",
    "EXTRA.TRXDATE": "20261121 12:00:44",
    "EXTRA.CARDBRAND": "VISA",
    "EXTRA.ERRORCODE": "",
    "rnd": "xyz987",
    "lang": "tr",
    "encoding": "UTF-8",
}
DECLINED = {"Response": "Declined", "ProcReturnCode": "51", "ErrMsg": "Limit yetersiz"}


def fields(**changes):
    """The fields of a genuine approval with changes; ``None`` leaves a field out."""
    return stated(GENUINE | changes)


def signature(values, store_key=STORE_KEY):
    names = sorted(
        (n for n in values if n.translate(_CAPITALS) not in LEFT_OUT),
        key=lambda name: name.translate(_CAPITALS),
    )
    texts = [values[name] for name in names] + [store_key]
    plain = "|".join(re.sub(r"([\\|])", r"\\\1", text) for text in texts)
    return base64_of("sha512", plain)


def signed(values, store_key=STORE_KEY):
    """A message as the bank posts it."""
    return Message((*values.items(), ("HASH", signature(values, store_key))))


FORM_LIST = "clientid oid amount okUrl failUrl islemtipi taksit rnd".split()
AUTHENTICATION_LIST = "clientid oid mdStatus cavv eci md rnd".split()
PAYMENT_LIST = [
    *"clientid oid AuthCode ProcReturnCode Response mdStatus cavv eci md rnd".split()
]


def first_signature(values, names, store_key=STORE_KEY):
    """By version 1."""
    glued = "".join(values.get(name, "") for name in names) + store_key
    return base64_of("sha1", glued)


def first_signed(names=None, store_key=STORE_KEY, **changes):
    """A return of version 1; its list is that of a payment unless given."""
    names = PAYMENT_LIST if names is None else names
    values = fields(hashAlgorithm=None, **changes)
    return Message(
        (
            *values.items(),
            ("HASHPARAMS", ":".join(names) + ":"),
            ("HASHPARAMSVAL", "".join(values.get(name, "") for name in names)),
            ("HASH", first_signature(values, names, store_key)),
        )
    )


def posted(message):
    """The body in which a browser brings the message."""
    return "&".join(f"{quote_plus(n)}={quote_plus(v)}" for n, v in message.fields)


def answer(extra=(), **changes):
    """The bank's XML answer to an inquiry about a charged order, with changes."""
    outer = {
        "OrderId": "TAH-2026-000123",
        "Response": "Approved",
        "ProcReturnCode": "00",
        "TransId": "26325LzpJ16296",
        "ErrMsg": "Record(s) found for TAH-2026-000123",
    } | changes
    inner = {
        "ORD_ID": "TAH-2026-000123",
        "CHARGE_TYPE_CD": "S",
        "TRANS_STAT": "S",
        "ORIG_TRANS_AMT": "125040",
        "CAPTURE_AMT": "125040",
        "AUTH_CODE": "771204",
        "HOST_REF_NUM": "632511004477",
        "PAN": "4543 60** **** 0002",
        "PROC_RET_CD": "00",
        "TRANS_ID": "26325LzpJ16296",
        "NUMCODE": "0",
    } | dict(extra)
    text = _xml(outer) + f"<Extra>{_xml(inner)}</Extra>"
    head = '<?xml version="1.0" encoding="ISO-8859-9"?>'
    return f"{head}\n<CC5Response>{text}</CC5Response>".encode("iso-8859-9")


def _xml(values):
    return "".join(
        f"<{name}>{value}</{name}>"
        for name, value in values.items()
        if value is not None
    )


# --- what every family's module has, for the shared suites ---------------------------


def genuine(**changes):
    """A paid return for ``order()``; ``None`` leaves a field out."""
    return sign(fields(**changes))


def sign(values):
    return [*signed({n: v for n, v in values.items() if n != "HASH"}).fields]


def declined():
    return genuine(**DECLINED)


def document(extra=(), **outer):
    """An answer without an order's facts."""
    outer = {"OrderId": "TAH-2026-000123", "GroupId": "TAH-2026-000123"} | outer
    text = _xml(outer) + f"<Extra>{_xml(dict(extra))}</Extra>"
    head = '<?xml version="1.0" encoding="ISO-8859-9"?>'
    return f"{head}\n<CC5Response>{text}</CC5Response>".encode("iso-8859-9")


def done(**changes):
    """The answer to a capture, void or refund that was done."""
    outer = {
        "Response": "Approved",
        "AuthCode": "771205",
        "HostRefNum": "632511004478",
        "ProcReturnCode": "00",
        "TransId": "26325LzqK16297",
        "ErrMsg": "",
    }
    extra = {"SETTLEID": "2400", "TRXDATE": "20261121 14:10:05", "NUMCODE": "00"}
    return document(extra, **outer | changes)


def not_done(code, **changes):
    outer = {"Response": "Error", "ProcReturnCode": "99", "TransId": "", "ErrMsg": "x"}
    return document({"ERRORCODE": code}, **outer | changes)


def row(kind="S", state="C", amount="125040", captured="125040", **changes):
    """One transaction of a history; ``None`` of a change leaves the rest away."""
    texts = {
        "kind": kind,
        "state": state,
        "amount": amount,
        "captured": captured,
        "at": "2026-11-21 12:00:44.27",
        "captured_at": "2026-11-21 23:00:00.0",
        "voided_at": "",
        "reference": "632511004477",
        "authorisation": "771204",
        "code": "00",
        "transaction": "26325LzpJ16296",
    }
    return "\t".join((texts | changes).values())


def history(*rows, count=None, **changes):
    extra = {f"TRX{n}": text for n, text in enumerate(rows, 1)}
    extra |= {"NUMCODE": "0", "TRXCOUNT": str(len(rows)) if count is None else count}
    outer = {"ErrMsg": "", "ProcReturnCode": "00", "Response": "Approved"}
    return document(extra, **outer | changes)


def recurred(**changes):
    """The answer to a recurring sale whose first payment was made."""
    outer = {
        "Response": "Approved",
        "AuthCode": "771204",
        "HostRefNum": "632511004477",
        "ProcReturnCode": "00",
        "TransId": "26325LzpJ16296",
        "ErrMsg": "",
    }
    extra = {"RECURRINGID": PLAN, "TRXDATE": "20261121 12:00:44", "NUMCODE": "00"}
    return document(extra, **outer | changes)


def payment(number, state="PN", **changes):
    """The fields of one payment of a schedule; ``None`` leaves a field out."""
    texts = {
        "ORD_ID": "TAH-2026-000123" + (f"-{number}" if number > 1 else ""),
        "CHARGE_TYPE_CD": "S",
        "TRANS_STAT": state,
        "ORIG_TRANS_AMT": "125040",
        "PAN": "4543 60** **** 0002",
        "PLANNED_START_DTTM": f"2027-{number - 1:02}-21 12:00:44.27",
    }
    made = {
        "PLANNED_START_DTTM": None,
        "CAPTURE_AMT": "125040",
        "AUTH_CODE": f"77120{number}",
        "HOST_REF_NUM": f"63251100447{number}",
        "AUTH_DTTM": "2026-11-21 12:00:44.27",
        "TRANS_ID": f"26325LzpJ1629{number}",
        "PROC_RET_CD": "00",
    }
    texts |= made if state in ("C", "S", "A", "V") else {}
    return {
        f"{name}_{number}": text
        for name, text in (texts | changes).items()
        if text is not None
    }


def plan(*payments, count=None, **outer):
    """The answer about a schedule."""
    extra = {"RECURRINGID": PLAN, "NUMCODE": "0"}
    extra["RECURRINGCOUNT"] = str(len(payments)) if count is None else count
    for one in payments:
        extra |= one
    outer = {"OrderId": None, "GroupId": None} | outer
    return document(extra, ErrMsg=f"Record(s) found for {PLAN}", **outer)


def dropped(**changes):
    """The answer to the cancellation of a schedule."""
    outer = {
        "OrderId": None,
        "GroupId": None,
        "RECURRINGOPERATION": "CANCEL",
        "RECORDTYPE": "RECURRING",
        "RECORDID": PLAN,
        "RESULT": "Successfull",
    }
    return document((), **outer | changes)


def answers():
    return {
        Operation.INQUIRY: answer(),
        Operation.HISTORY: history(row()),
        Operation.CAPTURE: done(),
        Operation.VOID: done(),
        Operation.REFUND: done(),
        Operation.RECURRING: recurred(),
        Operation.RECURRING_STATUS: plan(payment(1, "C"), payment(2), payment(3)),
        Operation.RECURRING_CANCEL: dropped(),
    }


def refused():
    rights = {"OrderId": "", "Response": "Error", "ErrMsg": "yetki yok"}
    return {
        Operation.INQUIRY: not_done("CORE-2202", **rights),
        Operation.HISTORY: not_done("CORE-2202", **rights),
        Operation.CAPTURE: not_done("CORE-2115"),
        Operation.VOID: not_done("CORE-2008"),
        Operation.REFUND: not_done("CORE-2508"),
        Operation.RECURRING: not_done("CORE-2012"),
        Operation.RECURRING_STATUS: not_done("CORE-2202", **rights),
        Operation.RECURRING_CANCEL: not_done("CORE-2202", **rights),
    }


def unknown_order():
    outer = {"OrderId": "", "GroupId": None, "Response": "Declined"}
    outer |= {"ProcReturnCode": "99", "TransId": "", "ErrMsg": "No record found"}
    return document({"NUMCODE": "0", "ORDERSTATUS": "ORD_ID:\tTRANS_STAT:"}, **outer)
