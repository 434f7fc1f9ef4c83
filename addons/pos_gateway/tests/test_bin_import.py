import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

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
        self.assertIn("six to eight", wizard.preview)
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
        self.assertIn("which one holds", wizard.preview)
        with self.assertRaises(UserError):
            wizard.action_import()
        wizard.column_ids[0].field = "prefix"
        wizard.column_ids[1].field = "kind"
        wizard.action_preview()
        self.assertEqual(wizard.count_added, 1)

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
