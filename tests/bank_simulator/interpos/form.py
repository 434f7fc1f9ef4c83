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
REQUIRED = (
    "TxnType",
    "SecureType",
    "OrderId",
    "PurchAmount",
    "Currency",
    "OkUrl",
    "FailUrl",
    "Rnd",
)
CARD_NAMES = ("Pan", "Expiry", "Cvv2", "CardType")


def open_payment(bank, family, fields, client_ip, path):
    """Verify a form and return the payment that it opens.

    :raise FormRefused: with the bank's ErrorCode
    """
    terminal = bank.terminal_of(family.name, fields.get("ShopCode", ""))
    if not terminal:
        refuse(codes.UNKNOWN_SHOP)
    if terminal.extra.get("inactive"):
        refuse(codes.INACTIVE)
    if not same(fields.get("Hash", ""), form_hash(fields, terminal.store_key)):
        refuse(codes.BAD_HASH)
    _check_values(fields)
    amount_kurus = _read_amount(fields["PurchAmount"])
    card = card_with_expiry(fields)
    if (fields["SecureType"] == HOSTED) == bool(card):
        refuse(codes.BAD_CARD)
    check_form_card(bank, card, dict.fromkeys(codes.CARD_ERRORS, codes.BAD_CARD[1]))
    if card and fields.get("CardType") not in ("0", "1"):
        refuse(codes.BAD_VALUE, "CardType")
    order = bank.find_order(fields["OrderId"], terminal.client_id)
    if order and order.sale:
        refuse(codes.ORDER_USED)
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["OrderId"],
        fields=without_card(fields, CARD_NAMES),
        amount_kurus=amount_kurus,
        currency=fields["Currency"],
        installments=_read_installments(fields),
        preauth=fields["TxnType"] == "PreAuth",
        lang="en" if fields.get("Lang", "").lower() == "en" else "tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
        authenticate_only=fields["SecureType"] == MODEL,
    )


def refuse(code, detail=""):
    raise FormRefused(code[1], f"{code[2]} {detail}".strip())


def _check_values(fields):
    for name in REQUIRED:
        if not fields.get(name):
            refuse(codes.MISSING, name)
    checks = {
        "TxnType": fields["TxnType"] in TRANSACTION_TYPES,
        "SecureType": fields["SecureType"] in SECURE_TYPES,
        "Currency": fields["Currency"] in CURRENCIES,
        "OkUrl": is_web_address(fields["OkUrl"]),
        "FailUrl": is_web_address(fields["FailUrl"]),
    }
    for name, good in checks.items():
        if not good:
            refuse(codes.BAD_VALUE, name)


def _read_amount(text):
    try:
        amount_kurus = parse_amount(text)
    except ValueError:
        refuse(codes.BAD_VALUE, "PurchAmount")
    if not amount_kurus:
        refuse(codes.BAD_VALUE, "PurchAmount")
    return amount_kurus


def _read_installments(fields):
    text = fields.get("InstallmentCount", "")
    if not text:
        return 0
    allowed = {str(count): count for count in range(2, MAX_INSTALLMENTS + 1)}
    if text not in allowed or fields["Currency"] != "949":
        refuse(codes.BAD_VALUE, "InstallmentCount")
    return allowed[text]
