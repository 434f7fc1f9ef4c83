"""How a quote came about, step by step, for a form to show."""

from __future__ import annotations

from typing import NamedTuple

from .agreement import cost
from .offer import SURCHARGED
from .quote import Quote
from .rates import rate_text, unrounded


class Step(NamedTuple):
    """:param code: what is computed; the words are made where the language is known
    :param values: kuruş as numbers, rates and unrounded kuruş as decimal text
    """

    code: str
    values: dict


def explain(quote: Quote) -> tuple[Step, ...]:
    """Show each number of a quote, in the order in which they follow from each other.

    ``base``, then ``surcharge_add`` or ``surcharge_net`` or ``surcharge_none``,
    ``total``, ``installments``; where the bank's cost is known ``commission``, ``fee``,
    ``bsmv``, ``net``, ``company_cost`` and a ``slice`` for each value date, else
    ``cost_unknown``.
    """
    steps = [
        Step("base", {"amount": quote.base}),
        _surcharge(quote),
        Step("total", {"amount": quote.total}),
        _installments(quote),
    ]
    if quote.cost is None:
        return (*steps, Step("cost_unknown", {}))
    return (*steps, *_cost(quote), *_slices(quote))


def _surcharge(quote: Quote) -> Step:
    line, amount = quote.offer_line, quote.surcharge
    if line.bearer not in SURCHARGED:
        return Step("surcharge_none", {"amount": 0, "bearer": str(quote.bearer)})
    if not line.is_net:
        values = {
            "rate": rate_text(line.surcharge),
            "of": quote.base,
            "unrounded": unrounded(quote.base, line.surcharge),
            "amount": amount,
            "bearer": str(quote.bearer),
        }
        return Step("surcharge_add", values)
    one_less = cost(quote.total - 1, quote.cost_line).net
    values = {
        "amount": amount,
        "net": quote.cost.net,
        "net_of_one_less": one_less,
    }
    return Step("surcharge_net", values)


def _installments(quote: Quote) -> Step:
    count = quote.installment_count
    first, *others = quote.installments
    part = others[0] if others else first
    values = {
        "count": count,
        "extra": quote.extra,
        "part": part,
        "first": first,
        "remainder": first - part,
    }
    return Step("installments", values)


def _cost(quote: Quote) -> tuple[Step, ...]:
    line, parts = quote.cost_line, quote.cost
    taxed = parts.commission + parts.fee
    commission = {
        "rate": rate_text(line.rate),
        "of": quote.total,
        "unrounded": unrounded(quote.total, line.rate),
        "amount": parts.commission,
    }
    bsmv = {
        "rate": rate_text(line.bsmv),
        "of": taxed,
        "unrounded": unrounded(taxed, line.bsmv),
        "amount": parts.bsmv,
    }
    return (
        Step("commission", commission),
        Step("fee", {"amount": parts.fee}),
        Step("bsmv", bsmv),
        Step("net", {"amount": parts.net}),
        Step("company_cost", {"amount": quote.company_cost, "total": parts.total}),
    )


def _slices(quote: Quote) -> tuple[Step, ...]:
    return tuple(
        Step(
            "slice",
            {
                "number": number,
                "due": part.due.isoformat(),
                "gross": part.gross,
                "commission": part.commission,
                "fee": part.fee,
                "bsmv": part.bsmv,
                "net": part.net,
            },
        )
        for number, part in enumerate(quote.slices, 1)
    )
