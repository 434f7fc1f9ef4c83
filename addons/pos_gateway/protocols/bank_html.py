"""Takes the one form out of a page that a bank wrote for the payer's browser.

The page itself goes nowhere: scripts, styles and whatever else it holds are dropped.
"""

import re
from urllib.parse import urlsplit

from lxml import html
from lxml.etree import ParserError

from .answers import Refused
from .wire import LIMIT, MAX_FIELDS

_ADDRESS = re.compile(r"https?://[!-~]+")
_ONCE = [re.compile(tag, re.IGNORECASE) for tag in ("<form[\\s>]", "</form>")]
_ODD = re.compile("<!entity|\0", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_BUTTONS = ("submit", "button", "reset", "image")


def form_of(body: bytes, is_live: bool) -> tuple[str, list[tuple[str, str]]]:
    """Read a page that posts itself to the card's bank.

    :return: the address, and the fields in their order
    :raise Refused: with ``size``, ``charset``, ``document`` (not one form by post) or
        ``address`` (not https, or at the test system a local http address)

    >>> page = b"<form action=https://a.example method=post><input name=b></form>"
    >>> form_of(page, is_live=True)
    ('https://a.example', [('b', '')])
    """
    if len(body) > LIMIT:
        raise Refused("size")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("charset") from None
    if not all(len(tag.findall(text)) == 1 for tag in _ONCE) or _ODD.search(text):
        raise Refused("document")
    try:
        forms = html.document_fromstring(text).forms
    except (ParserError, ValueError):
        raise Refused("document") from None
    if len(forms) != 1 or (forms[0].method or "").upper() != "POST":
        raise Refused("document")
    # A form that a script sends does not send its buttons.
    inputs = [
        node
        for node in forms[0].iter("input")
        if node.get("name") and (node.get("type") or "").lower() not in _BUTTONS
    ]
    fields = [(node.get("name"), node.get("value") or "") for node in inputs]
    if len(fields) > MAX_FIELDS or len({name for name, _text in fields}) < len(fields):
        raise Refused("document")
    return _checked(forms[0].get("action") or "", is_live), fields


def _checked(address: str, is_live: bool) -> str:
    address = address.strip()
    if not _ADDRESS.fullmatch(address):
        raise Refused("address")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise Refused("address") from None
    is_local = not is_live and host in _LOOPBACK
    if not host or not (parts.scheme == "https" or is_local):
        raise Refused("address")
    return address
