"""Garanti: which returns are believed and what they mean."""

import pytest
from cases import garanti as bank
from garanti_talk import meaning, refusal, verified
from pos_gateway.protocols import garanti
from pos_gateway.protocols.answers import (
    Result,
    differences,
)
from pos_gateway.protocols.types import Operation

# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_is_believed_and_leads_to_an_inquiry():
    proven = verified(bank.genuine())
    outcome = garanti.parse(bank.terminal(), proven)
    assert proven.by == "signature"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert outcome.card_masked == "45436001****0002"
    assert not differences(bank.order(), outcome)


def test_the_list_of_signed_fields_is_ours():
    fields = dict(bank.genuine())
    short = {**fields, "hashparams": "rnd:"}
    short["hash"] = bank.sha("sha512", fields["rnd"] + bank.STORE_KEY)
    assert refusal(short.items()) == "hash"
    longer = {**fields, "hashparams": fields["hashparams"] + "txnamount:"}
    assert refusal(longer.items()) == "hash"


@pytest.mark.parametrize(
    "change",
    [
        {"hash": ""},
        {"hash": None},
        {"hashparams": None},
        {"hash": "0" * 128},
        {"hash": "F" * 40},
        {"mdstatus": "2"},
        {"response": "Declined"},
        {"md": ""},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = {**dict(bank.genuine()), **change}
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


def test_letters_of_the_hash_are_capitals():
    fields = dict(bank.genuine())
    fields["hash"] = fields["hash"].lower()
    assert refusal(fields.items()) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clientid": "30990018"}, "merchant"),
        ({"terminalmerchantid": "7009918"}, "merchant"),
        ({"oid": "PGBASKASIPARIS"}, "order"),
        ({"secure3dhash": None}, "form"),
        ({"secure3dhash": ""}, "form"),
        ({"secure3dhash": bank.form_hash(amount="100")}, "form"),
        ({"secure3dhash": bank.form_hash(currency="840")}, "form"),
        ({"secure3dhash": bank.form_hash(count="3")}, "form"),
        ({"eci": None}, "required"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_digits_do_not_move_between_terminal_and_order():
    moved = bank.genuine(clientid=bank.TERMINAL_ID[:-1], oid="7" + bank.ORDER_ID)
    assert refusal(moved) == "merchant"


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("MDSTATUS", "1")]) == "repeated"


def test_another_amount_in_the_message_shows():
    outcome = meaning(bank.genuine(txnamount="100"))
    assert outcome.result is Result.UNRESOLVED
    assert differences(bank.order(), outcome) == ("amount",)


def test_a_system_error_without_a_hash_only_leads_to_an_inquiry():
    proven = verified(bank.system_error())
    outcome = garanti.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )
    assert (outcome.md_status, outcome.bank_code) == ("7", "99")


@pytest.mark.parametrize(
    "changes",
    [
        {"mdstatus": "1"},
        {"mdstatus": None},
        {"response": "Approved"},
        {"procreturncode": "00"},
        {"oid": "PGBASKASIPARIS"},
        {"clientid": "1"},
        {"secure3dhash": "0" * 128},
        {"hash": ""},
    ],
    ids=str,
)
def test_a_message_without_a_hash_is_believed_nothing_more(changes):
    refusal(bank.system_error(**changes))


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "limit"),
        ({"procreturncode": "05", "authcode": ""}, "do_not_honour"),
        ({"mdstatus": "0", "procreturncode": "", "response": ""}, "three_d_failed"),
        ({"mdstatus": "7", "procreturncode": "99", "response": "Error"}, None),
    ],
    ids=str,
)
def test_a_signed_refusal_declines(changes, reason):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.DECLINED
    assert outcome.follow_up is None
    assert outcome.reason == (reason or "three_d_failed")


@pytest.mark.parametrize(
    "changes",
    [
        {"procreturncode": "92"},
        {"procreturncode": "91"},
        {"procreturncode": "96"},
        {"procreturncode": "77"},
        {"procreturncode": "99"},
        {"procreturncode": "00"},
        {"procreturncode": "", "response": ""},
        {"authcode": "304917"},
        {"response": "Onay"},
        {"response": "Approved"},
        {"mdstatus": "x"},
        {"mdstatus": ""},
        {"mdstatus": "11"},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_a_payment_is_not_turned_into_a_refusal_by_moving_letters():
    """The values are glued: code and response may pose as an authorisation code."""
    paid = bank.genuine(cavv="7" + bank.GENUINE["cavv"])
    fields = dict(paid)
    fields |= {"authcode": "30491700Approved1", "procreturncode": "", "response": ""}
    fields |= {"mdstatus": "7", "cavv": bank.GENUINE["cavv"]}
    assert bank.sign(fields)[-1] == paid[-1]
    assert meaning(fields.items()).result is Result.UNRESOLVED


# --- what is kept -------------------------------------------------------------------


def test_a_card_number_in_the_message_of_the_bank_is_masked():
    paid = meaning(bank.genuine(errmsg="Kart 4543600100000002"))
    assert "4543600100000002" not in paid.bank_message
