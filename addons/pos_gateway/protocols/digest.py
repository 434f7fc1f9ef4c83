"""The only place that hashes, and the only place that compares what was hashed."""

import base64
import hashlib
import hmac
import secrets


def sha512_base64(text: str) -> str:
    """:return: 88 characters: base64 of SHA-512 over the text in UTF-8

    >>> sha512_base64("")[:12]
    'z4PhNX7vuL3x'
    """
    return base64.b64encode(hashlib.sha512(_octets(text)).digest()).decode()


def sha1_base64(text: str) -> str:
    """:return: 28 characters: base64 of SHA-1 over the text in UTF-8

    For the older schemes of some banks, which leave no choice.

    >>> sha1_base64("")
    '2jmj7l5rSw0yVb/vlWAYkK/YBwk='
    """
    return base64.b64encode(hashlib.sha1(_octets(text)).digest()).decode()


def same(ours: str, theirs: str) -> bool:
    """Compare in a time that does not tell where the two differ.

    >>> same("abc=", "abc="), same("abc=", "ABC="), same("abc=", "ａbc=")
    (True, False, False)
    """
    return hmac.compare_digest(_octets(ours), _octets(theirs))


def nonce() -> str:
    """:return: 32 characters of fresh random text, 128 bits"""
    return secrets.token_hex(16)


def _octets(text: str) -> bytes:
    """Half a surrogate pair is no reason to fail: it just equals nothing."""
    return text.encode("utf-8", "surrogatepass")
