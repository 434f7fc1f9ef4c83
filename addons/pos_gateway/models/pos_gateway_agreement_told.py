from markupsafe import Markup

from odoo import api, models

# In the context of changes that are told by whoever made them.
QUIET = "pos_gateway_changes_told"


class PosGatewayAgreement(models.Model):
    """Every change of a rate is told in the chatter, and forgets the compiled form."""

    _inherit = "pos.gateway.agreement"

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(**{QUIET: True})
        agreements = super(PosGatewayAgreement, quiet).create(vals_list)
        agreements = agreements.with_env(self.env)
        self.env.registry.clear_cache()
        agreements._tell_changes(agreements._told_before(is_new=True))
        return agreements

    def write(self, vals):
        before = self._told_before()
        quiet = self.with_context(**{QUIET: True})
        result = super(PosGatewayAgreement, quiet).write(vals)
        self.env.registry.clear_cache()
        self._tell_changes(before)
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _told_before(self, is_new=False):
        """:return: by agreement the words of its rates; None if another one tells"""
        if self.env.context.get(QUIET):
            return None
        if is_new:
            return {agreement: {} for agreement in self}
        return {agreement: agreement._told_lines() for agreement in self}

    def _told_lines(self):
        return {
            line.id: (line._conditions_words(), line._terms_words())
            for line in self.line_ids
        }

    def _tell_changes(self, before):
        for agreement, lines in (before or {}).items():
            changes = list(self._changes_words(lines, agreement._told_lines()))
            if changes:
                items = Markup("").join(
                    Markup("<li>%s</li>") % line for line in changes
                )
                agreement._message_log(body=Markup("<ul>%s</ul>") % items)

    def _changes_words(self, before, after):
        for key, (conditions, terms) in after.items():
            if key not in before:
                yield self.env._("Added: %(line)s: %(to)s", line=conditions, to=terms)
            elif before[key] != (conditions, terms):
                old_conditions, old_terms = before[key]
                yield self.env._(
                    "Changed: %(old_line)s: %(old)s → %(line)s: %(to)s",
                    old_line=old_conditions,
                    old=old_terms,
                    line=conditions,
                    to=terms,
                )
        for key, (conditions, terms) in before.items():
            if key not in after:
                yield self.env._(
                    "Removed: %(line)s: %(old)s", line=conditions, old=terms
                )


class PosGatewayAgreementLine(models.Model):
    _inherit = "pos.gateway.agreement.line"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            self._own_terms_of(vals) | self._own_terms_named(vals) for vals in vals_list
        ]
        agreements = self._agreements_of(vals_list)
        before = agreements._told_before()
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        agreements._tell_changes(before)
        return lines

    def write(self, vals):
        agreements = self.agreement_id | self._agreements_of([vals])
        before = agreements._told_before()
        result = super().write(self._own_terms_named(vals))
        self.env.registry.clear_cache()
        agreements._tell_changes(before)
        return result

    def unlink(self):
        agreements = self.agreement_id
        before = agreements._told_before()
        result = super().unlink()
        self.env.registry.clear_cache()
        agreements._tell_changes(before)
        return result

    @api.model
    def _agreements_of(self, vals_list):
        return self.env["pos.gateway.agreement"].browse(
            {vals["agreement_id"] for vals in vals_list if vals.get("agreement_id")}
        )

    @api.model
    def _own_terms_of(self, vals):
        """:return: of a new line with a fee of its own the agreement's tax too, or the
        other way round
        """
        agreement = self._agreements_of([vals])
        if not agreement or not {"fee", "bsmv"} & vals.keys():
            return {}
        return {"fee": agreement.fee, "bsmv": agreement.bsmv}

    @api.model
    def _own_terms_named(self, vals):
        """Whoever gives a fee or a tax rate means it for this line."""
        if "has_own_terms" in vals or not {"fee", "bsmv"} & vals.keys():
            return vals
        return vals | {"has_own_terms": True}
