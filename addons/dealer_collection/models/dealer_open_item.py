"""What can be paid of an invoice now: due term by due term."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import models
from odoo.fields import Domain

from ..money import to_major, to_minor


@dataclass(frozen=True)
class OpenItem:
    """One due term of an invoice. Amounts are in the currency's minor unit (kuruş).

    :param account.move move: the invoice, and ``term`` its journal item
    :param open: what is open in the books
    :param payable: what can be paid now: without what is under way, and without the
        discount
    :param discount: given to who pays all of ``payable`` until ``discount_until``
    :param is_whole: whether the invoice has no other open term
    """

    move: models.Model
    term: models.Model
    due: date
    open: int
    payable: int
    discount: int = 0
    discount_until: date | None = None
    is_whole: bool = True

    @property
    def key(self):
        """What a line of a collection is recognised by."""
        return self.move.id, False if self.is_whole else self.term.id


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dealer_open_items(self):
        """:return: list of :class:`OpenItem`, the oldest first"""
        under_way = self._dealer_under_way()
        items = []
        for move in self:
            items += move._dealer_move_items(under_way[move.id])
        return sorted(items, key=lambda one: (one.due, one.move.date, one.term.id))

    def _dealer_terms(self):
        return self.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _dealer_move_items(self, under_way):
        """:param dict under_way: id of a term, or False -> minor units"""
        self.ensure_one()
        decimals = self.currency_id.decimal_places
        terms = self._dealer_terms()
        left_over, items = under_way.get(False, 0), []
        for term in terms:
            open_ = to_minor(abs(term.amount_residual_currency), decimals)
            taken = min(under_way.get(term.id, 0), open_)
            # What is under way for the invoice as a whole closes the oldest term first.
            more = min(left_over, open_ - taken)
            left_over -= more
            taken += more
            discount, until = (0, None)
            if not taken and len(terms) == 1:
                discount, until = self._dealer_discount(term, open_)
            items.append(
                OpenItem(
                    self,
                    term,
                    term.date_maturity or term.date,
                    open_,
                    open_ - taken - discount,
                    discount,
                    until,
                    len(terms) == 1,
                )
            )
        return items

    def _dealer_discount(self, term, open_):
        """:return: early payment discount in minor units, and its last day: by core's
        own rule, for today
        """
        today = self.env["payment.provider"]._gateway_today()
        if not self._is_eligible_for_early_payment_discount(self.currency_id, today):
            return 0, None
        reduced = to_minor(
            abs(term.discount_amount_currency), self.currency_id.decimal_places
        )
        return open_ - reduced, term.discount_date

    def _dealer_under_way(self):
        """What is being paid at the bank, or was charged and is not in the books yet.

        :return: dict of invoice id -> dict of the id of a term, or False for the
            invoice as a whole -> minor units, with the discounts that go with them
        """
        result = {move.id: defaultdict(int) for move in self}
        # sudo: payers see neither transactions nor the collections of others
        for transaction_sudo in self._transactions_under_way():
            lines_sudo = transaction_sudo.dealer_collection_id.line_ids
            for move in transaction_sudo.invoice_ids & self:
                decimals = move.currency_id.decimal_places
                parts = lines_sudo.filtered(lambda row, move=move: row.move_id == move)
                for part in parts:
                    taken = to_minor(part.debt_amount, decimals)
                    taken += to_minor(part.discount, decimals)
                    result[move.id][part.term_id.id] += taken
                if not parts:
                    residual = to_minor(move.amount_residual, decimals)
                    result[move.id][False] += residual
        return result

    def _dealer_open_amounts(self):
        """What can still be paid on each invoice: its residual less what is under way.

        :return: dict of invoice id -> amount (float, rounded as the currency is)
        """
        under_way = self._dealer_under_way()
        result = {}
        for move in self:
            decimals = move.currency_id.decimal_places
            minor = to_minor(move.amount_residual, decimals)
            minor = max(minor - sum(under_way[move.id].values()), 0)
            result[move.id] = float(to_major(minor, decimals))
        return result


class DealerDealer(models.Model):
    _inherit = "dealer.dealer"

    def _open_moves(self, currency=None):
        """:return: invoices that this dealer still owes, the oldest first (sudo)"""
        domain = self._open_items_domain()
        if currency:
            domain &= Domain("currency_id", "=", currency.id)
        moves = self.env["account.move"].sudo()
        return moves.search(domain, order="invoice_date_due, date, id")
