"""What the bank does with money, and when it refuses. The same for every family.

A refusal carries a neutral reason; each protocol family has its own table of codes for
the reasons.
"""

from datetime import timedelta

from .cards import ISSUER_TEXTS
from .orders import (
    AUTHORISED,
    CAPTURED,
    DECLINED,
    OPEN_STATES,
    REFUND,
    SALE,
    SETTLED,
    VOIDED,
    Transaction,
)

CAPTURE_DAYS = 15


class Refusal(Exception):
    """The bank does not do it; ``reason`` is a key of the families' code tables."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def authorise(bank, order, payment, decline=""):
    """Ask the issuer, and book the answer, good or bad.

    :param payment: what is to be paid and with which card
    :param decline: a code that the issuer is made to answer with
    :raise Refusal: when the acquirer does not even ask the issuer
    """
    card = payment.card
    with bank.lock:
        if order.sale:
            raise Refusal("already_paid")
        if payment.installments and not card.program:
            raise Refusal("installments_not_for_card")
        code = decline or card.decline or ("00" if payment.code_fits else "82")
        approved = code == "00"
        now = bank.clock.now()
        transaction = Transaction(
            kind=SALE,
            state=(AUTHORISED if payment.preauth else CAPTURED)
            if approved
            else DECLINED,
            amount_kurus=payment.charged_kurus,
            currency=payment.currency,
            installments=payment.installments,
            code=code,
            text=ISSUER_TEXTS.get(code, "Red"),
            trans_id=bank.trans_id(order),
            auth_code=bank.digits(order, 6) if approved else "",
            host_ref=bank.host_ref(order),
            masked=card.masked,
            brand=card.brand,
            issuer=card.issuer,
            card_kind=card.kind,
            authorised_at=now,
            preauth=payment.preauth,
            settle_id=str(bank.settlement) if approved else "",
        )
        if approved and not payment.preauth:
            transaction.captured_kurus = transaction.amount_kurus
            transaction.captured_at = now
        order.transactions.append(transaction)
        return transaction


def capture(bank, order, amount_kurus=None, preauth_kurus=None, *, highest_kurus=None):
    """Capture a pre-authorisation, wholly or in part, once.

    :param preauth_kurus: the original amount, to be named when another is captured
    :param highest_kurus: what may be captured at most, where it is not the original
    """
    sale = order.sale
    if not sale:
        raise Refusal("no_success")
    if not sale.preauth:
        raise Refusal("not_preauthorised")
    if sale.state == VOIDED:
        raise Refusal("no_provision")
    if sale.state != AUTHORISED:
        raise Refusal("already_captured")
    if amount_kurus is None:
        amount_kurus = sale.amount_kurus
    if not amount_kurus:
        raise Refusal("zero_amount")
    if amount_kurus > (highest_kurus or sale.amount_kurus):
        raise Refusal("capture_above_net")
    if amount_kurus != sale.amount_kurus and preauth_kurus != sale.amount_kurus:
        raise Refusal("preauth_not_matching")
    now = bank.clock.now()
    if now - sale.authorised_at > timedelta(days=CAPTURE_DAYS):
        raise Refusal("capture_too_late")
    sale.state = CAPTURED
    sale.captured_kurus = amount_kurus
    sale.captured_at = now
    sale.capture_trans_id = bank.trans_id(order)
    sale.settle_id = str(bank.settlement)
    return sale


def void(bank, order, trans_id=""):
    """Void the one open transaction of an order: a sale, or a refund of today."""
    if order.transactions and not any(t.succeeded for t in order.transactions):
        raise Refusal("void_without_success")
    candidates = [
        t
        for t in order.transactions
        if t.state in OPEN_STATES
        and (not trans_id or trans_id in (t.trans_id, t.capture_trans_id))
    ]
    if not candidates:
        raise Refusal("nothing_to_void")
    if len(candidates) > 1:
        raise Refusal("several_to_void")
    candidates[0].state = VOIDED
    candidates[0].voided_at = bank.clock.now()
    return candidates[0]


def void_capture(order):
    """Take back a capture of the open batch; the pre-authorisation waits again."""
    sale = order.sale
    if not sale or not sale.preauth or sale.state == VOIDED:
        raise Refusal("no_success")
    if sale.state == AUTHORISED:
        raise Refusal("no_capture_to_void")
    if sale.state == SETTLED:
        raise Refusal("capture_settled")
    sale.state = AUTHORISED
    sale.captured_kurus = sale.captured_at = None
    sale.capture_trans_id = ""
    return sale


def refund(bank, order, amount_kurus, currency, *, same_day=False):
    """Give back a part or all of a settled sale, until nothing is left of it.

    A refused refund is booked too: it is a row of its own in the order's history.

    :param same_day: true at a bank that gives back from the open batch too
    """
    sale = order.sale
    if not sale or sale.state in (VOIDED, AUTHORISED):
        raise Refusal("nothing_to_refund")
    try:
        _check_refund(bank, order, amount_kurus, currency, same_day)
    except Refusal:
        order.transactions.append(
            _refund_row(bank, order, amount_kurus, DECLINED, "99")
        )
        raise
    row = _refund_row(bank, order, amount_kurus, CAPTURED, "00")
    row.captured_kurus = amount_kurus
    row.captured_at = row.authorised_at
    order.transactions.append(row)
    return row


def _check_refund(bank, order, amount_kurus, currency, same_day):
    sale = order.sale
    net = sale.captured_kurus - order.refunded_kurus
    if currency != sale.currency:
        raise Refusal("currency_differs")
    if not amount_kurus:
        raise Refusal("zero_amount")
    if sale.state == CAPTURED and not same_day:
        raise Refusal("not_settled")
    if sale.card_kind == "debit" and not bank.terminals[order.client_id].debit_refunds:
        raise Refusal("debit_refunds_off")
    if not net:
        raise Refusal("net_is_zero")
    if amount_kurus > net:
        raise Refusal("refund_above_net")


def _refund_row(bank, order, amount_kurus, state, code):
    sale = order.sale
    approved = state != DECLINED
    return Transaction(
        kind=REFUND,
        state=state,
        amount_kurus=amount_kurus,
        currency=sale.currency,
        installments=0,
        code=code,
        text="",
        trans_id=bank.trans_id(order),
        auth_code=bank.digits(order, 6) if approved else "",
        host_ref=bank.host_ref(order) if approved else "",
        masked=sale.masked,
        brand=sale.brand,
        issuer=sale.issuer,
        card_kind=sale.card_kind,
        authorised_at=bank.clock.now(),
        settle_id=str(bank.settlement) if approved else "",
    )


def settle(bank):
    """Close the batch: what was captured becomes settled. Return the closed rows."""
    with bank.lock:
        closed = []
        for order in bank.orders.values():
            for row in order.transactions:
                if row.state == CAPTURED:
                    row.state = SETTLED
                    row.settle_id = str(bank.settlement)
                    closed.append(
                        {
                            "client_id": order.client_id,
                            "order": order.order_id,
                            "kind": row.kind,
                            "amount_kurus": row.captured_kurus,
                            "currency": row.currency,
                            "installments": row.installments,
                            "trans_id": row.trans_id,
                        }
                    )
        batch = str(bank.settlement)
        bank.settlement += 1
        return {"settle_id": batch, "settled": len(closed), "rows": closed}
