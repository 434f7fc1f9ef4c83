import logging

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ..money import parse_amount, to_major, to_minor
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
            moves = self._chosen_moves(dealer_sudo, form.getlist("invoice_id"))
            amount = self._typed_amount(form.getlist("amount"))
            collection_sudo = self._open_collection(dealer_sudo, moves, amount)
        except UserError as error:
            _logger.info(
                "user %s could not open a collection: %s", request.env.uid, error
            )
            return self._render_open_items(
                error=str(error),
                chosen=form.getlist("invoice_id"),
                typed=form.get("amount", ""),
                status=422,
            )
        return request.redirect(collection_sudo.access_url, code=303)

    def _open_collection(self, dealer_sudo, moves, amount):
        # sudo: dealers create nothing themselves. What is written is decided here: the
        # invoices were found by rule, everything else comes from the dealer's node.
        collections_sudo = (
            request.env["dealer.collection"].sudo().with_company(dealer_sudo.company_id)
        )
        return collections_sudo._open_for(dealer_sudo, moves.sudo(), amount)

    def _chosen_moves(self, dealer_sudo, texts):
        _ = request.env._
        if not all(text.isascii() and text.isdecimal() for text in texts):
            raise UserError(_("Choose the invoices again, please."))
        ids = [int(text) for text in texts]
        if not ids:
            raise UserError(_("Choose at least one invoice."))
        if len(set(ids)) != len(ids) or len(ids) > MAX_ITEMS or max(ids) >= 2**31:
            raise UserError(_("Choose the invoices again, please."))
        moves = self._open_items(dealer_sudo).filtered(lambda move: move.id in ids)
        if len(moves) != len(ids):
            raise UserError(
                _("One of the chosen invoices is not open any more. Choose again.")
            )
        return moves

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

    def _render_open_items(self, error=None, chosen=(), typed="", status=200):
        dealer_sudo = self._dealer_node()
        if not dealer_sudo:
            raise NotFound()
        moves = self._open_items(dealer_sudo)
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_open_items",
            "dealer_name": dealer_sudo.name,
            "may_pay": request.env.user._dealer_may("pay"),
            "is_suspended": dealer_sudo.state == "suspended",
            "groups": self._open_item_groups(moves, set(chosen)),
            "error": error,
            "typed": typed,
        }
        response = request.render(
            "dealer_collection.portal_open_items", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"  # never show paid items again
        return response

    def _open_item_groups(self, moves, chosen):
        """One group for each currency: only one currency can be paid at a time."""
        open_amounts = moves._dealer_open_amounts()
        groups = []
        for currency, own in moves.grouped("currency_id").items():
            items = [
                self._open_item(move, open_amounts[move.id], str(move.id) in chosen)
                for move in own
            ]
            late = [item for item in items if item["days_late"] > 0]
            groups.append(
                {
                    "currency": currency,
                    "items": items,
                    "open": self._total(items, currency),
                    "overdue": self._total(late, currency),
                    "overdue_count": len(late),
                }
            )
        return groups

    @staticmethod
    def _open_item(move, payable, is_chosen):
        _ = request.env._
        today = fields.Date.context_today(request.env.user)
        days_late = (today - (move.invoice_date_due or today)).days
        if days_late == 1:
            late_text = _("1 day overdue")
        else:
            late_text = _("%s days overdue", days_late)
        return {
            "id": move.id,
            "name": move.name,
            "url": move.access_url,
            "date": move.invoice_date,
            "date_due": move.invoice_date_due,
            "days_late": days_late,
            "late_text": late_text,
            "residual": move.amount_residual,
            "total": move.amount_total,
            "is_partly_paid": move.payment_state == "partial",
            "payable": payable,
            "payable_minor": to_minor(payable, move.currency_id.decimal_places),
            "is_chosen": is_chosen,
        }

    @staticmethod
    def _total(items, currency):
        decimals = currency.decimal_places
        minor = sum(to_minor(item["residual"], decimals) for item in items)
        return float(to_major(minor, decimals))
