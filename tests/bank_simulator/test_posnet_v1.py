"""Albaraka PosNet V1 JSON: authentication on the bank's pages, charge by JSON."""

import pytest
import requests

from .posnet_v1.macs import form_mac, named_mac
from .posnet_v1.message import sign_return
from .posnet_v1_merchant import (
    API,
    PAGE,
    TERMINAL,
    Shop,
    code_of,
    own_mac,
    return_mac,
)
from .test_simulator import result_of, send_card, send_code

SIGNATURE_FAULTS = ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]


@pytest.fixture
def shop(bank):
    return Shop(bank)


def test_the_macs_are_those_of_the_composed_examples():
    key = "20,21,22,23,24,25,26,27"
    form = {"MerchantNo": "6709900002", "TerminalNo": "67990002", "Amount": "125040"}
    assert form_mac(form, key) == "UhvJOgpi1rjMSqkukHFlEa+GGeqcHXnrReOii7R0Kow="
    returned = {
        "ECI": "02",
        "CAVV": "8PGcPTKfIk+W1ZWn7JAtZQw5sPs=",
        "MdStatus": "1",
        "MdErrorMessage": "Authenticated",
        "MD": "0161010099999999999",
        "SecureTransactionId": "1010099999999999",
    }
    mac = "Li7a8CRxU2ikuYP99KdFozzrlJZl/D9CId7LvdIyX14="
    assert sign_return(returned, key, {})["Mac"] == mac


def test_signed_values_are_found_in_nested_objects():
    nested = {"A": 1, "Data": {"B": "2", "None": None}}
    assert named_mac("B:A:None:Absent", nested, "k") == own_mac("2", "1", key="k")


@pytest.mark.parametrize("installments", ["0", "6"])
def test_a_payment_is_authenticated_on_the_page_and_charged_by_the_server(
    bank, shop, installments
):
    form = shop.form(InstallmentCount=installments)
    page = requests.post(bank.url + PAGE, data=form, timeout=10)
    assert "1,250.40 TL" in page.text
    target, returned = result_of(send_code(bank, send_card(bank, page)))
    assert target == form["MerchantReturnURL"]
    assert returned["Mac"] == return_mac(returned)
    assert (returned["MdStatus"], returned["ECI"]) == ("1", "05")
    assert returned["OrderId"] == form["OrderId"] and returned["Amount"] == "125040"
    assert not bank.get("charges")["charges"]
    answer = shop.charge(form, returned)
    assert code_of(answer) == "00"
    (charge,) = bank.get("charges")["charges"]
    assert charge["auth_code"] == answer["AuthCode"]
    assert charge["host_ref"] in answer["ReferenceCode"]
    assert charge["installments"] == int(installments)


def test_a_repeated_charge_is_refused_without_the_first_result(bank, shop):
    form, returned = shop.authenticate()
    assert code_of(shop.charge(form, returned)) == "00"
    again = shop.charge(form, returned)
    assert code_of(again) == "0127" and again["ReferenceCode"] == ""
    assert len(bank.get("charges")["charges"]) == 1


def test_a_merchant_with_the_card_goes_straight_to_the_one_time_code(bank, shop):
    form = shop.form(
        UseOOS="0",
        CardNo="4543600100000002",
        ExpiredDate="3512",
        Cvv="000",
        CardHolderName="AD SOYAD",
    )
    page = requests.post(bank.url + PAGE, data=form, timeout=10)
    returned = result_of(send_code(bank, page))[1]
    assert returned["MdStatus"] == "1" and "CardNo" not in returned


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Mac": "x"}, "E216"),
        ({"MerchantNo": "1"}, "0148"),
        ({"TerminalNo": "700655001"}, "0148"),
        ({"PosnetID": "1"}, "0147"),
        ({"OrderId": "SHORT"}, "0150"),
        ({"Amount": "1250.40"}, "0150"),
        ({"Amount": "10000000"}, "0205"),
        ({"TxnState": ""}, "0150"),
        ({"CurrencyCode": "949"}, "0150"),
        ({"InstallmentCount": "1"}, "0012"),
        ({"CurrencyCode": "EU", "InstallmentCount": "2"}, "0012"),
        ({"MerchantReturnURL": "javascript:0"}, "0150"),
        ({"CardNo": "4543600100000002"}, "0150"),
        ({"UseOOS": "0", "CardNo": "1"}, "0014"),
    ],
)
def test_a_bad_form_is_refused_with_its_code(bank, shop, changes, code):
    page = requests.post(bank.url + PAGE, data=shop.form(**changes), timeout=10)
    assert page.status_code == 200 and code in page.text
    assert "/hosted/" not in page.text


def test_a_paid_order_id_is_refused_at_the_form(bank, shop):
    form, _answer = shop.pay()
    again = shop.form(OrderId=form["OrderId"])
    assert "0127" in requests.post(bank.url + PAGE, data=again, timeout=10).text


def test_a_decline_comes_with_the_charge(shop):
    form, answer = shop.pay(card="4543620500000006")
    assert code_of(answer) == "0051" and answer["AuthCode"] == ""
    data = shop.inquire(f"TDS_{form['OrderId']}")["TransactionData"]
    assert [row["TransactionStatus"] for row in data] == ["0"]


@pytest.mark.parametrize(
    "changes", [{"code": "000000"}, {"fault": "wrong_3d"}, {"fault": "cancel"}]
)
def test_a_failed_authentication_is_told_and_charged_nevertheless(bank, shop, changes):
    form, returned = shop.authenticate(**changes)
    assert (returned["MdStatus"], returned["CAVV"]) == ("0", "")
    assert returned["Mac"] == return_mac(returned)
    assert code_of(shop.charge(form, returned)) == "00"


def test_what_differs_from_the_authentication_is_refused(bank, shop):
    form, returned = shop.authenticate()
    other = shop.form()
    for changes in (
        {"Amount": 1},
        {"OrderId": other["OrderId"]},
        {"InstallmentCount": "6"},
        {"CurrencyCode": "US"},
    ):
        assert code_of(shop.charge(form, returned, **changes)) == "0012"
    assert code_of(shop.charge(form, returned, "Auth")) == "0012"
    assert code_of(shop.charge(form, {**returned, "MdStatus": "2"})) == "0012"
    unknown = {**returned, "SecureTransactionId": "1"}
    assert code_of(shop.charge(form, unknown)) == "0123"
    assert not bank.get("charges")["charges"]


def test_a_bad_message_is_refused(bank, shop):
    form, returned = shop.authenticate()
    assert code_of(shop.charge(form, returned, MAC="x")) == "E216"
    assert code_of(shop.charge(form, returned, MACParams="MerchantNo")) == "E216"
    assert code_of(shop.charge(form, returned, MerchantNo="1")) == "0148"
    assert code_of(shop.charge(form, returned, ApiVersion="V1")) == "0150"
    answer = requests.post(f"{bank.url}{API}/Sale", data=b"[]", timeout=10)
    assert code_of(answer.json()) == "0150"


def test_an_unknown_order_is_not_found(shop):
    form, _returned = shop.authenticate()
    for order_id in ("", "TDS_X", form["OrderId"], f"TDS_{form['OrderId']}"):
        assert code_of(shop.inquire(order_id)) == "E219"


def test_the_inquiry_tells_newest_first_with_decimal_commas(shop):
    form, answer = shop.pay()
    shop.give_back(answer["ReferenceCode"], 5000)
    assert shop.rows(form) == [("Return", "50,00"), ("Sale", "1250,40")]
    row = shop.inquire(f"TDS_{form['OrderId']}")["TransactionData"][1]
    assert row["HostLogKey"] == answer["ReferenceCode"]
    assert row["OrderId"] == f"TDS_{form['OrderId']}"
    assert row["CardNo"] == "454360******0002" and row["TransactionStatus"] == "1"


def test_a_sale_is_reversed_once_by_reference_or_order_id(bank, shop):
    form, answer = shop.pay()
    reference = answer["ReferenceCode"]
    long_id = f"TDS_{form['OrderId']}"
    assert code_of(shop.follow("Reverse", reference, long_id)) == "0150"
    assert code_of(shop.follow("Reverse")) == "0150"
    assert code_of(shop.follow("Reverse", order_id=form["OrderId"])) == "0123"
    assert code_of(shop.follow("Reverse", order_id=long_id)) == "00"
    assert code_of(shop.follow("Reverse", reference)) == "0220"
    assert bank.get("charges")["charges"][0]["state"] == "voided"


def test_a_closed_group_is_refunded_instead_of_reversed(bank, shop):
    reference = shop.pay()[1]["ReferenceCode"]
    bank.post("settle")
    answer = shop.follow("Reverse", reference, TransactionType="Sale")
    assert code_of(answer) == "0211"
    assert code_of(shop.give_back(reference, 125040)) == "00"


def test_partial_refunds_repeat_until_nothing_is_left(bank, shop):
    reference = shop.pay()[1]["ReferenceCode"]
    assert code_of(shop.give_back(reference, 100000)) == "00"
    assert code_of(shop.give_back(reference, 25041)) == "0205"
    assert code_of(shop.give_back(reference, 25040)) == "00"
    assert code_of(shop.give_back(reference, 1)) == "0450"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


def test_a_preauthorisation_is_captured_in_part_once(bank, shop):
    form, answer = shop.pay("Auth", TransactionType="Auth")
    reference = answer["ReferenceCode"]
    assert code_of(shop.capture(reference, 125041)) == "0001"
    taken = shop.capture(reference, 100000)
    assert code_of(taken) == "00"
    assert code_of(shop.capture(reference, 1)) == "0219"
    assert shop.rows(form) == [("Capture", "1000,00"), ("Authorization", "1250,40")]
    kinds = ("Auth", "Capture", "Auth")
    answers = [
        code_of(shop.follow("Reverse", reference, TransactionType=kind))
        for kind in kinds
    ]
    assert answers == ["0788", "00", "00"]


@pytest.mark.parametrize("kind", SIGNATURE_FAULTS)
def test_each_signature_fault_spoils_the_return(bank, shop, kind):
    _form, returned = shop.authenticate(fault=kind)
    assert returned.get("Mac") != return_mac(returned)
    signed = bank.post("sign", client_id=TERMINAL, fields=returned)["fields"]
    assert signed["Mac"] == return_mac(signed)


def test_a_changed_amount_is_charged_and_told_by_the_inquiry(bank, shop):
    form, answer = shop.pay(Amount="911351")
    assert code_of(answer) == "00"
    assert shop.rows(form) == [("Sale", "9114,51")]


def test_a_lost_charge_is_found_by_the_inquiry(bank, shop):
    form, returned = shop.authenticate(fault="dropped_connection")
    with pytest.raises(requests.ConnectionError):
        shop.charge(form, returned)
    assert shop.rows(form) == [("Sale", "1250,40")]
    assert len(bank.get("charges")["charges"]) == 1


@pytest.mark.parametrize("operation", ["sale", "status", "capture", "void", "refund"])
def test_each_call_may_be_dropped_or_answered_with_garbage(bank, shop, operation):
    names = {"sale": "Sale", "status": "TransactionInquiry", "capture": "Capture"}
    names |= {"void": "Reverse", "refund": "Return"}
    url = f"{bank.url}{API}/{names[operation]}"
    for kind in ("api_drop", "api_garbage"):
        bank.post("fault", kind=kind, operation=operation)
    with pytest.raises(requests.ConnectionError):
        requests.post(url, json={}, timeout=10)
    bank.post("fault", kind="api_garbage", operation=operation)
    with pytest.raises(ValueError):
        requests.post(url, json={}, timeout=10).json()
