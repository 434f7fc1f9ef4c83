from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .protocol_words import protocol_word

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class PaymentProvider(models.Model):
    """Where the bank is. Live payments go to the addresses that we ship, nowhere else.

    In test mode they can be others: all at once (a bank simulator), or one by one, as
    the bank's letter names them.
    """

    _inherit = "payment.provider"

    gateway_test_address = fields.Char(
        "Test Bank Address",
        copy=False,
        groups="base.group_system",
        tracking=True,
        help="Only in test mode: speak to a bank simulator at this address instead of"
        " the bank's own test system, e.g. http://localhost:8071.",
    )
    gateway_url_overrides = fields.Text(
        "Other Test Addresses",
        copy=False,
        groups="base.group_system",
        tracking=True,
        help="Only in test mode, where the bank gave you others than those beside: one"
        ' on a line, as "name = https://...".',
    )
    gateway_addresses = fields.Text(
        "Addresses", compute="_compute_gateway_addresses", groups="base.group_system"
    )

    @api.depends("code", "state", "gateway_bank")
    @api.depends("gateway_test_address", "gateway_url_overrides")
    @api.depends_context("lang")
    def _compute_gateway_addresses(self):
        """The name, the address and the use of each, as they are in force."""
        for provider in self:
            traits = provider._gateway_traits()
            if not traits:
                provider.gateway_addresses = False
                continue
            urls = provider._gateway_urls(provider.state == "enabled", strict=False)
            provider.gateway_addresses = "\n".join(
                f"{name} = {urls.get(name) or '?'}"
                f" ({protocol_word(self.env, traits.urls[name])})"
                for name in traits.urls
            )

    @api.constrains("gateway_test_address", "gateway_url_overrides", "state")
    def _check_gateway_test_address(self):
        for provider in self.sudo():
            address = provider.gateway_test_address
            overrides = provider._gateway_parse_overrides()
            for url in (*([address] if address else []), *overrides.values()):
                provider._gateway_check_test_url(url)
            if provider.state == "enabled" and (address or overrides):
                raise ValidationError(
                    self.env._("Empty the test bank address before going live.")
                )

    def _gateway_check_test_url(self, url):
        try:
            parts = urlsplit(url)
            is_complete = parts.scheme in ("http", "https") and parts.hostname
        except ValueError:
            is_complete = False
        if not is_complete:
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

    def _gateway_check_addresses(self):
        """No live address without encryption, and a test system to test at."""
        bank, traits = self._gateway_bank(), self._gateway_traits()
        if self.state == "enabled":
            for url in bank.urls.values():
                if urlsplit(url).scheme != "https":
                    raise ValidationError(
                        self.env._(
                            "The address %(url)s of %(bank)s is not encrypted. No live"
                            " payment goes there.",
                            url=url,
                            bank=bank.name,
                        )
                    )
        elif not any(self._gateway_urls(False).get(name) for name in traits.urls):
            raise ValidationError(
                self.env._(
                    "%s publishes no test system. Enter the test addresses from your"
                    " contract, or go live at once.",
                    bank.name,
                )
            )

    def _gateway_parse_overrides(self, strict=True):
        """:return: name -> address

        :raise ValidationError: naming the line that is not understood, if ``strict``
        """
        traits = self._gateway_traits()
        known = traits.urls if traits else {}
        overrides = {}
        for line in (self.gateway_url_overrides or "").splitlines():
            name, equals, url = (part.strip() for part in line.partition("="))
            if equals and name in known:
                overrides[name] = url
            elif line.strip() and strict:
                raise ValidationError(
                    self.env._(
                        "This line names no address of the bank: %(line)s. The names"
                        " are: %(names)s.",
                        line=line.strip(),
                        names=", ".join(known),
                    )
                )
        return overrides

    def _gateway_urls(self, is_live, strict=True):
        """:return: addresses by the names of the family's ``TRAITS.urls``"""
        bank = self._gateway_bank()
        if is_live:
            # What is not encrypted is missing, and the family says so.
            return {n: url for n, url in bank.urls.items() if url.startswith("https:")}
        urls = dict(bank.test_urls)
        if self.gateway_test_address:
            start = self.gateway_test_address.rstrip("/")
            urls = {n: start + urlsplit(url).path for n, url in bank.urls.items()}
        return urls | self._gateway_parse_overrides(strict)
