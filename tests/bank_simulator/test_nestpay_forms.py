"""NestPay: hash version 1, and the card in the merchant's form."""

import base64
import hashlib

import pytest
import requests

from .conftest import GOOD_CARD, merchant_hash
from .nestpay.hashing import compute_old_form_hash
from .test_simulator import post_form, result_of, send_card, send_code

OLD_SHOP, OLD_KEY = "700655002", "SIMOLDKEY1"
CARD_IN_FORM = {
    "storetype": "3d_pay",
    "pan": GOOD_CARD,
    "Ecom_Payment_Card_ExpDate_Month": "12",
    "Ecom_Payment_Card_ExpDate_Year": "35",
    "cv2": "000",
}
DOCUMENTED_FORM = {
    "clientid": "700990000",
    "oid": "TAH-7",
    "amount": "10.00",
    "okUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus",
    "failUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus?hata=1",
    "islemtipi": "Auth",
    "taksit": "",
    "rnd": "r1",
}


def glued(*values):
    return base64.b64encode(hashlib.sha1("".join(values).encode()).digest()).decode()


def old_form(bank, **changes):
    """Return a form signed with version 1; a change to None takes the field away."""
    changes = {"islemtipi": "Auth", **changes}
    fields = bank.form(
        clientid=OLD_SHOP, hashAlgorithm=None, TranType=None, hash="", **changes
    )
    get = fields.get
    fields["hash"] = glued(
        get("clientid") + get("oid") + get("amount") + get("okUrl") + get("failUrl"),
        get("islemtipi", "") + get("taksit", "") + get("rnd") + OLD_KEY,
    )
    return fields


def is_genuine(message):
    names = message["HASHPARAMS"].rstrip(":").split(":")
    values = [message[name] for name in names]
    assert message["HASHPARAMSVAL"] == "".join(values)
    return message.get("HASH") == glued(*values, OLD_KEY)


def pay_old(bank, fault=None, card_number=GOOD_CARD, **changes):
    body = {"fields": old_form(bank, **changes), "card_number": card_number}
    url = f"{bank.control_url}/charge"
    return requests.post(url, json={**body, "fault": fault}, timeout=10).json()


def test_the_old_hash_is_that_of_the_documented_example():
    documented = "TsQf7V5mGuCkDSxyrgjxPycCNyk="
    assert compute_old_form_hash(DOCUMENTED_FORM, "OLDKEY01") == documented


@pytest.mark.parametrize("taksit", ["", "6"])
def test_an_old_form_is_answered_with_an_old_signature(bank, taksit):
    fields = old_form(bank, taksit=taksit)
    code = send_card(bank, post_form(bank, fields))
    target, message = result_of(send_code(bank, code))
    assert target == fields["okUrl"] and is_genuine(message)
    assert "amount" not in message["HASHPARAMS"].split(":")
    assert message["ProcReturnCode"] == "00" and message["Response"] == "Approved"
    (charge,) = bank.get("charges")["charges"]
    assert charge["amount_kurus"] == 125040
    assert charge["installments"] == int(taksit or 0)


def test_old_shops_may_leave_type_and_installments_out(bank):
    assert pay_old(bank, islemtipi=None, taksit=None)["charged"]
    oid = bank.get("charges")["charges"][0]["order"]
    assert bank.get(f"orders/{oid}")["charge"]["type"] == "Auth"


def test_an_old_preauthorisation_is_one(bank):
    assert pay_old(bank, islemtipi="PreAuth")["charged"]
    assert bank.get("charges")["charges"][0]["state"] == "authorised"


def test_without_an_authentication_the_old_list_is_shorter(bank):
    for fault in ("wrong_3d", "cancel"):
        message = pay_old(bank, fault)["fields"]
        assert message["HASHPARAMS"] == "clientid:oid:mdStatus:cavv:eci:md:rnd:"
        assert is_genuine(message) and message["mdStatus"] == "0"
        assert "ProcReturnCode" not in message and "Response" not in message


def test_an_old_decline_is_signed_with_its_code(bank):
    message = pay_old(bank, card_number="4543620500000006")["fields"]
    assert is_genuine(message) and message["ProcReturnCode"] == "51"


@pytest.mark.parametrize(
    "kind", ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]
)
def test_a_spoilt_old_signature_does_not_verify(bank, kind):
    answer = pay_old(bank, kind)
    assert answer["charged"] and not is_genuine(answer["fields"])


def test_the_old_signature_does_not_cover_a_changed_amount(bank):
    message = pay_old(bank, "changed_amount")["fields"]
    assert message["amount"] == "1251.40" and is_genuine(message)


def test_the_control_api_signs_an_altered_old_message(bank):
    altered = {**pay_old(bank)["fields"], "amount": "1.00", "mdStatus": "4"}
    signed = bank.post("sign", client_id=OLD_SHOP, fields=altered)["fields"]
    assert is_genuine(signed)


def test_a_changed_old_form_is_refused(bank):
    fields = {**old_form(bank), "amount": "1.00"}
    assert "3D-1004" in post_form(bank, fields).text


def test_the_newer_shop_takes_no_old_form_and_the_older_one_takes_both(bank):
    fields = old_form(bank)
    fields["clientid"] = "700655001"
    assert "3D-1004" in post_form(bank, fields).text
    fields = bank.form(clientid=OLD_SHOP, hash="")
    fields["hash"] = merchant_hash(fields, OLD_KEY)
    code = send_card(bank, post_form(bank, fields))
    message = result_of(send_code(bank, code))[1]
    assert message["HASH"] == merchant_hash(message, OLD_KEY)
    assert "HASHPARAMS" not in message


@pytest.mark.parametrize("old", [False, True])
def test_a_card_in_the_form_goes_straight_to_the_one_time_code(bank, old):
    make = (lambda **c: old_form(bank, **c)) if old else bank.form
    fields = make(**CARD_IN_FORM)
    page = post_form(bank, fields)
    assert "147258" in page.text and 'name="number"' not in page.text
    target, message = result_of(send_code(bank, page))
    assert target == fields["okUrl"] and message["ProcReturnCode"] == "00"
    assert is_genuine(message) if old else message["HASH"] == merchant_hash(message)
    assert not {"pan", "cv2"} & set(message)
    assert message["maskedCreditCard"] == "454360***0002"


def test_the_control_api_charges_the_card_of_the_form(bank):
    declined = bank.pay(**{**CARD_IN_FORM, "pan": "4543620500000006"})[1]
    assert declined["fields"]["ProcReturnCode"] == "51"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pan": "4543600100000001"}, "CORE-2012"),
        ({"Ecom_Payment_Card_ExpDate_Year": "20"}, "CORE-2011"),
        ({"cv2": "12"}, "CORE-2208"),
        ({"storetype": "3d_pay_hosting"}, "CORE-1012"),
        ({"pan": None, "cv2": None}, "CORE-1012"),
    ],
)
def test_a_form_whose_card_does_not_fit_is_refused(bank, changes, code):
    page = post_form(bank, bank.form(**{**CARD_IN_FORM, **changes}))
    assert code in page.text and "/hosted/" not in page.text
