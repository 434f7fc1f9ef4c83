"""The values that cross the border of this package, all of them immutable.

Order by type: a bank's message arrives as :class:`Message`; a family's ``verify``
turns it into :class:`Proven` or raises :class:`Refused`; only a ``Proven`` can be
parsed to an :class:`Outcome`. There is no other way to an outcome.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class Refused(Exception):
    """A message from outside that is not believed.

    ``reason`` is one short word for logs and tests (``"hash"``, ``"order"``, ...); the
    text never quotes the message.
    """

    def __init__(self, reason: str, detail: str = ""):
        self.reason = reason
        super().__init__(f"{reason}: {detail}" if detail else reason)


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


@dataclass(frozen=True)
class Terminal:
    """One POS contract: who we are at the bank, and where the bank is.

    ``page_url`` takes the payer's browser, ``api_url`` takes our server's requests; a
    family needs one or both. ``accepted_md_status`` says which 3-D results the merchant
    accepts (liability shift); it never means "paid".
    """

    merchant_id: str
    page_url: str
    api_url: str
    store_key: Secret = field(default_factory=lambda: Secret(""))
    api_user: str = ""
    api_password: Secret = field(default_factory=lambda: Secret(""))
    accepted_md_status: frozenset[str] = frozenset({"1"})


@dataclass(frozen=True)
class Order:
    """One attempt to pay, as we stored it before the bank heard of it.

    :param amount_kurus: hundredths of the currency, what the payer's card is charged
    :param currency: ISO 4217 letters, e.g. ``"TRY"``
    :param installment_count: 1 means a single payment
    :param nonce: fresh random text, stored with the order so that a form can be rebuilt
    """

    order_id: str
    amount_kurus: int
    currency: str
    installment_count: int = 1
    return_url: str = ""
    notice_url: str = ""
    language: str = "tr"
    nonce: str = ""


@dataclass(frozen=True)
class Form:
    """What the payer's browser posts to the bank: ``fields`` keep their order."""

    url: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """What our server sends to the bank. ``body`` holds credentials: never log it."""

    url: str
    body: bytes
    content_type: str
    operation: str
    order_id: str

    def __repr__(self) -> str:
        return f"Request({self.operation!r}, {self.order_id!r})"


@dataclass(frozen=True)
class Message:
    """A form message as it came in, decoded but not believed."""

    fields: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str | None = None) -> str | None:
        """:return: the value under exactly this name (names differ by case at banks)"""
        for key, value in self.fields:
            if key == name:
                return value
        return default


_KEY = object()


class Proven:
    """A message that a family has verified. Only ``prove`` makes one.

    :ivar order_id: the order that the message speaks of
    :ivar fields: the verified values by the bank's names
    :ivar identity: the same for each delivery of the same message, however its sender
        writes the parts that are not signed
    :ivar by: ``"signature"`` or ``"transport"`` (an answer to our own request over TLS)
    """

    __slots__ = ("by", "fields", "identity", "order_id")

    def __init__(
        self, key, order_id: str, fields: Mapping[str, str], by: str, identity: str
    ):
        if key is not _KEY:
            raise TypeError("only a family's verify makes a proven message")
        object.__setattr__(self, "order_id", order_id)
        object.__setattr__(self, "fields", MappingProxyType(dict(fields)))
        object.__setattr__(self, "by", by)
        object.__setattr__(self, "identity", identity)

    def __setattr__(self, name, value):
        raise AttributeError("a proven message does not change")


def prove(
    order_id: str, fields: Mapping[str, str], by: str, identity: str = ""
) -> Proven:
    """For the ``verify`` functions of this package, after their checks; nobody else."""
    return Proven(_KEY, order_id, fields, by, identity)


class Result(enum.Enum):
    """How an attempt to pay stands. What is not known for certain is UNRESOLVED."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNRESOLVED = "unresolved"
    NOT_FOUND = "not_found"
    """Only as the answer to an inquiry: the bank knows no such order (yet)."""


@dataclass(frozen=True)
class Outcome:
    """What a proven message says. ``None`` means that the message does not say it.

    ``bank_code`` and ``bank_message`` are the bank's own words, for staff.
    """

    result: Result
    order_id: str
    amount_kurus: int | None = None
    currency: str | None = None
    installment_count: int | None = None
    authorisation_code: str = ""
    host_reference: str = ""
    bank_transaction_id: str = ""
    card_masked: str = ""
    card_brand: str = ""
    md_status: str = ""
    eci: str = ""
    bank_code: str = ""
    bank_message: str = ""


def differences(order: Order, outcome: Outcome) -> tuple[str, ...]:
    """Name what the bank says differently from the order that we sent.

    What a message does not state is left to the stored order, as each family declares.

    >>> order = Order("A1", 1000, "TRY", 3)
    >>> differences(order, Outcome(Result.APPROVED, "A1", 999, "TRY", 3))
    ('amount',)
    """
    pairs = (
        ("order", order.order_id, outcome.order_id),
        ("amount", order.amount_kurus, outcome.amount_kurus),
        ("currency", order.currency, outcome.currency),
        ("installment_count", order.installment_count, outcome.installment_count),
    )
    return tuple(name for name, ours, theirs in pairs if theirs not in (None, ours))
