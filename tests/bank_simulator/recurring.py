"""Recurring payments: a plan of charges on one card, which the bank makes by itself.

The first is charged at once. The others are charged when the bank's clock reaches
their moment, each under an order of its own, so that void, refund and the ledger treat
them as any other charge. A planned payment that is declined is not tried again.
"""

import calendar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .cards import Card
from .operations import Refusal, authorise
from .orders import Transaction
from .payments import DEFAULT_HANG_SECONDS

WAITING = "waiting"
DONE = "done"  # the issuer was asked; its answer is the transaction
FAILED = "failed"  # not even asked
CANCELLED = "cancelled"

MAX_PAYMENTS = 120
DAYS = {"D": 1, "W": 7}
MONTHS = {"M": 1, "Y": 12}
UNITS = (*DAYS, *MONTHS)


@dataclass(frozen=True)
class Schedule:
    """How often is charged: ``count`` payments in all, every so many units."""

    count: int
    every: int
    unit: str

    def moment(self, start, number):
        """Return when payment ``number``, from 1, falls due.

        It is counted from the start, so that the 31st comes back after a February.
        """
        steps = self.every * (number - 1)
        if self.unit in DAYS:
            return start + timedelta(days=steps * DAYS[self.unit])
        month = start.month - 1 + steps * MONTHS[self.unit]
        year, month = start.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return start.replace(year=year, month=month, day=min(start.day, last))


def read_schedule(count, every, unit, units=UNITS):
    """Return a Schedule of three texts, or the name of the first that is wrong."""
    numbers = []
    for name, text in (("count", count), ("every", every)):
        text = text or ""
        plain = text.isascii() and text.isdecimal() and len(text) <= 3
        if not plain or not 1 <= int(text) <= MAX_PAYMENTS:
            return name
        numbers.append(int(text))
    return Schedule(*numbers, unit) if unit in units else "unit"


@dataclass
class Charge:
    """What is charged: the part of a ``Payment`` that the issuer is asked about."""

    card: Card
    charged_kurus: int
    currency: str
    code_fits: bool = True
    installments: int = 0
    preauth: bool = False


@dataclass
class PlannedPayment:
    """One payment of a plan, from number 1; ``order_id`` is what it is booked under."""

    number: int
    order_id: str
    due: datetime
    state: str = WAITING
    transaction: Transaction | None = None


@dataclass
class Plan:
    """A card that is charged again and again; ``order_id`` is that of the sale.

    The card stays without its security code, which is asked for only once.
    """

    client_id: str
    plan_id: str
    order_id: str
    charge: Charge
    payments: list = field(default_factory=list)

    @property
    def waiting(self):
        return [payment for payment in self.payments if payment.state == WAITING]


def start(bank, order, plan_id, charge, schedule, *, begin=None, order_ids, book=True):
    """Charge the first payment and, when that is approved, plan the others.

    :param begin: the moment that the schedule counts from; now, unless given
    :param order_ids: called with a number, returns what that payment is booked under
    :param book: false for a test request: no plan is kept
    :return: the plan, and seconds until the bank hangs up unanswered or None
    :raise Refusal: when the acquirer does not even ask the issuer
    """
    with bank.lock:
        if (order.client_id, plan_id) in bank.plans:
            raise Refusal("already_paid")
        faults = bank.faults.take_for_recurring(
            order.order_id, charge.charged_kurus, number=1
        )
        row = authorise(bank, order, charge, decline_code(faults))
        begin = begin or bank.clock.now()
        first = PlannedPayment(1, order.order_id, row.authorised_at, DONE, row)
        plan = Plan(order.client_id, plan_id, order.order_id, charge, [first])
        if row.succeeded and book:
            plan.payments += [
                PlannedPayment(n, order_ids(n), schedule.moment(begin, n))
                for n in range(2, schedule.count + 1)
            ]
            bank.plans[order.client_id, plan_id] = plan
            order.plan_id, order.planned = plan_id, 1
        return plan, _lost_after(faults) if row.succeeded else None


def find_plan(bank, client_id, plan_id):
    """Return a plan by its own id, or None."""
    with bank.lock:
        return bank.plans.get((client_id, plan_id))


def find_payment(bank, client_id, order_id):
    """Return the plan and the payment that an order id names, or two Nones."""
    with bank.lock:
        for plan in bank.plans.values():
            for payment in plan.payments if plan.client_id == client_id else ():
                if payment.order_id == order_id:
                    return plan, payment
        return None, None


def cancel(bank, plan, number=None):
    """Cancel one planned payment, or all that still wait.

    :raise Refusal: when none of them waits
    """
    with bank.lock:
        found = [p for p in plan.waiting if number in (None, p.number)] if plan else []
        if not found:
            raise Refusal("nothing_planned")
        for payment in found:
            payment.state = CANCELLED


def advance(bank, seconds):
    """Move the clock; what falls due on the way is charged at its own moment."""
    with bank.lock:
        target = bank.clock.now() + timedelta(seconds=seconds)
        due = [
            (payment.due, payment.number, plan, payment)
            for plan in bank.plans.values()
            for payment in plan.waiting
            if payment.due <= target
        ]
        for moment, _number, plan, payment in sorted(due, key=lambda row: row[:2]):
            bank.clock.reach(moment)
            _charge(bank, plan, payment)
        bank.clock.reach(target)


def _charge(bank, plan, payment):
    order = bank.order(plan.client_id, payment.order_id)
    faults = bank.faults.take_for_recurring(
        plan.order_id, plan.charge.charged_kurus, number=payment.number
    )
    charge = Charge(plan.charge.card, plan.charge.charged_kurus, plan.charge.currency)
    try:
        row = authorise(bank, order, charge, decline_code(faults))
    except Refusal as refusal:  # such as an order id that the merchant used meanwhile
        payment.state, verdict, code = FAILED, "refused", refusal.reason
    else:
        order.plan_id, order.planned = plan.plan_id, payment.number
        payment.state, payment.transaction = DONE, row
        verdict = "approved" if row.succeeded else "declined"
        code = row.code
    bank.journal.write(
        "",
        "recurring_charge",
        verdict,
        terminal=plan.client_id,
        order=payment.order_id,
        card=plan.charge.card.masked,
        code=code,
    )


def decline_code(faults):
    """Return the code that the issuer is made to answer with, or an empty text."""
    for kind in ("recurring_decline", "decline"):
        if kind in faults:
            return str(faults[kind].get("code", "05"))
    return ""


def _lost_after(faults):
    if "dropped_connection" in faults:
        return 0
    if "timeout_after_charge" in faults:
        return faults["timeout_after_charge"].get("seconds", DEFAULT_HANG_SECONDS)
    return None
