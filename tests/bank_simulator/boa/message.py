"""The signed return to OkUrl or FailUrl, in the shape of each bank."""

import urllib.parse

from lxml import etree

from ..faults import signed
from ..orders import Message
from ..payments import REFUSED
from ..xml_documents import write_tree
from . import codes
from .hashing import HASH_NAME, answer_hash, hash_password
from .wire import CONTRACT, EMPTY_TIME, KATILIM, masked_number

RETURN_FIELD = "AuthenticationResponse"


def word_messages(bank, payment):
    """Return the browser's message; these banks send no notice to the server.

    The books take over the bank's own order id, and the MD of an authentication begins
    to age.
    """
    if payment.transaction:
        payment.transaction.trans_id = payment.fields["BankOrderId"]
    payment.fields["MDTime"] = bank.clock.now().isoformat()
    good = payment.authenticated if payment.authenticate_only else payment.approved
    target = payment.fields["OkUrl" if good else "FailUrl"]
    if payment.terminal.extra["bank"] == KATILIM:
        return Message(target, _plain_fields(payment)), None
    return Message(target, wrapped(_contract(payment))), None


def wrapped(content):
    """Return Kuveyt's one field: the XML, URL-encoded once more than the form is.

    :param content: nested dicts or a root element
    """
    if isinstance(content, dict):
        text = write_tree(CONTRACT, content)
    else:
        text = etree.tostring(content, encoding="UTF-8", xml_declaration=True)
    return {RETURN_FIELD: urllib.parse.quote_plus(text)}


def unwrapped(fields):
    return urllib.parse.unquote_plus(fields[RETURN_FIELD])


def sign_answer(fields, terminal, faults):
    """Return an answer with its HashData, genuine or as the faults ask for."""
    return signed(
        fields,
        HASH_NAME,
        lambda key: answer_hash(fields, key),
        hash_password(terminal.api_password),
        faults,
    )


def _plain_fields(payment):
    code, text = _verdict(payment)
    done = payment.transaction
    fields = {
        "ResponseCode": code,
        "ResponseMessage": text,
        "ProvisionNumber": done.auth_code if done else "",
        "MerchantOrderId": payment.order_id,
        "OrderId": _order_id(payment),
        "RRN": done.host_ref if done else "",
        "Stan": done.host_ref[-6:] if done else "",
        "MD": payment.fields["MD"],
    }
    return sign_answer(fields, payment.terminal, payment.faults)


def _contract(payment):
    code, text = _verdict(payment)
    tree = {
        "VPosMessage": message_echo(payment),
        "IsEnrolled": "true",
        "IsVirtual": "false",
        "ResponseCode": code,
        "ResponseMessage": text,
        "OrderId": _order_id(payment),
        "TransactionTime": EMPTY_TIME,
        "MerchantOrderId": payment.order_id,
        "MD": payment.fields["MD"],
        "ReferenceId": payment.token,
        "MerchantId": "",
        "BusinessKey": "0",
    }
    return sign_answer(tree, payment.terminal, payment.faults)


def message_echo(payment):
    """Return the message as answers repeat it; the amount is what was charged."""
    terminal, fields = payment.terminal, payment.fields
    hashed = ""
    if terminal.extra["bank"] == KATILIM:
        hashed = hash_password(terminal.api_password)
    return {
        "OrderId": _order_id(payment),
        "OkUrl": fields["OkUrl"],
        "FailUrl": fields["FailUrl"],
        "MerchantId": terminal.client_id,
        "SubMerchantId": "0",
        "CustomerId": terminal.extra["customer_id"],
        "UserName": terminal.api_user if hashed else "",
        "HashPassword": hashed,
        "CardNumber": masked_number(payment.card.masked) if payment.card else "",
        "BatchID": "0",
        "InstallmentCount": str(payment.installments),
        "Amount": str(payment.charged_kurus),
        "CancelAmount": "0",
        "MerchantOrderId": payment.order_id,
        "FECAmount": "0",
        "CurrencyCode": payment.currency,
        "TransactionSecurity": "3",
    }


def _order_id(payment):
    return payment.fields["BankOrderId"] if payment.authenticated else "0"


def _verdict(payment):
    """Return ResponseCode and ResponseMessage."""
    if payment.result == REFUSED:
        return codes.REFUSALS[payment.refusal]
    if not payment.authenticated:
        return codes.NOT_AUTHENTICATED
    if payment.authenticate_only:
        return codes.APPROVED, codes.AUTHENTICATED_TEXT
    done = payment.transaction
    return done.code, done.text or codes.PROVISION_TEXT
