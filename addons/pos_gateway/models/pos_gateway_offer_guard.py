from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..pricing.cards import IN_INSTALLMENTS, CardKind
from ..pricing.offer import SURCHARGED, Bearer, Mode

CONSUMER_KINDS = frozenset(CardKind) - {CardKind.COMMERCIAL}


class PosGatewayOffer(models.Model):
    """Tells the clerk what law or contract has against the lines of an offer."""

    _inherit = "pos.gateway.offer"

    guard_warning = fields.Html(
        compute="_compute_guard_warning", compute_sudo=True, sanitize=False
    )

    @api.depends(
        "active",
        "bearer",
        "company_id.gateway_cap_guard",
        "company_id.gateway_sector_id",
        "company_id.gateway_surcharge_guard",
        "date_from",
        "date_to",
        "line_ids.bearer",
        "line_ids.extra_installments",
        "line_ids.installment_count",
        "line_ids.kind",
        "line_ids.program_id",
        "line_ids.surcharge_percent",
        "mode",
        "provider_ids.gateway_sector_id",
    )
    def _compute_guard_warning(self):
        for offer in self:
            told = offer._guard_told(offer.line_ids._guard_objections())
            items = Markup().join(Markup("<li>{}</li>").format(text) for text in told)
            box = Markup("<ul class='mb-0'>{}</ul>")
            offer.guard_warning = box.format(items) if told else False

    # Also when the offer comes back into force.
    @api.constrains(
        "active", "bearer", "company_id", "date_from", "date_to", "mode", "provider_ids"
    )
    def _check_guards(self):
        self.line_ids._check_guards()

    @api.model
    def _guard_told(self, objections):
        """:return: list of sentences, one for each reason"""
        lines_by_reason = {}
        for reason, line, _is_refused in objections:
            lines = lines_by_reason.get(reason, line.browse())
            lines_by_reason[reason] = lines + line
        return [f"{reason}: {lines._named()}." for reason, lines in
                lines_by_reason.items()]  # fmt: skip

    def _guard_day(self):
        """:return: the first day that counts, or None if the offer is over"""
        self.ensure_one()
        today = self.env["payment.provider"]._gateway_today()
        if not self.active or (self.date_to and self.date_to < today):
            return None
        return max(today, self.date_from or today)

    def _guard_caps(self, day):
        """:return: dict of ``CardKind`` -> the caps, or none, at each POS of it"""
        self.ensure_one()
        caps = self.env["pos.gateway.installment.cap"]
        sectors = self._guard_sectors()
        return {
            kind: [caps._cap(sector, kind.value, day) for sector in sectors]
            for kind in sorted(IN_INSTALLMENTS)
        }

    def _guard_sectors(self):
        """:return: set of sectors (one may be empty) of the POS that it is used on"""
        self.ensure_one()
        company = self.company_id
        providers = self.provider_ids or self.env["payment.provider"].search(
            [
                *self.env["payment.provider"]._check_company_domain(company),
                ("code", "=", "pos_gateway"),
                ("state", "!=", "disabled"),
            ]
        )
        if not providers:
            return {company.gateway_sector_id}
        return {
            provider.gateway_sector_id or company.gateway_sector_id
            for provider in providers
        }


class PosGatewayOfferLine(models.Model):
    _inherit = "pos.gateway.offer.line"

    @api.constrains(
        "bearer",
        "extra_installments",
        "installment_count",
        "kind",
        "offer_id",
        "program_id",
        "surcharge_percent",
    )
    def _check_guards(self):
        objections = self.sudo()._guard_objections()
        refused = [objection for objection in objections if objection[-1]]
        if refused:
            raise ValidationError("\n".join(self.offer_id._guard_told(refused)))

    def _guard_objections(self):
        """What speaks against these lines.

        :return: list of (reason, line, whether the line is refused: the company denies
            it, and no card could ever be offered it)
        """
        objections = []
        for offer in self.offer_id:
            day = offer._guard_day()
            if not day:
                continue
            caps = offer._guard_caps(day)
            for line in self & offer.line_ids:
                objections += line._cap_objections(caps)
                objections += line._surcharge_objections()
        return objections

    def _cap_objections(self, caps):
        """:param caps: as of ``pos.gateway.offer._guard_caps``"""
        self.ensure_one()
        kinds = IN_INSTALLMENTS & self._own_kinds()
        # The law counts what the bank adds by campaign.
        count = self.installment_count + self.extra_installments
        broken = {
            kind: [cap for cap in caps[kind] if 0 < cap.max_installments < count]
            for kind in kinds
        }
        told = [
            cap._in_words()
            for kind in sorted(kinds & self._served_kinds())
            for cap in broken[kind]
        ]
        if not told:
            return []
        is_denied = self.offer_id.company_id.gateway_cap_guard == "deny"
        # Somewhere, for some cards, it may be allowed: then payers get it there.
        is_over_everywhere = all(len(broken[k]) == len(caps[k]) for k in kinds)
        reason = self._with_effect(
            self.env._("More installments than the law allows"), is_denied
        )
        return [
            (f"{reason} – {cap}", self, is_denied and is_over_everywhere)
            for cap in dict.fromkeys(told)
        ]

    def _surcharge_objections(self):
        self.ensure_one()
        if not self._has_surcharge() or not self._served_kinds() & CONSUMER_KINDS:
            return []
        company = self.offer_id.company_id
        is_denied = company.gateway_surcharge_guard == "deny"
        reason = self._with_effect(
            self.env._("Surcharge on consumer cards (law 5464)"), is_denied
        )
        return [(reason, self, is_denied and bool(self.kind))]

    def _with_effect(self, reason, is_denied):
        if not is_denied:
            return reason
        effect = self.env._("not offered, as set for %s", self.offer_id.company_id.name)
        return f"{reason}, {effect}"

    def _named(self):
        """:return: what these lines are for, in words"""
        _ = self.env._
        texts = []
        for (program, _kind), lines in self.grouped(
            lambda line: (line.program_id, line.kind)
        ).items():
            counts = sorted(lines.mapped("installment_count"))
            several = ", ".join(str(count) for count in counts if count > 1)
            parts = [
                program.display_name or _("Every program"),
                lines[0]._label("kind"),
                _("single payment") if 1 in counts else "",
                several and _("%s installments", several),
            ]
            texts.append(", ".join(filter(None, parts)))
        return "; ".join(texts)

    def _own_kinds(self):
        """:return: set of ``CardKind`` that the line is written for"""
        return frozenset([CardKind(self.kind)] if self.kind else CardKind)

    def _served_kinds(self):
        """:return: the same without those that have a line of their own"""
        if self.kind:
            return self._own_kinds()
        return self._own_kinds() - {
            CardKind(other.kind)
            for other in self.offer_id.line_ids
            if other.kind
            and other.installment_count == self.installment_count
            and other.program_id == self.program_id
        }

    def _has_surcharge(self):
        bearer = Bearer(self.bearer or self.offer_id.bearer)
        if bearer is Bearer.PAYER and self.offer_id.mode == Mode.NET.value:
            return True
        return bearer in SURCHARGED and self.surcharge_percent > 0
