"""PosNet's codes for the refusals of the bank core and for bad messages.

Which code answers what is known only as far as the code tables tell; several choices
below are our own and unverified.
"""

# reason of operations.Refusal -> (respCode, respText)
REFUSALS = {
    "already_paid": ("0127", "ORDERID DAHA ONCE KULLANILMIS"),
    "installments_not_for_card": ("0012", "GECERSIZ ISLEM"),
    "zero_amount": ("0150", "TUTAR HATALI"),
    "currency_differs": ("0012", "GECERSIZ ISLEM"),
    "not_concluded": ("0012", "GECERSIZ ISLEM"),
    "nothing_to_void": ("0211", "GRUP KAPALI, IPTAL YAPILAMAZ"),
    "no_success": ("0015", "PROVIZYON BULUNAMADI"),
    "not_preauthorised": ("0015", "PROVIZYON BULUNAMADI"),
    "no_provision": ("0220", "ISLEM DAHA ONCE IPTAL EDILMIS"),
    "already_captured": ("0219", "FINANSALLASTIRMA DAHA ONCE YAPILMIS"),
    "capture_above_net": ("0001", "TUTAR PROVIZYON TUTARINDAN BUYUK"),
    "capture_too_late": ("0206", "FINANSALLASTIRMA SURESI GECMIS"),
    "no_capture_to_void": ("0223", "FINANSALLASTIRMA YOK"),
    "capture_settled": ("0229", "ONCEKI GUNUN ISLEMI IPTAL EDILEMEZ"),
    "nothing_to_refund": ("0220", "ISLEM IPTAL EDILMIS"),
    "not_settled": ("0411", "ISLEM HENUZ KAYDA ALINMADI, IPTAL YAPINIZ"),
    "refund_above_net": ("0205", "IADE TUTARI KALAN TUTARDAN BUYUK"),
    "net_is_zero": ("0450", "IADE YAPILAMAZ, TUTARIN TAMAMI IADE EDILMIS"),
    "debit_refunds_off": ("0057", "ISLEM TIPINE IZIN YOK"),
}

ALREADY_PAID = REFUSALS["already_paid"]
ALREADY_VOIDED = REFUSALS["no_provision"]
ALREADY_REFUNDED = ("0218", "IADE EDILMIS ISLEM IPTAL EDILEMEZ")
BAD_CARD = ("0014", "HATALI KART NUMARASI")
BAD_EXPIRY = ("0054", "VADESI DOLMUS KART")
BAD_MAC = ("E216", "MAC DOGRULAMA HATALI")
BAD_PACKET = ("0150", "PAKET HATALI")
BAD_PERIOD = ("0340", "RAPOR TARIH ARALIGI HATALI")
BAD_POSNET_ID = ("0147", "POSNET ID HATALI")
CAPTURED_FIRST = ("0788", "ONCE FINANSALLASTIRMA IPTAL EDILMELI")
INQUIRY_FIELD = ("E117", "SORGU ALANI EKSIK")
INVALID_TRANSACTION = ("0012", "GECERSIZ ISLEM")
NO_PERMISSION = ("0057", "ISLEM TIPINE IZIN YOK")
NO_RECORD = ("0123", "KAYIT BULUNAMADI")
NOT_FOUND = ("E219", "KAYIT BULUNAMADI")
TOO_MUCH = ("0205", "TUTAR HATALI")
WRONG_MERCHANT = ("0148", "INVALID MID TID IP")

CARD_ERRORS = {
    "bad_number": BAD_CARD,
    "bad_expiry": BAD_EXPIRY,
    "bad_code": BAD_PACKET,
}

ISSUER_TEXTS = {
    "0005": "RED-ONAYLANMADI",
    "0014": "HATALI KART NUMARASI",
    "0051": "LİMİT YETERSİZ",
    "0054": "VADESİ DOLMUŞ KART",
}


def issuer_answer(code):
    """Return respCode and respText for an issuer's two digits."""
    code = code.zfill(4)
    return code, ISSUER_TEXTS.get(code, "RED")
