"""What a bank tells us, in the order in which it may be believed.

A page's message arrives as :class:`Message`; a family's ``verify`` turns it into
:class:`Proven` or raises :class:`Refused`. The answer to a call is turned into a
``Proven`` by the family's ``read``. Only a ``Proven`` can be parsed to an
:class:`Outcome`; there is no other way to one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from .types import Form, Operation, Order


class Refused(Exception):
    """A message from outside that is not believed.

    ``reason`` is one short word for logs and tests (``"hash"``, ``"order"``, ...); the
    text never quotes the message.
    """

    def __init__(self, reason: str, detail: str = ""):
        self.reason = reason
        super().__init__(f"{reason}: {detail}" if detail else reason)


def must_name(reason: str, theirs: str | None, ours: str) -> None:
    """:raise Refused: if a message does not name our order or merchant"""
    if not ours or theirs != ours:
        raise Refused(reason)


def may_name(reason: str, theirs: str | None, ours: str) -> None:
    """:raise Refused: if a message names another order or merchant than ours"""
    if theirs and theirs != ours:
        raise Refused(reason)


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
    :ivar rows: the same for each row of a list
    :ivar identity: the same for each delivery of the same message, however its sender
        writes the parts that are not signed
    :ivar operation: what it is the message of
    :ivar by: ``"signature"``; ``"transport"`` (an answer to our own request over TLS);
        ``"nothing"`` for a page's message that nobody signs: it may only ever lead to a
        question to the bank
    """

    __slots__ = ("by", "fields", "identity", "operation", "order_id", "rows")

    def __init__(self, key, order_id, fields, by, identity, operation, rows):
        if key is not _KEY:
            raise TypeError("only a family's verify makes a proven message")
        object.__setattr__(self, "order_id", order_id)
        object.__setattr__(self, "fields", MappingProxyType(dict(fields)))
        object.__setattr__(self, "by", by)
        object.__setattr__(self, "identity", identity)
        object.__setattr__(self, "operation", operation)
        rows = tuple(MappingProxyType(dict(row)) for row in rows) if rows else ()
        object.__setattr__(self, "rows", rows)

    def __setattr__(self, name, value):
        raise AttributeError("a proven message does not change")


def prove(
    order_id: str,
    fields: Mapping[str, str],
    by: str,
    identity: str = "",
    operation: Operation = Operation.PAGE,
    rows: Iterable[Mapping[str, str]] = (),
) -> Proven:
    """For ``verify`` and ``read`` of this package, after their checks; nobody else."""
    return Proven(_KEY, order_id, fields, by, identity, operation, rows)


class Result(enum.Enum):
    """How the thing that a message speaks of stands.

    What is not known for certain is UNRESOLVED. ``Outcome.operation`` says what thing:
    an approved refund is no payment.
    """

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNRESOLVED = "unresolved"
    AUTHENTICATED = "authenticated"
    """The payer was recognised (or a page was opened); no money has moved yet."""
    NOT_FOUND = "not_found"
    """Only as the answer to an inquiry: the bank knows no such order (yet)."""


class Hint(enum.StrEnum):
    """What a refusal tells us to do instead; set on exactly the codes that say so."""

    VOID_INSTEAD = "void_instead"
    """A refund that comes before the batch closed."""
    REFUND_INSTEAD = "refund_instead"
    """A void that comes after the batch closed."""
    DONE_BEFORE = "done_before"
    """It was voided, refunded or captured already."""
    OTHER_PREFIX = "other_prefix"
    """The bank knows the order under another spelling of its number."""


class State(enum.StrEnum):
    """Where a transaction stands in the bank's books."""

    AUTHORISED = "authorized"
    """Reserved, not captured (some banks also say so of a sale of today)."""
    CAPTURED = "captured"
    VOIDED = "voided"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DECLINED = "declined"
    WAITING = "waiting"
    """At the payer, or at the issuer: not decided."""
    PLANNED = "planned"
    CANCELLED = "cancelled"
    """A planned payment that will not be made."""
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """One transaction in the bank's books, as an inquiry or a list tells it.

    ``None`` and ``""`` mean that the bank does not say.

    :param kind: ``sale``, ``preauth``, ``capture``, ``refund`` or ``void``
    :param amount_kurus: what it was first made for
    :param at: the bank's local time; of a planned payment when it is to be made
    :param number: which payment of a schedule it is, counted from 1
    """

    kind: str = ""
    state: State = State.UNKNOWN
    amount_kurus: int | None = None
    captured_kurus: int | None = None
    refunded_kurus: int | None = None
    voided_kurus: int | None = None
    net_kurus: int | None = None
    currency: str | None = None
    installment_count: int | None = None
    order_id: str = ""
    at: datetime | None = None
    captured_at: datetime | None = None
    authorisation_code: str = ""
    host_reference: str = ""
    bank_transaction_id: str = ""
    bank_code: str = ""
    card_masked: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a proven message says. ``None`` means that the message does not say it.

    ``bank_code``, ``bank_message`` and ``reason_code`` are the bank's own words, for
    staff; where answers carry two codes, ``reason_code`` is the finer one.

    :param reason: one of ``codes.REASONS``: why it did not happen

    :param follow_up: what must be asked of the bank next, at once
    :param references: what later calls about this order need; kept with the order
    :param page: where the payer's browser goes next
    :param standing: how the order stands in the bank's books (inquiry)
    :param entries: the rows of a history or day list, newest first; the payments of a
        schedule in its order
    :param data: what a BIN or points inquiry tells, by our names: ``points`` (how
        many), ``points_kurus`` (what they are worth), ``points_KIND_kurus``; of a
        schedule ``recurring_count``
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
    reason_code: str = ""
    reason: str = ""
    batch: str = ""
    at: datetime | None = None
    operation: Operation = Operation.PAGE
    follow_up: Operation | None = None
    hint: Hint | None = None
    is_repeat: bool = False
    references: Mapping[str, str] = field(default_factory=dict)
    page: Form | None = None
    standing: Entry | None = None
    entries: tuple[Entry, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)


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


def newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """:return: the rows in the order of their times; those without one come last"""
    return tuple(
        sorted(entries, key=lambda entry: entry.at or datetime.min, reverse=True)
    )


def stated(outcome: Outcome, stands: Entry) -> Outcome:
    """:return: an inquiry's outcome with what the bank's books say of the order"""
    return replace(
        outcome,
        amount_kurus=stands.amount_kurus,
        currency=stands.currency,
        installment_count=stands.installment_count,
        authorisation_code=stands.authorisation_code,
        host_reference=stands.host_reference,
        bank_transaction_id=stands.bank_transaction_id,
        card_masked=stands.card_masked,
        at=stands.at,
        standing=stands,
    )


def standing_of(entries: Iterable[Entry], order_id: str = "") -> Entry | None:
    """Sum up the rows of one order's history to how the order stands.

    Declined, planned and unknown rows count for nothing; what cannot be summed up (two
    sales, an amount that is not stated) is no standing at all.

    >>> sale = Entry("sale", State.CAPTURED, 1000, captured_kurus=1000)
    >>> standing_of([Entry("refund", State.CAPTURED, 300), sale]).refunded_kurus
    300
    """
    live = (State.AUTHORISED, State.CAPTURED, State.PARTIALLY_REFUNDED, State.REFUNDED)
    rows = list(entries)
    sales = [r for r in rows if r.kind in ("sale", "preauth")]
    charged = [r for r in sales if r.state in (*live, State.VOIDED)]
    refunds = [r.amount_kurus for r in rows if r.kind == "refund" and r.state in live]
    captures = [r.amount_kurus for r in rows if r.kind == "capture" and r.state in live]
    known = [*refunds, *captures, *(r.amount_kurus for r in charged)]
    if len(charged) != 1 or None in known:
        return None
    (sale,) = charged
    captured = sum(captures) if captures else sale.captured_kurus
    if captured is None and sale.kind == "sale":
        captured = sale.amount_kurus
    state, refunded = sale.state, sum(refunds)
    if captures and state is State.AUTHORISED:
        state = State.CAPTURED
    if refunded and state is not State.VOIDED:
        whole = refunded == captured
        state = State.REFUNDED if whole else State.PARTIALLY_REFUNDED
    return replace(
        sale,
        state=state,
        captured_kurus=captured,
        refunded_kurus=refunded,
        order_id=sale.order_id or order_id,
    )
