"""The signed result that goes to OkUrl or FailUrl."""

from ..faults import signed
from ..money import format_amount
from ..orders import Message, Order
from ..payments import AUTHENTICATED, AUTHORISED, CANCELLED, REFUSED
from . import codes
from .form import HOSTED, SECRET_NAMES, without_card
from .hashing import FORM_NAMES, form_hash, return_hash

FULL_AUTHENTICATION_ECI = {"VISA": "05", "TROY": "05", "MASTERCARD": "02"}
CARD_TYPES = {"VISA": "V", "MASTERCARD": "M", "TROY": "T"}
HASH_NAME = "ResponseHash"
# The user code is a part of the signature and stays between the two.
NOT_ECHOED = ("UserCode", *SECRET_NAMES)


def word_message(bank, order, payment):
    """Return the message that the payer's browser carries."""
    good = payment.approved or payment.result == AUTHENTICATED
    status, code, text = _verdict(payment)
    fields = {
        **_echo(payment),
        **_authentication_fields(bank, order, payment),
        **_result_fields(bank, payment),
        "RequestGuid": bank.digits(order, 16),
        "3DStatus": status,
        "ProcReturnCode": code,
        "ErrMsg": text,
        "ResponseRnd": f"PF{bank.digits(order, 18)}",
        "HashType": "Sha1",
    }
    target = payment.fields["OkUrl" if good else "FailUrl"]
    return Message(target, sign(fields, payment.terminal, payment.faults))


def word_refusal(bank, fields, terminal, code, text):
    """Return the message about a refused form: signed with SHA-256, no HashType.

    So a used order id was seen to be answered; that other refusals are answered in the
    same way is an assumption.
    """
    order = Order(terminal.client_id, fields.get("OrderId", ""))
    message = {
        **_without_secrets(fields),
        "RequestGuid": "0",
        "3DStatus": "-1",
        "ProcReturnCode": code,
        "ErrMsg": text,
        "AuthCode": "",
        "HostRefNum": "",
        "TxnResult": "",
        "TxnStatus": "",
        "ResponseRnd": f"PF{bank.digits(order, 18)}",
    }
    return Message(fields["FailUrl"], sign(message, terminal))


def sign(fields, terminal, faults=()):
    """Return the fields with their signature.

    Ziraat Katılım's does not verify, and so neither does that of a terminal with
    ``broken_return_hash``.
    """
    if terminal.extra.get("broken_return_hash"):
        faults = {**dict.fromkeys(faults, {}), "forged_hash": {}}
    unsigned = {name: value for name, value in fields.items() if name != HASH_NAME}
    return signed(
        unsigned,
        HASH_NAME,
        lambda key: return_hash(unsigned, terminal.client_id, terminal.api_user, key),
        terminal.store_key,
        faults,
    )


def _without_secrets(fields):
    names = (*NOT_ECHOED, "CardHolderName", "Pan", "Expiry", "Cvv2")
    return without_card(fields, names)


def _echo(payment):
    fields = {n: v for n, v in payment.fields.items() if n not in NOT_ECHOED}
    if payment.charged_kurus != payment.amount_kurus:
        # The own hash is that of the form which the bank believes to have received.
        fields["PurchAmount"] = format_amount(payment.charged_kurus)
        signed_fields = {name: fields.get(name, "") for name in FORM_NAMES}
        fields["Hash"] = form_hash(signed_fields, payment.terminal.store_key)
    return fields


def _authentication_fields(bank, order, payment):
    card = payment.card
    good = payment.authenticated
    return {
        "Eci": FULL_AUTHENTICATION_ECI.get(card.brand, "") if good else "",
        "PayerTxnId": bank.nonce(order) if card else "",
        "PayerAuthenticationCode": bank.nonce(order) if good else "",
        "MD": "",
        "D3Stat": "Y" if good else "N",
        "CardMask": card.masked.replace("***", "******") if card else "",
        "CardType": CARD_TYPES.get(card.brand, "") if card else "",
    }


def _result_fields(bank, payment):
    done = payment.transaction
    day = bank.clock.now().strftime("%Y%m%d")
    return {
        "TransactionDate": bank.clock.now().strftime("%d.%m.%Y %H:%M:%S"),
        "TxnStatus": "Y" if payment.approved else "N",
        "TxnResult": "Success" if payment.approved else "Failed",
        "AuthCode": done.auth_code if done else "",
        "HostRefNum": done.host_ref if done else "",
        "RRN": done.host_ref if done else "",
        "BatchNo": done.settle_id if done else "",
        "ReqDate": day,
        "SysDate": day,
        "OrgOrderId": "",
        "RefundedAmount": "0",
        "VoidDate": "",
        "AlphaCode": "TL",
        "Exponent": "2",
        "ReturnUrl": payment.fields["OkUrl"],
    }


def _verdict(payment):
    """Return 3DStatus, ProcReturnCode and ErrMsg."""
    if payment.result == AUTHORISED:
        done = payment.transaction
        text = codes.APPROVED[1] if payment.approved else done.text
        return "1", done.code, text
    if payment.result == REFUSED:
        return "1", *codes.REFUSALS[payment.refusal]
    if payment.result == AUTHENTICATED:
        return "1", *codes.AUTHENTICATED
    if payment.result == CANCELLED:
        return "0", *codes.CANCELLED
    hosted = payment.fields["SecureType"] == HOSTED
    code = codes.HOSTED_NOT_AUTHENTICATED if hosted else codes.NOT_AUTHENTICATED
    return "-1", *code
