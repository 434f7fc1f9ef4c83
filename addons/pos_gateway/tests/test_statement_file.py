import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .test_matching import MatchingCase

IBAN = "TR330006200119000006672315"
HEADER = "Tarih;Açıklama;Tutar;Bakiye;Dekont No"
SWIFT = """:20:1
:25:{account}
:28C:1/1
:60F:C261126TRY1000,00
:61:261126C{amount}NTRFNONREF//B1
:86:POS NET SATIS TERM:01234567 GS:25.11.2026
:61:261126D10,00NTRFNONREF//B2
:86:MASRAF
:62F:C261126TRY{closing}
-"""


@tagged("post_install", "-at_install")
class TestStatementFile(MatchingCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.provider.journal_id
        cls.journal.bank_account_id = cls.env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": cls.company.partner_id.id}
        )

    def make(self, content, name="hesap.csv", **values):
        content = content.encode() if isinstance(content, str) else content
        return self.env["pos.gateway.statement.file"].create(
            {"file": base64.b64encode(content), "file_name": name, **values}
        )

    def table(self, *rows, account=IBAN):
        title = [f"IBAN: {account}"] if account else []
        return "\n".join([*title, HEADER, *rows])

    def swift(self, amount="300,00", closing="1290,00", account=IBAN):
        return SWIFT.format(account=account, amount=amount, closing=closing)

    def take(self, file):
        file.action_preview()
        self.assertEqual(file.state, "preview", file.refusal)
        file.action_import()
        file._import_lines()
        self.assertEqual(file.state, "done")
        return file.line_ids.sorted("id")

    def refused(self, content, **values):
        file = self.make(content, **values)
        file.action_preview()
        self.assertEqual(file.state, "refused")
        self.assertFalse(file.line_ids)
        return file.refusal

    def test_lines_of_a_table_become_statement_lines(self):
        lines = self.take(
            self.make(
                self.table(
                    "26.11.2026;HAVALE ALI CAN;1.250,50;2.250,50;D1",
                    "27.11.2026;MASRAF;-10,25;2.240,25;D2",
                )
            )
        )
        self.assertEqual(lines.mapped("amount"), [1250.5, -10.25])
        self.assertEqual(lines.mapped("ref"), ["D1", "D2"])
        self.assertEqual(lines.journal_id, self.journal)
        self.assertEqual(lines.statement_id.balance_start, 1000)
        self.assertTrue(lines.statement_id.is_complete)
        self.assertEqual(set(lines.move_id.mapped("state")), {"posted"})

    def test_a_preview_makes_nothing_and_tells_what_looks_like_a_pos(self):
        file = self.make(self.swift())
        file.action_preview()
        self.assertFalse(file.line_ids)
        self.assertEqual((file.row_count, file.new_count, file.known_count), (2, 2, 0))
        self.assertIn("POS NET SATIS", file.preview)
        self.assertEqual(file.preview.count("badge text-bg-info"), 1)

    def test_deposits_of_a_file_are_matched_like_any_other(self):
        part = self.charge(count=1).gateway_settlement_ids
        amount = f"{part.net:.2f}".replace(".", ",")
        closing = f"{990 + part.net:.2f}".replace(".", ",")
        lines = self.take(self.make(self.swift(amount, closing), name="x.sta"))
        self.run_matching()
        self.assertEqual(part.state, "paid")
        self.assertEqual(lines[0].gateway_state, "matched")

    def test_the_same_file_again_brings_nothing(self):
        self.take(self.make(self.swift()))
        again = self.make(self.swift())
        again.action_preview()
        self.assertEqual((again.new_count, again.known_count), (0, 2))

    def test_files_that_overlap_bring_each_line_once(self):
        first = "26.11.2026;HAVALE;1,00;11,00;D1"
        second = "26.11.2026;HAVALE;1,00;12,00;D2"
        self.take(self.make(self.table(first)))
        lines = self.take(self.make(self.table(first, second)))
        self.assertEqual(lines.mapped("ref"), ["D2"])

    def test_a_line_that_came_another_way_is_known(self):
        self.deposit(300, "POS NET SATIS TERM:01234567 GS:25.11.2026")
        self.deposit(-10, "ISLEM UCRETI")
        file = self.make(self.swift())
        file.action_preview()
        self.assertEqual((file.new_count, file.known_count), (1, 1))
        self.assertEqual(file.alike_count, 1)
        self.assertIn("perhaps known", file.preview)

    def test_an_import_that_was_killed_is_gone_on_with(self):
        file = self.make(self.swift())
        file.action_preview()
        file.action_import()
        ((statement, journal),) = file._accounts()
        file._store(statement.lines[:1], journal)
        file._import_lines()
        self.assertEqual(file.line_ids.sorted("id").mapped("amount"), [300, -10])

    def test_a_file_of_an_unknown_account_is_refused(self):
        stranger = "TR120006200119000009999999"
        self.assertIn(stranger, self.refused(self.swift(account=stranger)))
        chosen = self.refused(self.swift(account=stranger), journal_id=self.journal.id)
        self.assertIn(stranger, chosen)

    def test_the_bank_is_chosen_where_the_file_names_no_account(self):
        content = self.table("26.11.2026;HAVALE;1,00;11,00;D1", account="")
        self.assertIn("Choose the bank", self.refused(content))
        lines = self.take(self.make(content, journal_id=self.journal.id))
        self.assertEqual(len(lines), 1)

    def test_the_end_of_an_account_number_is_enough(self):
        lines = self.take(self.make(self.swift(account="00062/0119/6672315"[-7:])))
        self.assertEqual(lines.journal_id, self.journal)

    def test_what_does_not_add_up_or_is_no_statement_is_refused_with_a_reason(self):
        table = self.table(
            "26.11.2026;HAVALE;1,00;11,00;D1", "27.11.2026;HAVALE;1,00;13,00;D2"
        )
        camt = (
            '<!DOCTYPE a [<!ENTITY x "y">]><Document'
            ' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>'
        )
        for content, words in (
            (self.swift(closing="1291,00"), "a line is missing"),
            (self.swift()[:-40], "no bank statement"),
            (table, "a line is missing"),
            (camt, "entities"),
            (self.table(), "no lines"),
            ("a;b\n1;2\n", "No row names the columns"),
            ("", "empty"),
            (b"\xd0\xcf\x11\xe0", "old XLS"),
            (self.table("26.11.2026;HAVALE;bir;11,00;D1"), "no bank statement"),
        ):
            with self.subTest(words=words):
                if not content:
                    with self.assertRaisesRegex(UserError, "Choose a file"):
                        self.make(content).action_preview()
                else:
                    self.assertIn(words, self.refused(content))

    def test_another_currency_than_the_journal_s_is_refused(self):
        euros = self.swift().replace("TRY", "EUR")
        self.assertIn("EUR", self.refused(euros))

    def test_a_gap_to_the_statement_before_is_told(self):
        self.take(self.make(self.table("20.11.2026;HAVALE;1,00;11,00;D1")))
        file = self.make(self.swift())
        file.action_preview()
        self.assertIn("may be missing", file.preview)

    def test_it_is_taken_back_as_long_as_nothing_is_reconciled(self):
        part = self.charge(count=1).gateway_settlement_ids
        amount = f"{part.net:.2f}".replace(".", ",")
        closing = f"{990 + part.net:.2f}".replace(".", ",")
        file = self.make(self.swift(amount, closing))
        lines = self.take(file)
        self.run_matching()
        with self.assertRaisesRegex(UserError, "reconciled"):
            file.action_take_back()
        with self.assertRaises(UserError):
            file.unlink()
        lines[0].action_undo_reconciliation()
        file.action_take_back()
        self.assertFalse(lines.exists())
        self.assertEqual(file.state, "draft")
        self.assertEqual(len(self.take(file)), 2)

    def test_a_file_that_was_changed_after_the_preview_is_not_imported(self):
        file = self.make(self.swift())
        file.action_preview()
        file.file = base64.b64encode(self.swift("400,00", "1390,00").encode())
        with self.assertRaisesRegex(UserError, "changed"):
            file.action_import()

    def test_only_accountants_import(self):
        file = self.make(self.swift())
        clerk = new_test_user(
            self.env, "clerk", "account.group_account_invoice",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        for method in ("action_preview", "action_import", "action_take_back"):
            with self.assertRaises(AccessError):
                getattr(file.with_user(clerk), method)()
