"""Garanti: the signed XML API."""

import re
from datetime import datetime, timedelta, timezone

import pytest
import requests
from lxml import etree

from .conftest import GOOD_CARD
from .garanti_merchant import (
    CARD_IN_FORM,
    DEALER_PASSWORDS,
    DEALERS,
    answer_is_genuine,
    call,
    is_genuine,
    outcome,
    pay,
    refund,
    sale,
    settled_sale,
    void,
)


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


def test_bins_are_told(bank):
    root = call(
        bank, "bininq", amount="1", Version="v0.00", Transaction__CurrencyCode=""
    )
    bins = {row.findtext("BINNum"): row for row in root.iter("BIN")}
    assert bins["454361"].findtext("CardType") == "D"
    assert bins["540061"].findtext("Group") == "Bonus"
    assert re.fullmatch("[0-9A-F]{40}", root.findtext("Transaction/HashData"))


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
