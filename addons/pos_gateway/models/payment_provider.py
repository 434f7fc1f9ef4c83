from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import const
from ..protocols import banks, family
from ..protocols.types import Secret, Terminal

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class PaymentProvider(models.Model):
    """One record is one POS contract with one bank."""

    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[(const.PROVIDER_CODE, "Virtual POS")],
        ondelete={const.PROVIDER_CODE: "set default"},
    )
    gateway_bank = fields.Selection(
        selection="_gateway_bank_selection",
        string="Bank",
        required_if_provider=const.PROVIDER_CODE,
        help="The bank that the POS contract is with. It decides which protocol is"
        " spoken.",
    )
    gateway_merchant_id = fields.Char(
        "Merchant Number",
        required_if_provider=const.PROVIDER_CODE,
        copy=False,
        groups="base.group_system",
        help="The client or merchant number on the contract.",
    )
    gateway_store_key = fields.Char(
        "Store Key",
        required_if_provider=const.PROVIDER_CODE,
        copy=False,
        groups="base.group_system",
        help="The 3-D key of the terminal, set in the bank's panel. It is not the"
        " password of the API user.",
    )
    gateway_api_user = fields.Char(
        "API User",
        required_if_provider=const.PROVIDER_CODE,
        copy=False,
        groups="base.group_system",
        help="Status inquiries are made with this user.",
    )
    gateway_api_password = fields.Char(
        "API Password",
        required_if_provider=const.PROVIDER_CODE,
        copy=False,
        groups="base.group_system",
    )
    gateway_test_address = fields.Char(
        "Test Bank Address",
        copy=False,
        groups="base.group_system",
        help="Only in test mode: speak to a bank simulator at this address instead of"
        " the bank's own test system, e.g. http://localhost:8071.",
    )
    gateway_inquiry_delay = fields.Integer(
        "Ask After (minutes)",
        default=3,
        help="How long after the payer went to the bank's page the bank is first asked"
        " how the payment stands, when no message came.",
    )
    gateway_open_count = fields.Integer(
        "Unresolved Payments", compute="_compute_gateway_open_count"
    )

    @api.model
    def _gateway_bank_selection(self):
        return [(bank.key, bank.name) for bank in banks.BANKS]

    def _compute_gateway_open_count(self):
        counts = dict(
            self.env["payment.transaction"]._read_group(
                [
                    ("provider_id", "in", self.ids),
                    ("state", "in", ("draft", "pending")),
                ],
                ["provider_id"],
                ["__count"],
            )
        )
        for provider in self:
            provider.gateway_open_count = counts.get(provider, 0)

    @api.constrains("gateway_test_address", "state")
    def _check_gateway_test_address(self):
        for provider in self.filtered(lambda p: p.sudo().gateway_test_address):
            parts = urlsplit(provider.sudo().gateway_test_address)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValidationError(
                    self.env._("The test bank address must be a complete web address.")
                )
            if parts.scheme == "http" and parts.hostname not in LOOPBACK:
                raise ValidationError(
                    self.env._(
                        "An address without encryption is only accepted for a bank"
                        " simulator on this machine."
                    )
                )
            if provider.state == "enabled":
                raise ValidationError(
                    self.env._("Empty the test bank address before going live.")
                )

    # === CORE HOOKS === #

    def _get_supported_currencies(self):
        currencies = super()._get_supported_currencies()
        if self.code == const.PROVIDER_CODE:
            currencies = currencies.filtered(
                lambda currency: currency.name in const.SUPPORTED_CURRENCIES
            )
        return currencies

    def _get_default_payment_method_codes(self):
        self.ensure_one()
        if self.code != const.PROVIDER_CODE:
            return super()._get_default_payment_method_codes()
        return const.DEFAULT_PAYMENT_METHOD_CODES

    def _get_reset_values(self):
        self.ensure_one()
        if self.code != const.PROVIDER_CODE:
            return super()._get_reset_values()
        return {
            "gateway_merchant_id": None,
            "gateway_store_key": None,
            "gateway_api_user": None,
            "gateway_api_password": None,
            "gateway_test_address": None,
        }

    def _get_removal_values(self):
        return super()._get_removal_values() | {
            "gateway_store_key": None,
            "gateway_api_password": None,
        }

    # === BANK === #

    def _gateway_family(self):
        """:return: the protocol module that this provider's bank speaks"""
        self.ensure_one()
        return family(banks.bank(self.gateway_bank).family)

    def _gateway_terminal(self, is_live):
        """Collect what a protocol needs to know. Call it in sudo, use it at once.

        :param bool is_live: of the transaction. A payment that was started at the bank
            itself is asked for there, also when the POS was switched off meanwhile.
        :return: a frozen ``Terminal``; its secrets do not print
        """
        self.ensure_one()
        bank = banks.bank(self.gateway_bank)
        test_mode = not is_live
        page_url = bank.test_page_url if test_mode else bank.page_url
        api_url = bank.test_api_url if test_mode else bank.api_url
        if test_mode and self.gateway_test_address:
            page_url = self._gateway_at_test_address(bank.page_url)
            api_url = self._gateway_at_test_address(bank.api_url)
        return Terminal(
            merchant_id=self.gateway_merchant_id or "",
            page_url=page_url,
            api_url=api_url,
            store_key=Secret(self.gateway_store_key),
            api_user=self.gateway_api_user or "",
            api_password=Secret(self.gateway_api_password),
        )

    def _gateway_at_test_address(self, url):
        return self.gateway_test_address.rstrip("/") + urlsplit(url).path

    # === ROUTING === #

    @api.model
    def _gateway_route(
        self, hint, company_id, partner_id, amount, currency_id, card_prefix, count
    ):
        """Choose the POS that this payment goes to. The browser's choice is a hint.

        :param payment.provider hint: the provider that the payer's page was made for
        :param float amount: the debt, before any surcharge
        :param str card_prefix: the first digits of the card
        :param int count: number of installments
        :return: the provider, and why it was chosen
        :raise ValidationError: if no POS takes this payment
        """
        candidates = self._get_compatible_providers(
            company_id, partner_id, amount, currency_id=currency_id
        ).filtered(lambda provider: provider.code == const.PROVIDER_CODE)
        if not candidates:
            raise ValidationError(
                self.env._("No virtual POS takes this payment at the moment.")
            )
        if hint in candidates:
            return hint, self.env._("The only rule so far: the POS that was shown.")
        return candidates[0], self.env._("The first POS in order that takes it.")
