"""InterPOS: signed forms and results."""

import pytest
import requests

from .conftest import GOOD_CARD
from .interpos.amounts import format_comma
from .interpos_merchant import CARD_IN_FORM, SHOP, call, form, is_genuine, pay, post
from .test_simulator import page_action, result_of, send_card, send_code


@pytest.mark.parametrize(
    ("kurus", "text"), [(125040, "1250,4"), (32000, "320"), (101, "1,01"), (5, "0,05")]
)
def test_amounts_have_a_comma_and_no_trailing_zeros(kurus, text):
    assert format_comma(kurus) == text


def test_a_hosted_payment_goes_through_the_pages_to_a_signed_result(bank):
    fields = form(bank, InstallmentCount="6")
    code = send_card(bank, post(bank, fields))
    target, message = result_of(send_code(bank, code))
    assert target == fields["OkUrl"] and is_genuine(message)
    assert (message["mdStatus"], message["ProcReturnCode"]) == ("1", "00")
    assert message["Response"] == "Approved" and message["PurchAmount"] == "1250,4"
    assert "PurchAmount" in message["HASHPARAMS"].split(":")
    assert message["Pan"] == "454360******0002" and message["Expiry"] == "****"
    (charge,) = bank.get("charges")["charges"]
    assert charge["amount_kurus"] == 125040 and charge["installments"] == 6
    assert charge["auth_code"] == message["AuthCode"]


def test_a_card_in_the_form_goes_straight_to_the_one_time_code(bank):
    fields = form(bank, **CARD_IN_FORM)
    page = post(bank, fields, "Default")
    assert "147258" in page.text and 'name="number"' not in page.text
    target, message = result_of(send_code(bank, page))
    assert target == fields["OkUrl"] and is_genuine(message)
    assert message["ProcReturnCode"] == "00" and "Cvv2" not in message


def test_three_wrong_codes_or_a_cancel_return_without_a_charge(bank):
    fields = form(bank, **CARD_IN_FORM)
    page = post(bank, fields, "Default")
    for _n in range(3):
        page = send_code(bank, page, "000000")
    target, message = result_of(page)
    assert target == fields["FailUrl"] and is_genuine(message)
    assert message["mdStatus"] == "0" and message["ProcReturnCode"] != "00"
    url = bank.url + page_action(post(bank, form(bank)), "cancel")
    message = result_of(requests.post(url, timeout=10))[1]
    assert message["mdStatus"] == "0" and is_genuine(message)
    assert not bank.get("charges")["charges"]


def test_a_decline_carries_the_issuers_code(bank):
    fields, answer = pay(bank, "4543620500000006")
    message = answer["fields"]
    assert answer["target"] == fields["FailUrl"] and is_genuine(message)
    assert (message["Response"], message["ProcReturnCode"]) == ("Declined", "51")
    assert call(bank, "StatusHistory", fields["OrderId"])["TxnStatus"] == "D"


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"Hash": "x"}, "B990003", "7"),
        ({"Rnd": None}, "B990001", "0"),
        ({"PurchAmount": "1.250,40"}, "B990002", "0"),
        ({"PurchAmount": "0"}, "B990002", "0"),
        ({"Currency": "1"}, "B990002", "0"),
        ({"InstallmentCount": "1"}, "B990002", "0"),
        ({"Currency": "840", "InstallmentCount": "2"}, "B990002", "0"),
        ({"SecureType": "3DPay"}, "B990002", "0"),
        ({"Pan": GOOD_CARD}, "B990006", "8"),
    ],
)
def test_a_bad_form_is_told_to_the_merchant_with_its_code(bank, changes, code, status):
    fields = form(bank, **changes)
    target, message = result_of(post(bank, fields))
    assert target == fields["FailUrl"] and is_genuine(message)
    assert (message["ErrorCode"], message["mdStatus"]) == (code, status)
    assert message["ProcReturnCode"] == "99" and "Pan" not in message
    assert bank.get("log")["log"][-1]["code"].startswith(code)


def test_a_mistyped_card_in_the_form_is_refused(bank):
    for changes in ({"Pan": "4543600100000001"}, {"Expiry": "1220"}, {"Cvv2": "1"}):
        fields = form(bank, **{**CARD_IN_FORM, **changes})
        message = result_of(post(bank, fields, "Default"))[1]
        assert message["ErrorCode"] == "B990006" and message["mdStatus"] == "8"


def test_an_unknown_shop_gets_an_error_page(bank):
    page = post(bank, form(bank, ShopCode="1"))
    assert "B990005" in page.text and 'id="result"' not in page.text


def test_a_terminal_of_an_unregistered_address_answers_81_to_everything(bank):
    message = result_of(post(bank, form(bank, ShopCode="7702")))[1]
    assert (message["ProcReturnCode"], message["ErrorCode"]) == ("81", "B810002")
    assert is_genuine(message, "SimDn2")
    whose = {"ShopCode": "7702", "UserCode": "SIM_INTER2", "UserPass": "SimInter.2"}
    answer = call(bank, "StatusHistory", "X", **whose)
    assert (answer["ProcReturnCode"], answer["ErrorCode"]) == ("81", "B810002")


def test_a_paid_order_is_refused_and_a_declined_one_may_be_repeated(bank):
    fields, _answer = pay(bank, "4543620500000006")
    oid = fields["OrderId"]
    open_page = post(bank, form(bank, OrderId=oid))
    assert pay(bank, OrderId=oid)[1]["charged"]
    message = result_of(post(bank, form(bank, OrderId=oid)))[1]
    assert message["ErrorCode"] == "B990007"
    message = result_of(send_code(bank, send_card(bank, open_page)))[1]
    assert message["ErrorCode"] == "B990007" and is_genuine(message)
    assert len(bank.get("charges")["charges"]) == 1


@pytest.mark.parametrize(
    "kind", ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]
)
def test_a_spoilt_signature_does_not_verify(bank, kind):
    answer = pay(bank, fault=kind)[1]
    assert answer["charged"] and not is_genuine(answer["fields"])
    assert ("HASH" in answer["fields"]) == (kind != "missing_hash")


def test_a_changed_amount_is_charged_and_genuinely_signed(bank):
    fields, answer = pay(bank, fault="changed_amount")
    assert answer["fields"]["PurchAmount"] == "1251,4"
    assert is_genuine(answer["fields"])
    answer = call(bank, "StatusHistory", fields["OrderId"])
    assert answer["PurchAmount"] == "1251,4"


def test_the_control_api_signs_an_altered_message(bank):
    altered = {**pay(bank)[1]["fields"], "PurchAmount": "1"}
    signed = bank.post("sign", client_id=SHOP, fields=altered)["fields"]
    assert is_genuine(signed) and signed["PurchAmount"] == "1"
