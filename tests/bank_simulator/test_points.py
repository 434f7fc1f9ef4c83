"""Loyalty points at Garanti, PayFor and PosNet: the same cards, asked in three ways."""

import pytest
import requests

from . import garanti_merchant, payfor_merchant
from .cards import CARDS
from .posnet_merchant import Shop

CODE_CARD = "4543660900000008"


def rewardinq(bank, number, expiry="1235", code="000", **changes):
    card = {"Card__Number": number, "Card__ExpireDate": expiry, "Card__CVV2": code}
    return garanti_merchant.call(bank, "rewardinq", "POINTS", **card, **changes)


def para_puan(bank, number, expiry="1235", code="000", **changes):
    card = {"Pan": number, "Expiry": expiry, "Cvv2": code, **changes}
    root = payfor_merchant.call(bank, "Inquiry", "ParaPuanInquiry", **card)
    return {node.tag: node.text or "" for node in root}


def point_inquiry(bank, number, expiry="3512", code="000"):
    fields = {"ccno": number, "expDate": expiry}
    if code is not None:
        fields["cvc"] = code
    return Shop(bank).send("pointInquiry", **fields)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.number)
def test_every_test_card_has_its_points_at_every_bank(bank, card):
    code = card.security_code or "000"
    root = rewardinq(bank, card.number, code=code)
    pairs = para_puan(bank, card.number, code=code)
    told = point_inquiry(bank, card.number, code=code)
    assert garanti_merchant.answer_is_genuine(root)
    if card.decline in ("", "51"):
        kurus = card.points_kurus
        assert garanti_merchant.outcome(root) == ("00", "00")
        assert root.findtext(".//Reward/TotalAmount") == str(kurus)
        assert root.findtext(".//Reward/Type") == "BNS"
        assert pairs["ProcReturnCode"] == "00"
        assert pairs["AvailablePoint"] == f"{kurus // 100}.{kurus % 100:02d}"
        assert told["approved"] == "1" and int(told["pointAmount"]) == kurus
        assert int(told["point"]) == int(told["totalPoint"]) == 2 * kurus
    else:
        assert garanti_merchant.outcome(root)[0] == card.decline
        assert root.find(".//Reward") is None
        assert pairs["ProcReturnCode"] == card.decline
        assert "AvailablePoint" not in pairs
        assert told["respCode"] == f"00{card.decline}" and "point" not in told


def test_some_cards_have_points_and_some_have_none():
    points = {card.number: card.points_kurus for card in CARDS}
    assert points["4543600100000002"] == 2500
    assert points["4543610400000008"] == 0


@pytest.mark.parametrize(
    ("number", "expiry", "code", "expected"),
    [
        ("", "1235", "000", ("92", "M001", "0014")),
        ("1", "1235", "000", ("14", "M008", "0014")),
        ("4543600100000001", "1235", "000", ("14", "M008", "0014")),
        ("4543600100000002", "1220", "000", ("92", "M006", "0054")),
        ("4543600100000002", "", "000", ("92", "M006", "0054")),
        ("4543600100000002", "1235", "12", ("92", "M005", "0150")),
        ("4543610000000002", "1235", "000", ("14", "14", "0014")),
        (CODE_CARD, "1235", "148", ("12", "34", "0082")),
    ],
)
def test_a_wrong_card_is_refused_in_each_familys_way(
    bank, number, expiry, code, expected
):
    root = rewardinq(bank, number, expiry, code)
    pairs = para_puan(bank, number, expiry, code)
    told = point_inquiry(bank, number, expiry[2:] + expiry[:2], code)
    assert (
        garanti_merchant.outcome(root)[0],
        pairs["ProcReturnCode"],
        told["respCode"],
    ) == expected
    assert root.find(".//Reward") is None
    assert "AvailablePoint" not in pairs and "point" not in told


def test_a_code_may_be_left_out_at_garanti_and_posnet_only(bank):
    assert rewardinq(bank, CODE_CARD, code="").findtext(".//TotalAmount") == "1230"
    assert point_inquiry(bank, CODE_CARD, code=None)["pointAmount"] == f"{1230:012d}"
    assert para_puan(bank, CODE_CARD, code="")["ProcReturnCode"] == "M005"


def test_an_inquiry_charges_nothing_and_leaves_no_card_behind(bank):
    rewardinq(bank, CARDS[0].number)
    para_puan(bank, CARDS[0].number, OrderId="PUAN-1")
    point_inquiry(bank, CARDS[0].number)
    assert not bank.get("charges")["charges"]
    log = bank.get("log")["log"]
    verdicts = [e["verdict"] for e in log if e["operation"] == "points"]
    assert verdicts == ["approved"] * 3
    assert CARDS[0].number not in str(log)


def test_wrong_credentials_learn_nothing(bank):
    root = rewardinq(bank, CARDS[0].number, Terminal__HashData="0" * 128)
    assert garanti_merchant.outcome(root) == ("92", "0651")
    pairs = para_puan(bank, CARDS[0].number, UserPass="x")
    assert pairs["ProcReturnCode"] == "M015" and "AvailablePoint" not in pairs
    told = Shop(bank).send("pointInquiry", mid="1", ccno=CARDS[0].number)
    assert told["respCode"] == "0148"


@pytest.mark.parametrize("ask", [rewardinq, para_puan, point_inquiry])
@pytest.mark.parametrize("kind", ["api_drop", "api_timeout", "api_500"])
def test_the_api_faults_act_on_points(bank, ask, kind):
    params = {"seconds": 1} if kind == "api_timeout" else {}
    bank.post("fault", kind=kind, operation="points", params=params)
    with pytest.raises((requests.ConnectionError, requests.HTTPError)):
        ask(bank, CARDS[0].number)
    ask(bank, CARDS[0].number)


def test_a_spoilt_signature_of_garantis_points_does_not_verify(bank):
    bank.post("fault", kind="forged_hash", operation="points")
    root = rewardinq(bank, CARDS[0].number)
    assert not garanti_merchant.answer_is_genuine(root)
