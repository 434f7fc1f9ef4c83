import random

from odoo.tests import tagged

from .tier_common import TierCase

SEQUENCES, STEPS = 4, 12


@tagged("post_install", "-at_install")
class TestChainSequences(TierCase):
    """A sample of what ``tests/tiers`` tries ten thousand times, through Odoo."""

    def test_tiers_and_ledger_equal_what_was_paid_after_any_sequence(self):
        for seed in range(SEQUENCES):
            with self.subTest(seed=seed):
                self.play(random.Random(seed))

    def play(self, chance):
        links = (
            (self.customer, self.bornova),
            (self.bornova.partner_id, self.izmir),
            (self.izmir.partner_id, self.ege),
        )
        start = {link: self.account(*link).balance for link in links}
        ledger = self.owed_to_company(self.ege)
        owed = dict.fromkeys(links, 0)
        paid, charges = dict.fromkeys(links, 0), []
        for _step in range(STEPS):
            kind = chance.choice(("owe", "owe", "pay", "pay", "refund"))
            amount = chance.choice((1, 99, 10_000, chance.randint(1, 500_000)))
            number = chance.randrange(len(links))
            debtor, creditor = links[number]
            if kind == "owe":
                self.make_receivable(creditor, debtor, amount / 100)
                owed[debtor, creditor] += amount
            elif kind == "pay":
                charges.append([self.pay_something(debtor, creditor, amount), amount])
                for link in links[number:]:
                    paid[link] += amount
                charges[-1].append(links[number:])
            elif charges:
                charge = chance.choice(charges)
                back = chance.randint(0, charge[1])
                if back:
                    self.give_back(charge[0], back / 100)
                    charge[1] -= back
                    for link in charge[2]:
                        paid[link] -= back
            for link in links:
                expected = round(start[link] * 100) + owed[link] - paid[link]
                account = self.account(*link)
                self.assertEqual(round(account.balance * 100), expected)
                opened = sum(account.receivable_ids.mapped("amount_open"))
                self.assertAlmostEqual(opened, account.amount_open, 2)
            company = round(ledger * 100) - paid[links[-1]]
            self.assertEqual(round(self.owed_to_company(self.ege) * 100), company)

    def pay_something(self, debtor, creditor, amount):
        collection = self.env["dealer.collection"].create(
            {
                "kind": "on_account",
                "dealer_id": creditor.id,
                "partner_id": debtor.id,
                "amount_on_account": amount / 100,
            }
        )
        return self.pay(collection)
