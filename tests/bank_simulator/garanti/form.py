"""The posted 3-D form: what a merchant must send, and what the bank refuses."""

import ipaddress
import re

from ..digests import same
from ..family import FormRefused
from ..gate import check_form_card, two_digit_year, without_card
from ..money import CURRENCIES
from ..payments import Payment
from . import wallet
from .codes import SYSTEM_ERROR
from .hashing import form_hash, security_data

HOSTED_LEVEL = "3D_OOS_PAY"
CARD_LEVEL = "3D_PAY"
MODEL_LEVEL = "3D"
# level -> users whose password may enter the hash
USERS = {
    HOSTED_LEVEL: ("PROVOOS", "PROVAUT"),
    CARD_LEVEL: ("PROVAUT",),
    MODEL_LEVEL: ("PROVAUT",),
    wallet.LEVEL: (wallet.USER,),
}
TYPES = ("sales", "preauth")
CARDLESS_LEVELS = (HOSTED_LEVEL, wallet.LEVEL)
MAX_INSTALLMENTS = 12
CARD_NAMES = ("cardnumber", "cardexpiredatemonth", "cardexpiredateyear", "cardcvv2")
CARD_CODES = {
    "bad_number": SYSTEM_ERROR,
    "bad_expiry": SYSTEM_ERROR,
    "bad_code": SYSTEM_ERROR,
}
REQUIRED = (
    "mode",
    "apiversion",
    "secure3dsecuritylevel",
    "terminalprovuserid",
    "terminaluserid",
    "terminalmerchantid",
    "terminalid",
    "txntype",
    "txnamount",
    "txncurrencycode",
    "orderid",
    "successurl",
    "errorurl",
    "customeripaddress",
    "secure3dhash",
)
# Whether the bank has just these limits is not verified.
_ORDER_ID = re.compile("[A-Za-z0-9_-]{1,36}")
_AMOUNT = re.compile("[1-9][0-9]{0,16}")


def card_of(fields):
    """Return the card in a form as number, month, year and security code, or None."""
    if not any(fields.get(name) for name in CARD_NAMES):
        return None
    number, month, year, code = (fields.get(name, "") for name in CARD_NAMES)
    return number, month, two_digit_year(year), code


def open_payment(bank, family, fields, client_ip, path):
    """Verify a form and return the payment that it opens.

    :raise FormRefused: always with 99, as the gate tells the payer
    """
    for name in REQUIRED:
        if not fields.get(name):
            _refuse(f"{name} is missing")
    terminal = bank.terminal_of(family.name, fields["terminalid"])
    if not terminal:
        _refuse("unknown terminal")
    _check_terminal(fields, terminal)
    _check_values(fields)
    level = fields["secure3dsecuritylevel"]
    card = card_of(fields)
    if (level in CARDLESS_LEVELS) == bool(card):
        _refuse("the card does not fit the security level")
    check_form_card(bank, card, CARD_CODES)
    amount_kurus = int(fields["txnamount"])
    values = {
        "family": family,
        "terminal": terminal,
        "order_id": fields["orderid"],
        "fields": without_card(fields, CARD_NAMES),
        "amount_kurus": amount_kurus,
        "currency": fields["txncurrencycode"],
        "preauth": fields["txntype"] == "preauth",
        "lang": "en" if fields.get("lang") == "en" else "tr",
        "client_ip": client_ip,
        "path": path,
        "charged_kurus": amount_kurus,
        "authenticate_only": level == MODEL_LEVEL,
    }
    installments = _read_installments(fields)
    if level == wallet.LEVEL:
        wallet.check(fields)
        return wallet.open_phone(bank, fields, installments, values)
    return Payment(**values, installments=installments)


def password_of(terminal, user):
    """Return the password of PROVAUT, PROVRFN or PROVOOS; None for anybody else."""
    return terminal.extra.get(f"{user.lower()}_password")


def _check_terminal(fields, terminal):
    level, user = fields["secure3dsecuritylevel"], fields["terminalprovuserid"]
    if level not in USERS:
        _refuse("secure3dsecuritylevel is not enabled")
    password = password_of(terminal, user)
    if user not in USERS[level] or not password:
        _refuse("terminalprovuserid may not do this")
    if fields["terminalmerchantid"] != terminal.extra["merchant_id"]:
        _refuse("unknown merchant")
    if fields["apiversion"] != "512":
        _refuse("only apiversion 512 is accepted")
    security = security_data(password, terminal.client_id)
    expected = form_hash(fields, terminal.store_key, security)
    if not same(fields["secure3dhash"], expected):
        _refuse("secure3dhash does not match")
    dealers = terminal.extra.get("submerchant_ids")
    if dealers and fields.get("submerchantid") not in dealers:
        _refuse("submerchantid is not a dealer of the terminal")


def _check_values(fields):
    checks = {
        "mode": fields["mode"] in ("TEST", "PROD"),
        "orderid": _ORDER_ID.fullmatch(fields["orderid"]),
        "txntype": fields["txntype"] in _types_of(fields["secure3dsecuritylevel"]),
        "txnamount": _AMOUNT.fullmatch(fields["txnamount"]),
        "txncurrencycode": fields["txncurrencycode"] in CURRENCIES,
        "successurl": _is_url(fields["successurl"]),
        "errorurl": _is_url(fields["errorurl"]),
        "customeripaddress": _is_address(fields["customeripaddress"]),
    }
    for name, good in checks.items():
        if not good:
            _refuse(f"{name} is not valid")


def _types_of(level):
    return (wallet.TYPE,) if level == wallet.LEVEL else TYPES


def _read_installments(fields):
    text = fields.get("txninstallmentcount", "")
    if not text:
        return 0
    allowed = {str(count): count for count in range(2, MAX_INSTALLMENTS + 1)}
    if text not in allowed:
        _refuse("txninstallmentcount is not 2 to 12")
    if fields["txncurrencycode"] != "949":
        _refuse("no installments in foreign currency")
    return allowed[text]


def _is_url(text):
    return text.startswith(("http://", "https://"))


def _is_address(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return False


def _refuse(text):
    raise FormRefused(SYSTEM_ERROR, text)
