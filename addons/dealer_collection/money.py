"""Amounts as a payer types them, and how one payment is spread over invoices.

Pure functions: text and whole minor units (kuruş), no ORM, no float arithmetic.
"""

import re
from decimal import Decimal

MAX_TEXT = 20

# Groups of three are told from decimals by their length: at most two decimals exist.
_PATTERNS = (
    (re.compile(r"[0-9]+(?:,[0-9]{1,2})?"), ""),  # 1250,40
    (re.compile(r"[0-9]+\.[0-9]{1,2}"), None),  # 1250.40
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?"), "."),  # 1.250,40
    (re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?"), ","),  # 1,250.40
)


def parse_amount(text: str) -> Decimal | None:
    """Read an amount in Turkish or in English notation; ``None`` if it is neither.

    >>> parse_amount("1.250,40"), parse_amount("1250.40"), parse_amount("1250,4")
    (Decimal('1250.40'), Decimal('1250.40'), Decimal('1250.4'))
    >>> parse_amount("1.250"), parse_amount("1,250.40")
    (Decimal('1250'), Decimal('1250.40'))
    >>> [parse_amount(bad) for bad in ("", "1.25,0,0", "-5", "1e3", "12.345.6", "٣")]
    [None, None, None, None, None, None]
    """
    text = text.strip()
    if len(text) > MAX_TEXT:
        return None
    for pattern, group in _PATTERNS:
        if pattern.fullmatch(text):
            if group is not None:
                if group:
                    text = text.replace(group, "")
                text = text.replace(",", ".")
            return Decimal(text)
    return None


def to_minor(amount, decimals: int) -> int:
    """Convert an amount of the ORM (rounded float) or a Decimal to minor units.

    The float is read by its shortest text, which is what the database stores.

    >>> to_minor(19.99, 2), to_minor(Decimal("1250.4"), 2)
    (1999, 125040)
    """
    return int(Decimal(str(amount)).scaleb(decimals).to_integral_value())


def to_major(minor: int, decimals: int) -> Decimal:
    """
    >>> to_major(125040, 2)
    Decimal('1250.40')
    """
    return Decimal(minor).scaleb(-decimals)


def allocate(amount: int, open_amounts: list[int]) -> list[int]:
    """Spread a payment over debts, in the order in which they are given.

    The parts sum to the amount, none is larger than its debt, and at most one debt is
    closed in part: the last one that gets anything.

    >>> allocate(700, [300, 500, 200])
    [300, 400, 0]
    """
    if not 0 < amount <= sum(open_amounts):
        raise ValueError("the amount is not between zero and what is open")
    parts = []
    for debt in open_amounts:
        part = min(amount, debt)
        parts.append(part)
        amount -= part
    return parts
