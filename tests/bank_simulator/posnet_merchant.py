"""A PosNet merchant for the tests: its messages and its own MAC computation."""

import base64
import hashlib

import requests
from lxml import etree

from .conftest import GOOD_CARD

MERCHANT, TERMINAL, POSNET_ID = "6704400110", "67440011", "440011"
KEY = "31,7,92,64,15,120,48,3"
XML, PAGE = "/PosnetWebService/XML", "/3DSWebService/YKBPaymentService"


def own_mac(*values, key=KEY, terminal=TERMINAL):
    """The merchant's own computation of a MAC, in another way than the bank does."""
    first = base64.b64encode(hashlib.sha256(f"{key};{terminal}".encode()).digest())
    text = ";".join([*values, first.decode()])
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Shop:
    """A merchant of this family."""

    def __init__(self, bank):
        self.bank = bank
        self.number = 0

    def send(self, name, mid=MERCHANT, tid=TERMINAL, headers=None, **fields):
        """Send one message; return the answer's elements, flat."""
        root = etree.Element("posnetRequest")
        for head, value in (("mid", mid), ("tid", tid), ("tranDateRequired", "1")):
            etree.SubElement(root, head).text = value
        body = etree.SubElement(root, name)
        for field, value in fields.items():
            etree.SubElement(body, field).text = value
        answer = requests.post(
            self.bank.url + XML,
            data={"xmldata": etree.tostring(root, encoding="unicode")},
            headers=headers,
            timeout=10,
        )
        answer.raise_for_status()
        declared, _end, rest = answer.content.partition(b"?>")
        self.declaration = declared
        root = etree.fromstring(rest.decode("iso-8859-9"))
        self.rows = [
            {node.tag: node.text or "" for node in row}
            for row in root.iter("transaction", "total")
        ]
        return {node.tag: node.text or "" for node in root.iter() if not len(node)}

    def register(self, mid=MERCHANT, tid=TERMINAL, **changes):
        self.number += 1
        fields = {
            "posnetid": POSNET_ID,
            "XID": f"TST{self.number:017d}",
            "amount": "125040",
            "currencyCode": "TL",
            "installment": "00",
            "tranType": "Sale",
            **changes,
        }
        answer = self.send("oosRequestData", mid=mid, tid=tid, **fields)
        return fields, answer

    def form(self, data, mid=MERCHANT, posnet_id=POSNET_ID):
        return {
            "mid": mid,
            "posnetID": posnet_id,
            "posnetData": data["data1"],
            "posnetData2": data["data2"],
            "digest": data["sign"],
            "merchantReturnURL": f"{self.bank.merchant.url}/return",
            "lang": "en",
            "url": "",
            "openANewWindow": "0",
        }

    def authenticate(self, card=GOOD_CARD, fault=None, code="147258", **changes):
        """Register and play the payer; return the registration and the return."""
        fields, data = self.register(**changes)
        answer = self.bank.post(
            "charge",
            family="posnet",
            fields=self.form(data),
            card_number=card,
            fault=fault,
            code=code,
        )
        assert not answer["charged"]
        return fields, answer["fields"]

    def request_mac(self, fields):
        return own_mac(
            fields["XID"], fields["amount"], fields["currencyCode"], MERCHANT
        )

    def resolve(self, fields, returned, **changes):
        values = {
            "bankData": returned["BankPacket"],
            "merchantData": returned["MerchantPacket"],
            "sign": returned["Sign"],
            "mac": self.request_mac(fields),
            **changes,
        }
        return self.send("oosResolveMerchantData", **values)

    def charge(self, fields, returned, **changes):
        values = {
            "bankData": returned["BankPacket"],
            "wpAmount": "0",
            "mac": self.request_mac(fields),
            **changes,
        }
        return self.send("oosTranData", **values)

    def pay(self, **changes):
        fields, returned = self.authenticate(**changes)
        return fields, self.charge(fields, returned)

    def status(self, fields, prefix="TDS_", **changes):
        return self.send("agreement", orderID=prefix + fields["XID"], **changes)


def resolve_mac(fields, answer):
    return own_mac(answer["mdStatus"], fields["XID"], fields["amount"], "TL", MERCHANT)


def charge_mac(fields, answer):
    return own_mac(
        answer["hostlogkey"], fields["XID"], fields["amount"], "TL", MERCHANT
    )
