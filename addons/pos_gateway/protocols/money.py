"""Amounts: integer kuruş inside, one text per wire format outside. Nothing is rounded.

Kuruş stands for the hundredth of whatever currency; all currencies of the table have
two decimals.
"""

import re

# At most ten billion: a card number in the wrong place is never read as an amount.
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?")
_KURUS = re.compile(r"0|[1-9][0-9]{0,11}")

CURRENCIES = {"TRY": "949", "USD": "840", "EUR": "978", "GBP": "826"}
"""ISO 4217: letters -> number."""

_LETTERS = {number: letters for letters, number in CURRENCIES.items()}


def to_decimal_text(amount_kurus: int) -> str:
    """Write an amount with a dot and two decimals.

    >>> to_decimal_text(125040), to_decimal_text(5)
    ('1250.40', '0.05')

    :raise ValueError: if the amount is negative
    """
    whole, kurus = divmod(_not_negative(amount_kurus), 100)
    return f"{whole}.{kurus:02d}"


def to_short_text(amount_kurus: int) -> str:
    """Write an amount with a dot and as few decimals as it needs.

    >>> to_short_text(125040), to_short_text(12500), to_short_text(5)
    ('1250.4', '125', '0.05')

    :raise ValueError: if the amount is negative
    """
    return to_decimal_text(amount_kurus).rstrip("0").rstrip(".")


def from_decimal_text(text: str) -> int:
    """Read an amount with a dot and at most two decimals, as kuruş.

    >>> [from_decimal_text(text) for text in ("1250.40", "100.5", "100", "0.05")]
    [125040, 10050, 10000, 5]

    :raise ValueError: for anything else: comma, sign, space, exponent, thousands
        separator, a third decimal, leading zeros, digits that are not ASCII
    """
    match = _DECIMAL.fullmatch(text)
    if not match:
        raise ValueError("not an amount with a decimal dot")
    whole, kurus = match.groups()
    return int(whole) * 100 + int((kurus or "").ljust(2, "0"))


def from_comma_text(text: str) -> int:
    """Read an amount with a decimal comma and at most two decimals, as kuruş.

    >>> [from_comma_text(text) for text in ("1250,4", "1,01", "320", "0")]
    [125040, 101, 32000, 0]

    :raise ValueError: for anything else: dot, sign, space, thousands separator
    """
    if "." in text:
        raise ValueError("not an amount with a decimal comma")
    return from_decimal_text(text.replace(",", ".", 1))


def to_kurus_text(amount_kurus: int) -> str:
    """Write an amount as a plain number of kuruş.

    >>> to_kurus_text(125040)
    '125040'

    :raise ValueError: if the amount is negative
    """
    return str(_not_negative(amount_kurus))


def from_kurus_text(text: str) -> int:
    """Read a plain number of kuruş.

    >>> from_kurus_text("125040")
    125040

    :raise ValueError: for anything but ASCII digits without leading zeros
    """
    if not _KURUS.fullmatch(text):
        raise ValueError("not an amount in kuruş")
    return int(text)


def currency_number(letters: str) -> str:
    """:return: the ISO number of a currency, e.g. ``"949"`` for ``"TRY"``

    :raise ValueError: if we do not trade in it
    """
    if letters not in CURRENCIES:
        raise ValueError(f"The currency {letters} is not supported by the bank.")
    return CURRENCIES[letters]


def currency_letters(number: str) -> str:
    """:return: the ISO letters of a currency, e.g. ``"TRY"`` for ``"949"``

    :raise ValueError: if we do not trade in it
    """
    if number not in _LETTERS:
        raise ValueError("unknown currency number")
    return _LETTERS[number]


def _not_negative(amount_kurus: int) -> int:
    if amount_kurus < 0:
        raise ValueError("negative amount")
    return amount_kurus
