"""Each fault, once by order and where it has one by its magic amount."""

import time

import pytest
import requests

from .conftest import merchant_hash
from .faults import KINDS, MAGIC_AMOUNTS
from .money import format_amount
from .test_simulator import (
    post_form,
    result_of,
    send_card,
    send_code,
    wait_for,
)

CHARGED = {
    "timeout_after_charge",
    "dropped_connection",
    "duplicate_callback",
    "late_callback",
    "forged_hash",
    "empty_hash",
    "missing_hash",
    "truncated_hash",
    "changed_amount",
}


@pytest.mark.parametrize(("kurus", "fault"), MAGIC_AMOUNTS.items())
def test_a_magic_amount_has_its_fault(bank, kurus, fault):
    answer = bank.pay(amount=format_amount(kurus))[1]
    assert list(answer["faults"]) == [fault[0]]
    assert answer["charged"] == (fault[0] in CHARGED)


def test_a_decline_carries_the_wanted_code(bank):
    fields, answer = bank.pay(fault={"kind": "decline", "params": {"code": "57"}})
    assert answer["fields"]["ProcReturnCode"] == "57"
    assert answer["fields"]["Response"] == "Declined"
    assert answer["target"] == fields["failUrl"]


@pytest.mark.parametrize("kind", ["cancel", "wrong_3d"])
def test_nothing_is_charged_without_authentication(bank, kind):
    fields, answer = bank.pay(fault=kind)
    assert not answer["charged"] and answer["fields"]["mdStatus"] == "0"
    assert bank.status(fields["oid"])["OrderId"] == ""


@pytest.mark.parametrize(
    ("kind", "params"),
    [("dropped_connection", {}), ("timeout_after_charge", {"seconds": 1})],
)
def test_the_bank_charges_and_gives_no_answer(bank, kind, params):
    bank.post("fault", kind=kind, params=params)
    fields = bank.form(callbackUrl=f"{bank.merchant.url}/notice")
    page = send_card(bank, post_form(bank, fields))
    began = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        send_code(bank, page)
    assert time.monotonic() - began >= params.get("seconds", 0)
    assert len(bank.get("charges")["charges"]) == 1
    assert bank.status(fields["oid"])["TRANS_STAT"] == "S"
    with pytest.raises(requests.ConnectionError):
        send_code(bank, page)
    assert not bank.merchant.received


def test_a_duplicate_is_delivered_by_browser_and_by_server(bank):
    bank.post("fault", kind="duplicate_callback", params={"times": 4})
    fields = bank.form(callbackUrl=f"{bank.merchant.url}/notice")
    page = send_code(bank, send_card(bank, post_form(bank, fields)))
    assert 'data-deliveries="4"' in page.text
    wait_for(lambda: len(bank.merchant.received) == 4)


def test_a_late_result_waits_for_its_release(bank):
    bank.post("fault", kind="late_callback")
    fields = bank.form(callbackUrl=f"{bank.merchant.url}/notice")
    code = send_card(bank, post_form(bank, fields))
    page = send_code(bank, code)
    assert "being processed" in page.text and "HASH" not in page.text
    held = requests.post(f"{bank.control_url}/deliver/{fields['oid']}", timeout=10)
    assert held.status_code == 400
    assert bank.post(f"release/{fields['oid']}")["released"]
    assert result_of(send_code(bank, code))[1]["Response"] == "Approved"
    wait_for(lambda: bank.merchant.received)


@pytest.mark.parametrize("kind", ["forged_hash", "empty_hash", "truncated_hash"])
def test_a_spoilt_hash_is_not_the_genuine_one(bank, kind):
    message = bank.pay(fault=kind)[1]["fields"]
    assert message["HASH"] != merchant_hash(message)
    assert len(message["HASH"]) == {"forged_hash": 88, "empty_hash": 0}.get(kind, 40)


def test_a_missing_hash_is_missing(bank):
    assert "HASH" not in bank.pay(fault="missing_hash")[1]["fields"]


def test_a_changed_amount_is_charged_and_genuinely_signed(bank):
    fault = {"kind": "changed_amount", "params": {"amount_kurus": 500}}
    fields, answer = bank.pay(fault=fault)
    message = answer["fields"]
    assert message["amount"] == "5.00"
    assert message["HASH"] == merchant_hash(message)
    assert bank.status(fields["oid"])["ORIG_TRANS_AMT"] == "500"


def test_a_fault_is_used_up_unless_it_is_sticky(bank):
    bank.post("fault", kind="decline")
    assert [bank.pay()[1]["charged"] for _n in range(2)] == [False, True]
    bank.post("fault", kind="decline", times=0)
    assert [bank.pay()[1]["charged"] for _n in range(3)] == [False] * 3


def test_a_fault_may_wait_for_one_order(bank):
    bank.post("fault", kind="decline", order_id="B")
    assert bank.pay(oid="A")[1]["charged"]
    assert not bank.pay(oid="B")[1]["charged"]


def test_an_unknown_fault_is_refused(bank):
    answer = requests.post(
        f"{bank.control_url}/fault", json={"kind": "rain"}, timeout=10
    )
    assert answer.status_code == 400
    assert set(bank.get("faults")["kinds"]) == set(KINDS)


def test_the_api_times_out_after_it_has_executed(bank):
    oid = bank.pay()[0]["oid"]
    bank.post("fault", kind="api_timeout", operation="void", params={"seconds": 0})
    assert bank.status(oid)["TRANS_STAT"] == "S"
    with pytest.raises(requests.ConnectionError):
        bank.api(oid, Type="Void")
    assert bank.status(oid)["TRANS_STAT"] == "V"


def test_the_api_drops_the_connection_after_it_has_executed(bank):
    oid = bank.pay()[0]["oid"]
    bank.post("fault", kind="api_drop", order_id=oid, operation="void")
    with pytest.raises(requests.ConnectionError):
        bank.api(oid, Type="Void")
    assert bank.status(oid)["TRANS_STAT"] == "V"
    assert ("void", "fault") in bank.verdicts(oid)


def test_a_signature_fault_of_a_payment_is_not_used_up_by_an_api_call(bank):
    fields = bank.form()
    bank.post("fault", kind="forged_hash", order_id=fields["oid"])
    bank.status(fields["oid"])
    answer = bank.pay(**fields)[1]
    assert answer["faults"] == {"forged_hash": {}}


@pytest.mark.parametrize(("executed", "state"), [(False, "S"), (True, "V")])
def test_the_api_fails_with_500_before_or_after_executing(bank, executed, state):
    oid = bank.pay()[0]["oid"]
    bank.post("fault", kind="api_500", params={"executed": executed})
    with pytest.raises(requests.HTTPError):
        bank.api(oid, Type="Void")
    assert bank.status(oid)["TRANS_STAT"] == state


def test_the_api_answers_garbage(bank):
    oid = bank.pay()[0]["oid"]
    bank.post("fault", kind="api_garbage", order_id=oid)
    answer = requests.post(
        f"{bank.url}/fim/api",
        data=f"<CC5Request><OrderId>{oid}</OrderId></CC5Request>",
        timeout=10,
    )
    assert answer.status_code == 200 and b"CC5Response" not in answer.content
