"""InterPOS: signed forms, results and server calls."""

import base64
import hashlib
from itertools import count

import pytest
import requests

from .conftest import GOOD_CARD
from .interpos.amounts import format_comma
from .test_simulator import page_action, result_of, send_card, send_code

SHOP, USER, PASSWORD, KEY = "7701", "SIM_INTER", "SimInter.1", "SimDn1"
CARD_IN_FORM = {
    "SecureType": "3DPay",
    "CardType": "0",
    "Pan": GOOD_CARD,
    "Expiry": "1235",
    "Cvv2": "000",
}
_numbers = count(1)


def digest(*parts):
    return base64.b64encode(hashlib.sha1("".join(parts).encode()).digest()).decode()


def form(bank, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "ShopCode": SHOP,
        "TxnType": "Auth",
        "SecureType": "3DHost",
        "OrderId": f"DN-{next(_numbers)}",
        "PurchAmount": "1250.4",
        "Currency": "949",
        "InstallmentCount": "",
        "OkUrl": f"{bank.merchant.url}/return",
        "FailUrl": f"{bank.merchant.url}/return?failed=1",
        "Rnd": "r9",
        "Lang": "EN",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    get = fields.get
    fields.setdefault(
        "Hash",
        digest(
            get("ShopCode", "") + get("OrderId", "") + get("PurchAmount", ""),
            get("OkUrl", "") + get("FailUrl", "") + get("TxnType", ""),
            get("InstallmentCount", "") + get("Rnd", "") + KEY,
        ),
    )
    return fields


def is_genuine(message, key=KEY):
    names = message["HASHPARAMS"].rstrip(":").split(":")
    values = [message[name] for name in names]
    assert message["HASHPARAMSVAL"] == "".join(values)
    return message.get("HASH") == digest(*values, key)


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = form(bank, **changes)
    body = {
        "family": "interpos",
        "fields": fields,
        "card_number": card_number,
        "fault": fault,
    }
    answer = requests.post(f"{bank.control_url}/charge", json=body, timeout=10)
    return fields, answer.json()


def post(bank, fields, page="3DHost"):
    return requests.post(f"{bank.url}/mpi/{page}.aspx", data=fields, timeout=10)


def call(bank, kind, original="", **changes):
    """Send a server call; return the pairs of the answer."""
    fields = {
        "ShopCode": SHOP,
        "UserCode": USER,
        "UserPass": PASSWORD,
        "SecureType": "NonSecure",
        "TxnType": kind,
        "orgOrderId": original,
        "OrderId": "",
        "Lang": "tr",
        **changes,
    }
    answer = post(bank, fields, "Default")
    answer.raise_for_status()
    return dict(pair.split("=", 1) for pair in answer.text.split(";;"))


def refund(bank, oid, amount):
    answer = call(bank, "Refund", oid, PurchAmount=amount, Currency="949")
    return answer["ProcReturnCode"], answer["ErrorCode"]


def sale(bank, **changes):
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["OrderId"]


def settled_sale(bank, **changes):
    oid = sale(bank, **changes)
    bank.post("settle")
    return oid


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
    assert call(bank, "StatusHistory", fields["OrderId"])["TxnStatus"] == "N"


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


def test_the_status_tells_a_sale_under_an_id_of_the_banks_own(bank):
    oid = sale(bank)
    answer = call(bank, "StatusHistory", oid)
    assert answer["ProcReturnCode"] == "00" and answer["TxnStatus"] == "Y"
    assert answer["PurchAmount"] == "1250,4" and answer["RefundedAmount"] == "0"
    assert answer["OrderId"].startswith("SYSOID")
    assert answer["VoidDate"] == "1.1.0001 00:00:00"


def test_an_unknown_order_is_not_found(bank):
    answer = call(bank, "StatusHistory", "NEVER")
    assert (answer["ProcReturnCode"], answer["TxnStatus"]) == ("99", "")
    assert refund(bank, "NEVER", "1") == ("99", "B990013")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"UserPass": "x"}, "B990004"),
        ({"UserCode": "x"}, "B990004"),
        ({"ShopCode": "1"}, "B990005"),
        ({"OrderId": "X"}, "B990001"),
        ({"SecureType": "Other"}, "B990058"),
    ],
)
def test_a_bad_call_moves_nothing(bank, changes, code):
    oid = sale(bank)
    assert call(bank, "Void", oid, **changes)["ErrorCode"] == code
    assert bank.get(f"orders/{oid}")["charge"]["state"] == "captured"


def test_a_sale_without_3d_is_not_permitted(bank):
    answer = call(bank, "Auth", OrderId="X", PurchAmount="1", Pan=GOOD_CARD)
    assert answer["ProcReturnCode"] == "58"


def test_a_sale_is_voided_once_and_only_before_the_day_ends(bank):
    oid = sale(bank)
    assert call(bank, "Void", oid)["ProcReturnCode"] == "00"
    assert call(bank, "Void", oid)["ErrorCode"] == "B990018"
    assert call(bank, "StatusHistory", oid)["TxnStatus"] == "V"
    assert call(bank, "Void", settled_sale(bank))["ErrorCode"] == "B990018"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    oid = sale(bank)
    assert refund(bank, oid, "1") == ("99", "B990014")
    bank.post("settle")
    assert refund(bank, oid, "1000") == ("00", "")
    assert call(bank, "StatusHistory", oid)["RefundedAmount"] == "1000"
    assert refund(bank, oid, "250.41") == ("99", "B990015")
    assert refund(bank, oid, "250.4") == ("00", "")
    assert refund(bank, oid, "0.01") == ("99", "B990037")
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


def test_a_preauthorisation_is_captured_once_in_part(bank):
    oid = sale(bank, TxnType="PreAuth")
    assert call(bank, "StatusHistory", oid)["TxnStatus"] == "P"
    above = call(bank, "PostAuth", oid, PurchAmount="1250.41", Currency="949")
    assert above["ErrorCode"] == "B990027"
    part = {"PurchAmount": "1000", "Currency": "949"}
    assert call(bank, "PostAuth", oid, **part)["ProcReturnCode"] == "00"
    assert call(bank, "PostAuth", oid, **part)["ErrorCode"] == "B990025"
    assert call(bank, "StatusHistory", oid)["PurchAmount"] == "1000"


def test_an_authentication_is_charged_once_by_the_merchants_call(bank):
    fields, answer = pay(bank, **{**CARD_IN_FORM, "SecureType": "3DModel"})
    message = answer["fields"]
    assert message["mdStatus"] == "1" and is_genuine(message)
    assert not bank.get("charges")["charges"]
    names = ("MD", "PayerTxnId", "Eci", "PayerAuthenticationCode")
    given = {name: message[name] for name in names}
    given |= {"OrderId": fields["OrderId"], "PurchAmount": "1250.4"}
    given["Currency"] = "949"
    assert call(bank, "Auth", **{**given, "Eci": "07"})["ErrorCode"] == "B990013"
    for _n in range(2):
        answer = call(bank, "Auth", **given)
        assert answer["ProcReturnCode"] == "00"
    (charge,) = bank.get("charges")["charges"]
    assert charge["auth_code"] == answer["AuthCode"]


def test_the_api_drops_after_it_has_executed(bank):
    oid = sale(bank)
    bank.post("fault", kind="api_drop", operation="void")
    with pytest.raises(requests.ConnectionError):
        call(bank, "Void", oid)
    assert call(bank, "StatusHistory", oid)["TxnStatus"] == "V"
