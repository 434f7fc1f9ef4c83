"""Calls that move money back, and the history of an order."""

from datetime import datetime

import pytest
from cases import nestpay as bank
from lxml import etree
from pos_gateway.protocols import nestpay
from pos_gateway.protocols.answers import Hint, Refused, Result, State
from pos_gateway.protocols.types import Call, Operation

MONEY_CALLS = [Operation.CAPTURE, Operation.VOID, Operation.REFUND]


def asked(operation, amount_kurus=None):
    call = Call(operation, amount_kurus=amount_kurus)
    root = etree.fromstring(nestpay.ask(bank.terminal(), bank.order(), call).body)
    names = [leaf for leaf in root.iter() if not len(leaf)]
    said = {leaf.tag: leaf.text for leaf in names}
    for name in ("Name", "Password", "ClientId", "OrderId"):
        assert said.pop(name)
    return said


def said(operation, body):
    terminal = bank.terminal()
    proven = nestpay.read(terminal, bank.order(), Call(operation), body)
    return nestpay.parse(terminal, proven)


def history(*rows, **changes):
    return said(Operation.HISTORY, bank.history(*rows, **changes))


SALE = bank.row()
RETURNED = bank.row("C", amount="30040", captured="30040", transaction="T2")


def test_a_question_names_the_order_and_what_is_wanted():
    assert asked(Operation.INQUIRY) == {"ORDERSTATUS": "QUERY"}
    assert asked(Operation.HISTORY) == {"ORDERHISTORY": "QUERY"}


def test_a_whole_capture_says_no_original_amount():
    assert asked(Operation.CAPTURE) == {"Type": "PostAuth"}
    whole = {"Type": "PostAuth", "Total": "1250.40"}
    assert asked(Operation.CAPTURE, 125040) == whole


def test_a_smaller_capture_says_what_was_reserved():
    said = asked(Operation.CAPTURE, 100000)
    assert said == {"Type": "PostAuth", "Total": "1000.00", "PREAMT": "1250.40"}


def test_a_void_needs_the_order_only():
    assert asked(Operation.VOID) == {"Type": "Void"}


def test_a_refund_says_amount_and_currency():
    whole = {"Type": "Credit", "Total": "1250.40", "Currency": "949"}
    assert asked(Operation.REFUND) == whole
    assert asked(Operation.REFUND, 5) == whole | {"Total": "0.05"}


def test_what_the_bank_does_not_offer_is_not_asked():
    for operation in {*Operation} - nestpay.TRAITS.operations:
        with pytest.raises(ValueError):
            nestpay.ask(bank.terminal(), bank.order(), Call(operation))


@pytest.mark.parametrize("operation", MONEY_CALLS)
def test_what_was_done_is_told_with_its_references(operation):
    outcome = said(operation, bank.done())
    assert outcome.result is Result.APPROVED
    assert outcome.operation is operation
    assert outcome.bank_transaction_id == "26325LzqK16297"
    assert (outcome.host_reference, outcome.batch) == ("632511004478", "2400")
    assert outcome.at == datetime(2026, 11, 21, 14, 10, 5)


@pytest.mark.parametrize("operation", MONEY_CALLS)
@pytest.mark.parametrize(
    "changes",
    [
        {"Response": None},
        {"Response": "Error"},
        {"ProcReturnCode": None},
        {"ProcReturnCode": "99"},
        {"ProcReturnCode": "0"},
        {"OrderId": None},
        {"OrderId": ""},
        {"ERRORCODE": "CORE-2008"},
    ],
    ids=str,
)
def test_nothing_is_done_when_the_answer_does_not_say_so(operation, changes):
    assert said(operation, bank.done(**changes)).result is not Result.APPROVED


def test_an_answer_about_another_order_is_refused():
    with pytest.raises(Refused):
        said(Operation.REFUND, bank.done(OrderId="TAH-2026-000124"))


@pytest.mark.parametrize(
    ("operation", "code", "hint"),
    [
        (Operation.REFUND, "CORE-2508", Hint.VOID_INSTEAD),
        (Operation.VOID, "CORE-2008", Hint.REFUND_INSTEAD),
        (Operation.VOID, "CORE-2511", Hint.REFUND_INSTEAD),
        (Operation.REFUND, "CORE-2504", Hint.DONE_BEFORE),
        (Operation.CAPTURE, "CORE-2506", Hint.DONE_BEFORE),
        (Operation.REFUND, "CORE-2503", None),
        (Operation.REFUND, "CORE-2117", None),
        (Operation.CAPTURE, "CORE-2115", None),
        (Operation.REFUND, "CORE-2517", None),
    ],
)
def test_a_refusal_tells_what_to_do_instead(operation, code, hint):
    outcome = said(operation, bank.not_done(code))
    assert (outcome.result, outcome.hint) == (Result.DECLINED, hint)
    assert outcome.reason != "other"
    assert (outcome.bank_code, outcome.reason_code) == ("99", code)


@pytest.mark.parametrize("code", ["", "XYZ-1", "CORE-2016", "ISO8583-91", "BM-9100"])
def test_a_refusal_that_we_do_not_know_is_unresolved(code):
    assert said(Operation.REFUND, bank.not_done(code)).result is Result.UNRESOLVED


def test_a_history_is_told_newest_first_and_summed_up():
    outcome = history(RETURNED, SALE)
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale"]
    newest = outcome.entries[0]
    assert (newest.amount_kurus, newest.bank_transaction_id) == (30040, "T2")
    standing = outcome.standing
    assert standing.state is State.PARTIALLY_REFUNDED
    assert (standing.captured_kurus, standing.refunded_kurus) == (125040, 30040)


@pytest.mark.parametrize(
    ("rows", "state", "refunded"),
    [
        ([SALE], State.CAPTURED, 0),
        ([bank.row(state="S")], State.CAPTURED, 0),
        ([bank.row(state="V")], State.VOIDED, 0),
        ([bank.row("C", "D"), SALE], State.CAPTURED, 0),
        ([bank.row("C"), SALE], State.REFUNDED, 125040),
        ([RETURNED, RETURNED, SALE], State.PARTIALLY_REFUNDED, 60080),
        ([SALE, bank.row(state="D", code="51")], State.CAPTURED, 0),
    ],
)
def test_the_rows_add_up_to_how_the_order_stands(rows, state, refunded):
    standing = history(*rows).standing
    assert (standing.state, standing.refunded_kurus) == (state, refunded)


@pytest.mark.parametrize("rows", [[], [SALE, SALE], [bank.row(state="X")]])
def test_what_does_not_add_up_is_no_standing(rows):
    assert history(*rows).standing is None


def test_a_list_that_is_not_whole_is_unresolved():
    assert history(SALE, count="2").result is Result.UNRESOLVED
    assert history("S\tC\t1").result is Result.UNRESOLVED


def test_an_unknown_order_has_no_history():
    no = {"ProcReturnCode": "05", "Response": "Declined", "ErrMsg": "No record found"}
    outcome = history(**no)
    assert (outcome.result, outcome.entries) == (Result.NOT_FOUND, ())
    assert history(SALE, **no).result is Result.UNRESOLVED
    assert history(count="", **no).result is Result.UNRESOLVED
