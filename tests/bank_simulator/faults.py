"""Faults on demand: by a magic amount, or set through the control API.

Magic amounts all lie between 9101.51 and 9114.51 and end in .51, so that ordinary
amounts do not hit them by chance.
"""

import threading
from dataclasses import dataclass, field

# kind -> (where it acts, what it does)
PAYMENT_FAULTS = {
    "decline": "the issuer declines; params.code, default 05",
    "cancel": "the payer cancels on the bank's page; nothing is charged",
    "wrong_3d": "the 3-D authentication fails (mdStatus 0); nothing is charged",
    "timeout_after_charge": "charges, hangs params.seconds (default 20), hangs up",
    "dropped_connection": "charges, then closes the connection without an answer",
    "duplicate_callback": "delivers the result params.times times (default 3)",
    "late_callback": "charges; the result waits until it is released",
    "forged_hash": "the result is signed with a key that is not the store key",
    "empty_hash": "the result carries an empty HASH",
    "missing_hash": "the result carries no HASH",
    "truncated_hash": "the last digits of HASH are cut off",
    "changed_amount": "charges and signs params.amount_kurus (default 1.00 more)",
}
API_FAULTS = {
    "api_timeout": "executes, hangs params.seconds (default 20), hangs up",
    "api_drop": "executes, closes the connection without an answer",
    "api_500": "HTTP 500; executes only with params.executed = true",
    "api_garbage": "executes, answers with text that is neither XML nor JSON",
}
# They act on the payments of a recurring plan.
RECURRING_FAULTS = {
    "recurring_decline": "declines planned payment params.number (default: the next)",
}
# What of a payment's faults the first payment of a plan has: it has no pages.
FIRST_PAYMENT_FAULTS = ("decline", "timeout_after_charge", "dropped_connection")
# With an operation named they act on that operation's signed answer, else on a payment.
SIGNED_FAULTS = (
    "forged_hash",
    "empty_hash",
    "missing_hash",
    "truncated_hash",
    "changed_amount",
)
KINDS = {**PAYMENT_FAULTS, **API_FAULTS, **RECURRING_FAULTS}

# Exact amount in kuruş -> (kind, params)
MAGIC_AMOUNTS = {
    9101_51: ("decline", {"code": "51"}),
    9102_51: ("decline", {"code": "05"}),
    9103_51: ("cancel", {}),
    9104_51: ("wrong_3d", {}),
    9105_51: ("timeout_after_charge", {}),
    9106_51: ("dropped_connection", {}),
    9107_51: ("duplicate_callback", {}),
    9108_51: ("late_callback", {}),
    9109_51: ("forged_hash", {}),
    9110_51: ("empty_hash", {}),
    9111_51: ("missing_hash", {}),
    9112_51: ("truncated_hash", {}),
    9113_51: ("changed_amount", {}),
}
# The same for the payments of a plan, whose first is approved.
RECURRING_MAGIC_AMOUNTS = {
    9114_51: ("recurring_decline", {"number": 2, "code": "51"}),
}

STICKY = 0

_WRONG_KEY = "no.merchant.has.this.key"
_TRUNCATED_LENGTH = 40


def signed(fields, name, sign, key, faults):
    """Return the fields with a signature, genuine or spoiled as the faults ask for.

    :param name: the name of the signature's field
    :param sign: called with a key, returns the signature's text
    """
    signature = sign(_WRONG_KEY if "forged_hash" in faults else key)
    if "truncated_hash" in faults:
        signature = signature[: min(_TRUNCATED_LENGTH, len(signature) // 2)]
    if "empty_hash" in faults:
        signature = ""
    if "missing_hash" in faults:
        return fields
    return {**fields, name: signature}


@dataclass
class Fault:
    """A fault that waits for its occasion.

    ``order_id`` and ``operation`` narrow the occasion when they are not empty;
    ``times`` counts down, except that 0 means for ever.
    """

    kind: str
    order_id: str = ""
    operation: str = ""
    times: int = 1
    params: dict = field(default_factory=dict)

    def fits(self, kinds, order_id, operation):
        return (
            self.kind in kinds
            and self.order_id in ("", order_id)
            and self.operation in ("", operation)
        )


def _is_for_api(fault):
    return fault.kind in API_FAULTS or bool(fault.operation)


def _is_for_payment(fault):
    return not fault.operation


class FaultBook:
    """The faults that were ordered, in the order of their arrival."""

    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []

    def add(self, fault):
        with self._lock:
            self._faults.append(fault)

    def take(self, kinds, order_id, operation="", also=lambda fault: True):
        """Return ``{kind: params}`` of what happens now; one-off faults are used up.

        :param also: a further condition on a fault
        """
        taken = {}
        with self._lock:
            for fault in list(self._faults):
                fits = fault.fits(kinds, order_id, operation) and also(fault)
                if fault.kind in taken or not fits:
                    continue
                taken[fault.kind] = fault.params
                if fault.times == STICKY:
                    continue
                fault.times -= 1
                if fault.times < 1:
                    self._faults.remove(fault)
        return taken

    def take_for_payment(self, order_id, amount_kurus):
        """Return the faults of one payment, those of its amount included."""
        taken = self.take(PAYMENT_FAULTS, order_id)
        if amount_kurus in MAGIC_AMOUNTS:
            kind, params = MAGIC_AMOUNTS[amount_kurus]
            taken.setdefault(kind, params)
        return taken

    def take_for_recurring(self, order_id, amount_kurus, number):
        """Return the faults of one payment of a plan, those of its amount included."""

        def is_of_it(fault):
            return fault.params.get("number") in (None, number)

        kinds = tuple(RECURRING_FAULTS)
        taken = self.take(kinds, order_id, also=is_of_it)
        if number == 1:
            taken |= self.take(FIRST_PAYMENT_FAULTS, order_id, also=_is_for_payment)
            kinds += FIRST_PAYMENT_FAULTS
        magic = MAGIC_AMOUNTS | RECURRING_MAGIC_AMOUNTS
        kind, params = magic.get(amount_kurus, ("", {}))
        if kind in kinds and params.get("number", number) == number:
            taken.setdefault(kind, params)
        return taken

    def take_for_api(self, order_id, operation):
        """Return the faults of one API call.

        A fault of what is signed is one only when it names the operation: without, it
        waits for a payment.
        """
        kinds = (*API_FAULTS, *SIGNED_FAULTS)
        return self.take(kinds, order_id, operation, _is_for_api)

    def describe(self):
        with self._lock:
            return [vars(fault).copy() for fault in self._faults]

    def clear(self):
        with self._lock:
            self._faults.clear()
