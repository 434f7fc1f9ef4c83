import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from odoo import api, fields, models
from odoo.exceptions import AccessError


class DealerReceiptKey(models.Model):
    """The key with which this database signs its receipts.

    The private half is a secret like those of the POS contracts: nobody has access
    rights, and none can be given. The public half is published, so that a receipt's
    statement can be verified without asking us.
    """

    _name = "dealer.receipt.key"
    _description = "Signing Key of Receipts"
    _order = "id desc"
    _rec_name = "fingerprint"

    public_key = fields.Char(required=True, help="Ed25519, base64.")
    private_key = fields.Char(
        exportable=False, help="Empty: nothing more is signed with this key."
    )
    fingerprint = fields.Char(required=True, help="The start of SHA-256 of the public.")

    def _check_access(self, operation):
        """Nobody, whatever access rights somebody wrote into the database."""
        if not self.env.su:
            return self, lambda: AccessError(
                self.env._("The signing key of receipts is not shown to anybody.")
            )
        return super()._check_access(operation)

    @api.model
    def _in_use(self):
        """:return: the key to sign with, made when it is first needed"""
        return self.search([("private_key", "!=", False)], limit=1) or self._make()

    @api.model
    def _make(self):
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return self.create(
            {
                "public_key": base64.b64encode(public).decode(),
                "private_key": base64.b64encode(secret).decode(),
                "fingerprint": hashlib.sha256(public).hexdigest()[:16],
            }
        )

    def _sign(self, text):
        """:return: the signature of a text, as base64"""
        self.ensure_one()
        private = Ed25519PrivateKey.from_private_bytes(
            base64.b64decode(self.private_key)
        )
        return base64.b64encode(private.sign(text.encode())).decode()

    def _is_signed(self, text, signature):
        self.ensure_one()
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public_key))
        try:
            public.verify(base64.b64decode(signature), text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True
