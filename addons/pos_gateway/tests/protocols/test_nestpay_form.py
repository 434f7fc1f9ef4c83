"""The form that takes the payer to the bank's page."""

import nestpay_bank as bank
import pytest
from pos_gateway.protocols import banks, errors, family, nestpay
from pos_gateway.protocols.types import Secret


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
        {"language": "de"},
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
        {"page_url": ""},
    ],
    ids=str,
)
def test_a_terminal_that_is_not_complete_sends_nothing(changes):
    with pytest.raises(ValueError):
        nestpay.build(bank.terminal(**changes), bank.order())


def test_the_longest_order_id_is_accepted():
    assert built(order_id="A" * nestpay.ORDER_ID_MAX)["oid"] == "A" * 64


def test_no_secret_shows_in_form_or_request():
    terminal, order = bank.terminal(), bank.order()
    shown = repr((nestpay.build(terminal, order), nestpay.inquire(terminal, order)))
    shown += repr(terminal)
    assert bank.STORE_KEY not in shown
    assert bank.API_PASSWORD not in shown


def test_every_bank_is_complete_and_speaks_a_family_that_we_have():
    assert len({entry.key for entry in banks.BANKS}) == len(banks.BANKS)
    for entry in banks.BANKS:
        assert banks.bank(entry.key) is entry
        assert family(entry.family).FAMILY == entry.family
        for url in (
            entry.page_url,
            entry.api_url,
            entry.test_page_url,
            entry.test_api_url,
        ):
            assert url.startswith("https://")
        assert entry.page_url != entry.test_page_url


def test_every_code_has_a_reason_of_the_closed_set():
    for table in (errors.REFUSALS, errors.UNCERTAIN):
        assert set(table.values()) <= set(errors.REASONS)
    assert not errors.REFUSALS.keys() & errors.UNCERTAIN.keys()
    assert not {"", "00", "99"} & errors.REFUSALS.keys()
