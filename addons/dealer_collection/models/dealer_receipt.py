import base64
import json
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Without I, L, O and U: nobody takes one sign for another, and no words come about.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # of 5 bits each: 80 bits
GROUP = 4
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code():
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def show_code(code):
    """
    >>> show_code("0123456789ABCDEF")
    '0123-4567-89AB-CDEF'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(text):
    """A code as somebody typed it off the paper, or an empty text if it is none.

    >>> read_code("o123 4567-89ab cdef"), read_code("12"), read_code(None)
    ('0123456789ABCDEF', '', '')
    """
    if not isinstance(text, str) or len(text) > 60:
        return ""
    code = re.sub(r"[\s\-]", "", text).upper().translate(_READ_AS)
    is_code = len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)
    return code if is_code else ""


class DealerReceipt(models.Model):
    """What a receipt said when it was issued, signed: for anybody who doubts the paper.

    The facts are stored as the text that was signed. A row that somebody changed in the
    database does not fit its signature any more, and its receipt is not genuine.
    """

    _name = "dealer.receipt"
    _description = "Signed Receipt"
    _order = "id desc"
    _rec_name = "code"

    collection_id = fields.Many2one(
        "dealer.collection", required=True, readonly=True, ondelete="restrict"
    )
    code = fields.Char(required=True, readonly=True)
    statement = fields.Text("Signed Text", required=True, readonly=True)
    signature = fields.Char(required=True, readonly=True)
    key_id = fields.Many2one(
        "dealer.receipt.key", required=True, readonly=True, ondelete="restrict"
    )

    _code_unique = models.Constraint("UNIQUE(code)", "Each receipt has its own code.")
    _collection_unique = models.Constraint(
        "UNIQUE(collection_id)", "A collection has one receipt."
    )

    def _check_access(self, operation):
        """Read by the pages that show a receipt only: a code is the right to see it."""
        if not self.env.su:
            return self, lambda: AccessError(
                self.env._("Receipts are read through their collections.")
            )
        return super()._check_access(operation)

    @api.model
    def _issue(self, collection):
        """:return: the receipt of a paid collection, made when it is first asked for"""
        receipt = self.search([("collection_id", "=", collection.id)])
        if receipt:
            return receipt
        code, key = new_code(), self.env["dealer.receipt.key"]._in_use()
        facts = {"code": code, **collection._receipt_facts()}
        statement = json.dumps(
            facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return self.create(
            {
                "collection_id": collection.id,
                "code": code,
                "statement": statement,
                "signature": key._sign(statement),
                "key_id": key.id,
            }
        )

    @api.model
    def _genuine(self, text):
        """:return: the receipt with this code, if there is one and it is as signed"""
        code = read_code(text)
        receipt = self.search([("code", "=", code)]) if code else self.browse()
        if not receipt or not receipt.key_id._is_signed(
            receipt.statement, receipt.signature
        ):
            return self.browse()
        return receipt if receipt._facts()["code"] == code else self.browse()

    def _facts(self):
        return json.loads(self.statement)

    def _url(self):
        return f"{self.get_base_url()}/receipt/check/{self.code}"


class DealerCollection(models.Model):
    _inherit = "dealer.collection"

    receipt_ids = fields.One2many(
        "dealer.receipt", "collection_id", readonly=True, groups="base.group_system"
    )

    def _receipt_facts(self):
        """:return: dict of what the paper says of the payment; amounts are texts"""
        values = self.with_context(lang="en_US")._receipt_values()
        decimals = self.currency_id.decimal_places

        def text(name):
            return f"{values[name]:.{decimals}f}"

        return {
            "number": values["name"],
            "company": self.company_id.name,
            "company_vat": self.company_id.vat or "",
            "dealer": values["dealer"],
            "payer": values["debtor"],
            "paid_at": fields.Datetime.to_string(self.date_paid),
            "currency": self.currency_id.name,
            "debt": text("amount"),
            "surcharge": text("surcharge"),
            "charged": text("charged"),
            "installments": values["installments"],
            "reference": values["reference"] or "",
            "is_test": bool(values["is_test"]),
        }

    def _receipt(self):
        """:return: the signed receipt, in sudo mode; nothing before it is paid"""
        self.ensure_one()
        receipts_sudo = self.env["dealer.receipt"].sudo()
        if self.state != "paid":
            return receipts_sudo
        return receipts_sudo._issue(self.sudo())

    def _receipt_proof(self):
        """:return: dict of what the paper is checked by; empty before it is paid"""
        receipt_sudo = self._receipt()
        if not receipt_sudo:
            return {}
        png = (
            self.env["ir.actions.report"]
            .sudo()
            .barcode("QR", receipt_sudo._url(), width=300, height=300, quiet=0)
        )
        return {
            "qr": f"data:image/png;base64,{base64.b64encode(png).decode()}",
            "code": show_code(receipt_sudo.code),
            "page": f"{receipt_sudo.get_base_url()}/receipt/check",
            "fingerprint": receipt_sudo.key_id.fingerprint,
        }
