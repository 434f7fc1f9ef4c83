from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestBranch(TierCase):
    """Suspending, moving, approving; limits; totals."""

    def states(self):
        return {name: dealer.state for name, dealer in self.dealers.items()}

    def branch_wizard(self, dealers, verb, reach):
        action = getattr(dealers, f"action_{verb}")()
        form = Form(self.env["dealer.branch.wizard"].with_context(**action["context"]))
        form.reach = reach
        return form.save()

    def test_a_branch_is_suspended_with_all_below_or_alone(self):
        wizard = self.branch_wizard(self.ege, "suspend", "only")
        self.assertEqual(wizard.count, 1)
        wizard.action_apply()
        self.assertEqual(self.izmir.state, "active")
        self.branch_wizard(self.ege, "reactivate", "only").action_apply()
        wizard = self.branch_wizard(self.ege, "suspend", "branch")
        self.assertEqual(wizard.count, 4)
        wizard.action_apply()
        states = self.states()
        self.assertEqual(states.pop("anadolu"), "active")
        self.assertEqual(set(states.values()), {"suspended"})
        self.assertIn("Suspended by", str(self.bornova.message_ids.mapped("body")))

    def test_a_dealer_without_any_below_is_suspended_at_once(self):
        self.assertIs(self.anadolu.action_suspend(), True)
        self.assertEqual(self.anadolu.state, "suspended")

    def test_what_staff_suspended_no_dealer_above_reactivates(self):
        self.izmir._suspend()
        self.bornova._suspend(by=self.izmir)
        self.manisa._suspend(by=self.ege)
        self.ege._reactivate(with_below=True, by=self.ege)
        self.assertEqual(self.izmir.state, "suspended")
        self.assertEqual(self.bornova.state, "active")
        self.assertEqual(self.manisa.state, "active")
        self.bornova._suspend(by=self.ege)
        self.bornova._reactivate(by=self.izmir)
        self.assertEqual(self.bornova.state, "suspended")

    def test_a_suspended_dealer_collects_nothing_and_pays_its_own(self):
        debt = self.make_receivable(self.bornova, self.customer, 100)
        collection = self.collect(debt)
        own = self.open_collection("bornova")
        self.bornova._suspend()
        self.assertFalse(collection._is_payable())
        with self.assertRaisesRegex(UserError, "is suspended"):
            self.make_attempt(collection)
        self.assertTrue(own._is_payable())
        self.make_attempt(own)

    def test_a_move_shows_what_moves_and_what_stays(self):
        self.make_receivable(self.ege, self.izmir.partner_id, 250)
        action = self.izmir.action_move()
        form = Form(self.env["dealer.move.wizard"].with_context(**action["context"]))
        self.assertEqual(form.count, 2)
        self.assertIn("250", form.open_debts)
        form.parent_id = self.anadolu
        form.save().action_move()
        self.assertEqual(self.izmir.parent_id, self.anadolu)
        self.assertEqual(self.bornova.level, 3)
        owed = self.account(self.izmir.partner_id, self.ege)
        self.assertEqual(owed.balance, 250)

    def test_a_move_below_itself_is_refused(self):
        wizard = self.env["dealer.move.wizard"].create(
            {"dealer_ids": self.ege.ids, "parent_id": self.bornova.id}
        )
        with self.assertRaisesRegex(ValidationError, "stands below it already"):
            wizard.action_move()

    def test_limits_are_never_above_those_of_the_dealer_above(self):
        self.ege.write({"max_installments": 6, "max_amount": 1000})
        with self.assertRaisesRegex(ValidationError, "more than 6 installments"):
            self.bornova.max_installments = 9
        with self.assertRaisesRegex(ValidationError, "higher limit than"):
            self.izmir.max_amount = 1000.01

    def test_the_tightest_limit_on_the_way_up_holds(self):
        self.ege.write({"max_installments": 6, "max_amount": 1000})
        self.izmir.max_installments = 3
        limits = {limit.max_installments for limit in self.bornova._price_limits()}
        self.assertIn(3, limits)
        self.assertIn(
            100000, [row.maximum_total for row in self.bornova._price_limits()]
        )

    def test_a_lower_limit_above_binds_at_once_and_names_nobody_above(self):
        self.bornova.max_installments = 12
        self.ege.max_installments = 2
        (limit,) = self.bornova._price_limits()
        self.assertEqual(limit.max_installments, 2)
        self.assertNotIn(self.ege.name, limit.source)
        collection = self.open_collection("bornova")
        self.assertEqual(collection._gateway_price_limits()[0].max_installments, 2)

    def test_approval_makes_work_for_the_salesperson_of_the_branch(self):
        self.ege.user_id = self.env.user
        child = self.make_dealer("child", self.izmir)
        child._ask_for_approval()
        self.assertEqual(child.activity_ids.user_id, self.env.user)
        with self.assertRaisesRegex(UserError, "approved before"):
            child._invite("A", "a@example.com", "owner")
        with self.assertRaisesRegex(UserError, "waiting for approval"):
            child._check_may_collect()
        child.action_approve()
        self.assertEqual(child.state, "active")
        self.assertFalse(child.activity_ids)

    def test_a_refusal_needs_a_reason(self):
        child = self.make_dealer("child", self.izmir)
        child._ask_for_approval()
        with self.assertRaisesRegex(UserError, "Say why"):
            child._refuse("  ")
        child._refuse("unknown company")
        self.assertEqual(child.state, "refused")
        self.assertEqual(child.refusal_reason, "unknown company")

    def test_totals_of_a_branch_are_the_sums_of_its_dealers(self):
        self.make_receivable(self.bornova, self.customer, 80)
        dealers = self.ege + self.izmir + self.anadolu
        dealers.invalidate_recordset()
        self.assertEqual(dealers.mapped("subtree_count"), [4, 2, 1])
        each, late = 1500.35, 1000.10
        for dealer, count in zip(dealers, (4, 2, 1), strict=True):
            self.assertAlmostEqual(dealer.subtree_balance, each * count, 2)
            self.assertAlmostEqual(dealer.subtree_overdue, late * count, 2)
        self.assertEqual(dealers.mapped("subtree_receivable"), [80, 80, 0])

    def test_totals_of_many_dealers_are_one_query(self):
        every = self.env["dealer.dealer"].search([])
        self.env.flush_all()
        every.invalidate_recordset()
        every._read_subtree_totals()
        with self.assertQueryCount(1):
            every._read_subtree_totals()

    def test_only_managers_suspend_move_and_approve(self):
        user = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk",
                "group_ids": [
                    (4, self.env.ref("dealer_collection.group_dealer_user").id)
                ],
                "company_id": self.company.id,
                "company_ids": [(4, self.company.id)],
            }
        )
        for verb in ("suspend", "reactivate", "move", "approve", "refuse", "invite"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(self.ege.with_user(user), f"action_{verb}")()

    def test_the_depth_setting_is_not_set_below_what_exists(self):
        settings = self.env["res.config.settings"].create({})
        with self.assertRaisesRegex(ValidationError, "levels already"):
            settings.dealer_max_depth = 2
        settings.dealer_max_depth = 5
