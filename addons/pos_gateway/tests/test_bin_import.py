import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..models.bank_cards import EFT_CODES, PROGRAMS
from ..protocols.banks import BANKS
from .common import GatewayCommon

LIST = """BIN;Banka;Program;Kart Tipi;Marka
400000;Yapı Kredi;World;Kredi;Visa
40000001;0067;World;Ticari;Visa
400001;;;;
"""


@tagged("post_install", "-at_install")
class TestBinImport(GatewayCommon, TransactionCase):
    def wizard(self, text=LIST, **values):
        content = text if isinstance(text, bytes) else text.encode()
        return self.env["pos.gateway.bin.import"].create(
            {"file": base64.b64encode(content), "file_name": "list.csv", **values}
        )

    def bins(self, *prefixes):
        return self.env["pos.gateway.bin"].search([("prefix", "in", prefixes)])

    def counts(self, wizard):
        return (
            wizard.count_added,
            wizard.count_changed,
            wizard.count_untouched,
            wizard.count_refused,
        )

    def test_the_preview_changes_nothing(self):
        wizard = self.wizard()
        wizard.action_preview()
        self.assertEqual(self.counts(wizard), (3, 0, 0, 0))
        self.assertIn("40000001", wizard.preview)
        self.assertFalse(self.bins("400000", "40000001", "400001"))

    def test_a_list_is_taken_over_and_a_second_time_changes_nothing(self):
        wizard = self.wizard(source="Test")
        wizard.action_preview()
        wizard.action_import()
        self.assertRecordValues(
            self.bins("40000001"),
            [
                {
                    "issuer_id": self.env.ref("pos_gateway.card_issuer_0067").id,
                    "program_id": self.env.ref("pos_gateway.card_program_world").id,
                    "kind": "commercial",
                    "scheme": "visa",
                    "source": "Test",
                }
            ],
        )
        again = self.wizard(LIST.replace("Ticari", "Kredi"))
        again.action_preview()
        self.assertEqual(self.counts(again), (0, 1, 2, 0))
        again.action_import()
        self.assertEqual(self.bins("40000001").kind, "credit")
        facts = self.provider._gateway_card_facts("40000001")
        self.assertEqual(facts.kind, "credit")

    def test_a_list_with_a_bad_row_is_not_taken_in_part(self):
        wizard = self.wizard(LIST + "40;Yapı Kredi;World;Kredi;Visa\n")
        wizard.action_preview()
        self.assertEqual(self.counts(wizard), (3, 0, 0, 1))
        self.assertIn("shorter than six", wizard.preview)
        with self.assertRaises(UserError):
            wizard.action_import()
        self.assertFalse(self.bins("400000"))

    def test_what_is_not_known_is_made_only_if_it_is_wanted(self):
        text = LIST + "400002;Neue Bank;Gold;Kredi;Visa\n"
        wizard = self.wizard(text)
        wizard.action_preview()
        self.assertEqual(wizard.count_refused, 2)  # the bank, and the program
        self.assertIn("Neue Bank", wizard.preview)
        wizard = self.wizard(text, create_missing=True)
        wizard.action_preview()
        wizard.action_import()
        found = self.bins("400002")
        self.assertEqual(found.issuer_id.name, "Neue Bank")
        self.assertEqual(found.program_id.name, "Gold")

    def test_a_column_can_be_named_by_hand(self):
        wizard = self.wizard("digits;what\n400000;credit\n")
        wizard.action_preview()
        self.assertIn("which one holds", wizard.unclear)
        with self.assertRaises(UserError):
            wizard.action_import()
        wizard.column_ids[0].field = "prefix"
        wizard.column_ids[1].field = "kind"
        wizard.action_preview()
        self.assertFalse(wizard.unclear)
        self.assertEqual(wizard.count_added, 1)

    def test_two_columns_of_the_same_meaning_are_not_guessed(self):
        wizard = self.wizard("bin;digits\n400000;400001\n")
        wizard.action_preview()
        self.assertEqual(wizard.column_ids.mapped("sample"), ["400000", "400001"])
        wizard.column_ids.field = "prefix"
        wizard.action_preview()
        self.assertIn("Two columns", wizard.unclear)
        with self.assertRaises(UserError):
            wizard.action_import()

    def test_the_preview_tells_what_a_changed_prefix_was(self):
        self.make_bin("400000", kind="debit", scheme="visa")
        wizard = self.wizard("bin;kind\n400000;credit\n")
        wizard.action_preview()
        self.assertEqual(self.counts(wizard), (0, 1, 0, 0))
        self.assertRegex(
            wizard.preview, r"<s[^>]*>Debit Card</s>\s*<span[^>]*>Consumer"
        )

    def test_a_bank_may_be_named_by_its_code_with_or_without_zeros(self):
        self.env["pos.gateway.card.issuer"].create({"name": "Bank Without a Code"})
        wizard = self.wizard(
            "bin;banka\n400000;46\n400001;0046\n400002;akbank\n400003;AKBANK\n"
        )
        wizard.action_preview()
        self.assertEqual(self.counts(wizard), (4, 0, 0, 0))
        wizard.action_import()
        found = self.bins("400000", "400001", "400002", "400003")
        self.assertEqual(found.issuer_id, self.env.ref("pos_gateway.card_issuer_0046"))

    def test_a_name_that_two_have_or_that_is_archived_is_refused(self):
        programs = self.env["pos.gateway.card.program"]
        for code, name, active in (
            ("twin_1", "Twin", True),
            ("twin_2", "Twin", True),
            ("old", "Gone", False),
            ("old_world", "World", False),
        ):
            programs.create({"name": name, "code": code, "active": active})
        wizard = self.wizard(
            "bin;program\n400000;Twin\n400001;twin_2\n400002;Gone\n400003;World\n",
            create_missing=True,
        )
        wizard.action_preview()
        self.assertEqual(self.counts(wizard), (2, 0, 0, 2))
        self.assertIn("More than one program", wizard.preview)
        self.assertIn("is archived", wizard.preview)

    def test_a_hundred_thousand_rows_are_taken_over_in_few_queries(self):
        kinds = ("Kredi", "Ticari", "Banka Kartı")
        lines = [f"{80_000_000 + i};{kinds[i % 3]}" for i in range(100_000)]
        wizard = self.wizard("\n".join(["bin;tür", *lines]))
        wizard.action_preview()
        self.env.flush_all()
        before = self.cr.sql_log_count
        wizard.action_import()
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - before, 60)
        self.assertEqual(self.counts(wizard), (100_000, 0, 0, 0))
        self.assertEqual(self.bins("80099999").kind, "credit")
        self.assertEqual(
            self.env["pos.gateway.bin"].search_count([("prefix", "=like", "800%")]),
            100_000,
        )

    def test_an_archived_prefix_is_no_hindrance(self):
        self.make_bin("400000", kind="debit").active = False
        wizard = self.wizard("bin;kind\n400000;credit\n")
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self.bins("400000").kind, "credit")

    def test_a_file_that_is_none_is_refused(self):
        for content in (b"", b" ", b"PK nonsense", b"\xd0\xcf\x11\xe0"):
            with self.assertRaises(UserError):
                self.wizard(content).action_preview()

    def test_only_managers_import(self):
        operator = self.make_user("bin_operator", "pos_gateway.group_pos_gateway_user")
        with self.assertRaises(AccessError):
            self.env["pos.gateway.bin.import"].with_user(operator).create({})

    def test_the_longest_prefix_wins(self):
        self.make_bin("41111111", kind="commercial")
        self.make_bin("411111", kind="credit")
        for digits, kind in (
            ("41111111", "commercial"),
            ("41111122", "credit"),
            ("42222222", None),
        ):
            facts = self.provider._gateway_card_facts(digits)
            self.assertEqual(facts.kind, kind)

    def test_a_pos_knows_its_banks_programs_and_its_own_cards(self):
        provider = self.env["payment.provider"].create(
            {"name": "World", "code": "pos_gateway", "gateway_bank": "yapikredi"}
        )
        self.assertEqual(provider.gateway_program_ids.mapped("code"), ["world"])
        self.assertEqual(provider._gateway_acquirer().code, "0067")

    def test_what_is_in_use_is_not_taken_away(self):
        program = self.env["pos.gateway.card.program"].create(
            {"name": "Fresh", "code": "fresh"}
        )
        issuer = self.env["pos.gateway.card.issuer"].create({"name": "Fresh Bank"})
        values = {"program_id": program.id, "issuer_id": issuer.id}
        card = self.make_bin("400000", **values)
        self.assertEqual((program.bin_count, issuer.bin_count), (1, 1))
        for record in (program, issuer):
            with self.assertRaisesRegex(UserError, r"in use.*\(1\)"):
                record.active = False
            with self.assertRaisesRegex(UserError, r"in use.*\(1\)"):
                record.unlink()
        card.unlink()
        self.provider.gateway_program_ids = program
        # Without its only program the POS would take the cards of any.
        with self.assertRaisesRegex(UserError, "in use"):
            program.active = False
        self.provider.gateway_program_ids = False
        program.active = False
        program.unlink()
        issuer.unlink()

    def test_the_banks_of_the_protocols_are_known_as_issuers(self):
        issuers = self.env["pos.gateway.card.issuer"].search([]).mapped("code")
        programs = self.env["pos.gateway.card.program"].search([]).mapped("code")
        keys = {bank.key for bank in BANKS}
        self.assertLessEqual(set(EFT_CODES), keys)
        self.assertLessEqual(set(PROGRAMS), keys)
        self.assertLessEqual(set(EFT_CODES.values()), set(issuers))
        for codes in PROGRAMS.values():
            self.assertLessEqual(set(codes), set(programs))
