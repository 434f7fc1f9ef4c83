"""What differs between books, report and account; and what happened besides."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    COMMISSION = "commission_difference"
    VALUE_DATE = "value_date_difference"
    INSTALLMENTS = "installments_difference"
    AMOUNT = "amount_difference"
    MISSING_IN_REPORT = "missing_in_report"
    UNKNOWN_IN_REPORT = "unknown_in_report"
    DUPLICATE_IN_REPORT = "duplicate_in_report"
    MISSING_DEPOSIT = "missing_deposit"
    LATE_DEPOSIT = "late_deposit"
    DEPOSIT = "deposit_difference"
    DUPLICATE_DEPOSIT = "duplicate_deposit"
    REFUND_COMMISSION = "refund_commission_kept"
    BLOCKED = "blocked_open"


class EventKind(StrEnum):
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    BLOCKED = "blocked"
    RELEASED = "released"


@dataclass(frozen=True)
class Finding:
    """:param amount: kuruş; above zero the bank owes it to the company
    :param key: of the ``books.Expected`` that it is about, if it is about one
    :param net: what is not there in time, where ``amount`` is 0
    """

    kind: Kind
    amount: int
    order: str = ""
    terminal: str = ""
    auth_code: str = ""
    rrn: str = ""
    batch_day: date | None = None
    value_date: date | None = None
    reported_value_date: date | None = None
    days: int | None = None
    net: int | None = None
    agreed_rate: str = ""
    reported_rate: str = ""
    agreed_count: int | None = None
    reported_count: int | None = None
    reference: str = ""
    key: Hashable | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Event:
    """No difference: money that goes back, or waits.

    :param amount: kuruş, as on the account
    """

    kind: EventKind
    amount: int
    value_date: date | None
    order: str = ""
    terminal: str = ""
    auth_code: str = ""
    block_number: str = ""
    key: Hashable | None = field(default=None, compare=False)
