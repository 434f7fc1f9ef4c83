"""Akbank: recurring payments, from the sale to the end of the schedule."""

import json
from datetime import datetime

import pytest
import suite
from akbank_talk import answered, talk
from cases import akbank as bank
from pos_gateway.protocols.answers import Refused, Result, State, differences
from pos_gateway.protocols.types import Operation, Schedule

TRACKED = bank.TRACKED


def asked(operation, **changes):
    tree = json.loads(talk.request(operation, **changes).body)
    head = ("version", "requestDateTime", "randomNumber", "terminal")
    return {name: node for name, node in tree.items() if name not in head}


def status(*payments, **changes):
    body = bank.listed(*payments, **changes)
    return answered(Operation.RECURRING_STATUS, body)


# --- what is asked ------------------------------------------------------------------


def test_the_sale_holds_the_card_and_the_schedule():
    assert asked(Operation.RECURRING, schedule=Schedule(6, 2, "Y")) == {
        "txnCode": "1000",
        "order": {"orderTrackId": bank.ORDER_ID},
        "card": {
            "cardNumber": suite.CARD_NUMBER,
            "cvv2": suite.CARD_CODE,
            "expireDate": "1230",
        },
        "transaction": {
            "amount": "1250.40",
            "currencyCode": 949,
            "motoInd": 1,
            "installCount": 1,
        },
        "recurring": {
            "numberOfPayments": 6,
            "frequencyInterval": 2,
            "frequencyCycle": "Y",
        },
        "customer": {"ipAddress": "203.0.113.7"},
    }


def test_what_is_known_of_the_payer_is_told():
    order = bank.order(email="bayi@ornek.example", client_ip="")
    tree = asked(Operation.RECURRING, order=order)
    assert tree["customer"] == {"emailAddress": "bayi@ornek.example"}


def test_a_facilitator_names_its_merchant():
    terminal = bank.terminal(sub_merchant_id="77")
    tree = json.loads(talk.request(Operation.RECURRING, terminal).body)
    assert tree["subMerchant"] == {"subMerchantId": "77"}


def test_a_schedule_is_asked_for_and_cancelled_by_its_order():
    told = {"txnCode": "1010", "order": TRACKED}
    assert asked(Operation.RECURRING_STATUS) == told
    told = {"txnCode": "1013", "order": TRACKED}
    assert asked(Operation.RECURRING_CANCEL) == told
    one = told | {"recurring": {"recurringOrder": 3}}
    assert asked(Operation.RECURRING_CANCEL, planned="3") == one


# --- the first charge ---------------------------------------------------------------


def test_the_first_charge_is_told_with_its_references():
    outcome = answered(Operation.RECURRING, bank.answer("1000", order=TRACKED))
    assert outcome.result is Result.APPROVED
    assert (outcome.authorisation_code, outcome.host_reference) == (
        "064731",
        "632525059601",
    )
    assert outcome.references == {"recurring_id": bank.ORDER_ID}


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"responseCode": "VPS-1005", "hostResponseCode": "51"}, Result.DECLINED),
        ({"responseCode": "VPS-1060", "hostResponseCode": None}, Result.DECLINED),
        ({"responseCode": "VPS-1005", "hostResponseCode": "96"}, Result.UNRESOLVED),
        ({"responseCode": "VPS-1005", "hostResponseCode": None}, Result.UNRESOLVED),
        ({"responseCode": "VPS-1013", "hostResponseCode": None}, Result.UNRESOLVED),
        ({"responseCode": "VPS-9999"}, Result.UNRESOLVED),
        ({"hostResponseCode": None}, Result.UNRESOLVED),
        ({"hostResponseCode": "51"}, Result.UNRESOLVED),
        ({"transaction": {"rrn": "0", "authCode": "064731"}}, Result.UNRESOLVED),
        ({"transaction": {"rrn": "632525059601"}}, Result.UNRESOLVED),
        ({"transaction": None}, Result.UNRESOLVED),
    ],
)
def test_a_charge_is_believed_with_all_that_belongs_to_it(changes, result):
    body = bank.answer("1000", **{"order": TRACKED} | changes)
    outcome = answered(Operation.RECURRING, body)
    assert outcome.result is result
    is_open = result is Result.UNRESOLVED
    assert outcome.follow_up is (Operation.INQUIRY if is_open else None)


def test_a_charge_of_another_amount_is_told():
    done = {"authCode": "064731", "rrn": "632525059601"}
    for told, found in (
        ({"amount": 12.5}, ("amount",)),
        ({"amount": 1250.4, "currencyCode": 840}, ("currency",)),
        ({"amount": 1250.4, "currencyCode": 949}, ()),
    ):
        body = bank.answer("1000", order=TRACKED, transaction=done | told)
        outcome = answered(Operation.RECURRING, body)
        assert differences(bank.order(), outcome) == found


@pytest.mark.parametrize(
    "order", [None, {}, {"orderTrackId": "PGBASKASIPARIS"}, {"orderId": "PGBASKA"}]
)
def test_a_charge_of_another_order_is_refused(order):
    with pytest.raises(Refused, match="order"):
        answered(Operation.RECURRING, bank.answer("1000", order=order))


def test_a_number_of_its_own_beside_that_of_the_schedule_is_no_other_order():
    named = TRACKED | {"orderId": "d2f58999"}
    outcome = answered(Operation.RECURRING, bank.answer("1000", order=named))
    assert outcome.result is Result.APPROVED


def test_a_lost_first_charge_is_found_by_its_order():
    rows = bank.listed(bank.payment(1, "S"), bank.payment(2), bank.payment(3))
    outcome = answered(Operation.INQUIRY, rows)
    assert outcome.result is Result.APPROVED
    assert outcome.amount_kurus == 125040
    waiting = bank.listed(bank.payment(1), bank.payment(2))
    assert answered(Operation.INQUIRY, waiting).result is Result.UNRESOLVED


# --- the payments -------------------------------------------------------------------


def test_each_payment_is_told_with_its_number_day_and_state():
    outcome = status(
        bank.payment(3),
        bank.payment(1, "S"),
        bank.payment(2, "S", txnDateTime="2026-12-21T06:00:00.100"),
        bank.payment(4, "C"),
    )
    assert outcome.result is Result.APPROVED
    told = [(entry.number, entry.state, entry.order_id) for entry in outcome.entries]
    assert told == [
        (1, State.CAPTURED, bank.ORDER_ID),
        (2, State.CAPTURED, "d2f58999-2"),
        (3, State.PLANNED, ""),
        (4, State.CANCELLED, ""),
    ]
    assert outcome.entries[1].at == datetime(2026, 12, 21, 6)
    assert outcome.entries[2].at == datetime(2027, 2, 21, 12, 1, 2)
    assert [entry.amount_kurus for entry in outcome.entries] == [125040] * 4
    assert outcome.data == {"recurring_count": "4"}


REFUSED = {"responseCode": "VPS-1005", "hostResponseCode": "51"}


@pytest.mark.parametrize(
    ("payment", "state"),
    [
        (bank.payment(2, "V"), State.VOIDED),
        (bank.payment(2, "S", **REFUSED), State.DECLINED),
        (bank.payment(2, "X", **REFUSED), State.DECLINED),
        (bank.payment(2, "W", **REFUSED, tryCount=1), State.PLANNED),
        (bank.payment(2, "S", responseCode="VPS-1005"), State.UNKNOWN),
        (bank.payment(2, "S", responseCode="VPS-9999"), State.UNKNOWN),
        (bank.payment(2, "S", responseCode=None), State.UNKNOWN),
        (bank.payment(2, "S", hostResponseCode=None), State.UNKNOWN),
        (bank.payment(2, "X"), State.UNKNOWN),
        (bank.payment(2, None), State.UNKNOWN),
    ],
)
def test_what_a_payment_does_not_say_for_certain_is_unknown(payment, state):
    entries = status(bank.payment(1, "S"), payment).entries
    assert [entry.state for entry in entries] == [State.CAPTURED, state]


@pytest.mark.parametrize("code", ["VPS-1059", "VPS-1123"])
def test_an_unknown_schedule_is_not_found(code):
    outcome = status(txnDetailList=None, responseCode=code)
    assert (outcome.result, outcome.entries) == (Result.NOT_FOUND, ())


def test_a_schedule_without_payments_is_unresolved():
    assert status().result is Result.UNRESOLVED
    assert status(bank.payment(1, "S"), responseCode="VPS-1059").result is (
        Result.UNRESOLVED
    )


@pytest.mark.parametrize("number", ["PGBASKASIPARIS", None])
def test_a_payment_of_another_schedule_is_refused(number):
    with pytest.raises(Refused, match="order"):
        status(bank.payment(1, "S"), bank.payment(2, orderTrackId=number))
    with pytest.raises(Refused, match="order"):
        status(bank.payment(1, "S", orderTrackId=number))


# --- the end of it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, Result.APPROVED),
        ({"hostResponseCode": "00"}, Result.APPROVED),
        ({"hostResponseCode": "96"}, Result.UNRESOLVED),
        ({"responseCode": "VPS-1059"}, Result.DECLINED),
        ({"responseCode": "VPS-1061"}, Result.DECLINED),
        ({"responseCode": "VPS-9999"}, Result.UNRESOLVED),
        ({"responseCode": "VPS-0001"}, Result.UNRESOLVED),
    ],
)
def test_a_cancellation_is_done_or_refused_by_known_codes(changes, result):
    said = {"order": TRACKED, "hostResponseCode": None, "transaction": None} | changes
    outcome = answered(Operation.RECURRING_CANCEL, bank.answer("1013", **said))
    assert outcome.result is result


def test_the_cancellation_of_another_schedule_is_refused():
    other = {"orderTrackId": "PGBASKASIPARIS"}
    with pytest.raises(Refused, match="order"):
        answered(Operation.RECURRING_CANCEL, bank.answer("1013", order=other))
