from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.pos_gateway.pricing.limits import Limit

from ..money import to_minor
from .dealer_subtree import upline

CAPABILITIES = ("may_create_sub_dealers", "may_create_customers", "may_create_links")
MOST_INSTALLMENTS = 36


class DealerDealer(models.Model):
    """What a dealer's people may do on its pages, and within which limits."""

    _inherit = "dealer.dealer"

    may_create_sub_dealers = fields.Boolean(
        "Adds Sub-dealers",
        default=True,
        tracking=True,
        groups="base.group_user",
        help="The dealer's owners add dealers below it, suspend and reactivate them.",
    )
    may_create_customers = fields.Boolean(
        "Adds Customers",
        default=True,
        tracking=True,
        groups="base.group_user",
        help="The dealer's people add customers of its own.",
    )
    may_create_links = fields.Boolean(
        "Adds Receivables and Links",
        default=True,
        tracking=True,
        groups="base.group_user",
        help="The dealer's people enter what is owed to it and send payment links.",
    )
    max_installments = fields.Integer(
        "Most Installments",
        tracking=True,
        groups="base.group_user",
        help="Of payments that the dealer makes or collects. 0: no limit of its own;"
        " those of the dealers above hold in any case.",
    )
    max_amount = fields.Monetary(
        "Highest Amount",
        tracking=True,
        groups="base.group_user",
        help="Of one payment that the dealer makes or collects, with any surcharge. 0:"
        " no limit of its own; those of the dealers above hold in any case.",
    )

    _max_installments_range = models.Constraint(
        f"CHECK(max_installments BETWEEN 0 AND {MOST_INSTALLMENTS})",
        f"The most installments are a number from 0 (no limit) to {MOST_INSTALLMENTS}.",
    )
    _max_amount_positive = models.Constraint(
        "CHECK(max_amount IS NULL OR max_amount >= 0)",
        "The highest amount is not below zero.",
    )

    # === LIMITS === #

    @api.constrains("max_installments", "max_amount")
    def _check_limits_above(self):
        """A later change above binds all the same: see ``_limits``."""
        for dealer_sudo in self.sudo():
            above = dealer_sudo.parent_id._limits()
            for name, (limit, _source) in above.items():
                if dealer_sudo[name] > limit:
                    raise ValidationError(dealer_sudo._above_limit(name, limit))

    def _above_limit(self, name, limit):
        # The dealer above is not named: who reads this may stand below it.
        if name == "max_installments":
            return self.env._(
                "%(dealer)s cannot have more than %(limit)s installments: that is the"
                " limit of the dealer above it.",
                dealer=self.name,
                limit=limit,
            )
        return self.env._(
            "%(dealer)s cannot have a higher limit than %(limit)s: that is the limit of"
            " the dealer above it.",
            dealer=self.name,
            limit=self.currency_id.format(limit),
        )

    def _limits(self):
        """The tightest limits of the dealer and of those above it.

        :return: dict of field name -> (limit, the dealer that sets it), without those
            that nobody sets
        """
        found = {}
        for dealer_sudo in upline(self).sudo() if self else ():
            for name in ("max_installments", "max_amount"):
                limit = dealer_sudo[name]
                if limit and (name not in found or limit < found[name][0]):
                    found[name] = (limit, dealer_sudo)
        return found

    def _price_limits(self):
        """:return: tuple of ``pricing.limits.Limit`` for payments of this dealer"""
        names = {"max_installments": "max_installments", "max_amount": "maximum_total"}
        limits = []
        for name, (limit, source) in self._limits().items():
            if name == "max_amount":
                limit = to_minor(limit, self.currency_id.decimal_places)
            # Nobody learns what stands above, not even the payer.
            text = (
                source.name
                if source == self
                else self.env._("the limit of %s", self.name)
            )
            limits.append(Limit(source=text, **{names[name]: limit}))
        return tuple(limits)

    # === STATE === #

    def _check_may_collect(self):
        """:raise UserError: if the dealer may pay its own debts only"""
        for dealer_sudo in self.sudo():
            reason = dealer_sudo._why_not_collecting()
            if reason:
                raise UserError(reason)

    def _why_not_collecting(self):
        """:return: a sentence, or nothing"""
        _ = self.env._
        if not self.active:
            return _("%s is not a dealer any more.", self.name)
        return {
            "suspended": _(
                "%s is suspended. It can pay what it owes, but collects nothing until"
                " it is reactivated.",
                self.name,
            ),
            "waiting": _("%s is waiting for approval.", self.name),
            "refused": _("%s was not approved.", self.name),
        }.get(self.state)
