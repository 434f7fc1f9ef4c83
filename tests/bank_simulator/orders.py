"""Orders and their transactions, as the bank keeps them."""

from dataclasses import dataclass, field
from datetime import datetime

AUTHORISED = "authorised"  # a pre-authorisation that waits for its capture
CAPTURED = "captured"  # in the open batch, waits for the settlement
SETTLED = "settled"
VOIDED = "voided"
DECLINED = "declined"

OPEN_STATES = (AUTHORISED, CAPTURED)

SALE = "sale"
REFUND = "refund"


@dataclass
class Transaction:
    """One authorisation attempt or one refund."""

    kind: str
    state: str
    amount_kurus: int
    currency: str
    installments: int
    code: str
    text: str
    trans_id: str
    auth_code: str
    host_ref: str
    masked: str
    brand: str
    issuer: str
    card_kind: str
    authorised_at: datetime
    preauth: bool = False
    captured_kurus: int | None = None
    captured_at: datetime | None = None
    capture_trans_id: str = ""
    voided_at: datetime | None = None
    void_trans_id: str = ""
    settle_id: str = ""

    @property
    def succeeded(self):
        return self.state != DECLINED


@dataclass(frozen=True)
class Message:
    """A message for the merchant: where it goes, what it says and how it gets there."""

    target: str
    fields: dict
    method: str = "POST"


@dataclass
class Order:
    """What the bank knows under one order id of one terminal.

    The charge of a recurring plan has ``plan_id`` and its number in the plan.
    """

    client_id: str
    order_id: str
    transactions: list = field(default_factory=list)
    returned: Message | None = None
    callback: Message | None = None
    held: bool = False
    plan_id: str = ""
    planned: int | None = None

    @property
    def sale(self):
        """The authorisation that took money, void or not; None without one."""
        found = [t for t in self.transactions if t.kind == SALE and t.succeeded]
        return found[-1] if found else None

    @property
    def refunded_kurus(self):
        return sum(
            t.amount_kurus
            for t in self.transactions
            if t.kind == REFUND and t.state in (CAPTURED, SETTLED)
        )

    @property
    def latest(self):
        """What a status answer tells: the newest success, else the newest attempt."""
        good = [t for t in self.transactions if t.succeeded]
        return (good or self.transactions or [None])[-1]

    def describe_charge(self):
        """Return the successful authorisation for the control API."""
        sale = self.sale
        return {
            "client_id": self.client_id,
            "order": self.order_id,
            "amount_kurus": sale.amount_kurus,
            "captured_kurus": sale.captured_kurus,
            "refunded_kurus": self.refunded_kurus,
            "currency": sale.currency,
            "installments": sale.installments,
            "type": "PreAuth" if sale.preauth else "Auth",
            "state": sale.state,
            "auth_code": sale.auth_code,
            "host_ref": sale.host_ref,
            "trans_id": sale.trans_id,
            "card": sale.masked,
            "time": sale.authorised_at.isoformat(timespec="milliseconds"),
            "recurring": self.plan_id,
            "planned": self.planned,
        }

    def describe(self):
        return {
            "client_id": self.client_id,
            "order": self.order_id,
            "held": self.held,
            "charge": self.describe_charge() if self.sale else None,
            "transactions": [_describe(row) for row in self.transactions],
        }


def _describe(transaction):
    row = vars(transaction).copy()
    for name in ("authorised_at", "captured_at", "voided_at"):
        row[name] = row[name] and row[name].isoformat(timespec="milliseconds")
    return row
