"""Akbank: which returns are believed and what they mean."""

from datetime import datetime

import pytest
from akbank_talk import meaning, refusal, verified
from cases import akbank as bank
from pos_gateway.protocols import akbank_hash
from pos_gateway.protocols.answers import (
    Result,
    differences,
)
from pos_gateway.protocols.types import Operation

# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_of_2026_is_a_payment():
    outcome = meaning(bank.genuine())
    assert outcome.result is Result.APPROVED
    assert outcome.follow_up is None
    assert not differences(bank.order(), outcome)
    assert outcome.authorisation_code == "064716"
    assert outcome.host_reference == "632525059548"
    assert (outcome.bank_code, outcome.reason_code) == ("VPS-0000", "00")
    assert outcome.at == datetime(2026, 11, 21, 12, 1, 2)


@pytest.mark.parametrize(
    "missing",
    ["amount", "installCount", "mdStatus", *([bank.LIST_2024])],
    ids=str,
)
def test_a_payment_whose_amount_is_not_signed_is_inquired(missing):
    changes = missing if isinstance(missing, dict) else {missing: None}
    outcome = meaning(bank.genuine(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_what_is_not_signed_is_not_there():
    fields = [*bank.genuine(amount=None), ("amount", "1250.40")]
    assert "amount" not in verified(fields).fields
    assert meaning(fields).result is Result.UNRESOLVED


def test_an_amount_that_differs_shows():
    outcome = meaning(bank.genuine(amount="1.00"))
    assert differences(bank.order(), outcome) == ("amount",)
    same = meaning(bank.genuine(amount="1250.4"))
    assert not differences(bank.order(), same)


@pytest.mark.parametrize("amount", ["1.250,40", "1,250.40", "1250,40", "-1", "1e3"])
def test_an_amount_that_cannot_be_read_is_no_amount(amount):
    outcome = meaning(bank.genuine(amount=amount))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.amount_kurus is None


@pytest.mark.parametrize("status", ["0", "2", "5", "7", "9"])
def test_a_payment_with_a_poor_authentication_is_inquired(status):
    outcome = meaning(bank.genuine(mdStatus=status))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_the_merchant_may_accept_half_secure_but_no_failure():
    every = frozenset("0123456789")
    assert meaning(bank.genuine(mdStatus="2"), accepted_md_status=every).result is (
        Result.APPROVED
    )
    failed = meaning(bank.genuine(mdStatus="5"), accepted_md_status=every)
    assert failed.result is Result.UNRESOLVED


@pytest.mark.parametrize(
    "change",
    [
        {"hash": ""},
        {"hash": None},
        {"hashParams": ""},
        {"hashParams": None},
        {"amount": "1.00"},
        {"responseCode": "VPS-1005"},
        {"rrn": ""},
        {"hash": "A" * 88},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = dict(bank.genuine()) | change
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


@pytest.mark.parametrize(
    "names",
    [
        "orderId",
        "responseCode+orderId",
        "orderId+responseMessage+responseCode",
        "responseCode+responseMessage+orderId+rrn",
        "txnCode+responseCode+orderId",
        "responseCode+txnCode+merchantSafeId+terminalSafeId+orderId",
        "txnCode+responseCode+merchantSafeId+terminalSafeId+orderId+orderId",
        "txnCode+responseCode+merchantSafeId+terminalSafeId+orderId+foo",
        "txnCode+responseCode+merchantSafeId+terminalSafeId+orderId+amount+amount",
        "txnCode:responseCode",
        "",
        "+",
    ],
)
def test_a_list_of_signed_names_that_is_not_the_banks_is_refused(names):
    fields = dict(bank.genuine()) | {"foo": "1", "hashParams": names}
    glued = "".join(fields.get(name, "") for name in names.split("+"))
    fields["hash"] = bank.mac(glued)
    assert refusal(fields.items()) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"merchantSafeId": "C3" * 16}, "merchant"),
        ({"terminalSafeId": "C3" * 16}, "merchant"),
        ({"orderId": "PGBASKASIPARIS"}, "order"),
        ({"responseCode": "VPS-00001"}, "shape"),
        ({"txnCode": "1000VPS-0000"}, "shape"),
        ({"mdStatus": "11"}, "shape"),
        ({"rrn": "x"}, "shape"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("ORDERID", bank.ORDER_ID)]) == "repeated"


def test_a_refusal_is_not_made_of_a_payment_by_moving_letters():
    """The values are glued: the short list of a refusal must not fit a payment."""
    fields = dict(bank.genuine())
    glued = "".join(fields[name] for name in fields["hashParams"].split("+"))
    start, _order, rest = glued.partition(bank.ORDER_ID)
    moved = {
        "responseCode": start[:12],
        "responseMessage": start[12:],
        "orderId": bank.ORDER_ID + rest,
        "hashParams": "responseCode+responseMessage+orderId",
        "hash": fields["hash"],
    }
    assert akbank_hash.signed_part(bank.SECRET_KEY, moved)
    assert refusal(moved.items()) == "shape"


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (bank.declined(), "limit"),
        (bank.declined(**bank.LIST_2024), "limit"),
        (bank.declined(hostResponseCode="83"), "installment_not_allowed"),
        (bank.declined(hostResponseCode="05"), "do_not_honour"),
        (bank.not_authenticated(), "three_d_failed"),
        (bank.not_authenticated(responseCode="VPS-1073"), "configuration"),
    ],
)
def test_a_signed_refusal_declines(fields, reason):
    outcome = meaning(fields)
    assert outcome.result is Result.DECLINED
    assert outcome.follow_up is None
    assert outcome.reason == reason
    assert outcome.authorisation_code == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"responseCode": "VPS-1005", "hostResponseCode": ""},
        {"responseCode": "VPS-1005", "hostResponseCode": "00"},
        {"responseCode": "VPS-1005", "hostResponseCode": "91"},
        {"responseCode": "VPS-1005", "hostResponseCode": "ZZ"},
        {"responseCode": "VPS-1013", "hostResponseCode": None},
        {"responseCode": "VPS-9999"},
        {"hostResponseCode": "51"},
        {"hostResponseCode": None},
        {"txnCode": "3001"},
        {"txnCode": "1002"},
        {"rrn": None},
        {"authCode": None},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.genuine(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_three_signed_fields_never_claim_a_payment():
    outcome = meaning(bank.not_authenticated(responseCode="VPS-0000"))
    assert outcome.result is Result.UNRESOLVED
