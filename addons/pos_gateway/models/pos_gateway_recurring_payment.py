from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..pricing import rounding
from ..protocols.answers import Entry, State
from . import locks

CHARGED = (State.CAPTURED, State.AUTHORISED)
UNDONE = (State.REFUNDED, State.PARTIALLY_REFUNDED)
DROPPED = (State.CANCELLED, State.VOIDED)


class PosGatewayRecurringPayment(models.Model):
    """One payment of a schedule: planned, until the bank says what became of it."""

    _name = "pos.gateway.recurring.payment"
    _description = "Payment of a Schedule"
    _order = "recurring_id desc, number"
    _rec_name = "number"

    recurring_id = fields.Many2one(
        "pos.gateway.recurring",
        "Recurring Card Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="recurring_id.company_id", store=True)
    partner_id = fields.Many2one(related="recurring_id.partner_id", store=True)
    provider_id = fields.Many2one(related="recurring_id.provider_id", store=True)
    currency_id = fields.Many2one(related="recurring_id.currency_id")
    number = fields.Integer("No.", required=True, readonly=True)
    planned_on = fields.Date("Planned", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Charged"),
            ("declined", "Declined"),
            ("cancelled", "Cancelled"),
            ("review", "To Review"),
        ],
        "Status",
        default="planned",
        required=True,
        readonly=True,
    )
    transaction_id = fields.Many2one(
        "payment.transaction", "Card Payment", readonly=True, index="btree_not_null"
    )
    reason = fields.Char(readonly=True)
    charged_amount = fields.Monetary("Charged", readonly=True)
    charged_on = fields.Date(readonly=True)
    bank_order = fields.Char(readonly=True)
    authorisation_code = fields.Char(readonly=True)
    host_reference = fields.Char(readonly=True)
    bank_transaction = fields.Char("Bank's Transaction", readonly=True)
    card_masked = fields.Char("Card", readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE (recurring_id, number)", "Each payment of a schedule stands once."
    )

    # === WHAT THE BANK SAYS === #

    def _learn(self, entry: Entry):
        """Take over what the bank's books say of this payment.

        Money that was taken is booked, whatever was believed before.
        """
        self.ensure_one()
        if self.state == "done":
            return
        if entry.state in CHARGED:
            self._was_charged(entry)
        elif entry.state in UNDONE:
            self._note_facts(entry)
            self._hold(self.env._("The bank charged it and gave it back."))
        elif entry.state is State.DECLINED:
            self._was_declined(entry)
        elif entry.state in DROPPED and self.state == "planned":
            self.state = "cancelled"
        elif entry.state is State.PLANNED:
            self._is_planned(entry)

    def _was_charged(self, entry):
        self._note_facts(entry)
        currency = entry.currency or self.currency_id.name
        expected = rounding.to_kurus(self.amount)
        if rounding.to_kurus(self.charged_amount) != expected or (
            currency != self.currency_id.name
        ):
            self._hold(
                self.env._(
                    "The bank charged %(charged)s %(currency)s instead of %(planned)s.",
                    charged=rounding.to_major(entry.amount_kurus or expected),
                    currency=currency,
                    planned=rounding.to_major(expected),
                )
            )
            return
        self._book()

    def _note_facts(self, entry):
        today = self.env["payment.transaction"]._gateway_today()
        moment = entry.at or entry.captured_at
        day = moment.date() if moment else self.planned_on
        kurus = entry.amount_kurus
        if kurus is None:  # not stated: the plan stands
            kurus = rounding.to_kurus(self.amount)
        self.write(
            {
                "charged_amount": float(rounding.to_major(kurus)),
                "charged_on": min(day, today),
                "bank_order": entry.order_id,
                "authorisation_code": entry.authorisation_code,
                "host_reference": entry.host_reference,
                "bank_transaction": entry.bank_transaction_id,
                "card_masked": entry.card_masked,
            }
        )

    def _was_declined(self, entry):
        if self.state == "declined":
            return
        reason = self.env._("Refused by the bank.")
        if entry.bank_code:
            reason = self.env._("Refused by the bank, code %s.", entry.bank_code)
        self.write({"state": "declined", "reason": reason})
        self._alert(
            self.env._(
                "Payment %(number)s of %(day)s was not made. %(reason)s",
                number=self.number,
                day=fields.Date.to_string(self.planned_on),
                reason=reason,
            )
        )

    def _is_planned(self, entry):
        if entry.at and self.state == "planned":
            self.planned_on = entry.at.date()
        if self.state == "cancelled":
            self._alert(
                self.env._(
                    "The bank still plans payment %s, although it was cancelled.",
                    self.number,
                )
            )

    def _hold(self, reason):
        if self.state == "review":
            return
        self.write({"state": "review", "reason": reason})
        self._alert(
            self.env._(
                "Payment %(number)s: %(reason)s", number=self.number, reason=reason
            )
        )

    def _alert(self, note):
        self.recurring_id.transaction_id._gateway_alert(note)

    # === THE BOOKS === #

    def _book(self):
        """Make the card payment of a charge that the bank has told us of, once."""
        first = self.recurring_id.transaction_id
        is_own_order = self.bank_order and self.bank_order != first.gateway_order_id
        transaction = self.recurring_id._make_transaction(
            self.number,
            amount=self.charged_amount,
            operation="offline",
            gateway_order_id=self.bank_order if is_own_order else False,
            gateway_charged_on=self.charged_on,
            gateway_result="approved",
            gateway_authorisation_code=self.authorisation_code,
            gateway_host_reference=self.host_reference,
            gateway_card_masked=self.card_masked or first.gateway_card_masked,
            gateway_language=first.gateway_language,
            provider_reference=self.bank_transaction or self.host_reference,
        )
        # Of the system that charged it, whatever the POS is set to now.
        transaction.is_live = first.is_live
        self.write({"state": "done", "transaction_id": transaction.id, "reason": False})
        transaction._set_done()

    def action_book(self):
        """A person has seen at the bank that this is what was charged: book that."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_manager"):
            raise AccessError(self.env._("Only POS managers may settle this."))
        payment = self.sudo()
        locks.lock_transaction(payment.recurring_id.transaction_id)
        if payment.state != "review":
            raise UserError(self.env._("There is nothing open to settle."))
        payment._book()
        payment.recurring_id.message_post(
            body=self.env._(
                "%(user)s had payment %(number)s booked as the bank charged it.",
                user=self.env.user.name,
                number=payment.number,
            )
        )
        payment.recurring_id._settle()
        self.env["pos.gateway.inbox"].sudo()._wake_worker()
        return True

    def _is_near(self, day):
        """:return: whether a day is nearer to this payment than to another one"""
        recurring = self.recurring_id
        step = recurring._day_of(2, self.planned_on) - self.planned_on
        distance = abs(day - self.planned_on)
        return distance * 2 < max(step, timedelta(days=1))
