"""A merchant of Kuveyt Türk and of Vakıf Katılım, with its own hash computation."""

import base64
import hashlib
import re
from html import unescape
from itertools import count
from urllib.parse import unquote_plus

import requests
from lxml import etree

from .conftest import GOOD_CARD
from .test_simulator import result_of, send_code

KUVEYT = {"MerchantId": "59001", "CustomerId": "405001", "UserName": "simkuveyt"}
KATILIM = {"MerchantId": "59101", "CustomerId": "405101", "UserName": "simkatilim"}
PASSWORDS = {
    "59001": "SimKuveyt.1",
    "59101": "SimKatilim.1",
    "59102": "SimKatilim.2",
}
KUVEYT_HOME = "/ServiceGateWay/Home/"
KATILIM_HOME = "/VirtualPOS.Gateway/Home/"
SOAP = (
    "/BOA.Integration.WCFService/BOA.Integration.VirtualPos/VirtualPosService.svc/Basic"
)
SERVICE = "http://boa.net/BOA.Integration.VirtualPos/Service"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CARD = {
    "CardNumber": GOOD_CARD,
    "CardExpireDateYear": "35",
    "CardExpireDateMonth": "12",
    "CardCVV2": "000",
    "CardHolderName": "DENEME KART",
    "CardType": "Visa",
}
_numbers = count(1)


def sha1(text):
    return base64.b64encode(hashlib.sha1(text.encode()).digest()).decode()


def request_hash(fields):
    text = "".join(
        fields.get(name, "")
        for name in (
            "MerchantId",
            "MerchantOrderId",
            "Amount",
            "OkUrl",
            "FailUrl",
            "UserName",
        )
    )
    return sha1(text + sha1(PASSWORDS.get(fields.get("MerchantId"), "")))


def answer_hash(fields, merchant_id):
    names = ("MerchantOrderId", "RRN", "ResponseCode", "OrderId")
    text = "".join(fields.get(name) or "" for name in names)
    return sha1(text + sha1(PASSWORDS[merchant_id]))


def xml(root_name, fields, namespace=None):
    """Return a document of fields by path, such as ``DeviceData/ClientIP``."""
    prefix = f"{{{namespace}}}" if namespace else ""
    root = etree.Element(prefix + root_name)
    holders = {"": root}
    for path, value in fields.items():
        parent, _slash, name = path.rpartition("/")
        _holder(holders, parent, prefix)
        etree.SubElement(holders[parent], prefix + name).text = value
    return root


def _holder(holders, path, prefix):
    if path not in holders:
        parent, _slash, name = path.rpartition("/")
        _holder(holders, parent, prefix)
        holders[path] = etree.SubElement(holders[parent], prefix + name)


def tree(element):
    """Return nested dicts without namespaces; a repeated name becomes a list."""
    if not len(element):
        return element.text or ""
    content = {}
    for child in element:
        name = etree.QName(child).localname
        value = tree(child)
        if name in content:
            known = content[name]
            value = [*(known if isinstance(known, list) else [known]), value]
        content[name] = value
    return content


def signed_fields(fields):
    fields = {name: value for name, value in fields.items() if value is not None}
    fields.setdefault("HashData", request_hash(fields))
    return fields


def kuveyt_message(bank, **changes):
    return signed_fields(
        {
            "APIVersion": "TDV2.0.0",
            "OkUrl": f"{bank.merchant.url}/return",
            "FailUrl": f"{bank.merchant.url}/return?failed=1",
            **KUVEYT,
            "TransactionType": "Sale",
            "TransactionSecurity": "3",
            "InstallmentCount": "0",
            "Amount": "125040",
            "DisplayAmount": changes.get("Amount", "125040"),
            "CurrencyCode": "0949",
            "MerchantOrderId": f"KVT-{next(_numbers)}",
            **CARD,
            "DeviceData/DeviceChannel": "02",
            "DeviceData/ClientIP": "203.0.113.7",
            **changes,
        }
    )


def katilim_message(bank, **changes):
    return signed_fields(
        {
            "APIVersion": "1.0.0",
            **KATILIM,
            "HashPassword": sha1(PASSWORDS["59101"]),
            "TransactionSecurity": "3",
            "InstallmentCount": "0",
            "Amount": "125040",
            "DisplayAmount": "125040",
            "FECCurrencyCode": "0949",
            "MerchantOrderId": f"KTL-{next(_numbers)}",
            "OkUrl": f"{bank.merchant.url}/return",
            "FailUrl": f"{bank.merchant.url}/return?failed=1",
            **CARD,
            **changes,
        }
    )


def post_xml(bank, path, root_name, fields):
    body = etree.tostring(xml(root_name, fields), encoding="UTF-8")
    answer = requests.post(
        bank.url + path, data=body, headers={"Content-Type": "text/xml"}, timeout=10
    )
    answer.raise_for_status()
    return answer


def pay_gate(bank, fields):
    """Send a message; return target and fields of the page that posts itself."""
    home, root = KATILIM_HOME, "VPosMessageContract"
    if "TransactionType" in fields:
        home, root = KUVEYT_HOME, "KuveytTurkVPosMessage"
    page = post_xml(bank, home + "ThreeDModelPayGate", root, fields)
    form = re.search(r'<form name="downloadForm" action="([^"]*)"', page.text)
    pairs = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text
    )
    return unescape(form[1]), {name: unescape(value) for name, value in pairs}


def through_the_page(bank, fields, code="147258"):
    """Go from the pay gate over the one-time code; return target and return fields."""
    page = requests.post(*pay_gate(bank, fields), timeout=10)
    return result_of(send_code(bank, page, code))


def unpack(returned):
    """Return the contract that Kuveyt's one field holds."""
    document = unquote_plus(unescape(returned["AuthenticationResponse"]))
    return tree(etree.fromstring(document.encode()))


def charge(bank, fields, fault=None, **more):
    """Play the pages without a browser; for signed messages no money moves yet."""
    body = {"fields": fields, "family": "boa", "fault": fault, **more}
    return requests.post(f"{bank.control_url}/charge", json=body, timeout=10).json()


def provision(bank, fields, md, **changes):
    """Send the call that moves the money, for either bank."""
    kuveyt = "TransactionType" in fields
    names = ("APIVersion", "MerchantId", "CustomerId", "UserName", "TransactionType")
    names += ("InstallmentCount", "Amount", "DisplayAmount", "CurrencyCode")
    message = {name: fields[name] for name in names if name in fields}
    message |= {
        "MerchantOrderId": fields["MerchantOrderId"],
        "TransactionSecurity": "3",
    }
    path = (
        "KuveytTurkVPosAdditionalData/AdditionalData/"
        if kuveyt
        else ("AdditionalData/AdditionalDataList/VPosAdditionalData/")
    )
    message |= {f"{path}Key": "MD", f"{path}Data": md, **changes}
    home, root = KATILIM_HOME, "VPosMessageContract"
    if kuveyt:
        home, root = KUVEYT_HOME, "KuveytTurkVPosMessage"
    answer = post_xml(
        bank, f"{home}ThreeDModelProvisionGate", root, signed_fields(message)
    )
    return tree(etree.fromstring(answer.content))


def kuveyt_sale(bank, fault=None, **changes):
    """Pay and provision; return the provision's answer."""
    fields = kuveyt_message(bank, **changes)
    md = unpack(charge(bank, fields, fault)["fields"])["MD"]
    return provision(bank, fields, md)


def katilim_sale(bank, fault=None, **changes):
    fields = katilim_message(bank, **changes)
    return provision(bank, fields, charge(bank, fields, fault)["fields"]["MD"])


def soap_request(bank, method, request, headers=None):
    call = xml("request", request, SERVICE)
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope")
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    etree.SubElement(body, f"{{{SERVICE}}}{method}").append(call)
    headers = headers or {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{SERVICE}/IVirtualPosService/{method}"',
    }
    return requests.post(
        bank.url + SOAP, data=etree.tostring(envelope), headers=headers, timeout=10
    )


def soap(bank, method, sale, amount="0", message=None, **changes):
    """Call Kuveyt's service about a sale; return the content of the result."""
    message = signed_fields(
        {
            "APIVersion": "TDV2.0.0",
            **KUVEYT,
            "Amount": amount,
            "CancelAmount": amount,
            "MerchantOrderId": sale["MerchantOrderId"],
            "CurrencyCode": "0949",
            "TransactionSecurity": "1",
            **(message or {}),
        }
    )
    request = {
        "IsFromExternalNetwork": "true",
        "BusinessKey": "0",
        "Amount": amount,
        "MerchantId": KUVEYT["MerchantId"],
        "OrderId": sale.get("OrderId", "0"),
        **changes,
        **{f"VPosMessage/{name}": value for name, value in message.items()},
    }
    if method != "GetMerchantOrderDetail":
        names = ("RRN", "Stan", "ProvisionNumber")
        request = {**{name: sale[name] for name in names}, **request}
    answer = soap_request(bank, method, request)
    answer.raise_for_status()
    response = tree(etree.fromstring(answer.content))["Body"][f"{method}Response"]
    return response[f"{method}Result"]


def detail(bank, order_id, **changes):
    """Ask Kuveyt for an order in a window that has all days of a test."""
    window = {"StartDate": "2020-01-01", "EndDate": "2099-01-01"}
    request = {"MerchantOrderId": order_id, "TransactionType": "0", **window, **changes}
    sale = {"MerchantOrderId": order_id}
    return soap(bank, "GetMerchantOrderDetail", sale, **request)


def contract(bank, sale):
    return detail(bank, sale["MerchantOrderId"])["Value"]["OrderContract"]


def katilim(bank, operation, order_id="", **changes):
    """Call one of Vakıf Katılım's operations; return the contract."""
    fields = signed_fields(
        {
            **KATILIM,
            "HashPassword": None,
            "MerchantOrderId": order_id,
            **changes,
        }
    )
    answer = post_xml(bank, KATILIM_HOME + operation, "VPosMessageContract", fields)
    return tree(etree.fromstring(answer.content))
