"""The posted 3-D form: what a merchant must send, and what the bank refuses."""

from ..family import FormRefused
from ..money import CURRENCIES, parse_amount
from ..payments import Payment
from . import codes
from .hashing import hash_is_genuine

HOSTED_STORETYPES = ("3d_pay_hosting", "3d_host")
TRANSACTION_TYPES = ("Auth", "PreAuth")
MAX_AMOUNT_DIGITS = 18
MAX_INSTALLMENTS = 12

REQUIRED = (
    "clientid",
    "storetype",
    "TranType",
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


def single_fields(pairs):
    """Return the form as a dict.

    :param pairs: name and value of every field in the order of the form
    :raise FormRefused: when a name comes twice, in whatever case: what would be signed
    """
    fields = dict(pairs)
    if len({name.lower() for name in fields}) != len(pairs):
        raise FormRefused(codes.FORM_REFUSED, "a field name is repeated")
    return fields


def open_payment(bank, family, fields, client_ip, path):
    """Verify a form and return the payment that it opens.

    :raise FormRefused: with the bank's error code
    """
    terminal = bank.terminals.get(fields.get("clientid", ""))
    if not terminal or terminal.family != family.name:
        raise FormRefused(codes.FORM_REFUSED, "unknown client id")
    if fields.get("hashAlgorithm") != "ver3":
        raise FormRefused(codes.FORM_REFUSED, "only hash version 3 is accepted")
    if not hash_is_genuine(fields, terminal.store_key):
        raise FormRefused(codes.FORM_REFUSED, "hash does not match")
    _check_fields(fields)
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
        fields=fields,
        amount_kurus=amount_kurus,
        currency=fields["currency"],
        installments=installments,
        preauth=fields["TranType"] == "PreAuth",
        lang="en" if fields.get("lang") == "en" else "tr",
        client_ip=client_ip,
        path=path,
        charged_kurus=amount_kurus,
    )


def _check_fields(fields):
    for name in REQUIRED:
        if not fields.get(name):
            raise FormRefused(codes.MISSING, f"{name} is missing")
    for name, longest in LONGEST.items():
        if len(fields.get(name, "")) > longest:
            raise FormRefused(codes.TOO_LONG, f"{name} is too long")
    for name in URLS:
        if fields.get(name) and not fields[name].startswith(("http://", "https://")):
            raise FormRefused(codes.BAD_VALUE, f"{name} is not a web address")
    if fields["storetype"] not in HOSTED_STORETYPES:
        raise FormRefused(codes.BAD_VALUE, "storetype is not enabled")
    if fields["TranType"] not in TRANSACTION_TYPES:
        raise FormRefused(codes.BAD_VALUE, "TranType is not known")
    if fields["currency"] not in CURRENCIES:
        raise FormRefused(codes.BAD_VALUE, "currency is not known")


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
