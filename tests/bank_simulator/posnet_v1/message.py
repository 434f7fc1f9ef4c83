"""The return message. Its MAC covers the authentication, not order id and amount."""

from ..faults import signed
from ..orders import Message
from .macs import RETURN, named_mac

FULL_AUTHENTICATION_ECI = {"VISA": "05", "TROY": "05", "MASTERCARD": "02"}


def word_message(bank, order, payment):
    good, card = payment.authenticated, payment.card
    secure_id = bank.digits(order, 16)
    fields = {
        "CCPrefix": card.number[:6] if card else "",
        "TranType": payment.fields["TransactionType"],
        "Amount": str(payment.amount_kurus),
        "OrderId": payment.order_id,
        "MerchantId": payment.terminal.extra["merchant_no"],
        "CAVV": bank.nonce(order) if good else "",
        "CAVVAlgorithm": "3" if good else "",
        "ECI": FULL_AUTHENTICATION_ECI.get(card.brand, "") if good else "",
        "MD": f"016{secure_id}",
        "MdErrorMessage": "Authenticated" if good else "Not authenticated",
        "MdStatus": "1" if good else "0",
        "SecureTransactionId": secure_id,
        "CurrencyCode": payment.currency,
        "InstalmentCode": str(payment.installments),
        "VtfCode": "",
        "PointAmount": "",
    }
    target = payment.fields["MerchantReturnURL"]
    key = payment.terminal.store_key
    return Message(target, sign_return(fields, key, payment.faults))


def sign_return(fields, key, faults):
    fields = {**fields, "MacParams": RETURN}
    return signed(
        fields, "Mac", lambda used: named_mac(RETURN, fields, used), key, faults
    )
