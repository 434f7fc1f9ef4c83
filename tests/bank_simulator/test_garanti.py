"""Garanti: signed forms, results and the signed XML API."""

import hashlib
import re
from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
import requests
from lxml import etree

from .conftest import GOOD_CARD
from .garanti.hashing import (
    answer_hash,
    form_hash,
    request_hash,
    return_hash,
    security_data,
)
from .test_simulator import page_action, result_of, send_card, send_code

TERMINAL, MERCHANT, KEY = "30770101", "7007701", "53696D47617261"
PASSWORDS = {
    "PROVAUT": "SimProvAut1/",
    "PROVRFN": "SimProvRfn2/",
    "PROVOOS": "SimProvOos3/",
}
DEALERS = {
    "terminalid": "30770102",
    "terminalmerchantid": "7007702",
    "submerchantid": "D001",
}
DEALER_PASSWORDS = {
    "PROVAUT": "SimProvAut4/",
    "PROVRFN": "SimProvRfn5/",
    "PROVOOS": "SimProvOos6/",
}
CARD_IN_FORM = {
    "secure3dsecuritylevel": "3D_PAY",
    "terminalprovuserid": "PROVAUT",
    "cardnumber": GOOD_CARD,
    "cardexpiredatemonth": "12",
    "cardexpiredateyear": "35",
    "cardcvv2": "000",
}
_numbers = count(1)


def digest(*parts, name="sha512"):
    return hashlib.new(name, "".join(parts).encode()).hexdigest().upper()


def security(user="PROVAUT", passwords=PASSWORDS, terminal=TERMINAL):
    return digest(passwords[user], f"{int(terminal):09d}", name="sha1")


def form(bank, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "mode": "TEST",
        "apiversion": "512",
        "secure3dsecuritylevel": "3D_OOS_PAY",
        "terminalprovuserid": "PROVOOS",
        "terminaluserid": "PROVOOS",
        "terminalmerchantid": MERCHANT,
        "terminalid": TERMINAL,
        "txntype": "sales",
        "txnamount": "125040",
        "txncurrencycode": "949",
        "txninstallmentcount": "",
        "orderid": f"GVP-{next(_numbers)}",
        "successurl": f"{bank.merchant.url}/return",
        "errorurl": f"{bank.merchant.url}/return?failed=1",
        "customeripaddress": "203.0.113.7",
        "lang": "en",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    fields.setdefault("secure3dhash", sign_form(fields))
    return fields


def sign_form(fields):
    get = fields.get
    dealer = get("terminalid") == DEALERS["terminalid"]
    passwords, key = PASSWORDS, KEY
    if dealer:
        passwords, key = DEALER_PASSWORDS, "53696D47617262"
    user = get("terminalprovuserid", "")
    secret = security(
        user if user in passwords else "PROVAUT",
        passwords,
        get("terminalid") or TERMINAL,
    )
    return digest(
        get("terminalid", ""),
        get("orderid", ""),
        get("txnamount", "") + get("txncurrencycode", ""),
        get("successurl", "") + get("errorurl", ""),
        get("txntype", "") + get("txninstallmentcount", ""),
        key + secret,
    )


def is_genuine(message, key=KEY):
    names = message["hashparams"].rstrip(":").split(":")
    return message.get("hash") == digest(*[message[name] for name in names], key)


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = form(bank, **changes)
    body = {
        "family": "garanti",
        "fields": fields,
        "card_number": card_number,
        "fault": fault,
    }
    answer = requests.post(f"{bank.control_url}/charge", json=body, timeout=10)
    return fields, answer.json()


def post(bank, fields):
    return requests.post(f"{bank.url}/servlet/gt3dengine", data=fields, timeout=10)


def call(bank, kind, order_id="", amount="100", *, as_field=False, **changes):
    """Send a GVPSRequest; return the answer's root."""
    user = "PROVRFN" if kind in ("void", "refund") else "PROVAUT"
    values = {
        "Mode": "TEST",
        "Version": "512",
        "Terminal/ProvUserID": user,
        "Terminal/UserID": user,
        "Terminal/ID": TERMINAL,
        "Terminal/MerchantID": MERCHANT,
        "Customer/IPAddress": "203.0.113.7",
        "Card/Number": "",
        "Order/OrderID": order_id,
        "Transaction/Type": kind,
        "Transaction/Amount": amount,
        "Transaction/CurrencyCode": "949",
        **{name.replace("__", "/"): value for name, value in changes.items()},
    }
    dealer = values["Terminal/ID"] == DEALERS["terminalid"]
    secret = security(
        values["Terminal/ProvUserID"],
        DEALER_PASSWORDS if dealer else PASSWORDS,
        values["Terminal/ID"],
    )
    values.setdefault(
        "Terminal/HashData",
        digest(
            order_id + values["Terminal/ID"] + values["Card/Number"],
            values["Transaction/Amount"] + values["Transaction/CurrencyCode"],
            secret,
        ),
    )
    root = etree.Element("GVPSRequest")
    for path, value in values.items():
        parent = root
        *groups, name = path.split("/")
        for group in groups:
            found = parent.find(group)
            parent = etree.SubElement(parent, group) if found is None else found
        etree.SubElement(parent, name).text = value
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    answer = requests.post(
        f"{bank.url}/VPServlet", data={"data": body} if as_field else body, timeout=10
    )
    answer.raise_for_status()
    return etree.fromstring(answer.content)


def outcome(root):
    return tuple(
        root.findtext(f"Transaction/Response/{name}") for name in ("Code", "ReasonCode")
    )


def answer_is_genuine(root, user="PROVAUT", **whose):
    values = [
        root.findtext(name) or ""
        for name in (
            "Transaction/Response/Code",
            "Transaction/RetrefNum",
            "Transaction/AuthCode",
            "Transaction/ProvDate",
            "Order/OrderID",
        )
    ]
    expected = digest(*values, security(user, **whose))
    return root.findtext("Transaction/HashData") == expected


def sale(bank, **changes):
    """Return order id and reference of a charged sale."""
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["orderid"], answer["fields"]["hostrefnum"]


def settled_sale(bank, **changes):
    oid, reference = sale(bank, **changes)
    bank.post("settle")
    return oid, reference


def refund(bank, oid, reference, amount):
    return call(bank, "refund", oid, amount, Transaction__OriginalRetrefNum=reference)


def void(bank, oid, reference):
    return call(bank, "void", oid, Transaction__OriginalRetrefNum=reference)


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


@pytest.mark.parametrize("as_field", [False, True])
def test_the_status_of_a_sale_is_signed_and_tells_the_sale(bank, as_field):
    oid, reference = sale(bank)
    root = call(bank, "orderinq", oid, as_field=as_field)
    assert outcome(root) == ("00", "00") and answer_is_genuine(root)
    facts = root.find("Order/OrderInqResult")
    assert facts.findtext("Status") == "APPROVED"
    assert facts.findtext("AuthAmount") == "125040"
    assert facts.findtext("RetrefNum") == reference
    assert root.findtext("Transaction/RetrefNum") not in ("", None, reference)


def test_the_status_of_a_declined_order_is_an_approved_inquiry(bank):
    fields, _answer = pay(bank, "4543620500000006")
    root = call(bank, "orderinq", fields["orderid"])
    assert outcome(root)[0] == "00"
    assert root.findtext("Order/OrderInqResult/Code") == "51"
    assert root.findtext("Order/OrderInqResult/Status") != "APPROVED"


def test_an_unknown_order_is_not_found(bank):
    assert outcome(call(bank, "orderinq", "NEVER")) == ("92", "0110")
    assert outcome(call(bank, "orderhistoryinq", "NEVER")) == ("92", "0108")
    assert answer_is_genuine(call(bank, "orderinq", "NEVER"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Terminal__HashData": "0" * 128}, "0651"),
        ({"Terminal__MerchantID": "1"}, "0650"),
        ({"Terminal__ID": "1"}, "0650"),
        ({"Terminal__ProvUserID": "PROVRFN"}, "0652"),
        ({"Customer__IPAddress": ""}, "0002"),
        ({"Transaction__CurrencyCode": ""}, "0002"),
        ({"amount": "0"}, "0002"),
        ({"Version": "v0.01"}, "0002"),
    ],
)
def test_a_bad_request_learns_nothing(bank, changes, reason):
    oid, _reference = sale(bank)
    root = call(bank, "orderinq", oid, **changes)
    assert outcome(root) == ("92", reason)
    assert root.find("Order/OrderInqResult") is None


@pytest.mark.parametrize("kind", ["sales", "preauth"])
def test_a_sale_without_3d_is_not_permitted(bank, kind):
    root = call(bank, kind, "X", "1000", Card__Number=GOOD_CARD)
    assert outcome(root) == ("92", "0652") and answer_is_genuine(root)
    assert not bank.get("charges")["charges"]


def test_a_sale_is_voided_once_and_only_before_the_batch_closes(bank):
    oid, reference = sale(bank)
    assert outcome(void(bank, oid, "1")) == ("92", "0110")
    root = void(bank, oid, reference)
    assert outcome(root) == ("00", "00") and answer_is_genuine(root, "PROVRFN")
    assert bank.get(f"orders/{oid}")["charge"]["state"] == "voided"
    assert outcome(void(bank, oid, reference))[0] == "05"
    assert outcome(void(bank, *settled_sale(bank)))[0] == "05"
    history = call(bank, "orderhistoryinq", oid)
    assert history.findtext(".//OrderTxn/VoidDate")


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    oid, reference = sale(bank)
    assert outcome(refund(bank, oid, reference, "100")) == ("92", "0208")
    bank.post("settle")
    root = refund(bank, oid, reference, "100000")
    assert outcome(root) == ("00", "00") and answer_is_genuine(root, "PROVRFN")
    assert outcome(refund(bank, oid, reference, "25041")) == ("92", "0208")
    assert outcome(refund(bank, oid, reference, "25040")) == ("00", "00")
    assert outcome(refund(bank, oid, reference, "1")) == ("92", "0208")
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040
    rows = call(bank, "orderhistoryinq", oid).findall(".//OrderTxn")
    good = [row for row in rows if row.findtext("ReturnCode") == "00"]
    types = [row.findtext("Type") for row in good]
    assert types == ["sales", "refund", "refund"]
    assert good[0].findtext("Settlement") == "Y"


def test_a_preauthorisation_is_captured_once_in_part(bank):
    oid, reference = sale(bank, txntype="preauth")
    status = call(bank, "orderinq", oid).find("Order/OrderInqResult")
    assert status.findtext("Status") == "WAITINGPOSTAUTH"
    assert status.findtext("PreAuthAmount") == "125040"
    original = {"Transaction__OriginalRetrefNum": reference}
    above = call(bank, "postauth", oid, "125041", **original)
    assert outcome(above)[0] == "13"
    done = call(bank, "postauth", oid, "100000", **original)
    assert outcome(done) == ("00", "00")
    assert outcome(call(bank, "postauth", oid, "1", **original))[0] == "05"
    assert bank.get("charges")["charges"][0]["captured_kurus"] == 100000
    types = [row.text for row in call(bank, "orderhistoryinq", oid).iter("Type")]
    assert types == ["preauth", "postauth"]


def test_an_authentication_is_charged_once_by_the_merchants_call(bank):
    card = {**CARD_IN_FORM, "secure3dsecuritylevel": "3D"}
    fields, answer = pay(bank, **card)
    message = answer["fields"]
    assert message["mdstatus"] == "1" and message["procreturncode"] == ""
    assert is_genuine(message) and not bank.get("charges")["charges"]
    given = {
        "Transaction__InstallmentCnt": "",
        "Transaction__CardholderPresentCode": "13",
        "Transaction__Secure3D__AuthenticationCode": message["cavv"],
        "Transaction__Secure3D__SecurityLevel": message["eci"],
        "Transaction__Secure3D__TxnID": message["xid"],
        "Transaction__Secure3D__Md": message["md"],
    }
    assert outcome(call(bank, "sales", fields["orderid"], "100", **given))[0] == "92"
    for _n in range(2):
        root = call(bank, "sales", fields["orderid"], "125040", **given)
        assert outcome(root) == ("00", "00") and answer_is_genuine(root)
    (charge,) = bank.get("charges")["charges"]
    assert charge["host_ref"] == root.findtext("Transaction/RetrefNum")


def test_the_list_of_a_day_has_all_its_transactions(bank):
    orders = [sale(bank)[0] for _n in range(3)]
    now = datetime.now(timezone(timedelta(hours=3)))
    period = {
        "Order__StartDate": (now - timedelta(hours=1)).strftime("%d/%m/%Y %H:%M"),
        "Order__EndDate": (now + timedelta(hours=1)).strftime("%d/%m/%Y %H:%M"),
        "Transaction__ListPageNum": "1",
    }
    root = call(bank, "orderlistinq", **period)
    rows = root.findall("Order/OrderListInqResult/OrderTxnList/OrderTxn")
    assert [row.findtext("OrderID") for row in rows] == orders
    assert rows[0].findtext("AuthAmount") == "125040" and answer_is_genuine(root)
    late = {**period, "Order__EndDate": "01/01/2099 00:00"}
    assert outcome(call(bank, "orderlistinq", **late)) == ("92", "0002")
    bank.post("reset")
    assert outcome(call(bank, "orderlistinq", **period)) == ("92", "0108")


def test_bins_and_points_are_told(bank):
    root = call(
        bank, "bininq", amount="1", Version="v0.00", Transaction__CurrencyCode=""
    )
    bins = {row.findtext("BINNum"): row for row in root.iter("BIN")}
    assert bins["454361"].findtext("CardType") == "D"
    assert bins["540061"].findtext("Group") == "Bonus"
    assert re.fullmatch("[0-9A-F]{40}", root.findtext("Transaction/HashData"))
    root = call(bank, "rewardinq", "POINTS", Card__Number=GOOD_CARD)
    assert root.findtext(".//Reward/TotalAmount") == "2500"
    assert outcome(call(bank, "rewardinq", "P", Card__Number="1"))[0] == "14"


def test_a_terminal_with_dealers_demands_one_of_them(bank):
    assert pay(bank, **{**DEALERS, "submerchantid": "D009"})[1]["refused"] == "99"
    fields, answer = pay(bank, **DEALERS)
    assert answer["charged"]
    whose = {"Terminal__ID": "30770102", "Terminal__MerchantID": "7007702"}
    whose["Transaction__OriginalRetrefNum"] = answer["fields"]["hostrefnum"]
    root = call(bank, "void", fields["orderid"], **whose)
    assert outcome(root) == ("92", "0809")
    whose["Terminal__SubMerchantID"] = "D001"
    root = call(bank, "void", fields["orderid"], **whose)
    assert outcome(root) == ("00", "00")
    # This terminal signs with PROVAUT's password, whoever asks.
    assert answer_is_genuine(root, passwords=DEALER_PASSWORDS, terminal="30770102")


@pytest.mark.parametrize(
    "kind", ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]
)
def test_a_spoilt_signature_of_an_answer_does_not_verify(bank, kind):
    oid, _reference = sale(bank)
    bank.post("fault", kind=kind, operation="status")
    assert not answer_is_genuine(call(bank, "orderinq", oid))
    assert answer_is_genuine(call(bank, "orderinq", oid))


def test_a_status_may_tell_another_amount_with_a_genuine_signature(bank):
    oid, _reference = sale(bank)
    bank.post("fault", kind="changed_amount", operation="status")
    root = call(bank, "orderinq", oid)
    assert root.findtext("Order/OrderInqResult/AuthAmount") == "125140"
    assert answer_is_genuine(root)


def test_the_api_drops_after_it_has_executed(bank):
    oid, reference = sale(bank)
    bank.post("fault", kind="api_drop", operation="void")
    with pytest.raises(requests.ConnectionError):
        void(bank, oid, reference)
    assert bank.get(f"orders/{oid}")["charge"]["state"] == "voided"


def test_xml_that_is_no_plain_request_is_refused(bank):
    body = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><GVPSRequest/>'
    for raw in (body, b"<Other/>", b"x"):
        answer = requests.post(f"{bank.url}/VPServlet", data=raw, timeout=10)
        assert outcome(etree.fromstring(answer.content)) == ("92", "0002")


def test_the_return_hash_follows_the_listed_names():
    fields = {"hashparams": "oid:missing:rnd:", "oid": "A", "rnd": "B"}
    assert return_hash(fields, "K") == digest("ABK")
