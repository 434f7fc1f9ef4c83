"""Quotes as JSON-able dictionaries, as they are kept with a payment.

What was computed (installments, slices) is kept as well and read back as it was: a
holiday that is announced later does not change what was said at the time.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import Enum

from .agreement import Cost, CostLine
from .cards import CardKind
from .offer import Bearer, Mode, OfferLine
from .rates import rate, rate_text
from .value_dates import Slice, ValueDate


def as_dict(quote) -> dict:
    """Rates are decimal text in percent, days ISO text, amounts kuruş.

    Keys of lines, programs and so on are kept as they are: for JSON they must be
    numbers or texts.
    """
    return {
        "base": quote.base,
        "total": quote.total,
        "surcharge": quote.surcharge,
        "surcharge_rate": rate_text(quote.surcharge_rate),
        "installment_count": quote.installment_count,
        "extra": quote.extra,
        "installments": list(quote.installments),
        "bearer": str(quote.bearer),
        "mode": str(quote.mode),
        "day": quote.day.isoformat(),
        "cost": quote.cost and _plain(quote.cost) | {"total": quote.cost.total},
        "company_cost": quote.company_cost,
        "slices": [_plain(part) for part in quote.slices],
        "offer_line": quote.offer_line.key,
        "offer_terms": _plain(quote.offer_line, "surcharge"),
        "cost_line": _plain(quote.cost_line, "rate", "bsmv"),
        "version": quote.version,
    }


def read(values: dict) -> tuple[dict, dict]:
    """Take apart what :func:`as_dict` made.

    :return: the fields of a quote, and what a quote computes of them
    """
    cost_line = values["cost_line"]
    given = {name: values[name] for name in ("base", "total", "installment_count")}
    given |= {
        "day": date.fromisoformat(values["day"]),
        "offer_line": _offer_line(values["offer_terms"]),
        "cost_line": cost_line and _cost_line(cost_line),
        "cost": _cost(values["cost"]),
        "version": values["version"],
    }
    computed = {
        "installments": tuple(values["installments"]),
        "slices": tuple(
            Slice(**part | {"due": date.fromisoformat(part["due"])})
            for part in values["slices"]
        ),
    }
    return given, computed


def _plain(item, *rates: str) -> dict | None:
    """:param rates: the fields that are rates, not amounts"""
    if item is None:
        return None
    values = {part.name: getattr(item, part.name) for part in fields(item)}
    return {
        name: rate_text(value) if name in rates else _plain_value(value)
        for name, value in values.items()
    }


def _plain_value(value):
    if isinstance(value, ValueDate):
        return _plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _cost(values: dict | None) -> Cost | None:
    return values and Cost(**{part.name: values[part.name] for part in fields(Cost)})


def _offer_line(values: dict) -> OfferLine:
    return OfferLine(
        **values
        | {
            "surcharge": rate(values["surcharge"]),
            "kind": _kind(values),
            "bearer": Bearer(values["bearer"]),
            "mode": Mode(values["mode"]),
        }
    )


def _cost_line(values: dict) -> CostLine:
    return CostLine(
        **values
        | {
            "rate": rate(values["rate"]),
            "bsmv": rate(values["bsmv"]),
            "kind": _kind(values),
            "value_date": ValueDate(**values["value_date"]),
            "valid_from": _day(values["valid_from"]),
            "valid_to": _day(values["valid_to"]),
        }
    )


def _kind(values: dict) -> CardKind | None:
    return values["kind"] and CardKind(values["kind"])


def _day(text: str | None) -> date | None:
    return text and date.fromisoformat(text)
