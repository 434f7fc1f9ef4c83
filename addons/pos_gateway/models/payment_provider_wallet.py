from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..const import PROVIDER_CODE
from ..pricing.cards import CardFacts, CardKind
from ..protocols import FAMILIES, WALLETS, family
from .bank_cards import PROGRAMS
from .protocol_words import protocol_word


class PaymentProvider(models.Model):
    """The bank's own mobile wallet: a way to pay beside the card, by one contract.

    For the payer it is a payment method of its own; for the books a payment method line
    of its own, with its own account and, if wanted, its own journal.
    """

    _inherit = "payment.provider"

    gateway_wallet = fields.Boolean(
        "Offer the Wallet",
        compute="_compute_gateway_wallet",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
        help="Payers may choose the bank's mobile wallet beside the card: they confirm"
        " in the bank's app, and no card is typed. Ask your bank to open it for this"
        " terminal first.",
    )
    gateway_wallet_name = fields.Char("Wallet", compute="_compute_gateway_wallet_name")
    gateway_wallet_journal_id = fields.Many2one(
        "account.journal",
        "Wallet Journal",
        copy=False,
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="The journal in which payments by the wallet are posted. Empty: the"
        " journal of the POS.",
    )
    gateway_wallet_account_id = fields.Many2one(
        "account.account",
        "Wallet Slips Account",
        copy=False,
        check_company=True,
        domain="[('account_type', '=', 'asset_current'), ('reconcile', '=', True)]",
        help="Payments by the wallet stand here until the bank pays them out. Made when"
        " the wallet is switched on.",
    )
    gateway_wallet_line_id = fields.Many2one(
        "account.payment.method.line",
        "Wallet Payment Method Line",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )

    # === WHICH WALLET === #

    def _gateway_wallet_code(self):
        """:return: the family of the bank's wallet, or nothing"""
        traits = self._gateway_traits()
        return traits.wallet if traits else ""

    @api.depends("code", "gateway_bank")
    def _compute_gateway_wallet(self):
        for provider in self:
            has_one = bool(provider._gateway_wallet_code())
            provider.gateway_wallet = has_one and provider.gateway_wallet

    @api.depends("code", "gateway_bank")
    def _compute_gateway_wallet_name(self):
        for provider in self:
            code = provider._gateway_wallet_code()
            provider.gateway_wallet_name = FAMILIES[code].LABEL if code else False

    def _gateway_offers_wallet(self, code):
        """:return: whether payers may take this wallet at this POS"""
        self.ensure_one()
        return bool(
            self.gateway_wallet and code and self._gateway_wallet_code() == code
        )

    @api.model
    def _gateway_shown_wallet(self, method):
        """:return: the wallet that the payer's page shows with this payment method"""
        return method.code if method and method.code in WALLETS else ""

    @api.model
    def _gateway_wallet_methods(self, *codes):
        """:return: the payers' payment methods of these wallets"""
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        return methods.search([("code", "in", codes)])

    @api.constrains("gateway_wallet", "gateway_bank", "capture_manually")
    def _check_gateway_wallet(self):
        for provider in self.filtered("gateway_wallet"):
            if not provider._gateway_wallet_code():
                raise ValidationError(
                    self.env._("The bank of %s has no wallet.", provider.name)
                )
            if provider.capture_manually:
                raise ValidationError(
                    self.env._(
                        "%(wallet)s takes the money at once: it cannot be offered at a"
                        " POS that reserves amounts first. Switch off the manual"
                        " capture, or the wallet.",
                        wallet=provider.gateway_wallet_name,
                    )
                )

    # === SWITCHING IT ON === #

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        providers.filtered("gateway_wallet")._gateway_set_up_wallet()
        return providers

    def write(self, vals):
        before = self.filtered("gateway_wallet")
        result = super().write(vals)
        # Also one that lost its wallet with its bank.
        touched = {
            "gateway_wallet",
            "gateway_bank",
            "state",
            "journal_id",
            "name",
            "gateway_wallet_journal_id",
            "gateway_wallet_account_id",
        }
        if touched & vals.keys():
            (before | self.filtered("gateway_wallet"))._gateway_set_up_wallet()
        return result

    def _get_default_payment_method_codes(self):
        codes = super()._get_default_payment_method_codes()
        if self.code == PROVIDER_CODE and self.gateway_wallet:
            return {*codes, self._gateway_wallet_code()}
        return codes

    def _gateway_set_up_wallet(self):
        """Let the payers' pages and the books follow the switch."""
        for provider in self.filtered(lambda one: one.code == PROVIDER_CODE):
            wanted = provider.gateway_wallet and provider._gateway_wallet_code()
            own = provider._gateway_wallet_methods(*WALLETS)
            method = own.filtered(lambda one, wanted=wanted: one.code == wanted)
            provider.payment_method_ids = [
                *(Command.link(one.id) for one in method),
                *(Command.unlink(one.id) for one in own - method),
            ]
            is_on = provider.state != "disabled"
            if is_on:
                method.filtered(lambda one: not one.active).active = True
            unused = (own - method).filtered(
                lambda one: all(p.state == "disabled" for p in one.provider_ids)
            )
            unused.filtered("active").active = False
            if wanted and is_on:
                provider.with_company(provider.company_id)._gateway_wallet_books()

    def _gateway_check_ready(self):
        result = super()._gateway_check_ready()
        if self.gateway_wallet:
            self._gateway_check_wallet_sample()
        return result

    def _gateway_check_wallet_sample(self):
        """Write what the bank would get for a payment by the wallet."""
        try:
            family(self._gateway_wallet_code()).build(
                self._gateway_terminal(self.state == "enabled"),
                self._gateway_sample_order(),
            )
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(wallet)s cannot be offered as this POS is set: %(why)s",
                    wallet=self.gateway_wallet_name,
                    why=protocol_word(self.env, str(error)),
                )
            ) from error

    @api.model
    def _remove_provider(self, code, **kwargs):
        """Core blocks the uninstallation where payments were posted, by its own method
        of a provider: those by a wallet are of another one.
        """
        if code == PROVIDER_CODE:
            methods = self.env["account.payment.method"].sudo()
            for method in methods.search([("code", "in", tuple(WALLETS))]):
                if self._check_existing_payment(method):
                    raise UserError(
                        self.env._(
                            "Payments were posted by %s: this module cannot be"
                            " uninstalled.",
                            method.name,
                        )
                    )
        return super()._remove_provider(code, **kwargs)

    # === THE BOOKS === #

    def _gateway_wallet_books(self):
        """:return: the payment method line of the wallet, made or set right; none
        where there is no chart of accounts or journal yet
        """
        journal = self.gateway_wallet_journal_id or self.journal_id
        lines = self.env["account.payment.method.line"]
        if not journal or not self.company_id.root_id.sudo().chart_template:
            return lines
        if not self.gateway_wallet_account_id:
            name = f"{self.name} {self.gateway_wallet_name}"
            self.gateway_wallet_account_id = self._gateway_make_slips_account(name)
        values = {
            "name": f"{self.gateway_wallet_name} ({self.name})",
            "journal_id": journal.id,
            "payment_account_id": self.gateway_wallet_account_id.id,
        }
        line = self.gateway_wallet_line_id.sudo()
        if line:
            changes = {
                name: value
                for name, value in values.items()
                if line._fields[name].convert_to_write(line[name], line) != value
            }
            if changes:
                line.write(changes)
            return line
        method = self.env.ref("pos_gateway.account_payment_method_garanti_pay")
        line = lines.sudo().create({**values, "payment_method_id": method.id})
        self.gateway_wallet_line_id = line
        return line

    # === ITS PRICE === #

    def _gateway_wallet_card(self):
        """What is taken for granted of the card that the payer will choose in the app:
        it is known only when the bank has charged it.

        A consumer's credit card of the bank's own program: to it the tightest rules
        apply, so nobody is offered what his card may not have.

        :return: a ``CardFacts``
        """
        self.ensure_one()
        programs, codes = self.gateway_program_ids, PROGRAMS.get(self.gateway_bank, ())
        if not programs:
            programs = programs.search([("code", "in", codes)])
        ranked = [one for code in codes for one in programs if one.code == code]
        program = next(iter(ranked), programs[:1])
        issuer = self._gateway_acquirer()
        return CardFacts(
            program=program.id or None, kind=CardKind.CREDIT, issuer=issuer.id or None
        )
