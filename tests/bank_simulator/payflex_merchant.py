"""A merchant of VakıfBank's PayFlex."""

import re
from html import unescape
from itertools import count

import requests
from lxml import etree

from .conftest import GOOD_CARD

MERCHANT = {"HostMerchantId": "000100000099001", "HostTerminalId": "VP900001"}
PASSWORD = "SimVakif.1"
SECOND = {
    "HostMerchantId": "000100000099002",
    "HostTerminalId": "VP900002",
    "MerchantPassword": "SimVakif.2",
}
REGISTER = "/CommonPayment/api/RegisterTransaction"
QUERY = "/CommonPayment/api/VposTransaction"
_numbers = count(1)


def tree(element):
    """Return an XML answer as nested dicts, a repeated element as the last one."""
    if not len(element):
        return element.text or ""
    return {child.tag: tree(child) for child in element}


def registration(bank, **changes):
    fields = {
        **MERCHANT,
        "MerchantPassword": PASSWORD,
        "TransactionType": "Sale",
        "AmountCode": "949",
        "Amount": "1250.40",
        "OrderID": f"VKF-{next(_numbers)}",
        "IsSecure": "true",
        "AllowNotEnrolledCard": "false",
        "SuccessUrl": f"{bank.merchant.url}/return",
        "FailUrl": f"{bank.merchant.url}/return?failed=1",
        "RequestLanguage": "en-US",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def post_form(bank, path, fields):
    answer = requests.post(bank.url + path, data=fields, timeout=10)
    answer.raise_for_status()
    return tree(etree.fromstring(answer.content))


def register(bank, **changes):
    return post_form(bank, REGISTER, registration(bank, **changes))


def open_page(bank, registered):
    token = {"Ptkn": registered["PaymentToken"]}
    return requests.get(registered["CommonPaymentUrl"], params=token, timeout=10)


def get_result_of(page):
    """Return target and fields of a result page that returns with GET."""
    form = re.search(r'<form id="result" method="get" action="([^"]*)"', page.text)
    pairs = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text
    )
    return unescape(form[1]), {name: unescape(value) for name, value in pairs}


def query(bank, message, **changes):
    fields = {
        "HostMerchantId": MERCHANT["HostMerchantId"],
        "Password": PASSWORD,
        "TransactionId": message["TransactionId"],
        "PaymentToken": message["PaymentToken"],
        **changes,
    }
    return post_form(bank, QUERY, fields)


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = registration(bank, **changes)
    return fields, bank.charge("payflex", fields, card_number, fault)


def sale(bank, **changes):
    """Pay; return order id and transaction id."""
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["OrderID"], answer["fields"]["TransactionId"]


def settled_sale(bank, **changes):
    ids = sale(bank, **changes)
    bank.post("settle")
    return ids


def xml(root_name, content):
    root = etree.Element(root_name)
    for name, value in content.items():
        element = etree.SubElement(root, name)
        if isinstance(value, dict):
            for inner, text in value.items():
                etree.SubElement(element, inner).text = text
        else:
            element.text = value
    return etree.tostring(root, encoding="unicode")


def vpos(bank, operation, reference="", **changes):
    content = {
        "MerchantId": MERCHANT["HostMerchantId"],
        "Password": PASSWORD,
        "TransactionType": operation,
        "ReferenceTransactionId": reference,
        "ClientIp": "203.0.113.7",
        **changes,
    }
    content = {name: value for name, value in content.items() if value is not None}
    fields = {"prmstr": xml("VposRequest", content)}
    return post_form(bank, "/virtualPos/Vposreq", fields)


def refund(bank, reference, amount, **changes):
    return vpos(bank, "Refund", reference, CurrencyAmount=amount, **changes)


def search(bank, password=PASSWORD, dates=None, **criteria):
    content = {
        "MerchantCriteria": {
            "HostMerchantId": MERCHANT["HostMerchantId"],
            "MerchantPassword": password,
        },
        "TransactionCriteria": {"TransactionId": "", "OrderId": "", **criteria},
    }
    if dates:
        content["DateCriteria"] = dates
    fields = {"prmstr": xml("SearchRequest", content)}
    return post_form(bank, "/virtualPos/Search", fields)


def found(bank, **criteria):
    answer = search(bank, **criteria)
    return answer["TransactionSearchResultInfo"]["TransactionSearchResultInfo"]
