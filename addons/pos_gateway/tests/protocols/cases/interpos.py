"""InterPOS's side for tests: it signs by its own reading of the bank's examples."""

from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, RETURN_URL, base64_of, stated

STORE_KEY, API_PASSWORD = "CanaryDk77", "CanaryUserPass.88"
SECRETS = (STORE_KEY, API_PASSWORD)
SHOP, API_USER = "3917", "InterTestApi"
NONCE = "c2FtcGxlcm5k"
LIST = (
    "Version:PurchAmount:Exponent:Currency:OkUrl:FailUrl:MD:OrderId"
    ":ProcReturnCode:Response:mdStatus:"
)

terminal = partial(
    Terminal,
    merchant_id=SHOP,
    urls={
        "page": "https://banka.example/mpi/3DHost.aspx",
        "card_page": "https://banka.example/mpi/Default.aspx",
        "api": "https://banka.example/mpi/Default.aspx",
    },
    store_key=Secret(STORE_KEY),
    api_user=API_USER,
    api_password=Secret(API_PASSWORD),
)
order = partial(
    common.order,
    nonce=NONCE,
)


sha1 = partial(base64_of, "sha1")


def form_hash(amount="1250.4", count="", kind="Auth"):
    text = SHOP + ORDER_ID + amount + RETURN_URL + RETURN_URL + kind + count
    return sha1(text + NONCE + STORE_KEY)


GENUINE = {
    "Version": "",
    "MerchantID": "",
    "ShopCode": SHOP,
    "TxnStat": "Y",
    "MD": "ZGVuZW1lbWQ=",
    "RetCode": "",
    "Eci": "05",
    "PayerAuthenticationCode": "AAABBBCCC=",
    "PayerTxnId": "MjAyNjExMjE=",
    "Expiry": "****",
    "Pan": "454360******0002",
    "OrderId": ORDER_ID,
    "PurchAmount": "1250,4",
    "Exponent": "",
    "Currency": "949",
    "OkUrl": RETURN_URL,
    "FailUrl": RETURN_URL,
    "3DStatus": "1",
    "AuthCode": "304917",
    "HostRefNum": "632511004477",
    "TransId": "26325MpzJ16217",
    "TRXDATE": "21.11.2026 12:00:44",
    "mdStatus": "1",
    "ProcReturnCode": "00",
    "TxnResult": "Success",
    "ErrorMessage": "",
    "ErrorCode": "",
    "Response": "Approved",
}
REFUSED = {
    "ProcReturnCode": "51",
    "Response": "",
    "TxnResult": "Failed",
    "ErrorMessage": "Limit yetersiz",
    "AuthCode": "",
    "HostRefNum": "",
}
NOT_ACTIVE = {
    "ProcReturnCode": "81",
    "ErrorCode": "B810002",
    "ErrorMessage": "Terminal Aktif Degil",
    "TxnResult": "Failed",
    "AuthCode": "",
}


def genuine(**changes):
    """A paid return for ``order()``; ``None`` leaves a field out."""
    fields = GENUINE | changes
    return sign(stated(fields))


def sign(fields, store_key=STORE_KEY):
    own = ("HASH", "HASHPARAMS", "HASHPARAMSVAL")
    fields = {name: text for name, text in fields.items() if name not in own}
    glued = "".join(fields.get(name, "") for name in LIST.rstrip(":").split(":"))
    return [
        *fields.items(),
        ("HASHPARAMS", LIST),
        ("HASHPARAMSVAL", glued),
        ("HASH", sha1(glued + store_key)),
    ]


def declined(**changes):
    return genuine(**REFUSED | changes)


def written(values):
    return ";;".join(f"{name}={text}" for name, text in values.items()).encode()


def answer(**changes):
    """The answer to a capture, void or refund."""
    values = {
        "OrderId": ORDER_ID,
        "ProcReturnCode": "00",
        "HostRefNum": "632511004499",
        "AuthCode": "304918",
        "TxnResult": "Success",
        "ErrorMessage": "",
        "CampanyId": "",
        "TRXDATE": "21.11.2026 18:00:01",
        "TransId": "26325MpzJ16299",
        "ErrorCode": "",
        "Amount": "1250,4",
    }
    return written(values | changes)


BOOK = {
    "OrderId": ORDER_ID,
    "ProcReturnCode": "00",
    "BatchNo": "2417",
    "TransId": "26325MpzJ16217",
    "TRXDATE": "21.11.2026 12:00:44",
    "TxnStat": "N",
    "PurchAmount": "1250,4",
    "VoidDate": "1.1.0001 00:00:00",
    "TxnStatus": "C",
    "ChargeTypeCd": "S",
    "ErrorCode": "",
    "ErrorMessage": "",
    "RefundedAmount": "0",
    "AuthCode": "304917",
}


def inquired(**changes):
    return written(stated(BOOK | changes))


def answers():
    return {
        Operation.INQUIRY: inquired(),
        Operation.CAPTURE: answer(),
        Operation.VOID: answer(),
        Operation.REFUND: answer(),
    }


def refused():
    made_up = NOT_ACTIVE | {"OrderId": "SYSOID121330755", "TransId": "", "TRXDATE": ""}
    status = {"TxnStatus": "", "TxnStat": "", "ChargeTypeCd": "", "PurchAmount": "0"}
    return {
        Operation.INQUIRY: inquired(**made_up | status),
        Operation.CAPTURE: answer(**made_up),
        Operation.VOID: answer(**made_up),
        Operation.REFUND: answer(ProcReturnCode="12", TxnResult="Failed", AuthCode=""),
    }


def unknown_order():
    nothing = dict.fromkeys(BOOK, "")
    return inquired(
        **nothing
        | {
            "OrderId": "SYSOID121327781",
            "ProcReturnCode": "05",
            "PurchAmount": "0",
            "RefundedAmount": "0",
            "VoidDate": "1.1.0001 00:00:00",
            "ErrorMessage": "İşlem bulunamadı",
        }
    )
