from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, models

from odoo.addons.payment import utils as payment_utils

from ..const import BANK_TIME_ZONE, PROVIDER_CODE
from ..pricing import rounding
from ..pricing.cards import CardFacts, CardKind
from ..pricing.offer import Offer
from ..pricing.route import Candidate, route, ways

DEFAULT_OFFER = Offer(None, ())


class PaymentProvider(models.Model):
    """What a payment costs at each POS, and which POS takes it.

    Here the tables of Odoo are handed to the pure engine in ``pricing/``, and nothing
    is computed: the payer's page, the payment itself and the clerk's what-if box ask
    the same two methods, so they cannot differ.
    """

    _inherit = "payment.provider"

    @api.model
    def _gateway_ways(
        self,
        company,
        partner,
        currency,
        base_kurus,
        card,
        day=None,
        hint=None,
        offer=None,
        document=None,
    ):
        """Every way to pay a debt with one card.

        :param res.company company: that is paid
        :param res.partner partner: the payer; may be empty
        :param int base_kurus: the debt, in hundredths of the currency
        :param CardFacts card: what is known of the card
        :param date day: of the payment; None is today, as the banks count days
        :param payment.provider hint: the provider that the payer's page was made for
        :param pos.gateway.offer offer: to try instead of the one that would hold
        :param document: what is paid, where it sets limits of its own (a record with
            ``_gateway_price_limits``)
        :return: tuple of ``pricing.route.Route`` and ``pricing.quote.NotOffered``,
            fewest installments first
        """
        return ways(
            *self._gateway_tables(
                company,
                partner,
                currency,
                base_kurus,
                card,
                day,
                hint,
                offer,
                document,
            )
        )

    @api.model
    def _gateway_way(
        self,
        company,
        partner,
        currency,
        base_kurus,
        card,
        count,
        day=None,
        hint=None,
        document=None,
    ):
        """The same for one number of installments.

        :return: a ``pricing.route.Route`` or a ``pricing.quote.NotOffered``
        """
        base, day, card, *tables = self._gateway_tables(
            company,
            partner,
            currency,
            base_kurus,
            card,
            day,
            hint,
            document=document,
        )
        return route(base, day, card, count, *tables)

    @api.model
    def _gateway_tables(
        self,
        company,
        partner,
        currency,
        base,
        card,
        day,
        hint,
        offer=None,
        document=None,
    ):
        """:return: the arguments of ``pricing.route.ways``"""
        day = day or self._gateway_today()
        offer, standing = self._gateway_standing(
            company, partner, currency, day, base, hint, offer
        )
        providers = self.browse(one.key for one in standing)
        down = providers._gateway_down()
        promises = self.env["pos.gateway.volume.promise"]._open_promises(
            providers, currency, day
        )
        candidates = []
        for provider, one in zip(providers, standing, strict=True):
            guards = provider._gateway_guards(company, card, day)
            promise_open, promise_extra = promises.get(provider, (0, 0))
            candidates.append(
                replace(
                    one,
                    is_down=provider in down,
                    promise_open=promise_open,
                    promise_extra=promise_extra,
                    limits=(*one.limits, *guards),
                )
            )
        own = document._gateway_price_limits() if document else ()
        calendar = self.env["pos.gateway.closed.day"]._calendar(company)
        return base, day, card, offer, tuple(candidates), own, calendar

    @api.model
    def _gateway_standing(
        self, company, partner, currency, day, base, hint=None, offer=None
    ):
        """What holds for a payer and debt, whatever the card and the moment.

        :return: the ``pricing.offer.Offer``, and a ``Candidate`` of each POS
        """
        offer_record = offer or self.env["pos.gateway.offer"]._for_payment(
            company, partner, currency, day, base
        )
        providers = self._gateway_candidates(company, partner, currency, base, hint)
        allowed = offer_record.provider_ids
        if allowed and not allowed & providers:
            # Its POS are all switched off: the debt can still be paid, in one payment.
            offer_record = offer_record.browse()
        elif allowed:
            providers &= allowed
        limits = self.env["pos.gateway.limit"]._limits_by_provider(
            company, providers, offer_record, partner, currency, day
        )
        payer = partner.with_company(company)
        fixed = (
            payer.gateway_provider_id or payer.commercial_partner_id.gateway_provider_id
        )
        agreements = self.env["pos.gateway.agreement"]
        candidates = tuple(
            Candidate(
                key=provider.id,
                name=provider.name,
                agreement=agreements._compiled(provider, currency),
                priority=provider.sequence,
                programs=frozenset(provider.gateway_program_ids.ids) or None,
                is_fixed=provider == fixed,
                limits=limits.get(provider, ()),
            )
            for provider in providers
        )
        return offer_record._compiled() if offer_record else DEFAULT_OFFER, candidates

    @api.model
    def _gateway_candidates(self, company, partner, currency, base, hint):
        """:return: the POS of the company that take such a payment at all

        A live page never leads to a POS in test mode. Staff may try one beside the live
        ones; a payer who names it would pay his debt with a test card. A POS
        that was switched off while its page was open gives way to the live ones.
        """
        providers = self._get_compatible_providers(
            company.id,
            partner.id,
            float(rounding.to_major(base)),
            currency_id=currency.id,
        ).filtered(lambda provider: provider.code == PROVIDER_CODE)
        wallet = self.env.context.get("gateway_wallet")
        if wallet:
            providers = providers.filtered(
                lambda provider: provider._gateway_offers_wallet(wallet)
            )
        is_trial = hint and hint.state == "test"
        if "enabled" in providers.mapped("state") and not self.env.user._is_internal():
            is_trial = False
        state = "test" if is_trial else "enabled"
        alike = providers.filtered(lambda provider: provider.state == state)
        return alike if alike or hint else providers

    @staticmethod
    def _gateway_today():
        """:return: the day of now, as the banks count days"""
        return datetime.now(ZoneInfo(BANK_TIME_ZONE)).date()

    def _gateway_card_facts(self, card_prefix):
        """:return: what is known of a card by its first digits, a ``CardFacts``"""
        return self.env["pos.gateway.bin"]._card_facts(card_prefix)

    @api.model
    def _gateway_program_cards(self, providers):
        """:return: of each program that these POS serve a card as its payers hold it"""
        programs = providers.gateway_program_ids
        return {
            program: CardFacts(program=program.id, kind=CardKind.CREDIT)
            for program in programs
        }

    def _gateway_quote_values(self, way, card):
        """:return: what is stored with a payment of how it was priced and routed

        :param Route way: chosen, at this POS
        """
        self.ensure_one()
        quote = way.quote
        stored = quote.as_dict() | {
            "route": {
                "reason": way.reason,
                "chosen": way.chosen.name,
                "alternatives": [
                    {
                        "name": other.name,
                        "company_cost": other.company_cost,
                        "why": other.why,
                        "detail": dict(other.detail),
                    }
                    for other in way.alternatives
                ],
            },
        }
        cost = quote.cost.total if quote.cost else 0
        return {
            "gateway_quote": stored,
            "gateway_bearer": quote.bearer.value,
            "gateway_cost_amount": float(rounding.to_major(cost)),
            "gateway_card_program_id": card.program or False,
            "gateway_card_kind": card.kind.value if card.kind else False,
            "gateway_card_issuer_id": card.issuer or False,
        }

    def _gateway_page_key(self, partner_id, document=""):
        """:return: what lets the payer's page ask for this partner's prices

        :param str document: what is paid ("model,id"), where it has limits of its own
        """
        if not partner_id:
            return ""
        return payment_utils.generate_access_token(
            "pos_gateway.offers", partner_id, document or "", env=self.env
        )
