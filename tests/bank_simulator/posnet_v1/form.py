"""The browser's form to the secure page, and what the bank refuses of it."""

import re

from ..digests import same
from ..family import FormRefused
from ..gate import accept, check_form_card, two_digit_year, without_card
from ..payments import Payment
from ..posnet.references import CURRENCIES
from ..posnet.registration import MAX_INSTALLMENTS, MAX_KURUS
from .macs import form_mac

PAGE = "/ALBSecurePaymentUI/SecureProcess/SecureVerification.aspx"
TRANSACTION_TYPES = {"Sale": False, "Auth": True}
MAX_URL = 255
REQUIRED = (
    "MerchantNo",
    "TerminalNo",
    "PosnetID",
    "TransactionType",
    "OrderId",
    "Amount",
    "CurrencyCode",
    "MerchantReturnURL",
    "InstallmentCount",
    "TxnState",
    "UseOOS",
    "MacParams",
    "Mac",
)
CARD_NAMES = ("CardNo", "ExpiredDate", "Cvv", "CardHolderName")
CARD_CODES = {"bad_number": "0014", "bad_expiry": "0054", "bad_code": "0150"}


def open_payment(bank, family, fields, client_ip, path):
    """Verify a form and remember its payment; the journal has it either way."""
    return accept(
        bank,
        path,
        lambda: _read(bank, family, fields, client_ip, path),
        terminal=fields.get("TerminalNo", ""),
        order=fields.get("OrderId", ""),
    )


def card_in_form(fields):
    """Return number and security code when the merchant asked for the card himself."""
    if fields.get("UseOOS") != "0":
        return None
    return fields.get("CardNo", ""), fields.get("Cvv", "")


def _read(bank, family, fields, client_ip, path):
    terminal = _check_sender(bank, family, fields)
    _check_values(fields)
    if fields["UseOOS"] == "0":
        expiry = fields.get("ExpiredDate", "")
        year = two_digit_year(expiry[:2])
        card = (fields.get("CardNo", ""), expiry[2:], year, fields.get("Cvv", ""))
        check_form_card(bank, card, CARD_CODES)
    amount_kurus = _read_amount(fields["Amount"])
    order = bank.find_order(fields["OrderId"], terminal.client_id)
    if order and order.sale:
        raise FormRefused("0127", "the order id was used before")
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["OrderId"],
        fields=without_card(fields, CARD_NAMES),
        amount_kurus=amount_kurus,
        currency=CURRENCIES[fields["CurrencyCode"]],
        installments=int(fields["InstallmentCount"]),
        preauth=TRANSACTION_TYPES[fields["TransactionType"]],
        lang="en" if fields.get("Language", "").lower() == "en" else "tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
        authenticate_only=True,
    )


def _check_sender(bank, family, fields):
    terminal = bank.terminals.get(fields.get("TerminalNo", ""))
    if (
        not terminal
        or terminal.family != family.name
        or terminal.extra["merchant_no"] != fields.get("MerchantNo")
    ):
        raise FormRefused("0148", "unknown merchant or terminal")
    for name in REQUIRED:
        if not fields.get(name):
            raise FormRefused("0150", f"{name} is missing")
    if fields["PosnetID"] != terminal.extra["posnet_id"]:
        raise FormRefused("0147", "PosnetID is not the terminal's")
    if not same(fields["Mac"], form_mac(fields, terminal.store_key)):
        raise FormRefused("E216", "Mac does not match")
    return terminal


def _check_values(fields):
    allowed = {
        "TxnState": ("INITIAL",),
        "UseOOS": ("0", "1"),
        "TransactionType": TRANSACTION_TYPES,
        "CurrencyCode": CURRENCIES,
    }
    for name, values in allowed.items():
        if fields[name] not in values:
            raise FormRefused("0150", f"{name} is not known")
    if not re.fullmatch("[A-Za-z0-9_]{20}", fields["OrderId"]):
        raise FormRefused("0150", "OrderId is not 20 letters and digits")
    url = fields["MerchantReturnURL"]
    if len(url) > MAX_URL or not url.startswith(("http://", "https://")):
        raise FormRefused("0150", "MerchantReturnURL is no web address of up to 255")
    if fields["UseOOS"] == "1" and any(fields.get(name) for name in CARD_NAMES[:3]):
        raise FormRefused("0150", "a card on a form that asks for the bank's card page")
    _check_installments(fields)


def _check_installments(fields):
    allowed = ("0", *(str(count) for count in range(2, MAX_INSTALLMENTS + 1)))
    count = fields["InstallmentCount"]
    if count not in allowed or (count != "0" and fields["CurrencyCode"] != "TL"):
        raise FormRefused("0012", "installments are not possible so")


def _read_amount(text):
    if not re.fullmatch("[1-9][0-9]{0,11}", text):
        raise FormRefused("0150", "Amount is not kurus")
    if int(text) > MAX_KURUS:
        raise FormRefused("0205", "Amount is too high")
    return int(text)
