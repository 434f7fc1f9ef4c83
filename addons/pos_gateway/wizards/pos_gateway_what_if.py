from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..models import pricing_words
from ..models.pos_gateway_offer_line import percent_text
from ..pricing import rounding
from ..pricing.cards import LONGEST, SHORTEST, CardFacts, CardKind
from ..pricing.offer import Bearer
from ..pricing.route import Route

MOST_KURUS = 10**13


class PosGatewayWhatIf(models.TransientModel):
    """What a payer would be offered for an amount and a card, and what it would cost.

    It asks exactly what the payer's page asks, so that what is shown here is what a
    payer sees; beside it stands what payers do not see. Nothing is charged or stored.
    """

    _name = "pos.gateway.what.if"
    _description = "What If?"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary("Debt", required=True, default=1000)
    partner_id = fields.Many2one("res.partner", "Payer", check_company=True)
    day = fields.Date(required=True, default=fields.Date.context_today)
    card_prefix = fields.Char(
        "First Digits of the Card",
        size=LONGEST,
        help="6 to 8 digits. Or choose the program and the kind of the card instead.",
    )
    program_id = fields.Many2one("pos.gateway.card.program", "Card Program")
    kind = fields.Selection(
        lambda self: self.env["pos.gateway.offer.line"]._kinds(),
        "Card Kind",
        default=CardKind.COMMERCIAL.value,
    )
    offer_id = fields.Many2one(
        "pos.gateway.offer",
        "Try This Offer",
        check_company=True,
        domain="[('company_id', '=', company_id), ('currency_id', '=', currency_id)]",
        help="Empty: the offer that the payer would get.",
    )
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends_context("lang", "uid")
    @api.depends(
        "company_id",
        "currency_id",
        "amount",
        "partner_id",
        "day",
        "card_prefix",
        "program_id",
        "kind",
        "offer_id",
    )
    def _compute_result(self):
        for box in self:
            values = box._template_values()
            box.result = self.env["ir.qweb"]._render(
                "pos_gateway.what_if_result", values
            )

    def _template_values(self):
        try:
            ways = self._ways()
        except UserError as error:
            return {"problem": str(error)}
        found = [way for way in ways if isinstance(way, Route)]
        refused = [way for way in ways if not isinstance(way, Route)]
        return {
            "problem": "",
            "card": self._card_text(),
            "offer": self._offer(),
            "rows": [self._row(way) for way in found],
            "refusals": [
                {
                    "label": self._count_text(refusal.installment_count),
                    "why": pricing_words.staff_refusal(self.env, refusal),
                }
                for refusal in refused
            ],
        }

    # === ASKING THE ENGINE === #

    def _ways(self):
        """:return: tuple of ``Route`` and ``NotOffered``

        :raise UserError: with a sentence, if something is missing
        """
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Choose one of your companies."))
        base = self._base()
        if not (self.currency_id and self.day and 0 < base < MOST_KURUS):
            raise UserError(self.env._("Give an amount, its currency and a day."))
        # sudo: operators do not read all that a POS is made of; what is shown of it are
        # its name and what the agreement says.
        return (
            self.env["payment.provider"]
            .sudo()
            ._gateway_ways(
                self.company_id,
                self.partner_id,
                self.currency_id,
                base,
                self._facts(),
                self.day,
                offer=self.offer_id,
            )
        )

    def _base(self):
        return rounding.to_kurus(self.amount)

    def _offer(self):
        return self.offer_id or self.env["pos.gateway.offer"]._for_payment(
            self.company_id, self.partner_id, self.currency_id, self.day, self._base()
        )

    def _facts(self):
        """:return: ``CardFacts`` of the typed digits, or of what was chosen"""
        prefix = (self.card_prefix or "").strip()
        if not prefix:
            return CardFacts(
                program=self.program_id.id or None,
                kind=CardKind(self.kind) if self.kind else None,
            )
        is_prefix = prefix.isascii() and prefix.isdigit()
        if not (is_prefix and SHORTEST <= len(prefix) <= LONGEST):
            raise UserError(self.env._("Give the first 6 to 8 digits of the card."))
        return self.env["pos.gateway.bin"]._card_facts(prefix)

    # === WORDS === #

    def _money(self, kurus):
        return self.currency_id.format(float(rounding.to_major(kurus)))

    def _count_text(self, count, extra=0):
        _ = self.env._
        text = _("Single payment") if count == 1 else _("%s installments", count)
        return f"{text} +{extra}" if extra else text

    def _card_text(self):
        """:return: what is known of the card"""
        _ = self.env._
        facts = self._facts()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        programs = self.env["pos.gateway.card.program"]
        issuers = self.env["pos.gateway.card.issuer"]
        parts = [
            programs.browse(facts.program or ()).sudo().display_name,
            kinds.get(facts.kind and facts.kind.value),
            issuers.browse(facts.issuer or ()).sudo().display_name,
            facts.scheme.capitalize(),
        ]
        return ", ".join(filter(None, parts)) or _("not known")

    def _row(self, way):
        quote = way.quote
        money = self._money
        monthly, first = self._installment_texts(quote)
        row = {
            "label": self._count_text(quote.installment_count, quote.extra),
            "total": money(quote.total),
            "monthly": monthly,
            "first": first,
            "surcharge": money(quote.surcharge) if quote.surcharge else "–",
            "rate": self._rate_text(quote),
            "left_to": self._left_to(quote.bearer),
            "pos": way.chosen.name,
            "why": pricing_words.route_reason(self.env, way.reason),
            "others": [self._other(other) for other in way.alternatives],
            "cost": None,
        }
        if quote.cost is None:
            return row
        slices = quote.slices
        return row | {
            "cost": {
                "commission": money(quote.cost.commission),
                "fee": money(quote.cost.fee),
                "bsmv": money(quote.cost.bsmv),
                "total": money(quote.cost.total),
                "rate": percent_text(self.env, quote.cost_line.rate),
            },
            "net": money(quote.cost.net),
            "company_cost": money(quote.company_cost),
            "is_gain": quote.company_cost < 0,
            "first_due": format_date(self.env, slices[0].due),
            "last_due": format_date(self.env, slices[-1].due),
            "slices": [
                {
                    "due": format_date(self.env, part.due),
                    "gross": money(part.gross),
                    "taken": money(part.commission + part.fee + part.bsmv),
                    "net": money(part.net),
                }
                for part in slices
            ],
        }

    def _left_to(self, bearer):
        """:return: who bears what is left of the cost, if not the company"""
        if bearer is not Bearer.DEALER:
            return ""
        return pricing_words.bearer(self.env, bearer.value)

    def _installment_texts(self, quote):
        """:return: (each installment, the first one if it is another amount)"""
        first, last = quote.installments[0], quote.installments[-1]
        if quote.installment_count == 1:
            return "–", ""
        return self._money(last), self._money(first) if first != last else ""

    def _rate_text(self, quote):
        """:return: of what a percentage of the debt the surcharge is, if it is one"""
        if quote.bearer not in (Bearer.PAYER, Bearer.SHARED) or not quote.surcharge:
            return ""
        if quote.mode.value == "net":
            return self.env._("so that the debt arrives in full")
        return percent_text(self.env, quote.surcharge_rate)

    def _other(self, other):
        cost = other.company_cost
        return {
            "name": other.name,
            "cost": "" if cost is None else self._money(cost),
            "why": pricing_words.why_not(
                self.env, other.why, other.detail, self._money
            ),
        }
