"""Asking the bank how an order stands."""

import random

import pytest
from cases import nestpay as bank
from lxml import etree
from pos_gateway.protocols import nestpay
from pos_gateway.protocols.answers import Refused, Result, differences
from pos_gateway.protocols.types import Call, Operation, Secret

QUESTION = Call(Operation.INQUIRY)
NOT_FOUND = {
    "OrderId": "",
    "TransId": "",
    "Response": "Declined",
    "ProcReturnCode": "99",
    "ErrMsg": "No record found for TAH-2026-000123",
}
NO_FACTS = dict.fromkeys(
    "ORD_ID CHARGE_TYPE_CD TRANS_STAT ORIG_TRANS_AMT CAPTURE_AMT AUTH_CODE HOST_REF_NUM"
    " PAN PROC_RET_CD TRANS_ID".split()
)


def said(extra=(), **changes):
    terminal, order = bank.terminal(), bank.order()
    body = bank.answer(extra, **changes)
    return nestpay.parse(terminal, nestpay.read(terminal, order, QUESTION, body))


def refusal(body):
    with pytest.raises(Refused) as caught:
        nestpay.read(bank.terminal(), bank.order(), QUESTION, body)
    return caught.value.reason


def test_the_question_names_the_order_and_carries_the_credentials():
    terminal = bank.terminal(api_password=Secret("Şifre€"))
    request = nestpay.ask(terminal, bank.order(), QUESTION)
    root = etree.fromstring(request.body)
    assert request.url == terminal.url("api")
    assert {leaf.tag: leaf.text for leaf in root if not len(leaf)} == {
        "Name": "apiuser",
        "Password": "Şifre€",
        "ClientId": "500990000",
        "OrderId": "TAH-2026-000123",
    }
    assert root.findtext("Extra/ORDERSTATUS") == "QUERY"
    assert request.body.decode(nestpay.ENCODING)


@pytest.mark.parametrize(
    "changes",
    [{"urls": {}}, {"api_user": ""}, {"api_password": Secret("")}],
    ids=str,
)
def test_a_terminal_without_api_credentials_asks_nothing(changes):
    with pytest.raises(ValueError):
        nestpay.ask(bank.terminal(**changes), bank.order(), QUESTION)


# (CHARGE_TYPE_CD, TRANS_STAT, Response, ProcReturnCode, PROC_RET_CD) -> result
@pytest.mark.parametrize(
    ("kind", "state", "response", "code", "own_code", "result"),
    [
        ("S", "S", "Approved", "00", "00", Result.APPROVED),
        ("S", "A", "Approved", "00", "00", Result.APPROVED),
        ("S", "C", "Approved", "00", "00", Result.APPROVED),
        ("S", "C", "Approved", "00", None, Result.APPROVED),
        ("S", "D", "Declined", "51", "51", Result.DECLINED),
        ("S", "D", "Declined", "51", None, Result.DECLINED),
        ("S", "D", "Approved", "00", "51", Result.DECLINED),
        ("S", "V", "Approved", "00", "00", Result.CANCELLED),
        ("S", "D", "Approved", "00", "00", Result.UNRESOLVED),
        ("S", "D", "Declined", None, None, Result.UNRESOLVED),
        ("S", "S", "Declined", "00", "00", Result.UNRESOLVED),
        ("S", "S", "Approved", "51", "00", Result.UNRESOLVED),
        ("S", "S", "Approved", "00", "51", Result.UNRESOLVED),
        ("S", "S", "Approved", None, None, Result.UNRESOLVED),
        ("S", "S", None, "00", "00", Result.UNRESOLVED),
        ("S", "R", "Approved", "00", "00", Result.UNRESOLVED),
        ("S", "PN", "Approved", "00", "00", Result.UNRESOLVED),
        ("S", "CNCL", "Approved", "00", "00", Result.UNRESOLVED),
        ("S", "ERR", "Error", "99", "99", Result.UNRESOLVED),
        ("S", "s", "Approved", "00", "00", Result.UNRESOLVED),
        ("S", "X", "Approved", "00", "00", Result.UNRESOLVED),
        ("S", None, "Approved", "00", "00", Result.UNRESOLVED),
        ("C", "C", "Approved", "00", "00", Result.UNRESOLVED),
        ("C", "D", "Declined", "51", "51", Result.UNRESOLVED),
        ("C", "V", "Approved", "00", "00", Result.UNRESOLVED),
        (None, "C", "Approved", "00", "00", Result.UNRESOLVED),
    ],
)
def test_the_state_of_the_newest_transaction_decides(
    kind, state, response, code, own_code, result
):
    extra = {"CHARGE_TYPE_CD": kind, "TRANS_STAT": state, "PROC_RET_CD": own_code}
    assert said(extra, Response=response, ProcReturnCode=code).result is result


def test_a_charge_is_told_with_its_facts_in_kurus():
    outcome = said({"TRANS_STAT": "A", "CAPTURE_AMT": ""})
    assert (outcome.result, outcome.amount_kurus) == (Result.APPROVED, 125040)
    assert outcome.authorisation_code == "771204"
    assert outcome.host_reference == "632511004477"
    assert outcome.bank_transaction_id == "26325LzpJ16296"
    assert outcome.card_masked == "4543 60** **** 0002"
    assert differences(bank.order(), outcome) == ()


def test_what_was_captured_counts_before_what_was_asked():
    outcome = said({"CAPTURE_AMT": "125041"})
    assert differences(bank.order(), outcome) == ("amount",)


def test_the_declaration_of_what_an_inquiry_tells_is_what_it_tells():
    outcome = said()
    told = {
        "order": outcome.order_id,
        "amount": outcome.amount_kurus,
        "currency": outcome.currency,
        "installment_count": outcome.installment_count,
        "result": outcome.result,
    }
    assert {
        n for n, value in told.items() if value is not None
    } == nestpay.TRAITS.inquiry_states


@pytest.mark.parametrize("amount", ["", "1250.40", "-1", "0125040", "1 250", None])
def test_a_charge_without_a_readable_amount_is_unresolved(amount):
    extra = {"ORIG_TRANS_AMT": amount, "CAPTURE_AMT": None}
    assert said(extra).result is Result.UNRESOLVED


@pytest.mark.parametrize("code", ["99", "05"])
def test_an_unknown_order_is_not_found(code):
    outcome = said(NO_FACTS, **NOT_FOUND | {"ProcReturnCode": code})
    assert outcome.result is Result.NOT_FOUND


@pytest.mark.parametrize(
    "changes",
    [
        {"Response": "Error"},
        {"Response": "Approved"},
        {"Response": None},
        {"ProcReturnCode": "00"},
        {"ProcReturnCode": "96"},
        {"ProcReturnCode": None},
        {"OrderId": None},
        {"OrderId": "TAH-2026-000123"},
        {"TransId": "26325LzpJ16296"},
    ],
    ids=str,
)
def test_an_answer_that_is_not_clear_is_not_taken_for_an_unknown_order(changes):
    assert said(NO_FACTS, **NOT_FOUND | changes).result is Result.UNRESOLVED


def test_refused_credentials_are_not_taken_for_an_unknown_order():
    facts = NO_FACTS | {"ERRORCODE": "CORE-2201"}
    assert said(facts, **NOT_FOUND).result is Result.UNRESOLVED
    assert said(facts, **NOT_FOUND).reason_code == "CORE-2201"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "malformed"),
        (b"<html><body>Sistem bakimda</body>", "malformed"),
        (b"<html><body>Sistem bakimda</body></html>", "document"),
        (b"<CC5Request/>", "document"),
        (bank.answer(OrderId="TAH-2026-000124"), "order"),
        (bank.answer({"ORD_ID": "TAH-2026-000124"}), "order"),
        (
            b"<CC5Response><Response>Approved</Response><Response>x</Response>"
            b"</CC5Response>",
            "repeated",
        ),
        (
            b"<CC5Response><Extra><A>1</A></Extra><Extra><A>2</A></Extra></CC5Response>",
            "repeated",
        ),
        (b"<CC5Response><Response><a/>Approved</Response></CC5Response>", "mixed"),
        (b"<!DOCTYPE a>" + bank.answer().split(b"\n", 1)[1], "markup"),
    ],
)
def test_what_is_no_answer_about_this_order_is_refused(body, reason):
    assert refusal(body) == reason


def test_an_empty_answer_is_unresolved():
    terminal, order = bank.terminal(), bank.order()
    proven = nestpay.read(terminal, order, QUESTION, b"<CC5Response/>")
    assert nestpay.parse(terminal, proven).result is Result.UNRESOLVED


def test_fuzzed_answers_raise_nothing_but_a_refusal():
    terminal, order, body = bank.terminal(), bank.order(), bank.answer()
    chance = random.Random(7)
    read = 0
    for _ in range(3000):
        octets = bytearray(body)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(octets))
            octets[at : at + chance.randrange(3)] = chance.randbytes(
                chance.randrange(3)
            )
        try:
            proven = nestpay.read(terminal, order, QUESTION, bytes(octets))
        except Refused:
            continue
        nestpay.parse(terminal, proven)
        read += 1
    assert read > 50
