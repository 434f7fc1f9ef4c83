from odoo.exceptions import UserError
from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import DealerReportCase


@tagged("post_install", "-at_install")
class TestHistory(DealerReportCase):
    def _tiers(self, transaction):
        row = self._row(transaction)
        return row.tier_1_id, row.tier_2_id, row.tier_3_id

    def test_tiers_are_the_dealers_above_from_the_first_down(self):
        payment = self._pay(self.bornova, 10.0)
        self.assertEqual(self._tiers(payment), (self.ege, self.izmir, self.bornova))
        payment = self._pay(self.ege, 10.0)
        nobody = self.env["dealer.dealer"]
        self.assertEqual(self._tiers(payment), (self.ege, nobody, nobody))

    def test_history_stays_when_a_dealer_moves(self):
        before = self._pay(self.bornova, 10.0)
        self.bornova.parent_id = self.anadolu
        after = self._pay(self.bornova, 20.0)
        self.assertEqual(self._tiers(before), (self.ege, self.izmir, self.bornova))
        self.assertEqual(self._tiers(after)[:2], (self.anadolu, self.bornova))
        below_ege = [("tier_1_id", "=", self.ege.id)]
        self.assertEqual(self._sum("amount_base", below_ege), 10)

    def test_history_keeps_its_order_when_two_dealers_above_change_places(self):
        payment = self._pay(self.bornova, 10.0)
        self.izmir.parent_id = False
        self.ege.parent_id = self.izmir
        self.assertEqual(self._tiers(payment), (self.ege, self.izmir, self.bornova))

    def test_path_cannot_be_written_or_given(self):
        collection = self._pay(self.izmir, 10.0).dealer_collection_id
        with self.assertRaises(UserError):
            collection.upline_path = f"{self.anadolu.id}/"
        forged = self.env["dealer.collection"].create(
            {"dealer_id": self.izmir.id, "upline_path": f"{self.anadolu.id}/"}
        )
        self.assertEqual(forged.upline_path, f"{self.ege.id}/{self.izmir.id}/")

    def test_collections_from_before_the_installation_get_their_path(self):
        collection = self._pay(self.bornova, 10.0).dealer_collection_id
        path = collection.upline_path
        self.env.cr.execute(
            "UPDATE dealer_collection SET upline_path = NULL WHERE id = %s",
            [collection.id],
        )
        post_init_hook(self.env)
        self.assertEqual(collection.upline_path, path)

    def test_whoever_stood_above_then_sees_it_and_the_new_one_above_does_not(self):
        payment = self._pay(self.bornova, 10.0)
        self.bornova.parent_id = self.anadolu
        old = self._make_portal_user(self.ege)
        new = self._make_portal_user(self.anadolu)
        self.assertTrue(self.report.with_user(old).search([("id", "=", payment.id)]))
        self.assertFalse(self.report.with_user(new).search([("id", "=", payment.id)]))
