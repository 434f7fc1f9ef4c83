"""PayFor: what is asked, and what a refund's answer means."""

from datetime import date

import pytest
from cases import payfor as bank
from payfor_talk import answered, talk
from pos_gateway.protocols.answers import (
    Hint,
    Result,
)
from pos_gateway.protocols.types import Operation, Secret
from pos_gateway.protocols.wire import flatten, parse_xml


def asked(operation, terminal=None, **changes):
    request = talk.request(operation, terminal, **changes)
    return flatten(parse_xml(request.body))[0]


# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "kinds", "more"),
    [
        (Operation.INQUIRY, ("Inquiry", "OrderInquiry"), {}),
        (Operation.VOID, ("NonSecure", "Void"), {"Currency": "949"}),
        (
            Operation.CAPTURE,
            ("NonSecure", "PostAuth"),
            {"Currency": "949", "PurchAmount": "1250.40"},
        ),
        (
            Operation.REFUND,
            ("NonSecure", "Refund"),
            {"Currency": "949", "PurchAmount": "1250.40"},
        ),
    ],
)
def test_a_call_names_the_order_it_is_about(operation, kinds, more):
    assert asked(operation) == {
        "MbrId": "5",
        "MerchantId": bank.MERCHANT_ID,
        "UserCode": bank.API_USER,
        "UserPass": bank.API_PASSWORD,
        "SecureType": kinds[0],
        "TxnType": kinds[1],
        "Lang": "TR",
        "OrgOrderId": bank.ORDER_ID,
        **more,
    }


def test_a_history_is_asked_by_order_or_by_day():
    assert asked(Operation.HISTORY)["OrderId"] == bank.ORDER_ID
    fields = asked(Operation.DAY_LIST)
    assert fields["ReqDate"] == "20261121"
    assert "OrderId" not in fields
    with pytest.raises(ValueError, match="one day"):
        asked(Operation.DAY_LIST, last_day=date(2026, 11, 22))


def test_a_part_is_captured_or_refunded():
    for operation in (Operation.CAPTURE, Operation.REFUND):
        assert asked(operation, amount_kurus=5000)["PurchAmount"] == "50.00"


def test_what_the_bank_does_not_offer_is_not_asked():
    for operation in (Operation.RECURRING, Operation.BIN, Operation.SALE):
        with pytest.raises(ValueError, match="does not offer"):
            asked(operation)
    for change in ({"api_user": ""}, {"api_password": Secret("")}):
        with pytest.raises(ValueError, match="missing"):
            asked(Operation.INQUIRY, bank.terminal(**change))


# --- what answers mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "result", "hint"),
    [
        ("00", Result.APPROVED, None),
        ("V014", Result.DECLINED, Hint.VOID_INSTEAD),
        ("V017", Result.DECLINED, Hint.DONE_BEFORE),
        ("V025", Result.DECLINED, Hint.DONE_BEFORE),
        ("V037", Result.DECLINED, None),
        ("V013", Result.DECLINED, None),
        ("V020", Result.UNRESOLVED, None),
        ("96", Result.UNRESOLVED, None),
        ("V777", Result.UNRESOLVED, None),
        ("", Result.UNRESOLVED, None),
    ],
)
def test_a_refund_is_done_with_00_whatever_its_authorisation_code(code, result, hint):
    outcome = answered(Operation.REFUND, bank.answer(ProcReturnCode=code))
    assert (outcome.result, outcome.hint) == (result, hint)
