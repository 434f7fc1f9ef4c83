import json

from odoo import fields
from odoo.http import Controller, request, route

from ..models.dealer_receipt import show_code


class ReceiptCheck(Controller):
    """Is the receipt in my hand genuine? For anybody, without a login."""

    @route(
        ["/receipt/check", "/receipt/check/<string:code>"],
        type="http",
        auth="public",
        website=True,
    )
    def receipt_check(self, code="", **_query):
        """Rule: whoever has the code of a receipt has the paper, and is told what the
        paper says, and whether the money was given back since. Nothing more.
        """
        guesses_sudo = request.env["dealer.receipt.guess"].sudo()
        address = request.httprequest.remote_addr
        values = {"is_portal": True, "code": code[:40], "facts": {}, "answer": ""}
        status = 200
        if code and guesses_sudo._is_blocked(address):
            values["answer"], status = "blocked", 429
        elif code:
            receipt_sudo = request.env["dealer.receipt"].sudo()._genuine(code)
            if receipt_sudo:
                values |= self._genuine_values(receipt_sudo)
            else:
                guesses_sudo._note_wrong(address)
                values["answer"] = "unknown"
        response = request.render(
            "dealer_collection.receipt_check_page", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @route(
        "/receipt/check/<string:code>/statement.json",
        type="http",
        auth="public",
    )
    def receipt_statement(self, code):
        """Rule: as for the page. The signed text, with what verifies it."""
        guesses_sudo = request.env["dealer.receipt.guess"].sudo()
        address = request.httprequest.remote_addr
        if guesses_sudo._is_blocked(address):
            return request.make_json_response({"genuine": False}, status=429)
        receipt_sudo = request.env["dealer.receipt"].sudo()._genuine(code)
        if not receipt_sudo:
            guesses_sudo._note_wrong(address)
            return request.make_json_response({"genuine": False}, status=404)
        body = json.dumps(
            {
                "statement": receipt_sudo.statement,
                "signature": receipt_sudo.signature,
                "algorithm": "Ed25519",
                "public_key": receipt_sudo.key_id.public_key,
            },
            ensure_ascii=False,
            indent=1,
        )
        return request.make_response(
            body,
            [
                ("Content-Type", "application/json; charset=utf-8"),
                (
                    "Content-Disposition",
                    f'attachment; filename="receipt-{receipt_sudo.code}.json"',
                ),
            ],
        )

    @staticmethod
    def _genuine_values(receipt_sudo):
        facts = receipt_sudo._facts()
        collection_sudo = receipt_sudo.collection_id
        return {
            "answer": "genuine",
            "code": show_code(receipt_sudo.code),
            "facts": facts
            | {
                "charged": float(facts["charged"]),
                "debt": float(facts["debt"]),
                "surcharge": float(facts["surcharge"]),
                "paid_at": request.env["dealer.collection"]._bank_time(
                    fields.Datetime.to_datetime(facts["paid_at"])
                ),
            },
            "refunded": collection_sudo.amount_refunded,
            "is_all_refunded": collection_sudo.currency_id.compare_amounts(
                collection_sudo.amount_refunded, float(facts["charged"])
            )
            >= 0,
            "currency": request.env["res.currency"].browse(
                collection_sudo.currency_id.id
            ),
            "fingerprint": receipt_sudo.key_id.fingerprint,
            "statement_url": f"/receipt/check/{receipt_sudo.code}/statement.json",
        }
