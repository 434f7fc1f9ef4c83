"""Tosla: a session is opened and the card typed on its page."""

import pytest
from cases import tosla as bank
from pos_gateway.protocols.answers import Result
from pos_gateway.protocols.types import CardEntry, Operation
from tosla_talk import answered, asked

# --- what is asked ------------------------------------------------------------------


def test_a_session_is_opened_for_the_order():
    service, tree = asked(Operation.REGISTER)
    assert service == "threeDPayment"
    nonce = bank.NONCE[:24]
    at = "20261122015930"  # Turkish time
    signature = bank.sha(bank.CLIENT_ID, bank.API_USER, nonce, at)
    assert tree == {
        "clientId": 1000077321,
        "apiUser": bank.API_USER,
        "rnd": nonce,
        "timeSpan": at,
        "hash": signature,
        "callbackUrl": bank.order().return_url,
        "orderId": bank.ORDER_ID,
        "amount": 125040,
        "currency": 949,
        "installmentCount": 0,
    }


def test_a_reservation_with_installments_says_so():
    order = bank.order(preauth=True, installment_count=3)
    service, tree = asked(Operation.REGISTER, order)
    assert (service, tree["installmentCount"]) == ("threeDPreAuth", 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"amount_kurus": 0},
        {"order_id": "A" * 21},
        {"return_url": "/pos"},
    ],
)
def test_an_order_that_tosla_does_not_take_opens_no_session(changes):
    with pytest.raises(ValueError):
        asked(Operation.REGISTER, bank.order(**changes))


# --- the session --------------------------------------------------------------------


def test_the_browser_goes_to_the_card_page_of_the_session():
    outcome = answered(Operation.REGISTER, bank.opened())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.method == "get"
    assert outcome.page.url == (
        f"https://banka.example/api/Payment/threeDSecure/{bank.SESSION}"
    )
    assert outcome.page.fields == outcome.page.card == ()


def test_the_card_can_be_typed_on_a_page_of_ours_that_posts_past_us():
    outcome = answered(Operation.REGISTER, bank.opened(), card_entry=CardEntry.BROWSER)
    page = outcome.page
    assert page.url == "https://banka.example/api/Payment/ProcessCardForm"
    assert page.fields == (("ThreeDSessionId", bank.SESSION),)
    assert {one.kind: one.wire for one in page.card} == {
        "holder": "CardHolderName",
        "number": "CardNo",
        "expiry_slash": "ExpireDate",
        "code": "Cvv",
    }


def test_the_letter_case_of_names_does_not_matter():
    body = bank.document(code=0, message="", threeDSessionId=bank.SESSION)
    assert answered(Operation.REGISTER, body).result is Result.AUTHENTICATED


@pytest.mark.parametrize("session", [None, "", "a/../b", "a b", "A" * 1025, "?x"])
def test_a_session_that_is_none_opens_no_page(session):
    outcome = answered(Operation.REGISTER, bank.opened(ThreeDSessionId=session))
    assert (outcome.result, outcome.page) == (Result.UNRESOLVED, None)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (997, Result.DECLINED),
        (998, Result.DECLINED),
        (202, Result.DECLINED),
        (999, Result.UNRESOLVED),
        (1, Result.UNRESOLVED),
        (777, Result.UNRESOLVED),
    ],
)
def test_a_refused_session_says_so(code, result):
    outcome = answered(Operation.REGISTER, bank.opened(Code=code))
    assert (outcome.result, outcome.page) == (result, None)
