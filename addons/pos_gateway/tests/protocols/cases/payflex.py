"""VakıfBank's side for tests, by its own reading of the bank's documents."""

from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, base64_of, document, stated

PASSWORD = "CanaryParola/77"
SECRETS = (PASSWORD,)
MERCHANT, TERMINAL = "000000000990077", "VP990077"
TOKEN = "b35a56bf37334872a945denemedeneme"
PAGE_NUMBER = "3ee068d5b5a747ada65ddenemedeneme"
CHARGE = "3f30ab117aa74826b448denemedeneme"


ROOT = "https://banka.example"

terminal = partial(
    Terminal,
    merchant_id=MERCHANT,
    terminal_id=TERMINAL,
    urls={
        "register": f"{ROOT}/CommonPayment/api/RegisterTransaction",
        "page": f"{ROOT}/CommonPayment/SecurePayment",
        "resolve": f"{ROOT}/CommonPayment/api/VposTransaction",
        "api": f"{ROOT}/virtualPos/Vposreq",
        "search": f"{ROOT}/virtualPos/Search",
    },
    api_password=Secret(PASSWORD),
)
order = partial(
    common.order,
    client_ip="203.0.113.7",
    references={
        "token": TOKEN,
        "page_number": PAGE_NUMBER,
        "transaction_id": CHARGE,
    },
)


def page_hash(amount="1250.40", currency="949"):
    text = MERCHANT + currency + amount + PASSWORD + "" + "VBank3DPay2014"
    return base64_of("sha1", text)


GENUINE = {"Rc": "0000", "TransactionId": PAGE_NUMBER, "PaymentToken": TOKEN}


def genuine(**changes):
    """What the page brings back; ``None`` leaves a field out."""
    return list(stated(GENUINE | changes).items())


def sign(fields):
    """The page signs nothing."""
    return list(dict(fields).items())


def declined(**changes):
    return genuine(**{"Rc": "0051"} | changes)


def registered(**changes):
    tree = {
        "CommonPaymentUrl": "https://banka.example/CommonPayment/SecurePayment",
        "PaymentToken": TOKEN,
        "ResponseMessage": "",
        "ErrorCode": "",
    }
    return document("CommonPaymentRegistrationResponse", tree | changes)


REGISTRATION_REFUSED = {
    "CommonPaymentUrl": None,
    "PaymentToken": None,
    "ErrorCode": "5002",
    "ResponseMessage": "İşyeri şifresi yanlış",
}


def resolved(**changes):
    tree = {
        "Rc": "0000",
        "AuthCode": "735879",
        "Rrn": "632506971283",
        "Message": "İŞLEM BAŞARILI",
        "TransactionId": CHARGE,
        "PaymentToken": TOKEN,
        "MaskedPan": "45436001****0002",
        "HostMerchantId": MERCHANT,
        "HostTerminalId": TERMINAL,
        "AmountCode": "949",
        "Amount": "1250,40",
        "TransactionType": "Sale",
        "OrderID": ORDER_ID,
        "InstallmentCount": "",
        "IsSecure": "True",
        "AllowNotEnrolledCard": "False",
        "HostDate": "20261121120044",
        "CampaignResult": {"CampaignInfo": ["", ""]},
        "ErrorCode": "",
    }
    return document("VposTransactionResponse", tree | changes)


RESOLVED_REFUSAL = {
    "Rc": "0057",
    "ErrorCode": "0057",
    "AuthCode": "000000",
    "Message": "RED-KARTIN İŞLEM İZNİ YOK",
    "Rrn": None,
    "OrderID": None,
    "Amount": None,
    "AmountCode": None,
    "TransactionType": None,
    "HostDate": None,
}


def answer(kind="Capture", **changes):
    tree = {
        "MerchantId": MERCHANT,
        "TransactionType": kind,
        "TransactionId": "DENEMECAGRIABCDEFGHJ",
        "ReferenceTransactionId": CHARGE,
        "ResultCode": "0000",
        "ResultDetail": "İŞLEM BAŞARILI",
        "CustomItems": {"Item": ["", ""]},
        "AuthCode": "836044",
        "HostDate": "20261121124556",
        "Rrn": "632506971363",
        "TerminalNo": TERMINAL,
        "CurrencyAmount": "1250.40",
        "CurrencyCode": "949",
        "BatchNo": "300",
        "TLAmount": "1250.40",
    }
    return document("VposResponse", tree | changes)


def refusal(code):
    tree = {"ResultCode": code, "ResultDetail": "Yapılamadı", "InstallmentTable": ""}
    return document("VposResponse", tree)


def row(**changes):
    values = {
        "PaymentTransactionId": "10000611422",
        "TransactionType": "Sale",
        "TransactionId": CHARGE,
        "OrderId": ORDER_ID,
        "MerchantId": MERCHANT,
        "ResultCode": "0000",
        "ResponseMessage": "",
        "AuthCode": "735879",
        "Rrn": "632506971283",
        "Amount": "1250.40",
        "AmountCode": "949",
        "NumberOfInstallments": "0",
        "PanMasked": "45436001****0002",
        "HostDate": "20261121120044",
        "IsCanceled": "false",
        "IsReversed": "false",
        "IsRefunded": "false",
        "IsCaptured": "false",
        "TotalRefundAmount": "0.00",
    }
    return stated(values | changes)


def found(*rows, total=None, **changes):
    info = {
        "Status": "Success",
        "ResponseCode": "0000",
        "ResponseMessage": "",
        "ResponseDateTime": "2026-11-21T13:58:53.0340773+03:00",
        "IsIdempotent": "false",
    }
    tree = {
        "ResponseInfo": info | changes,
        "PagedResponseInfo": {"TotalItemCount": total or str(len(rows))},
        "TransactionSearchResultInfo": {"TransactionSearchResultInfo": list(rows)},
    }
    return document("SearchResponse", tree)


def answers():
    return {
        Operation.REGISTER: registered(),
        Operation.RESOLVE: resolved(),
        Operation.INQUIRY: found(row()),
        Operation.CAPTURE: answer(),
        Operation.VOID: answer("Cancel"),
        Operation.REFUND: answer("Refund"),
    }


def refused():
    login = {"Status": "Error", "ResponseCode": "9065"}
    return {
        Operation.REGISTER: registered(**REGISTRATION_REFUSED),
        Operation.RESOLVE: resolved(**RESOLVED_REFUSAL),
        Operation.INQUIRY: found(**login),
        Operation.CAPTURE: refusal("1065"),
        Operation.VOID: refusal("2202"),
        Operation.REFUND: refusal("1059"),
    }


def unknown_order():
    return found()
