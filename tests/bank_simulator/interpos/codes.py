"""InterPOS's codes: ProcReturnCode, ErrorCode, ErrorMessage.

Only 81 with B810002 is known from the bank, and the ISO codes. What begins with B99 is
of our own.
"""

APPROVED = ("00", "", "")
INACTIVE = ("81", "B810002", "Terminal Aktif Degil")
NO_PERMISSION = ("58", "B990058", "Bu islem icin yetki yok")
MISSING = ("99", "B990001", "Zorunlu alan eksik")
BAD_VALUE = ("99", "B990002", "Alan degeri gecersiz")
BAD_HASH = ("99", "B990003", "Hash hatali")
BAD_USER = ("99", "B990004", "Kullanici kodu ya da sifresi hatali")
UNKNOWN_SHOP = ("99", "B990005", "Isyeri bulunamadi")
BAD_CARD = ("99", "B990006", "Kart bilgisi gecersiz")
ORDER_USED = ("99", "B990007", "Siparis numarasi kullanilmis")
# As one public integration reads the status of an order that is not there (unverified).
NOTHING_THERE = ("05", "", "Red")
NOT_FOUND = ("99", "B990013", "Islem bulunamadi")
NOT_AUTHENTICATED = ("99", "B990034", "3D dogrulama basarisiz")
CANCELLED = ("99", "B990035", "Kart hamili vazgecti")

CARD_ERRORS = ("bad_number", "bad_expiry", "bad_code")

# mdStatus of a refused form, where it is not plainly 0.
MD_STATUS = {BAD_HASH[1]: "7", BAD_CARD[1]: "8", INACTIVE[1]: "0"}

# reason of operations.Refusal -> the same
REFUSALS = {
    "already_paid": ORDER_USED,
    "installments_not_for_card": ("57", "B990057", "Karta taksit yapilamaz"),
    "zero_amount": BAD_VALUE,
    "nothing_to_void": ("99", "B990018", "Iptal edilecek islem yok"),
    "void_without_success": ("99", "B990018", "Iptal edilecek islem yok"),
    "several_to_void": ("99", "B990018", "Iptal edilecek islem yok"),
    "not_preauthorised": ("99", "B990016", "Islem on otorizasyon degil"),
    "no_success": NOT_FOUND,
    "no_provision": NOT_FOUND,
    "already_captured": ("99", "B990025", "On otorizasyon kapatilmis"),
    "capture_above_net": ("99", "B990027", "Kapama tutari buyuk"),
    "capture_too_late": ("99", "B990026", "On otorizasyonun suresi gecmis"),
    "nothing_to_refund": NOT_FOUND,
    "not_settled": ("99", "B990014", "Gun sonundan once iade edilemez"),
    "currency_differs": ("99", "B990030", "Para birimi farkli"),
    "refund_above_net": ("99", "B990015", "Iade tutari buyuk"),
    "net_is_zero": ("99", "B990037", "Islem iade edilmis"),
    "debit_refunds_off": ("99", "B990038", "Banka karti iadesi kapali"),
    "not_concluded": NOT_FOUND,
    "not_authenticated": NOT_AUTHENTICATED,
}
