"""The signed browser form: what a merchant must send, and what the bank refuses."""

import re
from datetime import datetime

from ..clock import TURKEY
from ..family import FormRefused
from ..gate import without_card
from ..hosted import card_error
from ..money import CURRENCIES, parse_amount
from ..payments import Payment
from . import codes
from .hashing import HASH_NAME, form_text, is_genuine

HOSTING = "3D_PAY_HOSTING"
CARD_IN_FORM = "3D_PAY"
TRANSACTION_CODES = {"3000": False, "3004": True}
CARD_NAMES = ("creditCard", "expiredDate", "cvv")
MAX_INSTALLMENTS = 12
# How wrong a merchant's clock may be; the documentation does not say.
CLOCK_TOLERANCE_SECONDS = 900

REQUIRED = (
    "paymentModel",
    "txnCode",
    "merchantSafeId",
    "terminalSafeId",
    "orderId",
    "lang",
    "amount",
    "currencyCode",
    "installCount",
    "okUrl",
    "failUrl",
    "randomNumber",
    "requestDateTime",
    HASH_NAME,
)
PATTERNS = {
    "orderId": r"[!-~]{1,36}",
    "lang": r"TR|EN",
    "okUrl": r"https?://.{1,255}",
    "failUrl": r"https?://.{1,255}",
    "randomNumber": r"[0-9A-Fa-f]{128}",
    "amount": r"[0-9]+\.[0-9]{2}",
}


def open_payment(bank, family, fields, client_ip, path, models):
    """Verify a form and return the payment that it opens.

    :param models: the payment models of the address that the form was posted to
    :raise FormRefused: with the bank's error code
    """
    terminal = find_terminal(bank, family.name, fields)
    if not terminal:
        raise FormRefused(codes.FORM_TERMINAL, "unknown merchant or terminal")
    if not is_genuine(fields.get(HASH_NAME, ""), form_text(fields), terminal.store_key):
        raise FormRefused(codes.FORM_HASH, "hash does not match")
    _check_fields(bank, fields, models)
    if not is_current(fields["requestDateTime"]):
        raise FormRefused(*codes.WRONG_TIME)
    amount_kurus = parse_amount(fields["amount"])
    if not amount_kurus:
        raise FormRefused(codes.FORM_FIELD, "amount is zero")
    installments = _read_installments(fields)
    order = bank.find_order(fields["orderId"], terminal.client_id)
    if order and order.transactions:
        raise FormRefused(*codes.ORDER_NOT_UNIQUE)
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["orderId"],
        fields=without_card(fields, CARD_NAMES),
        amount_kurus=amount_kurus,
        currency=fields["currencyCode"],
        installments=installments,
        preauth=TRANSACTION_CODES[fields["txnCode"]],
        lang=fields["lang"].lower(),
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
    )


def find_terminal(bank, family_name, ids):
    """Return the terminal of a merchantSafeId and terminalSafeId, or None."""
    terminal = bank.terminal_of(family_name, ids.get("merchantSafeId", ""))
    wanted = ids.get("terminalSafeId")
    fits = terminal and terminal.extra["terminal_safe_id"] == wanted
    return terminal if fits else None


def is_current(text):
    """Tell whether a request's time, Turkish and with milliseconds, is about now.

    It is compared with the real time: a test that moves the bank's clock forward does
    not move that of the merchant.
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", text):
        return False
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=TURKEY)
    except ValueError:
        return False
    seconds = abs((datetime.now(TURKEY) - moment).total_seconds())
    return seconds <= CLOCK_TOLERANCE_SECONDS


def _check_fields(bank, fields, models):
    for name in REQUIRED:
        if not fields.get(name):
            raise FormRefused(codes.FORM_FIELD, f"{name} is missing")
    for name, pattern in PATTERNS.items():
        if not re.fullmatch(pattern, fields[name], re.ASCII):
            raise FormRefused(codes.FORM_FIELD, f"{name} is not well formed")
    if fields["paymentModel"] not in models:
        raise FormRefused(codes.FORM_FIELD, "paymentModel does not fit the address")
    if fields["txnCode"] not in TRANSACTION_CODES:
        raise FormRefused(codes.FORM_FIELD, "txnCode is not known")
    if fields["currencyCode"] not in CURRENCIES:
        raise FormRefused(codes.FORM_FIELD, "currencyCode is not known")
    if fields["paymentModel"] == CARD_IN_FORM:
        _check_card(bank, fields)
    elif any(fields.get(name) for name in CARD_NAMES):
        raise FormRefused(codes.FORM_FIELD, "a hosted page takes no card from the form")


def _check_card(bank, fields):
    number, expiry, security_code = (fields.get(name, "") for name in CARD_NAMES)
    parts = (expiry[:2], f"20{expiry[2:]}", security_code)
    if error := card_error(bank, number, *parts):
        raise FormRefused(codes.FORM_FIELD, f"card: {error}")


def _read_installments(fields):
    """Return the number of installments; a single payment, sent as 1, is 0."""
    allowed = {str(count): count for count in range(2, MAX_INSTALLMENTS + 1)}
    count = {"1": 0, **allowed}.get(fields["installCount"])
    if count is None:
        raise FormRefused(codes.FORM_FIELD, "installCount is not 1 to 12")
    if count and fields["currencyCode"] != "949":
        raise FormRefused(codes.FORM_FIELD, "no installments in foreign currency")
    return count
