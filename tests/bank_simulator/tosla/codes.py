"""Tosla's codes. Which refusal has which is partly our own reading (unverified)."""

VALIDATION = (998, "Validasyon Hatası")
TIME_SPAN = (998, "'Time Span' alanı 60 dakidan büyük olamaz")
BAD_HASH = (997, "Hash Hatası")
UNKNOWN_USER = (202, "Üye İşyeri Kullanıcısı Bulunamadı")
NOT_PERMITTED = (250, "Üye İşyeri Api Kullanıcısı için Yetkisiz İşlem")
NOT_FOUND = (101, "Orjinal Kayıt Bulunamadı")
DUPLICATE_ORDER = (999, "Sipariş numarası daha önce kullanılmış")
SESSION_USED = (1, "AlreadyBankResponse")
CAPTURED_FIRST = (
    1,
    "Başarılı bir postauth olduğu için ön otorizasyon işlemini iptal edemezsiniz.",
)
ALREADY_VOIDED = (1, "İşlem daha önce iptal edilmiş")
REFUND_ABOVE_SALE = (103, "İade Tutarı Satış Tutarından Büyük Olamaz")

# reason of operations.Refusal -> (Code, Message) of an API answer
REFUSALS = {
    "no_success": NOT_FOUND,
    "not_preauthorised": NOT_FOUND,
    "no_provision": ALREADY_VOIDED,
    "already_captured": (1, "Ön otorizasyon daha önce kapatılmış"),
    "capture_above_net": (1, "Tutar ön otorizasyon tutarından büyük olamaz"),
    "capture_too_late": (999, "Ön otorizasyon süresi geçmiş"),
    "nothing_to_void": (999, "Gün sonu alınmış, iptal yapılamaz"),
    "void_without_success": NOT_FOUND,
    "nothing_to_refund": NOT_FOUND,
    "not_settled": (100, "Gün sonu alınmadan iade yapılamaz"),
    "refund_above_net": (104, "RefundedAmountError"),
    "net_is_zero": (104, "RefundedAmountError"),
    "debit_refunds_off": (100, "Banka kartı iadesi kapalı"),
}

# reason of operations.Refusal -> (BankResponseCode, BankResponseMessage) of a return
BANK_REFUSALS = {
    "already_paid": ("94", "Mükerrer işlem"),
    "installments_not_for_card": ("12", "Geçersiz işlem"),
}
APPROVED_MESSAGE = "Onaylandı"
NOT_AUTHENTICATED = ("MD:0", "3D doğrulama başarısız")
CANCELLED = ("MD:0", "İşlem kart hamili tarafından iptal edildi")

# RequestStatus
FAILED, DONE, VOIDED, PARTLY_REFUNDED, REFUNDED, CAPTURED, WAITING = (
    0,
    1,
    2,
    3,
    4,
    5,
    10,
)
# TransactionType
SALE, PREAUTH, VOID, REFUND = 1, 2, 4, 5
