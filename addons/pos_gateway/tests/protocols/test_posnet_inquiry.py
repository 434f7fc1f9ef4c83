"""PosNet XML: how an order stands."""

import pytest
from cases import posnet as bank
from pos_gateway.protocols.answers import Hint, Refused, Result, State
from pos_gateway.protocols.types import Operation
from posnet_talk import answered, order_with

RETURN = bank.row("Return", "320,00", hostlogkey="026325771206000191")
REVERSE = bank.row("Sale_Reverse")
AUTH = bank.row("Authorization")
CAPTURE = bank.row("Capture", "1000,00", hostlogkey="026325771207000191")


@pytest.mark.parametrize(
    ("rows", "result", "state", "captured", "refunded"),
    [
        ([bank.row()], "approved", State.CAPTURED, 125040, 0),
        ([bank.row("VFT_Sale")], "approved", State.CAPTURED, 125040, 0),
        ([RETURN, bank.row()], "approved", State.PARTIALLY_REFUNDED, 125040, 32000),
        ([bank.row("Return"), bank.row()], "approved", State.REFUNDED, 125040, 125040),
        (
            [bank.row("Return_Reverse", "320"), RETURN, bank.row()],
            "approved",
            State.CAPTURED,
            125040,
            0,
        ),
        ([REVERSE, bank.row()], "cancelled", State.VOIDED, 0, 0),
        ([REVERSE], "cancelled", State.VOIDED, 0, 0),
        ([bank.row(), REVERSE, bank.row()], "approved", State.CAPTURED, 125040, 0),
        ([AUTH], "approved", State.AUTHORISED, 0, 0),
        ([CAPTURE, AUTH], "approved", State.CAPTURED, 100000, 0),
        ([CAPTURE], "approved", State.CAPTURED, 100000, 0),
        (
            [bank.row("Capture_Reverse", "1000,00"), CAPTURE, AUTH],
            "approved",
            State.AUTHORISED,
            0,
            0,
        ),
        ([bank.row("Authorization_Reverse"), AUTH], "cancelled", State.VOIDED, 0, 0),
        (
            [bank.row(txnStatus="0"), bank.row()],
            "approved",
            State.CAPTURED,
            125040,
            0,
        ),
    ],
)
def test_the_rows_of_an_order_add_up(rows, result, state, captured, refunded):
    outcome = answered(Operation.INQUIRY, bank.agreement(*rows))
    assert outcome.result.value == result
    assert outcome.standing.state is state
    assert outcome.standing.captured_kurus == captured
    assert outcome.standing.refunded_kurus == refunded
    assert len(outcome.entries) == len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [bank.row(), bank.row()],
        [bank.row(), AUTH],
        [bank.row(txnStatus="0")],
        [bank.row(txnStatus="")],
        [bank.row(state="Bonus_Usage"), bank.row()],
        [bank.row(state="Neuling")],
        [bank.row(state="")],
        [RETURN],
        [RETURN, REVERSE, bank.row()],
        [bank.row("Return", "1250,41"), bank.row()],
        [bank.row(amount="1.250,40")],
        [bank.row(amount="0")],
        [bank.row(amount="")],
        [bank.row(currencyCode="")],
        [bank.row(currencyCode="US"), RETURN],
        [bank.row("Authorization_Reverse"), CAPTURE, AUTH],
    ],
)
def test_what_does_not_add_up_is_unresolved(rows):
    outcome = answered(Operation.INQUIRY, bank.agreement(*rows))
    assert outcome.result is Result.UNRESOLVED


def test_the_inquiry_tells_what_later_calls_need():
    outcome = answered(Operation.INQUIRY, bank.agreement(CAPTURE, AUTH))
    assert outcome.references == {
        "host_log_key": bank.HOST_LOG_KEY,
        "capture_log_key": "026325771207000191",
        "order_prefix": "TDS_",
    }
    assert outcome.amount_kurus == 125040
    assert outcome.currency == "TRY"


def test_rows_come_newest_first_whatever_their_order():
    older = bank.row(tranDate="2026-11-20 08:00:00.0", txnStatus="0")
    outcome = answered(Operation.INQUIRY, bank.agreement(older, RETURN, bank.row()))
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale", "sale"]


def test_the_letter_case_of_the_bank_s_key_does_not_matter():
    row = bank.row(hostlogkey=None, hostLogKey=bank.HOST_LOG_KEY)
    outcome = answered(Operation.INQUIRY, bank.agreement(row))
    assert outcome.host_reference == bank.HOST_LOG_KEY


@pytest.mark.parametrize("number", [f"TDS_{'A' * 20}", "", None, f"XXXX{bank.XID}"])
def test_rows_of_another_order_are_refused(number):
    with pytest.raises(Refused):
        answered(Operation.INQUIRY, bank.agreement(bank.row(orderID=number)))


def test_an_order_is_unknown_when_both_spellings_of_its_number_are():
    first = answered(Operation.INQUIRY, bank.unknown_order())
    assert first.result is Result.NOT_FOUND
    assert first.hint is Hint.OTHER_PREFIX
    assert first.references == {"order_prefix": "TDSC"}
    second = answered(
        Operation.INQUIRY, bank.unknown_order(), order_with(**first.references)
    )
    assert (second.result, second.hint) == (Result.NOT_FOUND, None)
    assert second.references == {"order_prefix": "TDS_"}


@pytest.mark.parametrize("code", ["0148", "E190", "E998", "0123", "", "X"])
def test_an_inquiry_that_failed_is_no_unknown_order(code):
    outcome = answered(Operation.INQUIRY, bank.not_done(code))
    assert outcome.result is Result.UNRESOLVED


def test_rows_of_an_answer_that_is_not_approved_prove_nothing():
    body = bank.agreement(bank.row(), approved="0")
    assert answered(Operation.INQUIRY, body).result is Result.UNRESOLVED
