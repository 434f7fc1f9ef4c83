"""GarantiPay: the form that opens it, and what the payer does in the phone app.

The merchant's form has no card. The browser waits on a page of the bank while the
payer confirms in the app; what was chosen there is charged.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..family import FormRefused
from ..payments import (
    AUTHORISED,
    CANCELLED,
    NOT_AUTHENTICATED,
    Payment,
    conclude,
)
from .codes import SYSTEM_ERROR

LEVEL = "CUSTOM_PAY"
USER = "PROVOOS"
TYPE = "gpdatarequest"
PHONE_STAGE = "phone"
SWITCHES = ("bnsuseflag", "fbbuseflag", "chequeuseflag", "mileuseflag")
DEFAULT_PERIOD, PERIODS = 300, range(60, 301)
MOST_OFFERS = 12
_AMOUNT = re.compile("[1-9][0-9]{0,16}")


@dataclass
class PhonePayment(Payment):
    """A payment that waits for the phone.

    :param offers: installment count (0: single payment) -> kuruş that are charged
    :param closes_at: when the bank stops waiting
    """

    offers: dict = field(default_factory=dict)
    closes_at: datetime | None = None

    @property
    def shown_kurus(self):
        return self.charged_kurus

    @property
    def waits(self):
        return self.stage == PHONE_STAGE


def check(fields):
    """:raise FormRefused: if the form is none of the wallet"""
    good = {
        "garantipay": fields.get("garantipay") == "Y",
        "txnsubtype": fields.get("txnsubtype") == "sales",
        "txntimestamp": bool(fields.get("txntimestamp")),
        "companyname": bool(fields.get("companyname")),
        **{name: fields.get(name) in ("Y", "N") for name in SWITCHES},
    }
    for name, is_good in good.items():
        if not is_good:
            raise FormRefused(SYSTEM_ERROR, f"{name} is not valid")


def open_phone(bank, fields, installments, values):
    """:param values: what every payment has; see ``Payment``
    :raise FormRefused: for offers or a period that are not valid
    """
    period = fields.get("txntimeoutperiod") or str(DEFAULT_PERIOD)
    if not period.isdecimal() or int(period) not in PERIODS:
        raise FormRefused(SYSTEM_ERROR, "txntimeoutperiod is not 60 to 300")
    own = {installments: values["amount_kurus"]}
    return PhonePayment(
        **values,
        installments=installments,
        stage=PHONE_STAGE,
        offers=_read_offers(fields) or own,
        closes_at=bank.clock.now() + timedelta(seconds=int(period)),
    )


def _read_offers(fields):
    """:return: count -> kuruş of the installments that the merchant offers"""
    text = fields.get("totallinstallmentcount") or "0"
    if not text.isdecimal() or int(text) > MOST_OFFERS:
        raise FormRefused(SYSTEM_ERROR, "totallinstallmentcount is not valid")
    offers = {}
    for number in range(1, int(text) + 1):
        count = fields.get(f"installmentnumber{number}", "")
        amount = fields.get(f"installmentamount{number}", "")
        is_count = count.isdecimal() and int(count) <= MOST_OFFERS
        if not is_count or not _AMOUNT.fullmatch(amount):
            raise FormRefused(SYSTEM_ERROR, f"offer {number} is not valid")
        offers[0 if int(count) == 1 else int(count)] = int(amount)
    return offers


def waiting(bank):
    """:return: the payments that the app shows, the newest first"""
    with bank.lock:
        found = [one for one in bank.payments.values() if isinstance(one, PhonePayment)]
        for payment in found:
            close_if_late(bank, payment)
        return [payment for payment in reversed(found) if payment.waits]


def approve(bank, payment, card, count):
    """Confirm with a card of the app; what was waited for too long is not charged.

    :param count: one of ``payment.offers``
    """
    with bank.lock:
        close_if_late(bank, payment)
        if not payment.waits:
            return
        faults = bank.faults.take_for_payment(payment.order_id, payment.amount_kurus)
        payment.faults.update(faults)
        payment.card, payment.installments = card, count
        payment.charged_kurus = payment.offers[count]
        if "changed_amount" in faults:
            more = payment.charged_kurus + 100
            payment.charged_kurus = int(
                faults["changed_amount"].get("amount_kurus") or more
            )
        if "cancel" in faults:
            conclude(bank, payment, CANCELLED)
        elif "wrong_3d" in faults or not card.authenticates:
            conclude(bank, payment, NOT_AUTHENTICATED)
        else:
            conclude(bank, payment, AUTHORISED)


def refuse(bank, payment):
    with bank.lock:
        if payment.waits:
            conclude(bank, payment, CANCELLED)


def close_if_late(bank, payment):
    """End what nobody confirmed in time."""
    with bank.lock:
        if payment.waits and bank.clock.now() >= payment.closes_at:
            conclude(bank, payment, NOT_AUTHENTICATED)
