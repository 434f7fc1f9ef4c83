import base64
import io
from datetime import date

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..receivable_list.reading import OwedRow, Problem, read_date, read_rows
from .tier_common import TierCase

HEADER = "Borçlu;Tutar;Vade;Belge No\n"


@tagged("post_install", "-at_install")
class TestReceivableImport(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"vat": "1234567890", "ref": "C-1"})
        cls.other = cls.make_customer("Alsancak Tadilat", cls.bornova)

    def wizard(self, text, creditor=None, **values):
        content = text if isinstance(text, bytes) else text.encode()
        return self.env["dealer.receivable.import"].create(
            {
                "company_id": self.company.id,
                "creditor_id": (self.bornova if creditor is None else creditor).id,
                "file": base64.b64encode(content),
                **values,
            }
        )

    def owed(self):
        return self.env["dealer.receivable"].search(
            [("creditor_id", "=", self.bornova.id)], order="id"
        )

    def test_debtors_are_found_by_tax_number_code_and_name(self):
        wizard = self.wizard(
            HEADER + "1234567890;1.250,40;15.01.2026;A1\n"
            "C-1;20,5;2026-01-16;A2\n"
            "kordon market;30;17/01/2026;A3\n"
            "ALSANCAK TADİLAT;1,250.50;18.01.2026;\n"
        )
        wizard.action_preview()
        self.assertEqual((wizard.count_new, wizard.count_refused), (4, 0))
        self.assertFalse(self.owed(), "a preview makes nothing")
        wizard.action_import()
        self.assertEqual(self.owed().mapped("amount"), [1250.4, 20.5, 30.0, 1250.5])
        self.assertEqual(
            self.owed().debtor_id, self.customer | self.other, "two debtors"
        )
        self.assertEqual(self.owed()[0].date_due, date(2026, 1, 15))

    def test_a_workbook_is_read_as_well(self):
        book = openpyxl.Workbook()
        book.active.append(["VKN", "Amount", "Due Date", "Reference"])
        book.active.append([1234567890, 99.5, date(2026, 2, 1), "X-1"])
        content = io.BytesIO()
        book.save(content)
        wizard = self.wizard(content.getvalue())
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self.owed().amount, 99.5)
        self.assertEqual(self.owed().reference, "X-1")

    def test_each_bad_row_is_refused_with_its_reason_and_nothing_is_made(self):
        twin = self.make_customer("Alsancak Tadilat", self.bornova)
        known = self.make_receivable(
            self.bornova, self.customer, 70, "2026-05-01", reference="K-1"
        )
        rows = (
            ("C-1;1.250;15.01.2026;B1", "can be read in two ways"),
            ("C-1;abc;15.01.2026;B2", "is not an amount"),
            ("C-1;-5;15.01.2026;B3", "above zero"),
            ("C-1;5;31.02.2026;B4", "is not a date"),
            (";5;15.01.2026;B5", "debtor is missing"),
            ("Nobody;5;15.01.2026;B6", "neither a customer nor a sub-dealer"),
            (f"{twin.name};5;15.01.2026;B7", "Several customers"),
            ("C-1;70,00;01.05.2026;K-1", known.name),
            ("C-1;8;15.01.2026;B9", None),
            ("C-1;8,00;15.01.2026;B9", "The same stands in row 10"),
        )
        wizard = self.wizard(HEADER + "\n".join(row for row, _text in rows))
        wizard.action_preview()
        self.assertEqual((wizard.count_new, wizard.count_refused), (1, 9))
        for _row, text in rows:
            self.assertIn(text or "", wizard.preview)
        with self.assertRaisesRegex(UserError, "9 rows"):
            wizard.action_import()
        self.assertEqual(self.owed(), known)

    def test_a_customer_of_another_dealer_is_not_known_here(self):
        wizard = self.wizard(
            HEADER + "1234567890;5;15.01.2026;Z1", creditor=self.manisa
        )
        wizard.action_preview()
        self.assertEqual(wizard.count_refused, 1)

    def test_staff_may_name_the_dealer_in_each_row(self):
        self.bornova.code = "B-35"
        empty = self.env["dealer.dealer"]
        wizard = self.wizard(
            "Bayi;Borçlu;Tutar;Vade\nB-35;C-1;5;15.01.2026\nX;C-1;5;15.01.2026\n",
            creditor=empty,
        )
        wizard.action_preview()
        self.assertEqual((wizard.count_new, wizard.count_refused), (1, 1))
        self.assertIn("No dealer has the code", wizard.preview)

    def test_a_file_without_a_needed_column_says_which(self):
        wizard = self.wizard("Borçlu;Vade\nC-1;15.01.2026\n")
        wizard.action_preview()
        self.assertIn("Amount", wizard.unclear)
        with self.assertRaises(UserError):
            wizard.action_import()
        for content in ("", "\x00\x01", b"\xd0\xcf\x11\xe0"):
            with self.subTest(content=content), self.assertRaises(UserError):
                self.wizard(content).action_preview()

    def test_rows_and_dates_are_read_without_a_database(self):
        columns = {"debtor": 0, "amount": 1, "date_due": 2}
        good, bad = read_rows([(2, ["A", "5", "1.2.2026"]), (3, ["A", "5"])], columns)
        self.assertIsInstance(good, OwedRow)
        self.assertEqual(bad, Problem(3, "date_due", "date_due"))
        self.assertIsNone(read_date("1.13.2026"))
