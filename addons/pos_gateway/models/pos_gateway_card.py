from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pricing.cards import LONGEST, SHORTEST, UNKNOWN_CARD, CardFacts, CardKind


class PosGatewayCardKnowledge(models.AbstractModel):
    """What card prefixes refer to. It is not taken away from under them: a POS whose
    programs are gone would take the cards of any program.
    """

    _name = "pos.gateway.card.knowledge"
    _description = "Card Knowledge"
    # The field of a card prefix that refers to this model.
    _bin_field = ""

    active = fields.Boolean(default=True)
    bin_count = fields.Integer("Prefixes", compute="_compute_bin_count")

    def _compute_bin_count(self):
        field = self._bin_field
        groups = self.env["pos.gateway.bin"]._read_group(
            [(field, "in", self.ids)], [field], ["__count"]
        )
        counts = {record.id: count for record, count in groups}
        for record in self:
            record.bin_count = counts.get(record.id, 0)

    def action_bins(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_bin_action"
        )
        return action | {
            "name": self.name,
            "domain": [(self._bin_field, "=", self.id)],
            "context": {f"default_{self._bin_field}": self.id},
        }

    def write(self, vals):
        if not vals.get("active", True):
            self._check_unused(self._uses_now())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        everything = self.with_context(active_test=False)
        everything._check_unused(self._uses_now() + self._uses_ever())

    def _uses_now(self):
        """:return: list of (model, field) by which what is active refers to this"""
        return [("pos.gateway.bin", self._bin_field)]

    def _uses_ever(self):
        """:return: the same, of what is kept for good"""
        return []

    def _check_unused(self, uses):
        """:raises UserError: that says what of any company still refers to it"""
        for record in self:
            counts = {
                model: self.env[model].sudo().search_count([(field, "=", record.id)])
                for model, field in uses
            }
            words = [
                f"{self.env['ir.model']._get(model).name} ({count})"
                for model, count in counts.items()
                if count
            ]
            if words:
                raise UserError(
                    self.env._(
                        "%(name)s is in use and stays: %(uses)s.",
                        name=record.name,
                        uses=", ".join(words),
                    )
                )


class PosGatewayCardProgram(models.Model):
    """A family of cards with installments of its own: Bonus, World, Maximum, ..."""

    _name = "pos.gateway.card.program"
    _inherit = "pos.gateway.card.knowledge"
    _description = "Card Program"
    _order = "sequence, name"
    _bin_field = "program_id"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Known to imports and to the banks' data.")
    sequence = fields.Integer(default=10)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another card program has this code already."
    )

    def _uses_now(self):
        return [*super()._uses_now(), ("payment.provider", "gateway_program_ids")]

    def _uses_ever(self):
        return [
            ("pos.gateway.agreement.line", "program_id"),
            ("pos.gateway.offer.line", "program_id"),
            ("payment.transaction", "gateway_card_program_id"),
        ]


class PosGatewayCardIssuer(models.Model):
    """A bank that gives out cards."""

    _name = "pos.gateway.card.issuer"
    _inherit = "pos.gateway.card.knowledge"
    _description = "Card Issuer"
    _order = "name"
    _rec_names_search = ["name", "code"]
    _bin_field = "issuer_id"

    name = fields.Char(required=True)
    code = fields.Char("EFT Code", size=4, help="The bank's four digits in Türkiye.")

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another issuer has this code already."
    )
    _code_digits = models.Constraint(
        "CHECK (code ~ '^[0-9]{4}$')", "An EFT code has four digits."
    )


class PosGatewayBin(models.Model):
    """What the first digits of a card tell: the longest prefix that fits wins."""

    _name = "pos.gateway.bin"
    _description = "Card Prefix (BIN)"
    _rec_name = "prefix"
    _order = "prefix"

    prefix = fields.Char(required=True, size=LONGEST, help="Six to eight digits.")
    issuer_id = fields.Many2one(
        "pos.gateway.card.issuer", ondelete="restrict", index=True
    )
    program_id = fields.Many2one(
        "pos.gateway.card.program", ondelete="restrict", index=True
    )
    kind = fields.Selection(
        [
            (CardKind.CREDIT.value, "Consumer Credit Card"),
            (CardKind.COMMERCIAL.value, "Commercial Credit Card"),
            (CardKind.DEBIT.value, "Debit Card"),
            (CardKind.PREPAID.value, "Prepaid Card"),
        ],
        help="Empty: not known. Only credit cards take installments.",
    )
    scheme = fields.Selection(
        [
            ("troy", "Troy"),
            ("visa", "Visa"),
            ("mastercard", "Mastercard"),
            ("amex", "American Express"),
            ("unionpay", "UnionPay"),
            ("jcb", "JCB"),
            ("discover", "Discover"),
        ]
    )
    source = fields.Char(help="Where this is known from.")
    checked_on = fields.Date(
        default=fields.Date.context_today, help="When it was last known to be so."
    )
    active = fields.Boolean(default=True)

    _prefix_unique = models.UniqueIndex(
        "(prefix) WHERE active", "This card prefix is known already."
    )
    _prefix_digits = models.Constraint(
        "CHECK (prefix ~ '^[0-9]{6,8}$')", "A card prefix has six to eight digits."
    )

    @api.model
    def _kinds(self):
        """:return: list of (key, name in the user's language), for other models"""
        return self._fields["kind"]._description_selection(self.env)

    @api.model
    def _card_facts(self, first_digits):
        """:return: what is known of a card by its first digits, a ``CardFacts`` whose
        keys are database ids
        """
        heads = [first_digits[:n] for n in range(LONGEST, SHORTEST - 1, -1)]
        names = ["prefix", "program_id", "kind", "issuer_id", "scheme"]
        found = self.sudo().search_fetch([("prefix", "in", heads)], names)
        if not found:
            return UNKNOWN_CARD
        longest = max(found, key=lambda row: len(row.prefix))
        return CardFacts(
            program=longest.program_id.id or None,
            kind=CardKind(longest.kind) if longest.kind else None,
            issuer=longest.issuer_id.id or None,
            scheme=longest.scheme or "",
        )
