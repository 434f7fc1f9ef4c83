from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, TransactionCase, tagged

from ..models.dealer_transfer import reference_pattern
from .test_open_items import PayCase
from .tier_common import TierCase


class TransferCase(PayCase):
    """A company that takes bank transfers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wire = cls.make_wire(cls.env, cls.company)
        cls.bank = cls.company_data["default_journal_bank"]

    @staticmethod
    def make_wire(env, company):
        wire = env["payment.provider"].create(
            {
                "name": "Wire",
                "code": "custom",
                "custom_mode": "wire_transfer",
                "company_id": company.id,
                "redirect_form_view_id": env.ref("payment_custom.redirect_form").id,
                "payment_method_ids": [
                    fields.Command.set(
                        env.ref("payment_custom.payment_method_wire_transfer").ids
                    )
                ],
            }
        )
        wire.write({"state": "enabled", "is_published": True})
        return wire

    def announce(self, collection):
        return collection.sudo()._make_transfer_attempt()

    def line(self, amount, text, **values):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": fields.Date.today(),
                "amount": amount,
                "payment_ref": text,
                **values,
            }
        )
        line._look_for_collection()
        return line


@tagged("post_install", "-at_install")
class TestTransfer(TransferCase, TransactionCase):
    def test_the_exact_amount_with_the_number_closes_invoices_and_line(self):
        old, new = self.make_move(600.10, 9), self.make_move(500, 1)
        collection = self.make_collection([old, new])
        attempt = self.announce(collection)
        self.assertEqual((collection.state, collection.method),
                         ("processing", "transfer"))  # fmt: skip
        number = collection.name.replace("/", "-").lower()
        line = self.line(1100.10, f"GELEN EFT KONYA AS {number} BORC")
        self.assertEqual(collection.state, "paid")
        self.assertTrue(line.is_reconciled)
        self.assertEqual((old.payment_state, new.payment_state), ("paid", "paid"))
        payment = attempt.payment_id
        self.assertEqual((payment.journal_id, payment.date), (self.bank, line.date))
        self.assertTrue(payment.is_matched)
        self.assertEqual(collection.amount_net, 1100.10)

    def test_a_part_goes_to_the_debts_that_were_chosen(self):
        other, chosen = self.make_move(300, 9), self.make_move(500, 1)
        collection = self.make_collection([chosen])
        self.announce(collection)
        self.line(500, collection.name)
        self.assertEqual((other.amount_residual, chosen.amount_residual), (300, 0))

    def test_another_amount_books_nothing_and_asks_a_person_once(self):
        move = self.make_move(500)
        collection = self.make_collection([move])
        self.announce(collection)
        line = self.line(499.99, collection.name)
        line._look_for_collection()
        self.assertFalse(line.is_reconciled)
        self.assertEqual((collection.state, move.amount_residual), ("processing", 500))
        self.assertEqual(line.dealer_collection_id, collection)
        self.assertFalse(
            self.env["account.bank.statement.line"]._transfers_to_look_at() & line
        )
        self.assertIn("another one", collection.activity_ids.note)

    def test_a_person_books_what_came_and_the_rest_stays_open(self):
        old, new = self.make_move(300, 9), self.make_move(500, 1)
        collection = self.make_collection([old, new])
        self.announce(collection)
        line = self.line(420.50, collection.name)
        self.assertTrue(collection.has_transfer_to_book)
        action = collection.action_book_transfer()
        booked = collection.browse(action["res_id"])
        self.assertEqual((booked.state, booked.amount), ("paid", 420.50))
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 379.5))
        self.assertTrue(line.is_reconciled)
        self.assertEqual(collection.state, "open")
        self.assertFalse(collection.activity_ids)

    def test_what_is_more_than_the_debt_stands_as_credit(self):
        collection = self.make_collection([self.make_move(300)])
        self.announce(collection)
        self.line(350, collection.name)
        collection.action_book_transfer()
        self.assertEqual(self.dealer._credit(self.lira), 50)

    def test_the_same_money_twice_is_booked_once(self):
        move = self.make_move(500)
        collection = self.make_collection([move])
        self.announce(collection)
        first = self.line(500, collection.name)
        second = self.line(500, collection.name)
        self.assertTrue(first.is_reconciled)
        self.assertEqual(first.move_id.line_ids.matched_debit_ids.debit_move_id.payment_id,
                         collection.payment_ids)  # fmt: skip
        self.assertFalse(second.is_reconciled)
        self.assertEqual(len(collection.payment_ids), 1)
        self.assertIn("waits for no bank transfer", collection.activity_ids.note)

    def test_a_transfer_under_way_holds_the_debt_back_until_it_is_given_up(self):
        move = self.make_move(500)
        collection = self.make_collection([move])
        self.announce(collection)
        self.assertFalse(move._dealer_open_items()[0].payable)
        collection.sudo()._give_up_transfer()
        self.assertEqual(collection.state, "open")
        self.assertTrue(move._dealer_open_items()[0].payable)
        with self.assertRaises(UserError):
            collection.sudo()._give_up_transfer()

    def test_waiting_ends_after_the_days_of_the_company(self):
        move = self.make_move(500)
        collection = self.make_collection([move])
        attempt = self.announce(collection)
        collections = self.env["dealer.collection"].sudo()
        collections._end_late_transfers()
        self.assertEqual(collection.state, "processing")
        days = timedelta(days=self.company.dealer_transfer_days + 1)
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - days, attempt.id),
        )
        attempt.invalidate_recordset()
        collections._end_late_transfers()
        self.assertEqual(collection.state, "open")
        self.line(500, collection.name)
        self.assertEqual(move.amount_residual, 500)
        self.assertTrue(collection.activity_ids)

    def test_a_line_that_names_two_collections_is_left_alone(self):
        one = self.make_collection([self.make_move(500)])
        other = self.make_collection([self.make_move(500)])
        self.announce(one)
        self.announce(other)
        line = self.line(500, f"{one.name} {other.name}")
        self.assertFalse(line.is_reconciled or line.dealer_collection_id)

    def test_another_company_s_line_pays_nothing_here(self):
        collection = self.make_collection([self.make_move(500)])
        self.announce(collection)
        other = self.setup_other_company()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": other["default_journal_bank"].id,
                "date": fields.Date.today(),
                "amount": 500,
                "payment_ref": collection.name,
            }
        )
        line._look_for_collection()
        self.assertEqual(collection.state, "processing")

    def test_a_number_within_a_longer_one_is_another_number(self):
        pattern = reference_pattern("TAH/2026/00012")
        self.assertTrue(pattern.search("x TAH 2026 00012."))
        self.assertFalse(pattern.search("TAH/2026/000121"))


@tagged("post_install", "-at_install")
class TestTransferChain(TierCase, TransactionCase):
    def test_a_transfer_of_a_customer_closes_every_link_up_to_the_company(self):
        TransferCase.make_wire(self.env, self.company)
        owed = self.make_receivable(self.bornova, self.customer, 800)
        before = self.owed_to_company(self.ege)
        collection = self.collect(owed)
        collection.sudo()._make_transfer_attempt()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": fields.Date.today(),
                "amount": 800,
                "payment_ref": collection.name,
            }
        )
        line._look_for_collection()
        self.assertEqual((collection.state, owed.amount_open), ("paid", 0))
        self.assertEqual(
            self.owed_to_company(self.ege), self.company.currency_id.round(before - 800)
        )


@tagged("post_install", "-at_install")
class TestTransferPage(TransferCase, HttpCase):
    def test_the_payer_chooses_the_transfer_sees_the_reference_and_gives_it_up(self):
        self.bank.bank_account_id = self.env["res.partner.bank"].create(
            {
                "acc_number": "TR330006100519786457841326",
                "partner_id": self.company.partner_id.id,
            }
        )
        collection = self.make_collection([self.make_move(500)])
        self.authenticate("t_konya", "t_konya_password")
        page = self.url_open(collection.access_url).text
        self.assertIn("Wire", page)
        answer = self.make_jsonrpc_request(
            f"/my/dealer/collection/{collection.id}/transaction",
            {
                "provider_id": self.wire.id,
                "payment_method_id": self.wire.payment_method_ids.id,
                "token_id": None,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": collection.access_url,
            },
        )
        self.assertIn(collection.access_url, answer["redirect_form_html"])
        page = self.url_open(collection.access_url).text
        for text in (collection.name, "TR330006100519786457841326", "500.00"):
            self.assertIn(text, page)
        self.assertIn("Waiting for the transfer", page)
        answer = self.url_open(
            f"{collection.access_url}/abandon",
            data={"csrf_token": http.Request.csrf_token(self)},
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(collection.state, "open")
