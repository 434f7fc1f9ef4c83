"""PosNet XML: the page, its return and what the bank says of the packets."""

import pytest
from cases import posnet as bank
from pos_gateway.protocols import posnet
from pos_gateway.protocols.answers import Refused, Result
from pos_gateway.protocols.types import Operation
from posnet_talk import answered, verified

# --- the page -----------------------------------------------------------------------


def test_the_sealed_order_goes_to_the_page_through_the_browser():
    outcome = answered(Operation.REGISTER, bank.registered())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.url == bank.terminal().url("page")
    fields = dict(outcome.page.fields)
    assert fields["posnetData"] == "AEFE78BFC852867FF57078B7"
    assert fields["digest"] == "9998F61E1D0C"
    assert fields["merchantReturnURL"] == bank.order().return_url


@pytest.mark.parametrize("name", ["data1", "sign"])
def test_a_page_without_its_seal_is_not_opened(name):
    outcome = answered(Operation.REGISTER, bank.registered(**{name: ""}))
    assert (outcome.result, outcome.page) == (Result.UNRESOLVED, None)


def test_a_return_is_nothing_but_the_question_to_the_bank():
    proven = verified(bank.genuine())
    outcome = posnet.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.RESOLVE
    assert outcome.references["bank_packet"] == bank.BANK_PACKET
    assert outcome.amount_kurus is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Xid": None}, "order"),
        ({"Xid": "A" * 20}, "order"),
        ({"MerchantId": "6709900009"}, "merchant"),
        ({"MerchantId": None}, "merchant"),
        ({"BankPacket": None}, "required"),
        ({"MerchantPacket": ""}, "required"),
        ({"Sign": "with space"}, "required"),
        ({"Sign": "A" * 4001}, "required"),
        ({"bankpacket": "second"}, "repeated"),
    ],
)
def test_a_return_that_is_not_of_our_order_is_refused(changes, reason):
    with pytest.raises(Refused) as refusal:
        verified(bank.genuine(**changes))
    assert refusal.value.reason == reason


def test_the_same_packets_are_the_same_message_whatever_stands_beside_them():
    one, other = verified(bank.genuine()), verified(bank.genuine(CCPrefix="111111"))
    assert one.identity == other.identity
    assert one.identity != verified(bank.declined()).identity


# --- what the bank says of the packets ----------------------------------------------


def test_an_authentication_of_our_order_leads_to_the_charge():
    outcome = answered(Operation.RESOLVE, bank.resolved())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.follow_up is Operation.SALE
    assert outcome.amount_kurus == 125040
    assert (outcome.currency, outcome.installment_count) == ("TRY", 1)
    assert outcome.references == {
        "proved_bank_packet": bank.BANK_PACKET,
        "proved_merchant_packet": bank.MERCHANT_PACKET,
        "proved_packet_sign": bank.SIGN,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"mac": "AAAA"},
        {"mac": ""},
        {"mac": None},
        {"amount": "100"},
        {"amount": "125040.00"},
        {"xid": "PGKLMNPRSTUVYZABCDEG"},
        {"xid": None},
        {"currency": "US"},
        {"installment": "03"},
        {"installment": ""},
    ],
)
def test_an_authentication_of_anything_else_is_refused(changes):
    with pytest.raises(Refused):
        answered(Operation.RESOLVE, bank.resolved(**changes))


@pytest.mark.parametrize("status", list("056789"))
def test_a_failed_authentication_of_our_order_is_declined(status):
    outcome = answered(Operation.RESOLVE, bank.resolved(mdStatus=status))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "three_d_failed"
    assert outcome.follow_up is None


@pytest.mark.parametrize("changes", [{"mac": "AAAA"}, {"amount": "1"}, {"xid": "X"}])
def test_a_failure_that_may_be_of_another_order_declines_nothing(changes):
    body = bank.resolved(mdStatus="0", **changes)
    outcome = answered(Operation.RESOLVE, body)
    assert (outcome.result, outcome.follow_up) == (Result.UNRESOLVED, None)


@pytest.mark.parametrize("status", ["", "10", "A", "x"])
def test_a_status_that_we_do_not_know_decides_nothing(status):
    body = bank.resolved(mdStatus=status)
    assert answered(Operation.RESOLVE, body).result is Result.UNRESOLVED


@pytest.mark.parametrize("code", ["0148", "E216", "0400", "X"])
def test_a_call_that_fails_after_rubbish_was_posted_declines_nothing(code):
    outcome = answered(Operation.RESOLVE, bank.not_done(code))
    assert outcome.result is Result.UNRESOLVED


def test_half_secure_is_accepted_only_where_the_merchant_says_so():
    body = bank.resolved(mdStatus="4", txStatus="A")
    assert answered(Operation.RESOLVE, body).result is Result.DECLINED
    terminal = bank.terminal(accepted_md_status=frozenset("1234"))
    outcome = answered(Operation.RESOLVE, body, terminal=terminal)
    assert outcome.result is Result.AUTHENTICATED


def test_no_merchant_can_accept_a_failed_authentication():
    terminal = bank.terminal(accepted_md_status=frozenset("0123456789"))
    outcome = answered(Operation.RESOLVE, bank.resolved(mdStatus="0"), None, terminal)
    assert outcome.result is Result.DECLINED
