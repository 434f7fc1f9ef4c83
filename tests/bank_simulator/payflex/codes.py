"""PayFlex's codes.

Codes that begin with SIM are our own, and so is the choice among the page's groups of
codes where a comment says so.
"""

SUCCESS = ("0000", "İŞLEM BAŞARILI")

UNKNOWN_MERCHANT = ("9065", "Üye isyeri bulunamadi")
BAD_LOGIN = ("5001", "Üye işyeri şifresi hatalı")
BAD_AMOUNT = ("1047", "Tutar hatali")
BAD_CURRENCY = ("1077", "Para birimi hatali")
# The page gives 1077 to 1082 for currency, order id, description and type together.
BAD_ORDER_ID = ("1078", "Siparis numarasi hatali")
BAD_TYPE = ("1082", "Islem tipi hatali")
BAD_INSTALLMENTS = ("1060", "Taksit sayisi hatali")
INSTALLMENT_CURRENCY = ("0501", "Taksit yapilamaz")
NO_NON_3D = ("1111", "Üye işyeri non-3D işlem yapamaz")
NO_CLIENT_IP = ("1096", "ClientIp zorunludur")
USED_TRANSACTION_ID = ("1006", "TransactionId daha once kullanilmis")
ALREADY_PAID = ("1061", "Bu siparis icin basarili odeme var")
NOT_AUTHENTICATED = ("0400", "3D dogrulama basarisiz")
CANCELLED_TEXT = "Islem kart hamili tarafindan iptal edildi"
# 4000 to 4008 are about search criteria; which is which is not told.
BAD_CRITERIA = ("4000", "Arama kriteri eksik")

BAD_FIELD = "SIM-FIELD"
OPEN_PAYMENT = ("SIM-OPEN", "Odeme henuz sonuclanmadi")
UNKNOWN_TOKEN = ("SIM-TOKEN", "Odeme bulunamadi")
BAD_XML = ("SIM-XML", "Gecersiz istek")

# reason of operations.Refusal -> (ResultCode, ResultDetail)
REFUSALS = {
    "already_paid": ALREADY_PAID,
    "installments_not_for_card": ("1044", "Debit kart ile taksit yapilamaz"),
    "zero_amount": BAD_AMOUNT,
    # The reference is unknown: our choice for a void, told for a refund.
    "unknown_reference": ("0540", "Orijinal islem bulunamadi"),
    "already_voided": ("1083", "Referans islem daha önceden iptal edilmis."),
    "nothing_to_void": ("2202", "Gun sonu yapilmis, iade yapiniz"),
    "void_without_success": ("0012", "Gecersiz islem"),
    "several_to_void": ("0012", "Gecersiz islem"),
    "not_preauthorised": ("0320", "Onprovizyon bulunamadi"),
    "no_success": ("0320", "Onprovizyon bulunamadi"),
    "no_provision": ("1083", "Referans islem daha önceden iptal edilmis."),
    "already_captured": ("1065", "Referans islem daha once kapatilmis"),
    "capture_above_net": ("0323", "Kapama tutari uyumsuz"),
    "capture_too_late": ("0320", "Onprovizyon bulunamadi"),
    "nothing_to_refund": ("0540", "Orijinal islem bulunamadi"),
    # The page has no code for a refund before the batch closes; our choice.
    "not_settled": ("0012", "Gecersiz islem"),
    "currency_differs": BAD_CURRENCY,
    "refund_above_net": ("1046", "Iade tutari islem tutarini asiyor"),
    "net_is_zero": ("1059", "İşlemin tamamı iade edilmiş."),
    "debit_refunds_off": ("0961", "Debit kart iadesi yapilamaz"),
}


def issuer_code(code):
    """``51`` as ``0051``."""
    return code.zfill(4)
