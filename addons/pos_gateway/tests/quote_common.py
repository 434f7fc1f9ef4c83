from odoo.fields import Command

from .test_limits import DAY, PriceCommon


class QuoteCommon(PriceCommon):
    """What several POS take of a payment, and which of them it is led to."""

    @classmethod
    def make_agreement(cls, provider, *lines, **values):
        """:param lines: dicts of the rates; without a count one for any number"""
        return cls.env["pos.gateway.agreement"].create(
            {
                "name": f"Contract of {provider.name}",
                "provider_id": provider.id,
                "currency_id": cls.lira.id,
                "date_from": "2026-01-01",
                "line_ids": [
                    Command.create({"installment_count": 0, **line}) for line in lines
                ],
                **values,
            }
        )

    @classmethod
    def make_pos(cls, name, *lines, **values):
        """A second POS that takes the same cards, with an agreement if it has rates."""
        provider = cls.make_provider(name, **values)
        provider.gateway_program_ids = cls.program
        if lines:
            cls.make_agreement(provider, *lines)
        return provider

    def way(self, kurus=100_000, count=1, hint=None, card=None, **changes):
        """:return: a ``Route`` or a ``NotOffered``"""
        hint = hint or self.provider
        return hint._gateway_way(
            **{
                "company": hint.company_id,
                "partner": self.payer,
                "currency": self.lira,
                "base_kurus": kurus,
                "card": card or self.card(),
                "count": count,
                "day": DAY,
                "hint": hint,
                **changes,
            }
        )

    def card(self, prefix="45436001"):
        return self.provider._gateway_card_facts(prefix)

    def chosen(self, *args, **kwargs):
        """:return: the name of the POS, and why it was chosen"""
        way = self.way(*args, **kwargs)
        return way.chosen.name, way.reason

    def others(self, *args, **kwargs):
        """:return: dict of the name of each other POS -> why not"""
        alternatives = self.way(*args, **kwargs).alternatives
        return {other.name: other.why for other in alternatives}
