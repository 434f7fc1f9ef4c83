from odoo import api, fields, models

from ..pricing.cards import LONGEST, SHORTEST, UNKNOWN_CARD, CardFacts, CardKind


class PosGatewayCardProgram(models.Model):
    """A family of cards with installments of its own: Bonus, World, Maximum, ..."""

    _name = "pos.gateway.card.program"
    _description = "Card Program"
    _order = "sequence, name"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Known to imports and to the banks' data.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another card program has this code already."
    )


class PosGatewayCardIssuer(models.Model):
    """A bank that gives out cards."""

    _name = "pos.gateway.card.issuer"
    _description = "Card Issuer"
    _order = "name"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char("EFT Code", size=4, help="The bank's four digits in Türkiye.")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another issuer has this code already."
    )


class PosGatewayBin(models.Model):
    """What the first digits of a card tell: the longest prefix that fits wins."""

    _name = "pos.gateway.bin"
    _description = "Card Prefix (BIN)"
    _rec_name = "prefix"
    _order = "prefix"

    prefix = fields.Char(required=True, size=LONGEST, help="Six to eight digits.")
    issuer_id = fields.Many2one("pos.gateway.card.issuer", index=True)
    program_id = fields.Many2one("pos.gateway.card.program", index=True)
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
    checked_on = fields.Date()
    active = fields.Boolean(default=True)

    _prefix_unique = models.UniqueIndex(
        "(prefix) WHERE active", "This card prefix is known already."
    )
    _prefix_digits = models.Constraint(
        "CHECK (prefix ~ '^[0-9]{6,8}$')", "A card prefix has six to eight digits."
    )

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
