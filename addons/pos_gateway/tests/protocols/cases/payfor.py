"""PayFor's side for tests: it signs by its own reading of the bank's examples."""

from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, RETURN_URL, base64_of, stated, xml

STORE_KEY, API_PASSWORD = "CanaryMp77", "CanaryUserPass.77"
SECRETS = (STORE_KEY, API_PASSWORD)
MERCHANT_ID, API_USER = "085300000091717", "DENEME_API"
NONCE = "c2FtcGxlcm5k"
UNSIGNED = {"mbr_id": "12", "unsigned_return": "yes"}

terminal = partial(
    Terminal,
    merchant_id=MERCHANT_ID,
    urls={
        "page": "https://banka.example/Gateway/3DHost.aspx",
        "card_page": "https://banka.example/Gateway/Default.aspx",
        "api": "https://banka.example/Gateway/XMLGate.aspx",
    },
    store_key=Secret(STORE_KEY),
    api_user=API_USER,
    api_password=Secret(API_PASSWORD),
)
order = partial(
    common.order,
    nonce=NONCE,
)


def sha(text, algorithm="sha1"):
    return base64_of(algorithm, text)


def form_hash(amount="1250.40", count="0", kind="Auth", member="5", order_id=ORDER_ID):
    text = member + order_id + amount + RETURN_URL + RETURN_URL + kind + count
    return sha(text + NONCE + STORE_KEY)


GENUINE = {
    "RequestGuid": "1000000081265956",
    "TransactionDate": "21.11.2026 12:00:44",
    "MbrId": "5",
    "MerchantID": MERCHANT_ID,
    "OrderId": ORDER_ID,
    "RequestStat": "1,2,3,10,5",
    "SecureType": "3DHost",
    "PurchAmount": "1250.40",
    "Exponent": "2",
    "Currency": "949",
    "OkUrl": RETURN_URL,
    "FailUrl": RETURN_URL,
    "Eci": "05",
    "TxnType": "Auth",
    "InstallmentCount": "0",
    "Rnd": NONCE,
    "TxnStatus": "Y",
    "ErrMsg": "Onaylandı",
    "D3Stat": "Y",
    "3DStatus": "1",
    "TxnResult": "Success",
    "AuthCode": "S28017",
    "HostRefNum": "632511004477",
    "ProcReturnCode": "00",
    "BatchNo": "4320",
    "CardMask": "454360******0002",
    "ResponseRnd": "PF639310000000000017",
    "HashType": "Sha1",
}
REFUSED = {
    "ProcReturnCode": "51",
    "AuthCode": "",
    "HostRefNum": "",
    "TxnStatus": "N",
    "TxnResult": "Failed",
    "ErrMsg": "Limit yetersiz",
}


def genuine(**changes):
    """A paid return for ``order()``; ``None`` leaves a field out."""
    fields = GENUINE | {"Hash": form_hash()} | changes
    return sign(stated(fields))


def sign(fields, store_key=STORE_KEY, algorithm="sha1"):
    fields = {name: text for name, text in fields.items() if name != "ResponseHash"}
    text = MERCHANT_ID + store_key
    for name in ("OrderId", "AuthCode", "ProcReturnCode", "3DStatus", "ResponseRnd"):
        text += fields.get(name, "")
    return [*fields.items(), ("ResponseHash", sha(text + API_USER, algorithm))]


def declined(**changes):
    return genuine(**REFUSED | changes)


def document(name, fields):
    return xml({name: fields})


def answer(**changes):
    """The answer to a capture, void or refund."""
    values = {
        "AuthCode": "S77717",
        "HostRefNum": "632511004499",
        "ProcReturnCode": "00",
        "TransId": ORDER_ID,
        "ErrMsg": "Onaylandı",
        "CardHolderName": "",
    }
    text = document("PayforResponse", values | changes)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


BOOK = {
    "RequestGuid": "1000000094940595",
    "InsertDatetime": "21.11.2026 12:00:44",
    "MbrId": "5",
    "MerchantID": MERCHANT_ID,
    "OrderId": ORDER_ID,
    "SecureType": "3DHost",
    "PurchAmount": "1250.40",
    "Currency": "949",
    "TxnType": "Auth",
    "OrgOrderId": "",
    "InstallmentCount": "0",
    "TxnStatus": "Y",
    "ErrMsg": "Onaylandı",
    "TxnResult": "Success",
    "AuthCode": "S28017",
    "HostRefNum": "",
    "ProcReturnCode": "00",
    "BatchNo": "4320",
    "VoidDate": "",
    "CardMask": "454360******0002",
    "RefundedAmount": "0",
    "F37": "632511004477",
    "VoidTime": "0",
    "IsVoided": "false",
    "IsRefunded": "false",
    "TrxDate": "21.11.2026 12:00",
}


def inquired(**changes):
    fields = stated(BOOK | changes)
    return document("PayforResponse", fields).encode()


def row(**changes):
    return BOOK | {"InsertDatetime": "2026-11-21T12:00:44"} | changes


def history(*rows, root="TxnHistoryReport"):
    texts = []
    for fields in rows:
        inside = document("PaymentRequest", fields)
        inside += (
            "<ExtraParameters><ArrayOfString><string>IsBatchClosed</string>"
            "<string>True</string></ArrayOfString></ExtraParameters>"
            "<IsOnUsCard>false</IsOnUsCard>"
        )
        texts.append(f"<PaymentRequestExtended>{inside}</PaymentRequestExtended>")
    space = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    return f"<{root} {space}>{''.join(texts)}</{root}>".encode()


def leak(**changes):
    """The error answer of a history: it holds our own passwords."""
    fields = {
        "MerchantID": MERCHANT_ID,
        "OrderId": ORDER_ID,
        "SecureType": "Report",
        "TxnType": "TxnHistory",
        "TxnStatus": "P",
        "ErrMsg": "Seçili İşlem Bulunamadı!",
        "ProcReturnCode": "V013",
        "UserPass": API_PASSWORD,
        "MerchantPass": STORE_KEY,
        "DecryptedCard": "",
        "Cvv2": "",
    }
    return history(fields | changes)


def pointed(**changes):
    """The answer about a card's points."""
    told = {"AvailablePoint": "34.50", "KullanilabilirBonusPuan": "0"}
    return answer(**{"AuthCode": "", "OrderId": ORDER_ID} | told | changes)


def answers():
    return {
        Operation.INQUIRY: inquired(),
        Operation.HISTORY: history(row()),
        Operation.DAY_LIST: history(row()),
        Operation.CAPTURE: answer(),
        Operation.VOID: answer(),
        Operation.REFUND: answer(),
        Operation.POINTS: pointed(),
    }


def refused():
    no = {"AuthCode": "", "HostRefNum": "632511004498"}
    user = {"ProcReturnCode": "V004", "ErrMsg": "Yetki yok"}
    return {
        Operation.INQUIRY: inquired(TxnStatus="P", TxnResult="Failed", **user),
        Operation.HISTORY: leak(**user),
        Operation.DAY_LIST: leak(**user),
        Operation.CAPTURE: answer(**no, ProcReturnCode="V027", ErrMsg="Tutar"),
        Operation.VOID: answer(**no, ProcReturnCode="V013", ErrMsg="Bulunamadı"),
        Operation.REFUND: answer(ProcReturnCode="V014", ErrMsg="İptal ediniz"),
        Operation.POINTS: answer(**no, ProcReturnCode="M041", ErrMsg="Kart no"),
    }


def unknown_order():
    return inquired(
        ProcReturnCode="V013",
        TxnStatus="P",
        TxnType="OrderInquiry",
        TxnResult="",
        AuthCode="",
        PurchAmount="",
        InsertDatetime="1.01.0001 00:00:00",
        ErrMsg="Seçili İşlem Bulunamadı!",
    )
