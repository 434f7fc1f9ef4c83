import base64

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from .receivable_actions import DealerReceivableActionsPortal

MAX_BODY = 6 * 1024 * 1024


class DealerReceivableImportPortal(DealerReceivableActionsPortal):
    """A dealer imports its own list: it looks first, then takes over all or nothing."""

    @route("/my/dealer/receivables/import", type="http", auth="user", website=True)
    def dealer_receivable_import(self, **_query):
        """Rule: an owner or collector of a dealer that may enter receivables."""
        self._dealer_who_may("receivables")
        return self._render_import()

    @route(
        "/my/dealer/receivables/import/preview",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_BODY,
    )
    def dealer_receivable_import_preview(self, file=None, **_form):
        """Rule: as above. Nothing is made; the file is kept for the next step."""
        dealer_sudo = self._dealer_who_may("receivables")
        content = file.read() if getattr(file, "filename", "") else b""
        try:
            with request.env.cr.savepoint():
                # sudo: the wizard is staff's; the dealer it is for is decided here
                wizard_sudo = (
                    request.env["dealer.receivable.import"]
                    .sudo()
                    .with_company(dealer_sudo.company_id)
                    .create(
                        {
                            "company_id": dealer_sudo.company_id.id,
                            "creditor_id": dealer_sudo.id,
                            "file": base64.b64encode(content),
                            "file_name": file.filename[-120:] if content else "",
                        }
                    )
                )
                wizard_sudo._preview()
                if wizard_sudo.unclear:
                    raise UserError(wizard_sudo.unclear)
        except UserError as error:
            return self._render_import(error=str(error), status=422)
        return self._render_import(wizard_sudo)

    @route(
        "/my/dealer/receivables/import/confirm",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def dealer_receivable_import_confirm(self, wizard_id="", **_form):
        """Rule: as above, and only what the same user has looked at for its dealer."""
        dealer_sudo = self._dealer_who_may("receivables")
        wizards_sudo = request.env["dealer.receivable.import"].sudo()
        is_id = wizard_id.isascii() and wizard_id.isdecimal() and len(wizard_id) < 10
        wizard_sudo = wizards_sudo.search(
            [
                ("id", "=", int(wizard_id) if is_id else 0),
                ("create_uid", "=", request.env.uid),
                ("creditor_id", "=", dealer_sudo.id),
            ]
        ).with_company(dealer_sudo.company_id)
        if not wizard_sudo:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                made_sudo = wizard_sudo._import()
        except UserError as error:
            return self._render_import(error=str(error), status=422)
        for owed_sudo in made_sudo:
            owed_sudo.message_post(
                body=request.env._("Imported from a file by %s.", request.env.user.name)
            )
        return request.redirect("/my/dealer/receivables?sortby=newest", code=303)

    def _render_import(self, wizard_sudo=None, error="", status=200):
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_receivable_import",
            "wizard_id": wizard_sudo and wizard_sudo.id,
            "preview": wizard_sudo and wizard_sudo.preview,
            "count_new": wizard_sudo and wizard_sudo.count_new,
            "count_refused": wizard_sudo and wizard_sudo.count_refused,
            "error": error,
        }
        return request.render(
            "dealer_collection.portal_receivable_import", values, status=status
        )
