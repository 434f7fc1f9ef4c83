import time
from dataclasses import dataclass, replace
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL, ormcache
from odoo.tools.lru import LRU

from ..const import PROVIDER_CODE
from ..pricing.cards import CardFacts, CardKind
from ..pricing.offer import Offer
from ..pricing.route import Candidate, ways

KEPT_SECONDS = 60
# Of its own, not the ORM's: whoever asks for many amounts pushes out nothing else.
KEPT = LRU(4096)


@dataclass(frozen=True)
class KeptTables:
    """What holds for one payer and debt, whatever the card.

    :param candidates: without what a card or the moment adds
    :param guards: kind of card -> id of a POS -> tuple of limits
    :param paused: id of a POS -> until when
    :param promises: tuples of the id of a POS, what is open of a promise to its bank,
        and the extra that it may cost: a goal, of which a minute is no matter
    """

    offer: Offer
    candidates: tuple[Candidate, ...]
    guards: dict
    paused: dict[int, datetime]
    promises: tuple[tuple[int, int, int], ...]


class PaymentProvider(models.Model):
    """The price list of the payer's page, without reading the tables for each card.

    What was worked out is kept for a minute, and forgotten when a POS, an offer, a
    limit, a card prefix or the payer changes. Whoever asks between the change and its
    commit may leave the former prices behind, for a minute at most. Nobody pays them: a
    payment is priced from the tables themselves, and refused if it was shown another
    total.
    """

    _inherit = "payment.provider"

    def _gateway_keep(self, make, *key):
        """:return: what ``make`` returned for this key, a minute ago at most"""
        minute = int(time.time() // KEPT_SECONDS)
        place = (self.env.cr.dbname, self._gateway_prices_version(), minute, *key)
        try:
            return KEPT[place]
        except KeyError:
            value = KEPT[place] = make()
            return value

    @ormcache()
    def _gateway_prices_version(self):
        """:return: another one after each change of what prices depend on, in every
        process: the ORM's caches are cleared then
        """
        return object()

    @api.model
    def _gateway_page_provider(self, provider_id, currency_id):
        """:return: the POS and the currency that a page names, if they are there; the
        state of the POS, and whether payers see it
        """

        def find():
            provider = self.sudo().search(
                [("id", "=", provider_id), ("code", "=", PROVIDER_CODE)]
            )
            currencies = self.env["res.currency"].sudo()
            return (
                bool(provider and currencies.browse(currency_id).exists()),
                provider.state,
                provider.is_published,
                provider.company_id.id,
            )

        return self._gateway_keep(find, "provider", provider_id, currency_id)

    @api.model
    def _gateway_page_card(self, first_digits):
        """:return: what is known of a card by its first digits, a ``CardFacts``"""
        return self._gateway_keep(
            lambda: self._gateway_card_facts(first_digits), "card", first_digits
        )

    @api.model
    def _gateway_page_list(
        self, describe, company, partner, currency, base_kurus, card, hint, document
    ):
        """:param describe: makes the page's answer of what ``_gateway_ways`` returns
        :return: that answer, for today
        """
        if not partner:
            # Without a page anything could be asked for: nothing is kept of it.
            return describe(
                self._gateway_ways(
                    company, partner, currency, base_kurus, card, hint=hint,
                    document=document,
                )
            )  # fmt: skip
        now, day = fields.Datetime.now(), self._gateway_today()
        stamp, silent = self._gateway_stamp_and_silent(partner, now)
        key = (
            company.id,
            partner.id,
            stamp,
            currency.id,
            base_kurus,
            hint.id,
            day,
            self.env.lang,
            self.env.user._is_internal(),
            self.env.context.get("gateway_wallet"),
        )
        kept = self._gateway_keep(
            lambda: self._gateway_tables_to_keep(
                company, partner, currency, base_kurus, hint, day
            ),
            "tables",
            *key,
        )
        down = self._gateway_page_down(kept, now, silent)
        own = tuple(document._gateway_price_limits()) if document else ()

        def price():
            candidates = self._gateway_page_candidates(kept, card, down)
            calendar = self.env["pos.gateway.closed.day"]._calendar(company)
            return describe(
                ways(base_kurus, day, card, kept.offer, candidates, own, calendar)
            )

        return self._gateway_keep(price, "list", *key, card, down, kept.promises, own)

    @staticmethod
    def _gateway_page_down(kept, now, silent):
        """:return: which POS are out of service: it may be others at any time, and is
        never kept
        """
        paused = {key for key, until in kept.paused.items() if until > now}
        return frozenset((paused | silent) & {one.key for one in kept.candidates})

    @staticmethod
    def _gateway_page_candidates(kept, card, down):
        promised = {key: (amount, extra) for key, amount, extra in kept.promises}
        return tuple(
            replace(
                one,
                is_down=one.key in down,
                promise_open=promised.get(one.key, (0, 0))[0],
                promise_extra=promised.get(one.key, (0, 0))[1],
                limits=(*one.limits, *kept.guards[card.kind][one.key]),
            )
            for one in kept.candidates
        )

    @api.model
    def _gateway_tables_to_keep(self, company, partner, currency, base, hint, day):
        offer, candidates = self._gateway_standing(
            company, partner, currency, day, base, hint
        )
        providers = self.browse(one.key for one in candidates)
        promises = self.env["pos.gateway.volume.promise"]._open_promises(
            providers, currency, day
        )
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
            tuple((one.id, *promise) for one, promise in promises.items()),
        )

    def _gateway_stamp_and_silent(self, partner, now):
        """:return: what is another one after a change of the payer, and the ids of POS
        whose bank is silent; in one query, as each price list asks for both
        """
        self.env["res.partner"].flush_model(["write_date"])
        ((stamp, company_stamp, silent),) = self.env.execute_query(
            SQL(
                """
                SELECT one.write_date, company.write_date,
                       ARRAY(%(silent)s)
                  FROM res_partner one
             LEFT JOIN res_partner company ON company.id = one.commercial_partner_id
                 WHERE one.id = %(partner)s
                """,
                silent=self._gateway_silent_query(now),
                partner=partner.id,
            )
        ) or [(None, None, [])]
        return (stamp, company_stamp), set(silent)
