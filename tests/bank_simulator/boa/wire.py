"""Messages of both banks: XML in, XML or an HTML page out, and their credentials."""

import re
from html import escape

from werkzeug.wrappers import Response

from ..digests import same
from ..safe_xml import BadXml
from ..xml_documents import read_fields, write_tree
from . import codes
from .codes import BoaRefusal
from .hashing import HASH_NAME, hash_password, request_hash

KUVEYT = "kuveyt"
KATILIM = "vakif_katilim"
ROOTS = {KUVEYT: "KuveytTurkVPosMessage", KATILIM: "VPosMessageContract"}
CONTRACT = "VPosTransactionResponseContract"
EMPTY_TIME = "0001-01-01T00:00:00"

_PAGE = """<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta charset="utf-8"><title></title></head><body onload="OnLoadEvent();">
<form name="downloadForm" action="{action}" method="POST">{hidden}
<noscript><center>Please click the submit button below.<br>
<input type="submit" name="submit" value="Submit"></center></noscript></form>
<script>function OnLoadEvent() {{ document.downloadForm.submit(); }}</script>
</body></html>"""


def read_message(body, bank_kind):
    """Return the fields of a message by path, such as ``DeviceData/ClientIP``."""
    try:
        return read_fields(body, ROOTS[bank_kind])
    except BadXml as error:
        raise BoaRefusal(codes.BAD_REQUEST, str(error)) from error


def authenticate(bank, fields, bank_kind):
    """Return the terminal of a signed message.

    :raise BoaRefusal: for an unknown merchant, or a hash that does not match
    """
    terminal = find_terminal(bank, fields, bank_kind)
    expected = request_hash(fields, hash_password(terminal.api_password))
    if not same(fields.get(HASH_NAME, ""), expected):
        raise BoaRefusal(*codes.HASH_ERROR)
    return terminal


def find_terminal(bank, fields, bank_kind):
    terminal = bank.terminals.get(fields.get("MerchantId", ""))
    if not terminal or terminal.extra.get("bank") != bank_kind:
        raise BoaRefusal(*codes.MERCHANT_UNKNOWN)
    known = {
        "UserName": terminal.api_user,
        "CustomerId": terminal.extra["customer_id"],
        "HashPassword": hash_password(terminal.api_password),
    }
    for name, value in known.items():
        if name in fields and fields[name] != value:
            raise BoaRefusal(*codes.MERCHANT_UNKNOWN)
    return terminal


def read_kurus(text):
    """Return whole kuruş."""
    if not re.fullmatch(r"[0-9]{1,15}", text, re.ASCII):
        raise BoaRefusal(codes.BAD_REQUEST, "Amount is not whole kuruş")
    return int(text)


def self_posting_page(target, fields):
    """Return the page that the merchant hands to the payer's browser unchanged."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    html = _PAGE.format(action=escape(target), hidden=hidden)
    return Response(html, content_type="text/html; charset=utf-8")


def contract_answer(tree, declared="UTF-8"):
    """Return a contract.

    :param declared: the encoding that the text claims; it is UTF-8 all the same, as
        public recordings of one bank show it
    """
    body = write_tree(CONTRACT, tree)
    if declared != "UTF-8":
        body = body.replace(b"encoding='UTF-8'", f"encoding='{declared}'".encode(), 1)
    return Response(body, content_type="text/xml; charset=utf-8")


def refusal_tree(code, text, order_id=""):
    """Return a refusal before the books; without HashData, as a technical error."""
    return {
        "IsEnrolled": "true",
        "IsVirtual": "false",
        "ResponseCode": code,
        "ResponseMessage": text,
        "OrderId": "0",
        "TransactionTime": EMPTY_TIME,
        "MerchantOrderId": order_id,
        "BusinessKey": "0",
    }


def format_time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def masked_number(masked):
    """``45436001****0002`` as these banks write it; only six digits are known here."""
    return f"{masked[:6]}******{masked[-4:]}"
