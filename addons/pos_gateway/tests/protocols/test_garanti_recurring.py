"""Garanti: recurring payments, from the sale to the end of the schedule."""

from datetime import UTC, datetime

import pytest
import suite
from cases import garanti as bank
from garanti_talk import answered, talk
from pos_gateway.protocols.answers import Refused, Result, State
from pos_gateway.protocols.types import Operation, Schedule
from pos_gateway.protocols.wire import flatten, parse_xml

AT = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # the next day in Turkey


def asked(operation, **changes):
    body = talk.request(operation, **{"at": AT} | changes).body
    return flatten(parse_xml(body))[0]


def part(fields, path):
    start = f"{path}."
    return {
        name.removeprefix(start): text
        for name, text in fields.items()
        if name.startswith(start) and text
    }


# --- what is asked ------------------------------------------------------------------


def test_the_sale_holds_the_card_and_the_schedule():
    fields = asked(Operation.RECURRING, schedule=Schedule(6, 2, "W"))
    assert part(fields, "Card") == {
        "Number": suite.CARD_NUMBER,
        "ExpireDate": "1230",
        "CVV2": suite.CARD_CODE,
    }
    assert part(fields, "Order") == {
        "OrderID": bank.ORDER_ID,
        "Recurring.TotalPaymentNum": "6",
        "Recurring.FrequencyType": "W",
        "Recurring.FrequencyInterval": "2",
        "Recurring.Type": "R",
        "Recurring.StartDate": "20261121",
    }
    assert part(fields, "Transaction") == {
        "Type": "sales",
        "Amount": "125040",
        "CurrencyCode": "949",
        "CardholderPresentCode": "0",
        "MotoInd": "N",
    }
    assert fields["Terminal.ProvUserID"] == "PROVAUT"


@pytest.mark.parametrize(
    ("operation", "amount"),
    [(Operation.RECURRING, "125040"), (Operation.POINTS, "100")],
)
def test_the_number_of_the_card_is_signed(operation, amount):
    text = bank.ORDER_ID + bank.TERMINAL_ID + suite.CARD_NUMBER + amount + "949"
    text += bank.security_data(bank.PROVAUT)
    assert asked(operation)["Terminal.HashData"] == bank.sha("sha512", text)


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (Operation.RECURRING_STATUS, "orderhistoryinq"),
        (Operation.RECURRING_CANCEL, "recurringvoid"),
    ],
)
def test_what_follows_names_the_order_as_the_user_of_sales(operation, kind):
    fields = asked(operation)
    assert part(fields, "Order") == {"OrderID": bank.ORDER_ID}
    assert part(fields, "Transaction") == {
        "Type": kind,
        "Amount": "100",
        "CurrencyCode": "949",
        "CardholderPresentCode": "0",
        "MotoInd": "N",
    }
    assert fields["Terminal.ProvUserID"] == "PROVAUT"
    assert not part(fields, "Card")


def test_no_single_payment_is_cancelled():
    with pytest.raises(ValueError, match="all payments"):
        asked(Operation.RECURRING_CANCEL, planned="2")


def test_years_are_not_offered():
    with pytest.raises(ValueError, match="D, W, M"):
        asked(Operation.RECURRING, schedule=Schedule(3, 1, "Y"))


# --- the first charge ---------------------------------------------------------------


def test_the_first_charge_is_told_with_its_references():
    outcome = answered(Operation.RECURRING, bank.answer())
    assert outcome.result is Result.APPROVED
    assert outcome.authorisation_code == "304917"
    assert outcome.references == {"retref_num": "632500310099"}


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"Code": "51", "ReasonCode": "51"}, Result.DECLINED),
        ({"Code": "92", "ReasonCode": "0002"}, Result.DECLINED),
        ({"Code": "92", "ReasonCode": "0999"}, Result.UNRESOLVED),
        ({"Code": "96", "ReasonCode": "96"}, Result.UNRESOLVED),
        ({"Code": "77", "ReasonCode": "77"}, Result.UNRESOLVED),
        ({"Code": ""}, Result.UNRESOLVED),
        ({"RetrefNum": ""}, Result.UNRESOLVED),
    ],
)
def test_a_charge_is_refused_by_known_codes_only(changes, result):
    outcome = answered(Operation.RECURRING, bank.answer(**changes))
    assert outcome.result is result
    is_open = result is Result.UNRESOLVED
    assert outcome.follow_up is (Operation.INQUIRY if is_open else None)
    assert not outcome.references


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"HashData": ""}, "hash"),
        ({"HashData": "A" * 128}, "hash"),
        ({"password": bank.PROVRFN}, "hash"),
        ({"OrderID": "PGBASKASIPARIS"}, "order"),
        ({"OrderID": ""}, "order"),
    ],
)
@pytest.mark.parametrize(
    "operation", [Operation.RECURRING, Operation.RECURRING_CANCEL, Operation.POINTS]
)
def test_an_answer_that_is_not_proven_is_refused(operation, changes, reason):
    with pytest.raises(Refused, match=reason):
        answered(operation, bank.answer(**changes))


# --- the payments -------------------------------------------------------------------


def test_the_payments_that_were_tried_are_told_in_their_order():
    body = bank.history(
        bank.row(),
        bank.row(Status="51", ReturnCode="51", AuthDate="20261221", RetrefNum="2"),
        bank.row(Type="refund", AuthAmount="100", AuthDate="20261222"),
        bank.row(AuthDate="20270121", RetrefNum="3"),
    )
    outcome = answered(Operation.RECURRING_STATUS, body)
    assert outcome.result is Result.APPROVED
    told = [(e.state, e.at.date().isoformat(), e.bank_code) for e in outcome.entries]
    assert told == [
        (State.CAPTURED, "2026-11-21", "00"),
        (State.DECLINED, "2026-12-21", "51"),
        (State.CAPTURED, "2027-01-21", "00"),
    ]
    assert outcome.standing is None
    assert not outcome.data


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (bank.row(Status="00", ReturnCode="51"), State.UNKNOWN),
        (bank.row(VoidDate="20261121"), State.VOIDED),
        (bank.row(Status="", ReturnCode=""), State.DECLINED),
    ],
)
def test_a_payment_is_done_only_if_it_says_so_twice(row, state):
    (entry,) = answered(Operation.RECURRING_STATUS, bank.history(row)).entries
    assert entry.state is state


def test_a_schedule_without_payments_is_unresolved():
    refund = bank.history(bank.row(Type="refund"))
    for body in (bank.history(), refund):
        outcome = answered(Operation.RECURRING_STATUS, body)
        assert (outcome.result, outcome.entries) == (Result.UNRESOLVED, ())


def test_an_unknown_order_has_no_schedule():
    no = bank.LISTED | {"Code": "92", "ReasonCode": "0108"}
    outcome = answered(Operation.RECURRING_STATUS, bank.answer(**no))
    assert outcome.result is Result.NOT_FOUND


# --- the end of it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, Result.APPROVED),
        ({"Code": "92", "ReasonCode": "0108"}, Result.DECLINED),
        ({"Code": "92", "ReasonCode": "0110"}, Result.DECLINED),
        ({"Code": "92", "ReasonCode": "0652"}, Result.DECLINED),
        ({"Code": "92", "ReasonCode": "0999"}, Result.UNRESOLVED),
        ({"Code": "99", "ReasonCode": ""}, Result.UNRESOLVED),
    ],
)
def test_a_cancellation_is_done_or_refused_by_known_codes(changes, result):
    body = bank.answer(**bank.LISTED | changes)
    assert answered(Operation.RECURRING_CANCEL, body).result is result
