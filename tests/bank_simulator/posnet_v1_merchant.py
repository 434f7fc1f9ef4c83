"""A PosNet V1 merchant for the tests: its form, its calls, its own MACs."""

import base64
import hashlib
from itertools import count

import requests

from .conftest import GOOD_CARD

MERCHANT, TERMINAL, POSNET_ID = "6705500210", "67550021", "550021"
KEY = "44,9,71,3,88,26,15,60"
PAGE = "/ALBSecurePaymentUI/SecureProcess/SecureVerification.aspx"
API = "/ALBMerchantService/MerchantJSONAPI.svc"
RETURN_NAMES = "ECI CAVV MdStatus MdErrorMessage MD SecureTransactionId".split()
SECURE_SALE = "MerchantNo:TerminalNo:SecureTransactionId:CavvData:Eci:MdStatus"
FOLLOW_UP = "MerchantNo:TerminalNo:ReferenceCode:OrderId"
PLAIN = "MerchantNo:TerminalNo"


def own_mac(*values, key=KEY):
    text = "".join(value or "" for value in (*values, key))
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def return_mac(fields):
    return own_mac(*(fields[name] for name in RETURN_NAMES))


class Shop:
    def __init__(self, bank):
        self.bank = bank
        self.numbers = count(1)

    def form(self, **changes):
        fields = {
            "MerchantNo": MERCHANT,
            "TerminalNo": TERMINAL,
            "PosnetID": POSNET_ID,
            "TransactionType": "Sale",
            "OrderId": f"ALB{next(self.numbers):017d}",
            "Amount": "125040",
            "CurrencyCode": "TL",
            "MerchantReturnURL": f"{self.bank.merchant.url}/return",
            "InstallmentCount": "0",
            "Language": "en",
            "TxnState": "INITIAL",
            "OpenNewWindow": "0",
            "UseOOS": "1",
            "MacParams": "MerchantNo:TerminalNo:CardNo:Cvv:ExpiredDate:Amount",
            **changes,
        }
        names = "MerchantNo TerminalNo CardNo Cvv ExpiredDate Amount".split()
        values = [fields.get(name) for name in names]
        return {"Mac": own_mac(*values), **fields}

    def authenticate(self, card=GOOD_CARD, fault=None, code="147258", **changes):
        """Play the payer; return the form and the return."""
        form = self.form(**changes)
        answer = self.bank.post(
            "charge",
            family="posnet_v1",
            fields=form,
            card_number=card,
            fault=fault,
            code=code,
        )
        assert not answer["charged"]
        return form, answer["fields"]

    def send(self, name, params, values, **changes):
        """Send one message; ``values`` are those that ``params`` names."""
        message = {
            "ApiType": "JSON",
            "ApiVersion": "V100",
            "MerchantNo": MERCHANT,
            "TerminalNo": TERMINAL,
            "MACParams": params,
            "MAC": own_mac(MERCHANT, TERMINAL, *values),
            "CipheredData": None,
            "DealerData": None,
            "IsEncrypted": None,
            "PaymentFacilitatorData": None,
            **changes,
        }
        url = f"{self.bank.url}{API}/{name}"
        answer = requests.post(url, json=message, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def charge(self, form, returned, name="Sale", **changes):
        secure = {
            "SecureTransactionId": returned["SecureTransactionId"],
            "CavvData": returned["CAVV"],
            "Eci": returned["ECI"],
            "MdStatus": returned["MdStatus"],
            "MD": returned["MD"],
        }
        fields = {
            "ThreeDSecureData": secure,
            "OrderId": form["OrderId"],
            "Amount": int(form["Amount"]),
            "CurrencyCode": "TL",
            "InstallmentCount": form["InstallmentCount"],
            "InstallmentType": "N",
            "PointAmount": 0,
            **changes,
        }
        return self.send(name, SECURE_SALE, list(secure.values())[:4], **fields)

    def pay(self, name="Sale", **changes):
        form, returned = self.authenticate(**changes)
        return form, self.charge(form, returned, name)

    def follow(self, name, reference="", order_id="", **fields):
        return self.send(
            name,
            FOLLOW_UP,
            (reference, order_id),
            ReferenceCode=reference or None,
            OrderId=order_id or None,
            **fields,
        )

    def give_back(self, reference, amount, **fields):
        return self.follow(
            "Return", reference, Amount=amount, CurrencyCode="TL", **fields
        )

    def capture(self, reference, amount):
        return self.send(
            "Capture",
            PLAIN,
            (),
            ReferenceCode=reference,
            Amount=amount,
            CurrencyCode="TL",
            InstallmentCount="0",
            InstallmentType="N",
        )

    def inquire(self, order_id, **changes):
        return self.send("TransactionInquiry", PLAIN, (), OrderId=order_id, **changes)

    def rows(self, form):
        answer = self.inquire(f"TDS_{form['OrderId']}")
        assert code_of(answer) == "0000"
        return [
            (row["TransactionType"], row["Amount"]) for row in answer["TransactionData"]
        ]


def code_of(answer):
    return answer["ServiceResponseData"]["ResponseCode"]
