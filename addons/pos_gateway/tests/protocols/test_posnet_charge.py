"""PosNet XML: the charge and its signature."""

from datetime import datetime

import pytest
from cases import posnet as bank
from pos_gateway.protocols.answers import Refused, Result
from pos_gateway.protocols.types import Operation, Secret
from posnet_talk import answered


def test_a_charge_with_the_right_mac_is_approved():
    outcome = answered(Operation.SALE, bank.sold())
    assert outcome.result is Result.APPROVED
    assert outcome.authorisation_code == "771204"
    assert outcome.host_reference == bank.HOST_LOG_KEY
    assert outcome.references == {"host_log_key": bank.HOST_LOG_KEY}
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)
    assert not outcome.is_repeat


@pytest.mark.parametrize(
    "changes",
    [
        {"mac": "AAAA"},
        {"mac": None},
        {"mac": bank.mac(bank.HOST_LOG_KEY, amount="100")},
        {"mac": bank.mac(bank.HOST_LOG_KEY, key="1,2,3")},
        {"hostlogkey": None},
        {"approved": "2", "respCode": "0127", "mac": "AAAA"},
    ],
)
def test_a_charge_that_is_not_signed_is_refused(changes):
    with pytest.raises(Refused):
        answered(Operation.SALE, bank.sold(**changes))


def test_nothing_is_signed_for_a_terminal_without_key():
    with pytest.raises(Refused):
        answered(
            Operation.SALE, bank.sold(), terminal=bank.terminal(store_key=Secret(""))
        )


def test_the_first_run_of_the_same_order_comes_back_signed_or_is_asked_for():
    first = {"approved": "2", "respCode": "0127", "respText": "order id used"}
    signed = answered(Operation.SALE, bank.sold(**first))
    assert (signed.result, signed.is_repeat) == (Result.APPROVED, True)
    unsigned = answered(Operation.SALE, bank.sold(**first, mac=None))
    assert (unsigned.result, unsigned.is_repeat) == (Result.UNRESOLVED, True)
    assert unsigned.follow_up is Operation.INQUIRY


@pytest.mark.parametrize(
    ("code", "result", "reason"),
    [
        ("0051", Result.DECLINED, "limit"),
        ("0012", Result.DECLINED, "not_permitted"),
        ("0148", Result.DECLINED, "configuration"),
        ("0091", Result.UNRESOLVED, "bank_unreachable"),
        ("0302", Result.UNRESOLVED, "bank_unreachable"),
        ("0400", Result.UNRESOLVED, "bank_unreachable"),
        ("E998", Result.UNRESOLVED, "bank_unreachable"),
        ("0127", Result.UNRESOLVED, "duplicate"),
        ("0123", Result.UNRESOLVED, "not_found"),
        ("7777", Result.UNRESOLVED, "other"),
        ("", Result.UNRESOLVED, "other"),
    ],
)
def test_only_a_known_refusal_declines_a_charge(code, result, reason):
    outcome = answered(Operation.SALE, bank.not_done(code))
    assert (outcome.result, outcome.reason) == (result, reason)
    asks = result is Result.UNRESOLVED
    assert (outcome.follow_up is Operation.INQUIRY) == asks


@pytest.mark.parametrize("changes", [{"respCode": "0051"}, {"approved": "3"}])
def test_an_approval_that_contradicts_itself_is_none(changes):
    assert answered(Operation.SALE, bank.sold(**changes)).result is Result.UNRESOLVED


def test_an_answer_that_says_nothing_is_unresolved():
    outcome = answered(Operation.SALE, bank.document({}))
    assert outcome.result is Result.UNRESOLVED
