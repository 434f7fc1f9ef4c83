"""Garanti: the form that the browser takes to the bank."""

from dataclasses import replace

import pytest
from cases import garanti as bank
from garanti_talk import asked, built, refusal, talk
from pos_gateway.protocols import garanti
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import CardEntry, Operation, Secret

# --- the form -----------------------------------------------------------------------


def test_the_form_is_signed_with_the_password_of_the_page_user():
    fields = built()
    assert fields["secure3dhash"] == bank.form_hash()
    assert fields["terminalprovuserid"] == "PROVOOS"
    assert fields["secure3dsecuritylevel"] == "3D_OOS_PAY"
    assert fields["txnamount"] == "125040"
    assert fields["txninstallmentcount"] == ""
    assert "cardnumber" not in fields


def test_the_payers_browser_can_take_the_card_straight_to_the_bank():
    terminal = bank.terminal(card_entry=CardEntry.BROWSER, page_password=Secret(""))
    form = garanti.build(terminal, bank.order())
    fields = dict(form.fields)
    assert fields["terminalprovuserid"] == "PROVAUT"
    assert fields["secure3dsecuritylevel"] == "3D_PAY"
    assert [field.wire for field in form.card] == [
        "cardnumber",
        "cardexpiredatemonth",
        "cardexpiredateyear",
        "cardcvv2",
    ]
    assert fields["secure3dhash"] != bank.form_hash()


def test_installments_reservations_and_dealers_are_told():
    fields = built(installment_count=6, preauth=True)
    assert (fields["txninstallmentcount"], fields["txntype"]) == ("6", "preauth")
    assert fields["secure3dhash"] == bank.form_hash(count="6", kind="preauth")
    assert "submerchantid" not in fields
    dealer = built(bank.terminal(sub_merchant_id="B17"))
    assert dealer["submerchantid"] == "B17"
    assert dealer["secure3dhash"] == bank.form_hash()


def test_a_payer_without_an_ipv4_address_is_sent_with_a_local_one():
    assert built()["customeripaddress"] == "203.0.113.7"
    assert built(client_ip="2001:db8::1")["customeripaddress"] == "127.0.0.1"
    assert built(client_ip="")["customeripaddress"] == "127.0.0.1"


def test_the_system_is_named():
    assert built()["mode"] == "PROD"
    assert built(bank.terminal(is_live=False))["mode"] == "TEST"
    assert asked(Operation.INQUIRY, bank.terminal(is_live=False))["Mode"] == "TEST"


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 37},
        {"order_id": "A.1"},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"currency": "USD", "installment_count": 2},
        {"installment_count": 13},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


@pytest.mark.parametrize("name", ["store_key", "page_password"])
def test_without_a_secret_there_is_no_form_and_no_belief(name):
    terminal = bank.terminal(**{name: Secret("")})
    with pytest.raises(ValueError, match="missing"):
        built(terminal)
    assert refusal(bank.genuine(), terminal=terminal) in ("hash", "form")


# --- what is kept -------------------------------------------------------------------


def test_no_secret_and_no_card_stays_in_a_text():
    request = talk.request(Operation.VOID)
    form = garanti.build(bank.terminal(), bank.order())
    texts = [repr(request), request.body.decode(), describe(form.fields, garanti.FORM)]
    for secret in bank.SECRETS:
        assert not any(secret in text for text in texts)
    typed = "cardnumber=4543600100000002&cardcvv2=123&cardexpiredatemonth=08"
    typed += "&cardexpiredateyear=30"
    assert mask_text(typed) == (
        "cardnumber=***&cardcvv2=***&cardexpiredatemonth=***&cardexpiredateyear=***"
    )


def test_the_same_order_gives_the_same_form():
    order = bank.order()
    assert garanti.build(bank.terminal(), order) == garanti.build(
        bank.terminal(), replace(order)
    )
