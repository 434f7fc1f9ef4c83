"""Akbank: the form that the browser takes to the bank."""

import pytest
from akbank_talk import built, refusal, talk
from cases import akbank as bank
from pos_gateway.protocols import akbank
from pos_gateway.protocols.types import CardEntry, Operation, Secret


def test_the_form_is_signed_in_the_banks_order():
    fields = built()
    names = (
        "paymentModel txnCode merchantSafeId terminalSafeId orderId lang amount"
        " currencyCode installCount okUrl failUrl randomNumber requestDateTime"
    ).split()
    assert fields["hash"] == bank.mac("".join(fields[name] for name in names))
    assert set(fields) == {*names, "hash"}
    assert fields["paymentModel"] == "3D_PAY_HOSTING"
    assert (fields["amount"], fields["installCount"]) == ("1250.40", "1")
    assert fields["requestDateTime"] == "2026-11-21T11:59:30.120"
    assert len(fields["randomNumber"]) == 128


def test_installments_reservations_languages_and_sub_merchants_are_told():
    fields = built(installment_count=6, preauth=True, language="de")
    assert (fields["installCount"], fields["txnCode"]) == ("6", "3004")
    assert fields["lang"] == "EN"
    assert built(bank.terminal(sub_merchant_id="B17"))["subMerchantId"] == "B17"


def test_no_page_of_ours_takes_the_card():
    assert akbank.TRAITS.card_entries == (CardEntry.HOSTED,)


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 37},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"currency": "USD", "installment_count": 2},
        {"installment_count": 13},
        {"return_url": "javascript:alert(1)"},
        {"at": None},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


def test_without_the_secret_key_there_is_no_form_no_call_and_no_belief():
    terminal = bank.terminal(store_key=Secret(""))
    with pytest.raises(ValueError, match="missing"):
        built(terminal)
    with pytest.raises(ValueError, match="missing"):
        talk.request(Operation.INQUIRY, terminal)
    empty = bank.sign(bank.GENUINE, secret_key="")
    assert refusal(empty, terminal=terminal) == "hash"
