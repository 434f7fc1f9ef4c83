"""The only place that hashes, and the only place that compares what was hashed."""

import base64
import hashlib
import hmac
import secrets

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which are misread


def sha512_base64(text: str) -> str:
    """:return: 88 characters: base64 of SHA-512 over the text in UTF-8

    >>> sha512_base64("")[:12]
    'z4PhNX7vuL3x'
    """
    return base64.b64encode(hashlib.sha512(_octets(text)).digest()).decode()


def same(ours: str, theirs: str) -> bool:
    """Compare in a time that does not tell where the two differ.

    >>> same("abc=", "abc="), same("abc=", "ABC="), same("abc=", "ａbc=")
    (True, False, False)
    """
    return hmac.compare_digest(_octets(ours), _octets(theirs))


def nonce() -> str:
    """:return: 32 characters of fresh random text, 128 bits"""
    return secrets.token_hex(16)


def new_order_id() -> str:
    """:return: 20 capital letters, 82 random bits

    At most 20 of them: every bank's protocol takes that. No digits, so that it never
    looks like a card number, which would be masked. Random, so that it can neither be
    guessed nor be made again by a copy of the database.
    """
    return "PG" + "".join(secrets.choice(_LETTERS) for _ in range(18))


def _octets(text: str) -> bytes:
    """Half a surrogate pair is no reason to fail: it just equals nothing."""
    return text.encode("utf-8", "surrogatepass")
