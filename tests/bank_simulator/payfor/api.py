"""Server requests: XML at ``XMLGate.aspx``, or the same as a form at ``Default.aspx``.

The answer comes in the way of the request: PayforResponse, or ``name=value`` pairs
joined by ``;;``.
"""

from werkzeug.wrappers import Response

from ..api_answers import answer_api
from ..app import HangUp
from ..digests import all_same
from ..family import FormRefused
from ..money import parse_amount
from ..operations import Refusal, capture, refund, void
from ..orders import VOIDED, Order
from ..payments import charge_authenticated
from ..safe_xml import BadXml
from ..xml_documents import document_bytes, read_fields, write_tree
from . import codes
from .form import find_terminal
from .inquiry import answer_history, answer_points, answer_status

CAPTURE_MARGIN_PERCENT = 15
OPERATIONS = {
    ("NonSecure", "Auth"): "sale",
    ("NonSecure", "PreAuth"): "preauth",
    ("NonSecure", "PostAuth"): "capture",
    ("NonSecure", "Void"): "void",
    ("NonSecure", "Refund"): "refund",
    ("Inquiry", "OrderInquiry"): "status",
    ("Inquiry", "ParaPuanInquiry"): "points",
    ("Report", "TxnHistory"): "history",
}
FINISH = "3DModelPayment"


class ApiRefusal(Exception):
    """Refused with ProcReturnCode and ErrMsg, and with more that the bank tells."""

    def __init__(self, code, more=None):
        super().__init__(code[0])
        self.code = code
        self.more = more or {}


def answer_xml(bank, request):
    def write(answer):
        body = write_tree("PayforResponse", answer)
        return Response(body, content_type="text/xml; charset=utf-8")

    try:
        body = document_bytes(request.get_data(), "xmldata")
        fields = read_fields(body, "PayforRequest")
    except BadXml as error:
        bank.journal.write(request.path, "xml", "refused", code=str(error))
        return write(_answer(*codes.MISSING))
    return _answer_api(bank, request.path, fields, write)


def answer_pairs(bank, request):
    def write(answer):
        pairs = ";;".join(f"{name}={value}" for name, value in _flat(answer))
        return Response(pairs, content_type="text/plain; charset=utf-8")

    return _answer_api(bank, request.path, request.form.to_dict(), write)


def _flat(answer):
    """Return the pairs of an answer; of a history, those of all its rows."""
    for name, value in answer.items():
        if isinstance(value, str):
            yield name, value
        for row in value if isinstance(value, list) else ():
            yield from row["PaymentRequest"].items()


def _answer_api(bank, path, fields, write):
    operation = _operation(fields)
    order_id = fields.get("OrgOrderId") or fields.get("OrderId", "")
    return answer_api(
        bank,
        path,
        operation,
        order_id,
        lambda _faults: write(_execute(bank, path, fields, operation, order_id)),
    )


def _operation(fields):
    if fields.get("SecureType") == FINISH:
        return "sale"
    kind = (fields.get("SecureType", ""), fields.get("TxnType", ""))
    operation = OPERATIONS.get(kind, "unknown")
    if operation == "history" and fields.get("ReqDate"):
        return "day_list"
    return operation


def _execute(bank, path, fields, operation, order_id):
    """Do it, write it into the journal, and return the answer."""
    merchant = fields.get("MerchantId") or fields.get("MerchantID", "")
    about = {"terminal": merchant[:15], "order": order_id[:64]}
    with bank.lock:
        try:
            answer = _perform(bank, fields, operation, order_id)
        except FormRefused as refused:
            answer = _answer(refused.code, refused.text, order_id)
        except ApiRefusal as refused:
            answer = {**_answer(*refused.code, order_id), **refused.more}
        except Refusal as refused:
            answer = _refused(bank, fields, order_id, refused.reason)
        code = answer.get("ProcReturnCode", "00")
        verdict = "approved" if code == "00" else "refused"
        bank.journal.write(path, operation, verdict, code=code, **about)
    return answer


def _perform(bank, fields, operation, order_id):
    if fields.get("SecureType") == FINISH:
        return _finish(bank, fields, order_id)
    terminal = find_terminal(bank, fields, "payfor")
    if operation == "status":
        # As seen at the bank: an inquiry's password is not looked at.
        return answer_status(bank.find_order(order_id, terminal.client_id), fields)
    _check_user(terminal, fields)
    if operation in ("history", "day_list"):
        return _history(bank, terminal, fields)
    if operation == "points":
        code, told = answer_points(bank, fields)
        return {**_answer(*code, order_id), **told}
    if operation not in ("capture", "void", "refund"):
        raise ApiRefusal(codes.NO_PERMISSION)
    if not order_id or not fields.get("OrgOrderId"):
        raise ApiRefusal(codes.BAD_ORDER)
    order = bank.find_order(order_id, terminal.client_id)
    return _book(bank, order or Order(terminal.client_id, order_id), fields, operation)


def _check_user(terminal, fields):
    if not all_same(
        (fields.get("UserCode", ""), terminal.api_user),
        (fields.get("UserPass", ""), terminal.api_password),
    ):
        raise ApiRefusal(codes.BAD_USER)


def _history(bank, terminal, fields):
    """An error echoes the secrets, as the bank does: a merchant must mask them."""
    rows = answer_history(bank, terminal, fields)
    if rows:
        return rows
    leak = {"UserPass": fields["UserPass"], "MerchantPass": terminal.store_key}
    raise ApiRefusal(codes.NOT_FOUND, leak)


def _finish(bank, fields, order_id):
    """Charge what 3DModel authenticated."""
    guid = fields.get("RequestGuid")
    for payment in bank.payments.values():
        message = payment.authenticate_only and payment.returned
        if message and guid and message.fields["RequestGuid"] == guid:
            break
    else:
        raise ApiRefusal(codes.NOT_FOUND)
    _check_user(payment.terminal, fields)
    if payment.order_id != order_id:
        raise ApiRefusal(codes.NOT_FOUND)
    row, _repeated = charge_authenticated(bank, payment)
    if payment.charge_lost_after_seconds is not None:
        raise HangUp(payment.charge_lost_after_seconds)
    return _done(order_id, row)


def _book(bank, order, fields, operation):
    if not order.transactions:
        raise ApiRefusal(codes.NOT_FOUND)
    if fields.get("Currency") != order.transactions[0].currency:
        raise Refusal("currency_differs")
    amount_kurus = _amount(fields)
    if operation == "void":
        return _done(order.order_id, _void(bank, order, amount_kurus))
    if amount_kurus is None:
        raise ApiRefusal(codes.BAD_AMOUNT)
    if operation == "capture":
        return _done(order.order_id, _capture(bank, order, amount_kurus))
    row = refund(bank, order, amount_kurus, fields["Currency"])
    return _done(order.order_id, row)


def _void(bank, order, amount_kurus):
    sale = order.sale
    if sale and sale.state == VOIDED:
        raise Refusal("already_voided")
    if sale and amount_kurus not in (None, sale.amount_kurus):
        raise ApiRefusal(codes.VOID_AMOUNT)
    return void(bank, order)


def _capture(bank, order, amount_kurus):
    """Fifteen percent may be missing or too much."""
    sale = order.sale
    if not sale:
        raise Refusal("no_success")
    margin = sale.amount_kurus * CAPTURE_MARGIN_PERCENT // 100
    if sale.preauth and amount_kurus < sale.amount_kurus - margin:
        raise Refusal("capture_above_net")
    highest = sale.amount_kurus + margin
    return capture(bank, order, amount_kurus, sale.amount_kurus, highest_kurus=highest)


def _amount(fields):
    """Return kuruş, or None when the field is absent or empty."""
    if not fields.get("PurchAmount"):
        return None
    try:
        return parse_amount(fields["PurchAmount"])
    except ValueError:
        raise ApiRefusal(codes.BAD_AMOUNT) from None


def _answer(code, text, order_id="", row=None):
    return {
        "AuthCode": row.auth_code if row else "",
        "HostRefNum": row.host_ref if row else "",
        "ProcReturnCode": code,
        "TransId": order_id,
        "ErrMsg": text,
        "CardHolderName": "",
    }


def _done(order_id, row):
    code = codes.APPROVED if row.succeeded else (row.code, row.text)
    return _answer(*code, order_id, row)


def _refused(bank, fields, order_id, reason):
    """A refused refund is seen with the authorisation of the sale in it."""
    merchant = fields.get("MerchantId") or fields.get("MerchantID", "")
    order = bank.find_order(order_id, merchant)
    row = order.sale if order and fields.get("TxnType") == "Refund" else None
    return _answer(*codes.REFUSALS[reason], order_id, row)
