from dataclasses import dataclass, replace
from datetime import date, datetime

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..pricing.business_days import Calendar
from ..pricing.cards import CardFacts, CardKind
from ..pricing.offer import Offer
from ..pricing.route import Candidate, ways

KEPT_SECONDS = 60


@dataclass(frozen=True)
class KeptTables:
    """What holds for one payer and debt, whatever the card.

    :param candidates: without what a card or the moment adds
    :param guards: kind of card -> id of a POS -> tuple of limits
    :param paused: id of a POS -> until when
    """

    offer: Offer
    candidates: tuple[Candidate, ...]
    guards: dict
    paused: dict[int, datetime]
    has_promises: bool


class PaymentProvider(models.Model):
    """The price list of the payer's page, without reading the tables for each card.

    They are kept for a minute, and forgotten at once when a POS, an offer, a limit or
    the payer changes. A payment itself is never priced from what is kept: a price that
    has changed since is refused then, as any that was not shown.
    """

    _inherit = "payment.provider"

    @api.model
    def _gateway_page_ways(
        self, company, partner, currency, base_kurus, card, hint, document=None
    ):
        """:return: what ``_gateway_ways`` returns, for today"""
        if not partner:
            # Without a page anything could be asked for: nothing is kept of it.
            return self._gateway_ways(
                company, partner, currency, base_kurus, card, hint=hint,
                document=document,
            )  # fmt: skip
        now, day = fields.Datetime.now(), self._gateway_today()
        kept = self._gateway_kept(
            company.id,
            partner.id,
            self._gateway_partner_stamp(partner),
            currency.id,
            base_kurus,
            hint.id,
            day,
            self.env.lang,
            self.env.user._is_internal(),
            int(now.timestamp() // KEPT_SECONDS),
        )
        down = {key for key, until in kept.paused.items() if until > now}
        asked = self.browse(one.key for one in kept.candidates if one.key not in down)
        down |= set(asked._gateway_silent(now).ids) if asked else set()
        promises = {}
        if kept.has_promises:
            promises = self.env["pos.gateway.volume.promise"]._open_promises(
                self.browse(one.key for one in kept.candidates), currency, day
            )
        nothing = (0, 0)
        candidates = tuple(
            replace(
                one,
                is_down=one.key in down,
                promise_open=promises.get(self.browse(one.key), nothing)[0],
                promise_extra=promises.get(self.browse(one.key), nothing)[1],
                limits=(*one.limits, *kept.guards[card.kind][one.key]),
            )
            for one in kept.candidates
        )
        own = document._gateway_price_limits() if document else ()
        return ways(base_kurus, day, card, kept.offer, candidates, own, Calendar())

    @ormcache(
        "company_id", "partner_id", "stamp", "currency_id", "base", "hint_id", "day",
        "lang", "is_staff", "minute",
    )  # fmt: skip
    def _gateway_kept(
        self,
        company_id: int,
        partner_id: int,
        stamp: tuple,
        currency_id: int,
        base: int,
        hint_id: int,
        day: date,
        lang: str,
        is_staff: bool,
        minute: int,
    ) -> KeptTables:
        company = self.env["res.company"].browse(company_id)
        partner = self.env["res.partner"].browse(partner_id)
        currency = self.env["res.currency"].browse(currency_id)
        hint = self.browse(hint_id)
        offer, candidates = self._gateway_standing(
            company, partner, currency, day, base, hint
        )
        providers = self.browse(one.key for one in candidates)
        promises = self.env["pos.gateway.volume.promise"]
        return KeptTables(
            offer,
            candidates,
            {
                kind: {
                    provider.id: provider._gateway_guards(
                        company, CardFacts(kind=kind), day
                    )
                    for provider in providers
                }
                for kind in (None, *CardKind)
            },
            {
                provider.id: provider.gateway_paused_until
                for provider in providers
                if provider.gateway_paused_until
            },
            bool(promises._open_promises(providers, currency, day)),
        )

    def _gateway_partner_stamp(self, partner):
        """:return: what is another one after a change of the payer"""
        partner.flush_model(["write_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT one.write_date, company.write_date
                  FROM res_partner one
             LEFT JOIN res_partner company ON company.id = one.commercial_partner_id
                 WHERE one.id = %s
                """,
                partner.id,
            )
        )
        return tuple(rows)
