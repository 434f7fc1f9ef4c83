"""Garanti's side for tests: it signs by its own reading of hash version 512."""

import hashlib
from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, RETURN_URL, stated, xml

STORE_KEY = "43616e617279537461746531"
PROVAUT, PROVRFN, PROVOOS = "CanaryAut/1", "CanaryRfn/2", "CanaryOos/3"
SECRETS = (STORE_KEY, PROVAUT, PROVRFN, PROVOOS)
TERMINAL_ID, MERCHANT_ID = "30990017", "7009917"
LIST = ["clientid", "oid", "authcode", "procreturncode", "response", "mdstatus"]
LIST += ["cavv", "eci", "md", "rnd"]

terminal = partial(
    Terminal,
    merchant_id=MERCHANT_ID,
    terminal_id=TERMINAL_ID,
    urls={
        "page": "https://banka.example/servlet/gt3dengine",
        "api": "https://banka.example/VPServlet",
    },
    store_key=Secret(STORE_KEY),
    api_password=Secret(PROVAUT),
    refund_password=Secret(PROVRFN),
    page_password=Secret(PROVOOS),
)
order = partial(
    common.order,
    client_ip="203.0.113.7",
    email="bayi@ornek.example",
    references={"retref_num": "632500310011"},
)


def sha(algorithm, text):
    return hashlib.new(algorithm, text.encode()).hexdigest().upper()


def security_data(password, terminal_id=TERMINAL_ID):
    return sha("sha1", password + terminal_id.zfill(9))


def form_hash(amount="125040", currency="949", count="", kind="sales", order_id=None):
    text = TERMINAL_ID + (order_id or ORDER_ID) + amount + currency
    text += RETURN_URL + RETURN_URL + kind + count + STORE_KEY
    return sha("sha512", text + security_data(PROVOOS))


GENUINE = {
    "xid": "5f0d3c0e-0001-4c1e-9c11-5f0d3c0e0001",
    "mdstatus": "1",
    "mderrormessage": "Y-status/Challenge authentication",
    "txnstatus": "",
    "eci": "02",
    "cavv": "ZGVuZW1lY2F2dmRlbmVtZWM=",
    "md": "ZGVuZW1lIG1kIGRlbmVtZSBtZA==",
    "terminalid": TERMINAL_ID,
    "oid": ORDER_ID,
    "authcode": "304917",
    "response": "Approved",
    "errmsg": "",
    "hostmsg": "",
    "procreturncode": "00",
    "transid": ORDER_ID,
    "hostrefnum": "632500310011",
    "rnd": "u5x1hQ0w2tVb7kE3",
    "clientid": TERMINAL_ID,
    "MaskedPan": "45436001****0002",
    "apiversion": "512",
    "orderid": ORDER_ID,
    "txninstallmentcount": "",
    "terminaluserid": "PROVOOS",
    "secure3dsecuritylevel": "3D_OOS_PAY",
    "txncurrencycode": "949",
    "errorurl": RETURN_URL,
    "terminalmerchantid": MERCHANT_ID,
    "mode": "PROD",
    "terminalprovuserid": "PROVOOS",
    "txnamount": "125040",
    "successurl": RETURN_URL,
    "txntype": "sales",
}
REFUSED = {
    "authcode": " ",
    "response": "Declined",
    "procreturncode": "51",
    "errmsg": "Yetersiz bakiye",
    "hostrefnum": "",
}


def genuine(**changes):
    """A paid return for ``order()``; ``None`` leaves a field out."""
    fields = GENUINE | {"secure3dhash": form_hash()} | changes
    return sign(stated(fields))


def sign(fields, store_key=STORE_KEY):
    fields = {n: v for n, v in fields.items() if n not in ("hash", "hashparams")}
    glued = "".join(fields.get(name, "") for name in LIST)
    return [
        *fields.items(),
        ("hashparams", ":".join(LIST) + ":"),
        ("hashparamsval", glued),
        ("hash", sha("sha512", glued + store_key)),
    ]


def declined(**changes):
    return genuine(**REFUSED | changes)


def system_error(**changes):
    """As the page says it: with neither a list nor a hash."""
    fields = {
        "mdstatus": "7",
        "mderrormessage": "Sistem Hatasi",
        "errmsg": "Sistem Hatasi",
        "clientid": TERMINAL_ID,
        "oid": ORDER_ID,
        "response": "Error",
        "procreturncode": "99",
        "orderid": ORDER_ID,
        "txnamount": "125040",
        "terminalid": TERMINAL_ID,
        "terminalmerchantid": MERCHANT_ID,
        "secure3dhash": form_hash(),
    }
    return list(stated(fields | changes).items())


def answer(in_order=None, password=PROVAUT, algorithm="sha512", **changes):
    """An answer, signed the bank's way unless ``HashData`` is given."""
    said = {
        "Source": "HOST",
        "Code": "00",
        "ReasonCode": "00",
        "Message": "Approved",
        "ErrorMsg": "",
        "SysErrMsg": "",
    }
    done = {
        "RetrefNum": "632500310099",
        "AuthCode": "304917",
        "BatchNum": "006100",
        "SequenceNum": "000015",
        "ProvDate": "20261121 12:00:44",
        "CardNumberMasked": "45436001****0002",
        "CardType": "BONUS",
    }
    number = changes.pop("OrderID", ORDER_ID)
    said |= {name: changes.pop(name) for name in said.keys() & changes.keys()}
    done |= changes
    signed = said["Code"] + done["RetrefNum"] + done["AuthCode"] + done["ProvDate"]
    done.setdefault(
        "HashData", sha(algorithm, signed + number + security_data(password))
    )
    done |= {"HostMsgList": {"HostMsg": ["a", "b"]}}
    tree = {
        "Mode": "",
        "Terminal": {"ProvUserID": "PROVAUT", "ID": TERMINAL_ID},
        "Customer": {"IPAddress": "203.0.113.7"},
        "Order": {"OrderID": number, "GroupID": ""} | (in_order or {}),
        "Transaction": {"Response": said} | done,
    }
    text = f"<GVPSResponse>{xml(tree)}</GVPSResponse>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


BOOK = {
    "ChargeType": "S",
    "PreAuthAmount": "0",
    "PreAuthDate": "",
    "AuthAmount": "125040",
    "AuthDate": "2026-11-21 12:00:44.271",
    "Status": "APPROVED",
    "InstallmentCnt": "0",
    "CardNumberMasked": "454360******0002",
    "Code": "00",
    "ReasonCode": "00",
    "SysErrMsg": "",
    "RetrefNum": "632500310011",
    "AuthCode": "304917",
    "BatchNum": "6100",
    "ProvDate": "2026-11-21 12:00:44.253",
    "CardType": "BONUS",
}
PRE_AUTHORISED = {
    "Status": "WAITINGPOSTAUTH",
    "PreAuthAmount": "125040",
    "PreAuthDate": "2026-11-21 12:00:44.271",
    "AuthAmount": "0",
    "AuthDate": "",
}


def inquired(book=None, **changes):
    """The answer to an inquiry; ``book`` changes how the order stands."""
    return answer({"OrderInqResult": BOOK | (book or {})}, **changes)


def row(**changes):
    values = {
        "Type": "sales",
        "Status": "00",
        "PreAuthAmount": "0",
        "AuthAmount": "125040",
        "PreAuthDate": "",
        "AuthDate": "20261121",
        "VoidDate": "",
        "RetrefNum": "632500310011",
        "AuthCode": "304917",
        "ReturnCode": "00",
        "BatchNum": "6100",
        "InstallmentCnt": "0",
        "CurrencyCode": "949",
        "Settlement": "N",
    }
    return values | changes


LISTED = {"Source": "GVPS", "ReasonCode": "", "RetrefNum": "", "AuthCode": ""}


def history(*rows, **changes):
    listed = {"OrderTxnList": {"OrderTxn": list(rows)}}
    return answer({"OrderHistInqResult": listed}, **LISTED | changes)


def day_row(**changes):
    values = {
        "Id": "1",
        "LastTrxDate": "2026-11-21 12:00:44",
        "TrxType": "Satis",
        "OrderID": ORDER_ID,
        "CardNumberMasked": "45436001****0002",
        "AuthCode": "304917",
        "RetrefNum": "632500310011",
        "InstallmentCnt": "Pesin",
        "Status": "Basarili",
        "AuthAmount": "125040",
        "CurrencyCode": "TL",
        "ResponseCode": "00",
        "SysErrMsg": "",
    }
    return values | changes


def day_list(*rows, pages="1", **changes):
    listed = {"TotalTxnCount": str(len(rows)), "TotalPageCount": pages}
    listed |= {"ActPageNum": "1", "OrderTxn": list(rows)}
    changes = LISTED | {"OrderID": ""} | changes
    return answer({"OrderListInqResult": {"OrderTxnList": listed}}, **changes)


KEY = "DENEMECAGRIABCDEFGHJ"


def bins(*numbers, **changes):
    listed = [
        {
            "BINNum": number,
            "BankCode": "62",
            "BankName": "Deneme Bankası",
            "Organization": "VISA",
            "CardType": "C",
            "Group": "Bonus",
            "Product": "GOLD",
        }
        for number in numbers
    ]
    listed = {"BINList": {"BIN": listed}}
    changes = LISTED | {"OrderID": KEY} | changes
    return answer({"BINInqResult": listed}, **changes)


REWARD = {"Type": "BNS", "TotalAmount": "3450", "LastTxnGainAmount": "120"}


def rewarded(*rewards, **changes):
    """The answer about a card's points."""
    listed = {"RewardList": {"Reward": list(rewards)}, "ChequeList": ""}
    return answer(**{"RewardInqResult": listed, "AuthCode": ""} | changes)


def answers():
    return {
        Operation.INQUIRY: inquired(),
        Operation.HISTORY: history(row()),
        Operation.DAY_LIST: day_list(day_row()),
        Operation.CAPTURE: answer(),
        Operation.VOID: answer(password=PROVRFN),
        Operation.REFUND: answer(password=PROVRFN),
        Operation.BIN: bins("454360"),
        Operation.POINTS: rewarded(REWARD),
        Operation.RECURRING: answer(),
        Operation.RECURRING_STATUS: history(row()),
        Operation.RECURRING_CANCEL: answer(**LISTED),
    }


def refused():
    said = {"Source": "GVPS", "Message": "Declined", "AuthCode": ""}
    no = said | {"Code": "92", "ReasonCode": "0208", "ErrorMsg": "İade edilemez"}
    rights = said | {"Code": "92", "ReasonCode": "0652", "ErrorMsg": "Yetki yok"}
    return {
        Operation.INQUIRY: answer(**rights),
        Operation.HISTORY: answer(**rights),
        Operation.DAY_LIST: answer(OrderID="", **rights),
        Operation.CAPTURE: answer(**said | {"Code": "13", "ReasonCode": "13"}),
        Operation.VOID: answer(**said | {"Code": "05", "ReasonCode": "05"}),
        Operation.REFUND: answer(password=PROVRFN, **no),
        Operation.BIN: answer(OrderID=KEY, **rights),
        Operation.POINTS: answer(**rights),
        Operation.RECURRING: answer(**said | {"Code": "51", "ReasonCode": "51"}),
        Operation.RECURRING_STATUS: answer(**rights),
        Operation.RECURRING_CANCEL: answer(**no),
    }


def unknown_order():
    said = {"Source": "GVPS", "Code": "92", "ReasonCode": "0110", "Message": "Declined"}
    nothing = dict.fromkeys(BOOK, "") | {"AuthAmount": "0", "PreAuthAmount": "0"}
    nothing |= {"InstallmentCnt": "0", "CardNumberMasked": "null"}
    return inquired(nothing, RetrefNum="", AuthCode="", **said)
