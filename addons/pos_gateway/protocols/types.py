"""What we tell a bank, and who we are there. All values are immutable.

What a bank tells us is in ``answers``; what a family can do is in ``traits``.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


class Secret:
    """A credential that does not show itself in a repr, a log line or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str):
        self._value = value or ""

    def reveal(self) -> str:
        """:return: the credential itself; call it where it is used, never before"""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self):
        raise TypeError("a secret is not pickled")


class Card:
    """A payer's card, for one request, in the one mode in which our server sees it.

    It does not print, compare, hash or pickle; nothing may keep it.

    :ivar number: digits only
    :ivar month: ``"01"`` to ``"12"``
    :ivar year: two digits
    :ivar code: the security code
    """

    __slots__ = ("code", "holder", "month", "number", "year")

    def __init__(self, number: str, month: str, year: str, code: str, holder: str = ""):
        self.number, self.month, self.year = number, month, year
        self.code, self.holder = code, holder

    def __repr__(self) -> str:
        return "Card(***)"

    __str__ = __repr__

    def __reduce__(self):
        raise TypeError("a card is not pickled")


class Operation(enum.StrEnum):
    """What is asked of a bank's server, and what its messages speak of."""

    PAGE = "page"
    """Not asked: the payer's browser brings the message of the bank's page."""
    REGISTER = "register"
    """Opens the bank's page for an order. Moves no money."""
    CARD_PAGE = "card_page"
    """The same with the card in our hands (``CardEntry.SERVER``). Moves no money."""
    RESOLVE = "resolve"
    """Has the bank read what its page sent through the browser. Moves no money."""
    SALE = "sale"
    """Charges (or pre-authorises) the card that was authenticated on the page."""
    INQUIRY = "inquiry"
    HISTORY = "history"
    DAY_LIST = "day_list"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    BIN = "bin"
    POINTS = "points"
    RECURRING = "recurring"
    """Charges the card now and has the bank charge it again by a schedule."""
    RECURRING_STATUS = "recurring_status"
    RECURRING_CANCEL = "recurring_cancel"
    """Moves no money, but is sent until it is answered."""


MOVES_MONEY = frozenset(
    {
        Operation.SALE,
        Operation.CAPTURE,
        Operation.VOID,
        Operation.REFUND,
        Operation.RECURRING,
    }
)


class CardEntry(enum.StrEnum):
    """Where the payer types the card."""

    HOSTED = "hosted"
    """On the bank's own page: nothing of ours sees it."""
    BROWSER = "browser"
    """On a bare page of ours whose form goes to the bank, past our server."""
    SERVER = "server"
    """On a page that posts to us: off unless an administrator says otherwise."""


@dataclass(frozen=True)
class Terminal:
    """One POS contract: who we are at the bank, and where the bank is.

    What the names stand for at a bank is in its family's ``TRAITS.credentials``.
    ``accepted_md_status`` says which 3-D results the merchant accepts (liability
    shift); it never means "paid".

    :param urls: addresses by the names of ``TRAITS.urls``
    :param options: what this bank does differently, from its entry in ``banks``
    :param is_live: False at the bank's test system
    """

    merchant_id: str
    urls: Mapping[str, str] = field(default_factory=dict)
    store_key: Secret = field(default_factory=lambda: Secret(""))
    api_user: str = ""
    api_password: Secret = field(default_factory=lambda: Secret(""))
    terminal_id: str = ""
    account_id: str = ""
    refund_password: Secret = field(default_factory=lambda: Secret(""))
    page_password: Secret = field(default_factory=lambda: Secret(""))
    sub_merchant_id: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    is_live: bool = True
    card_entry: CardEntry = CardEntry.HOSTED
    accepted_md_status: frozenset[str] = frozenset({"1"})

    def url(self, name: str) -> str:
        """:raise ValueError: with a sentence for staff, if the address is missing"""
        if not self.urls.get(name):
            raise ValueError(f"The bank's address for {name} is missing.")
        return self.urls[name]


@dataclass(frozen=True)
class Order:
    """One attempt to pay, as we stored it before the bank heard of it.

    :param amount_kurus: hundredths of the currency, what the payer's card is charged
    :param currency: ISO 4217 letters, e.g. ``"TRY"``
    :param installment_count: 1 means a single payment
    :param nonce: fresh random text, stored with the order so that a form can be rebuilt
    :param preauth: whether the money is only reserved, to be captured later
    :param at: when the order was made, with time zone
    :param client_ip: the payer's address; some banks ask for it
    :param merchant_name: who is paid, where the bank shows it to the payer
    :param references: what the bank said of this order before (``Outcome.references``)
    """

    order_id: str
    amount_kurus: int
    currency: str
    installment_count: int = 1
    return_url: str = ""
    notice_url: str = ""
    language: str = "tr"
    nonce: str = ""
    preauth: bool = False
    at: datetime | None = None
    client_ip: str = ""
    email: str = ""
    merchant_name: str = ""
    references: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """How often a bank is to charge a card, after it was charged for the first time.

    :param count: all payments, with the first one
    :param every, unit: the interval: so many days, weeks, months or years
    :param first: the day of the first charge, if it is not the day of the call
    """

    count: int
    every: int
    unit: Literal["D", "W", "M", "Y"]
    first: date | None = None


@dataclass(frozen=True)
class Call:
    """One thing to ask of the bank about an order.

    :param key: our own name of this call, unique, 20 capital letters
    :param at: when it is asked, with time zone
    :param amount_kurus: of a capture or refund; None means all of it
    :param nonce: fresh random text
    :param first_day, last_day: of a day list
    :param card_prefix: of a BIN inquiry
    :param schedule: of a recurring sale
    :param planned: which planned payment is cancelled, its number, counted from the
        first charge, which is 1; empty: all that are left
    """

    operation: Operation
    key: str = ""
    at: datetime | None = None
    amount_kurus: int | None = None
    nonce: str = ""
    first_day: date | None = None
    last_day: date | None = None
    card_prefix: str = ""
    card: Card | None = None
    schedule: Schedule | None = None
    planned: str = ""

    def kurus_of(self, order: Order) -> int:
        """:return: the amount of a capture or refund of this order"""
        return order.amount_kurus if self.amount_kurus is None else self.amount_kurus


@dataclass(frozen=True)
class CardInput:
    """One input of a page on which the payer types the card.

    :param kind: ``number``, ``month``, ``year`` (two digits), ``expiry`` (MMYY),
        ``expiry_slash`` (MM/YY), ``code`` or ``holder``
    :param wire: the name under which the bank expects it
    """

    kind: str
    wire: str


@dataclass(frozen=True)
class Form:
    """What the payer's browser takes to the bank: ``fields`` keep their order.

    :param method: ``"post"`` or ``"get"`` (then the address is complete)
    :param card: inputs that the payer fills in, in ``CardEntry.BROWSER`` only
    """

    url: str
    fields: tuple[tuple[str, str], ...] = ()
    method: str = "post"
    card: tuple[CardInput, ...] = ()


@dataclass(frozen=True)
class Request:
    """What our server sends to the bank. ``body`` holds credentials: never log it."""

    url: str
    body: bytes
    content_type: str
    operation: Operation
    order_id: str
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Request({self.operation.value!r}, {self.order_id!r})"
