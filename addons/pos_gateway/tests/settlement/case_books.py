"""Reads ``books.json`` of a case folder: what our side knows."""

from datetime import date, datetime

from pos_gateway.pricing import rates
from pos_gateway.pricing.agreement import CostLine, cost
from pos_gateway.pricing.value_dates import Slice, ValueDate, slices
from pos_gateway.settlement.books import Expected
from pos_gateway.settlement.rows import RowKind

FORMAT = "settlement-books/1"


def read_books(document: dict) -> list[Expected]:
    """:raises ValueError, KeyError: if it is not of that format"""
    if document.get("format") != FORMAT:
        raise ValueError("format")
    lines = {one["id"]: one for one in document["agreement"]}
    sales, books = {}, []
    for one in document["transactions"]:
        if one["type"] == "sale":
            sales[one["order"]] = (one, lines[one["agreement"]])
            books.append(_sale(one, lines[one["agreement"]]))
    for one in document["transactions"]:
        if one["type"] == "refund":
            books.append(_refund(one, *sales[one["of"]]))
    return books


def _cost_line(line: dict) -> CostLine:
    rule = line["value_date"]
    return CostLine(
        line["id"],
        rates.rate(line["rate"]),
        fee=line["fee"],
        bsmv=rates.rate(line["bsmv"]),
        value_date=ValueDate(
            rule["rule"],
            rule.get("days", 0),
            rule.get("first_days", 0),
            rule.get("interval_days", 0),
        ),
    )


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _slices(one: dict, line: dict, day: date) -> tuple[Slice, ...]:
    """Those that the books state, or else computed."""
    if one["state"] != "captured":
        return ()
    if "slices" in one:
        return tuple(
            Slice(
                date.fromisoformat(part["due"]),
                *(part[name] for name in ("gross", "commission", "fee", "bsmv", "net")),
            )
            for part in one["slices"]
        )
    agreed = _cost_line(line)
    total = one["total"]
    return slices(
        total, one["installments"], cost(total, agreed), agreed.value_date, day
    )


def _sale(one: dict, line: dict) -> Expected:
    day = _day(one["captured_at"])
    return Expected(
        key=one["order"],
        kind=RowKind.SALE,
        order=one["order"],
        day=day,
        total=one["total"],
        terminal=one.get("terminal", ""),
        count=one["installments"],
        auth_code=one.get("auth_code", ""),
        rrn=one.get("rrn", ""),
        slices=_slices(one, line, day),
        rate=line["rate"],
        is_open=one["state"] == "captured",
        is_voided=one["state"] == "voided",
        payment=one.get("payment_id", ""),
    )


def _refund(one: dict, sale: dict, line: dict) -> Expected:
    """The bank gives its commission back with the money, but not its fee."""
    day, total = _day(one["done_at"]), one["total"]
    agreed = _cost_line({**line, "fee": 0})
    if line.get("refund_commission") in (False, "kept"):
        agreed = _cost_line({**line, "fee": 0, "rate": "0"})
    days = agreed.value_date.days or agreed.value_date.first_days
    (whole,) = slices(total, 1, cost(total, agreed), ValueDate(days=days), day)
    return Expected(
        key=f"refund of {one['of']} {one.get('rrn', '')}",
        kind=RowKind.REFUND,
        order=one["of"],
        day=day,
        total=-total,
        terminal=sale.get("terminal", ""),
        auth_code=one.get("auth_code", ""),
        rrn=one.get("rrn", ""),
        slices=(
            Slice(
                whole.due, -whole.gross, -whole.commission, -whole.fee, -whole.bsmv,
                -whole.net,
            ),
        ),
        rate=line["rate"],
        is_open=one["state"] == "done",
        of=one["of"],
    )  # fmt: skip
