from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, format_datetime

from ..const import CARDS_PER_ORDER, RECURRING_CONSENT_VERSION
from ..protocols.types import Operation
from . import locks
from .points_words import points_sentence


class PosGatewayRecurring(models.Model):
    """What the payer does: agrees, hands over a card, asks for points, withdraws.

    All of it is planned in a database transaction of its own that the page commits;
    the bank is called after that. Nothing here ever sees the card.
    """

    _inherit = "pos.gateway.recurring"

    @api.model
    def _of_token(self, token):
        """sudo: whoever holds the link is the payer.

        :return: the one that the link leads to, or none
        """
        if not token:
            return self.sudo().browse()
        return self.sudo().search([("access_token", "=", token)])

    # === WHAT IS AGREED === #

    def _interval_sentence(self):
        """:return: e.g. ``every month``, in the user's language"""
        _ = self.env._
        if self.every == 1:
            single = {
                "D": _("every day"),
                "W": _("every week"),
                "M": _("every month"),
                "Y": _("every year"),
            }
            return single[self.unit]
        several = {
            "D": _("every %s days", self.every),
            "W": _("every %s weeks", self.every),
            "M": _("every %s months", self.every),
            "Y": _("every %s years", self.every),
        }
        return several[self.unit]

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _consent_sentence(self):
        """:return: what the payer agrees to, in the user's language, to be kept"""
        return self.env._(
            "I agree that %(company)s charges this card with %(amount)s today and then"
            " %(interval)s, %(count)s times in all, the last time on %(last_day)s,"
            " together %(total)s. The bank keeps the card for this; %(company)s does"
            " not. The later payments are made without my confirmation. I may withdraw"
            " this consent at any time on this page: payments that are still to come"
            " are then cancelled.",
            company=self.company_id.name,
            amount=self._money(self.amount),
            interval=self._interval_sentence(),
            count=self.count,
            last_day=format_date(self.env, self.last_day),
            total=self._money(self.total),
        )

    def _pay_sentence(self):
        return self.env._("Agree and pay %s", self._money(self.amount))

    def _withdrawn_sentence(self):
        day = format_datetime(self.env, self.withdrawn_at, dt_format=False)
        return self.env._("You withdrew your consent: %s.", day)

    def _points_sentence(self, count, worth):
        """
        :param str count: how many points, or nothing
        :param float worth: in lira, or nothing
        """
        return points_sentence(self.env, count, worth, self.currency_id)

    # === THE CARD === #

    def _plan_charge(self, language, address):
        """The payer has agreed and typed a card: plan the first charge, once.

        :param str address: the payer's
        :return: id of the call that is to be made, or None if none is to be made
        """
        locks.lock_document(self)
        if self.state != "waiting" or not self._takes_cards():
            return None  # a second click, or somebody was faster
        payer = self.with_context(lang=language)
        self._asked_for_points()._set_canceled(
            state_message=self.env._("Only the card's points were asked for.")
        )
        # Made now, whatever was asked before: the bank's silence counts from here.
        transaction = self._make_attempt(language)
        self.write(
            {
                "state": "unclear",
                "transaction_id": transaction.id,
                "consent_text": payer._consent_sentence(),
                "consent_version": RECURRING_CONSENT_VERSION,
                "consent_at": fields.Datetime.now(),
                "consent_ip": address,
            }
        )
        # Whatever becomes of this request, the bank is asked for the outcome.
        transaction.gateway_next_inquiry_at = fields.Datetime.now() + relativedelta(
            minutes=self.provider_id.gateway_inquiry_delay
        )
        return self.env["pos.gateway.call"]._plan(transaction, Operation.RECURRING).id

    def _plan_points(self, language):
        """:return: id of the call that asks for a card's points, or None: cards are not
        tried out here
        """
        locks.lock_document(self)
        if self.state != "waiting" or not self._offers_points():
            return None
        transaction = self._asked_for_points() or self._make_attempt(language)
        questions = self.transaction_ids.gateway_call_ids.filtered(
            lambda call: (
                call.operation == Operation.POINTS.value
                and call.create_date >= self.asked_at
            )
        )
        if len(questions) >= CARDS_PER_ORDER:
            return None
        return self.env["pos.gateway.call"]._plan(transaction, Operation.POINTS).id

    def _offers_points(self):
        return self._takes_cards() and self.provider_id._gateway_takes_card_for(
            Operation.POINTS
        )

    def _asked_for_points(self):
        """:return: what the questions for points hang on: nothing is charged for it"""
        return self.transaction_ids.filtered(
            lambda transaction: (
                transaction.state == "draft"
                and Operation.RECURRING.value
                not in transaction.gateway_call_ids.mapped("operation")
            )
        )

    def _attempts(self):
        """:return: the first charges that were tried since the card was asked for"""
        return self.transaction_ids.filtered(
            lambda transaction: (
                transaction.gateway_recurring_number == 1
                and transaction.create_date >= self.asked_at
                and Operation.RECURRING.value
                in transaction.gateway_call_ids.mapped("operation")
            )
        )

    def _make_attempt(self, language):
        return self._make_transaction(
            1,
            operation="online_direct",
            gateway_language=language,
        )

    def _make_transaction(self, number, **values):
        transactions = self.env["payment.transaction"]
        provider = self.provider_id
        methods = provider.with_context(active_test=False).payment_method_ids
        card = methods.filtered(lambda method: method.code == "card")
        return transactions.create(
            {
                "provider_id": provider.id,
                "payment_method_id": (card or methods)[:1].id
                or self.env.ref("payment.payment_method_card").id,
                "reference": transactions._compute_reference(
                    provider.code, prefix=f"{self.name}-{number}"
                ),
                "amount": self.amount,
                "currency_id": self.currency_id.id,
                "partner_id": self.partner_id.id,
                "gateway_recurring_id": self.id,
                "gateway_recurring_number": number,
                **values,
            }
        )

    # === WITHDRAWING === #

    def _withdraw(self, address):
        """The payer takes the consent back."""
        locks.lock_document(self)
        if self.withdrawn_at or self.state in ("draft", "ended", "cancelled"):
            return
        self.write({"withdrawn_at": fields.Datetime.now(), "withdrawn_ip": address})
        self.message_post(body=self.env._("The payer withdrew the consent."))
        if self.state != "cancelling":
            self._want_cancel()
