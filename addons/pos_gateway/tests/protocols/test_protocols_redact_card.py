"""A card that we hold ourselves leaves a text whatever its parts are called there."""

import html
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from pos_gateway.protocols.redact import hide_card, mask_text
from pos_gateway.protocols.types import Card

NUMBER, CODE, HOLDER = "4543600100000002", "987", "Ayşe O'Yıldız"
CARD = Card(NUMBER, "09", "31", CODE, HOLDER)
OTHER = Card("454360010002", "12", "29", "4321", "AL BO")


def parts(card=CARD):
    return {
        "Q1": card.number,
        "Q2": card.month,
        "Q3": card.year,
        "Q4": card.code,
        "Q5": card.holder,
    }


TEXTS = {
    "form": urlencode(parts()),
    "form of latin 5": urlencode(parts(), encoding="iso-8859-9"),
    "json": json.dumps(parts()),
    "json with letters": json.dumps(parts(), ensure_ascii=False),
    "json with numbers": (
        f'{{"Q1":{NUMBER},"Q2":9,"Q3": 2031,"Q4":{CODE},"Q5":"{HOLDER}"}}'
    ),
    "xml": "".join(f"<{n}>{html.escape(v)}</{n}>" for n, v in parts().items()),
    "attributes": " ".join(f'{n}="{html.escape(v)}"' for n, v in parts().items()),
    "xml in a form": urlencode(
        {"xml": "".join(f"<{n}>{v}</{n}>" for n, v in parts().items())}
    ),
    "joined": f"Q={NUMBER};0931;{CODE};{HOLDER}",
    "joined in a form": urlencode({"Q": f"{NUMBER};0931;{CODE};{HOLDER}"}),
    "joined, year first": f"Q={NUMBER}|3109|{CODE}|{HOLDER.upper()}",
    "slash": f"<Q>{NUMBER}</Q><Q>09/31</Q><Q>{CODE}</Q>",
    "slash in a form": urlencode({"Q1": NUMBER, "Q2": "09/2031", "Q4": CODE}),
    "long year": f"<Q>{NUMBER}</Q><Q>203109</Q><Q>{CODE}</Q>",
    "grouped": f"4543 6001 0000 0002 09/31 <Q>{CODE}</Q>",
}


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_of_the_card_is_left(name):
    text = hide_card(TEXTS[name], CARD)
    for secret in (
        NUMBER,
        "4543 6001",
        "0931",
        "3109",
        CODE,
        "09/",
        "2031",
        HOLDER,
        HOLDER.upper(),
        html.escape(HOLDER),
        quote(HOLDER),
        quote_plus(HOLDER),
        quote_plus(HOLDER, encoding="iso-8859-9"),
        json.dumps(HOLDER)[1:-1],
        '"09"',
        ">09<",
        "=09",
        ":9,",
        ">31<",
        "=31",
        '"31"',
    ):
        assert secret not in text, (secret, text)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_hidden_stays_so_and_is_hidden_once(name):
    text = hide_card(TEXTS[name], CARD)
    assert hide_card(text, CARD) == text
    assert "****" not in mask_text(text)


def test_what_only_resembles_a_part_stays():
    text = (
        "<Order>PG09313109987X</Order><At>2026-11-21T12:09:31</At><Total>1987.09</Total>"
        "<Sum>98700</Sum><Shop>SALE ALBO</Shop><Id>009870</Id>"
    )
    assert hide_card(text, CARD) == text
    assert hide_card("<Type>SALE</Type><A>BOAL BO</A>", OTHER).startswith("<Type>SALE<")


def test_a_number_that_is_none_by_its_check_digit_is_hidden_too():
    assert OTHER.number not in hide_card(f"<Q>{OTHER.number}</Q>", OTHER)


def test_a_card_without_a_holder_hides_no_empty_text():
    card = Card(NUMBER, "09", "31", CODE)
    assert hide_card("<Q>abc</Q>", card) == "<Q>abc</Q>"


@pytest.mark.parametrize(
    "text",
    [
        "cardHolderName=DE** KA**",
        "cardHolderName=DE**+KA**",
        "cardHolderName=%C5%9EE**+YI**&a=1",
        '"cardHolderName": "DE** KA**"',
        "<CardHolderName>A*** Y*****</CardHolderName>",
    ],
)
def test_a_holder_that_the_bank_has_masked_stays(text):
    """Such a name may be signed: masked once more, the message would prove nothing."""
    assert mask_text(text) == text


def test_a_holder_is_not_shown_for_a_few_stars():
    for name in ("AYSE** YILMAZ", "AYSE YI**", "** AYSE"):
        assert "AYSE" not in mask_text(f"<holder>{name}</holder>")


def test_card_data_in_one_value_is_hidden_to_its_end():
    assert mask_text(f"a=1&CardData={NUMBER};0931;987&b=2") == "a=1&CardData=***&b=2"
    assert mask_text(f'{{"CardData":"{NUMBER};0931;987"}}') == '{"CardData":"***"}'
