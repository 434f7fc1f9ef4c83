"""Kuveyt Türk: the card is handed over, the bank's page comes back."""

import pytest
from cases import boa
from cases import kuveyt as bank
from cases.common import RETURN_URL
from kuveyt_talk import answered, asked, texts_of
from pos_gateway.protocols import kuveyt
from pos_gateway.protocols.answers import (
    Refused,
    Result,
)
from pos_gateway.protocols.types import Card, CardEntry, Operation, Secret
from pos_gateway.protocols.wire import parse_xml


def test_the_card_goes_through_our_server_or_nowhere():
    assert kuveyt.TRAITS.start is Operation.CARD_PAGE
    assert kuveyt.TRAITS.card_entries == (CardEntry.SERVER,)
    assert not kuveyt.TRAITS.preauth


def test_the_card_is_handed_over_in_a_signed_message():
    request = asked(Operation.CARD_PAGE)
    fields = texts_of(request)
    glued = boa.MERCHANT + boa.ORDER_ID + "125040" + RETURN_URL * 2 + boa.USER
    assert fields.pop("HashData") == boa.sha(glued + boa.HASH_PASSWORD)
    assert fields == {
        "APIVersion": "TDV2.0.0",
        "MerchantId": boa.MERCHANT,
        "CustomerId": boa.CUSTOMER,
        "UserName": boa.USER,
        "TransactionType": "Sale",
        "InstallmentCount": "0",
        "Amount": "125040",
        "DisplayAmount": "125040",
        "CurrencyCode": "0949",
        "MerchantOrderId": boa.ORDER_ID,
        "TransactionSecurity": "3",
        "OkUrl": RETURN_URL,
        "FailUrl": RETURN_URL,
        "CardHolderName": "DENEME KART",
        "CardType": "Visa",
        "CardNumber": "4543600100000002",
        "CardExpireDateYear": "30",
        "CardExpireDateMonth": "11",
        "CardCVV2": "123",
        "DeviceData.DeviceChannel": "02",
        "DeviceData.ClientIP": "203.0.113.7",
        "CardHolderData.Email": "bayi@ornek.example",
    }
    assert parse_xml(request.body).tag == "KuveytTurkVPosMessage"
    assert request.url.endswith("/Home/ThreeDModelPayGate")


@pytest.mark.parametrize(
    ("number", "brand"),
    [("5", "MasterCard"), ("2", "MasterCard"), ("9792", "Troy"), ("3", "")],
)
def test_the_brand_is_told_by_the_number(number, brand):
    card = Card(number.ljust(16, "0"), "11", "30", "123")
    assert texts_of(asked(Operation.CARD_PAGE, card=card))["CardType"] == brand


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 21},
        {"amount_kurus": 0},
        {"currency": "GBP"},
        {"preauth": True},
        {"currency": "USD", "installment_count": 2},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(Operation.CARD_PAGE, order=bank.order(**changes))
    with pytest.raises(ValueError, match="card"):
        asked(Operation.CARD_PAGE, card=None)


@pytest.mark.parametrize("name", ["api_password", "api_user", "account_id"])
def test_nothing_is_asked_without_credentials(name):
    empty = Secret("") if name == "api_password" else ""
    with pytest.raises(ValueError, match="missing"):
        asked(Operation.INQUIRY, bank.terminal(**{name: empty}))


def test_of_the_banks_page_only_its_form_is_taken():
    fields = (("PaReq", "ZGVuZW1l&<"), ("TermUrl", "https://b.example/x?a=1&b=2"))
    outcome = answered(Operation.CARD_PAGE, boa.page(fields=fields))
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.url == "https://acs.example/pareq"
    assert outcome.page.fields == fields
    assert outcome.page.method == "post"


@pytest.mark.parametrize(
    ("action", "is_live", "is_taken"),
    [
        ("https://acs.example/a", True, True),
        ("http://127.0.0.1:8080/a", False, True),
        ("http://localhost/a", False, True),
        ("http://127.0.0.1:8080/a", True, False),
        ("http://acs.example/a", False, False),
        ("http://127.0.0.1.evil.example/a", False, False),
        ("http://user@127.0.0.1@evil.example/", False, False),
        ("javascript:alert(1)", False, False),
        ("//acs.example/a", False, False),
        ("/a", False, False),
        ("", False, False),
        ("https://", True, False),
        ("https://[x/", True, False),
    ],
)
def test_the_browser_is_sent_to_safe_addresses_only(action, is_live, is_taken):
    terminal = bank.terminal(is_live=is_live)
    body = boa.page(action)
    if is_taken:
        outcome = answered(Operation.CARD_PAGE, body, terminal)
        assert outcome.page.url == action
    else:
        with pytest.raises(Refused, match="address"):
            answered(Operation.CARD_PAGE, body, terminal)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (boa.page() + boa.page(), "document"),
        (boa.page().replace(b"POST", b"GET"), "document"),
        (boa.page().replace(b"</form>", b""), "document"),
        (boa.page(fields=[("a", "1"), ("a", "2")]), "document"),
        (boa.page(fields=[(f"f{n}", "") for n in range(300)]), "document"),
        (boa.page() + b"<!-- \xff -->", "charset"),
        (boa.page() + b" " * 70_000, "size"),
        (b"<html><body>Maintenance</body></html>", "document"),
        (b"", "malformed"),
    ],
)
def test_a_page_that_is_not_one_form_is_refused(body, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.CARD_PAGE, body)
    assert caught.value.reason == reason


def test_a_refused_card_declines():
    body = bank.refused()[Operation.CARD_PAGE]
    outcome = answered(Operation.CARD_PAGE, body)
    assert outcome.result is Result.DECLINED
    assert (outcome.bank_code, outcome.reason) == ("HashDataError", "configuration")
    assert outcome.page is None
