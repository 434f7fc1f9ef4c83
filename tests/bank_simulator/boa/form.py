"""What opens a payment: a signed message with the card, or the hosted page's form."""

import re

from ..cards import is_card_number
from ..digests import same
from ..gate import two_digit_year, without_card
from ..hosted import card_error
from ..money import CURRENCIES
from ..payments import Payment
from . import codes
from .codes import BoaRefusal
from .hashing import hash_password
from .wire import KATILIM, KUVEYT, authenticate, find_terminal, read_kurus

API_VERSIONS = {KUVEYT: "TDV2.0.0", KATILIM: "1.0.0"}
CARD_NAMES = (
    "CardNumber",
    "CardExpireDateMonth",
    "CardExpireDateYear",
    "CardCVV2",
    "CardHolderName",
)
MAX_INSTALLMENTS = 12
PATTERNS = {
    "MerchantOrderId": r"\S.{0,49}",
    "OkUrl": r"https?://.{1,255}",
    "FailUrl": r"https?://.{1,255}",
}


def open_signed(bank, family, fields, bank_kind, client_ip, path):
    """Verify a message for the 3-D gate; return a payment that only authenticates."""
    terminal = authenticate(bank, fields, bank_kind)
    if fields.get("TransactionSecurity") != "3":
        raise BoaRefusal(*codes.BAD_SECURITY)
    if fields.get("APIVersion") != API_VERSIONS[bank_kind]:
        raise BoaRefusal(codes.BAD_REQUEST, "APIVersion")
    if fields.get("DisplayAmount") != fields.get("Amount"):
        raise BoaRefusal(codes.BAD_REQUEST, "DisplayAmount")
    if bank_kind == KUVEYT:
        _check_kuveyt(fields)
    check_card(bank, fields)
    currency = "CurrencyCode" if bank_kind == KUVEYT else "FECCurrencyCode"
    payment = _payment(bank, family, terminal, fields, currency, client_ip, path)
    payment.authenticate_only = True
    return payment


def open_hosted(bank, family, fields, client_ip, path):
    """Verify the form of the hosted page, which the bank charges by itself."""
    terminal = find_terminal(bank, fields, KATILIM)
    expected = hash_password(terminal.api_password)
    if not same(fields.get("HashPassword", ""), expected):
        raise BoaRefusal(*codes.HASH_ERROR)
    if fields.get("PaymentType") != "1":
        raise BoaRefusal(codes.BAD_REQUEST, "PaymentType")
    return _payment(bank, family, terminal, fields, "FECCurrencyCode", client_ip, path)


def check_card(bank, fields):
    number = fields.get("CardNumber", "")
    parts = (
        fields.get("CardExpireDateMonth", ""),
        two_digit_year(fields.get("CardExpireDateYear", "")),
        fields.get("CardCVV2", ""),
    )
    if not is_card_number(number) or card_error(bank, number, *parts):
        raise BoaRefusal(codes.BAD_CARD, "card number, expiry or security code")


def read_installments(fields, currency):
    """Return the number of installments; a single payment is 0."""
    text = fields.get("InstallmentCount") or "0"
    allowed = {str(count): count for count in (0, *range(2, MAX_INSTALLMENTS + 1))}
    if text not in allowed or (allowed[text] and currency != "949"):
        raise BoaRefusal(codes.BAD_REQUEST, "InstallmentCount")
    return allowed[text]


def read_currency(fields, name):
    """``0949`` is 949; four digits are what the bank wants."""
    text = fields.get(name, "")
    if len(text) != 4 or text[0] != "0" or text[1:] not in CURRENCIES:
        raise BoaRefusal(codes.BAD_REQUEST, name)
    return text[1:]


def _check_kuveyt(fields):
    if fields.get("TransactionType") != "Sale":
        raise BoaRefusal(codes.BAD_REQUEST, "TransactionType")
    if fields.get("DeviceData/DeviceChannel") != "02":
        raise BoaRefusal(codes.BAD_REQUEST, "DeviceChannel")
    if not fields.get("DeviceData/ClientIP"):
        raise BoaRefusal(codes.BAD_REQUEST, "ClientIP")


def _payment(bank, family, terminal, fields, currency_name, client_ip, path):
    for name, pattern in PATTERNS.items():
        if not re.fullmatch(pattern, fields.get(name, "")):
            raise BoaRefusal(codes.BAD_REQUEST, name)
    amount_kurus = read_kurus(fields.get("Amount", ""))
    if not amount_kurus:
        raise BoaRefusal(codes.BAD_REQUEST, "Amount")
    currency = read_currency(fields, currency_name)
    order = bank.find_order(fields["MerchantOrderId"], terminal.client_id)
    if order and order.sale:
        raise BoaRefusal(*codes.REFUSALS["already_paid"])
    order = bank.order(terminal.client_id, fields["MerchantOrderId"])
    return Payment(
        family=family,
        terminal=terminal,
        order_id=fields["MerchantOrderId"],
        fields={
            **without_card(fields, CARD_NAMES),
            "BankOrderId": new_order_id(bank, order),
            "MD": bank.nonce(order, 36),
        },
        amount_kurus=amount_kurus,
        currency=currency,
        installments=read_installments(fields, currency),
        preauth=False,
        lang="tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
    )


def new_order_id(bank, order):
    """Return a number for the bank's own OrderId, one for each attempt."""
    while True:
        number = "2" + bank.digits(order, 8)
        if bank.claim(order, number):
            return number
