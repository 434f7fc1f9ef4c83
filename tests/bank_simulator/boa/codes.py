"""BOA's codes. Those that the protocol page does not have say so."""

from ..family import FormRefused

APPROVED = "00"
AUTHENTICATED_TEXT = "Kart doğrulandı."
PROVISION_TEXT = "OTORİZASYON VERİLDİ"

HASH_ERROR = ("HashDataError", "Şifrelenen veriler (Hashdata) uyuşmamaktadır.")
EMPTY_MD = ("EmptyMDException", "MD bos olamaz.")
UNKNOWN_MD = ("MetaDataNotFound", "Ödeme detayı bulunamadı.")
BAD_SECURITY = ("InvalidTransactionSecurity", "Islem guvenlik tipi gecersiz.")
NOT_AUTHENTICATED = (
    "MPIAuthenticationStatusN",
    "(N)Isleminiz gerceklestirelemedi. Kullanicinin 3d islem yapmasi engellendi.",
)
ORDER_NOT_FOUND = ("OrderDataNotFound", "islem bilgisi bulunamadi.")
BUSINESS_ERROR = "DbLayerError"
ALREADY_VOIDED = "21"
VOIDED_BEFORE_REFUND = "28"

# From public recordings of the banks' answers, not on the page.
MERCHANT_UNKNOWN = ("MerchantNotDefined", "Uye isyeri kullanici tanimi bulunamadi.")
NO_RESULT = ("NonResult", "Kriterlere uygun sonuc bulunmamaktadir.")
BAD_REQUEST = "InvalidRequestError"
BAD_CARD = "SIM-CARD"  # our own

# reason of operations.Refusal -> (code, text); a business error has no code of its own.
REFUSALS = {
    "already_paid": (BUSINESS_ERROR, "Bu siparis icin basarili islem vardir."),
    "installments_not_for_card": (BUSINESS_ERROR, "Bu kart ile taksit yapilamaz."),
    "zero_amount": (BUSINESS_ERROR, "Tutar sifir olamaz."),
    "unknown_order": ORDER_NOT_FOUND,
    "references_differ": ORDER_NOT_FOUND,
    "already_voided": (ALREADY_VOIDED, "Islem daha once iptal edilmistir."),
    "voided_before_refund": (VOIDED_BEFORE_REFUND, "Iptal edilen islem iade edilemez."),
    "nothing_to_void": (
        BUSINESS_ERROR,
        "İptal işlemi satışla aynı gün yapılmalıdır. Geçmiş tarihli işlem için iade "
        "yapınız.",
    ),
    "void_without_success": ORDER_NOT_FOUND,
    "refunded_before_void": (BUSINESS_ERROR, "Iade edilen islem iptal edilemez."),
    "not_preauthorised": ORDER_NOT_FOUND,
    "no_success": ORDER_NOT_FOUND,
    "no_provision": (ALREADY_VOIDED, "Islem daha once iptal edilmistir."),
    "already_captured": (BUSINESS_ERROR, "On provizyon daha once kapatilmistir."),
    "capture_above_net": (BUSINESS_ERROR, "Kapama tutari provizyondan buyuk."),
    "capture_too_late": (BUSINESS_ERROR, "On provizyonun suresi gecmis."),
    "nothing_to_refund": ORDER_NOT_FOUND,
    "not_settled": (BUSINESS_ERROR, "Ayni gun tam iade yapilamaz, iptal yapiniz."),
    "amount_differs": (BUSINESS_ERROR, "Tutar islem tutarindan farkli."),
    "refund_above_net": (BUSINESS_ERROR, "Iade tutari islem tutarini asiyor."),
    "net_is_zero": (BUSINESS_ERROR, "Islemin tamami iade edilmistir."),
    "debit_refunds_off": (BUSINESS_ERROR, "Banka karti iadesi yapilamaz."),
    "currency_differs": (BUSINESS_ERROR, "Para birimi farkli."),
}


class BoaRefusal(FormRefused):
    """A message that the bank refuses before its books are asked."""
