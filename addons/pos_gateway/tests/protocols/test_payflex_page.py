"""PayFlex: an order is registered and the bank's page opened."""

import pytest
from cases import payflex as bank
from cases.common import RETURN_URL
from payflex_talk import answered, asked, fields_of
from pos_gateway.protocols import payflex
from pos_gateway.protocols.answers import (
    Result,
)
from pos_gateway.protocols.types import CardEntry, Form, Operation, Secret


def test_an_order_is_registered_with_the_hash_of_the_bank():
    request = asked(Operation.REGISTER)
    assert request.url == bank.terminal().url("register")
    assert fields_of(request) == {
        "HostMerchantId": bank.MERCHANT,
        "HostTerminalId": bank.TERMINAL,
        "TransactionType": "Sale",
        "AmountCode": "949",
        "Amount": "1250.40",
        "OrderID": bank.ORDER_ID,
        "IsSecure": "true",
        "AllowNotEnrolledCard": "false",
        "SuccessUrl": RETURN_URL,
        "FailUrl": RETURN_URL,
        "RequestLanguage": "tr-TR",
        "MerchantPassword": bank.PASSWORD,
        "HashedData": bank.page_hash(),
    }
    assert "InstallmentCount" not in fields_of(request)


def test_installments_reservations_and_languages_are_told():
    order = bank.order(installment_count=6, preauth=True, language="en")
    fields = fields_of(asked(Operation.REGISTER, order=order))
    assert fields["InstallmentCount"] == "6"
    assert fields["TransactionType"] == "Auth"
    assert fields["RequestLanguage"] == "en-US"


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 41},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"currency": "USD", "installment_count": 2},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(Operation.REGISTER, order=bank.order(**changes))


def test_the_card_is_typed_on_the_banks_page_only():
    assert payflex.TRAITS.card_entries == (CardEntry.HOSTED,)
    assert payflex.TRAITS.start is Operation.REGISTER


def test_the_token_opens_the_page():
    outcome = answered(Operation.REGISTER, bank.registered(), references={})
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.references == {"token": bank.TOKEN}
    address = f"{bank.terminal().url('page')}?Ptkn={bank.TOKEN}"
    assert outcome.page == Form(address, method="get")


@pytest.mark.parametrize(
    ("changes", "result", "reason"),
    [
        (bank.REGISTRATION_REFUSED, "declined", "configuration"),
        (bank.REGISTRATION_REFUSED | {"ErrorCode": "4711"}, "declined", "other"),
        (bank.REGISTRATION_REFUSED | {"ErrorCode": ""}, "unresolved", "other"),
        ({"ErrorCode": "5002"}, "unresolved", "configuration"),
        ({"PaymentToken": "javascript:alert(1)"}, "unresolved", "other"),
        ({"PaymentToken": "a=bcdefghijklmnop"}, "unresolved", "other"),
        ({"PaymentToken": None}, "unresolved", "other"),
    ],
    ids=str,
)
def test_without_a_token_no_page_is_opened(changes, result, reason):
    outcome = answered(Operation.REGISTER, bank.registered(**changes))
    assert outcome.result is Result(result)
    assert outcome.reason == reason
    assert outcome.page is None
    assert not outcome.references


def test_nothing_is_asked_without_a_password():
    with pytest.raises(ValueError, match="missing"):
        asked(Operation.INQUIRY, bank.terminal(api_password=Secret("")))
