"""GarantiPay: the form, the waiting page, the phone app, and what the API tells."""

import re

import pytest
import requests
from lxml import html

from .conftest import GOOD_CARD
from .garanti_merchant import call, form, is_genuine, outcome, post, refund, void

DEBIT_CARD, POOR_CARD = "4543610400000008", "4543620500000006"


def wallet_form(bank, **changes):
    return form(
        bank,
        **{
            "secure3dsecuritylevel": "CUSTOM_PAY",
            "txntype": "gpdatarequest",
            "txnsubtype": "sales",
            "garantipay": "Y",
            "txntimestamp": "20261125-101112-7f",
            "companyname": "Ornek Ticaret",
            "refreshtime": "0",
            "bnsuseflag": "N",
            "fbbuseflag": "N",
            "chequeuseflag": "N",
            "mileuseflag": "N",
            **changes,
        },
    )


class Phone:
    """The payer's hands: a browser that waits, and the app."""

    def __init__(self, bank, **changes):
        self.bank = bank
        self.fields = wallet_form(bank, **changes)
        self.order_id = self.fields["orderid"]
        self.page = post(bank, self.fields).text
        found = re.search(r"/garantipay/([0-9a-f]+)/state", self.page)
        self.token = found and found[1]

    def app(self):
        """:return: order ids that the app lists"""
        text = requests.get(f"{self.bank.url}/garantipay", timeout=10).text
        return html.fromstring(text).xpath("//a/@data-order")

    def offers(self):
        text = requests.get(f"{self.bank.url}/garantipay/{self.token}", timeout=10).text
        return html.fromstring(text).xpath("//input[@name='installments']/@value")

    def answer(self, verb, **data):
        url = f"{self.bank.url}/garantipay/{self.token}/{verb}"
        return requests.post(url, data=data, timeout=10)

    def approve(self, card=GOOD_CARD, installments="0"):
        return self.answer("approve", card=card, installments=installments)

    def is_released(self):
        url = f"{self.bank.url}/garantipay/{self.token}/state"
        return requests.get(url, timeout=10).json()["released"]

    def result(self):
        """:return: the message that the waiting browser takes to the merchant"""
        url = f"{self.bank.url}/hosted/{self.token}/result"
        page = html.fromstring(requests.get(url, timeout=10).text)
        inputs = page.xpath("//form[@id='result']//input[@type='hidden']")
        return {one.get("name"): one.get("value") for one in inputs}

    def status(self):
        root = call(self.bank, "orderinq", self.order_id)
        facts = root.find("Order/OrderInqResult")
        return outcome(root), {child.tag: child.text or "" for child in facts}


def test_the_browser_waits_until_the_phone_confirms(bank):
    phone = Phone(bank)
    assert "Confirm on your phone" in phone.page
    assert phone.app()[0] == phone.order_id
    assert not phone.is_released()
    assert phone.approve().status_code == 200
    assert phone.is_released()
    message = phone.result()
    assert is_genuine(message)
    assert (message["response"], message["mdstatus"]) == ("Approved", "1")
    assert message["txntype"] == "gpdatarequest"
    assert phone.order_id not in phone.app()


def test_the_books_tell_what_was_confirmed(bank):
    phone = Phone(bank, txninstallmentcount="3")
    assert phone.status()[0] == ("92", "0110")
    assert phone.offers() == ["3"]
    phone.approve(installments="3")
    answered, facts = phone.status()
    assert answered == ("00", "00")
    assert (facts["Status"], facts["AuthAmount"]) == ("APPROVED", "125040")
    assert facts["InstallmentCnt"] == "3"


def test_the_payer_chooses_one_of_the_offers_and_pays_its_amount(bank):
    phone = Phone(
        bank,
        totallinstallmentcount="2",
        installmentnumber1="1",
        installmentamount1="125040",
        installmentnumber2="6",
        installmentamount2="131292",
    )
    assert phone.offers() == ["0", "6"]
    assert phone.approve(installments="4").status_code == 400
    phone.approve(installments="6")
    _answered, facts = phone.status()
    assert (facts["AuthAmount"], facts["InstallmentCnt"]) == ("131292", "6")
    assert is_genuine(phone.result())


def test_what_is_refused_in_the_app_is_not_charged(bank):
    phone = Phone(bank)
    phone.answer("refuse")
    message = phone.result()
    assert is_genuine(message)
    assert (message["mdstatus"], message["response"]) == ("0", "")
    assert phone.status()[0] == ("92", "0110")
    phone.approve()
    assert phone.status()[0] == ("92", "0110"), "it cannot be taken back"


def test_what_the_issuer_declines_is_declined(bank):
    phone = Phone(bank)
    phone.approve(POOR_CARD)
    assert phone.result()["procreturncode"] == "51"
    assert phone.status()[1]["Status"] == "DECLINED"


def test_a_card_without_installments_is_refused_by_the_bank(bank):
    phone = Phone(bank, txninstallmentcount="3")
    phone.approve(DEBIT_CARD, "3")
    assert phone.result()["procreturncode"] == "57"


def test_the_bank_waits_only_so_long(bank):
    phone = Phone(bank, txntimeoutperiod="60")
    bank.post("clock", advance_seconds=61)
    assert phone.order_id not in phone.app()
    assert phone.is_released()
    phone.approve()
    assert phone.status()[0] == ("92", "0110")


def test_two_taps_charge_once(bank):
    phone = Phone(bank)
    phone.approve()
    first = phone.result()
    phone.approve()
    phone.answer("refuse")
    assert phone.result()["hostrefnum"] == first["hostrefnum"]
    charges = bank.get("charges")["charges"]
    assert sum(row["order"] == phone.order_id for row in charges) == 1


def test_a_lost_return_stays_lost_and_the_books_know(bank):
    phone = Phone(bank)
    bank.post("fault", kind="dropped_connection", order_id=phone.order_id)
    phone.approve()
    with pytest.raises(requests.ConnectionError):
        phone.result()
    assert phone.status()[1]["Status"] == "APPROVED"


def test_it_is_voided_on_its_day_and_refunded_later(bank):
    first = Phone(bank)
    first.approve()
    reference = first.result()["hostrefnum"]
    assert outcome(void(bank, first.order_id, reference)) == ("00", "00")
    other = Phone(bank)
    other.approve()
    reference = other.result()["hostrefnum"]
    bank.post("settle")
    assert outcome(refund(bank, other.order_id, reference, "5000")) == ("00", "00")


@pytest.mark.parametrize(
    "changes",
    [
        {"garantipay": "N"},
        {"txnsubtype": None},
        {"txntimestamp": None},
        {"bnsuseflag": "X"},
        {"txntype": "sales"},
        {"terminalprovuserid": "PROVAUT"},
        {"txntimeoutperiod": "59"},
        {"totallinstallmentcount": "1"},
        {"cardnumber": GOOD_CARD},
        {"secure3dhash": "0" * 128},
    ],
)
def test_a_form_that_is_not_right_is_refused(bank, changes):
    phone = Phone(bank, **changes)
    assert not phone.token
    assert phone.order_id not in phone.app()


def test_no_card_can_be_typed_in_for_a_payment_of_the_phone(bank):
    phone = Phone(bank)
    data = {"number": GOOD_CARD, "month": "12", "year": "2035", "code": "000"}
    requests.post(f"{bank.url}/hosted/{phone.token}/card", data=data, timeout=10)
    requests.post(
        f"{bank.url}/hosted/{phone.token}/code", data={"otp": "147258"}, timeout=10
    )
    assert not phone.is_released()
