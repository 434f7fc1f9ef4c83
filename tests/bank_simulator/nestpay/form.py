"""The posted 3-D form: what a merchant must send, and what the bank refuses."""

from ..family import FormRefused
from ..gate import check_form_card, is_web_address, two_digit_year, without_card
from ..money import CURRENCIES, parse_amount
from ..payments import Payment
from . import codes
from .hashing import compute_hash, compute_old_form_hash, hash_is_genuine

HOSTED_STORETYPES = ("3d_pay_hosting", "3d_host")
CARD_STORETYPE = "3d_pay"
CARD_NAMES = (
    "pan",
    "Ecom_Payment_Card_ExpDate_Month",
    "Ecom_Payment_Card_ExpDate_Year",
    "cv2",
)
# The expiry comes back with the result, as it does from the bank.
FORGOTTEN_NAMES = ("pan", "cv2")
TRANSACTION_TYPES = ("Auth", "PreAuth")
MAX_AMOUNT_DIGITS = 18
MAX_INSTALLMENTS = 12

REQUIRED = (
    "clientid",
    "storetype",
    "oid",
    "amount",
    "currency",
    "okUrl",
    "failUrl",
    "rnd",
)
# taksit may be absent or empty; both are a single payment.
LONGEST = {
    "clientid": 15,
    "oid": 64,
    "amount": MAX_AMOUNT_DIGITS + 1,
    "taksit": 3,
    "okUrl": 255,
    "failUrl": 255,
    "callbackUrl": 255,
    "description": 255,
}
URLS = ("okUrl", "failUrl", "callbackUrl")


def card_of(fields):
    """Return the card in a form as number, month, year and security code, or None."""
    number, month, year, code = (fields.get(name, "") for name in CARD_NAMES)
    if not number and not code:
        return None
    return number, month, two_digit_year(year), code


def open_payment(bank, family, fields, client_ip, path):
    """Verify a form and return the payment that it opens.

    :raise FormRefused: with the bank's error code
    """
    terminal = bank.terminal_of(family.name, fields.get("clientid", ""))
    if not terminal:
        raise FormRefused(codes.FORM_REFUSED, "unknown client id")
    _check_hash(fields, terminal)
    kind = transaction_type(fields)
    _check_fields(fields, kind)
    card = card_of(fields)
    if (fields["storetype"] == CARD_STORETYPE) != bool(card):
        raise FormRefused(codes.BAD_VALUE, "the card does not fit the storetype")
    check_form_card(bank, card, codes.CARD_ERRORS)
    amount_kurus = _read_amount(fields["amount"])
    installments = _read_installments(fields.get("taksit", ""))
    if installments and fields["currency"] != "949":
        raise FormRefused(
            codes.FOREIGN_INSTALLMENTS, "no installments in foreign currency"
        )
    order = bank.find_order(fields["oid"], terminal.client_id)
    if order and order.sale:
        raise FormRefused(
            codes.ALREADY_PAID, "the order already has a successful transaction"
        )
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["oid"],
        fields=without_card(fields, FORGOTTEN_NAMES),
        amount_kurus=amount_kurus,
        currency=fields["currency"],
        installments=installments,
        preauth=kind == "PreAuth",
        lang="en" if fields.get("lang") == "en" else "tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
    )


def is_old(fields):
    """Tell whether a form is signed with version 1: it does not name its version."""
    return not fields.get("hashAlgorithm")


def transaction_type(fields):
    """Return Auth or PreAuth as the form names it; old shops may leave it out."""
    if is_old(fields):
        return fields.get("islemtipi") or "Auth"
    return fields.get("TranType", "")


def _check_hash(fields, terminal):
    version = "1" if is_old(fields) else fields["hashAlgorithm"].removeprefix("ver")
    if version not in terminal.extra.get("hash_versions", ("3",)):
        raise FormRefused(codes.FORM_REFUSED, "the hash version is not accepted")
    compute = compute_old_form_hash if version == "1" else compute_hash
    if not hash_is_genuine(fields, terminal.store_key, compute):
        raise FormRefused(codes.FORM_REFUSED, "hash does not match")


def _check_fields(fields, kind):
    for name in REQUIRED:
        if not fields.get(name):
            raise FormRefused(codes.MISSING, f"{name} is missing")
    if not kind:
        raise FormRefused(codes.MISSING, "TranType is missing")
    for name, longest in LONGEST.items():
        if len(fields.get(name, "")) > longest:
            raise FormRefused(codes.TOO_LONG, f"{name} is too long")
    for name in URLS:
        if fields.get(name) and not is_web_address(fields[name]):
            raise FormRefused(codes.BAD_VALUE, f"{name} is not a web address")
    storetypes = (*HOSTED_STORETYPES, CARD_STORETYPE)
    known = {
        "storetype": fields["storetype"] in storetypes,
        "transaction type": kind in TRANSACTION_TYPES,
        "currency": fields["currency"] in CURRENCIES,
    }
    for name, good in known.items():
        if not good:
            raise FormRefused(codes.BAD_VALUE, f"the {name} is not enabled")


def _read_amount(text):
    try:
        amount_kurus = parse_amount(text)
    except ValueError:
        raise FormRefused(codes.BAD_VALUE, "amount is not dot decimal") from None
    if not amount_kurus:
        raise FormRefused(codes.ZERO_AMOUNT, "amount is zero")
    return amount_kurus


def _read_installments(text):
    if not text:
        return 0
    allowed = {str(count): count for count in range(2, MAX_INSTALLMENTS + 1)}
    if text not in allowed:
        raise FormRefused(codes.BAD_INSTALLMENTS, "taksit is not 2 to 12")
    return allowed[text]
