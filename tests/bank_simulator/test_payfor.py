"""PayFor: signed forms, results, the XML gate and the same over form fields."""

import base64
import hashlib
import json
from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
import requests
from lxml import etree

from .conftest import GOOD_CARD
from .payfor.hashing import form_hash, return_hash
from .test_simulator import page_action, result_of, send_card, send_code

MERCHANT, USER, PASSWORD, KEY = (
    "085300000077001",
    "SIM_API",
    "SimUser.1",
    "SimPass01",
)
KATILIM = {
    "MbrId": "12",
    "MerchantID": "120000000077002",
    "UserCode": "SIM_KATILIM",
}
KATILIM_KEY = "SimPass02"
CARD_IN_FORM = {
    "SecureType": "3DPay",
    "CardHolderName": "DENEME KART",
    "Pan": GOOD_CARD,
    "Expiry": "1235",
    "Cvv2": "000",
}
_numbers = count(1)


def digest(*parts, name="sha1"):
    return base64.b64encode(
        hashlib.new(name, "".join(parts).encode()).digest()
    ).decode()


def sign_form(fields, key=KEY):
    get = fields.get
    return digest(
        get("MbrId", "") + get("OrderId", "") + get("PurchAmount", ""),
        get("OkUrl", "") + get("FailUrl", "") + get("TxnType", ""),
        get("InstallmentCount", "") + get("Rnd", "") + key,
    )


def form(bank, key=KEY, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "MbrId": "5",
        "MerchantID": MERCHANT,
        "UserCode": USER,
        "OrderId": f"PF-{next(_numbers)}",
        "Lang": "EN",
        "SecureType": "3DHost",
        "TxnType": "Auth",
        "PurchAmount": "1250.4",
        "InstallmentCount": "0",
        "Currency": "949",
        "OkUrl": f"{bank.merchant.url}/return",
        "FailUrl": f"{bank.merchant.url}/return?failed=1",
        "Rnd": "a1b2c3",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    fields.setdefault("Hash", sign_form(fields, key))
    return fields


def is_genuine(message, name="sha1"):
    expected = digest(
        MERCHANT + KEY + message["OrderId"] + message["AuthCode"],
        message["ProcReturnCode"] + message["3DStatus"],
        message["ResponseRnd"] + USER,
        name=name,
    )
    return message.get("ResponseHash") == expected


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = form(bank, **changes)
    body = {
        "family": "payfor",
        "fields": fields,
        "card_number": card_number,
        "fault": fault,
    }
    answer = requests.post(f"{bank.control_url}/charge", json=body, timeout=10)
    return fields, answer.json()


def post(bank, fields, page="Gateway/3DHost.aspx"):
    return requests.post(f"{bank.url}/{page}", data=fields, timeout=10)


def request_fields(secure_type, kind, **changes):
    return {
        "MbrId": "5",
        "MerchantId": MERCHANT,
        "UserCode": USER,
        "UserPass": PASSWORD,
        "SecureType": secure_type,
        "TxnType": kind,
        "Lang": "TR",
        **changes,
    }


def call(bank, secure_type, kind, **changes):
    """Send a PayforRequest; return the answer's root."""
    root = etree.Element("PayforRequest")
    for name, value in request_fields(secure_type, kind, **changes).items():
        etree.SubElement(root, name).text = value
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    url = f"{bank.url}/Gateway/XMLGate.aspx"
    answer = requests.post(url, data=body, timeout=10)
    answer.raise_for_status()
    return etree.fromstring(answer.content)


def book(bank, kind, oid, amount=None, **changes):
    """Send a capture, void or refund; return ProcReturnCode."""
    if amount:
        changes["PurchAmount"] = amount
    changes = {"OrgOrderId": oid, "Currency": "949", **changes}
    return call(bank, "NonSecure", kind, **changes).findtext("ProcReturnCode")


def status(bank, oid, **changes):
    root = call(bank, "Inquiry", "OrderInquiry", OrgOrderId=oid, **changes)
    return {node.tag: node.text or "" for node in root}


def sale(bank, **changes):
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["OrderId"]


def settled_sale(bank, **changes):
    oid = sale(bank, **changes)
    bank.post("settle")
    return oid


def test_the_digests_are_those_of_the_documented_examples():
    address = "https://tahsilat.ornekbayi.com.tr/pos/donus"
    fields = {
        "MbrId": "5",
        "OrderId": "TAH-2026-000123",
        "PurchAmount": "1250.40",
        "OkUrl": address,
        "FailUrl": f"{address}?hata=1",
        "TxnType": "Auth",
        "InstallmentCount": "0",
        "Rnd": "a1b2c3",
    }
    assert form_hash(fields, "Mp9xYz12") == "J3nin7abQJdzQtRDfwJebrel2nE="
    message = {
        "OrderId": "TAH-2026-000123",
        "AuthCode": "",
        "ProcReturnCode": "V033",
        "3DStatus": "1",
        "ResponseRnd": "PF639300000000000001",
        "HashType": "Sha1",
    }
    whose = ("085300000099999", "TAHSILAT_API", "Mp9xYz12")
    assert return_hash(message, *whose) == "jcwikwajl4Bud3QtB5Q3cWB8Dr8="
    del message["HashType"]
    assert len(return_hash(message, *whose)) == 44


def test_a_hosted_payment_goes_through_the_pages_to_a_signed_result(bank):
    fields = form(bank, InstallmentCount="6")
    code = send_card(bank, post(bank, fields))
    target, message = result_of(send_code(bank, code))
    assert target == fields["OkUrl"] and is_genuine(message)
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("1", "00")
    assert message["PurchAmount"] == "1250.4" and message["InstallmentCount"] == "6"
    assert message["Hash"] == fields["Hash"] and message["TxnResult"] == "Success"
    assert message["CardMask"] == "454360******0002" and "UserCode" not in message
    (charge,) = bank.get("charges")["charges"]
    assert charge["amount_kurus"] == 125040 and charge["installments"] == 6
    assert charge["auth_code"] == message["AuthCode"]


def test_a_card_in_the_form_goes_straight_to_the_one_time_code(bank):
    fields = form(bank, **CARD_IN_FORM)
    page = post(bank, fields, "Gateway/Default.aspx")
    assert "147258" in page.text and 'name="number"' not in page.text
    target, message = result_of(send_code(bank, page))
    assert target == fields["OkUrl"] and is_genuine(message)
    assert not {"Pan", "Expiry", "Cvv2", "CardHolderName"} & set(message)


@pytest.mark.parametrize(
    ("changes", "page", "code"),
    [
        (CARD_IN_FORM, "Gateway/Default.aspx", "V034"),
        ({}, "Gateway/3DHost.aspx", "MR15"),
    ],
)
def test_three_wrong_codes_return_without_a_charge(bank, changes, page, code):
    fields = form(bank, **changes)
    answer = post(bank, fields, page)
    if not changes:
        answer = send_card(bank, answer)
    for _n in range(3):
        answer = send_code(bank, answer, "000000")
    target, message = result_of(answer)
    assert target == fields["FailUrl"] and is_genuine(message)
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("-1", code)
    assert not bank.get("charges")["charges"]


def test_cancelling_returns_without_a_charge(bank):
    url = bank.url + page_action(post(bank, form(bank)), "cancel")
    message = result_of(requests.post(url, timeout=10))[1]
    assert message["3DStatus"] == "0" and is_genuine(message)


def test_a_decline_carries_the_issuers_code(bank):
    fields, answer = pay(bank, "4543620500000006")
    message = answer["fields"]
    assert answer["target"] == fields["FailUrl"] and is_genuine(message)
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("1", "51")
    assert status(bank, fields["OrderId"])["TxnStatus"] == "N"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Hash": "x"}, "M030"),
        ({"MbrId": "12"}, "M013"),
        ({"UserCode": "X"}, "M015"),
        ({"Rnd": None}, "M001"),
        ({"PurchAmount": "1.250,40"}, "M004"),
        ({"PurchAmount": "0"}, "M019"),
        ({"PurchAmount": "200000.01"}, "M019"),
        ({"Currency": "1"}, "M003"),
        ({"OkUrl": "https://a.example/" + "x" * 200}, "M010"),
        ({"InstallmentCount": None}, "V023"),
        ({"InstallmentCount": "1"}, "V024"),
        ({"Currency": "840", "InstallmentCount": "2"}, "V024"),
        ({"SecureType": "3DPay"}, "V010"),
        ({"Pan": GOOD_CARD}, "M008"),
    ],
)
def test_a_bad_form_is_told_to_the_merchant_with_its_code(bank, changes, code):
    fields = form(bank, **changes)
    target, message = result_of(post(bank, fields))
    assert target == fields["FailUrl"] and "HashType" not in message
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("-1", code)
    assert len(message["ResponseHash"]) == 44 and "Pan" not in message
    assert bank.get("log")["log"][-1]["code"].startswith(code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Pan": "4543600100000001"}, "M008"),
        ({"Expiry": "1220"}, "M006"),
        ({"Cvv2": "12"}, "M005"),
    ],
)
def test_a_mistyped_card_in_the_form_is_refused(bank, changes, code):
    fields = form(bank, **{**CARD_IN_FORM, **changes})
    message = result_of(post(bank, fields, "Gateway/Default.aspx"))[1]
    assert message["ProcReturnCode"] == code


def test_an_unknown_merchant_gets_an_error_page(bank):
    page = post(bank, form(bank, MerchantID="1"))
    assert "V001" in page.text and 'id="result"' not in page.text


def test_an_order_id_is_used_once_even_after_a_decline(bank):
    fields, _answer = pay(bank, "4543620500000006")
    message = result_of(post(bank, form(bank, OrderId=fields["OrderId"])))[1]
    assert message["ProcReturnCode"] == "101310" and is_genuine(message, "sha256")


@pytest.mark.parametrize(
    "kind", ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]
)
def test_a_spoilt_signature_does_not_verify(bank, kind):
    answer = pay(bank, fault=kind)[1]
    assert answer["charged"] and not is_genuine(answer["fields"])
    assert ("ResponseHash" in answer["fields"]) == (kind != "missing_hash")


def test_a_changed_amount_is_outside_of_the_signature(bank):
    fields, answer = pay(bank, fault="changed_amount")
    message = answer["fields"]
    assert message["PurchAmount"] == "1251.40" and is_genuine(message)
    assert message["Hash"] == sign_form({**fields, "PurchAmount": "1251.40"})
    assert status(bank, fields["OrderId"])["PurchAmount"] == "1251.40"


def test_the_other_bank_has_another_member_and_a_hash_that_does_not_verify(bank):
    fields = form(bank, KATILIM_KEY, **KATILIM)
    code = send_card(bank, post(bank, fields, "Mpi/3DHost.aspx"))
    message = result_of(send_code(bank, code))[1]
    whose = (KATILIM["MerchantID"], KATILIM["UserCode"], KATILIM_KEY)
    assert message["ProcReturnCode"] == "00"
    assert message["ResponseHash"] != return_hash(message, *whose)
    whose = {"MbrId": "12", "MerchantId": KATILIM["MerchantID"]}
    assert status(bank, fields["OrderId"], **whose)["TxnStatus"] == "Y"


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


def test_points_are_told(bank):
    root = call(
        bank, "Inquiry", "ParaPuanInquiry", Pan=GOOD_CARD, Expiry="1235", Cvv2="000"
    )
    assert root.findtext("ProcReturnCode") == "00"
    assert root.findtext("AvailablePoint") == "25.00"


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
