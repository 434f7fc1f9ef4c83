"""Hash version 3: SHA-512 over all fields, escaped, sorted, joined by pipes."""

import base64
import hashlib
import hmac

HASH_NAME = "HASH"
UNSIGNED_NAMES = ("hash", "encoding", "nationalidno")


def escape(value):
    """Double the backslash, then escape the pipe; the order matters.

    >>> print(escape("a|b\\\\c"))
    a\\|b\\\\c
    """
    return value.replace("\\", "\\\\").replace("|", "\\|")


def hash_text(fields, store_key):
    """Return the text that is hashed.

    Names are compared in upper case, as the published Java sample does; ``str.upper``
    knows no locale, so the Turkish dotless i does not disturb.
    """
    signed = [name for name in fields if name.lower() not in UNSIGNED_NAMES]
    values = [escape(fields[name]) for name in sorted(signed, key=str.upper)]
    return "|".join([*values, escape(store_key)])


def compute_hash(fields, store_key):
    digest = hashlib.sha512(hash_text(fields, store_key).encode()).digest()
    return base64.b64encode(digest).decode()


def hash_is_genuine(fields, store_key):
    """Tell whether the one hash field of a form is right."""
    claimed = [value for name, value in fields.items() if name.lower() == "hash"]
    if len(claimed) != 1 or not claimed[0]:
        return False
    expected = compute_hash(fields, store_key)
    return hmac.compare_digest(claimed[0].encode(), expected.encode())
