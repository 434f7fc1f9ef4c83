"""What Garanti signs and how: pure functions of keys and texts, hash version 512.

``SecurityData`` goes into every signature but the one of a return. It is made of the
password of the user that the message names.
"""

import re
from collections.abc import Mapping

from . import digest, reading

FORM_NAMES = (
    "terminalid orderid txnamount txncurrencycode successurl errorurl txntype"
    " txninstallmentcount".split()
)
RETURN_NAMES = (
    "clientid oid authcode procreturncode response mdstatus cavv eci md rnd".split()
)
_REQUEST_NAMES = "order_id terminal_id card_number amount currency_code".split()
_ANSWER_NAMES = "code retref_num auth_code prov_date order_id".split()
_DIGEST_OF_LENGTH = {40: "sha1", 128: "sha512"}
_HEX = re.compile(r"[0-9A-F]+")


def security_data(password: str, terminal_id: str) -> str:
    """The only place where the terminal number is filled up to nine digits.

    >>> security_data("Deneme/1", "111")[:12]
    'C8F056C24820'
    """
    return digest.hex_of("sha1", password + terminal_id.rjust(9, "0"))


def form_hash(
    store_key: str, password: str, fields: Mapping[str, str], algorithm: str = "sha512"
) -> str:
    """Sign a form for the bank's page; the dialect before 512 is SHA-1, no currency."""
    terminal_id = fields.get("terminalid", "")
    secret = store_key + security_data(password, terminal_id)
    return digest.hex_of(algorithm, digest.glued(FORM_NAMES, fields) + secret)


def return_hash(store_key: str, names: list[str], fields: Mapping[str, str]) -> str:
    """The values of these fields, glued together, then the store key."""
    return digest.hex_of("sha512", digest.glued(names, fields) + store_key)


def is_genuine_return(store_key: str, fields: Mapping[str, str]) -> bool:
    """Whether the bank signed this return, and exactly our list of its fields."""
    if not store_key or reading.listed(fields.get("hashparams", "")) != RETURN_NAMES:
        return False
    expected_hash = return_hash(store_key, RETURN_NAMES, fields)
    return digest.same(expected_hash, fields.get("hash", ""))


def request_hash(password: str, fields: Mapping[str, str]) -> str:
    """Sign a request: order, terminal, card, amount and currency, as they are sent."""
    secret = security_data(password, fields.get("terminal_id", ""))
    return digest.hex_of("sha512", digest.glued(_REQUEST_NAMES, fields) + secret)


def answer_hash(
    password: str, fields: Mapping[str, str], algorithm: str = "sha512"
) -> str:
    """Sign an answer the way the bank does (SHA-1 where an old version was asked)."""
    secret = security_data(password, fields.get("terminal_id", ""))
    return digest.hex_of(algorithm, digest.glued(_ANSWER_NAMES, fields) + secret)


def is_genuine_answer(password: str, fields: Mapping[str, str], claimed: str) -> bool:
    """Whether the holder of this password signed the answer; the length tells how."""
    algorithm = _DIGEST_OF_LENGTH.get(len(claimed))
    if not (password and algorithm and _HEX.fullmatch(claimed)):
        return False
    return digest.same(answer_hash(password, fields, algorithm), claimed)
