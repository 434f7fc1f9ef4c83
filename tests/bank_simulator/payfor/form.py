"""The posted 3-D form: what a merchant must send, and what the bank refuses."""

from ..digests import same
from ..family import FormRefused
from ..gate import card_with_expiry, check_form_card, is_web_address, without_card
from ..money import CURRENCIES, parse_amount
from ..payments import Payment
from . import codes
from .hashing import form_hash

HOSTED = "3DHost"
CARD_IN_FORM = "3DPay"
MODEL = "3DModel"
SECURE_TYPES = (HOSTED, CARD_IN_FORM, MODEL)
TRANSACTION_TYPES = ("Auth", "PreAuth")
MAX_INSTALLMENTS = 12
MAX_URL = 200
MAX_AMOUNT_KURUS = 200_000_00
REQUIRED = (
    "UserCode",
    "OrderId",
    "SecureType",
    "TxnType",
    "PurchAmount",
    "Currency",
    "OkUrl",
    "FailUrl",
    "Rnd",
)
CARD_NAMES = ("CardHolderName", "Pan", "Expiry", "Cvv2")
# Of an accepted form nothing of this is kept either.
SECRET_NAMES = ("UserPass", "MerchantPass")


def open_payment(bank, family, fields, client_ip, path):
    """Verify a form and return the payment that it opens.

    :raise FormRefused: with the bank's error code
    """
    terminal = find_terminal(bank, fields, family.name)
    for name in REQUIRED:
        if not fields.get(name):
            _refuse(codes.MISSING, name)
    if fields["UserCode"] != terminal.api_user:
        _refuse(codes.BAD_USER)
    _check_values(fields)
    amount_kurus = _read_amount(fields["PurchAmount"])
    installments = _read_installments(fields)
    card = card_with_expiry(fields)
    if (fields["SecureType"] == HOSTED) == bool(card):
        _refuse(codes.BAD_CARD, "SecureType")
    if not same(fields.get("Hash", ""), form_hash(fields, terminal.store_key)):
        _refuse(codes.BAD_HASH)
    check_form_card(bank, card, {n: c[0] for n, c in codes.CARD_ERRORS.items()})
    order = bank.find_order(fields["OrderId"], terminal.client_id)
    if order and order.transactions:
        _refuse(codes.ORDER_USED)
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["OrderId"],
        fields=without_card(fields, CARD_NAMES + SECRET_NAMES),
        amount_kurus=amount_kurus,
        currency=fields["Currency"],
        installments=installments,
        preauth=fields["TxnType"] == "PreAuth",
        lang="en" if fields.get("Lang", "").lower() == "en" else "tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
        authenticate_only=fields["SecureType"] == MODEL,
    )


def find_terminal(bank, fields, family_name):
    """Return the terminal of a form or a request, or refuse."""
    merchant = fields.get("MerchantID") or fields.get("MerchantId", "")
    terminal = bank.terminal_of(family_name, merchant)
    if not terminal:
        _refuse(codes.UNKNOWN_MERCHANT)
    if fields.get("MbrId") != terminal.extra["mbr_id"]:
        _refuse(codes.BAD_MEMBER)
    return terminal


def _check_values(fields):
    for name in ("OkUrl", "FailUrl"):
        url = fields[name]
        if not is_web_address(url) or len(url) > MAX_URL:
            _refuse(codes.BAD_URL, name)
    if fields["SecureType"] not in SECURE_TYPES:
        _refuse(codes.NO_PERMISSION, "SecureType")
    if fields["TxnType"] not in TRANSACTION_TYPES:
        _refuse(codes.NO_PERMISSION, "TxnType")
    if fields["Currency"] not in CURRENCIES:
        _refuse(codes.BAD_CURRENCY)
    if len(fields["OrderId"]) > 64:
        _refuse(codes.BAD_ORDER)


def _read_amount(text):
    try:
        amount_kurus = parse_amount(text)
    except ValueError:
        _refuse(codes.BAD_AMOUNT)
    if not 1 <= amount_kurus <= MAX_AMOUNT_KURUS:
        _refuse(codes.AMOUNT_RANGE)
    return amount_kurus


def _read_installments(fields):
    text = fields.get("InstallmentCount", "")
    if not text:
        _refuse(codes.NO_INSTALLMENTS)
    if text == "0":
        return 0
    allowed = {str(count): count for count in range(2, MAX_INSTALLMENTS + 1)}
    if text not in allowed or fields["Currency"] != "949":
        _refuse(codes.BAD_INSTALLMENTS)
    return allowed[text]


def _refuse(code, detail=""):
    raise FormRefused(code[0], f"{code[1]} {detail}".strip())
