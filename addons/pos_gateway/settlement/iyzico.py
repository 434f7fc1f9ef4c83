"""The daily settlement file of iyzico: one row for each basket item, a sum below.

Columns with names, addresses and telephone numbers of buyers are not read.
"""

from __future__ import annotations

import csv
import io

from ..tabular.workbook import decode
from .amounts import read_point
from .days import read_day, read_time
from .refusals import FileRefused
from .rows import Report, ReportRow, RowKind

TOTAL = "totalMerchantPayoutAmount"
KINDS = {
    "auth": RowKind.SALE,
    "postauth": RowKind.SALE,
    "payment": RowKind.SALE,
    "refund": RowKind.REFUND,
    "cancel": RowKind.CANCEL,
}
NEEDED = ("paymentId", "paidPrice", "merchantPayoutAmount", "transactionType")


def read_iyzico(content: bytes) -> Report:
    """
    :raises FileRefused: if it is no such file, a row cannot be read, or its sum is
        another: the whole file is one transfer or a few
    """
    lines = list(
        csv.reader(io.StringIO(decode(content)), delimiter=_separator(content))
    )
    header = next((line for line in lines if line), [])
    if any(name not in header for name in NEEDED):
        raise FileRefused("no_header")
    rows, total = [], None
    for number, line in enumerate(lines[1:], start=2):
        if not line or not line[0]:
            continue
        if line[0] == TOTAL:
            total = (number, read_point(line[1]))
            continue
        try:
            rows.append(_row(number, dict(zip(header, line, strict=True))))
        except (ValueError, KeyError) as error:
            raise FileRefused("format", number, str(error)) from error
    if total and total[1] != sum(row.net for row in rows):
        raise FileRefused("total", total[0], TOTAL)
    return Report(tuple(rows))


def _separator(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return ";" if first.count(b";") > first.count(b",") else ","


def _row(number: int, cell: dict) -> ReportRow:
    kind = KINDS.get(cell["transactionType"].lower(), RowKind.OTHER)
    if cell.get("disputeReferenceCode") or cell.get("chargeType"):
        kind = RowKind.CHARGEBACK
    gross, net = read_point(cell["paidPrice"]), read_point(cell["merchantPayoutAmount"])
    commission = read_point(cell.get("iyziCommissionRateAmount"))
    fee = read_point(cell.get("iyziCommissionFee"))
    if kind in (RowKind.REFUND, RowKind.CHARGEBACK) and gross > 0:
        gross, net, commission, fee = -gross, -abs(net), -commission, -fee
    if abs(gross - commission - fee - net) and kind is RowKind.SALE:
        raise ValueError("cuts")
    resolved = cell.get("settlementResolveDate") or cell.get("settlementResolvedDate")
    return ReportRow(
        number=number,
        kind=kind,
        terminal="",
        batch_day=read_day(cell["transactionDate"]),
        day=read_day(cell["transactionDate"]),
        time=read_time(cell["transactionDate"]),
        value_date=read_day(resolved),
        gross=gross,
        net=net,
        commission=commission,
        fee=fee,
        order=cell.get("conversationId", ""),
        rrn=cell["paymentId"],
        count=max(int(cell.get("installment") or 1), 1),
        rate=cell.get("iyziCommissionRate", ""),
        currency=cell.get("transactionCurrency") or "TRY",
        reference=cell.get("settlementReferenceCode", ""),
        item=cell.get("paymentTxId", ""),
    )
