from pathlib import Path
from runpy import run_path

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DealerCase

URL = "/my/dealer/people"


@tagged("post_install", "-at_install")
class TestPeople(DealerCase, HttpCase):
    def log_in(self, login):
        self.authenticate(f"t_{login}", f"t_{login}_password")

    def post(self, path, **form):
        data = {"csrf_token": http.Request.csrf_token(self), **form}
        return self.url_open(f"{URL}{path}", data=data, allow_redirects=False)

    def person(self, login):
        return self.users[login].sudo().dealer_person_ids

    def colleague(self, role, login="helper"):
        """A further person of ege."""
        self.users[login] = self.make_user(login, self.ege)
        self.person(login).role = role
        return self.person(login)

    def test_staff_cannot_leave_a_dealer_without_an_owner(self):
        manager = new_test_user(
            self.env,
            login="t_dealer_manager",
            groups="dealer_collection.group_dealer_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        person = self.users["izmir"].sudo().dealer_person_ids.with_user(manager)
        with self.assertRaisesRegex(UserError, "only owner"):
            person.role = "viewer"

    def test_whom_staff_let_in_is_an_owner(self):
        self.assertEqual(self.person("ege").role, "owner")
        self.assertEqual(self.users["ege"]._dealer_role(), "owner")

    def test_a_person_who_goes_to_another_dealer_keeps_no_role_at_the_old_one(self):
        user = self.users["bornova"]
        user.partner_id.parent_id = self.anadolu.partner_id
        self.assertEqual(user._dealer_role(), "viewer")
        self.assertFalse(user._dealer_may("pay"))

    def test_each_role_may_what_is_its_own(self):
        helper = self.colleague("owner")
        user = self.users["helper"]
        expected = {
            "owner": {"people", "sub_dealers", "customers", "links", "pay", "collect"},
            "collector": {"customers", "links", "pay", "collect"},
            "viewer": set(),
        }
        for role, verbs in expected.items():
            helper.role = role
            for verb in expected["owner"]:
                with self.subTest(role=role, verb=verb):
                    self.assertEqual(user._dealer_may(verb), verb in verbs)

    def test_what_the_dealer_may_not_do_its_owner_may_not_do(self):
        user = self.users["ege"]
        self.ege.may_create_sub_dealers = False
        self.ege.may_create_customers = False
        self.assertFalse(user._dealer_may("sub_dealers"))
        self.assertFalse(user._dealer_may("customers"))
        self.assertTrue(user._dealer_may("links"))

    def test_people_of_a_suspended_dealer_pay_and_do_nothing_else(self):
        self.ege._suspend()
        user = self.users["ege"]
        self.assertTrue(user._dealer_may("pay"))
        for verb in ("sub_dealers", "customers", "links", "collect"):
            self.assertFalse(user._dealer_may(verb))

    def test_the_page_is_for_owners_only(self):
        for role, status in (("owner", 200), ("collector", 403), ("viewer", 403)):
            if role == "owner":
                self.colleague(role)
            self.person("helper").role = role
            self.log_in("helper")
            with self.subTest(role=role):
                self.assertEqual(self.url_open(URL).status_code, status)
                answer = self.post(
                    "/invite", name="N", email=f"{role}@example.com", role="viewer"
                )
                self.assertEqual(answer.status_code, 303 if status == 200 else 403)

    def test_an_invited_person_gets_a_mail_in_the_dealer_s_language_and_its_role(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["dealer_collection"], ["tr_TR"])
        self.ege.partner_id.lang = "tr_TR"
        self.log_in("ege")
        answer = self.post(
            "/invite", name="Ayşe Ak", email="Ayse@Example.com", role="collector"
        )
        self.assertEqual(answer.status_code, 303)
        user = self.env["res.users"].search([("login", "=", "ayse@example.com")])
        self.assertEqual(user._get_dealer_node(), self.ege)
        self.assertEqual(user._dealer_role(), "collector")
        self.assertTrue(user.share)
        self.assertEqual(user.company_ids, self.company)
        mail = self.env["mail.mail"].sudo().search([("email_to", "ilike", user.login)])
        mail = mail or self.env["mail.mail"].sudo().search(
            [("recipient_ids", "in", user.partner_id.ids)]
        )
        self.assertIn("signup", mail.body_html)
        for text in ("Şifre belirleyin", self.ege.name, "ayse@example.com"):
            self.assertIn(text, mail.body_html)
        note = self.ege.message_ids[0]
        self.assertEqual(note.author_id, self.users["ege"].partner_id)
        self.assertIn("ayse@example.com", note.body)
        self.assertNotIn(self.users["ege"].partner_id, self.ege.message_partner_ids)

    def test_a_bad_invitation_gets_a_sentence_and_makes_nothing(self):
        self.log_in("ege")
        count = self.env["res.users"].with_context(active_test=False).search_count([])
        for form, sentence in (
            ({"name": "", "email": "a@b.com", "role": "viewer"}, "Type the name"),
            ({"name": "A", "email": "nobody", "role": "viewer"}, "not an e-mail"),
            ({"name": "A", "email": "a@b.com", "role": "admin"}, "Choose what"),
            ({"name": "A", "email": "a@b.com"}, "Choose what"),
            ({"name": "A", "email": "t_ege", "role": "viewer"}, "not an e-mail"),
        ):
            with self.subTest(**form):
                answer = self.post("/invite", **form)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, answer.text)
        users = self.env["res.users"].with_context(active_test=False)
        self.assertEqual(users.search_count([]), count)

    def test_the_address_of_another_s_user_is_not_taken_and_not_told(self):
        self.users["anadolu"].login = "known@example.com"
        staff = self.env.ref("base.user_admin")
        staff.login = "boss@example.com"
        for address in ("known@example.com", "boss@example.com"):
            with self.assertRaisesRegex(UserError, "cannot be invited"):
                self.ege._invite("Somebody", address, "owner")

    def test_a_revoked_person_is_out_at_once_and_can_come_back(self):
        helper = self.colleague("collector")
        self.users["helper"].login = "helper@example.com"
        self.authenticate("helper@example.com", "t_helper_password")
        self.assertEqual(self.url_open("/my/dealer/open-items").status_code, 200)
        session = self.session
        helper._revoke()
        self.assertFalse(self.users["helper"].active)
        self.assertFalse(self.users["helper"]._dealer_role())
        answer = self.url_open("/my/dealer/open-items", allow_redirects=False)
        self.assertNotEqual(answer.status_code, 200)
        self.assertEqual(self.session, session)
        again = self.ege._invite("Helper", "helper@example.com", "viewer")
        self.assertEqual(again, helper)
        self.assertEqual(self.users["helper"]._dealer_role(), "viewer")

    def test_there_is_always_an_owner_and_nobody_locks_himself_out(self):
        self.log_in("ege")
        own = self.person("ege")
        for path, form in (
            (f"/{own.id}/role", {"role": "viewer"}),
            (f"/{own.id}/revoke", {}),
        ):
            answer = self.post(path, **form)
            self.assertEqual(answer.status_code, 422)
        self.assertEqual(own.role, "owner")
        self.assertTrue(self.users["ege"].active)

    def test_people_of_others_cannot_be_touched(self):
        self.log_in("ege")
        for login in ("izmir", "anadolu"):
            person = self.person(login)
            for path, form in (
                (f"/{person.id}/role", {"role": "viewer"}),
                (f"/{person.id}/revoke", {}),
                (f"/{person.id}/invite", {}),
            ):
                with self.subTest(login=login, path=path):
                    self.assertEqual(self.post(path, **form).status_code, 404)
            self.assertEqual(person.role, "owner")

    def test_portal_users_have_no_access_to_the_table_of_people(self):
        with self.assertRaises(AccessError):
            self.env["dealer.user"].with_user(self.users["ege"]).search([])
        with self.assertRaises(AccessError):
            self.person("ege").with_user(self.users["ege"]).action_revoke()

    def test_viewers_see_open_items_and_cannot_pay_them(self):
        self.colleague("viewer")
        self.log_in("helper")
        page = self.url_open("/my/dealer/open-items").text
        self.assertIn("ask an owner", page)
        self.assertNotIn('name="amount"', page)
        answer = self.url_open(
            "/my/dealer/collections/new",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "invoice_id": self.invoices["ege"].ids,
            },
        )
        self.assertEqual(answer.status_code, 403)
        collection = self.open_collection("ege")
        page = self.url_open(collection.access_url).text
        self.assertNotIn("o_payment_form", page)

    def test_invitations_are_limited(self):
        node = self.ege.with_user(self.users["ege"]).sudo()
        for number in range(20):
            node._invite(f"P {number}", f"p{number}@example.com", "viewer")
        with self.assertRaisesRegex(UserError, "many invitations"):
            node._invite("One more", "more@example.com", "viewer")
        with self.assertRaisesRegex(UserError, "a few minutes ago"):
            node.person_ids.filtered("invited_at")[0]._invite_again()

    def test_people_of_before_there_were_roles_become_owners(self):
        self.person("izmir").unlink()
        self.assertEqual(self.users["izmir"]._dealer_role(), "viewer")
        script = Path(__file__).parents[1] / "migrations/19.0.1.1.0/post-owners.py"
        run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.users["izmir"].invalidate_recordset()
        self.assertEqual(self.users["izmir"]._dealer_role(), "owner")
        self.assertEqual(len(self.izmir.person_ids), 1)
