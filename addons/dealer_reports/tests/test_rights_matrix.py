"""Each route of our addons as each role: what a role may not see answers nothing, and
nothing of it is in the answer.
"""

import inspect
import json
import re

from psycopg2 import Error as PsycopgError

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.dealer_collection.tests.tier_common import TierCase

from .declared_routes import OPEN, ROUTES

ADDONS = ("pos_gateway", "dealer_collection", "dealer_reports")
REFUSED = (303, 403, 404)
OTHERS_DEALER = {
    "parent": "ege",
    "child": "bornova",
    "sibling": "manisa",
    "other": "anadolu",
}
ROLES = ("public", "stranger", "owner", "collector", "viewer", *OTHERS_DEALER)
# Whose marks a role may read: of its own dealer and of those below it.
BELOW = {
    "ege": {"ege", "izmir", "bornova", "manisa"},
    "izmir": {"izmir", "bornova"},
    "bornova": {"bornova"},
    "manisa": {"manisa"},
    "anadolu": {"anadolu"},
}


# Overrides of what the ORM has for every model, and what answers with texts alone.
HARMLESS = {
    "copy_data", "create", "write", "unlink", "default_get", "search", "read",
}  # fmt: skip
CHANGES = {"create", "write", "copy", "unlink", "action_archive"}
PLAIN = ("char", "integer", "float", "monetary", "date", "datetime", "selection")
RULES_LOGGER = "odoo.addons.base.models.ir_rule"


@tagged("post_install", "-at_install")
class TestRightsMatrix(TierCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marks = {name: f"MARK{name.upper()}7" for name in cls.dealers}
        cls.customers, cls.owed, cls.links = {}, {}, {}
        for name, dealer in cls.dealers.items():
            mark = cls.marks[name]
            cls.customers[name] = cls.make_customer(f"{mark} customer", dealer)
            cls.owed[name] = cls.make_receivable(
                dealer, cls.customers[name], 321.09, reference=f"{mark} debt"
            )
            cls.links[name] = cls.env["dealer.payment.link"].create(
                {
                    "dealer_id": dealer.id,
                    "purpose": f"{mark} link",
                    "amount_kind": "fixed",
                    "amount": 12.34,
                }
            )
        cls.collections = {
            name: cls.collect(owed).sudo() for name, owed in cls.owed.items()
        }
        cls.people = {"owner": cls.users["izmir"]}
        for role in ("collector", "viewer"):
            user = cls.make_user(f"izmir_{role}", cls.izmir)
            user.sudo().dealer_person_ids.role = role
            cls.people[role] = user
        cls.people |= {role: cls.users[name] for role, name in OTHERS_DEALER.items()}
        cls.people["stranger"] = new_test_user(
            cls.env,
            login="t_stranger",
            password="t_stranger_password",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.attachment = cls.env["ir.attachment"].create(
            {
                "name": "note.txt",
                "raw": b"MARKIZMIR7",
                "res_model": "dealer.receivable",
                "res_id": cls.owed["izmir"].id,
            }
        )

    # === THE TABLE IS WHOLE === #

    def our_routes(self):
        """:return: addresses that are served by code of ours alone"""
        modules = self.registry._init_modules
        found = set()
        for url, endpoint in http._generate_routing_rules(modules, nodb_only=False):
            made_by = getattr(endpoint, "func", endpoint).__func__.__qualname__
            module = self.defining_module(endpoint)
            if module in ADDONS:
                found.add((url, made_by))
        return {url for url, _name in found}

    @staticmethod
    def defining_module(endpoint):
        """:return: the addon whose class first has this route: a page of core's that
        we extend is core's
        """
        method = getattr(endpoint, "func", endpoint)
        owner, name = type(method.__self__), method.__func__.__name__
        first = [cls for cls in owner.__mro__ if name in vars(cls)][-1]
        parts = first.__module__.split(".")
        return parts[2] if parts[:2] == ["odoo", "addons"] else ""

    def test_each_route_is_declared_and_each_declared_route_is_there(self):
        ours = self.our_routes()
        self.assertGreater(len(ours), 40)
        undeclared = {
            url for url in ours - set(ROUTES) if not url.startswith("/payment/")
        }
        self.assertFalse(
            undeclared, "declare who may use it in dealer_reports/tests/declared_routes"
        )
        self.assertFalse(set(ROUTES) - ours, "these are declared, and not there")

    # === AS EACH ROLE === #

    def address(self, url, record):
        """:return: the address of what is izmir's"""
        values = {
            "page": 1,
            "kind": "xlsx",
            "collection_id": self.collections["izmir"].id,
            "dealer_id": self.bornova.id,
            "partner_id": self.customers["izmir"].id,
            "person_id": self.users["izmir"].sudo().dealer_person_ids.id,
            "receivable_id": self.owed["izmir"].id,
            "attachment_id": self.attachment.id,
            "link_id": self.links["izmir"].id,
            "verb": {
                "below_verb": "suspend",
                "person": "revoke",
                "receivable_verb": "cancel",
                "link_verb": "cancel",
                "waiting_verb": "approve",
            }.get(record),
        }
        return re.sub(r"<[^>]*?:(\w+)>", lambda name: str(values[name[1]]), url)

    def log_in(self, role):
        if role == "public":
            self.authenticate(None, None)
            return
        login = self.people[role].login
        self.authenticate(login, f"{login}_password")

    def ask(self, address, declared, **query):
        """:return: status and text of the answer; of JSON 403 for an error"""
        if declared.is_json:
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    address,
                    data=json.dumps({"params": query}),
                    headers={"Content-Type": "application/json"},
                )
            is_error = "error" in answer.json()
            return 403 if is_error else answer.status_code, answer.text
        words = "&".join(f"{name}={value}" for name, value in query.items())
        if declared.methods == "POST":
            data = {"csrf_token": http.Request.csrf_token(self), **query}
            answer = self.url_open(address, data=data, allow_redirects=False)
        else:
            answer = self.url_open(f"{address}?{words}", allow_redirects=False)
        return answer.status_code, answer.text

    def assertNoMarks(self, role, text, message):
        """Nothing of what the role may not see is in the answer."""
        dealer = {"owner": "izmir", "collector": "izmir", "viewer": "izmir"}
        own = (dealer | OTHERS_DEALER).get(role)
        for name, mark in self.marks.items():
            if name not in BELOW.get(own, ()):
                self.assertNotIn(mark, text, message)

    def test_each_route_as_each_role(self):
        tried = 0
        for role in ROLES:
            self.log_in(role)
            for url, declared in ROUTES.items():
                if declared is OPEN:
                    continue
                is_allowed = role in declared.who
                if is_allowed and not declared.is_tried:
                    continue
                address = self.address(url, declared.record)
                with self.subTest(role=role, address=address):
                    status, text = self.ask(address, declared)
                    if is_allowed:
                        self.assertEqual(status, 200, text[:200])
                    else:
                        self.assertIn(status, REFUSED)
                    self.assertNoMarks(role, text, f"{role} {address}")
                tried += 1
        self.assertGreater(tried, 300)
        self.assert_nothing_changed()

    def assert_nothing_changed(self):
        self.env.invalidate_all()
        self.assertEqual(self.bornova.state, "active")
        self.assertEqual(self.owed["izmir"].amount, 321.09)
        self.assertEqual(self.links["izmir"].state, "open")
        self.assertTrue(self.users["izmir"].sudo().dealer_person_ids)

    # === WHAT CHANGES SOMETHING === #

    def test_whoever_may_change_something_can_and_nobody_without_the_page_s_key(self):
        """Each by itself, and taken back; an empty form is told (422)."""
        tried = 0
        for role in ("owner", "collector"):
            self.log_in(role)
            for url, declared in ROUTES.items():
                if declared.methods != "POST" or role not in declared.who:
                    continue
                address = self.address(url, declared.record)
                savepoint = self.env.cr.savepoint()
                with self.subTest(role=role, address=address):
                    for key in ("", "0" * 40 + "o9999999999"):
                        answer = self.url_open(
                            address, data={"csrf_token": key}, allow_redirects=False
                        )
                        self.assertEqual(answer.status_code, 400)
                    status, text = self.ask(address, declared)
                    # What is confirmed must have been looked at first.
                    told = (404,) if address.endswith("/confirm") else ()
                    self.assertIn(status, (200, 303, 422, *told), text[:200])
                    self.assertNoMarks(role, text, f"{role} {address}")
                savepoint.rollback()
                savepoint.close(rollback=False)
                self.env.invalidate_all()
                tried += 1
        self.assertGreater(tried, 20)
        self.assert_nothing_changed()

    # === WITH TOKENS === #

    def test_the_own_token_opens_a_document_and_no_other_does(self):
        own, theirs = self.collections["izmir"], self.collections["anadolu"]
        tokens = {
            own.access_token: True,
            theirs.access_token: False,
            "": False,
            own.access_token[:-1]: False,
            "' OR 1=1 --": False,
        }
        for role in ("public", "stranger", "sibling", "child"):
            self.log_in(role)
            for url, declared in ROUTES.items():
                if not declared.token or not declared.is_tried:
                    continue
                address = self.address(url, declared.record)
                for token, is_good in tokens.items():
                    with self.subTest(role=role, address=address, token=token):
                        status, text = self.ask(address, declared, access_token=token)
                        if is_good:
                            self.assertEqual(status, 200)
                        else:
                            self.assertIn(status, REFUSED)
                            self.assertNotIn(self.marks["izmir"], text)

    # === MODELS, PAST EVERY PAGE === #

    def our_models(self):
        return [
            model
            for model in self.env.values()
            if model._original_module in ADDONS and not model._abstract
        ]

    def test_portal_people_read_by_rpc_only_what_is_theirs_and_write_nothing(self):
        for role in ("stranger", "child", "sibling", "viewer", "collector", "owner"):
            user = self.people[role]
            for model in self.our_models():
                mine = model.with_user(user)
                with self.subTest(role=role, model=model._name):
                    for operation in ("create", "write", "unlink"):
                        self.assertFalse(mine.has_access(operation))
                    if not mine.has_access("read"):
                        continue
                    found = self.all_that_is_readable(mine)
                    self.assertNoMarks(role, str(found), f"{role} {model._name}")
                    self.assertFalse(self.secrets_in(found))

    @staticmethod
    def all_that_is_readable(model):
        """:return: rows of each field by itself: one that is closed hides no other"""
        found, rows = model.search([]), []
        for name in model.fields_get():
            try:
                rows += found.read([name], load=None)
            except AccessError:
                continue
        return rows

    def secrets_in(self, rows):
        """:return: tokens that stand in these rows, alone or in an address"""
        secrets = {one.access_token for one in self.collections.values()}
        secrets |= {one.sudo().access_token for one in self.links.values()}
        text = str(rows)
        return {secret for secret in secrets if secret in text}

    def test_portal_people_reach_nothing_by_the_orm_s_own_methods(self):
        """Each of the methods that every model has, as RPC calls it."""
        called = 0
        for role in ("stranger", "sibling", "child", "viewer", "owner"):
            user = self.people[role]
            for model in self.our_models():
                records = self.izmirs(model)
                for name, args in self.generic_calls(model, records):
                    with self.subTest(role=role, model=model._name, method=name):
                        answer = self.call(model, user, name, args)
                        self.assertNoMarks(role, str(answer), name)
                        self.assertFalse(self.secrets_in(answer))
                        if name in CHANGES:
                            self.assertIsNone(answer, "it went through")
                    called += 1
        self.assertGreater(called, 2000)
        self.assert_nothing_changed()

    def generic_calls(self, model, records):
        ids, names = records.ids, [name for name in model.fields_get() if name != "id"]
        plain = [
            name
            for name in names
            if model._fields[name].store and model._fields[name].type in PLAIN
        ]
        groupable = plain[:1] or ["id"]
        specification = {name: {} for name in plain}
        yield "search_read", ([], names)
        yield "read", (ids, names)
        yield "web_search_read", ([], specification)
        yield "web_read", (ids, specification)
        yield "formatted_read_group", ([], groupable, ["__count"])
        yield "export_data", (ids, plain)
        yield "name_search", ("MARK",)
        yield "create", ([{}],)
        if not records:
            return  # on nothing the ORM does nothing, for anybody
        yield "write", (ids, {groupable[0]: False})
        yield "copy", (ids,)
        yield "unlink", (ids,)
        if "active" in model._fields:
            yield "action_archive", (ids,)

    def call(self, model, user, name, args):
        """:return: the answer; None if it was refused"""
        quiet = mute_logger(
            "odoo.models", "odoo.sql_db", "odoo.orm.models", RULES_LOGGER
        )
        try:
            with quiet, self.env.cr.savepoint():
                answer = call_kw(model.with_user(user), name, list(args), {})
                self.env.flush_all()
        except (AccessError, UserError, ValueError, TypeError, KeyError):
            return None
        except PsycopgError:
            return None if name in CHANGES else self.fail("the database was reached")
        return answer or None

    def test_an_accountant_of_another_company_reads_nothing(self):
        user = self.accountant_elsewhere()
        for model in self.our_models():
            mine = model.with_user(user)
            if not mine.has_access("read"):
                continue
            with self.subTest(model=model._name):
                rows = str(self.all_that_is_readable(mine))
                for mark in self.marks.values():
                    self.assertNotIn(mark, rows)

    def accountant_elsewhere(self):
        other = self.setup_other_company()["company"]
        return new_test_user(
            self.env,
            login="elsewhere",
            groups="account.group_account_manager,dealer_collection.group_dealer_manager,"
            "pos_gateway.group_pos_gateway_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

    # === METHODS THAT CAN BE CALLED FROM OUTSIDE === #

    def public_methods(self, model):
        """:return: names of methods of our own that RPC lets through"""
        found = set()
        for cls in type(model).__mro__:
            parts = cls.__module__.split(".")
            if parts[:2] != ["odoo", "addons"] or parts[2] not in ADDONS:
                continue
            for name, method in vars(cls).items():
                is_private = name.startswith("_") or hasattr(method, "_api_private")
                if callable(method) and not is_private:
                    found.add(name)
        return found

    def izmirs(self, model):
        """:return: records of a model that are izmir's, or all of it"""
        known = {
            "dealer.dealer": self.izmir,
            "dealer.collection": self.collections["izmir"],
            "dealer.receivable": self.owed["izmir"],
            "dealer.payment.link": self.links["izmir"],
            "dealer.user": self.users["izmir"].sudo().dealer_person_ids,
            "account.move": self.invoices["izmir"],
            "res.partner": self.customers["izmir"],
        }
        return known.get(model._name, model.sudo().search([], limit=1))

    def test_no_public_method_does_anything_for_strangers(self):
        called = 0
        people = self.people | {"elsewhere": self.accountant_elsewhere()}
        for model in self.env.values():
            if model._abstract:
                continue
            for name in sorted(self.public_methods(model)):
                if name in HARMLESS:
                    continue
                records = self.izmirs(model)
                if not records:
                    continue
                for role in ("stranger", "sibling", "viewer", "elsewhere"):
                    mine = records.with_user(people[role])
                    with self.subTest(model=model._name, method=name, role=role):
                        self.assert_refused(role, mine, name)
                        called += 1
        self.assertGreater(called, 100)
        self.assert_nothing_changed()

    def assert_refused(self, role, records, name):
        method = getattr(records, name)
        needed = [
            parameter
            for parameter in inspect.signature(method).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        quiet = mute_logger("odoo.models", "odoo.sql_db", RULES_LOGGER)
        try:
            with quiet, self.env.cr.savepoint():
                answer = method(*("x" for _parameter in needed))
                self.env.flush_all()
        except (AccessError, UserError):
            return
        # An action for the web client tells nothing: what it opens is asked again.
        is_action = isinstance(answer, dict) and "type" in answer
        self.assertTrue(is_action or not answer, answer)
        self.assertNoMarks(role, str(answer), name)
