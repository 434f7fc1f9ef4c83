from dataclasses import replace
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, tagged

from .. import protocols
from ..models.payment_provider_abilities import ALLOW_SERVER_CARD_ENTRY
from ..protocols import banks, nestpay
from ..protocols.traits import operations
from ..protocols.types import CardEntry, Operation
from .common import GatewayCommon, RefusalMixin

# In the form that the strictest bank wants.
SAMPLES = {
    "merchant_id": "700655001",
    "terminal_id": "67540050",
    "account_id": "1010062861356072",
    "sub_merchant_id": "1",
    "store_key": "10,20,30,40,50,60,70,80",
    "api_user": "apiuser",
    "api_password": "password",
    "refund_password": "password",
    "page_password": "password",
}


def traits(**changes):
    """NestPay as if its protocol were another one."""
    return patch.object(nestpay, "TRAITS", replace(nestpay.TRAITS, **changes))


@tagged("post_install", "-at_install")
class TestBanks(RefusalMixin, GatewayCommon, TransactionCase):
    def test_every_bank_can_be_chosen_by_its_name_in_turkish_order(self):
        field = self.provider.fields_get(["gateway_bank"])["gateway_bank"]
        chosen = dict(field["selection"])
        self.assertEqual(chosen, {bank.key: bank.name for bank in banks.BANKS})
        names = list(chosen.values())
        self.assertLess(names.index("Halkbank"), names.index("ING"))
        self.assertLess(names.index("ING"), names.index("İşbank"))
        self.assertLess(names.index("Şekerbank"), names.index("TEB"))

    def test_every_bank_can_be_switched_on_and_asked_with_what_the_form_wants(self):
        self.env["ir.config_parameter"].set_param(ALLOW_SERVER_CARD_ENTRY, "True")
        for bank in banks.BANKS:
            with self.subTest(bank.name):
                asked = protocols.family(bank.family).TRAITS.credentials
                needed = {one.name for one in asked} - {"sub_merchant_id"}
                values = {f"gateway_{name}": SAMPLES[name] for name in needed}
                # A bank may publish no test system: the simulator is everybody's.
                provider = self.make_provider(
                    bank.name,
                    gateway_bank=bank.key,
                    gateway_test_address="http://localhost:8071",
                    **dict.fromkeys(self.ISBANKS, False) | values,
                )
                self.assertEqual(provider.state, "test")
                *_known, request = provider.sudo()._gateway_word_test(False)
                self.assertTrue(request.url.startswith("http://localhost:8071/"))

    ISBANKS = (
        "gateway_merchant_id",
        "gateway_store_key",
        "gateway_api_user",
        "gateway_api_password",
    )

    def test_the_currencies_follow_the_bank(self):
        with traits(currencies=("TRY", "USD")):
            self.provider._compute_available_currency_ids()
            names = self.provider.available_currency_ids.mapped("name")
        self.assertEqual(sorted(names), ["TRY", "USD"])


@tagged("post_install", "-at_install")
class TestTerminal(RefusalMixin, GatewayCommon, TransactionCase):
    def test_it_knows_the_bank_and_who_we_are_there(self):
        bank = banks.bank("isbank")
        live = self.provider._gateway_terminal(True)
        self.assertEqual(dict(live.urls), dict(bank.urls))
        self.assertTrue(live.is_live)
        self.assertEqual(live.merchant_id, "700655001")
        self.assertEqual(dict(live.options), dict(bank.options))
        self.assertIs(live.card_entry, CardEntry.HOSTED)
        test = self.provider._gateway_terminal(False, "browser")
        self.assertEqual(dict(test.urls), dict(bank.test_urls))
        self.assertIs(test.card_entry, CardEntry.BROWSER)

    def test_half_secure_payments_are_taken_only_where_that_is_switched_on(self):
        accepted = self.provider._gateway_terminal(True).accepted_md_status
        self.assertEqual(accepted, {"1"})
        self.provider.gateway_accept_half_secure = True
        accepted = self.provider._gateway_terminal(True).accepted_md_status
        self.assertEqual(accepted, {"1", "2", "3", "4"})

    def test_in_test_mode_all_addresses_or_some_can_be_others(self):
        self.provider.gateway_test_address = "http://localhost:8071/"
        urls = self.provider._gateway_terminal(False).urls
        self.assertEqual(urls["api"], "http://localhost:8071/fim/api")
        self.provider.gateway_url_overrides = "\napi = https://test.example/x=1\n"
        urls = self.provider._gateway_terminal(False).urls
        self.assertEqual(urls["api"], "https://test.example/x=1")
        self.assertEqual(urls["page"], "http://localhost:8071/fim/est3Dgate")
        self.assertIn("https://test.example", self.provider.gateway_addresses)
        live = self.provider._gateway_terminal(True).urls
        self.assertEqual(dict(live), dict(banks.bank("isbank").urls))

    def test_addresses_that_make_no_sense_are_refused_with_a_sentence(self):
        for values, words in (
            ({"gateway_test_address": "localhost"}, "complete"),
            ({"gateway_test_address": "http://[::1"}, "complete"),
            ({"gateway_test_address": "http://bank.example"}, "without encryption"),
            ({"gateway_url_overrides": "api = http://bank.example"}, "encryption"),
            ({"gateway_url_overrides": "gate = https://b.example"}, "page, api"),
            ({"gateway_url_overrides": "https://b.example"}, "names no address"),
        ):
            with self.subTest(values), self.refused(words):
                self.provider.write(values)

    def test_nothing_goes_live_with_a_test_address(self):
        for name, value in (
            ("gateway_test_address", "http://localhost:1"),
            ("gateway_url_overrides", "api = https://b.example"),
        ):
            self.provider[name] = value
            with self.refused("before going live"):
                self.provider.state = "enabled"
            self.provider[name] = False

    def test_a_live_address_without_encryption_is_never_used(self):
        bank = banks.bank("isbank")
        urls = {**bank.urls, "api": "http://bank.example/api"}
        with patch.dict(bank.urls, urls):
            self.assertNotIn("api", self.provider._gateway_terminal(True).urls)
            with self.refused("is not encrypted"):
                self.provider.state = "enabled"

    def test_a_bank_without_a_test_system_says_so(self):
        with (
            patch.dict(banks.bank("isbank").test_urls, clear=True),
            self.refused("no test system"),
        ):
            self.provider.sequence = 7


@tagged("post_install", "-at_install")
class TestAbilities(RefusalMixin, GatewayCommon, TransactionCase):
    def supports(self):
        self.provider.invalidate_recordset()
        return self.provider.support_manual_capture, self.provider.support_refund

    def test_odoos_buttons_follow_the_banks_protocol(self):
        self.assertEqual(self.supports(), ("partial", "partial"))
        with traits(partial=frozenset()):
            self.assertEqual(self.supports(), ("full_only", "full_only"))
        with traits(preauth=False):
            self.assertEqual(self.supports(), (False, "partial"))
        with traits(operations=operations("inquiry void")):
            self.assertEqual(self.supports(), (False, "none"))

    def test_other_providers_keep_what_they_had(self):
        other = self.env["payment.provider"].create({"name": "Other", "code": "none"})
        self.assertFalse(other.support_manual_capture)
        self.assertEqual(other.support_refund, "none")
        self.assertFalse(other.gateway_can or other.gateway_cannot)

    def test_the_form_lists_what_it_can_and_what_it_cannot(self):
        with traits(partial=frozenset({Operation.CAPTURE})):
            self.provider.invalidate_recordset()
            can, cannot = self.provider.gateway_can, self.provider.gateway_cannot
        self.assertIn("pay back a whole payment", can)
        self.assertIn("capture a part", can)
        self.assertIn("pay back a part", cannot)
        self.assertIn("list the payments of a day", cannot)
        self.assertFalse(set(can.split("\n")) & set(cannot.split("\n")))

    def test_manual_capture_needs_a_bank_that_can_reserve(self):
        self.provider.capture_manually = True
        self.provider.invalidate_recordset()
        with (
            traits(preauth=False),
            self.refused("cannot reserve"),
        ):
            self.provider.sequence = 7


@tagged("post_install", "-at_install")
class TestCardEntry(RefusalMixin, GatewayCommon, TransactionCase):
    def allow(self, wanted=True):
        settings = self.env["res.config.settings"].create(
            {"gateway_allow_server_card_entry": wanted}
        )
        settings.set_values()

    def server_only(self):
        return traits(card_entries=(CardEntry.SERVER,))

    def test_hosted_is_the_default_and_each_way_says_what_it_means(self):
        self.assertEqual(self.provider.gateway_card_entry, "hosted")
        self.assertIn("SAQ A,", self.provider.gateway_card_entry_note)
        self.assertEqual(self.provider.gateway_card_entry_choices, "hosted browser")
        for entry, words in (("browser", "SAQ A-EP"), ("server", "SAQ D")):
            provider = self.provider.new({"gateway_card_entry": entry})
            self.assertIn(words, provider.gateway_card_entry_note)

    def test_only_what_the_family_can_is_taken(self):
        with self.refused("another card entry"):
            self.provider.gateway_card_entry = "server"

    def test_what_the_family_cannot_build_is_refused_in_its_own_words(self):
        # Hash version 3 signs the card: the browser cannot be the one that adds it.
        with self.refused("only the bank may ask it"):
            self.provider.gateway_card_entry = "browser"

    def test_the_way_follows_the_chosen_bank(self):
        provider = self.make_provider("Other")
        provider.state = "disabled"
        with self.server_only():
            provider.gateway_bank = "ziraat"
            self.assertEqual(provider.gateway_card_entry, "server")

    def test_cards_pass_through_the_server_only_if_an_administrator_allowed_it(self):
        self.provider.state = "disabled"
        entries = (CardEntry.HOSTED, CardEntry.SERVER)
        with traits(card_entries=entries):
            self.provider.gateway_card_entry = "server"
            with self.refused("in the settings"):
                self.provider.state = "test"
            self.allow()
            with patch.dict(nestpay._PAGE_MODES, {CardEntry.SERVER: "3d_pay"}):
                self.provider.state = "test"
            self.assertTrue(self.provider._gateway_card_entry_is_allowed())
            with self.refused("Switch off first"):
                self.allow(False)

    def test_a_bank_that_offers_nothing_else_says_so(self):
        self.provider.state = "disabled"
        with self.server_only():
            self.provider.gateway_card_entry = "server"
            with self.refused("offers no page of its own"):
                self.provider.state = "test"

    def test_a_pos_whose_way_is_not_allowed_any_more_is_not_offered(self):
        self.env.cr.execute(
            "UPDATE payment_provider SET gateway_card_entry = 'server' WHERE id = %s",
            (self.provider.id,),
        )
        self.provider.invalidate_recordset()
        arguments = (self.company.id, self.payer.id, 100.0)
        compatible = self.env["payment.provider"]._get_compatible_providers
        report = {}
        self.assertNotIn(self.provider, compatible(*arguments, report=report))
        self.assertIn("card entry", str(report))
        self.env["ir.config_parameter"].set_param(ALLOW_SERVER_CARD_ENTRY, "True")
        self.assertIn(self.provider, compatible(*arguments))


@tagged("post_install", "-at_install")
class TestSetUp(RefusalMixin, GatewayCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.make_user(
            "gw_setup", "base.group_system", "account.group_account_manager"
        )
        cls.providers = cls.env["payment.provider"].with_user(cls.administrator)

    def start(self):
        action = self.providers.action_gateway_set_up()
        self.assertEqual(action["target"], "new")
        return self.providers.browse(action["res_id"])

    def test_a_new_pos_is_set_up_step_by_step(self):
        provider = self.start()
        self.assertEqual(provider.code, "pos_gateway")
        self.assertEqual(provider.company_id, self.company)
        with self.refused("Choose your bank"):
            provider.action_gateway_setup_next()
        provider.gateway_bank = "halkbank"
        provider.action_gateway_setup_next()
        self.assertEqual(provider.gateway_setup_step, "credentials")
        self.assertEqual(provider.name, "Halkbank POS")
        with self.refused("Store key"):
            provider.action_gateway_setup_next()
        provider.write(
            {
                "gateway_merchant_id": "1",
                "gateway_store_key": "key",
                "gateway_api_user": "user",
                "gateway_api_password": "password",
            }
        )
        provider.action_gateway_setup_next()
        provider.action_gateway_setup_back()
        provider.action_gateway_setup_next()
        self.assertEqual(provider.gateway_setup_step, "test")
        provider.action_gateway_setup_next()
        self.assertEqual(provider.state, "disabled")
        action = provider.action_gateway_setup_next()
        self.assertEqual(
            (provider.gateway_setup_step, provider.state), ("next", "test")
        )
        self.assertFalse(provider.is_published)
        self.assertEqual(action["res_id"], provider.id)

    def test_what_was_begun_is_gone_on_with_and_what_is_done_is_left_alone(self):
        first = self.start()
        self.assertEqual(self.start(), first)
        self.env["payment.provider"].search(
            [("code", "=", "pos_gateway"), ("state", "=", "disabled")]
        ).gateway_setup_step = "next"
        second = self.start()
        self.assertNotEqual(second, first)
        self.assertFalse(second.gateway_bank)
        self.assertTrue(second.redirect_form_view_id and second.inline_form_view_id)

    def test_the_step_shows_the_fields_of_the_bank(self):
        view = self.env.ref("pos_gateway.payment_provider_setup")
        arch = self.providers.get_view(view.id, "form")["arch"]
        self.assertIn("gateway_store_key_hint", arch)
        self.assertIn("password", arch)

    def test_the_menu_leads_to_it_while_there_is_no_contract(self):
        action = self.env.ref("pos_gateway.payment_provider_action")
        self.assertIn("pos_gateway.payment_provider_set_up_action", action.help)
        server = self.env.ref("pos_gateway.payment_provider_set_up_action")
        result = server.with_user(self.administrator).run()
        self.assertEqual(result["res_model"], "payment.provider")

    def test_the_buttons_of_lists_call_it_whatever_is_selected(self):
        for model, name in (
            ("payment.provider", "action_gateway_set_up"),
            ("pos.gateway.message", "action_verify_chain"),
        ):
            self.assertTrue(call_kw(self.env[model], name, [[]], {}))

    def test_only_administrators_set_up(self):
        manager = self.make_user("no_setup", "pos_gateway.group_pos_gateway_manager")
        provider = self.provider.with_user(manager)
        for name in (
            "action_gateway_set_up",
            "action_gateway_continue_set_up",
            "action_gateway_setup_next",
            "action_gateway_setup_back",
        ):
            with self.assertRaises(AccessError, msg=name):
                getattr(provider, name)()


@tagged("post_install", "-at_install")
class TestContractOptions(GatewayCommon, TransactionCase):
    def test_an_old_contract_signs_its_forms_by_version_1(self):
        self.provider.gateway_options = "hash=ver1"
        transaction = self.make_transaction()
        values = transaction._get_specific_rendering_values({})
        names = [name for name, _text in values["fields"]]
        self.assertIn("islemtipi", names)
        self.assertNotIn("hashAlgorithm", names)

    def test_an_option_that_the_protocol_does_not_have_is_refused(self):
        for options in ("hash=ver2", "order_prefix=TDS_", "hash"):
            with self.subTest(options), self.assertRaises(ValidationError):
                self.provider.gateway_options = options
