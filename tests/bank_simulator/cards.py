"""Test cards: invented numbers and how their issuer answers. Data.

Any expiry that is not past and any three-digit security code is accepted, except where
``security_code`` names the only right one.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A card as its issuer knows it.

    ``decline`` is the issuer's code when it refuses; ``authenticates`` tells whether
    the holder can pass 3-D Secure. ``program`` is empty for a card without
    installments. ``points_kurus`` is what its loyalty points are worth.
    """

    number: str
    brand: str
    issuer: str
    program: str
    kind: str = "credit"
    commercial: bool = False
    decline: str = ""
    authenticates: bool = True
    security_code: str = ""
    points_kurus: int = 0
    title_en: str = ""
    title_tr: str = ""

    @property
    def masked(self):
        """First six and last four digits, the form that messages carry."""
        return mask(self.number)

    def title(self, lang):
        return self.title_tr if lang == "tr" else self.title_en


CARDS = (
    Card(
        "4543600100000002", "VISA", "DEMO BANK", "World",
        points_kurus=2500,
        title_en="Approved, Visa credit (World)",
        title_tr="Onaylanır, Visa kredi (World)",
    ),
    Card(
        "5400610200000009", "MASTERCARD", "ORNEK BANK", "Bonus",
        points_kurus=13075,
        title_en="Approved, Mastercard credit (Bonus)",
        title_tr="Onaylanır, Mastercard kredi (Bonus)",
    ),
    Card(
        "9792040300000006", "TROY", "DEMO BANK", "Paraf",
        title_en="Approved, Troy credit (Paraf)",
        title_tr="Onaylanır, Troy kredi (Paraf)",
    ),
    Card(
        "4543610400000008", "VISA", "DEMO BANK", "", kind="debit",
        title_en="Approved, Visa debit, no installments",
        title_tr="Onaylanır, Visa banka kartı, taksitsiz",
    ),
    Card(
        "5400671000000003", "MASTERCARD", "DEMO BANK", "World", commercial=True,
        points_kurus=400,
        title_en="Approved, commercial Mastercard (World)",
        title_tr="Onaylanır, ticari Mastercard (World)",
    ),
    Card(
        "4543660900000008", "VISA", "DEMO BANK", "World", security_code="147",
        points_kurus=1230,
        title_en="Approved only with security code 147, else 82",
        title_tr="Yalnız 147 güvenlik koduyla onaylanır, yoksa 82",
    ),
    Card(
        "4543620500000006", "VISA", "DEMO BANK", "World", decline="51",
        points_kurus=999,
        title_en="Declined 51, limit not sufficient",
        title_tr="Ret 51, limit yetersiz",
    ),
    Card(
        "5400630600000003", "MASTERCARD", "ORNEK BANK", "Bonus", decline="54",
        title_en="Declined 54, card expired at the issuer",
        title_tr="Ret 54, kartın süresi dolmuş",
    ),
    Card(
        "4543640700000002", "VISA", "ORNEK BANK", "Bonus", decline="05",
        title_en="Declined 05, do not honour",
        title_tr="Ret 05, genel ret",
    ),
    Card(
        "5400650800000009", "MASTERCARD", "DEMO BANK", "World", authenticates=False,
        title_en="3-D authentication always fails",
        title_tr="3-D doğrulaması her zaman başarısız",
    ),
)  # fmt: skip

BY_NUMBER = {card.number: card for card in CARDS}

# First digits of a number that is in no table, longest first.
_BRANDS = (("9792", "TROY"), ("4", "VISA"), ("5", "MASTERCARD"), ("2", "MASTERCARD"))

ISSUER_TEXTS = {
    "00": "",
    "05": "Red, genel",
    "14": "Hatali kart numarasi",
    "51": "Limit yetersiz",
    "54": "Vadesi dolmus kart",
    "82": "CVV hatasi veya girilen CVV gecersiz",
}


def find_card(number):
    """Return the card of a number; one that no issuer knows is declined with 14."""
    if number in BY_NUMBER:
        return BY_NUMBER[number]
    brand = next((name for start, name in _BRANDS if number.startswith(start)), "")
    return Card(number, brand, "", "", decline="14")


def mask(number):
    return f"{number[:6]}***{number[-4:]}"


def is_card_number(text):
    """Tell whether a text is 16 ASCII digits that satisfy the Luhn check."""
    if not re.fullmatch("[0-9]{16}", text):
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def describe_cards():
    """Return the table for the control API; these numbers belong to nobody."""
    return [
        {
            "number": card.number,
            "brand": card.brand,
            "issuer": card.issuer,
            "program": card.program,
            "kind": card.kind,
            "commercial": card.commercial,
            "points_kurus": card.points_kurus,
            "title": card.title_en,
        }
        for card in CARDS
    ]
