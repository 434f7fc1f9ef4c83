from contextlib import contextmanager
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..pricing import rates, rounding
from ..pricing.cards import CardKind
from ..pricing.offer import Bearer, Mode, OfferLine
from .pos_gateway_offer import RATE_DIGITS


def percent_text(env, rate):
    """Write a rate as people of the user's language do."""
    point = env["res.lang"]._get_data(code=env.lang).decimal_point or "."
    return env._("%(rate)s%%", rate=rates.rate_text(rate).replace(".", point))


class PosGatewayOfferLine(models.Model):
    """One number of installments, for the cards that it is for."""

    _name = "pos.gateway.offer.line"
    _description = "Installment Offer Line"
    _order = "installment_count, program_id, kind, id"
    _rec_name = "installment_count"

    offer_id = fields.Many2one(
        "pos.gateway.offer", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="offer_id.currency_id")
    installment_count = fields.Integer("Installments", required=True, default=1)
    program_id = fields.Many2one(
        "pos.gateway.card.program",
        "Card Program",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: for cards of every program that has no line of its own.",
    )
    kind = fields.Selection(
        [
            (CardKind.CREDIT.value, "Consumer credit"),
            (CardKind.COMMERCIAL.value, "Commercial credit"),
            (CardKind.DEBIT.value, "Debit"),
            (CardKind.PREPAID.value, "Prepaid"),
        ],
        "Card Kind",
        help="Empty: for cards of every kind that has no line of its own.",
    )
    surcharge_percent = fields.Float(
        "Surcharge %",
        digits=RATE_DIGITS,
        help="Added to the debt, in percent of it. The payer sees it before paying.",
    )
    extra_installments = fields.Integer(
        "Campaign +N",
        help="Installments that the bank adds by campaign. Payers see them; the bank is"
        " sent the number of installments without them.",
    )
    minimum_amount = fields.Monetary(
        "Minimum Total", help="Offered from this total on. Zero: as the offer says."
    )
    bearer = fields.Selection(
        [
            (Bearer.PAYER.value, "Payer"),
            (Bearer.COMPANY.value, "Company"),
            (Bearer.SHARED.value, "Shared"),
            (Bearer.DEALER.value, "Dealer"),
        ],
        "Commission Borne by",
        help="Empty: as the offer says.",
    )

    _count_range = models.Constraint(
        "CHECK (installment_count BETWEEN 1 AND 36)",
        "Installments go from 1 (a single payment) to 36.",
    )
    _surcharge_range = models.Constraint(
        "CHECK (surcharge_percent >= 0 AND surcharge_percent < 100)",
        "A surcharge is between 0 and 100 percent.",
    )
    _extra_range = models.Constraint(
        "CHECK (extra_installments BETWEEN 0 AND 36)",
        "A campaign adds between 0 and 36 installments.",
    )
    _minimum_positive = models.Constraint(
        "CHECK (minimum_amount >= 0)", "A minimum cannot be below zero."
    )
    _conditions_unique = models.UniqueIndex(
        "(offer_id, installment_count, COALESCE(program_id, 0), COALESCE(kind, ''))",
        "An offer has one line for each card program, card kind and number of"
        " installments.",
    )

    @api.constrains("installment_count", "offer_id")
    def _check_foreign_installments(self):
        self.offer_id._check_foreign_installments()

    # === FOR THE PRICE ENGINE === #

    def _rate(self):
        # Four decimals are stored; the float's noise beyond them is not a rate.
        return rates.rate(Decimal(str(round(self.surcharge_percent, RATE_DIGITS[1]))))

    def _compiled(self):
        """:return: ``pricing.offer.OfferLine``"""
        bearer = Bearer(self.bearer or self.offer_id.bearer)
        return OfferLine(
            self.id,
            self.installment_count,
            surcharge=self._rate(),
            program=self.program_id.id or None,
            kind=CardKind(self.kind) if self.kind else None,
            bearer=bearer,
            mode=Mode(self.offer_id.mode) if bearer is Bearer.PAYER else Mode.ADD,
            extra=self.extra_installments,
            minimum_total=rounding.to_kurus(self.minimum_amount),
        )

    # === WHAT CHANGED === #

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals["offer_id"] for vals in vals_list if vals.get("offer_id")}
        with self._telling_changes(self.offer_id.browse(ids)):
            return super().create(vals_list)

    def write(self, vals):
        moved_to = self.offer_id.browse(vals.get("offer_id") or ())
        with self._telling_changes(self.offer_id | moved_to):
            return super().write(vals)

    def unlink(self):
        with self._telling_changes(self.offer_id):
            return super().unlink()

    @contextmanager
    def _telling_changes(self, offers):
        """Write one note on each offer that says how its table was changed inside.

        :return: the offers with a context in which nothing inside is told again
        """
        if self.env.context.get("gateway_lines_told"):
            yield offers
            return
        before = {offer: offer.line_ids._described() for offer in offers}
        yield offers.with_context(gateway_lines_told=True)
        for offer, old in before.items():
            changes = offer.exists() and self._changes(old, offer.line_ids._described())
            if changes:
                offer._tell_table_changes(changes)

    def _described(self):
        """:return: dict of what the lines are for and what they say, both in words"""
        return {line._conditions_text(): line._terms_text() for line in self}

    @api.model
    def _changes(self, old, new):
        _ = self.env._
        texts = []
        for conditions in dict.fromkeys((*old, *new)):
            before, after = old.get(conditions), new.get(conditions)
            if before == after:
                continue
            if before is None:
                text = _("%(cards)s: added, %(terms)s", cards=conditions, terms=after)
            elif after is None:
                text = _("%(cards)s: removed, it was %(terms)s", cards=conditions,
                         terms=before)  # fmt: skip
            else:
                text = _("%(cards)s: %(before)s → %(after)s", cards=conditions,
                         before=before, after=after)  # fmt: skip
            texts.append(text)
        return texts

    def _conditions_text(self):
        _ = self.env._
        count = self.installment_count
        parts = [
            self.program_id.display_name or _("Every program"),
            self._label("kind"),
            _("single payment") if count == 1 else _("%s installments", count),
        ]
        return ", ".join(filter(None, parts))

    def _terms_text(self):
        _ = self.env._
        parts = [percent_text(self.env, self._rate())]
        if self.extra_installments:
            parts.append(f"+{self.extra_installments}")
        if self.minimum_amount:
            amount = formatLang(
                self.env, self.minimum_amount, currency_obj=self.currency_id
            )
            parts.append(_("from %s", amount))
        if self.bearer:
            parts.append(_("borne by: %s", self._label("bearer")))
        return ", ".join(parts)

    @api.model
    def _kinds(self):
        """:return: list of (value, name in the user's language)"""
        return self._fields["kind"]._description_selection(self.env)

    def _label(self, name):
        """:return: the chosen value of a selection in the user's language"""
        values = dict(self._fields[name]._description_selection(self.env))
        return values.get(self[name], "")
