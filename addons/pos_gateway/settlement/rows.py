"""What one row of a POS report says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from ..tabular.folding import fold


class RowKind(StrEnum):
    SALE = "sale"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    CANCEL = "cancel"
    OTHER = "other"  # penalties, fees, points: no payment of ours


# Looked for in this order: "Satış İadesi" is a refund.
_WORDS = (
    (RowKind.CHARGEBACK, ("ters ibraz", "chargeback", "itiraz", "harcama itiraz")),
    (RowKind.CANCEL, ("iptal", "cancel", "void")),
    (RowKind.REFUND, ("iade", "refund", "iad", "return")),
    (RowKind.OTHER, ("pnlt", "pucrt", "pua", "ceza", "ucret", "puan kullan")),
    (
        RowKind.SALE,
        ("satis", "pesin", "taksit", "sale", "auth", "payment", "tek", "tks", "vft"),
    ),
)


def row_kind(text: str) -> RowKind:
    """
    >>> row_kind("İADE"), row_kind("Ecommerce Satıs Iade"), row_kind("TAKSİTLİ SATIŞ")
    (<RowKind.REFUND: 'refund'>, <RowKind.REFUND: 'refund'>, <RowKind.SALE: 'sale'>)
    """
    words = fold(text)
    if not words:
        return RowKind.SALE
    for kind, parts in _WORDS:
        if any(part in words for part in parts):
            return kind
    return RowKind.OTHER


def plain_number(text: str) -> str:
    """A terminal, member, authorisation code or RRN as it can be compared: programs
    drop the zeros before it.

    >>> plain_number(" 01234567"), plain_number("0"), plain_number("a1b2")
    ('1234567', '', 'A1B2')
    """
    return text.strip().upper().lstrip("0")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Amounts are kuruş, below zero where money goes back to the payer.

    :param number: of the row in its file, as a spreadsheet shows it
    :param count: installments; 1 is a single payment
    :param part: which of them the row pays, from 1; 0 is all of it
    :param bsmv: 0 also where the report has it inside ``commission``
    :param other: reward, social and further contributions that are cut
    :param reference: of the transfer by which a payment institution pays out
    :param item: what tells two rows of one payment apart
    :param rate: percent as text, "" if the report has none
    """

    number: int
    kind: RowKind
    terminal: str
    batch_day: date | None
    day: date | None
    value_date: date | None
    gross: int
    net: int
    commission: int = 0
    bsmv: int = 0
    fee: int = 0
    other: int = 0
    merchant: str = ""
    batch_number: str = ""
    time: time | None = None
    card_mask: str = ""
    auth_code: str = ""
    rrn: str = ""
    order: str = ""
    count: int = 1
    part: int = 0
    rate: str = ""
    currency: str = "TRY"
    reference: str = ""
    item: str = ""

    @property
    def cost(self) -> int:
        """:return: all that the bank keeps"""
        return self.gross - self.net

    @property
    def identity(self) -> tuple:
        """Two rows that agree in it are the same row twice."""
        return (
            self.kind,
            plain_number(self.terminal),
            self.day,
            plain_number(self.rrn) or plain_number(self.auth_code) or self.order,
            self.part,
            self.gross,
            self.item,
        )


@dataclass(frozen=True)
class Report:
    """:param problems: ``refusals.RowProblem`` of rows that were not taken"""

    rows: tuple[ReportRow, ...]
    problems: tuple = ()
