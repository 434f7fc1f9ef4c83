from odoo import api, models
from odoo.tools import ormcache

from ..pricing import rounding
from ..pricing.agreement import Agreement, CostLine
from ..pricing.cards import CardKind
from ..pricing.inclusive import before_tax
from ..pricing.value_dates import ValueDate
from .pos_gateway_agreement_line import ON_US


class PosGatewayAgreement(models.Model):
    """Agreements in the form in which prices are computed, kept until one changes."""

    _inherit = "pos.gateway.agreement"

    @api.model
    def _compiled(self, provider, currency):
        """What the bank of a POS takes, at all times.

        :return: a ``pricing.agreement.Agreement`` with the lines of all versions, whose
            keys are ids of ``pos.gateway.agreement.line``; None if there is none
        """
        acquirer = provider.sudo()._gateway_acquirer()
        return self.sudo()._compiled_of(provider.id, currency.id, acquirer.id or None)

    @ormcache("provider_id", "currency_id", "acquirer_id")
    def _compiled_of(self, provider_id, currency_id, acquirer_id):
        agreements = self.with_context(active_test=True).search(
            [("provider_id", "=", provider_id), ("currency_id", "=", currency_id)]
        )
        if not agreements:
            return None
        return Agreement(
            provider_id,
            currency_id,
            acquirer_id,
            agreements.line_ids._cost_lines(),
        )


class PosGatewayAgreementLine(models.Model):
    _inherit = "pos.gateway.agreement.line"

    def _rate(self):
        """:return: rate before BSMV as in ``pricing.rates``; whether that is exact"""
        rate = rounding.to_rate(self.rate)
        if not self.agreement_id.rates_include_bsmv:
            return rate, True
        return before_tax(rate, rounding.to_rate(self.bsmv))

    def _value_date(self):
        """:return: a ``pricing.value_dates.ValueDate``: its own, or the agreement's"""
        terms = self if self.value_date_rule else self.agreement_id
        return ValueDate(
            terms.value_date_rule or "single",
            terms.days,
            terms.first_days,
            terms.interval_days,
        )

    def _cost_lines(self):
        """:return: list of ``pricing.agreement.CostLine``, one of each line"""
        return [line._cost_line() for line in self]

    def _cost_line(self):
        agreement = self.agreement_id
        rate, _is_exact = self._rate()
        # Both ends are inside the agreement's period; this does not rely on it.
        first = max(filter(None, (self.valid_from, agreement.date_from)))
        last = min(filter(None, (self.valid_to, agreement.date_to)), default=None)
        return CostLine(
            self.id,
            rate,
            fee=rounding.to_kurus(self.fee),
            bsmv=rounding.to_rate(self.bsmv),
            value_date=self._value_date(),
            program=self.program_id.id or None,
            kind=CardKind(self.kind) if self.kind else None,
            on_us=self.on_us == ON_US if self.on_us else None,
            count=self.installment_count or None,
            valid_from=first,
            valid_to=last,
        )
