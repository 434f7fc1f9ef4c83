import logging

from werkzeug.exceptions import Forbidden

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ..receivable_list.reading import read_date
from .collection_payment import DealerCollectionPaymentPortal
from .uploads import MAX_BODY, attach, read_upload

_logger = logging.getLogger(__name__)


class DealerCollectionMethodsPortal(DealerCollectionPaymentPortal):
    """Ways to pay beside the card: bank transfer, cash, cheque."""

    @route(
        "/my/dealer/collections/<int:collection_id>/declare",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_BODY,
    )
    def dealer_collection_declare(self, collection_id, **form):
        """Rule: owners and collectors of the collection's own dealer. Kind, day, note,
        the cheque's data and one file are all that is taken; amount and debts are the
        document's.
        """
        collection_sudo = self._collection_check_access(collection_id, None)
        if not self._may_declare(collection_sudo):
            raise Forbidden()
        try:
            with request.env.cr.savepoint():
                file = read_upload(form.get("photo"))
                collection_sudo._declare(form.get("method"), self._declared(form))
                attach(collection_sudo, file)
                if self._may_approve(collection_sudo):
                    collection_sudo._approve()  # the dealer's own cash
        except UserError as error:
            _logger.info(
                "user %s could not declare %s: %s",
                request.env.uid,
                collection_sudo.name,
                error,
            )
            return self._render_collection(
                collection_sudo, declare_error=str(error), declared=form, status=422
            )
        return request.redirect(collection_sudo.access_url, code=303)

    @route(
        "/my/dealer/collections/<int:collection_id>/<any(approve,reject):verb>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=64 * 1024,
    )
    def dealer_collection_answer(self, collection_id, verb, reason="", **_form):
        """Rule: owners of the dealer that the declared money is for. What is the
        company's is approved by its staff.
        """
        collection_sudo = self._collection_check_access(collection_id, None)
        if not self._may_approve(collection_sudo):
            raise Forbidden()
        try:
            with request.env.cr.savepoint():
                if verb == "approve":
                    collection_sudo._approve()
                else:
                    collection_sudo._reject(reason)
        except UserError as error:
            return self._render_collection(
                collection_sudo, answer_error=str(error), status=422
            )
        return request.redirect(collection_sudo.access_url, code=303)

    def _render_collection(self, collection_sudo, status=200, **more):
        values = self._collection_page_values(collection_sudo, None) | more
        response = request.render(
            "dealer_collection.portal_collection", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    # === RIGHTS === #

    def _may_declare(self, collection_sudo):
        is_own = self._dealer_node() == collection_sudo.dealer_id
        may = request.env.user._dealer_may
        is_debt = collection_sudo.kind == "invoices"
        return bool(is_own) and may("pay" if is_debt else "collect")

    def _may_approve(self, collection_sudo):
        approving_sudo = collection_sudo._approving_dealer()
        return (
            bool(approving_sudo)
            and collection_sudo.method in ("cash", "cheque")
            and self._dealer_node() == approving_sudo
            and request.env.user._dealer_may("approve")
        )

    # === VALUES === #

    @staticmethod
    def _declared(form):
        """:return: what the form says, as ``_declare`` takes it"""

        def day(name):
            typed = (form.get(name) or "").strip()
            found = read_date(typed) if typed else None
            if typed and not found:
                raise UserError(request.env._("%s is not a date.", typed[:20]))
            return found

        def text(name):
            return " ".join((form.get(name) or "").split())

        days = {"day": day("day"), "cheque_due": day("cheque_due")}
        return days | {
            name: text(name) for name in ("note", "cheque_number", "cheque_bank")
        }

    def _collection_page_values(self, collection_sudo, access_token):
        values = super()._collection_page_values(collection_sudo, access_token)
        may_declare = collection_sudo.state == "open" and self._may_declare(
            collection_sudo
        )
        is_waiting = collection_sudo.state == "processing"
        collection_lang_sudo = collection_sudo.with_context(lang=request.env.lang)
        is_transfer = is_waiting and collection_sudo.method == "transfer"
        is_declared = is_waiting and collection_sudo.method in ("cash", "cheque")
        return values | {
            "method": collection_sudo.method,
            "declarable": collection_sudo._declarable() if may_declare else [],
            "declared": {"day": fields.Date.to_string(self._today())},
            "declare_url": f"{collection_sudo.access_url}/declare",
            "today": fields.Date.to_string(self._today()),
            "transfer": is_transfer and collection_lang_sudo._transfer_values(),
            "declared_text": is_declared and collection_lang_sudo._declared_text(),
            "declared_for": is_declared
            and (
                collection_sudo._approving_dealer().name
                or collection_sudo.company_id.name
            ),
            "may_approve": is_declared and self._may_approve(collection_sudo),
            "rejection": collection_sudo.state == "open"
            and collection_sudo.rejection_reason,
            "answer_url": collection_sudo.access_url,
        }

    @staticmethod
    def _today():
        return request.env["payment.provider"]._gateway_today()
