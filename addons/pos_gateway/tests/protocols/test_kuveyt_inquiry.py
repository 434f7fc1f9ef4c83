"""Kuveyt Türk: how an order stands."""

import pytest
from cases import boa
from cases import kuveyt as bank
from kuveyt_talk import answered, asked, texts_of
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.types import Operation


def inquiry(*rows, **changes):
    return answered(Operation.INQUIRY, bank.found(*rows, **changes))


def test_an_inquiry_is_about_the_days_around_the_order():
    request = asked(Operation.INQUIRY)
    fields = {n.removeprefix("Body."): t for n, t in texts_of(request).items()}
    start = "GetMerchantOrderDetail.request."
    assert fields[f"{start}MerchantOrderId"] == boa.ORDER_ID
    assert fields[f"{start}OrderId"] == "0"
    assert fields[f"{start}StartDate"] == "2026-11-20T11:59:00"
    assert fields[f"{start}EndDate"] == "2026-11-22T12:01:00"
    assert fields[f"{start}VPosMessage.Amount"] == "0"
    glued = boa.MERCHANT + boa.ORDER_ID + "0" + boa.USER
    signature = boa.sha(glued + boa.HASH_PASSWORD)
    assert fields[f"{start}VPosMessage.HashData"] == signature
    ((name, action),) = request.headers
    assert name == "SOAPAction"
    assert action.endswith("/IVirtualPosService/GetMerchantOrderDetail")
    with pytest.raises(ValueError, match="time"):
        asked(Operation.INQUIRY, at=None)


@pytest.mark.parametrize(
    ("changes", "result", "state", "refunded", "voided"),
    [
        ({}, "approved", "captured", 0, 0),
        (
            {"LastOrderStatus": "4", "DrawbackAmount": "1250.40"},
            "approved",
            "refunded",
            125040,
            0,
        ),
        (
            {"LastOrderStatus": "5", "DrawbackAmount": "50.00"},
            "approved",
            "partially_refunded",
            5000,
            0,
        ),
        (
            {"LastOrderStatus": "6", "CancelAmount": "1250.40"},
            "cancelled",
            "voided",
            0,
            125040,
        ),
    ],
)
def test_an_inquiry_reads_the_last_state(changes, result, state, refunded, voided):
    outcome = inquiry(boa.row(**changes))
    assert outcome.result is Result(result)
    standing = outcome.standing
    assert standing.state is State(state)
    assert standing.captured_kurus == standing.amount_kurus == 125040
    assert (standing.refunded_kurus, standing.voided_kurus) == (refunded, voided)
    assert outcome.references["bank_order_id"] == boa.BANK_ORDER
    assert outcome.references["provision_number"] == boa.PROVISION


def test_an_inquiry_that_differs_from_the_order_shows():
    row = boa.row(FirstAmount="1.00", FEC="0840", InstallmentCount="3")
    named = differences(bank.order(), inquiry(row))
    assert named == ("amount", "currency", "installment_count")


def test_refusals_beside_the_charge_count_for_nothing():
    outcome = inquiry(boa.row(ResponseCode="51"), boa.row())
    assert outcome.result is Result.APPROVED


def test_an_order_of_refusals_is_declined():
    outcome = inquiry(boa.row(ResponseCode="51", ResponseExplain="Limit"))
    assert outcome.result is Result.DECLINED
    assert (outcome.reason, outcome.bank_message) == ("limit", "Limit")


@pytest.mark.parametrize(
    "rows",
    [
        [boa.row(), boa.row()],
        [boa.row(ResponseCode="91")],
        [boa.row(ResponseCode=None)],
        [boa.row(ResponseCode="")],
        [boa.row(LastOrderStatus=None)],
        [boa.row(LastOrderStatus="9")],
        [boa.row(FirstAmount=None)],
        [boa.row(FirstAmount="1.250,40")],
        [boa.row(FirstAmount="125040.000")],
    ],
    ids=lambda rows: str(len(rows)),
)
def test_an_inquiry_that_tells_of_no_single_charge_is_unresolved(rows):
    assert inquiry(*rows).result is Result.UNRESOLVED


def test_success_without_a_value_means_that_there_is_no_order():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    for changes in ({"success": "false"}, {"success": ""}, {"results": bank.error()}):
        assert inquiry(**changes).result is Result.UNRESOLVED


def test_rows_of_another_order_are_refused():
    for changes in ({"MerchantOrderId": "BASKA"}, {"MerchantOrderId": None}):
        with pytest.raises(Refused, match="order"):
            inquiry(boa.row(**changes))
    with pytest.raises(Refused, match="merchant"):
        inquiry(boa.row(MerchantId="1"))
