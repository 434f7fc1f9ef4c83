"""The only place that hashes, and the only place that compares what was hashed."""

import hashlib
import hmac
import secrets
from binascii import b2a_base64
from collections.abc import Iterable, Mapping

_HASHES = {name: getattr(hashlib, name) for name in ("sha1", "sha256", "sha512")}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which are misread


def base64_of(algorithm: str, text: str) -> str:
    """:return: base64 of a digest over the text in UTF-8

    >>> base64_of("sha1", ""), base64_of("sha512", "")[:12]
    ('2jmj7l5rSw0yVb/vlWAYkK/YBwk=', 'z4PhNX7vuL3x')
    """
    raw = _HASHES[algorithm](_octets(text)).digest()
    return b2a_base64(raw, newline=False).decode()


def hex_of(algorithm: str, text: str) -> str:
    """:return: a digest over the text in UTF-8, in capital hex letters

    >>> hex_of("sha1", "")[:12]
    'DA39A3EE5E6B'
    """
    return _HASHES[algorithm](_octets(text)).hexdigest().upper()


def hmac_base64_of(algorithm: str, key: str, text: str | bytes) -> str:
    """:return: base64 of an HMAC; key and text in UTF-8

    >>> hmac_base64_of("sha512", "k", "")[:12]
    'iTzL9dCzNfza'
    """
    octets = text if isinstance(text, bytes) else _octets(text)
    raw = hmac.digest(_octets(key), octets, algorithm)
    return b2a_base64(raw, newline=False).decode()


def glued(names: Iterable[str], fields: Mapping[str, str]) -> str:
    """:return: the values of these names as they are signed; absent is empty

    >>> glued(["b", "c", "a"], {"a": "1", "b": "2"})
    '21'
    """
    return "".join(fields.get(name, "") for name in names)


def same(ours: str, theirs: str) -> bool:
    """Compare in a time that does not tell where the two differ.

    >>> same("abc=", "abc="), same("abc=", "ABC="), same("abc=", "ａbc=")
    (True, False, False)
    """
    return hmac.compare_digest(_octets(ours), _octets(theirs))


def long_nonce(nonce: str) -> str:
    """:return: 128 hex digits made of a nonce, always the same ones

    >>> len(long_nonce("a"))
    128
    """
    return hex_of("sha512", nonce)


def nonce() -> str:
    """:return: 32 characters of fresh random text, 124 bits

    It begins with a letter: some hashes glue it to the number of installments, and a
    payer must not be able to move digits from one to the other.
    """
    return "R" + secrets.token_hex(16)[1:]


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
