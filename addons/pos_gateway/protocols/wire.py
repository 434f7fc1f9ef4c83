"""Bytes from outside -> fields or an XML tree, within limits; and the way back.

Everything that is not exactly as it should be raises ``Refused``; nothing is repaired,
because what is repaired here could have been read differently by whoever signed it.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes, urlencode

from lxml import etree

from .types import Message, Refused

FORM_TYPE = "application/x-www-form-urlencoded"
MAX_FIELDS = 200
MAX_DEPTH = 32
XML_ENCODING = "ISO-8859-9"

_PRINTABLE = re.compile(rb"[!-~]+")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_DECLARATION = re.compile(rb"<\?xml\s[^<>]*\?>")
_DECLARED = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CODECS = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-9": "iso-8859-9",
    "windows-1254": "cp1254",
}
_MARKUP = re.compile(r"<(?:\?|!(?!\[CDATA\[))")


def parse_form(body: bytes, content_type: str, limit: int = 65536) -> Message:
    """Read a posted form.

    :param content_type: the header as it came in
    :param limit: bytes
    :return: the fields in the order in which they came
    :raise Refused: with ``size``, ``content_type``, ``charset``, ``malformed``,
        ``nul``, ``fields`` (too many) or ``repeated`` (in whatever letter case: a
        second ``hash`` beside ``HASH`` is an attack)

    >>> parse_form(b"oid=A1&ErrMsg=%C5%9Eifre+yok", FORM_TYPE).fields
    (('oid', 'A1'), ('ErrMsg', 'Şifre yok'))
    """
    if len(body) > limit:
        raise Refused("size")
    _check_content_type(content_type)
    if not _PRINTABLE.fullmatch(body) or _BROKEN_ESCAPE.search(body):
        raise Refused("malformed")
    pieces = body.split(b"&", MAX_FIELDS)
    if len(pieces) > MAX_FIELDS:
        raise Refused("fields")
    fields = tuple(_read_pair(piece) for piece in pieces)
    if len({name.casefold() for name, _value in fields}) < len(fields):
        raise Refused("repeated")
    return Message(fields)


def encode_form(fields: Iterable[tuple[str, str]]) -> str:
    """Write fields as the body of a form post, UTF-8.

    >>> encode_form((("oid", "A1"), ("ErrMsg", "Şifre yok")))
    'oid=A1&ErrMsg=%C5%9Eifre+yok'
    """
    return urlencode(tuple(fields))


def parse_xml(body: bytes, limit: int = 65536) -> etree._Element:
    """Read an XML document in the encoding that it declares, UTF-8 if it declares none.

    The document is decoded here and not by the XML library, so that there is one place
    that says which encodings there are; a document type, a comment and a processing
    instruction are refused before the library sees them.

    :return: the root element
    :raise Refused: with ``size``, ``charset``, ``markup``, ``malformed`` or ``depth``

    >>> parse_xml(b'<?xml version="1.0" encoding="ISO-8859-9"?><a>\\xde</a>').text
    'Ş'
    """
    if len(body) > limit:
        raise Refused("size")
    text = _decode_xml(body.strip())
    if _MARKUP.search(text):
        raise Refused("markup")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("malformed") from None
    _check_depth(root)
    return root


def build_xml(name: str, children: Iterable[tuple]) -> bytes:
    """Write a document in real ISO-8859-9 bytes, with references for all other letters.

    :param children: pairs of a name and a text, or of a name and such pairs

    >>> build_xml("a", (("b", "Ş€"), ("c", (("d", ""),)))).splitlines()[1]
    b'<a><b>\\xde&#8364;</b><c><d></d></c></a>'
    """
    root = etree.Element(name)
    _append(root, children)
    return etree.tostring(root, encoding=XML_ENCODING, xml_declaration=True)


def _check_content_type(content_type: str) -> None:
    kind, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if kind != FORM_TYPE:
        raise Refused("content_type")
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') != "utf-8":
            raise Refused("charset")


def _read_pair(piece: bytes) -> tuple[str, str]:
    name, equals, value = piece.partition(b"=")
    if not name or not equals:
        raise Refused("malformed")
    return _read_text(name), _read_text(value)


def _read_text(octets: bytes) -> str:
    try:
        text = unquote_to_bytes(octets.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("charset") from None
    if "\0" in text:
        raise Refused("nul")
    return text


def _decode_xml(body: bytes) -> str:
    """:return: the document without its declaration"""
    declaration = _DECLARATION.match(body.removeprefix(b"\xef\xbb\xbf"))
    body = body.removeprefix(b"\xef\xbb\xbf")
    declared = declaration and _DECLARED.search(declaration[0])
    codec = _CODECS.get(declared[1].decode().lower() if declared else "utf-8")
    if not codec:
        raise Refused("charset")
    try:
        return body[declaration.end() if declaration else 0 :].decode(codec)
    except UnicodeDecodeError:
        raise Refused("charset") from None


def _check_depth(root: etree._Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused("depth")
        level = [child for element in level for child in element]


def _append(parent: etree._Element, children: Iterable[tuple]) -> None:
    for name, content in children:
        child = etree.SubElement(parent, name)
        if isinstance(content, str):
            child.text = content
        else:
            _append(child, content)
