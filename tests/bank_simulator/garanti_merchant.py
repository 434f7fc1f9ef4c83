"""A merchant at Garanti: its own way of signing and asking."""

import hashlib
from itertools import count

import requests
from lxml import etree

from .conftest import GOOD_CARD

TERMINAL, MERCHANT, KEY = "30770101", "7007701", "53696D47617261"
PASSWORDS = {
    "PROVAUT": "SimProvAut1/",
    "PROVRFN": "SimProvRfn2/",
    "PROVOOS": "SimProvOos3/",
}
DEALERS = {
    "terminalid": "30770102",
    "terminalmerchantid": "7007702",
    "submerchantid": "D001",
}
DEALER_PASSWORDS = {
    "PROVAUT": "SimProvAut4/",
    "PROVRFN": "SimProvRfn5/",
    "PROVOOS": "SimProvOos6/",
}
CARD_IN_FORM = {
    "secure3dsecuritylevel": "3D_PAY",
    "terminalprovuserid": "PROVAUT",
    "cardnumber": GOOD_CARD,
    "cardexpiredatemonth": "12",
    "cardexpiredateyear": "35",
    "cardcvv2": "000",
}
_numbers = count(1)


def digest(*parts, name="sha512"):
    return hashlib.new(name, "".join(parts).encode()).hexdigest().upper()


def security(user="PROVAUT", passwords=PASSWORDS, terminal=TERMINAL):
    return digest(passwords[user], f"{int(terminal):09d}", name="sha1")


def form(bank, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "mode": "TEST",
        "apiversion": "512",
        "secure3dsecuritylevel": "3D_OOS_PAY",
        "terminalprovuserid": "PROVOOS",
        "terminaluserid": "PROVOOS",
        "terminalmerchantid": MERCHANT,
        "terminalid": TERMINAL,
        "txntype": "sales",
        "txnamount": "125040",
        "txncurrencycode": "949",
        "txninstallmentcount": "",
        "orderid": f"GVP-{next(_numbers)}",
        "successurl": f"{bank.merchant.url}/return",
        "errorurl": f"{bank.merchant.url}/return?failed=1",
        "customeripaddress": "203.0.113.7",
        "lang": "en",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    fields.setdefault("secure3dhash", sign_form(fields))
    return fields


def sign_form(fields):
    get = fields.get
    dealer = get("terminalid") == DEALERS["terminalid"]
    passwords, key = PASSWORDS, KEY
    if dealer:
        passwords, key = DEALER_PASSWORDS, "53696D47617262"
    user = get("terminalprovuserid", "")
    secret = security(
        user if user in passwords else "PROVAUT",
        passwords,
        get("terminalid") or TERMINAL,
    )
    return digest(
        get("terminalid", ""),
        get("orderid", ""),
        get("txnamount", "") + get("txncurrencycode", ""),
        get("successurl", "") + get("errorurl", ""),
        get("txntype", "") + get("txninstallmentcount", ""),
        key + secret,
    )


def is_genuine(message, key=KEY):
    names = message["hashparams"].rstrip(":").split(":")
    return message.get("hash") == digest(*[message[name] for name in names], key)


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = form(bank, **changes)
    return fields, bank.charge("garanti", fields, card_number, fault)


def post(bank, fields):
    return requests.post(f"{bank.url}/servlet/gt3dengine", data=fields, timeout=10)


def call(bank, kind, order_id="", amount="100", *, as_field=False, **changes):
    """Send a GVPSRequest; return the answer's root."""
    user = "PROVRFN" if kind in ("void", "refund") else "PROVAUT"
    values = {
        "Mode": "TEST",
        "Version": "512",
        "Terminal/ProvUserID": user,
        "Terminal/UserID": user,
        "Terminal/ID": TERMINAL,
        "Terminal/MerchantID": MERCHANT,
        "Customer/IPAddress": "203.0.113.7",
        "Card/Number": "",
        "Order/OrderID": order_id,
        "Transaction/Type": kind,
        "Transaction/Amount": amount,
        "Transaction/CurrencyCode": "949",
        **{name.replace("__", "/"): value for name, value in changes.items()},
    }
    dealer = values["Terminal/ID"] == DEALERS["terminalid"]
    secret = security(
        values["Terminal/ProvUserID"],
        DEALER_PASSWORDS if dealer else PASSWORDS,
        values["Terminal/ID"],
    )
    values.setdefault(
        "Terminal/HashData",
        digest(
            order_id + values["Terminal/ID"] + values["Card/Number"],
            values["Transaction/Amount"] + values["Transaction/CurrencyCode"],
            secret,
        ),
    )
    root = etree.Element("GVPSRequest")
    for path, value in values.items():
        parent = root
        *groups, name = path.split("/")
        for group in groups:
            found = parent.find(group)
            parent = etree.SubElement(parent, group) if found is None else found
        etree.SubElement(parent, name).text = value
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    answer = requests.post(
        f"{bank.url}/VPServlet", data={"data": body} if as_field else body, timeout=10
    )
    answer.raise_for_status()
    return etree.fromstring(answer.content)


def outcome(root):
    return tuple(
        root.findtext(f"Transaction/Response/{name}") for name in ("Code", "ReasonCode")
    )


def answer_is_genuine(root, user="PROVAUT", **whose):
    values = [
        root.findtext(name) or ""
        for name in (
            "Transaction/Response/Code",
            "Transaction/RetrefNum",
            "Transaction/AuthCode",
            "Transaction/ProvDate",
            "Order/OrderID",
        )
    ]
    expected = digest(*values, security(user, **whose))
    return root.findtext("Transaction/HashData") == expected


def sale(bank, **changes):
    """Return order id and reference of a charged sale."""
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["orderid"], answer["fields"]["hostrefnum"]


def settled_sale(bank, **changes):
    oid, reference = sale(bank, **changes)
    bank.post("settle")
    return oid, reference


def refund(bank, oid, reference, amount):
    return call(bank, "refund", oid, amount, Transaction__OriginalRetrefNum=reference)


def void(bank, oid, reference):
    return call(bank, "void", oid, Transaction__OriginalRetrefNum=reference)
