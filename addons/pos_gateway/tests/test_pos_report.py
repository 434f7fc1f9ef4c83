import base64
import contextlib
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .test_matching import MatchingCase

HEADER = (
    "Terminal No;Gün Sonu Tarihi;İşlem Tarihi;Valör Tarihi;İşlem Tipi;Provizyon No;"
    "Taksit Sayısı;Taksit Sıra;Brüt Tutar;Komisyon Tutarı;BSMV;Net Tutar"
)


class ReportCase(MatchingCase):
    def row(self, part, **other):
        """A row of the bank's report about a part; ``other`` is what it says else."""
        transaction = part.transaction_id
        count = transaction.gateway_installment_count
        values = {
            "terminal": "01234567",
            "batch": "25.11.2026",
            "day": "25.11.2026",
            "value": part.due.strftime("%d.%m.%Y"),
            "kind": "Satış",
            "code": transaction.gateway_authorisation_code,
            "count": count,
            "part": part.number if count > 1 else 0,
            "gross": part.gross,
            "commission": part.commission + part.fee,
            "bsmv": part.bsmv,
            **other,
        }
        cuts = values["commission"] + values["bsmv"]
        values.setdefault("net", values["gross"] - cuts)
        return ";".join(
            f"{value:.2f}".replace(".", ",") if isinstance(value, float) else str(value)
            for value in values.values()
        )

    def make(self, *rows, name="rapor.csv"):
        content = "\n".join((HEADER, *rows)).encode()
        return self.env["pos.gateway.report"].create(
            {"file": base64.b64encode(content), "file_name": name}
        )

    def take(self, report):
        report.action_preview()
        self.assertEqual(report.state, "preview", report.refusal)
        report.action_import()
        report._import_rows()
        return report

    def findings(self):
        return self.env["pos.gateway.finding"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "closed")]
        )

    def sale(self, code, **values):
        transaction = self.charge(**values)
        transaction.gateway_authorisation_code = code
        return transaction.gateway_settlement_ids


@tagged("post_install", "-at_install")
class TestPosReport(ReportCase, TransactionCase):
    def test_the_preview_shows_what_is_understood_and_takes_nothing_over(self):
        parts = self.sale("A00001")
        report = self.make(*(self.row(part) for part in parts), "")
        report.action_preview()
        self.assertEqual(
            (report.state, report.row_count, report.new_count), ("preview", 3, 3)
        )
        self.assertEqual(report.gross, round(sum(parts.mapped("gross")), 2))
        self.assertIn(self.provider.name, report.preview)
        self.assertFalse(report.line_ids)

    def test_the_web_client_which_asks_for_sizes_of_files_gets_the_preview(self):
        report = self.make(self.row(self.sale("A00001", count=1)))
        report.action_preview()
        report.invalidate_recordset()
        (shown,) = report.with_context(bin_size=True).read(["file", "preview"])
        self.assertIn(self.provider.name, shown["preview"])

    def test_rows_are_paired_with_payments_and_nothing_differs(self):
        parts = self.sale("A00001")
        report = self.take(self.make(*(self.row(part) for part in parts)))
        self.assertEqual((report.state, report.progress), ("done", 100))
        self.assertEqual(
            set(report.line_ids.mapped("transaction_id")), {parts.transaction_id}
        )
        self.assertEqual(parts.report_line_id, report.line_ids)
        self.assertFalse(self.findings())

    def test_the_same_file_twice_is_told_and_the_same_rows_are_known(self):
        parts = self.sale("A00001")
        rows = [self.row(part) for part in parts]
        self.take(self.make(*rows))
        with self.assertRaisesRegex(UserError, "This very file was imported"):
            self.make(*rows).action_preview()
        other = self.sale("A00002", count=1)
        report = self.take(self.make(*rows, self.row(other)))
        self.assertEqual((report.new_count, report.known_count), (1, 3))

    def test_an_import_that_was_stopped_goes_on_and_nothing_is_twice(self):
        parts = self.sale("A00001")
        report = self.make(*(self.row(part) for part in parts))
        report.action_preview()
        report.action_import()
        module = "odoo.addons.pos_gateway.models.pos_gateway_report"
        real = type(report)._store
        calls = []

        def dies(self, batch, *args):
            if calls:
                raise RuntimeError("killed")
            calls.append(batch)
            return real(self, batch, *args)

        with patch(f"{module}.BATCH", 2):
            with patch.object(type(report), "_store", dies):
                # Not assertRaises: it would take the first batch back.
                with contextlib.suppress(RuntimeError):
                    report._import_rows()
            self.assertEqual((report.done_count, report.state), (2, "importing"))
            report._import_rows()
        self.assertEqual((report.state, report.new_count), ("done", 3))
        self.assertEqual(len(report.line_ids), 3)

    def test_a_batch_that_was_stored_and_not_noted_is_not_stored_again(self):
        parts = self.sale("A00001")
        report = self.make(*(self.row(part) for part in parts))
        report.action_preview()
        report.action_import()
        report._import_rows()
        report.write({"done_count": 0, "state": "importing"})
        report._import_rows()
        self.assertEqual(len(report.line_ids), 3)

    def test_a_file_of_another_bank_is_not_taken(self):
        parts = self.sale("A00001", count=1)
        report = self.make(self.row(parts, terminal="99999999"))
        report.action_preview()
        self.assertEqual(report.unknown_count, 1)
        with self.assertRaisesRegex(UserError, "another bank"):
            report.action_import()

    def test_rows_that_cannot_be_read_are_told_with_row_and_reason(self):
        parts = self.sale("A00001")
        report = self.make(
            self.row(parts[0]),
            self.row(parts[1], value="31.02.2027"),
            self.row(parts[2]),
        )
        report.action_preview()
        self.assertEqual((report.row_count, report.problem_count), (2, 1))
        self.assertIn("31.02.2027", report.preview)

    def test_what_is_no_report_is_refused_with_a_sentence(self):
        for content, words in (
            (b"", "empty"),
            (b"Ad;Soyad\nAli;Can\n", "No row names the columns"),
            (b'{"a": 1}', "no POS report"),
        ):
            report = self.env["pos.gateway.report"].create(
                {"file": base64.b64encode(content or b" "), "file_name": "x.csv"}
            )
            report.action_preview()
            self.assertEqual(report.state, "refused")
            self.assertIn(words, report.refusal)
            report.action_back()
            self.assertEqual(report.state, "draft")

    def test_a_layout_names_the_columns_of_a_bank(self):
        parts = self.sale("A00001", count=1)
        report = self.make(self.row(parts))
        content = base64.b64decode(report.file).decode().replace("Brüt Tutar", "Bedel")
        report.file = base64.b64encode(content.encode())
        report.action_preview()
        self.assertEqual(report.state, "refused")
        report.action_back()
        report.layout_id = self.env["pos.gateway.report.layout"].create(
            {"name": "Bank", "columns": "gross = Bedel"}
        )
        report.action_preview()
        self.assertEqual((report.state, report.row_count), ("preview", 1))
        with self.assertRaisesRegex(UserError, "Line 1"):
            report.layout_id.columns = "brüt = Bedel"

    def test_what_was_imported_cannot_be_deleted(self):
        report = self.take(self.make(self.row(self.sale("A00001", count=1))))
        with self.assertRaisesRegex(UserError, "kept"):
            report.unlink()


@tagged("post_install", "-at_install")
class TestFindings(ReportCase, TransactionCase):
    def test_a_higher_commission_is_a_finding_and_stays_open_at_the_bank(self):
        parts = self.sale("A00001", count=1)
        more = parts.commission + 2.0
        self.take(self.make(self.row(parts, commission=more)))
        (finding,) = self.findings()
        self.assertEqual((finding.kind, finding.amount), ("commission_difference", 2))
        self.assertEqual(finding.transaction_id, parts.transaction_id)
        self.assertEqual(finding.provider_id, self.provider)
        self.assertIn("2.00", finding.sentence)
        self.assertNotIn("%", finding.sentence)
        # The bank pays what it says, and the rest is what it owes.
        line = self.deposit(round(parts.net - 2, 2))
        self.run_matching()
        self.assertTrue(line.is_reconciled)
        self.assertEqual((parts.state, parts.open_net), ("expected", 2))
        self.assertEqual(self.slips_balance(), 2)

    def test_a_finding_is_found_again_and_not_made_twice(self):
        parts = self.sale("A00001", count=1)
        self.take(self.make(self.row(parts, value="30.11.2026")))
        first = self.findings()
        self.assertEqual(first.mapped("kind"), ["value_date_difference"])
        self.env["pos.gateway.finding"]._compare(self.company)
        self.assertEqual(self.findings(), first)

    def test_days_that_the_money_is_late_cost_by_the_company_s_rate(self):
        self.company.gateway_delay_rate = 36.5
        parts = self.sale("A00001", count=1)
        self.take(self.make(self.row(parts, value="06.12.2026")))
        finding = self.findings()
        # Ten days of 0.1 % each.
        self.assertEqual((finding.days, finding.cost_of_delay),
                         (10, round(parts.net * 0.01, 2)))  # fmt: skip

    def test_missing_unknown_and_double_rows_are_told_apart(self):
        known, lost = self.sale("A00001", count=1), self.sale("A00002", count=1)
        row = self.row(known)
        self.take(self.make(row, row, self.row(known, code="ZZZ999", gross=77.0)))
        kinds = {one.kind: one for one in self.findings()}
        self.assertEqual(kinds["missing_in_report"].transaction_id, lost.transaction_id)
        self.assertEqual(kinds["unknown_in_report"].auth_code, "ZZZ999")
        self.assertIn("duplicate_in_report", kinds)

    def test_what_does_not_differ_any_more_is_closed_by_itself(self):
        one, lost = self.sale("A00001", count=1), self.sale("A00002", count=1)
        self.take(self.make(self.row(one)))
        (finding,) = self.findings()
        finding.action_take()
        self.take(self.make(self.row(lost), name="later.csv"))
        self.assertEqual(finding.state, "closed")

    def test_a_deposit_that_is_missing_is_told_once_the_account_is_younger(self):
        parts = self.sale("A00001", count=1)
        self.take(self.make(self.row(parts)))
        self.assertFalse(self.findings())
        self.deposit(1, "HAVALE", "2026-12-01")
        self.env["pos.gateway.finding"]._compare(self.company)
        (finding,) = self.findings()
        self.assertEqual((finding.kind, finding.amount), ("missing_deposit", parts.net))
        self.deposit(parts.net, day="2026-12-03")
        self.env["pos.gateway.finding"]._compare(self.company)
        self.assertEqual(self.findings().mapped("kind"), ["late_deposit"])

    def test_a_claim_letter_lists_them_and_marks_them_claimed(self):
        parts = self.sale("A00001", count=1)
        self.take(self.make(self.row(parts, commission=parts.commission + 2.0)))
        finding = self.findings()
        action = finding.action_claim()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual((finding.state, finding.claimed_on),
                         ("claimed", fields.Date.context_today(finding)))  # fmt: skip
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("pos_gateway.report_claim", finding.ids)[0]
            .decode()
        )
        for text in ("A00001", "2.00", self.provider.name):
            self.assertIn(text, html)
