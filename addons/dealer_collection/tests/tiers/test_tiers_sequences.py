"""Whatever happens in a tree, each tier's sums stay equal to what was paid."""

import random
from collections import defaultdict

from dealer_collection.tiers.account import Account, Debt, Payment

SEQUENCES, STEPS = 10_000, 12
# Customers below sub-dealers below dealers below main dealers below the company.
PARENTS = {
    "c1": "s1",
    "c2": "s1",
    "c3": "s2",
    "s1": "d1",
    "s2": "d2",
    "d1": "m",
    "d2": "m",
}


class Tree:
    """A tree of four tiers, with a ledger of its own that knows no matching."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.parents = dict(PARENTS)
        self.accounts = defaultdict(Account)
        self.paid = []  # (key, what is left of it, the links that it went up)
        self.owed, self.received = defaultdict(int), defaultdict(int)
        self.number = 0

    def next(self):
        self.number += 1
        return self.number

    def amount(self):
        return self.random.choice((1, 3, 99, 1000, self.random.randint(1, 10**7)))

    def chain(self, debtor):
        while debtor in self.parents:
            yield debtor, self.parents[debtor]
            debtor = self.parents[debtor]

    # === WHAT MAY HAPPEN === #

    def owe(self):
        debtor = self.random.choice(list(self.parents))
        link, amount, key = (debtor, self.parents[debtor]), self.amount(), self.next()
        order = (self.random.randint(1, 28), key)
        self.accounts[link].add_debt(
            Debt(key, amount, order, is_disputed=self.random.random() < 0.1)
        )
        self.owed[link] += amount

    def pay(self):
        debtor = self.random.choice(list(self.parents))
        key, amount = self.next(), self.amount()
        links = list(self.chain(debtor))
        for link in links:
            debts = list(self.accounts[link].debts)
            chosen = self.random.sample(
                debts, min(len(debts), self.random.randint(0, 2))
            )
            self.accounts[link].pay(Payment(key, amount, (key,)), chosen)
            self.received[link] += amount
        self.paid.append([key, amount, links])

    def refund(self):
        if self.paid:
            row = self.random.choice(self.paid)
            key, left, links = row
            if left:
                amount = self.random.choice((left, self.random.randint(1, left)))
                for link in links:
                    self.accounts[link].refund(key, amount)
                    self.received[link] -= amount
                row[1] -= amount

    def cancel(self):
        links = [link for link, made in self.accounts.items() if made.debts]
        if links:
            link = self.random.choice(links)
            debt = self.random.choice(list(self.accounts[link].debts.values()))
            lowered = self.random.choice((0, debt.amount // 2))
            self.owed[link] -= debt.amount - lowered
            self.accounts[link].change_debt(debt.key, lowered)

    def move(self):
        """A branch moves: its old debts stay with the old creditor."""
        who, above = self.random.choice(
            (
                ("s1", "d2"),
                ("s2", "d1"),
                ("s1", "d1"),
                ("c1", "s2"),
                ("d2", "d1"),
                ("d2", "m"),
            )
        )
        self.parents[who] = above

    # === WHAT MUST HOLD === #

    def check(self):
        for link, made in self.accounts.items():
            opened = [made.open_of(key) for key in made.debts]
            free = [made.free_of(key) for key in made.payments]
            assert min(opened, default=0) >= 0 and min(free, default=0) >= 0
            assert made.balance == self.owed[link] - self.received[link]
            assert sum(opened) - made.credit == made.balance
            assert all(match.amount > 0 for match in made.matches)
            if made.credit:
                undisputed = [d.key for d in made.debts.values() if not d.is_disputed]
                assert not any(made.open_of(key) for key in undisputed)
        for key, left, links in self.paid:
            assert all(
                self.accounts[link].payments[key].amount == left for link in links
            )


def test_sums_per_tier_equal_what_was_paid_after_any_sequence():
    for seed in range(SEQUENCES):
        tree = Tree(seed)
        for _step in range(STEPS):
            verbs = (tree.owe, tree.pay, tree.refund, tree.cancel, tree.move)
            (verb,) = tree.random.choices(verbs, (2, 2, 1, 1, 1))
            verb()
            tree.check()
