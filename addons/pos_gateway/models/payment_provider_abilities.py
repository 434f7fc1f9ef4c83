from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocols import digest
from ..protocols.types import Call, Card, CardEntry, Operation, Order
from .protocol_words import protocol_word

ALLOW_SERVER_CARD_ENTRY = "pos_gateway.allow_server_card_entry"


class PaymentProvider(models.Model):
    """What the bank's protocol can do, and where the payer types the card."""

    _inherit = "payment.provider"

    gateway_card_entry = fields.Selection(
        [
            (CardEntry.HOSTED.value, "On the bank's page"),
            (CardEntry.BROWSER.value, "On our page, sent straight to the bank"),
            (CardEntry.SERVER.value, "On our page, sent through our server"),
        ],
        "Card Entry",
        compute="_compute_gateway_card_entry",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Where the payer types the card.",
    )
    gateway_card_entry_choices = fields.Char(compute="_compute_gateway_abilities")
    gateway_card_entry_note = fields.Char(compute="_compute_gateway_card_entry_note")
    gateway_can = fields.Text("This POS Can", compute="_compute_gateway_abilities")
    gateway_cannot = fields.Text(
        "This POS Cannot", compute="_compute_gateway_abilities"
    )

    gateway_recurring_count = fields.Integer(
        "Recurring Card Payments", compute="_compute_gateway_recurring_count"
    )

    # === ABILITIES === #

    @api.depends("gateway_bank")
    def _compute_feature_support_fields(self):
        """Odoo's own buttons follow what the bank's protocol can do."""
        result = super()._compute_feature_support_fields()
        for provider in self:
            traits = provider._gateway_traits()
            if not traits:
                continue

            def support(operation, without, traits=traits):
                if operation not in traits.operations:
                    return without
                return "partial" if operation in traits.partial else "full_only"

            if traits.preauth:
                provider.support_manual_capture = support(Operation.CAPTURE, None)
            provider.support_refund = support(Operation.REFUND, "none")
        return result

    @api.depends("code", "gateway_bank")
    @api.depends_context("lang")
    def _compute_gateway_abilities(self):
        for provider in self:
            traits = provider._gateway_traits()
            abilities = provider._gateway_abilities(traits) if traits else ()
            for name, wanted in (("gateway_can", True), ("gateway_cannot", False)):
                sentences = (text for text, is_able in abilities if is_able is wanted)
                provider[name] = "\n".join(sentences) or False
            provider.gateway_card_entry_choices = (
                " ".join(traits.card_entries) if traits else False
            )

    def _gateway_abilities(self, traits):
        """:return: pairs of what a POS may be able to do and whether this one is"""
        _ = self.env._
        able, partly = traits.operations, traits.partial
        can_reserve = traits.preauth and Operation.CAPTURE in able
        return (
            (_("take a payment, after 3-D Secure"), True),
            (
                _("take up to %s installments", traits.max_installments),
                traits.max_installments > 1,
            ),
            (_("take %s", ", ".join(traits.currencies)), True),
            (_("reserve an amount and capture it later"), can_reserve),
            (
                _("capture a part of what was reserved"),
                can_reserve and Operation.CAPTURE in partly,
            ),
            (_("cancel a payment of the same day"), Operation.VOID in able),
            (_("pay back a whole payment"), Operation.REFUND in able),
            (
                _("pay back a part of a payment"),
                Operation.REFUND in able and Operation.REFUND in partly,
            ),
            (_("say how a payment stands"), Operation.INQUIRY in able),
            (_("tell the history of a payment"), Operation.HISTORY in able),
            (_("list the payments of a day"), Operation.DAY_LIST in able),
            (_("tell a card's bank and program by its number"), Operation.BIN in able),
            *self._gateway_card_abilities(traits),
        )

    def _gateway_card_abilities(self, traits):
        """:return: the same for what needs the card in our hands"""
        _ = self.env._
        is_allowed = self._gateway_server_card_entry_is_allowed()

        def ability(text, operation):
            if operation not in traits.card_calls:
                return text, False
            if is_allowed:
                needs = _("%s (needs the card typed on our page)", text)
            else:
                needs = _(
                    "%s: needs the card typed on our page, which the settings do not"
                    " allow",
                    text,
                )
            return needs, is_allowed

        return (
            ability(_("charge a card again by a schedule"), Operation.RECURRING),
            ability(_("tell a card's points"), Operation.POINTS),
        )

    def _compute_gateway_recurring_count(self):
        # sudo: a number only, for whoever sees the contract.
        counts = dict(
            self.env["pos.gateway.recurring"]
            .sudo()
            ._read_group(
                [("provider_id", "in", self.ids)], ["provider_id"], ["__count"]
            )
        )
        for provider in self:
            provider.gateway_recurring_count = counts.get(provider._origin, 0)

    def _gateway_takes_card_for(self, operation):
        """:return: whether a card may be typed on our page for this call"""
        self.ensure_one()
        traits = self._gateway_traits()
        return bool(
            traits
            and operation in traits.card_calls
            and self._gateway_server_card_entry_is_allowed()
        )

    # === CARD ENTRY === #

    @api.depends("code", "gateway_bank")
    def _compute_gateway_card_entry(self):
        for provider in self:
            traits = provider._gateway_traits()
            entries = traits.card_entries if traits else (CardEntry.HOSTED,)
            if provider.gateway_card_entry not in entries:
                provider.gateway_card_entry = entries[0].value

    @api.depends("gateway_card_entry")
    @api.depends_context("lang")
    def _compute_gateway_card_entry_note(self):
        _ = self.env._
        notes = {
            CardEntry.HOSTED: _(
                "The card is typed on the bank's own page. No page and no server of"
                " yours sees it. PCI DSS: questionnaire SAQ A, the shortest."
            ),
            CardEntry.BROWSER: _(
                "The card is typed on your page and goes from the payer's browser to"
                " the bank, past your server. Whoever changes your page can read"
                " cards. PCI DSS: questionnaire SAQ A-EP, with scans of your web"
                " server every three months."
            ),
            CardEntry.SERVER: _(
                "Card numbers pass through your server's memory. PCI DSS: questionnaire"
                " SAQ D, the whole standard, for this server and all that can reach it."
                " Take it only if your bank offers no other way and your company has"
                " agreed to it."
            ),
        }
        for provider in self:
            provider.gateway_card_entry_note = notes.get(provider.gateway_card_entry)

    @api.model
    def _gateway_server_card_entry_is_allowed(self):
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return parameters_sudo.get_param(ALLOW_SERVER_CARD_ENTRY) == "True"

    def _gateway_card_entry_is_allowed(self):
        """:return: whether cards may be typed where this POS has them typed"""
        self.ensure_one()
        return (
            self.gateway_card_entry != CardEntry.SERVER
            or self._gateway_server_card_entry_is_allowed()
        )

    @api.constrains("gateway_card_entry", "gateway_bank")
    def _check_gateway_card_entry(self):
        for provider in self:
            traits = provider._gateway_traits()
            entry = provider.gateway_card_entry
            if traits and entry not in traits.card_entries:
                raise ValidationError(
                    self.env._(
                        "The protocol of %s does not take cards in this way. Choose"
                        " another card entry.",
                        provider._gateway_bank().name,
                    )
                )
            if entry == CardEntry.SERVER and provider._origin.state != "disabled":
                provider._gateway_check_server_card_entry()

    def _gateway_check_server_card_entry(self):
        if self._gateway_card_entry_is_allowed():
            return
        if CardEntry.HOSTED in self._gateway_traits().card_entries:
            raise ValidationError(
                self.env._(
                    "Cards may pass through this server only after a system"
                    " administrator has allowed it in the settings (Virtual POS)."
                )
            )
        raise ValidationError(
            self.env._(
                "%s offers no page of its own for the card: cards would pass through"
                " this server. A system administrator has to allow that in the settings"
                " (Virtual POS) first.",
                self._gateway_bank().name,
            )
        )

    # === READINESS === #

    def _gateway_check_abilities(self):
        self._gateway_check_server_card_entry()
        if self.capture_manually and not self.support_manual_capture:
            raise ValidationError(
                self.env._(
                    "The POS of %s cannot reserve amounts: switch off the manual"
                    " capture.",
                    self._gateway_bank().name,
                )
            )

    def _gateway_check_sample(self):
        """Write what the bank would get for an order, and send it to nobody."""
        try:
            self._gateway_word_start(
                self._gateway_terminal(self.state == "enabled"),
                self._gateway_sample_order(),
            )
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "No payment could be sent to %(bank)s as this POS is set: %(why)s",
                    bank=self._gateway_bank().name,
                    why=protocol_word(self.env, str(error)),
                )
            ) from error

    def _gateway_word_start(self, terminal, order):
        family = self._gateway_family()
        start = family.TRAITS.start
        if start is Operation.PAGE:
            return family.build(terminal, order)
        card = None
        if start is Operation.CARD_PAGE:
            card = Card("4111111111111111", "12", "30", "000", "SAMPLE")
        call = Call(
            start,
            key=digest.new_order_id(),
            at=order.at,
            nonce=digest.nonce(),
            card=card,
        )
        return family.ask(terminal, order, call)

    def _gateway_sample_order(self):
        base_url = self.get_base_url()
        order_id = digest.new_order_id()
        currencies = self._gateway_traits().currencies
        return Order(
            order_id=order_id,
            amount_kurus=100,
            currency="TRY" if "TRY" in currencies else currencies[0],
            return_url=f"{base_url}/payment/pos_gateway/return/{order_id}",
            notice_url=f"{base_url}/payment/pos_gateway/notice/{order_id}",
            nonce=digest.nonce(),
            at=fields.Datetime.now().replace(tzinfo=UTC),
            client_ip="127.0.0.1",
            email="nobody@example.com",
        )
