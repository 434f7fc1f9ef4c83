"""Tosla: which returns are believed and what they mean."""

import pytest
from cases import tosla as bank
from pos_gateway.protocols import tosla
from pos_gateway.protocols.answers import Refused, Result
from pos_gateway.protocols.types import Operation, Secret
from tosla_talk import talk


def verified(fields, **changes):
    return talk.verified(fields, bank.terminal(**changes))


def meaning(fields):
    return tosla.parse(bank.terminal(), verified(fields))


def test_a_claim_of_payment_is_asked_for():
    outcome = meaning(bank.genuine())
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert (outcome.bank_code, outcome.reason) == ("00", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderId": None}, "order"),
        ({"OrderId": "A" * 20}, "order"),
        ({"ClientId": "1"}, "merchant"),
        ({"ApiUser": "X"}, "merchant"),
        ({"hash": "x"}, "repeated"),
    ],
)
def test_a_signed_return_that_is_not_as_it_should_be_is_refused(changes, reason):
    with pytest.raises(Refused) as refusal:
        verified(bank.genuine(**changes))
    assert refusal.value.reason == reason


def test_the_account_of_the_contract_is_signed_not_what_is_posted():
    assert verified(bank.genuine(ClientId=None)).order_id == bank.ORDER_ID


@pytest.mark.parametrize("names", [[], ["OrderId"], bank.LIST[::-1], bank.LIST[2:]])
def test_the_list_of_signed_fields_is_ours(names):
    fields = dict(bank.genuine())
    told = fields | {"ApiUser": bank.API_USER}
    signature = bank.sha(*(told[name] for name in names))
    forged = fields | {"HashParameters": ",".join(names), "Hash": signature}
    with pytest.raises(Refused) as refusal:
        verified(forged.items())
    assert refusal.value.reason == "hash"


@pytest.mark.parametrize("name", bank.LIST[2:])
def test_every_signed_field_counts(name):
    fields = dict(bank.genuine())
    for text in ("", fields[name] + "1"):
        with pytest.raises(Refused):
            verified((fields | {name: text}).items())


def test_a_return_that_tosla_did_not_sign_is_refused():
    fields = dict(bank.genuine())
    for text in ("", fields["Hash"].lower(), fields["Hash"][:-1]):
        with pytest.raises(Refused):
            verified((fields | {"Hash": text}).items())
    with pytest.raises(Refused):
        verified(bank.sign(bank.fields(), key="other"))
    with pytest.raises(Refused):
        verified(bank.genuine(), api_password=Secret(""))
    with pytest.raises(Refused):
        verified(bank.genuine(), api_user="")


@pytest.mark.parametrize(
    ("status", "code", "told", "result", "reason"),
    [
        ("1", "51", "0", Result.DECLINED, "limit"),
        ("0", "MD:0", "0", Result.DECLINED, "three_d_failed"),
        ("7", "MD:7", "0", Result.DECLINED, "three_d_failed"),
        ("1", "51", "1", Result.UNRESOLVED, "limit"),
        ("1", "51", "", Result.UNRESOLVED, "limit"),
        ("1", "96", "0", Result.UNRESOLVED, "bank_unreachable"),
        ("1", "77", "0", Result.UNRESOLVED, "other"),
        ("1", "", "0", Result.UNRESOLVED, "other"),
        ("1", "00", "0", Result.UNRESOLVED, "other"),
        ("0", "00", "1", Result.UNRESOLVED, "other"),
        ("", "51", "0", Result.UNRESOLVED, "limit"),
        ("10", "51", "0", Result.UNRESOLVED, "limit"),
        ("1", "MD:1", "0", Result.UNRESOLVED, "other"),
    ],
)
def test_only_a_known_refusal_declines(status, code, told, result, reason):
    fields = {"MdStatus": status, "BankResponseCode": code, "RequestStatus": told}
    outcome = meaning(bank.genuine(**fields))
    assert (outcome.result, outcome.reason) == (result, reason)
    asks = result is Result.UNRESOLVED
    assert (outcome.follow_up is Operation.INQUIRY) == asks


def test_no_return_ever_books_a_payment():
    for status in "0123456789":
        for code in ("00", "51", "", "MD:0"):
            for told in ("0", "1", "2", ""):
                fields = {"MdStatus": status, "RequestStatus": told}
                outcome = meaning(bank.genuine(**fields, BankResponseCode=code))
                assert outcome.result is not Result.APPROVED
