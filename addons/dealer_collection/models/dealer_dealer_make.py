from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import identity
from ..money import parse_amount
from .dealer_dealer_rights import CAPABILITIES, MOST_INSTALLMENTS
from .dealer_subtree import is_below

# What people of a dealer may say about a company that they add; nothing else is taken
# from a form of theirs. Name of the input -> most characters.
COMPANY_FIELDS = {
    "name": 100,
    "tax_number": 20,
    "email": 254,
    "phone": 30,
    "iban": 50,
    "street": 120,
    "city": 60,
    "zip": 12,
}
# Whoever adds a company does not follow what staff write about it.
QUIET = {
    "mail_create_nosubscribe": True,
    "mail_post_autofollow_author_skip": True,
}
CHECKS = {
    "tax_number": identity.tax_number,
    "email": identity.email,
    "phone": identity.phone,
    "iban": identity.iban,
}


class DealerDealer(models.Model):
    """Sub-dealers and customers that a dealer's people add. In sudo mode: the caller
    has checked that the user may; values come from white lists.
    """

    _inherit = "dealer.dealer"

    # === SUB-DEALERS === #

    def _add_sub_dealer(self, texts):
        """
        :param dict texts: of ``COMPANY_FIELDS``, ``CAPABILITIES``, ``max_installments``
            and ``max_amount``, as they were typed
        :return: the new dealer, waiting for approval where the company wants that
        :raise UserError: with a sentence for the one who typed
        """
        self.ensure_one()
        values = self._company_values(texts)
        rights = self._rights_values(texts)
        self._check_new_dealer(values.get("vat"))
        self._check_room_below()
        partner_sudo = self._make_company(values)
        dealer_sudo = (
            self.env["dealer.dealer"]
            .sudo()
            .with_context(**QUIET)
            .create(
                {
                    "partner_id": partner_sudo.id,
                    "parent_id": self.id,
                    "company_id": self.company_id.id,
                    "is_company_customer": False,
                    **rights,
                }
            )
        )
        dealer_sudo.message_post(
            body=self.env._("Added by %s on the portal.", self.env.user.name)
        )
        if self.company_id.dealer_approval:
            dealer_sudo._ask_for_approval()
        return dealer_sudo

    def _edit_sub_dealer(self, texts):
        """The same values again, of a dealer that exists. A refused one is asked for
        again.
        """
        self.ensure_one()
        parent_sudo = self.parent_id
        values = parent_sudo._company_values(texts)
        rights = parent_sudo._rights_values(texts)
        parent_sudo._check_new_dealer(values.get("vat"), known=self)
        self._update_company(self.partner_id, values)
        self.write(rights)
        self.message_post(
            body=self.env._("Changed by %s on the portal.", self.env.user.name)
        )
        if self.state == "refused":
            self._ask_for_approval()

    def _rights_values(self, texts):
        """Nobody hands on what it may not do itself; the model checks the limits."""
        values = {name: bool(texts.get(name)) and self[name] for name in CAPABILITIES}
        text = (texts.get("max_installments") or "").strip() or "0"
        if not (text.isascii() and text.isdecimal() and int(text) <= MOST_INSTALLMENTS):
            raise UserError(
                self.env._(
                    "The most installments are a number up to %s.", MOST_INSTALLMENTS
                )
            )
        values["max_installments"] = int(text)
        text = (texts.get("max_amount") or "").strip() or "0"
        amount = parse_amount(text)
        if amount is None or amount < 0:
            raise UserError(
                self.env._('"%s" is not an amount. Write it like 1250.40.', text)
            )
        values["max_amount"] = float(amount)
        return values

    def _check_room_below(self):
        if self.level + 1 > self._max_depth():
            raise UserError(
                self.env._("No further dealers can be added below %s.", self.name)
            )

    def _check_new_dealer(self, vat, known=None):
        """A company is one dealer only. Whose it is, is told to those who see it."""
        if not vat:
            return
        taken = (
            self.with_context(active_test=False).search(
                Domain("company_id", "=", self.company_id.id)
                & Domain("partner_id.vat", "in", [vat, f"TR{vat}"])
            )
            - (known or self.browse())
        )[:1]
        if not taken:
            return
        if taken == self:
            raise UserError(self.env._("This is the tax number of your own company."))
        if is_below(taken, self):
            raise UserError(
                self.env._(
                    "%(dealer)s has the tax number %(number)s already.",
                    dealer=taken.name,
                    number=vat,
                )
            )
        raise UserError(
            self.env._(
                "The tax number %(number)s cannot be used here. Please talk to"
                " %(company)s.",
                number=vat,
                company=self.company_id.name,
            )
        )

    # === CUSTOMERS === #

    def _customers_domain(self):
        """:return: domain of the partners that are customers of this very dealer"""
        self.ensure_one()
        return Domain(
            [
                ("dealer_id", "=", self.id),
                ("id", "!=", self.partner_id.id),
                ("parent_id", "=", False),
            ]
        )

    def _add_customer(self, texts):
        """:return: the new `res.partner`, which belongs to this dealer's node"""
        self.ensure_one()
        values = self._company_values(texts)
        self._check_new_customer(values.get("vat"))
        partner_sudo = self._make_company(values, dealer_id=self.id)
        partner_sudo.message_post(
            body=self.env._(
                "Added by %(user)s for %(dealer)s on the portal.",
                user=self.env.user.name,
                dealer=self.name,
            )
        )
        return partner_sudo

    def _edit_customer(self, partner_sudo, texts):
        self.ensure_one()
        values = self._company_values(texts)
        self._check_new_customer(values.get("vat"), known=partner_sudo)
        self._update_company(partner_sudo, values)
        partner_sudo.message_post(
            body=self.env._(
                "Changed by %(user)s for %(dealer)s on the portal.",
                user=self.env.user.name,
                dealer=self.name,
            )
        )

    def _check_new_customer(self, vat, known=None):
        """Two dealers may have the same customer, but each has it once."""
        if not vat:
            return
        partners_sudo = self.env["res.partner"].sudo().with_context(active_test=False)
        domain = self._customers_domain() & Domain("vat", "in", [vat, f"TR{vat}"])
        taken_sudo = partners_sudo.search(domain) - (known or partners_sudo)
        if taken_sudo:
            raise UserError(
                self.env._(
                    "%(customer)s has the tax number %(number)s already.",
                    customer=taken_sudo[0].name,
                    number=vat,
                )
            )

    # === COMPANIES === #

    def _company_values(self, texts):
        """:return: dict of `res.partner` fields and ``iban``"""
        values = {}
        for field, longest in COMPANY_FIELDS.items():
            text = " ".join((texts.get(field) or "").split())
            if len(text) > longest:
                raise UserError(
                    self.env._("This is too long: %(text)s…", text=text[:30])
                )
            try:
                values[field] = CHECKS[field](text) if field in CHECKS else text
            except identity.NotValid as error:
                raise UserError(self._not_valid(error.reason, text)) from error
        if not values["name"]:
            raise UserError(self.env._("Type the name."))
        values["vat"] = values.pop("tax_number")
        return values

    def _not_valid(self, reason, text):
        """:return: a sentence for a reason of ``identity.NotValid``"""
        _ = self.env._
        return {
            "tax_number": _(
                '"%s" is not a tax number: a VKN has 10 digits, a TCKN 11.', text
            ),
            "tax_number_digit": _(
                '"%s" is not a tax number: a digit must be wrong.', text
            ),
            "iban": _('"%s" is not an IBAN. Look for a digit that is wrong.', text),
            "phone": _('"%s" is not a telephone number.', text),
            "email": _('"%s" is not an e-mail address.', text),
        }[reason]

    def _make_company(self, values, **forced):
        iban = values.pop("iban")
        # sudo, and not with the context of the request: defaults would come from it
        partners_sudo = (
            self.env(context={"lang": self.env.lang, **QUIET})["res.partner"]
            .sudo()
            .with_company(self.company_id)
        )
        partner_sudo = partners_sudo.create(
            {
                **values,
                "is_company": True,
                "country_id": self.company_id.country_id.id,
                "lang": self.env.lang,
                **forced,
            }
        )
        self._set_iban(partner_sudo, iban)
        return partner_sudo

    def _update_company(self, partner_sudo, values):
        """Of a company that has invoices of ours, only we change the data."""
        values = dict(values)
        iban = values.pop("iban")
        changed = {
            name: value
            for name, value in values.items()
            if (partner_sudo[name] or "") != value
        }
        if (changed or iban != self._iban(partner_sudo)) and (
            not partner_sudo.can_edit_vat()
        ):
            raise UserError(
                self.env._(
                    "%(partner)s is in the books of %(company)s. Ask them to change its"
                    " data.",
                    partner=partner_sudo.name,
                    company=self.company_id.name,
                )
            )
        partner_sudo.write(changed)
        self._set_iban(partner_sudo, iban)

    @staticmethod
    def _iban(partner_sudo):
        return partner_sudo.bank_ids[:1].sanitized_acc_number or ""

    def _set_iban(self, partner_sudo, iban):
        """One account of what was typed here; those that staff trust stay."""
        bank = partner_sudo.bank_ids[:1]
        if not iban or iban == self._iban(partner_sudo):
            return
        if bank and not bank.allow_out_payment:
            bank.acc_number = iban
        else:
            partner_sudo.env["res.partner.bank"].sudo().create(
                {
                    "acc_number": iban,
                    "partner_id": partner_sudo.id,
                    "sequence": bank.sequence - 1,
                }
            )
