"""PayFlex: how an order stands."""

import pytest
from cases import payflex as bank
from payflex_talk import answered, asked, xml_of
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.types import Operation


def inquiry(*rows, **changes):
    return answered(Operation.INQUIRY, bank.found(*rows, **changes))


def test_the_search_is_by_the_number_of_the_order():
    request = asked(Operation.INQUIRY)
    assert request.url == bank.terminal().url("search")
    assert xml_of(request) == {
        "MerchantCriteria.HostMerchantId": bank.MERCHANT,
        "MerchantCriteria.MerchantPassword": bank.PASSWORD,
        "TransactionCriteria.TransactionId": "",
        "TransactionCriteria.OrderId": bank.ORDER_ID,
        "TransactionCriteria.AuthCode": "",
    }


AUTH = {"TransactionType": "Auth"}


@pytest.mark.parametrize(
    ("changes", "result", "state", "amounts"),
    [
        ({}, "approved", "captured", (125040, 0, None)),
        (AUTH, "approved", "authorized", (None, 0, None)),
        (AUTH | {"IsCaptured": "true"}, "approved", "captured", (125040, 0, None)),
        ({"IsCanceled": "true"}, "cancelled", "voided", (125040, 0, 125040)),
        ({"IsReversed": "true"}, "cancelled", "voided", (125040, 0, 125040)),
        (AUTH | {"IsCanceled": "true"}, "cancelled", "voided", (None, 0, 125040)),
        (
            {"IsRefunded": "true", "TotalRefundAmount": "50.00"},
            "approved",
            "partially_refunded",
            (125040, 5000, None),
        ),
        (
            {"IsRefunded": "true", "TotalRefundAmount": "1250.40"},
            "approved",
            "refunded",
            (125040, 125040, None),
        ),
        ({"IsReversed": None}, "approved", "captured", (125040, 0, None)),
        (
            {"Amount": None, "CurrencyAmount": "1250.40"},
            "approved",
            "captured",
            (125040, 0, None),
        ),
    ],
)
def test_an_inquiry_reads_the_flags_of_the_charge(changes, result, state, amounts):
    outcome = inquiry(bank.row(**changes))
    assert outcome.result is Result(result)
    standing = outcome.standing
    assert standing.state is State(state)
    assert standing.amount_kurus == outcome.amount_kurus == 125040
    assert amounts == (
        standing.captured_kurus,
        standing.refunded_kurus,
        standing.voided_kurus,
    )
    assert outcome.references == {"transaction_id": bank.CHARGE}


def test_an_inquiry_that_differs_from_the_order_shows():
    row = bank.row(Amount="1.00", AmountCode="978", NumberOfInstallments="2")
    named = differences(bank.order(), inquiry(row))
    assert named == ("amount", "currency", "installment_count")


def test_refusals_beside_the_charge_count_for_nothing():
    refused = bank.row(ResultCode="0051", TransactionId="x")
    outcome = inquiry(refused, bank.row(), bank.row(TransactionType="Refund"))
    assert outcome.result is Result.APPROVED


def test_an_order_of_refusals_is_declined():
    outcome = inquiry(bank.row(ResultCode="0051"))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "limit"


@pytest.mark.parametrize(
    "rows",
    [
        [bank.row(), bank.row()],
        [bank.row(ResultCode="0091")],
        [bank.row(ResultCode=None)],
        [bank.row(ResultCode="0051"), bank.row(ResultCode="1006")],
        [bank.row(TransactionType="Refund")],
        [bank.row(TransactionType=None)],
        [bank.row(Amount=None)],
        [bank.row(Amount="1.250,40")],
        [bank.row(IsCanceled=None)],
        [bank.row(IsRefunded=None)],
        [bank.row(IsCanceled="belki")],
        [bank.row(**AUTH | {"IsCaptured": None})],
    ],
    ids=lambda rows: str(len(rows)),
)
def test_an_inquiry_that_tells_of_no_single_charge_is_unresolved(rows):
    assert inquiry(*rows).result is Result.UNRESOLVED


def test_an_order_without_a_row_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    assert inquiry(total="1").result is Result.UNRESOLVED
    assert inquiry(ResponseCode="9065").result is Result.UNRESOLVED
    assert inquiry(ResponseCode="").result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"OrderId": None}, "order"),
        ({"MerchantId": "1"}, "merchant"),
    ],
    ids=str,
)
def test_rows_of_something_else_are_refused(changes, reason):
    with pytest.raises(Refused) as caught:
        inquiry(bank.row(**changes))
    assert caught.value.reason == reason
