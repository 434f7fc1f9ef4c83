"""Kuveyt Türk: the charge of a recognised payer."""

from datetime import datetime

import pytest
from cases import boa
from cases import kuveyt as bank
from kuveyt_talk import answered, asked, texts_of
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    differences,
)
from pos_gateway.protocols.types import Operation


def test_the_charge_is_of_our_own_amount_and_without_addresses():
    request = asked(Operation.SALE)
    fields = texts_of(request)
    glued = boa.MERCHANT + boa.ORDER_ID + "125040" + boa.USER
    assert fields["HashData"] == boa.sha(glued + boa.HASH_PASSWORD)
    inside = "KuveytTurkVPosAdditionalData.AdditionalData"
    assert (fields[f"{inside}.Key"], fields[f"{inside}.Data"]) == ("MD", boa.MD)
    assert fields["Amount"] == "125040"
    assert fields["TransactionSecurity"] == "3"
    assert not {"OkUrl", "CardNumber"} & fields.keys()
    assert request.url.endswith("/Home/ThreeDModelProvisionGate")
    with pytest.raises(ValueError, match="numbers"):
        asked(Operation.SALE, order=bank.order(references={}))


def test_a_charge_is_a_payment_and_tells_what_later_calls_need():
    outcome = answered(Operation.SALE, boa.sold())
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    told = {n: v for n, v in boa.REFERENCES.items() if n != "md"}
    assert outcome.references == told
    assert outcome.authorisation_code == boa.PROVISION
    assert outcome.at == datetime(2026, 11, 21, 12, 1, 28)


def test_another_amount_in_the_echo_shows():
    echo = {"VPosMessage": {"Amount": "100"}}
    outcome = answered(Operation.SALE, boa.sold(**echo))
    assert differences(bank.order(), outcome) == ("amount",)


def test_a_refused_charge_declines():
    outcome = answered(Operation.SALE, boa.sold(**boa.NOT_SOLD))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "limit"
    assert outcome.at is None
    assert outcome.follow_up is None


@pytest.mark.parametrize(
    "changes",
    [
        {"ResponseCode": "96"},
        {"ResponseCode": "MetaDataNotFound"},
        {"ResponseCode": "SomethingNew"},
        {"ResponseCode": ""},
        {"ProvisionNumber": ""},
        {"Stan": None},
        {"OrderId": "0"},
        {"RRN": ""},
    ],
    ids=str,
)
def test_a_charge_that_may_have_happened_is_inquired(changes):
    outcome = answered(Operation.SALE, boa.sold(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert not outcome.references


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"HashData": None}, "hash"),
        ({"HashData": ""}, "hash"),
        ({"HashData": boa.sha("x")}, "hash"),
        ({"MerchantOrderId": "PGBASKASIPARIS"}, "order"),
        ({"MerchantId": "1"}, "merchant"),
    ],
    ids=str,
)
def test_a_charge_without_a_right_signature_is_not_believed(changes, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.SALE, boa.sold(**changes))
    assert caught.value.reason == reason
    with pytest.raises(Refused, match="hash"):
        answered(Operation.SALE, boa.sold("another password"))
