"""Yapı Kredi PosNet XML: the 3-D course from registration to the charge."""

import re

import pytest
import requests

from .conftest import GOOD_CARD
from .posnet.macs import digest, mac
from .posnet_merchant import (
    MERCHANT,
    PAGE,
    TERMINAL,
    Shop,
    charge_mac,
    own_mac,
    resolve_mac,
)
from .terminals import Terminal
from .test_simulator import result_of, send_card, send_code


@pytest.fixture
def shop(bank):
    return Shop(bank)


def test_the_macs_are_those_of_the_documented_examples():
    terminal = Terminal(
        client_id="67990001",
        name="",
        store_key="20,21,22,23,24,25,26,27",
        extra={"merchant_no": "6709900001"},
    )
    about = ("TAH00000000000000123", "TL")
    assert digest(terminal.store_key, terminal.client_id) == (
        "812lol4+KiNEZhaZdzU28sJam+vNHClk9k3uNtMHzGg="
    )
    assert mac(terminal, 125040, (), *about) == (
        "wpMYAYErIpimelJSE/6tl55cSw9N1LkUs/BD29WL0io="
    )
    assert mac(terminal, 125040, ("1",), *about) == (
        "6rzzFTH1nXkibkaY7FMnH+s5FQCEWfcVJP+Mur01KrQ="
    )
    assert mac(terminal, 125040, ("021450428990000191",), *about) == (
        "iqkfgROmR/Rgp928cF6u+j0BjGoPhVk6vZ3c1zPlu4I="
    )


@pytest.mark.parametrize("installment", ["00", "06"])
def test_a_payment_goes_through_page_and_resolve_and_is_charged_by_the_server(
    bank, shop, installment
):
    fields, data = shop.register(installment=installment)
    assert data["approved"] == "1"
    page = requests.post(bank.url + PAGE, data=shop.form(data), timeout=10)
    assert "1,250.40 TL" in page.text
    target, returned = result_of(send_code(bank, send_card(bank, page)))
    assert target == f"{bank.merchant.url}/return"
    assert returned["Xid"] == fields["XID"] and returned["Amount"] == "125040"
    assert not bank.get("charges")["charges"]
    resolved = shop.resolve(fields, returned)
    assert (resolved["mdStatus"], resolved["installment"]) == ("1", installment)
    assert resolved["xid"] == fields["XID"] and resolved["amount"] == "125040"
    assert resolved["mac"] == resolve_mac(fields, resolved)
    assert not bank.get("charges")["charges"]
    answer = shop.charge(fields, returned)
    assert answer["approved"] == "1" and re.fullmatch(r"\d{12}", answer["tranDate"])
    assert answer["mac"] == charge_mac(fields, answer)
    (charge,) = bank.get("charges")["charges"]
    assert charge["order"] == fields["XID"] and charge["amount_kurus"] == 125040
    assert charge["installments"] == int(installment)
    assert charge["auth_code"] == answer["authCode"]
    assert charge["host_ref"] in answer["hostlogkey"]


def test_repeating_the_charge_gives_the_first_result_and_charges_once(bank, shop):
    fields, returned = shop.authenticate()
    first, again = (shop.charge(fields, returned) for _n in range(2))
    assert (again["approved"], again["respCode"]) == ("2", "0127")
    assert again["hostlogkey"] == first["hostlogkey"]
    assert again["authCode"] == first["authCode"]
    assert len(bank.get("charges")["charges"]) == 1
    assert bank.verdicts(fields["XID"])[-2:] == [
        ("sale", "approved"),
        ("sale", "repeated"),
    ]


def test_a_merchant_with_the_card_goes_straight_to_the_one_time_code(bank, shop):
    fields, data = shop.register(
        ccno=GOOD_CARD, expDate="3512", cvc="000", cardHolderName="AD SOYAD"
    )
    page = requests.post(bank.url + PAGE, data=shop.form(data), timeout=10)
    returned = result_of(send_code(bank, page))[1]
    assert returned["CCPrefix"] == "454360"
    assert shop.charge(fields, returned)["approved"] == "1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mid": "1"}, "0148"),
        ({"tid": "67440012"}, "0148"),
        ({"posnetid": "1"}, "0147"),
        ({"XID": "SHORT"}, "0150"),
        ({"XID": "WITH-HYPHEN-00000001"}, "0150"),
        ({"amount": "1250.40"}, "0150"),
        ({"amount": "0"}, "0150"),
        ({"amount": "10000000"}, "0205"),
        ({"currencyCode": "949"}, "0150"),
        ({"installment": "1"}, "0012"),
        ({"installment": "13"}, "0012"),
        ({"currencyCode": "US", "installment": "02"}, "0012"),
        ({"tranType": "Vft"}, "0057"),
        ({"ccno": "4543600100000001"}, "0014"),
        ({"ccno": GOOD_CARD, "expDate": "2001"}, "0054"),
    ],
)
def test_a_bad_registration_is_refused_with_its_code(shop, changes, code):
    answer = shop.register(**changes)[1]
    assert (answer["approved"], answer["respCode"]) == ("0", code)


def test_a_paid_xid_is_not_registered_again(bank, shop):
    fields, _answer = shop.pay()
    assert shop.register(XID=fields["XID"])[1]["respCode"] == "0127"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mid": "1"}, "0148"),
        ({"posnetID": "1"}, "0147"),
        ({"digest": "0" * 32}, "0150"),
        ({"posnetData": "AB"}, "0150"),
        ({"posnetData": ""}, "0150"),
        ({"merchantReturnURL": "javascript:0"}, "0150"),
        ({"merchantReturnURL": "http://x/" + "x" * 255}, "0150"),
    ],
)
def test_a_bad_browser_form_is_refused(bank, shop, changes, code):
    form = {**shop.form(shop.register()[1]), **changes}
    page = requests.post(bank.url + PAGE, data=form, timeout=10)
    assert page.status_code == 200 and code in page.text
    assert "/hosted/" not in page.text


def test_a_wrong_mac_is_refused_by_resolve_and_charge(bank, shop):
    fields, returned = shop.authenticate()
    wrong = own_mac(fields["XID"], "125041", "TL", MERCHANT)
    assert shop.resolve(fields, returned, mac=wrong)["respCode"] == "E216"
    assert shop.charge(fields, returned, mac=wrong)["respCode"] == "E216"
    assert not bank.get("charges")["charges"]


def test_packets_of_two_payments_do_not_go_together(bank, shop):
    fields, returned = shop.authenticate()
    other = shop.authenticate()[1]
    for changes in (
        {"merchantData": other["MerchantPacket"]},
        {"bankData": returned["MerchantPacket"]},
        {"sign": other["Sign"]},
    ):
        assert shop.resolve(fields, returned, **changes)["respCode"] == "0150"
    mixed = {**returned, "BankPacket": other["BankPacket"]}
    signed = bank.post("sign", client_id=TERMINAL, fields=mixed)["fields"]
    assert shop.resolve(fields, signed)["respCode"] == "0150"
    assert shop.charge(fields, other)["respCode"] == "E216"
    assert "TST" not in bytes.fromhex(returned["BankPacket"]).decode("latin-1")


def test_a_decline_comes_with_the_charge(bank, shop):
    fields, returned = shop.authenticate("4543620500000006")
    assert shop.resolve(fields, returned)["mdStatus"] == "1"
    for _n in range(2):
        answer = shop.charge(fields, returned)
        assert (answer["approved"], answer["respCode"]) == ("0", "0051")
    assert "mac" not in answer and not bank.get("charges")["charges"]


@pytest.mark.parametrize(
    ("changes", "md_status"),
    [
        ({"code": "000000"}, "6"),
        ({"fault": "wrong_3d"}, "6"),
        ({"fault": "cancel"}, "0"),
    ],
)
def test_a_failed_authentication_is_told_by_resolve_only(shop, changes, md_status):
    fields, returned = shop.authenticate(**changes)
    resolved = shop.resolve(fields, returned)
    assert (resolved["approved"], resolved["mdStatus"]) == ("1", md_status)
    assert resolved["txStatus"] == "N"
    assert resolved["mac"] == resolve_mac(fields, resolved)


def test_the_bank_charges_in_spite_of_a_failed_authentication(bank, shop):
    fields, returned = shop.authenticate(fault="wrong_3d")
    assert shop.charge(fields, returned)["approved"] == "1"
    assert len(bank.get("charges")["charges"]) == 1


def test_a_payer_who_leaves_before_the_card_leaves_nothing_to_charge(bank, shop):
    fields, data = shop.register()
    page = requests.post(bank.url + PAGE, data=shop.form(data), timeout=10)
    cancel = re.search(r'action="(/hosted/[0-9a-f]+/cancel)"', page.text)[1]
    returned = result_of(requests.post(bank.url + cancel, timeout=10))[1]
    assert shop.resolve(fields, returned)["mdStatus"] == "0"
    assert shop.charge(fields, returned)["respCode"] == "0012"


def test_a_card_without_program_takes_no_installments(shop):
    answer = shop.pay(card="4543610400000008", installment="03")[1]
    assert answer["respCode"] == "0012"
