from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.dealer_subtree import below
from .common import DealerCase


@tagged("post_install", "-at_install")
class TestTree(DealerCase):
    def test_below_a_dealer_is_itself_and_everything_under_it(self):
        dealers = self.env["dealer.dealer"].search(below(self.ege))
        self.assertEqual(dealers, self.ege + self.izmir + self.bornova + self.manisa)
        self.assertFalse(self.env["dealer.dealer"].search(below(self.ege.browse())))

    def test_the_level_follows_a_move(self):
        self.assertEqual(self.bornova.level, 3)
        self.izmir.parent_id = self.anadolu
        self.assertEqual(self.bornova.level, 3)
        self.izmir.parent_id = False
        self.assertEqual(self.bornova.level, 2)

    def test_a_dealer_cannot_stand_below_itself(self):
        for parent in (self.ege, self.izmir, self.bornova):
            with self.assertRaisesRegex(ValidationError, "stands below it already"):
                self.ege.parent_id = parent

    def test_the_depth_is_capped_for_the_whole_branch_that_moves(self):
        self.env["ir.config_parameter"].set_param("dealer_collection.max_depth", "3")
        with self.assertRaisesRegex(ValidationError, "At most 3 levels"):
            self.make_dealer("deep", self.bornova)
        with self.assertRaisesRegex(ValidationError, "At most 3 levels"):
            self.ege.parent_id = self.anadolu

    def test_only_a_company_of_its_own_is_a_dealer(self):
        contact = self.users["ege"].partner_id
        with self.assertRaisesRegex(ValidationError, "is a contact of"):
            self.env["dealer.dealer"].create(
                {"partner_id": contact.id, "company_id": self.company.id}
            )

    def test_a_dealer_with_sub_dealers_is_not_archived(self):
        with self.assertRaisesRegex(ValidationError, "has sub-dealers"):
            self.izmir.active = False
        self.bornova.active = False
        self.izmir.active = False

    def test_a_dealer_keeps_its_company(self):
        with self.assertRaises(UserError):
            self.ege.partner_id = self.anadolu.partner_id

    def test_people_stand_where_their_company_stands(self):
        self.assertEqual(self.users["izmir"].partner_id.dealer_id, self.izmir)
        self.assertEqual(self.users["izmir"]._get_dealer_node(), self.izmir)
        with self.assertRaisesRegex(ValidationError, "its own node"):
            self.izmir.partner_id.dealer_id = self.ege

    def test_a_customer_of_a_dealer_does_not_act_for_the_dealer(self):
        customer = self.env["res.partner"].create(
            {"name": "Customer", "is_company": True, "dealer_id": self.ege.id}
        )
        user = self.users["anadolu"]
        user.partner_id.parent_id = customer
        self.assertEqual(user.partner_id.dealer_id, self.ege)
        self.assertFalse(user._get_dealer_node())
        self.assertFalse(self.env["dealer.dealer"].with_user(user).search([]))
