from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealerCase


@tagged("post_install", "-at_install")
class TestHistory(DealerCase):
    """What happened under a dealer stays there, wherever the dealer goes."""

    def seen_by(self, name):
        return self.env["dealer.collection"].with_user(self.users[name]).search([])

    def test_a_collection_keeps_the_dealers_above_it(self):
        collection = self.open_collection("bornova")
        self.assertEqual(collection.upline_ids, self.bornova + self.izmir + self.ege)

    def test_history_does_not_move_with_the_dealer(self):
        before = self.open_collection("bornova")
        self.bornova.parent_id = self.anadolu
        after = self.open_collection(
            "bornova", moves=self.make_invoice(self.bornova, 77)
        )
        self.assertEqual(self.seen_by("izmir"), before)
        self.assertEqual(self.seen_by("ege"), before)
        self.assertEqual(self.seen_by("anadolu"), after)
        self.assertEqual(self.seen_by("bornova"), before + after)

    def test_today_s_tree_moves_at_once(self):
        dealers = self.env["dealer.dealer"].with_user(self.users["anadolu"])
        self.assertEqual(dealers.search([]), self.anadolu)
        self.bornova.parent_id = self.anadolu
        self.assertEqual(dealers.search([]), self.anadolu + self.bornova)

    def test_rights_follow_a_user_to_another_dealer(self):
        collection = self.open_collection("ege")
        self.assertEqual(self.seen_by("ege"), collection)
        self.users["ege"].partner_id.parent_id = self.anadolu.partner_id
        self.assertFalse(self.seen_by("ege"))

    def test_a_document_stays_with_its_dealer(self):
        collection = self.open_collection("ege")
        with self.assertRaises(UserError):
            collection.dealer_id = self.anadolu
        with self.assertRaises(UserError):
            collection.sudo().upline_ids += self.anadolu
