"""Kuveyt Türk's SOAP 1.1 service: status, void, refund."""

import re
from datetime import datetime

from lxml import etree
from werkzeug.wrappers import Response

from ..api_answers import answer_api
from ..clock import TURKEY
from ..family import FormRefused
from ..operations import Refusal
from ..safe_xml import BadXml, parse_xml
from . import books, codes
from .codes import BoaRefusal
from .wire import EMPTY_TIME, KUVEYT, authenticate, format_time, read_kurus

PATH = (
    "/BOA.Integration.WCFService/BOA.Integration.VirtualPos/VirtualPosService.svc/Basic"
)
NAMESPACE = "http://boa.net/BOA.Integration.VirtualPos/Service"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
OPERATIONS = {
    "GetMerchantOrderDetail": "status",
    "SaleReversal": "void",
    "DrawBack": "refund",
    "PartialDrawback": "refund",
}


class SoapFault(Exception):
    """Answered as a SOAP fault with HTTP 500."""


def answer_request(bank, request):
    """Answer a POST, in the way that the faults of the moment ask for."""
    if not request.content_type.startswith("text/xml"):
        bank.journal.write(PATH, "soap", "refused", code="415")
        return Response(status=415)
    try:
        method, fields = _read(request)
    except SoapFault as fault:
        bank.journal.write(PATH, "soap", "refused", code=str(fault))
        return _fault(fault)
    operation = OPERATIONS[method]
    order_id = fields.get("VPosMessage/MerchantOrderId", "")
    terminal_id = fields.get("VPosMessage/MerchantId", "")
    about = {"terminal": terminal_id[:15], "order": order_id[:50]}

    def execute(_faults):
        with bank.lock:
            try:
                result, code = _perform(bank, method, fields)
            except SoapFault as fault:
                bank.journal.write(PATH, operation, "refused", code="fault", **about)
                return _fault(fault)
            except (FormRefused, Refusal) as refused:
                result, code = _refused(method, refused)
        verdict = "approved" if code == codes.APPROVED else "refused"
        bank.journal.write(PATH, operation, verdict, code=code, **about)
        return _answer(method, result)

    return answer_api(bank, PATH, operation, order_id, execute)


def _read(request):
    """Return the method, and the fields of its request by path, without namespaces."""
    try:
        root = parse_xml(request.get_data())
    except BadXml as error:
        raise SoapFault(str(error)) from error
    call = root.find(f"{{{ENVELOPE}}}Body/*")
    name = etree.QName(call) if call is not None else None
    if not name or name.namespace != NAMESPACE or name.localname not in OPERATIONS:
        raise SoapFault("unknown method")
    action = request.headers.get("SOAPAction", "").strip('"')
    if action.rpartition("/")[2] != name.localname:
        raise SoapFault("SOAPAction does not fit")
    inner = call.find(f"{{{NAMESPACE}}}request")
    if inner is None:
        raise SoapFault("no request")
    fields = {}
    _collect(fields, inner, "")
    return name.localname, fields


def _collect(fields, parent, path):
    for element in parent.iterchildren(tag=etree.Element):
        name = path + etree.QName(element).localname
        if len(element):
            _collect(fields, element, f"{name}/")
        else:
            fields[name] = (element.text or "").strip()


def _perform(bank, method, fields):
    """Return the content of the result and the code for the journal."""
    prefix = "VPosMessage/"
    message = {
        name.removeprefix(prefix): value
        for name, value in fields.items()
        if name.startswith(prefix)
    }
    terminal = authenticate(bank, message, KUVEYT)
    if message.get("TransactionSecurity") != "1":
        raise BoaRefusal(*codes.BAD_SECURITY)
    if method == "GetMerchantOrderDetail":
        return _status(bank, terminal, fields)
    order, sale = books.find_sale(
        bank, terminal, message.get("MerchantOrderId", ""), fields.get("OrderId", "")
    )
    _check_references(fields, sale)
    kurus = read_kurus(message.get("Amount", ""))
    if method == "SaleReversal":
        if kurus != sale.amount_kurus:
            raise Refusal("amount_differs")
        row = books.reverse(bank, order, sale)
    else:
        row = books.give_back(
            bank, order, sale, kurus, whole=method == "DrawBack", same_day_parts=True
        )
    value = {
        "IsEnrolled": "false",
        "IsVirtual": "false",
        "ProvisionNumber": row.auth_code,
        "RRN": row.host_ref,
        "Stan": row.host_ref[-6:],
        "ResponseCode": codes.APPROVED,
        "ResponseMessage": codes.PROVISION_TEXT,
        "OrderId": sale.trans_id,
        "TransactionTime": format_time(bank.clock.now()),
        "MerchantOrderId": order.order_id,
        "CurrencyCode": f"0{sale.currency}",
        "MerchantId": None,
        "BusinessKey": "0",
    }
    result = {"Results": {}, "Success": "true", "Value": value}
    return result, codes.APPROVED


def _check_references(fields, sale):
    expected = {
        "OrderId": sale.trans_id,
        "RRN": sale.host_ref,
        "Stan": sale.host_ref[-6:],
        "ProvisionNumber": sale.auth_code,
    }
    if any(fields.get(name) != value for name, value in expected.items()):
        raise Refusal("references_differ")


def _status(bank, terminal, fields):
    """Return every attempt under an order id in a window, or an empty Value."""
    start = _read_date(fields, "StartDate")
    end = _read_date(fields, "EndDate")
    end += bank.clock.ahead
    order = bank.find_order(fields.get("MerchantOrderId", ""), terminal.client_id)
    wanted = fields.get("OrderId", "0")
    found = [
        books.order_contract(order, row)
        for row in (books.attempts(order) if order else [])
        if start <= row.authorised_at <= end and wanted in ("0", row.trans_id)
    ]
    value = {"OrderContract": found} if found else {}
    code = codes.APPROVED if found else "empty"
    return {"Results": {}, "Success": "true", "Value": value}, code


def _read_date(fields, name):
    """Return a moment; a date without a time is its first or last."""
    text = fields.get(name, "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SoapFault(f"{name} is no date") from None
    if name == "EndDate" and re.fullmatch(r"[0-9-]{10}", text):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.tzinfo else moment.replace(tzinfo=TURKEY)


def _refused(method, refused):
    """Return the content of a refusal: a friendly error, and nothing that happened."""
    if isinstance(refused, Refusal):
        code, text = codes.REFUSALS[refused.reason]
        error = codes.BAD_REQUEST if code == codes.BUSINESS_ERROR else code
    else:
        code, text = error, _text = refused.code, refused.text
    results = {
        "Result": {
            "ErrorMessage": text,
            "ErrorCode": error,
            "IsFriendly": "true",
            "Severity": "BusinessError",
        }
    }
    value = {}
    if method != "GetMerchantOrderDetail" and isinstance(refused, Refusal):
        value = {
            "IsEnrolled": "false",
            "IsVirtual": "false",
            "ResponseCode": code,
            "OrderId": "0",
            "TransactionTime": EMPTY_TIME,
            "MerchantId": None,
            "BusinessKey": "0",
        }
    return {"Results": results, "Success": "false", "Value": value}, code


def _answer(method, result):
    nsmap = {"s": ENVELOPE}
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap=nsmap)
    body = etree.SubElement(
        envelope, f"{{{ENVELOPE}}}Body", nsmap={"xsi": SCHEMA_INSTANCE}
    )
    response = etree.SubElement(
        body, f"{{{NAMESPACE}}}{method}Response", nsmap={None: NAMESPACE}
    )
    _fill(response, {f"{method}Result": result})
    return _xml(envelope)


def _fill(parent, content):
    for name, value in content.items():
        for item in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if item is None:
                element.set(f"{{{SCHEMA_INSTANCE}}}nil", "true")
            elif isinstance(item, dict):
                _fill(element, item)
            else:
                element.text = item


def _fault(fault):
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"s": ENVELOPE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    element = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    etree.SubElement(element, "faultcode").text = "s:Client"
    etree.SubElement(element, "faultstring").text = str(fault)
    return _xml(envelope, 500)


def _xml(envelope, status=200):
    body = etree.tostring(envelope, encoding="UTF-8")
    return Response(body, status=status, content_type="text/xml; charset=utf-8")
