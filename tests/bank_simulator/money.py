"""Amounts: integer kuruş inside, dot decimal text on the wire. No float anywhere."""

import re

_AMOUNT = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,2})?")

CURRENCIES = {
    "949": "TL",
    "840": "USD",
    "978": "EUR",
    "826": "GBP",
    "392": "JPY",
    "643": "RUB",
}


def parse_amount(text):
    """Return the kuruş of a dot decimal text.

    >>> parse_amount("1250.40"), parse_amount("1250.4"), parse_amount("100")
    (125040, 125040, 10000)

    :raise ValueError: for commas, thousands separators, signs, spaces, exponents,
        more than two decimals, or digits that are not ASCII
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError("not a dot decimal amount")
    lira, _dot, kurus = text.partition(".")
    return int(lira) * 100 + int(kurus.ljust(2, "0") or "0")


def format_amount(kurus):
    """Return the dot decimal text of kuruş.

    >>> format_amount(125040), format_amount(5)
    ('1250.40', '0.05')
    """
    return f"{kurus // 100}.{kurus % 100:02d}"


def format_for_reader(kurus, currency, lang):
    """Return an amount as a person reads it: ``1.250,40 TL`` or ``1,250.40 TL``."""
    lira = f"{kurus // 100:,}"
    point = "."
    if lang == "tr":
        lira, point = lira.replace(",", "."), ","
    return f"{lira}{point}{kurus % 100:02d} {CURRENCIES.get(currency, currency)}"
