"""The unsigned return to the merchant, and the answer that proves the payment."""

from ..money import format_amount
from ..orders import Message
from ..payments import CANCELLED, DONE, REFUSED
from . import codes

NO_AUTH_CODE = "000000"
BRAND_NUMBERS = {"VISA": "100", "MASTERCARD": "200", "TROY": "300"}
# Of the registration, what the query answers with.
ECHOED = (
    "HostMerchantId",
    "HostTerminalId",
    "AmountCode",
    "TransactionType",
    "OrderID",
    "InstallmentCount",
    "IsSecure",
    "AllowNotEnrolledCard",
    "SuccessUrl",
    "FailUrl",
    "RequestLanguage",
    "Extract",
    "CustomItems",
)


def word_messages(payment):
    """Return the browser's message; this bank sends no notice to the server.

    The books take over the TransactionId of the registration: voids, refunds and
    searches name the payment by it.
    """
    if payment.transaction:
        payment.transaction.trans_id = payment.fields["TransactionId"]
    target = payment.fields["SuccessUrl" if payment.approved else "FailUrl"]
    fields = _outcome(payment)
    method = payment.terminal.extra.get("return_method", "GET")
    return Message(target, fields, method), None


def query_tree(payment):
    """Return what VposTransaction answers about a payment of its token."""
    if payment.stage != DONE:
        code, text = codes.OPEN_PAYMENT
        return {"Rc": "", "ErrorCode": code, "ResponseMessage": text}
    tree = _outcome(payment)
    done = payment.transaction
    if not payment.approved:
        return {**tree, "ErrorCode": tree["Rc"]}
    mark = payment.terminal.extra.get("decimal_mark", ",")
    return {
        **tree,
        "Rrn": done.host_ref,
        **{name: payment.fields.get(name, "") for name in ECHOED},
        "Amount": format_amount(payment.charged_kurus).replace(".", mark),
        "BrandNumber": BRAND_NUMBERS.get(done.brand, ""),
        "HostDate": done.authorised_at.strftime("%Y%m%d%H%M%S"),
        "HostRc": "",
        "CampaignResult": {"CampaignInfo": ""},
        "ErrorCode": "",
        "ResponseMessage": "",
    }


def _outcome(payment):
    code, text = _verdict(payment)
    fields = {"Rc": code, "Message": text}
    if payment.transaction:
        fields["AuthCode"] = payment.transaction.auth_code or NO_AUTH_CODE
    fields["TransactionId"] = payment.fields["TransactionId"]
    fields["PaymentToken"] = payment.token
    if payment.card:
        masked = payment.card.masked
        fields["MaskedPan"] = f"{masked[:6]}******{masked[-4:]}"
    return fields


def _verdict(payment):
    """Return Rc and Message."""
    if payment.result == REFUSED:
        return codes.REFUSALS[payment.refusal]
    if payment.approved:
        return codes.SUCCESS
    if payment.transaction:
        done = payment.transaction
        return codes.issuer_code(done.code), f"RED-{done.text}"
    code, text = codes.NOT_AUTHENTICATED
    return code, codes.CANCELLED_TEXT if payment.result == CANCELLED else text
