"""A payment on the bank's pages: card, one-time code, authorisation, message.

Families open a payment from a form that they have verified; from there the course is
the same for all of them, until the family words the result.
"""

from dataclasses import dataclass, field

from .cards import Card
from .operations import Refusal, authorise
from .orders import Message, Transaction
from .terminals import Terminal

ONE_TIME_CODE = "147258"
CODE_ATTEMPTS = 3
DEFAULT_HANG_SECONDS = 20
DEFAULT_DELIVERIES = 3

CARD_STAGE = "card"
CODE_STAGE = "code"
DONE = "done"

AUTHORISED = "authorised"  # the issuer was asked; its answer is the transaction
REFUSED = "refused"  # the acquirer did not ask; the reason is in ``refusal``
AUTHENTICATED = "authenticated"  # the money waits for a call of the merchant's server
NOT_AUTHENTICATED = "not_authenticated"
CANCELLED = "cancelled"


@dataclass
class Payment:
    """One accepted form, on its way through the bank's pages.

    The security code is compared when the card arrives and is never kept; of the card
    number only the masked form leaves this object.

    With ``authenticate_only`` the pages end without a charge; ``charge_authenticated``
    makes it later.
    """

    family: object
    terminal: Terminal
    order_id: str
    fields: dict
    amount_kurus: int
    currency: str
    installments: int
    preauth: bool
    lang: str
    client_ip: str
    path: str
    token: str = ""
    stage: str = CARD_STAGE
    card: Card | None = None
    code_fits: bool = True
    wrong_codes: int = 0
    faults: dict = field(default_factory=dict)
    charged_kurus: int = 0
    authenticate_only: bool = False
    result: str = ""
    transaction: Transaction | None = None
    refusal: str = ""
    returned: Message | None = None
    callback: Message | None = None

    @property
    def shown_kurus(self):
        """What the bank's pages tell the payer."""
        return self.amount_kurus

    @property
    def approved(self):
        return bool(self.transaction and self.transaction.succeeded)

    @property
    def authenticated(self):
        return self.result in (AUTHORISED, REFUSED, AUTHENTICATED)

    @property
    def lost_after_seconds(self):
        """Seconds until the bank's page hangs up unanswered; None when it answers."""
        return None if self.authenticate_only else self.charge_lost_after_seconds

    @property
    def charge_lost_after_seconds(self):
        """The same of whatever it was that charged: the page, or a server's call."""
        if not self.approved:
            return None
        if "dropped_connection" in self.faults:
            return 0
        if "timeout_after_charge" in self.faults:
            params = self.faults["timeout_after_charge"]
            return params.get("seconds", DEFAULT_HANG_SECONDS)
        return None

    @property
    def deliveries(self):
        """How often the bank delivers the result."""
        if "duplicate_callback" not in self.faults:
            return 1
        return self.faults["duplicate_callback"].get("times", DEFAULT_DELIVERIES)


def remember(bank, payment):
    """Give a payment the token that the bank's pages know it by."""
    with bank.lock:
        order = bank.order(payment.terminal.client_id, payment.order_id)
        payment.token = bank.token(order)
        bank.payments[payment.token] = payment
    return payment


def give_card(bank, payment, card, security_code):
    """Take the card, or another one instead; with the first come the faults."""
    with bank.lock:
        if payment.stage == DONE:
            return
        if payment.stage == CARD_STAGE:
            payment.faults.update(
                bank.faults.take_for_payment(payment.order_id, payment.amount_kurus)
            )
        payment.card = card
        payment.code_fits = card.security_code in ("", security_code)
        payment.charged_kurus = _charged_amount(payment)
        payment.stage = CODE_STAGE
    _write(bank, payment, "card", "accepted")
    if "cancel" in payment.faults:
        conclude(bank, payment, CANCELLED)


def give_code(bank, payment, code):
    """Take the one-time code; return whether the payment is concluded."""
    with bank.lock:
        if payment.stage == DONE:
            return True
        if code != ONE_TIME_CODE:
            payment.wrong_codes += 1
            _write(bank, payment, "3d_code", "refused")
            if payment.wrong_codes < CODE_ATTEMPTS:
                return False
            conclude(bank, payment, NOT_AUTHENTICATED)
        elif "wrong_3d" in payment.faults or not payment.card.authenticates:
            conclude(bank, payment, NOT_AUTHENTICATED)
        elif payment.authenticate_only:
            conclude(bank, payment, AUTHENTICATED)
        else:
            conclude(bank, payment, AUTHORISED)
        return True


def conclude(bank, payment, result):
    """End a payment once: charge if authenticated, and word the messages."""
    with bank.lock:
        if payment.stage == DONE:
            return
        order = bank.order(payment.terminal.client_id, payment.order_id)
        payment.stage = DONE
        payment.result = result
        if result == AUTHORISED:
            try:
                _authorise(bank, order, payment)
            except Refusal as refusal:
                payment.result = REFUSED
                payment.refusal = refusal.reason
        payment.returned, payment.callback = payment.family.word(bank, order, payment)
        order.returned, order.callback = payment.returned, payment.callback
        order.held |= "late_callback" in payment.faults
    _write_result(bank, payment)


def find_authenticated(bank, client_id, order_id):
    """Return the order's newest payment that waits for, or had, its server call."""
    with bank.lock:
        found = [
            payment
            for payment in bank.payments.values()
            if payment.authenticate_only
            and payment.stage == DONE
            and (payment.terminal.client_id, payment.order_id) == (client_id, order_id)
        ]
        return found[-1] if found else None


def charge_authenticated(bank, payment, *, enforce=True):
    """Charge, for a call of the merchant's server, what the pages authenticated.

    It happens once: a repeated call gets the first answer, good or bad. The caller
    writes the journal, and honours ``payment.charge_lost_after_seconds``.

    :param enforce: false at a bank that leaves the 3-D result to the merchant
    :return: the transaction, and whether it is that of an earlier call
    :raise Refusal: when the acquirer does not even ask the issuer
    """
    with bank.lock:
        if payment.transaction:
            return payment.transaction, True
        if payment.stage != DONE or not payment.card:
            raise Refusal("not_concluded")
        if enforce and not payment.authenticated:
            raise Refusal("not_authenticated")
        order = bank.order(payment.terminal.client_id, payment.order_id)
        _authorise(bank, order, payment)
        return payment.transaction, False


def _authorise(bank, order, payment):
    decline = ""
    if "decline" in payment.faults:
        decline = str(payment.faults["decline"].get("code", "05"))
    payment.transaction = authorise(bank, order, payment, decline)


def _charged_amount(payment):
    if "changed_amount" not in payment.faults:
        return payment.amount_kurus
    changed = payment.faults["changed_amount"].get("amount_kurus")
    return payment.amount_kurus + 100 if changed is None else int(changed)


def _write_result(bank, payment):
    if payment.transaction:
        operation = "preauth" if payment.preauth else "sale"
        verdict = "approved" if payment.approved else "declined"
        _write(bank, payment, operation, verdict, payment.transaction.code)
    else:
        operation = "3d_result" if payment.authenticate_only else "sale"
        _write(bank, payment, operation, payment.result, payment.refusal)


def _write(bank, payment, operation, verdict, code=""):
    bank.journal.write(
        payment.path,
        operation,
        verdict,
        terminal=payment.terminal.client_id,
        order=payment.order_id,
        card=payment.card.masked if payment.card else "",
        code=code,
    )
