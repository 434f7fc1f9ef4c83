"""The form that takes the payer to the bank's page."""

import pytest
from cases import nestpay as bank
from pos_gateway.protocols import nestpay
from pos_gateway.protocols.types import Call, CardEntry, Operation, Secret


def built(**changes):
    return dict(nestpay.build(bank.terminal(), bank.order(**changes)).fields)


def test_the_form_is_signed_so_that_the_bank_accepts_it():
    form = nestpay.build(bank.terminal(), bank.order(installment_count=3))
    fields = dict(form.fields)
    assert form.url == "https://banka.example/fim/est3Dgate"
    assert fields.pop("hash") == bank.signature(fields)


def test_a_single_payment_sends_an_empty_installment_field():
    assert built()["taksit"] == ""
    assert built(installment_count=12)["taksit"] == "12"


def test_both_addresses_are_ours_and_the_notice_is_only_there_when_wanted():
    fields = built()
    assert fields["okUrl"] == fields["failUrl"] == "https://tahsilat.example/pos/donus"
    assert "callbackUrl" not in fields
    assert (
        built(notice_url="https://a.example/n")["callbackUrl"] == "https://a.example/n"
    )


def test_the_same_order_gives_the_same_form():
    first, second = (nestpay.build(bank.terminal(), bank.order()) for _ in range(2))
    assert first == second


def test_amount_and_currency_are_written_as_the_bank_reads_them():
    fields = built(amount_kurus=5, currency="EUR")
    assert (fields["amount"], fields["currency"]) == ("0.05", "978")


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": ""},
        {"order_id": "A" * 65},
        {"order_id": "A 1"},
        {"order_id": "Ş1"},
        {"order_id": "A1\n"},
        {"amount_kurus": 0},
        {"amount_kurus": -1},
        {"amount_kurus": 10**17},
        {"currency": "JPY"},
        {"currency": ""},
        {"installment_count": 0},
        {"installment_count": 13},
        {"installment_count": -3},
        {"currency": "USD", "installment_count": 2},
        {"return_url": ""},
        {"return_url": "/pos/donus"},
        {"return_url": "javascript:alert(1)"},
        {"return_url": "https://a.example/" + "a" * 255},
        {"notice_url": "ftp://a.example"},
        {"nonce": ""},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"merchant_id": ""},
        {"merchant_id": "1" * 16},
        {"store_key": Secret("")},
        {"urls": {}},
    ],
    ids=str,
)
def test_a_terminal_that_is_not_complete_sends_nothing(changes):
    with pytest.raises(ValueError):
        nestpay.build(bank.terminal(**changes), bank.order())


def test_the_longest_order_id_is_accepted():
    assert built(order_id="A" * nestpay.TRAITS.order_id_max)["oid"] == "A" * 64


def test_no_secret_shows_in_form_or_request():
    terminal, order = bank.terminal(), bank.order()
    request = nestpay.ask(terminal, order, Call(Operation.INQUIRY))
    shown = repr((nestpay.build(terminal, order), request))
    shown += repr(terminal)
    assert bank.STORE_KEY not in shown
    assert bank.API_PASSWORD not in shown


def test_a_payer_of_another_language_reads_english():
    assert (built()["lang"], built(language="de")["lang"]) == ("tr", "en")


def first_version(**changes):
    return bank.terminal(**{"options": {"hash": "ver1"}} | changes)


def test_a_form_of_version_1_is_signed_over_its_eight_fields():
    order = bank.order(installment_count=6)
    fields = dict(nestpay.build(first_version(), order).fields)
    assert fields.pop("hash") == bank.first_signature(fields, bank.FORM_LIST)
    assert fields["islemtipi"] == "Auth"
    assert not {"hashAlgorithm", "TranType"} & fields.keys()


def test_money_is_reserved_where_the_order_says_so():
    assert built(preauth=True)["TranType"] == "PreAuth"
    form = nestpay.build(first_version(), bank.order(preauth=True))
    assert dict(form.fields)["islemtipi"] == "PreAuth"


def test_the_card_is_typed_on_our_page_where_the_form_does_not_sign_it():
    terminal = first_version(card_entry=CardEntry.BROWSER)
    form = nestpay.build(terminal, bank.order())
    assert dict(form.fields)["storetype"] == "3d_pay"
    assert [(entry.kind, entry.wire) for entry in form.card] == [
        ("number", "pan"),
        ("month", "Ecom_Payment_Card_ExpDate_Month"),
        ("year", "Ecom_Payment_Card_ExpDate_Year"),
        ("code", "cv2"),
    ]
    assert not {entry.wire for entry in form.card} & dict(form.fields).keys()
    assert nestpay.build(first_version(), bank.order()).card == ()


def test_a_contract_that_signs_the_card_leaves_it_to_the_bank():
    with pytest.raises(ValueError):
        nestpay.build(bank.terminal(card_entry=CardEntry.BROWSER), bank.order())
