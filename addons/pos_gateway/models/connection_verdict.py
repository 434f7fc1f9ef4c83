"""What a harmless question to a bank tells about the way a POS is set up."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from ..protocols.answers import Refused, Result
from .sender import NoAnswer

# Banks that sign the time refuse what is some minutes off.
MOST_SECONDS_OFF = 5 * 60

VERDICTS = (
    "works",
    "credentials",
    "address",
    "tls",
    "unreachable",
    "clock",
    "unclear",
)
_NOT_ALLOWED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def of_answer(family, terminal, order, call, body):
    """Judge the answer to an inquiry about an order that never was.

    :return: one of ``VERDICTS``, and the bank's own words
    """
    try:
        outcome = family.parse(terminal, family.read(terminal, order, call, body))
    except Refused as refusal:
        return "address", refusal.reason
    words = (outcome.bank_code, outcome.reason_code, outcome.bank_message)
    detail = " ".join(dict.fromkeys(word for word in words if word))
    if outcome.result is Result.NOT_FOUND or outcome.reason == "not_found":
        return "works", detail
    if outcome.reason == "configuration":
        return "credentials", detail
    return "unclear", detail


def of_silence(failure: NoAnswer):
    """:return: one of ``VERDICTS``, and what is known of the failure"""
    if failure.kind == "status" and failure.detail.isdecimal():
        status = int(failure.detail)
        detail = f"HTTP {status}"
        if status in _NOT_ALLOWED:
            return "credentials", detail
        return ("unreachable" if status >= 500 else "address"), detail
    verdict = {"tls": "tls", "timeout": "unreachable", "connection": "unreachable"}
    return verdict.get(failure.kind, "address"), str(failure)


def seconds_off(date_header, now: datetime | None = None):
    """How far our clock is ahead of the bank's; 0 if the bank does not tell the time.

    >>> seconds_off("Tue, 24 Nov 2026 10:00:00 GMT",
    ...             datetime(2026, 11, 24, 10, 2, tzinfo=UTC))
    120
    >>> seconds_off("yesterday")
    0
    """
    try:
        theirs = parsedate_to_datetime(date_header or "")
    except ValueError:
        return 0
    if not theirs.tzinfo:
        theirs = theirs.replace(tzinfo=UTC)
    return round(((now or datetime.now(UTC)) - theirs).total_seconds())
