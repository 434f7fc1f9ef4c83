"""Garanti: how an order stands, its history and the list of days."""

from datetime import datetime

import pytest
from cases import garanti as bank
from garanti_talk import answered
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.types import Operation


def inquiry(**book):
    return answered(Operation.INQUIRY, bank.inquired(book))


def test_an_inquiry_books_what_the_bank_has_booked():
    outcome = inquiry()
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    assert outcome.references == {"retref_num": "632500310011"}
    assert outcome.standing.state is State.CAPTURED
    assert outcome.standing.captured_kurus == 125040
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)


def test_a_reservation_is_told_as_such():
    outcome = inquiry(**bank.PRE_AUTHORISED)
    assert outcome.result is Result.APPROVED
    assert outcome.amount_kurus == 125040
    assert outcome.standing.state is State.AUTHORISED
    assert outcome.standing.kind == "preauth"
    assert outcome.standing.captured_kurus == 0


def test_a_captured_reservation_has_both_amounts():
    book = {"PreAuthAmount": "125040", "AuthAmount": "100000"}
    outcome = inquiry(**book)
    assert outcome.amount_kurus == 100000
    assert outcome.standing.amount_kurus == 125040


@pytest.mark.parametrize(
    ("book", "result"),
    [
        ({"Status": "VOID"}, Result.CANCELLED),
        ({"Status": "REFUNDED"}, Result.APPROVED),
        (
            {"Status": "DECLINED", "Code": "51", "AuthCode": "", "AuthAmount": "0"},
            Result.DECLINED,
        ),
        ({"Status": "DECLINED", "Code": "51"}, Result.UNRESOLVED),
        ({"Status": "DECLINED", "Code": "77", "AuthCode": ""}, Result.UNRESOLVED),
        ({"Status": "DECLINED", "AuthCode": ""}, Result.UNRESOLVED),
        ({"Status": "BEKLIYOR"}, Result.UNRESOLVED),
        ({"Status": ""}, Result.UNRESOLVED),
        ({"AuthAmount": "0"}, Result.UNRESOLVED),
        ({"AuthAmount": "1.250,40"}, Result.UNRESOLVED),
        ({"AuthAmount": ""}, Result.UNRESOLVED),
        ({"Code": ""}, Result.UNRESOLVED),
        ({"Code": "51"}, Result.UNRESOLVED),
    ],
    ids=str,
)
def test_an_order_stands_as_its_state_says(book, result):
    assert inquiry(**book).result is result


def test_another_amount_in_the_books_shows():
    assert differences(bank.order(), inquiry(AuthAmount="100")) == ("amount",)


def test_an_order_that_the_bank_does_not_know_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    unknown = bank.answer(Code="92", ReasonCode="0108", AuthCode="")
    assert answered(Operation.HISTORY, unknown).result is Result.NOT_FOUND


def test_wrong_credentials_are_not_an_unknown_order():
    outcome = answered(Operation.INQUIRY, bank.refused()[Operation.INQUIRY])
    assert outcome.result is Result.UNRESOLVED
    assert outcome.reason == "configuration"


def test_a_success_that_the_bank_did_not_sign_is_refused():
    for body in (bank.inquired(HashData=""), bank.inquired(password="falsch")):
        with pytest.raises(Refused, match="hash"):
            answered(Operation.INQUIRY, body)


def test_the_old_digest_of_answers_is_known():
    body = bank.inquired(algorithm="sha1")
    assert answered(Operation.INQUIRY, body).result is Result.APPROVED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderID": "PGBASKASIPARIS"}, "order"),
        ({"OrderID": ""}, "order"),
    ],
)
def test_an_answer_about_another_order_is_refused(changes, reason):
    with pytest.raises(Refused, match=reason):
        answered(Operation.INQUIRY, bank.inquired(**changes))


def test_an_answer_of_another_terminal_or_kind_is_refused():
    other = bank.inquired().replace(f"<ID>{bank.TERMINAL_ID}".encode(), b"<ID>30990018")
    with pytest.raises(Refused, match="merchant"):
        answered(Operation.INQUIRY, other)
    with pytest.raises(Refused, match="document"):
        answered(Operation.INQUIRY, b"<CC5Response/>")


def test_a_history_of_one_row_and_of_several_is_read_newest_first():
    (entry,) = answered(Operation.HISTORY, bank.history(bank.row())).entries
    assert (entry.kind, entry.state) == ("sale", State.CAPTURED)
    refund = bank.row(Type="refund", AuthAmount="5000", RetrefNum="632500310012")
    outcome = answered(Operation.HISTORY, bank.history(bank.row(), refund))
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale"]
    assert outcome.standing.refunded_kurus == 5000
    assert outcome.standing.state is State.PARTIALLY_REFUNDED


def test_a_refused_refund_in_the_history_counts_for_nothing():
    refund = bank.row(Type="refund", Status="01", ReturnCode="92", CurrencyCode="0")
    outcome = answered(Operation.HISTORY, bank.history(bank.row(), refund))
    assert outcome.standing.refunded_kurus == 0
    assert outcome.entries[0].state is State.DECLINED


def test_a_row_that_contradicts_itself_is_unknown():
    row = bank.row(Status="00", ReturnCode="05")
    outcome = answered(Operation.HISTORY, bank.history(row))
    assert outcome.entries[0].state is State.UNKNOWN
    assert outcome.standing is None


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([bank.row(VoidDate="20261121")], State.VOIDED),
        ([bank.row(), bank.row(Type="void")], State.VOIDED),
        ([bank.row(VoidDate="20261121"), bank.row(Type="void")], State.VOIDED),
        ([bank.row(), bank.row(Type="refund"), bank.row(Type="void")], None),
    ],
)
def test_a_void_in_the_history_voids_what_it_can_only_mean(rows, state):
    standing = answered(Operation.HISTORY, bank.history(*rows)).standing
    assert (standing and standing.state) is state


def test_a_captured_reservation_in_the_history():
    reserved = bank.row(Type="preauth", PreAuthAmount="125040", AuthAmount="0")
    captured = bank.row(Type="postauth", AuthAmount="100000")
    body = bank.history(reserved, captured)
    standing = answered(Operation.HISTORY, body).standing
    assert (standing.amount_kurus, standing.captured_kurus) == (125040, 100000)
    assert standing.state is State.CAPTURED


def test_a_list_of_days_is_read_newest_first():
    later = bank.day_row(TrxType="Iade", LastTrxDate="2026-11-21 13:00:00")
    failed = bank.day_row(
        TrxType="On Otorizasyon",
        Status="Basarisiz",
        ResponseCode="14",
        LastTrxDate="2026-11-21 09:00:00",
        InstallmentCnt="3",
    )
    body = bank.day_list(failed, bank.day_row(), later)
    outcome = answered(Operation.DAY_LIST, body)
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale", "preauth"]
    assert outcome.entries[2].state is State.DECLINED
    assert outcome.entries[2].installment_count == 3
    assert outcome.entries[1].currency == "TRY"
    assert outcome.entries[1].order_id == bank.ORDER_ID


def test_a_list_with_more_pages_is_not_taken_for_the_whole():
    outcome = answered(Operation.DAY_LIST, bank.day_list(bank.day_row(), pages="2"))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.data == {"pages": "2"}
    assert len(outcome.entries) == 1
