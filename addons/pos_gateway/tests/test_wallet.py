from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..const import UNSIGNED_MESSAGES
from .common import FORM_TYPE, PREFIX, RefusalMixin
from .quote_common import QuoteCommon
from .test_route import RouteCommon
from .wallet_common import REFUND_PASSWORD, WalletCommon

BANK = "odoo.addons.pos_gateway.controllers.bank"


@tagged("post_install", "-at_install")
class TestWalletSwitch(RefusalMixin, WalletCommon, TransactionCase):
    """Who offers the wallet, and what that needs."""

    def offered(self, provider):
        methods = provider.with_context(active_test=False).payment_method_ids
        return self.wallet_method in methods and self.wallet_method.active

    def test_the_switch_shows_the_wallet_beside_the_card_and_takes_it_away(self):
        self.assertTrue(self.offered(self.garanti))
        self.assertIn(self.method, self.garanti.payment_method_ids)
        self.assertFalse(self.offered(self.card_pos))
        self.garanti.gateway_wallet = False
        self.assertFalse(self.offered(self.garanti))
        self.assertFalse(self.wallet_method.active)

    def test_one_pos_without_it_does_not_take_it_from_the_other(self):
        other = self.make_garanti("Second Garanti POS")
        other.gateway_wallet = True
        other.gateway_wallet = False
        self.assertTrue(self.offered(self.garanti))
        self.assertFalse(self.offered(other))

    def test_it_may_be_chosen_before_the_pos_is_switched_on(self):
        self.garanti.state = "disabled"
        self.assertFalse(self.wallet_method.active)
        self.garanti.state = "test"
        self.assertTrue(self.offered(self.garanti))

    def test_a_bank_without_a_wallet_has_no_switch(self):
        self.assertFalse(self.card_pos.gateway_wallet_name)
        with self.refused("has no wallet"):
            self.card_pos.gateway_wallet = True

    def test_with_another_bank_it_is_gone(self):
        self.garanti.state = "disabled"
        self.garanti.gateway_bank = "isbank"
        self.assertFalse(self.garanti.gateway_wallet)
        self.assertFalse(self.offered(self.garanti))

    def test_a_pos_that_reserves_amounts_does_not_offer_it(self):
        with self.refused("takes the money at once"):
            self.garanti.capture_manually = True

    def test_the_password_of_its_user_is_needed(self):
        bare = self.make_garanti("POS without page", gateway_card_entry="browser")
        bare.gateway_wallet = True
        with self.refused("PROVOOS"):
            bare.gateway_page_password = False

    def test_its_line_has_an_account_of_its_own(self):
        line = self.garanti.gateway_wallet_line_id
        self.assertEqual(line.code, "garanti_pay")
        self.assertEqual(line.journal_id, self.garanti.journal_id)
        self.assertEqual(
            line.payment_account_id, self.garanti.gateway_wallet_account_id
        )
        self.assertTrue(line.payment_account_id.reconcile)
        self.assertNotEqual(
            line.payment_account_id, self.garanti.gateway_slips_account_id
        )
        self.assertFalse(line.payment_provider_id)

    def test_its_line_follows_the_journal_that_staff_choose(self):
        journal = self.garanti.journal_id.copy({"name": "GarantiPay", "code": "GPAY"})
        self.garanti.gateway_wallet_journal_id = journal
        self.assertEqual(self.garanti.gateway_wallet_line_id.journal_id, journal)
        self.assertEqual(
            self.garanti.journal_id.inbound_payment_method_line_ids.filtered(
                lambda line: line.payment_provider_id == self.garanti
            ).payment_account_id,
            self.garanti.gateway_slips_account_id,
        )


@tagged("post_install", "-at_install")
class TestWalletPayment(WalletCommon, TransactionCase):
    """What becomes of a payment: the bank's answer decides, nothing else."""

    def test_it_speaks_the_wallets_protocol_and_never_asks_for_a_card_here(self):
        self.garanti.gateway_card_entry = "browser"
        payment = self.make_wallet_payment()
        self.assertEqual(payment._gateway_family().FAMILY, "garanti_pay")
        self.assertEqual(payment.gateway_card_entry, "hosted")
        form = dict(payment._gateway_first_form().fields)
        self.assertEqual(form["secure3dsecuritylevel"], "CUSTOM_PAY")
        self.assertEqual(form["companyname"], self.company.name)
        card = self.make_transaction(provider_id=self.garanti.id)
        self.assertEqual(card._gateway_family().FAMILY, "garanti")

    def test_a_confirmed_payment_is_posted_on_its_own_path(self):
        invoice = self.make_invoice(100.0)
        payment = self.paid(invoice).payment_id
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(
            payment.payment_method_line_id, self.garanti.gateway_wallet_line_id
        )
        account = self.garanti.gateway_wallet_account_id
        self.assertEqual(payment._gateway_slips().account_id, account)
        self.assertEqual(sum(payment._gateway_slips().mapped("balance")), 100.0)

    def test_it_is_posted_in_the_journal_that_staff_chose(self):
        journal = self.garanti.journal_id.copy({"name": "GarantiPay", "code": "GPAY"})
        self.garanti.gateway_wallet_journal_id = journal
        payment = self.paid(self.make_invoice(100.0)).payment_id
        self.assertEqual(payment.journal_id, journal)
        self.assertEqual(
            payment._gateway_slips().account_id, self.garanti.gateway_wallet_account_id
        )

    def test_where_it_was_paid_with_the_module_stays(self):
        self.paid(self.make_invoice(100.0))
        with self.assertRaisesRegex(UserError, "GarantiPay"):
            self.env["payment.provider"]._remove_provider("pos_gateway")

    def test_staff_who_register_a_payment_are_not_offered_it_first(self):
        lines = self.garanti.journal_id._get_available_payment_method_lines("inbound")
        self.assertEqual(lines[:1].code, "manual")

    def test_a_line_that_somebody_deleted_is_made_again(self):
        self.garanti.gateway_wallet_line_id.unlink()
        payment = self.paid(self.make_invoice(100.0)).payment_id
        self.assertEqual(payment.payment_method_line_id.code, "garanti_pay")

    def test_a_card_payment_of_the_same_pos_stays_on_the_cards_path(self):
        invoice = self.make_invoice(100.0)
        card = self.make_transaction(invoice, provider_id=self.garanti.id)
        card._gateway_apply(self.outcome(card))
        self.post(card)
        self.assertEqual(
            card.payment_id._gateway_slips().account_id,
            self.garanti.gateway_slips_account_id,
        )

    def test_a_signed_return_only_makes_us_ask(self):
        payment = self.make_wallet_payment()
        self.deliver(payment, self.signed_return(payment))
        self.assertEqual(payment.state, "pending")
        self.assertIn("app on your phone", payment.state_message)
        self.call_banks(self.stands(payment))
        self.assertEqual(payment.state, "done")

    def test_a_signed_refusal_closes_nothing_that_the_bank_says_was_paid(self):
        payment = self.make_wallet_payment()
        refused = {"response": "Declined", "procreturncode": "05", "authcode": ""}
        self.deliver(payment, self.signed_return(payment, **refused))
        self.assertIn(payment.state, ("draft", "pending"))
        self.call_banks(self.stands(payment))
        self.assertEqual(payment.state, "done")

    def test_a_made_up_notice_books_nothing(self):
        payment = self.make_wallet_payment()
        self.deliver(payment, self.notice(payment))
        self.assertIn(payment.state, ("draft", "pending"))
        self.assertFalse(payment.gateway_authorisation_code)
        self.call_banks(self.unknown(payment))
        self.assertIn(payment.state, ("draft", "pending"))
        self.assertFalse(payment.payment_id)

    def test_refused_in_the_app_is_refused_when_the_bank_says_so(self):
        payment = self.make_wallet_payment()
        payment._gateway_ask_bank_soon()
        self.call_banks(self.refused_in_app(payment))
        self.assertEqual(payment.state, "error")
        self.assertTrue(payment.gateway_payer_message)

    def test_while_the_app_may_still_confirm_an_unknown_order_stays_open(self):
        payment = self.make_wallet_payment()
        payment._gateway_ask_bank_soon(abandoned=True)
        self.call_banks(self.unknown(payment))
        self.assertIn(payment.state, ("draft", "pending"))
        self.age(payment, minutes=7)
        payment._gateway_ask_bank_soon(abandoned=True)
        self.call_banks(self.unknown(payment))
        self.assertEqual(payment.state, "cancel")

    def age(self, payment, **span):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - %s"
            " WHERE id = %s",
            (timedelta(**span), payment.id),
        )
        self.env.invalidate_all()

    def test_other_installments_than_agreed_are_held(self):
        payment = self.make_wallet_payment(base=100.0, surcharge=2.85)
        payment._gateway_ask_bank_soon()
        self.call_banks(self.stands(payment, InstallmentCnt="6"))
        self.assertEqual(payment.state, "pending")
        self.assertIn("installment", payment.gateway_review_reason)

    def test_it_is_given_back_as_a_card_payment_on_the_same_path(self):
        charge = self.paid(self.make_invoice(100.0))
        self.age(charge, days=1)
        charge.last_state_change -= timedelta(days=1)
        child = charge._refund(amount_to_refund=40.0)
        self.assertEqual(child.payment_method_id, self.wallet_method)
        answer = self.answer(charge, password=REFUND_PASSWORD)
        (sent,) = self.call_banks(answer)[:1]
        self.assertIn("<Type>refund</Type>", sent)
        self.assertIn("<ProvUserID>PROVRFN</ProvUserID>", sent)
        self.assertIn("<Amount>4000</Amount>", sent)
        self.assertEqual(child.state, "done")
        self.assertEqual(
            child.payment_id._gateway_slips().account_id,
            self.garanti.gateway_wallet_account_id,
        )


@tagged("post_install", "-at_install")
class TestWalletCard(WalletCommon, QuoteCommon):
    """The card is chosen in the app: its cost is known when the bank has charged it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.garanti.gateway_program_ids = cls.program
        cls.make_agreement(
            cls.garanti,
            {"installment_count": 1, "rate": 2.0},
            {"installment_count": 1, "kind": "debit", "rate": 0.9},
        )

    def priced(self):
        """:return: a payment of 1,000.00, as the payer's page makes it"""
        hint = self.garanti.with_context(gateway_wallet="garanti_pay")
        card = hint._gateway_wallet_card()
        way = hint._gateway_way(
            self.company, self.payer, self.lira, 100_000, card, 1, hint=hint
        )
        values = self.garanti._gateway_quote_values(way, card)
        payment = self.make_wallet_payment(
            self.make_invoice(1000.0), base=1000.0, **values
        )
        self.assertEqual(payment.gateway_card_kind, "credit")
        # 2 %, and 5 % BSMV of it.
        self.assertEqual(payment.gateway_cost_amount, 21.0)
        return payment

    def confirm(self, payment):
        payment._gateway_ask_bank_soon()
        self.call_banks(self.stands(payment))
        self.assertEqual(payment.state, "done")
        self.assertFalse(payment.gateway_posting_error)

    def test_the_cost_is_that_of_the_card_that_was_charged(self):
        self.make_bin("454360", kind="debit")
        payment = self.priced()
        shown = {**payment.gateway_quote}
        self.confirm(payment)
        self.assertEqual(payment.gateway_card_kind, "debit")
        self.assertFalse(payment.gateway_card_program_id)
        # 0.9 %, and 5 % BSMV of it.
        self.assertEqual(payment.gateway_cost_amount, 9.45)
        self.assertEqual(payment.gateway_settlement_ids.net, 990.55)
        self.assertEqual(payment.gateway_quote["total"], shown["total"])
        self.assertEqual(payment.gateway_quote["route"], shown["route"])
        self.assertTrue(payment.gateway_explanation)

    def test_of_a_card_that_nobody_knows_nothing_better_is_known(self):
        self.env["pos.gateway.bin"].search([("prefix", "=like", "4543%")]).unlink()
        payment = self.priced()
        self.confirm(payment)
        self.assertEqual(payment.gateway_card_kind, "credit")
        self.assertEqual(payment.gateway_cost_amount, 21.0)


@tagged("post_install", "-at_install")
class TestWalletRoute(RouteCommon, WalletCommon, HttpCase):
    """What the payer's page and the bank's messages may do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # All but the card's POS was switched off: this one is what is tried.
        cls.garanti.state = "test"
        cls.garanti.gateway_program_ids = cls.program

    def pay(self, **changes):
        values = {
            "provider_id": self.garanti.id,
            "payment_method_id": self.wallet_method.id,
            "gateway_card_prefix": "absent",
            **changes,
        }
        return self.post(**values)

    def test_it_is_priced_by_the_same_tables_without_a_card(self):
        form = self.pay()["result"]["redirect_form_html"]
        self.assertIn('name="garantipay" value="Y"', form)
        self.assertIn('name="txnamount" value="102850"', form)
        self.assertIn('name="txninstallmentcount" value="3"', form)
        payment = self.transactions()
        self.assertRecordValues(
            payment,
            [
                {
                    "provider_id": self.garanti.id,
                    "payment_method_id": self.wallet_method.id,
                    "amount": 1028.5,
                    "gateway_surcharge_amount": 28.5,
                    "gateway_card_prefix": False,
                    "gateway_card_program_id": self.program.id,
                    "gateway_card_kind": "credit",
                }
            ],
        )

    def test_a_price_that_was_not_shown_is_refused(self):
        before = self.transactions()
        answer = self.pay(gateway_shown_total=100_000)
        self.assertIn("price has changed", answer["error"]["data"]["message"])
        self.assertEqual(self.transactions(), before)

    def test_it_never_goes_to_a_pos_that_does_not_offer_it(self):
        self.card_pos.sequence, self.garanti.sequence = 1, 99
        self.pay()
        self.assertEqual(self.transactions().provider_id, self.garanti)

    def test_a_pos_that_does_not_offer_it_does_not_take_it(self):
        # Core lets staff link any method to any provider.
        self.card_pos.payment_method_ids = [Command.link(self.wallet_method.id)]
        self.assert_refused(
            "not available",
            payment_method_id=self.wallet_method.id,
            gateway_card_prefix="absent",
        )

    def test_the_card_still_asks_for_its_digits_at_this_pos(self):
        self.assert_refused(
            "8 digits", provider_id=self.garanti.id, gateway_card_prefix="absent"
        )
        self.post(provider_id=self.garanti.id, gateway_card_prefix=PREFIX)
        self.assertEqual(self.transactions().payment_method_id, self.method)

    # === THE PAGE === #

    def ways(self, provider=None, wallet="garanti_pay"):
        values = {
            "provider_id": (provider or self.garanti).id,
            "amount": 1000.0,
            "currency_id": self.lira.id,
            "wallet": wallet,
            "partner_id": self.payer.id,
            "document": "",
            "key": self.garanti._gateway_page_key(self.payer.id),
        }
        with mute_logger("odoo.http"):
            return self.url_open(
                "/payment/pos_gateway/wallet_offers", json={"params": values}
            ).json()

    def test_its_ways_to_pay_are_shown_without_a_digit(self):
        ways = self.ways()["result"]["ways"]
        self.assertEqual([way["installment_count"] for way in ways], [1, 3, 6])
        self.assertEqual([way["total"] for way in ways], [100_000, 102_850, 106_400])

    def test_nothing_is_shown_where_it_is_not_offered(self):
        for provider, wallet in (
            (self.card_pos, "garanti_pay"),
            (self.garanti, "card"),
            (self.garanti, ["garanti_pay"]),
            (self.garanti, None),
        ):
            answer = self.ways(provider, wallet)
            self.assertIn("not available", answer["error"]["data"]["message"])

    def test_the_invoice_page_has_both(self):
        token = self.invoice._portal_ensure_token()
        page = self.url_open(
            f"/my/invoices/{self.invoice.id}?access_token={token}"
        ).text
        self.assertEqual(page.count('data-wallet="garanti_pay"'), 1)
        self.assertIn('data-payment-method-code="garanti_pay"', page)
        self.assertIn("o_pos_gateway_prefix", page)

    # === MESSAGES === #

    def send(self, payment, body):
        return self.url_open(
            f"/payment/pos_gateway/return/{payment.gateway_order_id}",
            data=body,
            headers={"Content-Type": FORM_TYPE},
            method="POST",
            allow_redirects=False,
        )

    def messages(self, payment):
        self.env.invalidate_all()
        return self.env["pos.gateway.message"].search(
            [("transaction_id", "=", payment.id), ("kind", "=", "page_return")]
        )

    def test_a_notice_and_its_repetition_are_one_question(self):
        payment = self.make_wallet_payment()
        for _time in range(3):
            self.assertEqual(self.send(payment, self.notice(payment)).status_code, 303)
        self.assertEqual(len(self.messages(payment)), 1)
        self.assertEqual(payment.state, "draft")

    def test_a_made_up_notice_does_not_keep_the_banks_own_from_asking(self):
        payment = self.make_wallet_payment()
        self.send(payment, self.notice(payment, response="Declined", authcode=""))
        self.send(payment, self.notice(payment))
        self.assertEqual(len(self.messages(payment)), 2)

    @mute_logger(BANK)
    def test_a_wrong_signature_and_another_order_are_refused(self):
        payment, other = self.make_wallet_payment(), self.make_wallet_payment()
        for body in (
            self.signed_return(payment, key="guessed"),
            self.signed_return(other),
            self.notice(other),
            self.notice(payment, terminalid="1"),
        ):
            self.assertEqual(self.send(payment, body).status_code, 403)
        self.assertFalse(self.messages(payment))

    def test_of_made_up_notices_a_few_are_kept(self):
        payment = self.make_wallet_payment()
        for number in range(9):
            self.send(payment, self.notice(payment, authcode=f"30491{number}"))
        self.assertEqual(len(self.messages(payment)), UNSIGNED_MESSAGES)
