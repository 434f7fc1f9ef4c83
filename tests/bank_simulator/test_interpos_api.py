"""InterPOS: server calls."""

import pytest
import requests

from .conftest import GOOD_CARD
from .interpos_merchant import (
    CARD_IN_FORM,
    call,
    is_genuine,
    pay,
    refund,
    sale,
    settled_sale,
)


def test_the_status_tells_a_sale_under_an_id_of_the_banks_own(bank):
    oid = sale(bank)
    answer = call(bank, "StatusHistory", oid)
    assert answer["ProcReturnCode"] == "00" and answer["TxnStatus"] == "C"
    assert answer["PurchAmount"] == "1250,4" and answer["RefundedAmount"] == "0"
    assert answer["OrderId"].startswith("SYSOID")
    assert answer["VoidDate"] == "1.1.0001 00:00:00"


def test_an_unknown_order_is_not_found(bank):
    answer = call(bank, "StatusHistory", "NEVER")
    assert (answer["ProcReturnCode"], answer["TxnStatus"]) == ("05", "")
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
    assert call(bank, "StatusHistory", oid)["TxnStatus"] == "A"
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
