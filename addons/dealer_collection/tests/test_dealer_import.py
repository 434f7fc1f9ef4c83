import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealerCase

HEADER = "Bayi Kodu;Ünvan;Üst Bayi Kodu;VKN;E-posta;Telefon;IBAN"
IBAN = "TR330006100519786457841326"


@tagged("post_install", "-at_install")
class TestDealerImport(DealerCase):
    def wizard(self, *lines, header=HEADER):
        content = "\n".join((header, *lines)).encode()
        return self.env["dealer.import"].create(
            {
                "file": base64.b64encode(content),
                "file_name": "x.csv",
                "company_id": self.company.id,
            }
        )

    def dealer(self, code):
        return self.env["dealer.dealer"].search(
            [("code", "=", code), ("company_id", "=", self.company.id)]
        )

    def test_a_list_in_any_order_becomes_a_tree(self):
        self.ege.code = "E1"
        wizard = self.wizard(
            f"C;Torun A.Ş.;B;4560490348;c@example.com;0232 111 22 33;{IBAN}",
            "B;Çocuk A.Ş.;A",
            "A;Ana A.Ş.",
            "D;Ege'nin Bayisi;E1",
        )
        wizard.action_preview()
        self.assertEqual((wizard.count_added, wizard.count_refused), (4, 0))
        self.assertIn("Torun", wizard.preview)
        self.assertFalse(self.dealer("A"))
        wizard.action_import()
        self.assertEqual(self.dealer("C").parent_id.parent_id, self.dealer("A"))
        self.assertEqual(self.dealer("D").parent_id, self.ege)
        self.assertEqual(self.dealer("C").level, 3)
        partner = self.dealer("C").partner_id
        self.assertEqual(partner.vat, "4560490348")
        self.assertEqual(partner.bank_ids.sanitized_acc_number, IBAN)
        self.assertEqual(partner.dealer_id, self.dealer("C"))
        self.assertTrue(self.dealer("A").is_company_customer)

    def test_a_bad_row_refuses_the_file_and_is_named(self):
        self.ege.code = "E1"
        self.anadolu.partner_id.vat = "1234567890"
        wizard = self.wizard(
            "A;A;C",
            "B;B;A",
            "C;C;B",
            "D;D;NOBODY",
            "E1;Ege again",
            "F;F;;1234567890",
            "G;G;;123",
            "G;G twice",
            "H;H;H",
        )
        wizard.action_preview()
        for sentence in (
            "stands below this one in the list",
            "neither in the list nor",
            "E1 belongs to a dealer",
            "1234567890 belongs to a dealer",
            "a VKN has 10 digits",
            "stands in row 8 already",
            "stands above itself",
        ):
            with self.subTest(sentence=sentence):
                self.assertIn(sentence, wizard.preview)
        self.assertEqual(wizard.count_refused, 9)
        with self.assertRaisesRegex(UserError, "rows cannot be taken"):
            wizard.action_import()
        self.assertFalse(self.dealer("A") + self.dealer("B") + self.dealer("D"))

    def test_columns_that_are_not_known_can_be_chosen(self):
        wizard = self.wizard("A;Ana", header="Numara;İsim")
        wizard.action_preview()
        self.assertIn("code and the name", wizard.unclear)
        with self.assertRaisesRegex(UserError, "code and the name"):
            wizard.action_import()
        wizard.column_ids[0].field = "code"
        wizard.column_ids[1].field = "name"
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self.dealer("A").name, "Ana")

    def test_an_unreadable_file_gets_a_sentence(self):
        wizard = self.wizard("A;B")
        wizard.file = base64.b64encode(b"\xd0\xcf\x11\xe0rest")
        with self.assertRaisesRegex(UserError, "old XLS"):
            wizard.action_preview()
