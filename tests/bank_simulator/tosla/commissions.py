"""GetCommissionAndInstallmentInfo, and what the merchant pays for a sale. Data."""

from ..api_answers import ApiRefusal
from ..cards import CARDS
from . import codes

# Installments -> hundredths of a per cent; 0 is the single payment.
RATES = {
    0: 179,
    2: 299,
    3: 389,
    4: 479,
    5: 569,
    6: 659,
    7: 749,
    8: 839,
    9: 929,
    10: 1019,
    11: 1109,
    12: 1199,
}
BANK_IDS = {"DEMO BANK": 901, "ORNEK BANK": 902}
CARD_TYPE_IDS = {"MASTERCARD": 1, "VISA": 2, "TROY": 3}


def commission_kurus(amount_kurus, installments):
    """Return the commission, rounded half up to whole kuruş.

    >>> commission_kurus(125040, 0), commission_kurus(125040, 6)
    (2238, 8240)
    """
    return (amount_kurus * RATES[installments] + 5000) // 10000


def rate_number(installments):
    """Return the rate in per cent as JSON writes it."""
    return RATES[installments] / 100


def tell(call):
    """Tell bank, program and rates of a card's first six digits."""
    prefix = call.text("bin")
    if len(prefix) != 6 or not prefix.isdigit():
        raise ApiRefusal(*codes.VALIDATION)
    card = next((card for card in CARDS if card.number.startswith(prefix)), None)
    if not card:
        raise ApiRefusal(*codes.NOT_FOUND)
    counts = [count for count in RATES if count and card.program]
    return {
        "CardPrefix": int(prefix),
        "BankId": BANK_IDS[card.issuer],
        "BankCode": card.issuer.replace(" ", ""),
        "BankName": card.issuer,
        "CardName": card.program,
        "CardClass": "Kredi Kartı" if card.kind == "credit" else "Banka Kartı",
        "CardType": card.brand.title(),
        "Country": "TR",
        "BankCommission": rate_number(0),
        "InstallmentInfo": {
            f"T{count}": {"Rate": rate_number(count), "Constant": 0} for count in counts
        },
        "Code": 0,
        "Message": "",
    }
