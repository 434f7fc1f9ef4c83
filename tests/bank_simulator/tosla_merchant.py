"""A Tosla merchant for the tests: its signed requests and its check of a return."""

import base64
import hashlib
from datetime import datetime, timedelta, timezone
from itertools import count

import requests

from .conftest import GOOD_CARD

CLIENT, USER, PASSWORD = "1000077001", "SIM_POS_API", "SimTosla*Pass1"
BASE = "/api/Payment"
SIGNED = "MdStatus BankResponseCode BankResponseMessage RequestStatus".split()


def own_hash(*values, password=PASSWORD):
    digest = hashlib.sha512("".join((password, *values)).encode()).digest()
    return base64.b64encode(digest).decode()


def return_hash(fields):
    """What the hash of a return must be; who we are comes from our own books."""
    signed = [fields[name] for name in ("OrderId", *SIGNED)]
    return own_hash(CLIENT, USER, *signed)


class Shop:
    def __init__(self, bank):
        self.bank = bank
        self.numbers = count(1)

    def credentials(self, minutes=0):
        turkey = timezone(timedelta(hours=3))
        when = datetime.now(turkey) + timedelta(minutes=minutes)
        span = when.strftime("%Y%m%d%H%M%S")
        rnd = f"rnd{next(self.numbers)}"
        return {
            "clientId": int(CLIENT),
            "apiUser": USER,
            "rnd": rnd,
            "timeSpan": span,
            "hash": own_hash(CLIENT, USER, rnd, span),
        }

    def send(self, name, **fields):
        """Send one request; a field of None is left out."""
        body = {**self.credentials(), **fields}
        body = {key: value for key, value in body.items() if value is not None}
        answer = requests.post(f"{self.bank.url}{BASE}/{name}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def register(self, name="threeDPayment", **changes):
        fields = {
            "callbackUrl": f"{self.bank.merchant.url}/return",
            "orderId": f"TSL{next(self.numbers)}",
            "amount": 125040,
            "currency": 949,
            "installmentCount": 0,
            **changes,
        }
        return fields, self.send(name, **fields)

    def pay(self, name="threeDPayment", card=GOOD_CARD, fault=None, **changes):
        """Register and play the payer; return the order id and the answer."""
        fields, session = self.register(name, **changes)
        answer = self.bank.post(
            "charge",
            family="tosla",
            fields={"ThreeDSessionId": session["ThreeDSessionId"]},
            card_number=card,
            fault=fault,
        )
        return fields["orderId"], answer

    def settled(self, **changes):
        order_id, _answer = self.pay(**changes)
        self.bank.post("settle")
        return order_id

    def status(self, order_id):
        return self.send("inquiry", orderId=order_id)

    def refund(self, order_id, amount):
        return self.send("refund", orderId=order_id, amount=amount)

    def day(self, **changes):
        today = int(self.bank.get("log")["log"][-1]["time"][:10].replace("-", ""))
        asked = {"transactionDate": today, "page": 1, "pageSize": 10, **changes}
        return self.send("history", **asked)
