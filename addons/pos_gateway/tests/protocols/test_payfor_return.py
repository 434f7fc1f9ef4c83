"""PayFor: which returns are believed and what they mean."""

from datetime import datetime

import pytest
from cases import payfor as bank
from payfor_talk import meaning, refusal, verified
from pos_gateway.protocols import payfor
from pos_gateway.protocols.answers import (
    Result,
    differences,
)
from pos_gateway.protocols.types import Operation

# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_is_believed_and_leads_to_an_inquiry():
    proven = verified(bank.genuine())
    outcome = payfor.parse(bank.terminal(), proven)
    assert proven.by == "signature"
    assert (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )
    assert not differences(bank.order(), outcome)
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)


@pytest.mark.parametrize(
    ("kind", "algorithm", "is_good"),
    [
        ("Sha1", "sha1", True),
        ("", "sha1", True),
        (None, "sha1", True),
        (None, "sha256", True),
        ("", "sha256", True),
        ("Sha256", "sha256", True),
        ("Sha1", "sha256", False),
        ("Sha256", "sha1", False),
        ("Md5", "sha1", False),
        (None, "sha512", False),
    ],
)
def test_the_digest_is_the_named_one_or_goes_by_its_length(kind, algorithm, is_good):
    fields = dict(bank.genuine(HashType=kind))
    fields = bank.sign(fields, algorithm=algorithm)
    if is_good:
        assert verified(fields).by == "signature"
    else:
        assert refusal(fields) == "hash"


@pytest.mark.parametrize(
    "change",
    [
        {"ResponseHash": ""},
        {"ResponseHash": None},
        {"ResponseHash": "A" * 27 + "="},
        {"3DStatus": "-1"},
        {"AuthCode": "S28018"},
        {"ResponseRnd": ""},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = dict(bank.genuine()) | change
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


def test_merchant_and_user_are_ours_whatever_the_message_says():
    terminal = bank.terminal(api_user="BASKA_API")
    assert refusal(bank.genuine(UserCode="DENEME_API"), terminal=terminal) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"MerchantID": "085300000091718"}, "merchant"),
        ({"MerchantID": None}, "required"),
        ({"MbrId": "12"}, "merchant"),
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"Hash": None}, "required"),
        ({"Hash": ""}, "form"),
        ({"Hash": bank.form_hash(amount="1.00")}, "form"),
        ({"Hash": bank.form_hash(count="6")}, "form"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("authcode", "S1")]) == "repeated"


def test_another_amount_currency_or_count_in_the_message_shows():
    for change, name in [
        ({"PurchAmount": "1.00"}, "amount"),
        ({"Currency": "840"}, "currency"),
        ({"InstallmentCount": "6"}, "installment_count"),
    ]:
        outcome = meaning(bank.genuine(**change))
        assert differences(bank.order(), outcome) == (name,)


# --- a bank that does not sign ------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, bank.REFUSED, {"3DStatus": "-1"}], ids=str)
def test_an_unsigned_return_only_leads_to_an_inquiry(changes):
    terminal = bank.terminal(options=bank.UNSIGNED)
    fields = dict(bank.genuine(MbrId="12", Hash=bank.form_hash(member="12"), **changes))
    fields["ResponseHash"] = "does not verify"
    proven = verified(fields.items(), terminal=terminal)
    outcome = payfor.parse(terminal, proven)
    assert proven.by == "nothing"
    assert (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )


def test_an_unsigned_return_must_name_our_order():
    terminal = bank.terminal(options=bank.UNSIGNED)
    for changes, reason in [
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"MerchantID": "1"}, "merchant"),
        ({"Hash": "A" * 27 + "="}, "form"),
    ]:
        fields = bank.genuine(
            **{"MbrId": "12", "Hash": bank.form_hash(member="12")} | changes
        )
        assert refusal(fields, terminal=terminal) == reason


def test_rubbish_does_not_hide_the_claim_of_a_payment():
    terminal = bank.terminal(options=bank.UNSIGNED)
    head = {"MbrId": "12", "Hash": bank.form_hash(member="12")}
    said = [bank.genuine(**head | changes) for changes in ({}, bank.REFUSED)]
    paid, rubbish = (verified(fields, terminal=terminal) for fields in said)
    assert paid.identity != rubbish.identity


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "limit"),
        ({"ProcReturnCode": "34"}, "security_code"),
        ({"ProcReturnCode": "V034", "3DStatus": "-1"}, "three_d_failed"),
        ({"ProcReturnCode": "MR15", "3DStatus": "-1"}, "three_d_failed"),
        ({"ProcReturnCode": "M049", "3DStatus": "0"}, "three_d_failed"),
        ({"ProcReturnCode": "M030", "3DStatus": "-1"}, "configuration"),
        ({"ProcReturnCode": "V024", "3DStatus": "-1"}, "installment_not_allowed"),
    ],
    ids=str,
)
def test_a_signed_refusal_declines(changes, reason):
    outcome = meaning(bank.declined(**changes))
    assert (outcome.result, outcome.reason) == (Result.DECLINED, reason)
    assert outcome.follow_up is None


@pytest.mark.parametrize(
    "changes",
    [
        {"ProcReturnCode": "101310", "3DStatus": "-1"},
        {"ProcReturnCode": "V029", "3DStatus": "-1"},
        {"ProcReturnCode": "V033"},
        {"ProcReturnCode": "V000"},
        {"ProcReturnCode": "V9199"},
        {"ProcReturnCode": "91"},
        {"ProcReturnCode": "V999"},
        {"ProcReturnCode": ""},
        {"ProcReturnCode": "00", "3DStatus": "-1"},
        {"AuthCode": "S28017"},
        {"3DStatus": ""},
        {"3DStatus": "2"},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_a_payment_is_not_turned_into_a_refusal_by_moving_digits():
    """The values are glued: part of the authorisation code may pose as a code."""
    paid = bank.genuine(AuthCode="S28051", ResponseRnd="PF1")
    fields = dict(paid) | {"AuthCode": "S280", "ProcReturnCode": "51"}
    fields |= {"3DStatus": "0", "ResponseRnd": "01PF1"}
    assert bank.sign(fields)[-1] == paid[-1]
    assert meaning(fields.items()).result is Result.UNRESOLVED
