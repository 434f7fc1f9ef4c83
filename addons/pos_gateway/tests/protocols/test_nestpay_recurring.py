"""NestPay: recurring payments, from the sale to the end of the schedule."""

from dataclasses import replace
from datetime import datetime

import pytest
import suite
from cases import nestpay as bank
from pos_gateway.protocols import nestpay, wire
from pos_gateway.protocols.answers import Entry, Refused, Result, State
from pos_gateway.protocols.types import Operation, Schedule
from talk import Talk

talk = Talk(nestpay, bank, at=suite.call(Operation.INQUIRY).at)
answered = talk.answered
DONE = {"OrderId": "TAH-2026-000123", "Response": "Approved", "ProcReturnCode": "00"}
NAMELESS = bank.order(references={})


def asked(operation, order=None, **changes):
    body = talk.request(operation, order=order, **changes).body
    said = wire.flatten(wire.parse_xml(body))[0]
    for name in ("Name", "Password", "ClientId"):
        assert said.pop(name)
    return said


def inquired(*payments, **changes):
    return answered(Operation.INQUIRY, bank.plan(*payments, **changes))


# --- what is asked ------------------------------------------------------------------


def test_the_sale_holds_the_card_and_the_schedule():
    assert asked(Operation.RECURRING, schedule=Schedule(6, 2, "W")) == {
        "Mode": "P",
        "IPAddress": "203.0.113.7",
        "OrderId": "TAH-2026-000123",
        "Type": "Auth",
        "Total": "1250.40",
        "Currency": "949",
        "Taksit": "",
        "Number": suite.CARD_NUMBER,
        "Expires": "12/30",
        "Cvv2Val": suite.CARD_CODE,
        "PbOrder.OrderType": "0",
        "PbOrder.OrderFrequencyInterval": "2",
        "PbOrder.OrderFrequencyCycle": "W",
        "PbOrder.TotalNumberPayments": "6",
    }


def test_a_payer_whose_address_is_not_known_has_none():
    assert "IPAddress" not in asked(Operation.RECURRING, bank.order(client_ip=""))


def test_a_schedule_is_asked_for_by_its_name_or_else_by_its_order():
    told = {"Extra.ORDERSTATUS": "QUERY", "Extra.RECURRINGID": bank.PLAN}
    assert asked(Operation.RECURRING_STATUS) == told
    told = {"OrderId": "TAH-2026-000123", "Extra.ORDERSTATUS": "QUERY"}
    assert asked(Operation.RECURRING_STATUS, NAMELESS) == told


def test_one_payment_or_all_that_are_left_are_cancelled():
    all_left, one = ("Recurring", bank.PLAN), ("Order", "TAH-2026-000123-3")
    for planned, (kind, record) in (("", all_left), ("3", one)):
        assert asked(Operation.RECURRING_CANCEL, planned=planned) == {
            "Extra.RECORDTYPE": kind,
            "Extra.RECURRINGOPERATION": "Cancel",
            "Extra.RECORDID": record,
        }
    with pytest.raises(ValueError, match="number of the schedule"):
        asked(Operation.RECURRING_CANCEL, NAMELESS)


# --- the first charge ---------------------------------------------------------------


def test_the_first_charge_tells_the_name_of_the_schedule():
    outcome = answered(Operation.RECURRING, bank.recurred())
    assert outcome.result is Result.APPROVED
    assert outcome.authorisation_code == "771204"
    assert outcome.references == {"recurring_id": bank.PLAN}
    assert outcome.follow_up is None


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"Response": "Declined", "ProcReturnCode": "51"}, Result.DECLINED),
        ({"Response": "Error", "ProcReturnCode": "05"}, Result.DECLINED),
        ({"Response": "Declined", "ProcReturnCode": "77"}, Result.UNRESOLVED),
        ({"Response": "Declined", "ProcReturnCode": "91"}, Result.UNRESOLVED),
        ({"Response": "Declined"}, Result.UNRESOLVED),
        ({"ProcReturnCode": "51"}, Result.UNRESOLVED),
        ({"Response": None}, Result.UNRESOLVED),
        ({"OrderId": None}, Result.UNRESOLVED),
        ({"ProcReturnCode": ""}, Result.UNRESOLVED),
    ],
)
def test_a_charge_is_refused_by_known_codes_only(changes, result):
    outcome = answered(Operation.RECURRING, bank.recurred(**changes))
    assert outcome.result is result
    is_open = result is Result.UNRESOLVED
    assert outcome.follow_up is (Operation.INQUIRY if is_open else None)


def test_what_refuses_a_refund_is_no_refusal_of_a_charge():
    body = bank.not_done("CORE-2503")
    assert answered(Operation.RECURRING, body).result is Result.UNRESOLVED


def test_a_lost_first_charge_is_found_by_its_order():
    outcome = inquired(bank.payment(1, "C"), bank.payment(2), bank.payment(3))
    assert outcome.result is Result.APPROVED
    assert (outcome.amount_kurus, outcome.authorisation_code) == (125040, "771201")
    assert outcome.references == {"recurring_id": bank.PLAN}
    assert outcome.standing.state is State.CAPTURED
    assert outcome.reason == ""


@pytest.mark.parametrize(
    ("first", "result"),
    [
        (bank.payment(1, "D", PROC_RET_CD="51"), Result.DECLINED),
        (bank.payment(1, "D", PROC_RET_CD="00"), Result.UNRESOLVED),
        (bank.payment(1, "V"), Result.CANCELLED),
        (bank.payment(1, "C", PROC_RET_CD=None), Result.UNRESOLVED),
        (bank.payment(1, "C", PROC_RET_CD="51"), Result.UNRESOLVED),
        (bank.payment(1, "C", CHARGE_TYPE_CD="C"), Result.UNRESOLVED),
        (bank.payment(1, "C", ORIG_TRANS_AMT="1250.40"), Result.UNRESOLVED),
        (bank.payment(1), Result.UNRESOLVED),
        (bank.payment(1, "R"), Result.UNRESOLVED),
        (bank.payment(2, "C"), Result.UNRESOLVED),
    ],
)
def test_a_first_charge_is_told_by_its_own_row(first, result):
    outcome = inquired(first)
    assert outcome.result is result
    assert outcome.reason
    if result is Result.DECLINED:
        assert outcome.reason == "limit"


def test_an_inquiry_of_one_order_may_name_its_schedule():
    outcome = answered(Operation.INQUIRY, bank.answer({"RECURRINGID": bank.PLAN}))
    assert outcome.result is Result.APPROVED
    assert outcome.references == {"recurring_id": bank.PLAN}


# --- the payments -------------------------------------------------------------------


def test_each_payment_is_told_with_its_number_day_and_state():
    made = bank.payment(2, "D", PROC_RET_CD="51", AUTH_DTTM="2026-12-21 12:00:01.2")
    body = bank.plan(bank.payment(1, "S"), made, bank.payment(3), bank.payment(4))
    outcome = answered(Operation.RECURRING_STATUS, body)
    assert outcome.result is Result.APPROVED
    told = [(e.number, e.state, e.order_id[15:], e.bank_code) for e in outcome.entries]
    assert told == [
        (1, State.CAPTURED, "", "00"),
        (2, State.DECLINED, "-2", "51"),
        (3, State.PLANNED, "-3", ""),
        (4, State.PLANNED, "-4", ""),
    ]
    assert outcome.entries[1].at == datetime(2026, 12, 21, 12, 0, 1)
    assert outcome.entries[2].at == datetime(2027, 2, 21, 12, 0, 44)
    assert [entry.amount_kurus for entry in outcome.entries] == [125040] * 4
    assert outcome.data == {"recurring_id": bank.PLAN, "recurring_count": "4"}


def test_a_payment_that_was_made_is_told_with_all_its_facts():
    body = bank.plan(bank.payment(1, "C", CAPTURE_DTTM="2026-11-21 23:00:00.0"))
    (entry,) = answered(Operation.RECURRING_STATUS, body).entries
    assert entry == Entry(
        kind="sale",
        state=State.CAPTURED,
        amount_kurus=125040,
        captured_kurus=125040,
        order_id="TAH-2026-000123",
        at=datetime(2026, 11, 21, 12, 0, 44),
        captured_at=datetime(2026, 11, 21, 23),
        authorisation_code="771201",
        host_reference="632511004471",
        bank_transaction_id="26325LzpJ16291",
        bank_code="00",
        card_masked="4543 60** **** 0002",
        number=1,
    )


@pytest.mark.parametrize(
    ("payment", "state"),
    [
        (bank.payment(2, "CNCL"), State.CANCELLED),
        (bank.payment(2, "A"), State.AUTHORISED),
        (bank.payment(2, "S", PROC_RET_CD=None), State.UNKNOWN),
        (bank.payment(2, "S", PROC_RET_CD="05"), State.UNKNOWN),
        (bank.payment(2, "D"), State.UNKNOWN),
        (bank.payment(2, "ERR"), State.ERROR),
        (bank.payment(2, "?"), State.UNKNOWN),
        (bank.payment(2, TRANS_STAT=None), State.UNKNOWN),
    ],
)
def test_what_a_payment_does_not_say_for_certain_is_unknown(payment, state):
    body = bank.plan(bank.payment(1, "C"), payment)
    outcome = answered(Operation.RECURRING_STATUS, body)
    assert [entry.state for entry in outcome.entries] == [State.CAPTURED, state]


def test_a_schedule_of_which_payments_are_missing_is_unresolved():
    body = bank.plan(bank.payment(1, "C"), bank.payment(2), count="3")
    outcome = answered(Operation.RECURRING_STATUS, body)
    assert (outcome.result, len(outcome.entries)) == (Result.UNRESOLVED, 2)
    nothing = answered(Operation.RECURRING_STATUS, bank.plan(count="0"))
    assert (nothing.result, nothing.entries) == (Result.UNRESOLVED, ())


def test_an_unknown_schedule_is_not_found():
    outcome = answered(Operation.RECURRING_STATUS, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND


@pytest.mark.parametrize(
    "changes",
    [
        {"ORD_ID": "TAH-2026-000124-2"},
        {"ORD_ID": "TAH-2026-0001234"},
        {"ORD_ID": "TAH-2026-000123-1"},
        {"ORD_ID": "TAH-2026-000123-02"},
        {"ORD_ID": "TAH-2026-000123-2-2"},
        {"ORD_ID": ""},
    ],
)
@pytest.mark.parametrize("operation", [Operation.RECURRING_STATUS, Operation.INQUIRY])
def test_a_payment_of_another_order_is_refused(operation, changes):
    body = bank.plan(bank.payment(1, "C"), bank.payment(2, **changes))
    with pytest.raises(Refused, match="order"):
        answered(operation, body)


def test_another_schedule_of_the_same_order_is_refused():
    order = bank.order(references={"recurring_id": "another"})
    body = bank.plan(bank.payment(1, "C"))
    with pytest.raises(Refused, match="order"):
        answered(Operation.RECURRING_STATUS, body, order)
    outcome = answered(Operation.RECURRING_STATUS, body, NAMELESS)
    assert outcome.references == {"recurring_id": bank.PLAN}


# --- the end of it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, Result.APPROVED),
        ({"RESULT": "Successful"}, Result.APPROVED),
        ({"RESULT": "Failed"}, Result.UNRESOLVED),
        ({"RESULT": "Unsuccessfull"}, Result.UNRESOLVED),
        ({"RESULT": ""}, Result.UNRESOLVED),
        ({"RESULT": None}, Result.UNRESOLVED),
        ({"RECORDID": None}, Result.UNRESOLVED),
        ({"RECURRINGOPERATION": "PAUSE"}, Result.UNRESOLVED),
        ({"RESULT": None} | DONE, Result.UNRESOLVED),
        ({"ProcReturnCode": "05"}, Result.UNRESOLVED),
        ({"ProcReturnCode": "77", "RESULT": "Failed"}, Result.UNRESOLVED),
        ({"ProcReturnCode": "96", "RESULT": "Failed"}, Result.UNRESOLVED),
        ({"ProcReturnCode": "05", "RESULT": "Failed"}, Result.DECLINED),
        ({"ERRORCODE": "CORE-2008", "RESULT": "Failed"}, Result.DECLINED),
    ],
)
def test_only_a_cancellation_that_says_so_is_one(changes, result):
    outcome = answered(Operation.RECURRING_CANCEL, bank.dropped(**changes))
    assert outcome.result is result


def test_a_cancellation_is_refused_by_known_codes():
    outcome = answered(Operation.RECURRING_CANCEL, bank.not_done("CORE-2008"))
    assert (outcome.result, outcome.reason) == (Result.DECLINED, "not_possible")
    told = answered(Operation.RECURRING_CANCEL, bank.dropped(RESULT="No record"))
    assert told.bank_message == "No record"


def test_the_cancellation_of_something_else_is_refused():
    with pytest.raises(Refused, match="order"):
        answered(Operation.RECURRING_CANCEL, bank.dropped(RECORDID="another"))
    one = bank.dropped(RECORDTYPE="ORDER", RECORDID="TAH-2026-000123-2")
    with pytest.raises(Refused, match="order"):
        answered(Operation.RECURRING_CANCEL, one)
    outcome = answered(Operation.RECURRING_CANCEL, one, planned="2")
    assert outcome.result is Result.APPROVED


def test_a_card_number_in_a_schedule_goes_no_further():
    full = bank.payment(1, "C", PAN=suite.CARD_NUMBER, AUTH_CODE=suite.CARD_NUMBER)
    outcome = answered(Operation.RECURRING_STATUS, bank.plan(full))
    assert suite.CARD_NUMBER not in repr(replace(outcome))
