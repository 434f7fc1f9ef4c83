"""Hash version 1 of old contracts: it does not sign the amount, so we ask."""

import pytest
from cases import nestpay as bank
from pos_gateway.protocols import nestpay
from pos_gateway.protocols.answers import Message, Refused, Result
from pos_gateway.protocols.types import CardEntry, Operation

NO_RESULT = {"AuthCode": "", "ProcReturnCode": "", "Response": ""}


def terminal(**changes):
    return bank.terminal(**{"options": {"hash": "ver1"}} | changes)


def said(message, terminal=None, order=None):
    terminal = terminal or globals()["terminal"]()
    proven = nestpay.verify(terminal, order or bank.order(), message)
    return nestpay.parse(terminal, proven)


def refusal(message, **changes):
    with pytest.raises(Refused) as caught:
        nestpay.verify(terminal(**changes), bank.order(), message)
    return caught.value.reason


def changed(message, **changes):
    fields = dict(message.fields) | changes
    return Message(tuple((n, v) for n, v in fields.items() if v is not None))


def test_a_paid_return_is_only_a_claim_and_is_asked_for():
    outcome = said(bank.first_signed())
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_a_signed_refusal_is_a_refusal():
    assert said(bank.first_signed(**bank.DECLINED)).result is Result.DECLINED


def test_a_failed_authentication_comes_with_the_shorter_list():
    message = bank.first_signed(
        bank.AUTHENTICATION_LIST, mdStatus="0", cavv="", eci="", **NO_RESULT
    )
    outcome = said(message)
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


@pytest.mark.parametrize("name", ["Response", "ProcReturnCode", "AuthCode"])
def test_a_result_beside_the_shorter_list_is_refused(name):
    message = bank.first_signed(bank.AUTHENTICATION_LIST, **NO_RESULT)
    assert said(message).result is Result.UNRESOLVED
    assert refusal(changed(message, **{name: "Approved"})) == "hash"


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["rnd"],
        ["clientid", "oid"],
        bank.PAYMENT_LIST[:-1],
        bank.PAYMENT_LIST[::-1],
        [*bank.PAYMENT_LIST, "amount"],
        [*bank.PAYMENT_LIST, "rnd"],
        [name.upper() for name in bank.PAYMENT_LIST],
    ],
    ids=str,
)
def test_the_message_does_not_choose_the_list(names):
    assert refusal(bank.first_signed(names)) == "hash"


def test_a_message_without_a_list_is_refused():
    assert refusal(changed(bank.first_signed(), HASHPARAMS=None)) == "hash"


@pytest.mark.parametrize("text", [None, "", "x", bank.signature(bank.fields())])
def test_a_wrong_hash_is_refused(text):
    assert refusal(changed(bank.first_signed(), HASH=text)) == "hash"


def test_a_hash_of_the_other_version_is_refused():
    assert refusal(bank.signed(bank.fields())) == "hash"
    with pytest.raises(Refused):
        nestpay.verify(bank.terminal(), bank.order(), bank.first_signed())


@pytest.mark.parametrize("name", [*bank.PAYMENT_LIST])
def test_no_signed_field_can_be_changed(name):
    message = bank.first_signed()
    assert refusal(changed(message, **{name: message.get(name) + "1"})) == "hash"


@pytest.mark.parametrize(
    ("merchant", "order_id"),
    [("50099000", "0TAH-2026-000123"), ("500990000T", "AH-2026-000123")],
)
def test_digits_moved_between_neighbours_name_nobody(merchant, order_id):
    message = changed(bank.first_signed(), clientid=merchant, oid=order_id)
    assert refusal(message) == "merchant"
    assert refusal(message, merchant_id=merchant) == "order"


@pytest.mark.parametrize("amount", ["1.00", "x", "", "1250.40"])
def test_whatever_the_unsigned_amount_says_nothing_is_approved(amount):
    outcome = said(changed(bank.first_signed(), amount=amount))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_the_card_typed_on_our_page_comes_back_in_the_mode_of_that_page():
    browser = terminal(card_entry=CardEntry.BROWSER)
    message = bank.first_signed(storetype="3d_pay")
    assert said(message, browser).follow_up is Operation.INQUIRY
    assert refusal(message) == "storetype"
