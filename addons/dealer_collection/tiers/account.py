"""What one debtor owes one creditor: debts, payments, and which payment closed what.

How to use: make an :class:`Account` of what is stored, call one of its verbs, store
what has changed. How it works: a payment closes the debts that were chosen, then the
oldest; what is left of it is the debtor's credit and closes the next debt that comes. A
refund takes the credit of its payment first, then opens again what it closed last.
Nothing is ever rounded, so at any time::

    open debts - credit = debts - (payments - refunds)

The debts of the tree's top to the company itself are invoices, and stand in Odoo's
ledger: this is for the tiers below, of which the company's books know nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field


@dataclass
class Debt:
    """:param amount: minor units, as it stands now; 0 when it was cancelled
    :param order: sorts debts, the oldest first
    """

    key: Hashable
    amount: int
    order: tuple = ()
    is_disputed: bool = False


@dataclass
class Payment:
    """:param amount: minor units, less what was refunded
    :param order: sorts payments, the oldest first
    """

    key: Hashable
    amount: int
    order: tuple = ()


@dataclass
class Match:
    """How much of a debt a payment closes. ``number`` grows with time."""

    payment: Hashable
    debt: Hashable
    amount: int
    number: int


@dataclass
class Account:
    """The debts of one debtor to one creditor in one currency."""

    debts: dict[Hashable, Debt] = field(default_factory=dict)
    payments: dict[Hashable, Payment] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)

    # === WHAT IS OPEN === #

    def open_of(self, debt: Hashable) -> int:
        """:return: what is still to be paid of a debt"""
        closed = sum(match.amount for match in self.matches if match.debt == debt)
        return self.debts[debt].amount - closed

    def free_of(self, payment: Hashable) -> int:
        """:return: what of a payment closes nothing"""
        used = sum(match.amount for match in self.matches if match.payment == payment)
        return self.payments[payment].amount - used

    @property
    def balance(self) -> int:
        """:return: what the debtor owes; negative if it has paid too much"""
        owed = sum(debt.amount for debt in self.debts.values())
        return owed - sum(payment.amount for payment in self.payments.values())

    @property
    def credit(self) -> int:
        """:return: what was paid and closes nothing"""
        return sum(self.free_of(key) for key in self.payments)

    # === VERBS === #

    def add_debt(self, debt: Debt) -> None:
        """A new debt; the debtor's credit closes it as far as it goes."""
        if debt.amount <= 0 or debt.key in self.debts:
            raise ValueError("a debt is more than zero and has a key of its own")
        self.debts[debt.key] = debt
        self.use_credit()

    def pay(self, payment: Payment, chosen: Iterable[Hashable] = ()) -> None:
        """A payment closes what was chosen, in that order, then the oldest debts."""
        if payment.amount <= 0 or payment.key in self.payments:
            raise ValueError("a payment is more than zero and has a key of its own")
        chosen = list(chosen)
        if unknown := set(chosen) - self.debts.keys():
            raise ValueError(f"no debts of this account: {unknown}")
        self.payments[payment.key] = payment
        for key in chosen:
            self._match(payment.key, key)
        self.use_credit()

    def refund(self, payment: Hashable, amount: int) -> None:
        """Give back a part of a payment, or all of it."""
        if not 0 < amount <= self.payments[payment].amount:
            raise ValueError("more than the payment is not given back")
        self.payments[payment].amount -= amount
        for match in reversed(self._matches_of(payment)):
            over = -self.free_of(payment)
            if over <= 0:
                break
            self._take(match, min(over, match.amount))
        self.use_credit()

    def change_debt(self, debt: Hashable, amount: int) -> None:
        """The creditor lowers a debt, or cancels it (0); what was paid is credit."""
        if not 0 <= amount <= self.debts[debt].amount:
            raise ValueError("a debt can only be lowered")
        self.debts[debt].amount = amount
        closing = [match for match in self.matches if match.debt == debt]
        for match in sorted(closing, key=lambda match: match.number, reverse=True):
            over = -self.open_of(debt)
            if over <= 0:
                break
            self._take(match, min(over, match.amount))
        self.use_credit()

    # === MATCHING === #

    def use_credit(self) -> None:
        """Let what is free close what is open, both the oldest first.

        A disputed debt is not closed by money that was not meant for it.
        """
        for payment in sorted(self.payments.values(), key=lambda row: row.order):
            for debt in sorted(self.debts.values(), key=lambda row: row.order):
                if not debt.is_disputed:
                    self._match(payment.key, debt.key)

    def _match(self, payment: Hashable, debt: Hashable) -> None:
        amount = min(self.free_of(payment), self.open_of(debt))
        if amount <= 0:
            return
        for match in self.matches:
            if (match.payment, match.debt) == (payment, debt):
                match.amount += amount
                return
        number = max((match.number for match in self.matches), default=0) + 1
        self.matches.append(Match(payment, debt, amount, number))

    def _take(self, match: Match, amount: int) -> None:
        match.amount -= amount
        if not match.amount:
            self.matches.remove(match)

    def _matches_of(self, payment: Hashable) -> list[Match]:
        found = [match for match in self.matches if match.payment == payment]
        return sorted(found, key=lambda match: match.number)
