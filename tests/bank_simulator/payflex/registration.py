"""Common payment page: the registration that a merchant's server makes before."""

import re

from ..digests import same
from ..family import FormRefused
from ..money import CURRENCIES, parse_amount
from ..payments import Payment
from . import codes
from .hashing import compute_hash

TYPES = {"Sale": False, "Auth": True}
MAX_INSTALLMENTS = 12
CARD_NAMES = ("Pan", "CVV", "ExpireMonth", "ExpireYear", "BrandNumber")
NAMES = (
    "HostMerchantId",
    "MerchantPassword",
    "HostTerminalId",
    "TransactionType",
    "TransactionId",
    "AmountCode",
    "Amount",
    "OrderID",
    "IsSecure",
    "AllowNotEnrolledCard",
    "SuccessUrl",
    "FailUrl",
    "RequestLanguage",
    "InstallmentCount",
    "Extract",
    "CustomItems",
    "HashedData",
    *CARD_NAMES,
)
SECRET_NAMES = ("MerchantPassword", "HashedData")
_SPELLING = {name.lower(): name for name in NAMES}


def normalise(fields):
    """Return the fields in the spelling above; the bank reads names in any case."""
    return {_SPELLING.get(name.lower(), name): value for name, value in fields.items()}


def find_terminal(bank, merchant_id, password, terminal_no=None):
    """Return the terminal of these credentials.

    :raise FormRefused: with the bank's code for an unknown merchant or a bad login
    """
    terminal = bank.terminal_of("payflex", merchant_id)
    if not terminal:
        raise FormRefused(*codes.UNKNOWN_MERCHANT)
    if not same(password, terminal.api_password):
        raise FormRefused(*codes.BAD_LOGIN)
    if terminal_no not in (None, terminal.extra["terminal_no"]):
        raise FormRefused(*codes.BAD_LOGIN)
    return terminal


def open_payment(bank, family, fields, client_ip, path):
    """Verify a registration and return the payment that it opens.

    :raise FormRefused: with the bank's error code
    """
    terminal = find_terminal(
        bank,
        fields.get("HostMerchantId", ""),
        fields.get("MerchantPassword", ""),
        fields.get("HostTerminalId", ""),
    )
    _check_fields(fields, terminal)
    installments = _read_installments(fields)
    order = bank.find_order(fields["OrderID"], terminal.client_id)
    if order and order.sale:
        raise FormRefused(*codes.ALREADY_PAID)
    order = bank.order(terminal.client_id, fields["OrderID"])
    transaction_id = fields.get("TransactionId") or bank.token(order)
    if not bank.claim(order, transaction_id):
        raise FormRefused(*codes.USED_TRANSACTION_ID)
    amount_kurus = parse_amount(fields["Amount"])
    kept = {name: fields[name] for name in fields if name not in SECRET_NAMES}
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["OrderID"],
        fields={**kept, "TransactionId": transaction_id},
        amount_kurus=amount_kurus,
        currency=fields["AmountCode"],
        installments=installments,
        preauth=TYPES[fields["TransactionType"]],
        lang="en" if fields.get("RequestLanguage", "").startswith("en") else "tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
    )


def _check_fields(fields, terminal):
    if fields.get("TransactionType") not in TYPES:
        raise FormRefused(*codes.BAD_TYPE)
    if fields.get("AmountCode") not in CURRENCIES:
        raise FormRefused(*codes.BAD_CURRENCY)
    amount = fields.get("Amount", "")
    well_formed = re.fullmatch(r"[0-9]+\.[0-9]{2}", amount, re.ASCII)
    if not well_formed or not amount.strip("0."):
        raise FormRefused(*codes.BAD_AMOUNT)
    if not re.fullmatch(r"[!-~]{1,40}", fields.get("OrderID", "")):
        raise FormRefused(*codes.BAD_ORDER_ID)
    if fields.get("IsSecure", "").lower() != "true":
        raise FormRefused(*codes.NO_NON_3D)
    for name in ("SuccessUrl", "FailUrl"):
        if not fields.get(name, "").startswith(("http://", "https://")):
            raise FormRefused(codes.BAD_FIELD, f"{name} is not a web address")
    if any(fields.get(name) for name in CARD_NAMES):
        raise FormRefused(codes.BAD_FIELD, "a card in the registration is not played")
    claimed = fields.get("HashedData")
    if claimed and claimed != compute_hash(fields, terminal.api_password):
        raise FormRefused(*codes.BAD_LOGIN)


def _read_installments(fields):
    """Return the number of installments; a single payment leaves the field out."""
    text = fields.get("InstallmentCount", "")
    if not text:
        return 0
    allowed = {str(count): count for count in range(2, MAX_INSTALLMENTS + 1)}
    if text not in allowed:
        raise FormRefused(*codes.BAD_INSTALLMENTS)
    if fields["AmountCode"] != "949":
        raise FormRefused(*codes.INSTALLMENT_CURRENCY)
    return allowed[text]
