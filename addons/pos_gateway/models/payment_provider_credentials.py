import html
from urllib.parse import quote_plus

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..const import PROVIDER_CODE
from ..protocols.types import CardEntry, Secret, Terminal
from .protocol_words import protocol_word

# Attributes of the protocols' Terminal; the field of each is ``gateway_<name>``.
PLAIN = (
    "merchant_id",
    "terminal_id",
    "account_id",
    "sub_merchant_id",
    "api_user",
)
SECRET = ("store_key", "api_password", "refund_password", "page_password")
FULLY_SECURE = frozenset({"1"})
HALF_SECURE = frozenset({"2", "3", "4"})
MOST_FORMER_KEY_DAYS = 30
# Shorter ones would take ordinary words out of a text.
SHORTEST_HIDDEN = 4


class PaymentProvider(models.Model):
    """What the contract names, and the secrets, which can be written but never read.

    The value of a secret field is always empty; what is written to it goes to
    ``pos.gateway.credential``, which says why.
    """

    _inherit = "payment.provider"

    gateway_merchant_id = fields.Char(
        "Merchant", copy=False, groups="base.group_system", tracking=True
    )
    gateway_terminal_id = fields.Char(
        "Terminal", copy=False, groups="base.group_system", tracking=True
    )
    gateway_account_id = fields.Char(
        "Account", copy=False, groups="base.group_system", tracking=True
    )
    gateway_sub_merchant_id = fields.Char(
        "Sub-Merchant", copy=False, groups="base.group_system", tracking=True
    )
    gateway_api_user = fields.Char("API User", copy=False, groups="base.group_system")
    gateway_store_key = fields.Char(
        "Store Key",
        compute="_compute_gateway_secrets",
        inverse="_inverse_gateway_store_key",
        exportable=False,
        copy=False,
        groups="base.group_system",
    )
    gateway_api_password = fields.Char(
        "API Password",
        compute="_compute_gateway_secrets",
        inverse="_inverse_gateway_api_password",
        exportable=False,
        copy=False,
        groups="base.group_system",
    )
    gateway_refund_password = fields.Char(
        "Refund Password",
        compute="_compute_gateway_secrets",
        inverse="_inverse_gateway_refund_password",
        exportable=False,
        copy=False,
        groups="base.group_system",
    )
    gateway_page_password = fields.Char(
        "Page Password",
        compute="_compute_gateway_secrets",
        inverse="_inverse_gateway_page_password",
        exportable=False,
        copy=False,
        groups="base.group_system",
    )
    gateway_former_key_days = fields.Integer(
        "Keep Former Keys (days)",
        default=7,
        tracking=True,
        groups="base.group_system",
        help="A key that was replaced still proves messages about orders from before"
        " the change, for so many days. 0: it does not, from that moment on.",
    )
    gateway_accept_half_secure = fields.Boolean(
        "Accept Half-Secure Payments",
        tracking=True,
        groups="base.group_system",
        help="Also take payments for which the card's bank did not ask its customer"
        " (3-D results 2, 3 and 4). If the cardholder disputes such a payment, the loss"
        " may be yours.",
    )

    # What each one is called at the chosen bank; empty if the bank does not ask for it.
    gateway_merchant_id_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_terminal_id_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_account_id_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_sub_merchant_id_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_api_user_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_store_key_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_api_password_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_refund_password_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_page_password_hint = fields.Char(
        compute="_compute_gateway_hints", groups="base.group_system"
    )
    gateway_needed = fields.Char(
        compute="_compute_gateway_hints",
        groups="base.group_system",
        help="Names of the fields that must be filled in before it is switched on.",
    )

    _former_key_days_range = models.Constraint(
        f"CHECK (gateway_former_key_days BETWEEN 0 AND {MOST_FORMER_KEY_DAYS})",
        f"Former keys are kept for 0 to {MOST_FORMER_KEY_DAYS} days.",
    )

    # === WHAT THE BANK ASKS FOR === #

    @api.depends("code", "gateway_bank")
    @api.depends_context("lang")
    def _compute_gateway_hints(self):
        for provider in self:
            traits = provider._gateway_traits()
            asked = {one.name: one for one in traits.credentials} if traits else {}
            in_use = provider._gateway_secrets_in_use()
            needed = []
            for name in (*PLAIN, *SECRET):
                one = asked.get(name)
                provider[f"gateway_{name}_hint"] = one and provider._gateway_hint(
                    one, in_use.get(name)
                )
                if one and one.required and name not in in_use:
                    needed.append(f"gateway_{name}")
            provider.gateway_needed = " ".join(needed)

    def _gateway_secrets_in_use(self):
        """:return: name -> since when it is in use. No values."""
        rows = self.env["pos.gateway.credential"].sudo()._in_use(self._origin)
        return {row.name: row.create_date for row in rows}

    def _gateway_hint(self, credential, since):
        """:return: the bank's own words for a credential, and whether it is set"""
        _ = self.env._
        label = protocol_word(self.env, credential.label)
        parts = [_("At this bank: %s.", label)]
        if credential.help:
            parts.append(protocol_word(self.env, credential.help))
        if not credential.required:
            parts.append(_("Not every contract has it."))
        if credential.name in SECRET:
            day = since and format_date(self.env, since)
            parts.append(
                _(
                    "It is set (%s) and is not shown. Type another one to replace it.",
                    day,
                )
                if since
                else _("It is not set yet.")
            )
        return " ".join(parts)

    def _gateway_check_credentials(self):
        in_use = self._gateway_secrets_in_use()
        missing = [
            protocol_word(self.env, one.label)
            for one in self._gateway_traits().credentials
            if one.required
            and not (in_use.get(one.name) or self[f"gateway_{one.name}"])
        ]
        if missing:
            raise ValidationError(
                self.env._(
                    "For %(bank)s this is still missing: %(names)s.",
                    bank=self._gateway_bank().name,
                    names=", ".join(missing),
                )
            )

    # === SECRETS === #

    def _compute_gateway_secrets(self):
        """They are written, never read."""
        for name in SECRET:
            self[f"gateway_{name}"] = False

    def _inverse_gateway_store_key(self):
        self._gateway_keep_secret("store_key")

    def _inverse_gateway_api_password(self):
        self._gateway_keep_secret("api_password")

    def _inverse_gateway_refund_password(self):
        self._gateway_keep_secret("refund_password")

    def _inverse_gateway_page_password(self):
        self._gateway_keep_secret("page_password")

    def _gateway_keep_secret(self, name):
        field = self._fields[f"gateway_{name}"]
        credentials_sudo = self.env["pos.gateway.credential"].sudo()
        for provider in self:
            value = (provider[field.name] or "").strip()
            if credentials_sudo._keep(provider, name, value):
                label = field._description_string(self.env)
                provider.message_post(
                    body=self.env._("Changed: %s", label)
                    if value
                    else self.env._("Removed: %s", label)
                )
        # What was typed must not be read back within the same request either.
        self.invalidate_recordset([field.name, f"{field.name}_hint", "gateway_needed"])

    def _get_reset_values(self):
        self.ensure_one()
        if self.code != PROVIDER_CODE:
            return super()._get_reset_values()
        return {
            "gateway_test_address": None,
            "gateway_url_overrides": None,
            **{f"gateway_{name}": None for name in (*PLAIN, *SECRET)},
        }

    def _get_removal_values(self):
        secrets = {f"gateway_{name}": None for name in SECRET}
        return super()._get_removal_values() | secrets

    def _gateway_hide_secrets(self, text):
        """Take this POS's own secrets out of a text, however they are written in it."""
        values = self.env["pos.gateway.credential"].sudo()._in_force(self).values()
        for value in sorted(values, key=len, reverse=True):
            if len(value) >= SHORTEST_HIDDEN:
                for written in {value, html.escape(value), quote_plus(value)}:
                    text = text.replace(written, "***")
        return text

    # === TERMINAL === #

    def _gateway_terminal(self, is_live, card_entry=None):
        """Collect what a protocol needs to know. Call it in sudo, use it at once.

        :param bool is_live: of the transaction. A payment that was started at the bank
            itself is asked for there, also when the POS was switched off meanwhile.
        :param str card_entry: where the card of this payment is typed; by default as
            the POS is set
        :return: a frozen ``Terminal``; its secrets do not print
        """
        secrets = self.env["pos.gateway.credential"].sudo()._in_force(self)
        return self._gateway_make_terminal(is_live, card_entry, secrets)

    def _gateway_terminals(self, order_created_at, is_live, card_entry=None):
        """Who we may have been at the bank when it answered: to verify, never to ask.

        :param datetime order_created_at: when the order was made
        :return: list of terminals, the current one first. The others hold the keys that
            were in use when the order was made, while those still count.
        """
        credentials = self.env["pos.gateway.credential"].sudo()
        moments = credentials._changes_since(self, order_created_at)
        return [
            self._gateway_make_terminal(is_live, card_entry, secrets)
            for secrets in (
                credentials._in_force(self, moment) for moment in (None, *moments)
            )
        ]

    def _gateway_make_terminal(self, is_live, card_entry, secrets):
        self.ensure_one()
        accepted = FULLY_SECURE
        if self.gateway_accept_half_secure:
            accepted |= HALF_SECURE
        return Terminal(
            urls=self._gateway_urls(is_live),
            options={
                **self._gateway_bank().options,
                **self._gateway_contract_options(),
            },
            is_live=is_live,
            card_entry=CardEntry(card_entry or self.gateway_card_entry),
            accepted_md_status=accepted,
            **{name: self[f"gateway_{name}"] or "" for name in PLAIN},
            **{name: Secret(secrets.get(name)) for name in SECRET},
        )
