"""Akbank's codes.

Codes that begin with SIM are our own: the protocol page has none for a bad form.
"""

SUCCESS = ("VPS-0000", "BAŞARILI")
DECLINED = ("VPS-1005", "Provizyon Hatası")
ORIGINAL_NOT_FOUND = ("VPS-1007", "Orjinal İşlem bulunamadı.")
ALREADY_VOIDED = ("VPS-1008", "Daha önce iptal edilmiş işlem")
ORDER_NOT_UNIQUE = ("VPS-1013", "Sipariş Numarası tekil olmalıdır")
RECURRING_FIELDS = ("VPS-1055", "Tekrarlı ödeme alanları hatalı")
PLAN_NOT_FOUND = ("VPS-1059", "Tekrarlı ödeme planı bulunamadı")
NO_RECURRING = ("VPS-1061", "Tekrarlı ödeme için yetki yok")
WRONG_TIME = ("VPS-1073", "İstek zamanı geçersiz")
NOT_FOUND = ("VPS-1123", "İşlem bulunamadı.")
NOT_AUTHENTICATED = ("VPS-1279", "BKM 3DS Server Doğrulama Başarısız")
CANCELLED_TEXT = "İşlem kart hamili tarafından iptal edildi"
PERIOD_TOO_LONG = ("VPS-2229", "Rapor aralığı bir günden uzun olamaz")

FORM_TERMINAL = "SIM-TERMINAL"
FORM_HASH = "SIM-HASH"
FORM_FIELD = "SIM-FIELD"

# reason of operations.Refusal -> responseCode, responseMessage, hostResponseCode.
# The page gives a host code only for 83; the others are ISO 8583 codes, unverified.
REFUSALS = {
    "already_paid": (*ORDER_NOT_UNIQUE, ""),
    "installments_not_for_card": (*DECLINED, "83"),
    "zero_amount": (*DECLINED, "13"),
    "nothing_to_void": (*DECLINED, "12"),
    "already_voided": (*ALREADY_VOIDED, ""),
    "void_without_success": (*ORIGINAL_NOT_FOUND, ""),
    "several_to_void": (*DECLINED, "12"),
    "not_preauthorised": (*ORIGINAL_NOT_FOUND, ""),
    "no_success": (*ORIGINAL_NOT_FOUND, ""),
    "no_provision": (*ALREADY_VOIDED, ""),
    "already_captured": (*DECLINED, "12"),
    "capture_above_net": (*DECLINED, "13"),
    "capture_too_late": (*DECLINED, "54"),
    "nothing_to_refund": (*ORIGINAL_NOT_FOUND, ""),
    "not_settled": (*DECLINED, "12"),
    "currency_differs": (*DECLINED, "13"),
    "refund_above_net": (*DECLINED, "13"),
    "net_is_zero": (*DECLINED, "13"),
    "debit_refunds_off": (*DECLINED, "57"),
    "unknown_order": (*ORIGINAL_NOT_FOUND, ""),
    "not_permitted": (*DECLINED, "57"),
    "recurring_fields": (*RECURRING_FIELDS, ""),
    "recurring_not_permitted": (*NO_RECURRING, ""),
    "nothing_planned": (*PLAN_NOT_FOUND, ""),
    "bad_number": (*DECLINED, "14"),
    "bad_expiry": (*DECLINED, "54"),
    "bad_code": (*DECLINED, "82"),
}

HOST_TEXTS = {
    "00": "000 ONAY KODU XXXXXX",
    "05": "105 GENEL RED",
    "12": "112 GECERSIZ ISLEM",
    "13": "113 GECERSIZ TUTAR",
    "14": "114 GECERSIZ KART",
    "51": "151 LIMIT YETERSIZ",
    "54": "154 VADE HATASI",
    "57": "157 ISLEM IZNI YOK",
    "82": "182 CVV HATASI",
    "83": "183 TAKSIT TUTAR HAT",
}


def host_text(code):
    return HOST_TEXTS.get(code, f"1{code} RED") if code else ""
