from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..money import allocate, to_major, to_minor


class DealerCollection(models.Model):
    """Making a collection of what a dealer chose to pay of its own debt."""

    _inherit = "dealer.collection"

    @api.model
    def _open_for(self, dealer, moves, amount=None, terms=None, at_rate=False):
        """Make a collection that pays these invoices, or the oldest of them.

        The caller has checked that the payer may pay these invoices.

        :param moves: invoices; all their due terms are meant
        :param terms: journal items: single due terms of further invoices
        :param amount: Decimal, or None for all that is open on them; in the currency of
            the invoices
        :param at_rate: whether to pay in the company's currency, at the day's rate
        :raise UserError: with a text for the payer
        """
        if terms:
            moves |= terms.move_id
        if not moves:
            raise UserError(self.env._("Choose at least one invoice."))
        items = moves._dealer_open_items()
        if terms:
            named = terms.move_id
            items = [one for one in items if one.move not in named or one.term in terms]
        return self._open_for_items(
            dealer, moves.currency_id, items, amount, at_rate=at_rate
        )

    @api.model
    def _open_for_amount(self, dealer, currency, amount, at_rate=False):
        """Make a collection of an amount alone: it closes the oldest debts.

        What is more than the debt is paid on account, where the company takes that.

        :param amount: Decimal
        """
        items = dealer._open_moves(currency)._dealer_open_items()
        items = [one for one in items if one.payable]
        # What is more than a foreign debt would be nobody's debt at any rate.
        may_be_more = dealer.company_id.dealer_on_account and not at_rate
        if not items and not may_be_more:
            raise UserError(self.env._("There is nothing open to pay."))
        return self._open_for_items(
            dealer, currency, items, amount, may_be_more, at_rate
        )

    @api.model
    def _open_for_receivable(self, owed, amount):
        """Make a collection that pays one receivable, or a part of it.

        The caller has checked that the user may.

        :param float amount: as the ORM has it
        :return: the collection; the one of before, if the same was asked for
        """
        left = owed._payable_amounts()[owed.id]
        if not left:
            raise UserError(
                self.env._(
                    "%s has been paid meanwhile, or a payment for it is under way.",
                    owed.name,
                )
            )
        if owed.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "The amount is more than what is open on the chosen invoices (%s).",
                    owed.currency_id.format(left),
                )
            )
        known = self.search(
            Domain("line_ids.receivable_id", "=", owed.id)
            & Domain("state", "=", "open")
            & Domain("link_id", "=", False)
            & Domain("date_expiry", ">", fields.Datetime.now())
        ).filtered(lambda row: len(row.line_ids) == 1 and row.amount == amount)
        if known:
            return known[:1]
        collection = self.create(
            {
                "kind": "receivable",
                "dealer_id": owed.creditor_id.id,
                "partner_id": owed.debtor_id.id,
                "company_id": owed.company_id.id,
                "currency_id": owed.currency_id.id,
                "line_ids": [
                    Command.create({"receivable_id": owed.id, "amount": amount})
                ],
            }
        )
        collection.message_post(
            body=self.env._("Chosen for payment by %s.", self.env.user.name)
        )
        return collection

    def _open_for_items(
        self, dealer, currency, items, amount, may_be_more=False, at_rate=False
    ):
        if len(currency) > 1:
            raise UserError(
                self.env._("Pay invoices of one currency at a time, please.")
            )
        rate = self._rate_to_pay_at(dealer, currency) if at_rate else None
        for one in items:
            if not one.payable:
                raise UserError(
                    self.env._(
                        "A payment for %s is under way. Wait for its result.",
                        one.move.name,
                    )
                )
        # A discount is a share of the invoice in its own currency: not at a rate.
        debts = [one.payable + (one.discount if rate else 0) for one in items]
        minor = self._minor_to_pay(currency, amount, debts, may_be_more)
        more = max(minor - sum(debts), 0)
        paid = minor - more
        parts = allocate(paid, debts) if paid else [0] * len(debts)
        lines = {
            one.key: self._line_values(one, part, currency, rate)
            for one, part in zip(items, parts, strict=True)
            if part
        }
        on_account = float(to_major(more, currency.decimal_places))
        pays_in = dealer.company_id.currency_id if rate else currency
        same = self._find_same(dealer, pays_in, lines, on_account)
        if same:
            return same
        collection = self.create(
            {
                "dealer_id": dealer.id,
                "kind": "invoices" if lines else "on_account",
                "partner_id": dealer.partner_id.id,
                "company_id": dealer.company_id.id,
                "currency_id": pays_in.id,
                "amount_on_account": on_account,
                "line_ids": [Command.create(values) for values in lines.values()],
            }
        )
        collection.message_post(
            body=self.env._("Chosen for payment by %s.", self.env.user.name)
        )
        return collection

    def _rate_to_pay_at(self, dealer, currency):
        rate = dealer._day_rate(currency)
        if not rate:
            raise UserError(
                self.env._(
                    "There is no exchange rate of today for %s. Please ask the"
                    " company.",
                    currency.name,
                )
            )
        return rate

    def _minor_to_pay(self, currency, amount, debts, may_be_more):
        """:return: minor units of the debts' currency"""
        decimals = currency.decimal_places
        minor = sum(debts) if amount is None else to_minor(amount, decimals)
        if amount is not None and to_major(minor, decimals) != amount:
            raise UserError(
                self.env._("The amount has more decimals than %s has.", currency.name)
            )
        if minor <= 0:
            raise UserError(self.env._("The amount must be more than zero."))
        if minor > sum(debts) and not may_be_more:
            raise UserError(
                self.env._(
                    "The amount is more than what is open on the chosen invoices (%s).",
                    currency.format(float(to_major(sum(debts), decimals))),
                )
            )
        return minor

    @staticmethod
    def _line_values(one, part, currency, rate):
        """:param int part: minor units of the debt that are paid"""
        decimals = currency.decimal_places
        debt = float(to_major(part, decimals))
        # Given only to who pays all that is left.
        is_reduced = part == one.payable and not rate
        values = {
            "move_id": one.move.id,
            "term_id": one.key[1],
            "amount": debt,
            "discount": float(to_major(one.discount, decimals)) if is_reduced else 0.0,
        }
        if rate:
            values |= {
                "amount": float(to_major(rate.to_own(part), rate.decimals)),
                "debt_currency_id": currency.id,
                "debt_amount": debt,
                "rate": float(rate.rate),
                "rate_date": rate.day,
            }
        return values

    def _find_same(self, dealer, currency, lines, on_account):
        """A form that is sent twice makes one collection."""
        candidates = self.search(
            Domain(
                [
                    ("dealer_id", "=", dealer.id),
                    ("state", "=", "open"),
                    ("currency_id", "=", currency.id),
                    ("kind", "in", ("invoices", "on_account")),
                    ("date_expiry", ">", fields.Datetime.now()),
                    ("amount_on_account", "=", on_account),
                    ("link_id", "=", False),
                ]
            )
        )
        amounts = {
            key: (values["amount"], values.get("rate", 0.0), values.get("rate_date"))
            for key, values in lines.items()
        }
        return candidates.filtered(
            lambda collection: (
                not collection.transaction_ids
                and collection.partner_id == dealer.partner_id
                and {
                    (line.move_id.id, line.term_id.id): (
                        line.amount,
                        line.rate,
                        line.rate_date or None,
                    )
                    for line in collection.line_ids
                }
                == amounts
            )
        )[:1]
