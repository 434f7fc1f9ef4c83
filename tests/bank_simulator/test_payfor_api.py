"""PayFor: the XML gate, and the same over form fields."""

import json
from datetime import datetime, timedelta, timezone

import pytest
import requests
from lxml import etree

from .payfor_merchant import (
    CARD_IN_FORM,
    KEY,
    PASSWORD,
    book,
    call,
    is_genuine,
    pay,
    post,
    request_fields,
    sale,
    settled_sale,
    status,
)


def test_the_status_tells_a_sale_and_needs_no_password(bank):
    oid = sale(bank)
    answer = status(bank, oid, UserPass="wrong")
    assert answer["ProcReturnCode"] == "00" and answer["TxnStatus"] == "Y"
    assert answer["PurchAmount"] == "1250.40" and answer["TxnType"] == "Auth"
    assert answer["RefundedAmount"] == "0" and answer["IsVoided"] == "false"


def test_an_unknown_order_is_not_found(bank):
    answer = status(bank, "NEVER")
    assert answer["ProcReturnCode"] == "V013" and answer["TxnStatus"] == "P"
    assert book(bank, "Void", "NEVER") == "V013"
    assert book(bank, "Refund", "NEVER", "1.00") == "V013"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"UserPass": "x"}, "M015"),
        ({"UserCode": "x"}, "M015"),
        ({"MerchantId": "1"}, "V001"),
        ({"MbrId": "12"}, "M013"),
        ({"Currency": "840"}, "V030"),
    ],
)
def test_a_bad_request_moves_nothing(bank, changes, code):
    oid = sale(bank)
    assert book(bank, "Void", oid, **changes) == code
    assert bank.get(f"orders/{oid}")["charge"]["state"] == "captured"


def test_a_sale_without_3d_is_not_permitted(bank):
    code = call(bank, "NonSecure", "Auth", OrderId="X", PurchAmount="1")
    assert code.findtext("ProcReturnCode") == "V010"


def test_a_sale_is_voided_once_and_only_before_the_day_ends(bank):
    oid = sale(bank)
    assert book(bank, "Void", oid, "1.00") == "V019"
    assert book(bank, "Void", oid) == "00"
    assert book(bank, "Void", oid) == "V017"
    answer = status(bank, oid)
    assert answer["TxnStatus"] == "V" and answer["IsVoided"] == "true"
    assert answer["VoidDate"]
    assert book(bank, "Void", settled_sale(bank)) == "V018"


def test_a_refund_before_the_day_ends_is_refused_with_an_authorisation_code(bank):
    oid = sale(bank)
    root = call(
        bank,
        "NonSecure",
        "Refund",
        OrgOrderId=oid,
        PurchAmount="1.00",
        Currency="949",
    )
    assert root.findtext("ProcReturnCode") == "V014" and root.findtext("AuthCode")
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 0


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    oid = settled_sale(bank)
    assert book(bank, "Refund", oid, "1000.00") == "00"
    assert status(bank, oid)["RefundedAmount"] == "1000.00"
    assert status(bank, oid)["IsRefunded"] == "false"
    assert book(bank, "Refund", oid, "250.41") == "V015"
    assert book(bank, "Refund", oid, "250.4") == "00"
    assert book(bank, "Refund", oid, "0.01") == "V037"
    assert status(bank, oid)["IsRefunded"] == "true"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1250.40", "00"),
        ("1062.84", "00"),
        ("1437.96", "00"),
        ("1062.83", "V027"),
        ("1437.97", "V027"),
    ],
)
def test_a_capture_may_differ_by_fifteen_percent(bank, amount, code):
    oid = sale(bank, TxnType="PreAuth")
    assert status(bank, oid)["TxnType"] == "PreAuth"
    assert book(bank, "PostAuth", oid, amount) == code
    if code == "00":
        answer = status(bank, oid)
        assert answer["TxnType"] == "PostAuth" and answer["PurchAmount"] == amount
        assert book(bank, "PostAuth", oid, amount) == "V025"


def test_only_a_living_preauthorisation_is_captured(bank):
    assert book(bank, "PostAuth", sale(bank), "1250.40") == "V016"
    late = sale(bank, TxnType="PreAuth")
    bank.post("clock", advance_seconds=16 * 86400)
    assert book(bank, "PostAuth", late, "1250.40") == "V026"


def test_an_authentication_is_charged_once_by_the_merchants_call(bank):
    fields, answer = pay(bank, **{**CARD_IN_FORM, "SecureType": "3DModel"})
    message = answer["fields"]
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("1", "V033")
    assert is_genuine(message) and not bank.get("charges")["charges"]
    given = {"OrderId": fields["OrderId"], "RequestGuid": message["RequestGuid"]}
    wrong = call(bank, "3DModelPayment", "", **{**given, "RequestGuid": "1"})
    assert wrong.findtext("ProcReturnCode") == "V013"
    for _n in range(2):
        root = call(bank, "3DModelPayment", "", **given)
        assert root.findtext("ProcReturnCode") == "00"
        assert root.findtext("TransId") == fields["OrderId"]
    (charge,) = bank.get("charges")["charges"]
    assert charge["auth_code"] == root.findtext("AuthCode")


def test_the_history_has_an_orders_steps_and_a_days_orders(bank):
    orders = [sale(bank, TxnType="PreAuth"), sale(bank)]
    book(bank, "PostAuth", orders[0], "1250.40")
    root = call(bank, "Report", "TxnHistory", OrderId=orders[0])
    kinds = [row.text for row in root.iter("TxnType")]
    assert kinds == ["PreAuth", "PostAuth"]
    day = datetime.now(timezone(timedelta(hours=3))).strftime("%Y%m%d")
    root = call(bank, "Report", "TxnHistory", ReqDate=day)
    found = [
        row.findtext("PaymentRequest/OrderId")
        for row in root.findall("PaymentRequestExtended")
    ]
    assert found == [orders[0], orders[0], orders[1]]
    operations = [entry["operation"] for entry in bank.get("log")["log"]]
    assert operations[-2:] == ["history", "day_list"]


def test_a_failed_history_echoes_the_secrets_but_no_log_has_them(bank):
    root = call(bank, "Report", "TxnHistory", OrderId="NEVER")
    assert root.findtext("ProcReturnCode") == "V013"
    assert (
        root.findtext("UserPass") == PASSWORD and root.findtext("MerchantPass") == KEY
    )
    books = json.dumps(bank.get("log")) + bank.log_path.read_text(encoding="utf-8")
    assert PASSWORD not in books and KEY not in books


def test_the_same_request_as_a_form_is_answered_with_pairs(bank):
    oid = sale(bank)
    fields = request_fields("NonSecure", "Void", OrgOrderId=oid, Currency="949")
    answer = post(bank, fields, "Gateway/Default.aspx").text
    pairs = dict(pair.split("=", 1) for pair in answer.split(";;"))
    assert pairs["ProcReturnCode"] == "00" and pairs["TransId"] == oid


def test_the_api_drops_after_it_has_executed(bank):
    oid = sale(bank)
    bank.post("fault", kind="api_drop", operation="void")
    with pytest.raises(requests.ConnectionError):
        book(bank, "Void", oid)
    assert status(bank, oid)["TxnStatus"] == "V"


def test_xml_that_is_no_plain_request_is_refused(bank):
    body = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><PayforRequest/>'
    for raw in (body, b"<Other/>", b"x"):
        answer = requests.post(f"{bank.url}/Gateway/XMLGate.aspx", data=raw, timeout=10)
        assert etree.fromstring(answer.content).findtext("ProcReturnCode") == "M001"
