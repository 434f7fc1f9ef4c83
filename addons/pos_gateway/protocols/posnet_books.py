"""How an order stands in PosNet's books, for both of its protocols, and what its codes
say of a charge or of what follows a charge.

The bank lists the transactions of an order, each with a type, an amount with a decimal
comma and whether it went well; nothing says how they add up. Here they are added up: a
``Sale_Reverse`` takes a ``Sale`` of the same amount away (also where the bank lists
only the reverse), and so on. What does not add up is no standing.

Quirk: one public description of V1 says that its status is 1 for voided and captured
transactions and 0 for all others, which speaks against the other documents
(unverified). So a row of status 0 decides nothing: neither that the money was taken nor
that it was not.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from . import money, reading
from .answers import Entry, Hint, Outcome, Proven, Refused, Result, State
from .codes.posnet import CODES, FOLLOW_UP_REFUSALS, OTHER_SPELLING
from .redact import mask_text
from .types import Order, Terminal

CURRENCIES = {"TRY": "TL", "USD": "US", "EUR": "EU"}
LETTERS = {code: letters for letters, code in CURRENCIES.items()}
LETTERS |= {"YT": "TRY"}
PREFIXES = ("TDS_", "TDSC")
LONGEST_AMOUNT = 9_999_999
"""Kuruş: what the bank takes at most."""

FULL_AND_HALF_SECURE = frozenset("1234")
NOT_AUTHENTICATED = frozenset("056789")

_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{20}")
_KEY = re.compile(r"[01][0-9A-Za-z]{17}")
_TIMES = ("%y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d%H:%M:%S")
KINDS = {
    "sale": "sale",
    "vft_sale": "sale",
    "auth": "preauth",
    "authorization": "preauth",
    "capt": "capture",
    "capture": "capture",
    "return": "refund",
    "bonus_usage": "",
    "point_usage": "",
}
_REVERSE = "_reverse"


class Row(NamedTuple):
    """A transaction of an order as the bank lists it, in the bank's texts."""

    type: str
    amount: str
    currency: str
    is_good: str
    at: str
    order_id: str
    authorisation_code: str
    host_reference: str
    card: str


def check_order(order: Order) -> None:
    """:raise ValueError: with a sentence for staff, if PosNet takes no such order"""
    if not _ORDER_ID.fullmatch(order.order_id):
        raise ValueError("PosNet needs an order number of exactly 20 characters.")
    if order.amount_kurus > LONGEST_AMOUNT:
        raise ValueError("PosNet takes at most 99,999.99 in one payment.")


def currency(order: Order) -> str:
    """:raise ValueError: with a sentence for staff, if PosNet does not trade in it"""
    if order.currency not in CURRENCIES:
        raise ValueError(f"The currency {order.currency} is not taken by the bank.")
    return CURRENCIES[order.currency]


def check_numbers(order: Order, numbers: Iterable[str | None]) -> None:
    """:raise Refused: if a row is not of our order, in any spelling of its number"""
    ours = {order.order_id, *(start + order.order_id for start in PREFIXES)}
    if not {*numbers} <= ours:
        raise Refused("order")


def number_of(terminal: Terminal, order: Order) -> str:
    """:return: the order's number as later messages spell it"""
    return _prefix(terminal, order) + order.order_id


def spelling(terminal: Terminal, order: Order, by_number: bool) -> dict[str, str]:
    """:return: what ``respelled`` needs of a call

    :param by_number: whether the call named the order by its number
    """
    return {
        "order:prefix": _prefix(terminal, order) if by_number else "",
        "order:first_prefix": terminal.options.get("order_prefix") or PREFIXES[0],
    }


def _prefix(terminal: Terminal, order: Order) -> str:
    given = order.references.get("order_prefix") or terminal.options.get("order_prefix")
    return given or PREFIXES[0]


def respelled(proven: Proven, outcome: Outcome, code: str) -> Outcome:
    """Have the bank asked for the other spelling of the number, once in each round."""
    used, first = proven.fields["order:prefix"], proven.fields["order:first_prefix"]
    if not used or code not in OTHER_SPELLING:
        return replace(outcome, hint=CODES.hint(code))
    hint = Hint.OTHER_PREFIX if used == first else None
    other = next(one for one in PREFIXES if one != used)
    return replace(outcome, hint=hint, references={"order_prefix": other})


def entry(row: Row) -> Entry:
    """Read a row; a reverse is a ``void`` of what the bank calls it."""
    name = row.type.lower()
    is_reverse = name.endswith(_REVERSE) or name == "reverse"
    kind = "void" if is_reverse else KINDS.get(name, "")
    state = {"1": State.CAPTURED, "0": State.UNKNOWN}.get(row.is_good, State.UNKNOWN)
    if kind == "preauth" and state is State.CAPTURED:
        state = State.AUTHORISED
    return Entry(
        kind=kind,
        state=state,
        amount_kurus=amount(row.amount),
        currency=LETTERS.get(row.currency),
        order_id=row.order_id,
        at=moment(row.at),
        authorisation_code=row.authorisation_code,
        host_reference=row.host_reference,
        card_masked=row.card,
    )


def standing(rows: Iterable[Row]) -> Entry | None:
    """Add the good rows of one order up.

    ==================================== ==================== =========
    rows that are not reversed           state                kind
    ==================================== ==================== =========
    one sale                             CAPTURED             sale
    one sale, refunds below it           PARTIALLY_REFUNDED   sale
    one sale, refunds as much            REFUNDED             sale
    no sale, but a reverse of one        VOIDED               sale
    one authorisation                    AUTHORISED           preauth
    captures (and an authorisation)      as of a sale         preauth
    no authorisation, a reverse of one   VOIDED               preauth
    anything else                        none
    ==================================== ==================== =========

    >>> row = Row("Sale", "1,16", "TL", "1", "", "", "", "", "")
    >>> back = row._replace(type="Return", amount="0,16")
    >>> standing([back, row]).state, standing([back, row]).refunded_kurus
    (<State.PARTIALLY_REFUNDED: 'partially_refunded'>, 16)
    """
    good = [row for row in rows if row.is_good == "1"]
    if not good or not all(amount(row.amount) for row in good):
        return None
    if len({row.currency for row in good}) > 1:
        return None
    book = _book(good)
    if book is None:
        return None
    sales, reserved = book["sale"], book["preauth"]
    if sales.seen and (reserved.seen or book["capture"].seen):
        return None
    first = sales if sales.seen else reserved
    return _sum_up("sale" if sales.seen else "preauth", first, book)


class _Kind:
    """Rows of a kind: all of them, those that are not reversed, and the reversed."""

    def __init__(self):
        self.seen: list[Row] = []
        self.live: list[Row] = []
        self.gone: list[Row] = []

    def reverse(self, row: Row) -> None:
        same = [one for one in self.live if amount(one.amount) == amount(row.amount)]
        if same:
            self.live.remove(same[0])
        self.seen.append(row)
        self.gone.append(same[0] if same else row)

    def total(self) -> int:
        return sum(amount(row.amount) for row in self.live)


def _book(good: list[Row]) -> dict[str, _Kind] | None:
    """:return: the rows by kind; None if one is of no known kind"""
    book = {name: _Kind() for name in ("sale", "preauth", "capture", "refund", "")}
    reverses = []
    for row in good:
        name = row.type.lower()
        kind = KINDS.get(name.removesuffix(_REVERSE))
        if kind is None:
            return None
        if name.endswith(_REVERSE):
            reverses.append((kind, row))
        else:
            book[kind].seen.append(row)
            book[kind].live.append(row)
    for kind, row in reverses:
        book[kind].reverse(row)
    return book


def _sum_up(kind: str, first: _Kind, book: dict[str, _Kind]) -> Entry | None:
    captures, refunded = book["capture"], book["refund"].total()
    if len(first.live) > 1 or book[""].live:
        return None
    captured = captures.total() if kind == "preauth" else first.total()
    if not first.live and not captured:
        if not first.gone or refunded:
            return None
        return _entry(kind, State.VOIDED, first.gone[0], 0, 0)
    if refunded > captured or (first.gone and not first.live):
        return None
    if refunded:
        state = State.REFUNDED if refunded == captured else State.PARTIALLY_REFUNDED
    else:
        state = State.CAPTURED if captured else State.AUTHORISED
    newest = (first.live or captures.live)[0]
    return _entry(kind, state, newest, captured, refunded)


def _entry(kind: str, state: State, row: Row, captured: int, refunded: int) -> Entry:
    return replace(
        entry(row),
        kind=kind,
        state=state,
        captured_kurus=captured,
        refunded_kurus=refunded,
        net_kurus=captured - refunded,
    )


def inquiry_verdict(stands: Entry | None) -> Result:
    """Say of a payment what the standing says of it.

    VOIDED is CANCELLED; charged, reserved or charged and refunded is APPROVED; nothing
    else is known.
    """
    if stands is None or stands.currency is None:
        return Result.UNRESOLVED
    return Result.CANCELLED if stands.state is State.VOIDED else Result.APPROVED


def is_refusal(code: str, is_charge: bool) -> bool:
    """:return: whether a code says that nothing was done, and that nothing will be"""
    return CODES.is_refusal(code) or (not is_charge and code in FOLLOW_UP_REFUSALS)


def reason(code: str) -> str:
    """:return: one of ``codes.REASONS``"""
    return FOLLOW_UP_REFUSALS.get(code) or CODES.reason(code)


def masked_key(text: str) -> str:
    """Mask a text unless it is a key of the bank's books: 18 characters, with a first
    digit that no card number has.

    >>> masked_key("021450428990000191"), masked_key("4543600100000002")
    ('021450428990000191', '454360******0002')
    """
    return text if _KEY.fullmatch(text) else mask_text(text)


def amount(text: str) -> int | None:
    """:return: kuruş of a text with a decimal comma, None if it is none"""
    return reading.amount(text, money.from_comma_text)


def moment(text: str) -> datetime | None:
    """
    >>> moment("2019-11-0813:58:37.909"), moment("261121120044").year
    (datetime.datetime(2019, 11, 8, 13, 58, 37), 2026)
    """
    return reading.moment(text, *_TIMES)


def count(text: str) -> int | None:
    """:return: number of installments; 0 and 00 are a single payment

    >>> count("00"), count("03"), count("x")
    (1, 3, None)
    """
    if not re.fullmatch(r"[0-9]{1,2}", text or ""):
        return None
    return max(int(text), 1)
