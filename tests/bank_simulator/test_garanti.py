"""Garanti: signed forms and results."""

import pytest
import requests

from .conftest import GOOD_CARD
from .garanti.hashing import (
    answer_hash,
    form_hash,
    request_hash,
    return_hash,
    security_data,
)
from .garanti_merchant import (
    CARD_IN_FORM,
    TERMINAL,
    call,
    digest,
    form,
    is_genuine,
    pay,
    post,
    sign_form,
)
from .test_simulator import page_action, result_of, send_card, send_code


def test_the_digests_are_those_of_the_documented_examples():
    secret = security_data("Ter*Parola9/", "30990001")
    assert secret == "A3F30AA3817EE997216BF70BDA0D0AB251EF6DA2"
    address = "https://tahsilat.ornekbayi.com.tr/pos/donus"
    fields = {
        "terminalid": "30990001",
        "orderid": "TAH2026000123",
        "txnamount": "125040",
        "txncurrencycode": "949",
        "successurl": address,
        "errorurl": f"{address}?hata=1",
        "txntype": "sales",
    }
    assert form_hash(fields, "313233343536373839", secret) == (
        "5D27506BCD7BA466D4C34BC1411BBB29D35824E8C0B4542FF572F7C780DD66BC"
        "1049BF06B189127A3B8421BAE17CD38564C7A9CD77010483D3C80AF98831DA80"
    )
    request = {
        "Order/OrderID": "TAH2026000123",
        "Terminal/ID": "30990001",
        "Transaction/Amount": "125040",
        "Transaction/CurrencyCode": "949",
    }
    assert request_hash(request, secret) == (
        "D6A3FA3F7B739E8AEEB08B78B8467716AA9593D9A6875E2D1BD813A3BBE2A347"
        "7568A68D8B8A5601E265899FE4FB39804003C965C1677B942E8B73CDF6D19E10"
    )
    answer = ["00", "632500310011", "304919", "20261121 12:00:44", "TAH2026000123"]
    assert answer_hash(answer, secret) == (
        "524CDFCD278B6C93792752807E81B7EC883CD9618AA1F47ED3A031E9A7AB2C12"
        "A5F35CA0B75C5E7C18CDF84EC6B005E2CD124B56660360DF4993872D8457F8A2"
    )


@pytest.mark.parametrize("user", ["PROVOOS", "PROVAUT"])
def test_a_hosted_payment_goes_through_the_pages_to_a_signed_result(bank, user):
    fields = form(bank, terminalprovuserid=user, txninstallmentcount="6")
    code = send_card(bank, post(bank, fields))
    target, message = result_of(send_code(bank, code))
    assert target == fields["successurl"] and is_genuine(message)
    assert message["mdstatus"] == "1" and message["oid"] == fields["orderid"]
    assert (message["response"], message["procreturncode"]) == ("Approved", "00")
    assert message["txnamount"] == "125040" and message["txninstallmentcount"] == "6"
    assert message["secure3dhash"] == fields["secure3dhash"]
    assert message["MaskedPan"] == "45436001****0002"
    assert "lang" not in message and "customeripaddress" not in message
    (charge,) = bank.get("charges")["charges"]
    assert charge["amount_kurus"] == 125040 and charge["installments"] == 6
    assert charge["auth_code"] == message["authcode"]


def test_a_card_in_the_form_goes_straight_to_the_one_time_code(bank):
    fields = form(bank, **CARD_IN_FORM)
    page = post(bank, fields)
    assert "147258" in page.text and 'name="number"' not in page.text
    target, message = result_of(send_code(bank, page))
    assert target == fields["successurl"] and is_genuine(message)
    assert message["procreturncode"] == "00"
    assert not set(message) & set(CARD_IN_FORM) - {
        "secure3dsecuritylevel",
        "terminalprovuserid",
    }


def test_three_wrong_codes_or_a_cancel_return_without_a_charge(bank):
    fields = form(bank, **CARD_IN_FORM)
    page = post(bank, fields)
    for _n in range(3):
        page = send_code(bank, page, "000000")
    target, message = result_of(page)
    assert target == fields["errorurl"] and is_genuine(message)
    assert message["mdstatus"] == "0" and message["procreturncode"] == ""
    page = post(bank, form(bank))
    url = bank.url + page_action(page, "cancel")
    message = result_of(requests.post(url, timeout=10))[1]
    assert message["mdstatus"] == "0" and is_genuine(message)
    assert not bank.get("charges")["charges"]


def test_a_decline_carries_a_blank_in_place_of_the_authorisation(bank):
    fields, answer = pay(bank, "4543620500000006")
    message = answer["fields"]
    assert answer["target"] == fields["errorurl"] and is_genuine(message)
    assert (message["response"], message["procreturncode"]) == ("Declined", "51")
    assert message["authcode"] == " "


@pytest.mark.parametrize(
    "changes",
    [
        {"secure3dhash": "0" * 128},
        {"secure3dhash": None, "orderid": None},
        {"terminalid": "1"},
        {"terminalmerchantid": "1"},
        {"terminalprovuserid": "PROVRFN"},
        {"apiversion": "v0.01"},
        {"txnamount": "1250.40"},
        {"txnamount": "0"},
        {"txninstallmentcount": "1"},
        {"txncurrencycode": "840", "txninstallmentcount": "2"},
        {"orderid": "TAH/2026/1"},
        {"customeripaddress": None},
        {"customeripaddress": "unknown"},
        {"secure3dsecuritylevel": "OOS_PAY"},
        {**CARD_IN_FORM, "cardnumber": "4543600100000001"},
        {**CARD_IN_FORM, "terminalprovuserid": "PROVOOS"},
        {**CARD_IN_FORM, "cardexpiredateyear": "20"},
        {"cardnumber": GOOD_CARD},
    ],
)
def test_a_bad_form_returns_a_system_error_without_a_hash(bank, changes):
    fields = form(bank, **changes)
    target, message = result_of(post(bank, fields))
    assert target == fields["errorurl"]
    assert message["mdstatus"] == "7" and message["procreturncode"] == "99"
    assert "hash" not in message and "hashparams" not in message
    entry = bank.get("log")["log"][-1]
    assert entry["verdict"] == "refused" and entry["code"].startswith("99")


def test_the_control_api_shows_what_a_refused_form_returns(bank):
    fields, answer = pay(bank, secure3dhash="0" * 128)
    assert answer["refused"] == "99" and not answer["charged"]
    assert answer["returned"]["target"] == fields["errorurl"]
    assert answer["returned"]["fields"]["mdstatus"] == "7"


def test_a_form_without_an_address_shows_an_error_page(bank):
    page = post(bank, form(bank, errorurl=None))
    assert "99" in page.text and 'id="result"' not in page.text


def test_a_paid_order_is_declined_and_a_declined_one_may_be_repeated(bank):
    fields, answer = pay(bank, "4543620500000006")
    assert not answer["charged"]
    assert pay(bank, orderid=fields["orderid"])[1]["charged"]
    again = pay(bank, orderid=fields["orderid"])[1]
    assert not again["charged"] and again["fields"]["procreturncode"] == "92"
    assert is_genuine(again["fields"])


@pytest.mark.parametrize(
    "kind", ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]
)
def test_a_spoilt_signature_of_the_return_does_not_verify(bank, kind):
    answer = pay(bank, fault=kind)[1]
    assert answer["charged"] and not is_genuine(answer["fields"])
    assert ("hash" in answer["fields"]) == (kind != "missing_hash")


def test_a_changed_amount_is_outside_of_the_signed_list(bank):
    fields, answer = pay(bank, fault="changed_amount")
    message = answer["fields"]
    assert message["txnamount"] == "125140" and is_genuine(message)
    assert "txnamount" not in message["hashparams"]
    assert message["secure3dhash"] == sign_form({**fields, "txnamount": "125140"})
    status = call(bank, "orderinq", fields["orderid"])
    assert status.findtext("Order/OrderInqResult/AuthAmount") == "125140"


def test_the_control_api_signs_an_altered_message(bank):
    fields = pay(bank)[1]["fields"]
    altered = {**fields, "mdstatus": "4"}
    signed = bank.post("sign", client_id=TERMINAL, fields=altered)["fields"]
    assert is_genuine(signed) and signed["mdstatus"] == "4"


def test_the_return_hash_follows_the_listed_names():
    fields = {"hashparams": "oid:missing:rnd:", "oid": "A", "rnd": "B"}
    assert return_hash(fields, "K") == digest("ABK")
