"""What the signatures of all families are made of, and how secrets are compared."""

import base64
import hashlib
import hmac


def base64_of(name, text):
    """Return the base64 of a digest of a text."""
    return base64.b64encode(hashlib.new(name, text.encode()).digest()).decode()


def same(claimed, expected):
    """Compare in a time that does not tell where the two differ."""
    return hmac.compare_digest(claimed.encode(), expected.encode())


def all_same(*pairs):
    """Compare pairs of texts; the time does not tell which pair differs."""
    return all([same(claimed, expected) for claimed, expected in pairs])
