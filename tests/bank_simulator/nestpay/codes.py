"""NestPay's codes for the refusals of the bank core, and its form error codes."""

# reason of operations.Refusal -> (ERRORCODE, ErrMsg)
REFUSALS = {
    "already_paid": ("CORE-2507", "Bu siparis numarasi ile basarili islem var."),
    "installments_not_for_card": ("CORE-2204", "Bu kart ile taksit yapilamaz."),
    "zero_amount": ("CORE-2009", "Tutar sifir olamaz."),
    "nothing_to_void": ("CORE-2008", "Iptal edilmeye uygun islem bulunamadi."),
    "void_without_success": ("CORE-2120", "Yalniz basarili islem iptal edilebilir."),
    "several_to_void": ("CORE-2133", "Birden cok islem var, TransId gerekli."),
    "not_preauthorised": ("CORE-2115", "Siparis on otorizasyon degil."),
    "no_success": ("CORE-2116", "Siparise ait basarili islem yok."),
    "no_provision": ("CORE-2122", "Siparise ait provizyon yok."),
    "already_captured": ("CORE-2506", "On otorizasyon zaten kapatilmis."),
    "capture_above_net": ("CORE-2505", "Kapama tutari net tutardan buyuk."),
    "preauth_not_matching": ("CORE-2509", "PREAMT on otorizasyon tutari degil."),
    "capture_too_late": ("CORE-2513", "On otorizasyonun suresi gecmis."),
    "nothing_to_refund": ("CORE-2117", "Iade edilecek islem yok."),
    "not_settled": ("CORE-2508", "Iade yapilamaz, siparis gun sonuna girmemis."),
    "currency_differs": ("CORE-2119", "Para birimi asil islemden farkli."),
    "refund_above_net": ("CORE-2503", "Iade tutari net tutardan buyuk."),
    "net_is_zero": ("CORE-2504", "Siparisin net tutari sifir."),
    "nothing_planned": ("CORE-2008", "Iptal edilmeye uygun planli islem yok."),
    "debit_refunds_off": ("CORE-2517", "Banka karti iadesi kapali."),
}

BAD_CREDENTIALS = ("CORE-2201", "Kullanici dogrulanamadi.")
NO_PERMISSION = ("CORE-2202", "Bu islem icin yetki yok.")

FORM_REFUSED = "3D-1004"
MISSING = "CORE-1010"
TOO_LONG = "CORE-1011"
BAD_VALUE = "CORE-1012"
ZERO_AMOUNT = "CORE-2009"
FOREIGN_INSTALLMENTS = "CORE-2124"
ALREADY_PAID = "CORE-2507"
BAD_INSTALLMENTS = "CORE-2603"
CARD_MISSING = ("CORE-2015", "Kart numarasi eksik.")

# What is wrong with a card in the form.
CARD_ERRORS = {
    "bad_number": "CORE-2012",
    "bad_expiry": "CORE-2011",
    "bad_code": "CORE-2208",
}

# CORE-2508 is answered with NUMCODE 992508.
NUMCODE_PREFIX = "99"
