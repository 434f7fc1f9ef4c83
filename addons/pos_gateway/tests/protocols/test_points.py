"""Points of a card, at the three families that tell them."""

import pytest
import suite
from cases import garanti, payfor, posnet
from garanti_talk import answered as garanti_answered
from payfor_talk import answered as payfor_answered
from payfor_talk import talk as payfor_talk
from pos_gateway.protocols import wire
from pos_gateway.protocols.answers import Refused, Result
from pos_gateway.protocols.types import Operation
from posnet_talk import answered as posnet_answered
from posnet_talk import talk as posnet_talk

POINTS = Operation.POINTS
REWARD = garanti.REWARD


def rewards(*rows, **changes):
    return garanti_answered(POINTS, garanti.rewarded(*rows, **changes))


# --- what is asked ------------------------------------------------------------------


def test_posnet_is_asked_with_card_and_expiry_and_no_code():
    request = posnet_talk.request(POINTS)
    text = wire.parse_form(request.body, request.content_type).get("xmldata")
    assert wire.flatten(wire.parse_xml(text.encode()))[0] == {
        "mid": posnet.MERCHANT,
        "tid": posnet.TERMINAL,
        "tranDateRequired": "1",
        "pointInquiry.ccno": suite.CARD_NUMBER,
        "pointInquiry.expDate": "3012",
    }


def test_payfor_is_asked_with_the_whole_card():
    fields = wire.flatten(wire.parse_xml(payfor_talk.request(POINTS).body))[0]
    assert (fields["SecureType"], fields["TxnType"]) == ("Inquiry", "ParaPuanInquiry")
    assert fields["OrderId"] == payfor.ORDER_ID
    card = (fields["Pan"], fields["Expiry"], fields["Cvv2"])
    assert card == (suite.CARD_NUMBER, "1230", suite.CARD_CODE)


# --- what is said -------------------------------------------------------------------


def test_garanti_tells_each_kind_and_sums_up_what_is_lira():
    miles = REWARD | {"Type": "MIL", "TotalAmount": "77"}
    outcome = rewards(REWARD, REWARD | {"Type": "FBB", "TotalAmount": "1000"}, miles)
    assert outcome.result is Result.APPROVED
    assert outcome.data == {
        "points_bns_kurus": "3450",
        "points_fbb_kurus": "1000",
        "points_mil_kurus": "77",
        "points_kurus": "4450",
    }
    assert "points_kurus" not in rewards(miles).data


def test_payfor_tells_lira():
    outcome = payfor_answered(POINTS, payfor.pointed())
    assert outcome.result is Result.APPROVED
    assert outcome.data == {
        "points": "34.5",
        "points_kurus": "3450",
        "points_bonus_kurus": "0",
    }


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ("6900", "3450")),
        ({"totalPoint": "6900", "totalPointAmount": "4450"}, ("6900", "4450")),
        ({"totalPoint": None, "totalPointAmount": None}, ("6900", "3450")),
        ({"point": None, "pointAmount": None}, ("0", "0")),
        ({"point": "0", "pointAmount": "0"}, ("0", "0")),
    ],
)
def test_posnet_tells_points_and_their_worth(changes, told):
    outcome = posnet_answered(POINTS, posnet.pointed(**changes))
    assert outcome.result is Result.APPROVED
    assert (outcome.data["points"], outcome.data["points_kurus"]) == told


def test_posnet_tells_brand_points_where_it_was_asked_for_them():
    brand = {"loyaltyPoint": "2000", "loyaltyPointAmount": "000000001000"}
    outcome = posnet_answered(POINTS, posnet.pointed(**brand))
    assert outcome.data == {
        "points": "6900",
        "points_kurus": "3450",
        "points_loyalty_kurus": "1000",
    }


@pytest.mark.parametrize(
    "outcome",
    [
        lambda: rewards(),
        lambda: rewards(RewardInqResult=None),
        lambda: rewards(REWARD, Code="92", ReasonCode="0108"),
        lambda: rewards(REWARD | {"TotalAmount": "34,50"}),
        lambda: rewards(REWARD | {"TotalAmount": ""}),
        lambda: rewards(REWARD, {"Type": "FBB"}),
        lambda: rewards({"TotalAmount": "3450"}),
        lambda: rewards(REWARD, REWARD),
        lambda: rewards(REWARD | {"Type": "4543600100000002"}),
        lambda: payfor_answered(POINTS, payfor.pointed(AvailablePoint="")),
        lambda: payfor_answered(POINTS, payfor.pointed(AvailablePoint="34,50")),
        lambda: payfor_answered(POINTS, payfor.answer()),
        lambda: payfor_answered(POINTS, payfor.answer(ProcReturnCode="")),
        lambda: posnet_answered(POINTS, posnet.done()),
        lambda: posnet_answered(POINTS, posnet.pointed(point="x")),
        lambda: posnet_answered(POINTS, posnet.pointed(pointAmount="34,50")),
        lambda: posnet_answered(POINTS, posnet.document({"approved": "2"})),
    ],
)
def test_what_does_not_tell_points_is_unresolved_and_tells_none(outcome):
    said = outcome()
    assert said.result is Result.UNRESOLVED
    assert not said.data
    assert said.reason


@pytest.mark.parametrize(
    "outcome",
    [
        lambda: rewards(REWARD, Code="14", ReasonCode="14"),
        lambda: payfor_answered(POINTS, payfor.pointed(ProcReturnCode="M041")),
        lambda: posnet_answered(POINTS, posnet.not_done("0014")),
    ],
)
def test_a_card_that_the_bank_does_not_take_has_no_points(outcome):
    said = outcome()
    assert (said.result, said.reason) == (Result.DECLINED, "invalid_card")
    assert not said.data


def test_points_of_another_question_are_refused():
    with pytest.raises(Refused, match="order"):
        rewards(REWARD, OrderID="PGBASKASIPARIS")
    with pytest.raises(Refused, match="order"):
        payfor_answered(POINTS, payfor.pointed(TransId="PGBASKASIPARIS"))
