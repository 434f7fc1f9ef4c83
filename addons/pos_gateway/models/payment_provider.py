from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment import utils as payment_utils

from .. import const
from ..protocols import banks, family


class PaymentProvider(models.Model):
    """One record is one POS contract with one bank.

    The files beside this one: credentials, addresses, what the bank's protocol can do,
    the test of the connection, the guided set-up, and the books.
    """

    _name = "payment.provider"
    _inherit = ["payment.provider", "mail.thread"]

    code = fields.Selection(
        selection_add=[(const.PROVIDER_CODE, "Virtual POS")],
        ondelete={const.PROVIDER_CODE: "set default"},
    )
    name = fields.Char(tracking=True)
    state = fields.Selection(tracking=True)
    is_published = fields.Boolean(tracking=True)
    capture_manually = fields.Boolean(tracking=True)
    maximum_amount = fields.Monetary(tracking=True)
    gateway_bank = fields.Selection(
        selection="_gateway_bank_selection",
        string="Bank",
        required_if_provider=const.PROVIDER_CODE,
        tracking=True,
        help="The bank that the POS contract is with. It decides which protocol is"
        " spoken.",
    )
    gateway_inquiry_delay = fields.Integer(
        "Ask After (minutes)",
        default=3,
        tracking=True,
        help="How long after the payer went to the bank's page the bank is first asked"
        " how the payment stands, when no message came.",
    )
    gateway_responsible_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain=[("share", "=", False)],
        tracking=True,
        help="Is asked to look when a payment needs a person. Empty: one of the POS"
        " managers of the company, else of its accounting administrators.",
    )
    gateway_open_count = fields.Integer(
        "Unresolved Payments", compute="_compute_gateway_open_count"
    )

    @api.model
    def _gateway_bank_selection(self):
        return [(bank.key, bank.name) for bank in sorted(banks.BANKS, key=_by_name)]

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

    def write(self, vals):
        if "gateway_bank" in vals:
            self.filtered(
                lambda provider: (
                    provider.gateway_bank
                    and provider.gateway_bank != vals["gateway_bank"]
                )
            )._gateway_leave_bank()
        return super().write(vals)

    def _gateway_leave_bank(self):
        """Before another bank is chosen: it must not get this one's secrets."""
        for provider in self:
            if (
                self.env["payment.transaction"]
                .sudo()
                .search_count([("provider_id", "=", provider.id)], limit=1)
            ):
                raise ValidationError(
                    self.env._(
                        "%s has taken payments already. Make another POS for another"
                        " bank: payments are asked about where they were made.",
                        provider.name,
                    )
                )
        self.env["pos.gateway.credential"].sudo()._forget(self)

    # === BANK === #

    def _gateway_bank(self):
        """:return: the ``protocols.banks.Bank`` that the contract is with"""
        self.ensure_one()
        return banks.bank(self.gateway_bank)

    def _gateway_family(self):
        """:return: the protocol module that this provider's bank speaks"""
        return family(self._gateway_bank().family)

    def _gateway_traits(self):
        """:return: what the bank's family can do; None while no bank is chosen"""
        self.ensure_one()
        if self.code != const.PROVIDER_CODE or not self.gateway_bank:
            return None
        return self._gateway_family().TRAITS

    # === CORE HOOKS === #

    @api.depends("gateway_bank")
    def _compute_available_currency_ids(self):
        return super()._compute_available_currency_ids()

    def _get_supported_currencies(self):
        currencies = super()._get_supported_currencies()
        if self.code == const.PROVIDER_CODE:
            traits = self._gateway_traits()
            taken = set(const.SUPPORTED_CURRENCIES)
            if traits:
                taken &= set(traits.currencies)
            currencies = currencies.filtered(lambda currency: currency.name in taken)
        return currencies

    def _get_default_payment_method_codes(self):
        self.ensure_one()
        if self.code != const.PROVIDER_CODE:
            return super()._get_default_payment_method_codes()
        return const.DEFAULT_PAYMENT_METHOD_CODES

    def _check_required_if_provider(self):
        """Core calls this after each change: what is on must be able to work."""
        result = super()._check_required_if_provider()
        for provider in self:
            if provider.code == const.PROVIDER_CODE and provider.state != "disabled":
                provider.sudo()._gateway_check_ready()
        return result

    def _gateway_check_ready(self):
        """Say the first thing that keeps this POS from working.

        :raise ValidationError: with a sentence for whoever sets it up
        """
        self._gateway_check_credentials()
        self._gateway_check_addresses()
        self._gateway_check_abilities()
        self._gateway_check_sample()

    @api.model
    def _get_compatible_providers(self, *args, report=None, **kwargs):
        providers = super()._get_compatible_providers(*args, report=report, **kwargs)
        usable = providers.filtered(
            lambda provider: (
                provider.code != const.PROVIDER_CODE
                or provider.sudo()._gateway_card_entry_is_allowed()
            )
        )
        payment_utils.add_to_report(
            report,
            providers - usable,
            available=False,
            reason=self.env._("the way of card entry is not allowed"),
        )
        return usable


_ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"


def _by_name(bank):
    """The order of the Turkish alphabet, whatever the server's own language."""
    name = bank.name.replace("İ", "i").replace("I", "ı").lower()
    return [_ALPHABET.find(letter) for letter in name]
