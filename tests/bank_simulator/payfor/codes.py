"""PayFor's codes for the refusals of the bank core, and for bad requests.

Where the page names only a group of codes, one of the group stands for it here.
"""

BAD_CURRENCY = ("M003", "Para birimi gecersiz.")
BAD_AMOUNT = ("M004", "Tutar gecersiz.")
AMOUNT_RANGE = ("M019", "Tutar 0,01 ile 200.000 arasinda olmali.")
BAD_SECURITY_CODE = ("M005", "Cvv2 gecersiz.")
BAD_EXPIRY = ("M006", "Expiry dort rakam ve gecerli olmali.")
BAD_CARD = ("M008", "Kart numarasi gecersiz.")
BAD_URL = ("M010", "OkUrl ya da FailUrl gecersiz.")
BAD_MEMBER = ("M013", "MbrId gecersiz.")
BAD_USER = ("M015", "Kullanici kodu ya da sifresi gecersiz.")
BAD_ORDER = ("M022", "OrderId gecersiz.")
BAD_HASH = ("M030", "Hash gecersiz.")
MISSING = ("M001", "Zorunlu alan eksik.")
UNKNOWN_MERCHANT = ("V001", "Isyeri bulunamadi.")
NO_PERMISSION = ("V010", "Bu islem tipi icin yetki yok.")
NOT_FOUND = ("V013", "Islem bulunamadi.")
VOID_AMOUNT = ("V019", "Iptal tutari degistirilemez.")
NO_INSTALLMENTS = ("V023", "InstallmentCount eksik.")
BAD_INSTALLMENTS = ("V024", "Taksit sayisi izinli degil.")
CAPTURE_MARGIN = ("V027", "Kapama tutari yuzde 15 sinirinin disinda.")
ORDER_USED = ("101310", "Siparis numarasi daha once kullanilmis.")
AUTHENTICATED = ("V033", "3D dogrulama basarili.")
NOT_AUTHENTICATED = ("V034", "3D dogrulama basarisiz.")
HOSTED_NOT_AUTHENTICATED = ("MR15", "3D yetkilendirme hatasi.")
CANCELLED = ("M049", "Kullanici dogrulanmadi.")
WRONG_SECURITY_CODE = ("34", "CVV hatali.")
APPROVED = ("00", "Onaylandi.")

CARD_ERRORS = {
    "bad_number": BAD_CARD,
    "bad_expiry": BAD_EXPIRY,
    "bad_code": BAD_SECURITY_CODE,
}

# reason of operations.Refusal -> (ProcReturnCode, ErrMsg)
REFUSALS = {
    "already_paid": ORDER_USED,
    "installments_not_for_card": BAD_INSTALLMENTS,
    "zero_amount": BAD_AMOUNT,
    "already_voided": ("V017", "Islem zaten iptal edilmis."),
    "nothing_to_void": ("V018", "Islem iptal edilemez, iade edin."),
    "void_without_success": ("V018", "Islem iptal edilemez."),
    "several_to_void": ("V018", "Islem iptal edilemez."),
    "not_preauthorised": ("V016", "Islem on otorizasyon degil."),
    "no_success": NOT_FOUND,
    "no_provision": ("V017", "On otorizasyon iptal edilmis."),
    "already_captured": ("V025", "On otorizasyon zaten kapatilmis."),
    "capture_above_net": CAPTURE_MARGIN,
    "capture_too_late": ("V026", "On otorizasyonun suresi gecmis."),
    "nothing_to_refund": NOT_FOUND,
    "not_settled": ("V014", "Gun sonundan once iade edilemez, iptal edin."),
    "currency_differs": ("V030", "Para birimi farkli."),
    "refund_above_net": ("V015", "Iade tutari asil islemden buyuk."),
    "net_is_zero": ("V037", "Islem zaten iade edilmis."),
    "debit_refunds_off": ("V038", "Banka karti iadesi kapali."),
    "not_concluded": ("V020", "Islem tamamlanmamis."),
    "not_authenticated": NOT_AUTHENTICATED,
}
