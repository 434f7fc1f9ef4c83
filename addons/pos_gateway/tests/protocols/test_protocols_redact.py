"""Card data and secrets leave every text, and stay gone."""

import json
import random
import time

import pytest
from pos_gateway.protocols import nestpay, redact
from pos_gateway.protocols.answers import prove
from pos_gateway.protocols.redact import describe, is_clean, mask_text

CARD, AMEX = "4543600100000002", "378282246310005"
GROUPED = "4543 6001 0000 0002"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (CARD, "454360******0002"),
        (AMEX, "378282*****0005"),
        (GROUPED, "4543 60** **** 0002"),
        ("4543-6001-0000-0002", "4543-60**-****-0002"),
        ("4543+6001+0000+0002", "4543+60**+****+0002"),
        ("4543%206001%200000%200002", "4543%2060**%20****%200002"),
        ("4543%2D6001%2d0000%2D0002", "4543%2D60**%2d****%2D0002"),
        (f"x{CARD}x", "x454360******0002x"),
        (f"%20{CARD}", "%20454360******0002"),
        (f"%3D{CARD}%26", "%3D454360******0002%26"),
        (f"%{CARD}", "%454360******0002"),
        (f"2026-11-21 {CARD} 77", "2026-11-21 454360******0002 77"),
        (f"{CARD} {CARD}", "454360******0002 454360******0002"),
        (f"md={CARD}:A:1", "md=454360******0002:A:1"),
    ],
)
def test_a_card_number_keeps_six_and_four(text, masked):
    assert mask_text(text) == masked
    assert not is_clean(text)
    assert is_clean(masked)


@pytest.mark.parametrize(
    "text",
    [
        "4543600100000003",
        "454360010002",
        "1" * 20,
        "TAH-2026-000123",
        "4543 60** **** 0002",
        "632511004477",
        "EXTRA.TRXDATE=20261121+12%3A00%3A44",
        "HASH=z4PhNX7vuL3xVChQ1m2AB9Yg==",
        "PAN=4543+60**+****+0002",
        "<PAN>4543 60** **** 0002</PAN>",
        "maskedCreditCard=4543 60** **** 0002",
        "order_number=7",
        "cv2=",
        "<Password></Password>",
    ],
)
def test_what_is_no_secret_stays(text):
    assert mask_text(text) == text


CVV, SECRET = "987", "Gizli.Anahtar77"
NAMES = [
    "pan",
    "PAN",
    "Number",
    "cv2",
    "cvv",
    "cvc",
    "Cvv2Val",
    "Expires",
    "Password",
    "storekey",
    "store_key",
    "api_password",
    "gateway_store_key",
    "Ecom_Payment_Card_ExpDate_Month",
    "Ecom_Payment_Card_ExpDate_Year",
    "EXTRA.PAN",
    "expireMonth",
    "ExpireYear",
    "cardExpiryMonth",
    "card_expiry_year",
    "ExpM",
    "ExpY",
    "exp_month",
    "SecCode",
    "KK_No",
    "KK_SK_Ay",
    "KK_SK_Yil",
    "CardHolderName",
    "cardholder_name",
    "holder",
    "CardData",
]
NOTATIONS = [
    "a=1&{name}={value}&b=2",
    "{name}={value}",
    "<a><{name}>{value}</{name}></a>",
    '<ns:{name} id="1"><![CDATA[{value}]]></ns:{name}>',
    "%3C{name}%3E{value}%3C%2F{name}%3E",
    '{{"{name}": "{value}"}}',
    '{{"{name}":"{value}","b":1}}',
    "{{'{name}': '{value}'}}",
    "(('{name}', '{value}'), ('b', '2'))",
    "Order({name}='{value}', b=2)",
    "{name}: {value}",
    "ErrMsg=b+{name}%3D{value}&c=1",
    "a%26{name}%3D{value}",
    "%7B%22{name}%22%3A%22{value}%22%7D",
    "%7B%22{name}%22%3A+{value}%2C%22b%22%3A1%7D",
]


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [CVV, SECRET, CARD])
def test_a_value_under_a_sensitive_name_is_hidden(notation, name, value):
    text = notation.format(name=name, value=value)
    masked = mask_text(text)
    assert value not in masked
    assert masked == notation.format(name=name, value="***")


def test_numbers_in_json_are_hidden():
    assert json.loads(mask_text('{"a": 1, "cvv": 987}').replace("***", "0")) == {
        "a": 1,
        "cvv": 0,
    }


def test_masking_twice_changes_nothing():
    alphabet = [
        "4543",
        "6001",
        "0000",
        "0002",
        CARD,
        AMEX,
        " ",
        "-",
        "+",
        "%20",
        "%",
        "*",
        "0",
        "7",
        "cv2=",
        "pan",
        "Number",
        "<",
        ">",
        "&",
        "'",
        '"',
        ":",
    ]
    chance = random.Random(11)
    seen = 0
    for _ in range(3000):
        text = "".join(chance.choices(alphabet, k=chance.randrange(1, 14)))
        masked = mask_text(text)
        assert mask_text(masked) == masked, text
        assert is_clean(masked), text
        seen += masked != text
    assert seen > 500


def test_nothing_hidden_is_shown_again():
    chance = random.Random(12)
    for _ in range(500):
        digits = "".join(chance.choices("0123456789", k=chance.randrange(10, 40)))
        masked = mask_text(digits)
        assert len(masked) == len(digits)
        assert all(m in (d, "*") for m, d in zip(masked, digits, strict=True))


def test_a_hostile_text_costs_no_time():
    start = time.perf_counter()
    for piece in ("4 ", "0", "<pan ", "pan ", "cv2='", "%20", "*", f"{CARD} "):
        mask_text(piece * (20000 // len(piece)))
    assert time.perf_counter() - start < 1.5


def test_a_description_has_one_masked_line_for_each_field():
    fields = (("oid", "A1"), ("cv2", "987"), ("pan", CARD), ("x\ny", f"a\nb {GROUPED}"))
    assert describe(fields).splitlines() == [
        "oid: A1",
        "cv2: ***",
        "pan: ***",
        "x\\ny: a\\nb 4543 60** **** 0002",
    ]


def test_a_description_knows_our_names_of_the_fields():
    assert describe({"taksit": "3"}, nestpay.FORM) == "taksit (installments): 3"


def test_luhn_is_the_published_check():
    assert redact._passes_luhn("79927398713")
    assert not any(redact._passes_luhn(f"7992739871{n}") for n in "012456789")


def test_references_of_a_proven_message_stay_and_cards_beside_them_do_not():
    reference, card = "4543600100000002", "5400610200000009"
    body = f"MD={reference}&note={card}&Sign=a%2Fb"
    fields = {"MD": reference, "note": card, "Sign": "a/b"}
    kept = redact.no_cards(prove("A1", fields, by="signature"))
    masked = redact.mask_text(body, kept)
    assert masked == f"MD={reference}&note=540061******0009&Sign=a%2Fb"


def test_what_nobody_signed_may_hold_a_card_anywhere():
    card = "4543600100000002"
    fields = {"MD": card, "BankPacket": "0" * 40}
    kept = redact.no_cards(prove("A1", fields, by="nothing"))
    assert kept == set()  # too long for a card: masking leaves it alone anyway
    packet = "AB" * 20 + card
    kept = redact.no_cards(prove("A1", {"BankPacket": packet}, by="nothing"))
    assert kept == {packet}


def test_a_short_reference_never_takes_a_card_number_apart():
    card = "4543600100000002"
    kept = redact.no_cards(prove("A1", {"MD": "36"}, by="signature"))
    assert redact.mask_text(f"pan2={card}", kept | {"36", "45436"}) == (
        "pan2=454360******0002"
    )


def test_references_of_a_nested_answer_are_found_by_their_last_name():
    fields = {"oosTranData.hostlogkey": "021450428990000191"}
    rows = [{"hostLogKey": "021450428990000192"}]
    proven = prove("A1", fields, by="transport", rows=rows)
    long = {"021450428990000191", "021450428990000192"}
    assert redact.no_cards(proven) == {n for n in long if not is_clean(n)}
