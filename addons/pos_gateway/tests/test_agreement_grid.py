import base64
import io
import re
from pathlib import Path

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, tagged

from ..rate_grid import Problem
from ..wizards.rate_grid_problems import problem_words
from .test_agreement import AgreementCommon


def workbook(*rows, title="Oranlar"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue()


@tagged("post_install", "-at_install")
class TestAgreementGrid(AgreementCommon, TransactionCase):
    def wizard(self, *rows, content=None, **values):
        return self.env["pos.gateway.agreement.import"].create(
            {
                "agreement_id": self.agreement.id,
                "file": base64.b64encode(content or workbook(*rows)),
                "file_name": "oranlar.xlsx",
                **values,
            }
        )

    def rates(self):
        return {
            (line.program_id.name, line.kind, line.installment_count): line.rate
            for line in self.agreement.line_ids
        }

    def test_what_is_exported_imports_as_no_change_in_either_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.agreement.line_ids[1].write({"fee": 1.25, "bsmv": 5})
        self.agreement.line_ids[2].write(
            {
                "value_date_rule": "per_installment",
                "first_days": 30,
                "interval_days": 30,
                "valid_from": "2026-03-01",
            }
        )
        self.agreement.line_ids = [
            self.line(6, self.world, "debit", on_us="not_on_us", rate=0.1234),
            self.line(0, self.world, rate=100),
        ]
        for language in ("en_US", "tr_TR"):
            content = self.agreement.with_context(lang=language)._grid()
            wizard = self.wizard(content=content, keep_others=False)
            wizard.action_preview()
            self.assertIn("The file says what the agreement says", wizard.preview)
            self.assertFalse(wizard.is_ready)

    def test_the_preview_says_what_the_import_then_does(self):
        wizard = self.wizard(
            ["Taksit", "Denizyıldızı Bireysel", "Tüm programlar"],
            ["Tek çekim", None, 1.79],
            [3, "%4,95", "-"],
            [6, "8,10", None],
        )
        before = self.rates()
        count = len(self.agreement.message_ids)
        wizard.action_preview()
        for words in (
            "1</t> added",
            "Consumer Credit Card, 6 installments: 8.1 %",
            "4.85 % → 4.95 %",
            "not in the file, kept",
        ):
            self.assertIn(words.replace("</t>", ""), wizard.preview)
        self.assertTrue(wizard.is_ready)
        self.assertEqual(self.rates(), before)
        self.assertEqual(len(self.agreement.message_ids), count)
        wizard.action_import()
        self.assertEqual(
            self.rates(),
            {
                (False, False, 1): 1.79,
                ("Denizyıldızı", "credit", 3): 4.95,
                ("Denizyıldızı", "credit", 6): 8.1,
                ("Denizyıldızı", "commercial", 3): 5.1,
            },
        )
        self.assertIn("oranlar.xlsx", self.told())
        self.assertIn("4.85 % → Denizyıldızı", self.told())

    def test_an_empty_cell_takes_the_rate_out_and_a_missing_column_if_wished(self):
        rows = ["Taksit", "Denizyıldızı Ticari"], ["Tek çekim", 2], [3, None]
        self.wizard(*rows).action_import()
        self.assertNotIn(("Denizyıldızı", "commercial", 3), self.rates())
        self.assertEqual(len(self.rates()), 3)
        self.wizard(*rows, keep_others=False).action_import()
        self.assertEqual(self.rates(), {("Denizyıldızı", "commercial", 1): 2})

    def test_a_plain_table_of_rates_leaves_fees_and_value_dates_as_they_were(self):
        line = self.single
        line.write({"fee": 2, "value_date_rule": "single", "days": 40})
        self.wizard(["Taksit", "Tüm programlar"], ["Peşin", 1.99]).action_import()
        self.assertEqual((line.rate, line.fee, line.days), (1.99, 2, 40))
        self.wizard(
            ["Taksit", "Tüm programlar"], ["Peşin", 1.99], ["Sabit ücret", "-"]
        ).action_import()
        self.assertEqual((line.fee, line.has_own_terms), (0, True))

    def test_a_file_with_a_mistake_changes_nothing(self):
        wizard = self.wizard(
            ["Taksit", "Denizyıldızı", "Ay Taşı"], [1, 2, 3], [40, 120, "abc"]
        )
        before = self.rates()
        wizard.action_preview()
        self.assertIn("Oranlar C1: No card program", wizard.preview)
        self.assertIn("Oranlar A3: Installments go from 1", wizard.preview)
        self.assertFalse(wizard.is_ready)
        with self.assertRaisesRegex(UserError, "Oranlar C1"):
            wizard.action_import()
        self.assertEqual(self.rates(), before)

    def test_what_the_agreement_refuses_the_preview_says(self):
        wizard = self.wizard(
            ["Geçerlilik başı", "01.03.2027"],
            ["Taksit", "Denizyıldızı"],
            [1, 2],
        )
        wizard.action_preview()
        self.assertIn("its dates are not inside those of the agreement", wizard.preview)
        self.assertFalse(wizard.is_ready)
        self.agreement.line_ids.unlink()
        self.agreement.rates_include_bsmv = True
        wizard = self.wizard(["Taksit", "Denizyıldızı"], [1, 3])
        wizard.action_preview()
        self.assertIn("includes BSMV", wizard.preview)

    def test_overlapping_sheets_are_refused_with_both_rates_named(self):
        self.single.valid_to = "2026-06-30"
        wizard = self.wizard(["Taksit", "Tüm programlar"], [1, 2])
        wizard.action_preview()
        self.assertIn("Two rates are for the same cards and days", wizard.preview)

    def test_every_reason_has_its_sentence(self):
        for rows, words in (
            ([["Taksit", "Denizyıldızı"], [1, 0.02]], "can be percent or a share"),
            ([["Taksit", "Denizyıldızı"], [1, 2], [1, 3]], "same cards and install"),
            ([["x"]], "There is no table in the file"),
            ([["Para birimi", "USD"], ["Taksit", "Denizyıldızı"]], "is in TRY"),
        ):
            wizard = self.wizard(*rows)
            wizard.action_preview()
            self.assertIn(words, wizard.preview)
        wizard = self.wizard(content=b"PK nonsense")
        wizard.action_preview()
        self.assertIn("neither XLSX nor CSV", wizard.preview)

    def test_no_reason_is_without_words(self):
        addon = Path(__file__).parents[1]
        files = [*(addon / "rate_grid").glob("*.py"), addon / "tabular/workbook.py"]
        code = " ".join(file.read_text() for file in files)
        raised = r'(?:ValueError|UnreadableFile|UnknownWords)\(\s*"(\w+)"'
        noted = r'Problem\(\s*[^"]*?, "(\w+)"'
        reasons = set(re.findall(raised, code)) | set(re.findall(noted, code))
        self.assertGreater(len(reasons), 20)
        for reason in sorted(reasons):
            self.assertTrue(problem_words(self.env, Problem("", reason, "x")))

    def test_text_in_the_files_is_shown_as_text(self):
        wizard = self.wizard(["Taksit", "<script>alert(1)</script>"], [1, 2])
        wizard.action_preview()
        self.assertNotIn("<script>", wizard.preview)

    def test_a_text_file_of_windows_is_imported(self):
        content = "Taksit;Denizyıldızı Ticari\n3;%5,25\n".encode("cp1254")
        self.wizard(content=content).action_import()
        self.assertEqual(self.rates()["Denizyıldızı", "commercial", 3], 5.25)

    def test_an_operator_does_not_import(self):
        user = self.make_user("onlooker", "pos_gateway.group_pos_gateway_user")
        with self.assertRaises(AccessError):
            self.env["pos.gateway.agreement.import"].with_user(user).create(
                {"agreement_id": self.agreement.id, "file": base64.b64encode(b"x")}
            )

    def test_the_table_shows_every_rate(self):
        table = str(self.agreement.rate_table)
        for words in ("Denizyıldızı", "4.85 %", "5.1 %", "1.79 %", "Every program"):
            self.assertIn(words, table)
        self.agreement.line_ids = [Command.clear()]
        self.assertIn("No rates yet", str(self.agreement.rate_table))


@tagged("post_install", "-at_install")
class TestAgreementDownload(AgreementCommon, HttpCase):
    def test_the_file_is_for_those_who_may_read_the_agreement(self):
        url = f"/pos_gateway/agreement/{self.agreement.id}/rates.xlsx"
        self.make_user("reader", "pos_gateway.group_pos_gateway_user")
        self.make_user("stranger", "base.group_user")
        self.authenticate("reader", "reader")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertEqual(len(book.worksheets), 3)
        self.authenticate("stranger", "stranger")
        self.assertIn(self.url_open(url).status_code, (403, 404))
