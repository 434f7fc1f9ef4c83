"""The provision gate of both banks: the call that moves the money after 3-D."""

from datetime import datetime, timedelta

from ..api_answers import answer_api
from ..app import HangUp
from ..family import FormRefused
from ..operations import Refusal
from ..payments import charge_authenticated
from . import codes
from .codes import BoaRefusal
from .message import message_echo, sign_answer
from .wire import (
    KATILIM,
    KUVEYT,
    authenticate,
    contract_answer,
    format_time,
    read_kurus,
    read_message,
    refusal_tree,
)

MD_MINUTES = 15  # short-lived, says the documentation, without a number
_MD_PATHS = {
    KUVEYT: "KuveytTurkVPosAdditionalData/AdditionalData/",
    KATILIM: "AdditionalData/AdditionalDataList/VPosAdditionalData/",
}


def answer_request(bank, request, bank_kind, path):
    """Answer a provision, in the way that the faults of the moment ask for."""
    try:
        fields = read_message(request.get_data(), bank_kind)
    except BoaRefusal as refused:
        bank.journal.write(path, "xml", "refused", code=refused.text)
        return contract_answer(refusal_tree(refused.code, refused.text))
    order_id = fields.get("MerchantOrderId", "")
    about = {"terminal": fields.get("MerchantId", "")[:15], "order": order_id[:50]}

    def execute(faults):
        try:
            payment = _charge(bank, fields, bank_kind)
        except FormRefused as refused:
            bank.journal.write(path, "sale", "refused", code=refused.code, **about)
            tree = refusal_tree(refused.code, refused.text, order_id)
            return contract_answer(tree)
        done = payment.transaction
        verdict = "approved" if payment.approved else "declined"
        bank.journal.write(path, "sale", verdict, code=done.code, **about)
        if payment.charge_lost_after_seconds is not None:
            raise HangUp(payment.charge_lost_after_seconds)
        tree = sign_answer(_tree(payment), payment.terminal, faults)
        return contract_answer(tree)

    return answer_api(bank, path, "sale", order_id, execute)


def _charge(bank, fields, bank_kind):
    """Charge the authenticated payment of an MD, once, and return it."""
    with bank.lock:
        terminal = authenticate(bank, fields, bank_kind)
        if fields.get("TransactionSecurity") != "3":
            raise BoaRefusal(*codes.BAD_SECURITY)
        md = _read_md(fields, bank_kind)
        payment = _find(bank, terminal, md)
        if not payment or payment.order_id != fields.get("MerchantOrderId"):
            raise BoaRefusal(*codes.UNKNOWN_MD)
        if read_kurus(fields.get("Amount", "")) != payment.amount_kurus:
            raise BoaRefusal(*codes.REFUSALS["amount_differs"])
        try:
            done, again = charge_authenticated(bank, payment)
        except Refusal as refusal:
            known = codes.REFUSALS.get(refusal.reason, codes.UNKNOWN_MD)
            raise BoaRefusal(*known) from refusal
        if again:  # an MD is good for one provision
            raise BoaRefusal(*codes.UNKNOWN_MD)
        done.trans_id = payment.fields["BankOrderId"]
        return payment


def _read_md(fields, bank_kind):
    path = _MD_PATHS[bank_kind]
    md = fields.get(f"{path}Data", "")
    if not md or fields.get(f"{path}Key") != "MD":
        raise BoaRefusal(*codes.EMPTY_MD)
    return md


def _find(bank, terminal, md):
    """Return the payment of an MD that is not too old, or None."""
    earliest = bank.clock.now() - timedelta(minutes=MD_MINUTES)
    for payment in bank.payments.values():
        if payment.terminal is terminal and payment.fields.get("MD") == md:
            made = payment.fields.get("MDTime")
            fresh = made and datetime.fromisoformat(made) >= earliest
            return payment if fresh else None
    return None


def _tree(payment):
    done = payment.transaction
    tree = {
        "VPosMessage": message_echo(payment),
        "IsEnrolled": "true",
        "IsVirtual": "false",
        "RRN": done.host_ref,
        "Stan": done.host_ref[-6:],
        "ResponseCode": done.code,
        "ResponseMessage": done.text or codes.PROVISION_TEXT,
        "OrderId": done.trans_id,
        "TransactionTime": format_time(done.authorised_at),
        "MerchantOrderId": payment.order_id,
        "MerchantId": "",
        "BusinessKey": "0",
    }
    if payment.approved:
        tree["ProvisionNumber"] = done.auth_code
    return tree
