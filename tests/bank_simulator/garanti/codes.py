"""GVP's codes for the refusals of the bank core, and for bad requests.

The page gives 92 with a reason code for what the gateway itself refuses. Where it names
no code for a case, the nearest one is taken and marked.
"""

from ..cards import ISSUER_TEXTS

MANDATORY = ("92", "0002", "Zorunlu alan eksik ya da gecersiz")
NO_RECORD = ("92", "0108", "Kayit bulunamadi")
NOT_FOUND = ("92", "0110", "Islem bulunamadi")
NOT_REFUNDABLE = ("92", "0208", "Bu islem iade edilemez")
BAD_HASH = ("92", "0651", "HashData hatali")  # the page says 06xx
BAD_USER = ("92", "0650", "Kullanici ya da terminal hatali")  # the page says 06xx
NO_PERMISSION = ("92", "0652", "Kullanicinin bu islem icin yetkisi yok")
DEALER_NEEDED = ("92", "0809", "Alt bayi kodu gerekli")
DUPLICATE = ("92", "0200", "Bu siparis ile onayli islem var")  # reason unverified
OUTSIDE_MARGIN = ("13", "13", "Tutar sinirlarin disinda")
NOT_DONE = ("05", "05", "Islem yapilamiyor")
UNKNOWN_CARD = ("14", "14", "Kart numarasi hatali")

# As the page tells it of the test environment; other issuer codes stay as they are.
WRONG_CVV = ("12", "12", "CVV hatali")

SYSTEM_ERROR = "99"

# reason of operations.Refusal -> (Code, ReasonCode, ErrorMsg)
REFUSALS = {
    "already_paid": DUPLICATE,
    "installments_not_for_card": ("57", "57", "Karta taksit yapilamaz"),
    "zero_amount": MANDATORY,
    "nothing_to_void": NOT_DONE,  # unverified
    "void_without_success": NOT_DONE,  # unverified
    "several_to_void": NOT_DONE,  # unverified
    "not_preauthorised": NOT_DONE,  # unverified
    "no_success": NOT_FOUND,
    "no_provision": NOT_FOUND,
    "already_captured": NOT_DONE,  # unverified
    "capture_above_net": OUTSIDE_MARGIN,
    "capture_too_late": NOT_DONE,  # unverified
    "nothing_to_refund": NOT_REFUNDABLE,
    "not_settled": NOT_REFUNDABLE,
    "currency_differs": NOT_REFUNDABLE,
    "refund_above_net": NOT_REFUNDABLE,
    "net_is_zero": NOT_REFUNDABLE,
    "nothing_planned": NOT_FOUND,
    "debit_refunds_off": NOT_REFUNDABLE,
    "not_concluded": NOT_FOUND,
    "not_authenticated": NOT_DONE,  # unverified
}


def issuer_answer(code):
    """Return the outcome of an inquiry that the issuer refuses."""
    if code == "82":
        return WRONG_CVV
    return UNKNOWN_CARD if code == "14" else (code, code, ISSUER_TEXTS[code])
