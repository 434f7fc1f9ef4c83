"""Akbank: how an order stands, its history and the list of a day."""

import json
from datetime import datetime

import pytest
from akbank_talk import answered
from cases import akbank as bank
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.types import Operation


def inquiry(*rows, **changes):
    return answered(Operation.INQUIRY, bank.listed(*rows, **changes))


@pytest.mark.parametrize(
    ("rows", "result", "state", "amounts"),
    [
        ([bank.row()], "approved", "captured", (125040, 125040, 0, None)),
        (
            [bank.row(**bank.PREAUTH)],
            "approved",
            "authorized",
            (125040, None, 0, None),
        ),
        (
            [
                bank.row(**bank.CAPTURED | {"preAuthCloseAmount": 1000}),
                bank.later("1005", 1000),
            ],
            "approved",
            "captured",
            (125040, 100000, 0, None),
        ),
        (
            [bank.row(txnStatus="V")],
            "cancelled",
            "voided",
            (125040, 125040, 0, 125040),
        ),
        (
            [bank.row(txnStatus="V"), bank.later("1003")],
            "cancelled",
            "voided",
            (125040, 125040, 0, 125040),
        ),
        (
            [bank.row(txnStatus="S"), bank.later("1002", 50)],
            "approved",
            "partially_refunded",
            (125040, 125040, 5000, None),
        ),
        (
            [
                bank.row(txnStatus="S"),
                bank.later("1002", 50, txnStatus="V"),
                bank.later("1002", 70.5),
            ],
            "approved",
            "partially_refunded",
            (125040, 125040, 7050, None),
        ),
        (
            [bank.row(txnStatus="R"), bank.later("1002")],
            "approved",
            "refunded",
            (125040, 125040, 125040, None),
        ),
        (
            [bank.row(txnStatus="R")],
            "approved",
            "refunded",
            (125040, 125040, 125040, None),
        ),
        (
            [bank.row(**bank.REFUSED, txnStatus="N"), bank.row()],
            "approved",
            "captured",
            (125040, 125040, 0, None),
        ),
    ],
)
def test_an_inquiry_sums_up_the_rows_of_an_order(rows, result, state, amounts):
    outcome = inquiry(*rows)
    assert outcome.result is Result(result)
    standing = outcome.standing
    assert standing.state is State(state)
    assert amounts == (
        standing.amount_kurus,
        standing.captured_kurus,
        standing.refunded_kurus,
        standing.voided_kurus,
    )
    assert outcome.currency == "TRY"
    assert outcome.installment_count == 1


def test_an_inquiry_that_differs_from_the_order_shows():
    outcome = inquiry(bank.row(amount=1, currencyCode=840, installCount=3))
    named = differences(bank.order(), outcome)
    assert named == ("amount", "currency", "installment_count")


def test_an_order_of_refusals_is_declined():
    outcome = inquiry(bank.row(**bank.REFUSED))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "limit"
    assert outcome.bank_message == "151 LIMIT YETERSIZ"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [bank.row(), bank.row()],
        [bank.row(amount="1.250,40")],
        [bank.row(amount=None)],
        [bank.row(txnStatus="X")],
        [bank.row(txnStatus=None)],
        [bank.row(responseCode=None)],
        [bank.row(hostResponseCode=None)],
        [bank.row(hostResponseCode="51")],
        [bank.row(txnCode="4711")],
        [bank.row(**bank.PREAUTH | {"preAuthStatus": None})],
        [bank.row(), bank.later("1003")],
        [bank.row(), bank.later("1002", txnStatus="?")],
        [bank.row(**bank.CAPTURED), bank.later("1005", txnStatus="V")],
        [bank.row(**bank.REFUSED | {"hostResponseCode": "91"})],
        [bank.row(**bank.REFUSED), bank.row(responseCode="VPS-1013")],
        [bank.row(requestStatus="W", responseCode=None, txnStatus=None)],
    ],
    ids=lambda rows: json.dumps([len(rows)]),
)
def test_an_inquiry_that_tells_of_no_single_charge_is_unresolved(rows):
    outcome = inquiry(*rows)
    assert outcome.result is Result.UNRESOLVED


def test_an_unknown_order_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    history = answered(Operation.HISTORY, bank.unknown_order())
    assert history.result is Result.NOT_FOUND
    odd = inquiry(bank.row(), responseCode="VPS-1123")
    assert odd.result is Result.UNRESOLVED
    assert inquiry(responseCode="VPS-1007").result is Result.UNRESOLVED


def test_rows_of_another_order_are_refused():
    with pytest.raises(Refused, match="order"):
        inquiry(bank.row(orgOrderId="BASKA"))
    with pytest.raises(Refused, match="order"):
        inquiry(bank.row(orgOrderId=None, orderId=None))


def test_a_history_is_newest_first_and_tells_how_the_order_stands():
    rows = [bank.row(**bank.CAPTURED), bank.later("1005"), bank.later("1002", 50)]
    outcome = answered(Operation.HISTORY, bank.listed(*rows))
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "capture", "preauth"]
    assert outcome.entries[-1].captured_kurus == 125040
    assert outcome.standing.refunded_kurus == 5000


def test_a_day_list_names_the_order_of_each_row():
    rows = [bank.row(), bank.row(orderId="PGBASKASIPARIS", orgOrderId=None)]
    outcome = answered(Operation.DAY_LIST, bank.listed(*rows, code="1009"))
    assert outcome.result is Result.APPROVED
    named = {entry.order_id for entry in outcome.entries}
    assert named == {bank.ORDER_ID, "PGBASKASIPARIS"}
    assert outcome.standing is None


def test_planned_payments_are_understood():
    planned = {"responseCode": None, "txnStatus": None, "txnDateTime": None}
    rows = [
        bank.row(requestStatus="S", txnStatus=None),
        bank.row(requestStatus="W", plannedDateTime="2026-12-21T10:00:00.1", **planned),
        bank.row(requestStatus="C", plannedDateTime="2027-01-21T10:00:00.1", **planned),
    ]
    outcome = answered(Operation.HISTORY, bank.listed(*rows))
    states = [entry.state for entry in outcome.entries]
    assert states == [State.CANCELLED, State.PLANNED, State.CAPTURED]
    assert outcome.entries[1].at == datetime(2026, 12, 21, 10)
