import logging

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route
from odoo.tools import format_date

from ..models.dealer_day_rate import rate_text
from ..money import parse_amount, to_major
from .home import DealerPortal

_logger = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
MAX_ITEMS = 500


class DealerOpenItemsPortal(DealerPortal):
    """What the dealer owes, and the choice of what to pay."""

    @route("/my/dealer/open-items", type="http", auth="user", website=True)
    def dealer_open_items(self, **_query):
        """Rule: core's portal rule on invoices, narrowed to the user's own dealer."""
        return self._render_open_items()

    @route(
        "/my/dealer/collections/new",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_BODY,
    )
    def dealer_collection_new(self, **_form):
        """Rule: as for the open items; only what that page shows can be chosen, and not
        by viewers.
        """
        dealer_sudo = self._dealer_who_may("pay")
        form = request.httprequest.form
        try:
            # What was begun goes with the error: nothing is left half-made.
            with request.env.cr.savepoint():
                collection_sudo = self._open_collection(dealer_sudo, form)
        except UserError as error:
            _logger.info(
                "user %s could not open a collection: %s", request.env.uid, error
            )
            return self._render_open_items(
                error=str(error),
                chosen=form.getlist("invoice_id") + form.getlist("term_id"),
                typed=form.get("amount", ""),
                typed_currency=form.get("currency", ""),
                status=422,
            )
        return request.redirect(collection_sudo.access_url, code=303)

    @route(
        "/my/dealer/open-items/use-credit",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_BODY,
    )
    def dealer_use_credit(self, currency="", **_form):
        """Rule: the own dealer of the user, not by viewers. Only its credit notes and
        advances, and only for its own oldest invoices.
        """
        dealer_sudo = self._dealer_who_may("pay")
        try:
            with request.env.cr.savepoint():
                dealer_sudo._use_credit(self._named_currency(currency))
        except UserError as error:
            return self._render_open_items(error=str(error), status=422)
        return request.redirect("/my/dealer/open-items?credit_used=1", code=303)

    def _open_collection(self, dealer_sudo, form):
        moves = self._chosen_moves(dealer_sudo, form.getlist("invoice_id"))
        terms = self._chosen_terms(dealer_sudo, form.getlist("term_id"))
        amount = self._typed_amount(form.getlist("amount"))
        at_rate = form.get("pay_at_rate") == "1"
        # sudo: dealers create nothing themselves. What is written is decided here: the
        # invoices were found by rule, everything else comes from the dealer's node.
        collections_sudo = (
            request.env["dealer.collection"].sudo().with_company(dealer_sudo.company_id)
        )
        if not moves and not terms and amount is not None:
            currency = self._named_currency(form.get("currency", ""), dealer_sudo)
            return collections_sudo._open_for_amount(
                dealer_sudo, currency, amount, at_rate
            )
        if dealer_sudo.company_id.dealer_oldest_first:
            raise UserError(
                request.env._("Type an amount, please: it closes your oldest debts.")
            )
        return collections_sudo._open_for(
            dealer_sudo, moves.sudo(), amount, terms.sudo(), at_rate
        )

    @staticmethod
    def _named_currency(name, dealer_sudo=None):
        currencies = request.env["res.currency"].sudo()
        if not name and dealer_sudo:
            return dealer_sudo.company_id.currency_id
        found = currencies.search([("name", "=", name)], limit=1)
        if not found:
            raise UserError(request.env._("Choose the invoices again, please."))
        return found

    @staticmethod
    def _ids(texts):
        """:return: the numbers in a form, or a ``UserError``"""
        _ = request.env._
        if not all(text.isascii() and text.isdecimal() for text in texts):
            raise UserError(_("Choose the invoices again, please."))
        ids = [int(text) for text in texts]
        too_large = ids and max(ids) >= 2**31
        if len(set(ids)) != len(ids) or len(ids) > MAX_ITEMS or too_large:
            raise UserError(_("Choose the invoices again, please."))
        return ids

    def _chosen_moves(self, dealer_sudo, texts):
        ids = self._ids(texts)
        moves = self._open_items(dealer_sudo).filtered(lambda move: move.id in ids)
        if len(moves) != len(ids):
            raise UserError(
                request.env._(
                    "One of the chosen invoices is not open any more. Choose again."
                )
            )
        return moves

    def _chosen_terms(self, dealer_sudo, texts):
        """:return: journal items: due terms of invoices that the user may see"""
        ids = self._ids(texts)
        if not ids:
            return request.env["account.move.line"].sudo()
        # sudo: dealers read invoices, not their journal items
        open_terms = self._open_items(dealer_sudo).sudo()._dealer_terms()
        terms = open_terms.filtered(lambda line: line.id in ids)
        if len(terms) != len(ids):
            raise UserError(
                request.env._(
                    "One of the chosen invoices is not open any more. Choose again."
                )
            )
        return terms

    @staticmethod
    def _typed_amount(texts):
        """:return: Decimal, or None if the field was left empty (all that is open)"""
        _ = request.env._
        if len(texts) > 1:
            raise UserError(_("Type one amount, please."))
        text = "".join(texts).strip()
        if not text:
            return None
        amount = parse_amount(text)
        if amount is None:
            raise UserError(
                _("This is not an amount. Write it like 1250.40 or 1.250,40.")
            )
        return amount

    @staticmethod
    def _open_items(dealer_sudo):
        moves = request.env["account.move"]
        if not moves.has_access("read"):
            return moves
        return moves.search(
            dealer_sudo._open_items_domain(), order="invoice_date_due, date, id"
        )

    def _render_open_items(
        self, error=None, chosen=(), typed="", typed_currency="", status=200
    ):
        dealer_sudo = self._dealer_node()
        if not dealer_sudo:
            raise NotFound()
        moves = self._open_items(dealer_sudo)
        company = dealer_sudo.company_id
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_open_items",
            "dealer_name": dealer_sudo.name,
            "may_pay": request.env.user._dealer_may("pay"),
            "may_choose": not company.dealer_oldest_first,
            "may_pay_more": company.dealer_on_account,
            "is_suspended": dealer_sudo.state == "suspended",
            "groups": self._open_item_groups(dealer_sudo, moves, set(chosen)),
            "error": error,
            "typed": typed,
            "typed_currency": typed_currency,
            "is_credit_used": "credit_used" in request.httprequest.args,
        }
        response = request.render(
            "dealer_collection.portal_open_items", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"  # never show paid items again
        return response

    def _open_item_groups(self, dealer_sudo, moves, chosen):
        """One group for each currency: only one currency can be paid at a time.

        Without invoices one of the company's currency, where one may pay on account.
        """
        currencies = moves.currency_id
        if not currencies and dealer_sudo.company_id.dealer_on_account:
            currencies = dealer_sudo.company_id.currency_id
        groups = []
        for currency in currencies:
            # sudo: dealers read invoices, not their journal items
            own = moves.filtered(lambda move, c=currency: move.currency_id == c).sudo()
            items = [self._item(one, chosen) for one in own._dealer_open_items()]
            late = [item for item in items if item["days_late"] > 0]
            groups.append(
                {
                    "currency": currency,
                    "items": items,
                    "open": self._total(items, currency),
                    "overdue": self._total(late, currency),
                    "overdue_count": len(late),
                    "credit": dealer_sudo._credit(currency),
                    **self._rate_values(dealer_sudo, currency),
                }
            )
        return groups

    @staticmethod
    def _rate_values(dealer_sudo, currency):
        """What to say of a foreign currency: today's rate, and whether any POS of the
        company takes the currency itself.
        """
        own = dealer_sudo.company_id.currency_id
        if currency == own:
            return {"is_foreign": False, "rate": "", "takes_currency": True}
        rate = dealer_sudo._day_rate(currency)
        # sudo: payers have no access to providers
        takes = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                dealer_sudo.company_id.id,
                dealer_sudo.partner_id.id,
                0.0,
                currency_id=currency.id,
            )
        )
        text = rate and rate_text(request.env, currency, float(rate.rate), own)
        return {
            "is_foreign": True,
            "own_currency": own,
            "rate": text or "",
            "rate_day": rate.day if rate else None,
            "takes_currency": bool(takes),
        }

    @classmethod
    def _item(cls, one, chosen):
        _ = request.env._
        move, decimals = one.move, one.move.currency_id.decimal_places
        today = fields.Date.context_today(request.env.user)
        days_late = (today - one.due).days
        if days_late == 1:
            late_text = _("1 day overdue")
        else:
            late_text = _("%s days overdue", days_late)
        field, key = (
            ("invoice_id", move.id) if one.is_whole else ("term_id", one.term.id)
        )

        def amount(minor):
            return float(to_major(minor, decimals))

        return {
            "field": field,
            "id": key,
            "name": move.name,
            "url": move.access_url,
            "date": move.invoice_date,
            "date_due": one.due,
            "days_late": days_late,
            "late_text": late_text,
            "residual": amount(one.open),
            "open_minor": one.open,
            "total": move.amount_total,
            "is_partly_paid": move.payment_state == "partial",
            "is_whole": one.is_whole,
            "is_under_way": not one.payable,
            "payable": amount(one.payable),
            "payable_minor": one.payable,
            "discount_text": cls._discount_text(one, amount) if one.discount else "",
            "is_chosen": str(key) in chosen,
        }

    @staticmethod
    def _discount_text(one, amount):
        currency = one.move.currency_id
        return request.env._(
            "Until %(day)s: %(amount)s, %(discount)s less",
            day=format_date(request.env, one.discount_until),
            amount=currency.format(amount(one.payable)),
            discount=currency.format(amount(one.discount)),
        )

    @staticmethod
    def _total(items, currency):
        minor = sum(item["open_minor"] for item in items)
        return float(to_major(minor, currency.decimal_places))
