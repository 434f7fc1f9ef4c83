from decimal import Decimal

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..pricing.value_dates import PER_INSTALLMENT
from .pos_gateway_agreement_line import ON_US


class PosGatewayAgreement(models.Model):
    _inherit = "pos.gateway.agreement"

    def _period_words(self):
        """:return: e.g. "01.01.2026 – 31.12.2026"; an empty date is left out"""
        return self._dates_words(self.date_from, self.date_to)

    def _dates_words(self, first, last):
        return " – ".join(
            format_date(self.env, day) if day else "" for day in (first, last)
        ).strip()


class PosGatewayAgreementLine(models.Model):
    """A rate in words: for messages, the chatter and the table."""

    _inherit = "pos.gateway.agreement.line"

    def _conditions_words(self):
        """:return: e.g. "Bonus, Consumer credit, 3 installments" """
        parts = [
            self.program_id.name or self.env._("Every program"),
            self._group_words(self.kind, self.on_us),
            self._count_words(self.installment_count),
        ]
        if self.valid_from or self.valid_to:
            parts.append(self.agreement_id._dates_words(self.valid_from, self.valid_to))
        return ", ".join(parts)

    def _group_words(self, kind, on_us):
        """:return: the cards that a table of rates is for, e.g. "Debit, on us" """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        parts = [kinds[kind] if kind else self.env._("every card")]
        if on_us:
            is_own = on_us == ON_US
            parts.append(
                self.env._("the bank's own") if is_own else self.env._("of other banks")
            )
        return ", ".join(parts)

    def _count_words(self, count):
        if not count:
            return self.env._("any number of installments")
        if count == 1:
            return self.env._("single payment")
        return self.env._("%s installments", count)

    def _terms_words(self):
        """:return: what the bank takes and when it pays, as far as the line says it"""
        parts = [self._percent_words(self.rate)]
        if self.has_own_terms:
            parts.append(
                self.env._(
                    "fee %(fee)s, BSMV %(bsmv)s",
                    fee=formatLang(self.env, self.fee, currency_obj=self.currency_id),
                    bsmv=self._percent_words(self.bsmv),
                )
            )
        if self.value_date_rule:
            parts.append(self._value_date_words())
        return ", ".join(parts)

    def _value_date_words(self):
        terms = self if self.value_date_rule else self.agreement_id
        if terms.value_date_rule == PER_INSTALLMENT:
            return self.env._(
                "the first after %(first)s days, then every %(interval)s days",
                first=terms.first_days,
                interval=terms.interval_days,
            )
        if terms.days == 1:
            return self.env._("the next day")
        return self.env._("after %s days", terms.days)

    def _percent_words(self, percent):
        """:return: e.g. "2.45 %"; in Turkish the sign comes first"""
        number = self._number_words(percent)
        is_turkish = (self.env.lang or "").startswith("tr")
        return f"%{number}" if is_turkish else f"{number} %"

    def _number_words(self, percent):
        """:return: up to four decimals, with the language's decimal sign"""
        text = f"{Decimal(str(round(percent, 4))).normalize():f}"
        language = self.env["res.lang"]._get_data(
            code=self.env.lang or self.env.user.lang or "en_US"
        )
        return text.replace(".", language.decimal_point or ".")
