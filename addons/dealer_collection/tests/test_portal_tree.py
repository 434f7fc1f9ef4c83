from odoo import http
from odoo.tests import HttpCase, tagged

from .tier_common import TierCase

SUB, CUSTOMERS = "/my/dealer/sub-dealers", "/my/dealer/customers"
IBAN = "TR330006100519786457841326"


@tagged("post_install", "-at_install")
class TestPortalTree(TierCase, HttpCase):
    """Sub-dealers and customers, as the people of a dealer add and change them."""

    def log_in(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")

    def post(self, url, **form):
        data = {"csrf_token": http.Request.csrf_token(self), **form}
        return self.url_open(url, data=data, allow_redirects=False)

    def added(self, parent):
        known = self.ege + self.izmir + self.bornova + self.manisa + self.anadolu
        return parent.child_ids - known

    def set_role(self, name, role):
        self.users[name].sudo().dealer_person_ids.role = role

    # === WHO SEES WHAT === #

    def test_the_list_has_what_stands_below_and_nothing_else(self):
        self.log_in("izmir")
        page = self.url_open(SUB).text
        self.assertIn(self.bornova.name, page)
        for dealer in (self.ege, self.manisa, self.anadolu):
            self.assertNotIn(dealer.name, page)

    def test_pages_of_others_do_not_exist(self):
        self.log_in("izmir")
        for name in self.dealers:
            for path in ("", "/edit"):
                with self.subTest(dealer=name, path=path):
                    url = f"{SUB}/{self.dealers[name].id}{path}"
                    expected = 200 if name == "bornova" else 404
                    self.assertEqual(self.url_open(url).status_code, expected)

    def test_search_and_filters_narrow_the_list(self):
        self.log_in("ege")
        page = self.url_open(f"{SUB}?search=born&sortby=x&filterby=y&search_in=z").text
        self.assertIn(self.bornova.name, page)
        self.assertNotIn(self.manisa.name, page)
        page = self.url_open(f"{SUB}?filterby=suspended").text
        self.assertIn("Nothing found", page)

    def test_customers_of_others_do_not_exist(self):
        other = self.make_customer("Others' customer", self.anadolu)
        self.log_in("izmir")
        for partner in (self.customer, other, self.bornova.partner_id):
            url = f"{CUSTOMERS}/{partner.id}"
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self.post(url, name="Mine").status_code, 404)
        self.log_in("bornova")
        self.assertIn(self.customer.name, self.url_open(CUSTOMERS).text)
        url = f"{CUSTOMERS}/{self.bornova.partner_id.id}"
        self.assertEqual(self.post(url, name="Mine").status_code, 404)

    def test_roles_that_may_not_add_get_no_form(self):
        for role, sub_dealers, customers in (
            ("owner", 200, 200),
            ("collector", 403, 200),
            ("viewer", 403, 403),
        ):
            self.set_role("izmir", role)
            self.log_in("izmir")
            with self.subTest(role=role):
                self.assertEqual(self.url_open(SUB).status_code, 200)
                self.assertEqual(self.url_open(CUSTOMERS).status_code, 200)
                self.assertEqual(self.url_open(f"{SUB}/new").status_code, sub_dealers)
                answer = self.url_open(f"{CUSTOMERS}/new")
                self.assertEqual(answer.status_code, customers)
                answer = self.post(f"{CUSTOMERS}/new", name=f"by {role}")
                self.assertEqual(answer.status_code, 303 if customers == 200 else 403)
                url = f"{SUB}/{self.bornova.id}/suspend"
                if role != "owner":
                    self.assertEqual(self.post(url).status_code, 403)

    # === SUB-DEALERS === #

    def test_a_sub_dealer_is_made_of_the_white_list_only(self):
        self.izmir.may_create_links = False
        self.log_in("izmir")
        answer = self.post(
            f"{SUB}/new",
            name="Yeni Bayi Ltd.",
            tax_number="4560490348",
            iban=IBAN,
            phone="0532 123 45 67",
            email="yeni@example.com",
            city="İzmir",
            max_installments="3",
            max_amount="1.250,40",
            may_create_customers="1",
            may_create_links="1",
            parent_id=self.anadolu.id,
            company_id=1,
            is_company_customer="1",
            state="suspended",
            code="X",
            partner_id=self.anadolu.partner_id.id,
        )
        self.assertEqual(answer.status_code, 303)
        dealer = self.added(self.izmir)
        self.assertEqual(dealer.name, "Yeni Bayi Ltd.")
        self.assertEqual(dealer.company_id, self.company)
        self.assertEqual(dealer.state, "active")
        self.assertFalse(dealer.code or dealer.is_company_customer)
        self.assertEqual(dealer.max_installments, 3)
        self.assertEqual(dealer.max_amount, 1250.40)
        self.assertTrue(dealer.may_create_customers)
        self.assertFalse(dealer.may_create_links, "izmir cannot hand on what it lacks")
        self.assertEqual(dealer.partner_id.vat, "4560490348")
        self.assertEqual(dealer.partner_id.bank_ids.sanitized_acc_number, IBAN)
        author = self.users["izmir"].partner_id
        self.assertIn(author, dealer.message_ids.author_id)
        self.assertNotIn(author, dealer.message_partner_ids)

    def test_bad_input_gets_a_sentence_and_makes_nothing(self):
        self.ege.max_installments = 6
        self.bornova.partner_id.vat = "4560490348"
        self.anadolu.partner_id.vat = "1234567890"
        self.log_in("izmir")
        before = self.env["res.partner"].search_count([])
        for form, sentence in (
            ({"name": ""}, "Type the name"),
            ({"name": "x" * 101}, "too long"),
            ({"tax_number": "123"}, "a VKN has 10 digits"),
            ({"tax_number": "4560490340"}, "a digit must be wrong"),
            ({"tax_number": "4560490348"}, "Bornova A.Ş."),
            ({"tax_number": "1234567890"}, "cannot be used here"),
            ({"iban": "TR00"}, "not an IBAN"),
            ({"phone": "call me"}, "not a telephone"),
            ({"email": "x"}, "not an e-mail"),
            ({"max_installments": "7"}, "more than 6 installments"),
            ({"max_installments": "x"}, "number up to"),
            ({"max_amount": "x"}, "not an amount"),
        ):
            with self.subTest(**form):
                answer = self.post(f"{SUB}/new", **{"name": "Yeni", **form})
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, answer.text)
                self.assertNotIn(self.anadolu.name, answer.text)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self.added(self.izmir))

    def test_the_depth_is_told_before_anything_is_made(self):
        self.env["ir.config_parameter"].set_param("dealer_collection.max_depth", "3")
        self.log_in("bornova")
        answer = self.post(f"{SUB}/new", name="Too deep")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("No further dealers", answer.text)

    def test_approval_first_where_the_company_wants_it(self):
        self.company.dealer_approval = True
        self.ege.user_id = self.env.user
        self.log_in("izmir")
        self.post(f"{SUB}/new", name="Bekleyen")
        dealer = self.added(self.izmir)
        self.assertEqual(dealer.state, "waiting")
        self.assertEqual(dealer.activity_ids.user_id, self.env.user)
        url = f"{SUB}/{dealer.id}"
        self.assertIn("waiting for approval", self.url_open(url).text)
        answer = self.post(f"{url}/invite", name="A", email="a@example.com")
        self.assertEqual(answer.status_code, 422)
        dealer._refuse("Vergi levhası eksik")
        self.assertIn("Vergi levhası eksik", self.url_open(url).text)
        answer = self.post(f"{url}/edit", name="Bekleyen A.Ş.")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(dealer.state, "waiting")
        dealer.action_approve()
        answer = self.post(f"{url}/invite", name="A", email="a@example.com")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(dealer.person_ids.role, "owner")

    def test_only_the_dealer_right_above_edits_and_invites(self):
        self.log_in("ege")
        url = f"{SUB}/{self.bornova.id}"
        self.assertEqual(self.url_open(url).status_code, 200)
        self.assertEqual(self.url_open(f"{url}/edit").status_code, 403)
        self.assertEqual(self.post(f"{url}/edit", name="Mine").status_code, 403)
        answer = self.post(f"{url}/invite", name="A", email="a@example.com")
        self.assertEqual(answer.status_code, 403)

    def test_dealers_above_suspend_and_reactivate_what_they_suspended(self):
        self.log_in("ege")
        url = f"{SUB}/{self.izmir.id}"
        self.assertEqual(self.post(f"{url}/suspend", with_below="1").status_code, 303)
        self.assertEqual(self.izmir.state, "suspended")
        self.assertEqual(self.bornova.state, "suspended")
        self.assertEqual(self.post(f"{url}/reactivate").status_code, 303)
        self.assertEqual(self.izmir.state, "active")
        self.assertEqual(self.bornova.state, "suspended")
        self.manisa._suspend()
        answer = self.post(f"{SUB}/{self.manisa.id}/reactivate")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.manisa.state, "suspended")
        for other in (self.ege, self.anadolu):
            answer = self.post(f"{SUB}/{other.id}/suspend")
            self.assertEqual(answer.status_code, 404)

    def test_company_data_of_a_customer_of_ours_is_not_changed_by_dealers(self):
        self.log_in("izmir")
        name = self.bornova.name
        answer = self.post(f"{SUB}/{self.bornova.id}/edit", name="Other name")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Ask them to change", answer.text)
        self.assertEqual(self.bornova.name, name)
        answer = self.post(
            f"{SUB}/{self.bornova.id}/edit", name=name, max_installments="2"
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.bornova.max_installments, 2)

    # === CUSTOMERS === #

    def test_a_customer_belongs_to_the_dealer_that_adds_it(self):
        self.set_role("bornova", "collector")
        self.log_in("bornova")
        answer = self.post(
            f"{CUSTOMERS}/new",
            name="Köşe Market",
            tax_number="17291716060",
            iban=IBAN,
            dealer_id=self.anadolu.id,
            parent_id=self.anadolu.partner_id.id,
            credit_limit="1",
        )
        self.assertEqual(answer.status_code, 303)
        partner = self.env["res.partner"].search([("name", "=", "Köşe Market")])
        self.assertEqual(partner.dealer_id, self.bornova)
        self.assertEqual(partner.vat, "17291716060")
        self.assertFalse(partner.parent_id)
        self.assertIn("Added by", str(partner.message_ids.mapped("body")))
        answer = self.post(f"{CUSTOMERS}/{partner.id}", name="Köşe 2", iban="")
        self.assertEqual(partner.name, "Köşe 2")
        answer = self.post(f"{CUSTOMERS}/new", name="Again", tax_number="17291716060")
        self.assertEqual(answer.status_code, 303, "the number was taken out above")
        answer = self.post(f"{CUSTOMERS}/new", name="Third", tax_number="17291716060")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Again", answer.text)

    def test_the_list_of_customers_shows_what_they_owe(self):
        self.make_receivable(self.bornova, self.customer, 812.5)
        self.log_in("bornova")
        for query in ("", "?filterby=owing", "?search=kordon"):
            with self.subTest(query=query):
                page = self.url_open(CUSTOMERS + query).text
                self.assertIn("812.50", page)
        page = self.url_open(f"{CUSTOMERS}?search=nobody").text
        self.assertIn("Nothing found", page)

    def test_a_customer_with_invoices_of_ours_is_only_looked_at(self):
        move = self.make_invoice(self.anadolu, 10)
        move.button_draft()
        move.partner_id = self.customer
        move.action_post()
        self.log_in("bornova")
        url = f"{CUSTOMERS}/{self.customer.id}"
        self.assertIn("readonly", self.url_open(url).text)
        self.assertEqual(self.post(url, name="Changed").status_code, 422)
        self.assertEqual(self.customer.name, "Kordon Market")
