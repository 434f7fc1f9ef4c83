from odoo.tests import TransactionCase, tagged

from .test_matching import MatchingCase
from .wallet_common import WalletCommon


@tagged("post_install", "-at_install")
class TestMatchingWallet(WalletCommon, MatchingCase, TransactionCase):
    """The parts of a wallet stand on an account of their own, at the same terminal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.garanti.gateway_report_terminal = "76543210"

    def both(self):
        """:return: the parts of a payment by card, and of one by the wallet"""
        card = self.make_transaction(None, 300.0, provider_id=self.garanti.id)
        card._gateway_apply(self.outcome(card))
        self.post(card)
        wallet = self.paid(None, 100.0)
        return card.gateway_settlement_ids, wallet.gateway_settlement_ids

    def deposit_of(self, amount, day):
        return self.deposit(amount, "POS NET SATIS TERM:76543210", day)

    def balances(self):
        return (
            self.balance(self.garanti.gateway_slips_account_id),
            self.balance(self.garanti.gateway_wallet_account_id),
        )

    def test_one_deposit_pays_parts_by_card_and_by_wallet(self):
        card, wallet = self.both()
        self.assertEqual(self.balances(), (300, 100))
        self.assertEqual(card.due, wallet.due)
        line = self.deposit_of(400, card.due)
        self.run_matching()
        self.assertEqual(line.gateway_state, "matched")
        self.assertEqual((card | wallet).mapped("state"), ["paid", "paid"])
        self.assertEqual(self.balances(), (0, 0))
        self.assertEqual(line._gateway_settlements(), card | wallet)

    def test_a_difference_of_both_is_one_cost_and_both_accounts_are_even(self):
        self.garanti.gateway_cost_account_id = self.cost_account
        card, wallet = self.both()
        line = self.deposit_of(399, card.due)
        self.run_matching()
        line.gateway_match_ids.action_accept()
        self.assertEqual((card | wallet).mapped("state"), ["paid", "paid"])
        self.assertEqual(self.balances(), (0, 0))
        self.assertEqual(self.balance(self.cost_account), 1)

    def test_two_deposits_together_pay_parts_on_both_accounts(self):
        card, wallet = self.both()
        lines = self.deposit_of(150, card.due) + self.deposit_of(250, card.due)
        amounts = {card.id: 30000, wallet.id: 10000}
        lines._gateway_book(card | wallet, amounts)
        self.assertEqual((card | wallet).mapped("state"), ["paid", "paid"])
        self.assertEqual(self.balances(), (0, 0))
        self.assertEqual(lines.mapped("is_reconciled"), [True, True])

    def test_a_bank_that_pays_less_for_the_wallet_leaves_the_rest_open_there(self):
        card, wallet = self.both()
        line = self.deposit_of(390, card.due)
        line._gateway_book(card | wallet, {card.id: 30000, wallet.id: 9000})
        self.assertEqual((card | wallet).mapped("state"), ["paid", "expected"])
        self.assertEqual(self.balances(), (0, 10))
        self.assertEqual(wallet.open_net, 10)
