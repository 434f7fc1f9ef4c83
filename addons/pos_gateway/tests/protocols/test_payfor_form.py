"""PayFor: the form that the browser takes to the bank."""

import pytest
from cases import payfor as bank
from payfor_talk import built, refusal, talk
from pos_gateway.protocols import payfor
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import CardEntry, Operation, Secret

# --- the form -----------------------------------------------------------------------


def test_the_form_is_signed_as_the_bank_signs():
    fields = built(installment_count=3)
    assert fields["Hash"] == bank.form_hash(count="3")
    assert (fields["SecureType"], fields["MbrId"]) == ("3DHost", "5")
    assert built()["InstallmentCount"] == "0"
    assert built(preauth=True)["Hash"] == bank.form_hash(kind="PreAuth")


def test_another_bank_has_its_own_member_number():
    fields = built(bank.terminal(options=bank.UNSIGNED))
    assert fields["MbrId"] == "12"
    assert fields["Hash"] == bank.form_hash(member="12")


def test_the_payers_browser_can_take_the_card_straight_to_the_bank():
    terminal = bank.terminal(card_entry=CardEntry.BROWSER)
    form = payfor.build(terminal, bank.order())
    fields = dict(form.fields)
    assert form.url.endswith("/Default.aspx")
    assert fields["SecureType"] == "3DPay"
    assert [(i.kind, i.wire) for i in form.card] == [
        ("number", "Pan"),
        ("expiry", "Expiry"),
        ("code", "Cvv2"),
        ("holder", "CardHolderName"),
    ]
    assert fields["Hash"] == bank.form_hash()


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 21},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"installment_count": 13},
        {"return_url": "https://a.example/" + "a" * 200},
        {"nonce": ""},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


def test_without_the_password_there_is_no_form_and_no_belief():
    terminal = bank.terminal(store_key=Secret(""))
    with pytest.raises(ValueError, match="missing"):
        built(terminal)
    assert refusal(bank.genuine(), terminal=terminal) == "hash"
    unsigned = bank.terminal(store_key=Secret(""), options=bank.UNSIGNED)
    assert refusal(bank.genuine(MbrId="12"), terminal=unsigned) == "form"


# --- what is kept -------------------------------------------------------------------


def test_no_secret_and_no_card_stays_in_a_text():
    request = talk.request(Operation.VOID)
    form = payfor.build(bank.terminal(), bank.order())
    texts = [repr(request), mask_text(request.body.decode())]
    texts.append(describe(form.fields, payfor.FORM))
    for secret in bank.SECRETS:
        assert not any(secret in text for text in texts)
    typed = "Pan=4543600100000002&Expiry=0830&Cvv2=123"
    assert mask_text(typed) == "Pan=***&Expiry=***&Cvv2=***"
    escaped = "&lt;UserPass&gt;CanaryUserPass.77&lt;/UserPass&gt;"
    assert "Canary" not in mask_text(escaped)
