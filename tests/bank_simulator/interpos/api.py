"""Server calls at ``Default.aspx``: form fields in, ``name=value`` joined by ``;;``."""

from werkzeug.wrappers import Response

from ..api_answers import answer_api
from ..app import HangUp
from ..digests import all_same
from ..money import parse_amount
from ..operations import Refusal, capture, refund, void
from ..orders import REFUND, SETTLED, VOIDED, Order
from ..payments import charge_authenticated
from . import codes
from .amounts import format_comma

OPERATIONS = {
    "Auth": "sale",
    "PreAuth": "preauth",
    "PostAuth": "capture",
    "Void": "void",
    "Refund": "refund",
    "StatusHistory": "status",
}
NO_TIME = "1.1.0001 00:00:00"
# What a finished 3-D authentication is known by.
PROOFS = ("MD", "PayerTxnId", "Eci", "PayerAuthenticationCode")


class ApiRefusal(Exception):
    """Refused before the bank core was asked."""

    def __init__(self, code):
        super().__init__(code[1])
        self.code = code


def answer_call(bank, request):
    """Answer a server call, in the way that the faults of the moment ask for."""
    fields = request.form.to_dict()
    operation = OPERATIONS.get(fields.get("TxnType", ""), "unknown")
    order_id = fields.get("orgOrderId") or fields.get("OrderId", "")
    return answer_api(
        bank,
        request.path,
        operation,
        order_id,
        lambda _faults: _write(
            _execute(bank, request.path, fields, operation, order_id)
        ),
    )


def _write(answer):
    text = ";;".join(f"{name}={value}" for name, value in answer.items())
    return Response(text, content_type="text/plain; charset=utf-8")


def _execute(bank, path, fields, operation, order_id):
    """Do it, write it into the journal, and return the answer."""
    shop = fields.get("ShopCode", "")
    about = {"terminal": shop[:15], "order": order_id[:64]}
    with bank.lock:
        # A call has an id of the bank's own, not that of the order.
        call_id = f"SYSOID{bank.digits(Order(shop, order_id), 9)}"
        try:
            terminal = _authenticate(bank, fields)
            answer = _perform(bank, terminal, fields, operation, order_id, call_id)
        except (ApiRefusal, Refusal) as refused:
            if isinstance(refused, Refusal):
                code = codes.REFUSALS[refused.reason]
            else:
                code = refused.code
            answer = _status(call_id, code) if operation == "status" else None
            answer = answer or _payment(call_id, code)
        code = answer["ProcReturnCode"]
        verdict = "approved" if code == "00" else "refused"
        bank.journal.write(
            path, operation, verdict, code=f"{code} {answer['ErrorCode']}", **about
        )
    return answer


def _authenticate(bank, fields):
    terminal = bank.terminal_of("interpos", fields.get("ShopCode", ""))
    if not terminal:
        raise ApiRefusal(codes.UNKNOWN_SHOP)
    if not all_same(
        (fields.get("UserCode", ""), terminal.api_user),
        (fields.get("UserPass", ""), terminal.api_password),
    ):
        raise ApiRefusal(codes.BAD_USER)
    if terminal.extra.get("inactive"):
        raise ApiRefusal(codes.INACTIVE)
    return terminal


def _perform(bank, terminal, fields, operation, order_id, call_id):
    if fields.get("SecureType") != "NonSecure" or operation == "unknown":
        raise ApiRefusal(codes.NO_PERMISSION)
    if not order_id:
        raise ApiRefusal(codes.MISSING)
    if operation in ("sale", "preauth"):
        return _finish(bank, terminal, fields, order_id)
    if not fields.get("orgOrderId") or fields.get("OrderId"):
        raise ApiRefusal(codes.MISSING)
    order = bank.find_order(order_id, terminal.client_id)
    if not order or not order.transactions:
        raise ApiRefusal(
            codes.NOTHING_THERE if operation == "status" else codes.NOT_FOUND
        )
    if operation == "status":
        # The question was answered; how the order stands is in TxnStatus.
        row = order.sale or order.latest
        return _status(call_id, codes.APPROVED, order, row)
    row = _book(bank, order, fields, operation)
    return _payment(call_id, codes.APPROVED, row)


def _finish(bank, terminal, fields, order_id):
    """Charge what 3DModel authenticated; a sale without is not permitted."""
    for payment in bank.payments.values():
        message = payment.authenticate_only and payment.returned
        if message and fields.get("MD") and message.fields["MD"] == fields["MD"]:
            break
    else:
        raise ApiRefusal(codes.NO_PERMISSION)
    proofs = all(fields.get(name) == message.fields[name] for name in PROOFS)
    whose = (payment.terminal, payment.order_id, payment.fields["TxnType"])
    if not proofs or whose != (terminal, order_id, fields["TxnType"]):
        raise ApiRefusal(codes.NOT_FOUND)
    if _amount(fields) != payment.amount_kurus:
        raise ApiRefusal(codes.BAD_VALUE)
    row, _repeated = charge_authenticated(bank, payment)
    if payment.charge_lost_after_seconds is not None:
        raise HangUp(payment.charge_lost_after_seconds)
    return _payment(order_id, (row.code, "", row.text), row)


def _book(bank, order, fields, operation):
    if operation == "void":
        return void(bank, order)
    amount_kurus = _amount(fields)
    if operation == "capture":
        preauth_kurus = order.sale.amount_kurus if order.sale else None
        return capture(bank, order, amount_kurus, preauth_kurus)
    if not fields.get("Currency"):
        raise ApiRefusal(codes.MISSING)
    return refund(bank, order, amount_kurus, fields["Currency"])


def _amount(fields):
    try:
        return parse_amount(fields.get("PurchAmount", ""))
    except ValueError:
        raise ApiRefusal(codes.BAD_VALUE) from None


def _payment(order_id, code, row=None):
    return {
        "OrderId": order_id,
        "ProcReturnCode": code[0],
        "HostRefNum": row.host_ref if row else "",
        "AuthCode": row.auth_code if row else "",
        "TxnResult": "Success" if code[0] == "00" else "Failed",
        "ErrorMessage": code[2],
        "TRXDATE": _time(row.authorised_at) if row else "",
        "TransId": row.trans_id if row else "",
        "ErrorCode": code[1],
        "Amount": format_comma(row.captured_kurus or row.amount_kurus) if row else "0",
    }


def _status(call_id, code, order=None, row=None):
    """An order that is not there is 05 with nothing in it (unverified)."""
    return {
        "OrderId": call_id,
        "ProcReturnCode": code[0],
        "BatchNo": row.settle_id if row else "",
        "TransId": row.trans_id if row else "",
        "TRXDATE": _time(row.authorised_at) if row else "",
        "TxnStat": ("V" if row.state == VOIDED else "N") if row else "",
        "PurchAmount": (
            format_comma(row.captured_kurus or row.amount_kurus) if row else "0"
        ),
        "VoidDate": _time(row.voided_at) if row and row.voided_at else NO_TIME,
        "TxnStatus": _letter(row) if row else "",
        "ChargeTypeCd": ("C" if row.kind == REFUND else "S") if row else "",
        "ErrorCode": code[1],
        "ErrorMessage": code[2],
        "RefundedAmount": format_comma(order.refunded_kurus) if order else "0",
        "AuthCode": row.auth_code if row else "",
    }


def _letter(row):
    """TxnStatus as one public integration reads it (unverified)."""
    if row.state == VOIDED:
        return "V"
    if not row.succeeded:
        return "D"
    if row.preauth:
        return "A" if row.captured_kurus is None else "K"
    return "S" if row.state == SETTLED else "C"


def _time(moment):
    return moment.strftime("%d.%m.%Y %H:%M:%S")
