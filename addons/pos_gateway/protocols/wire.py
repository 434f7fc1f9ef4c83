"""Bytes from outside -> fields or an XML tree, within limits; and the way back.

Everything that is not exactly as it should be raises ``Refused``; nothing is repaired,
because what is repaired here could have been read differently by whoever signed it.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urlencode

from lxml import etree

from .answers import Message, Refused
from .types import Operation

FORM_TYPE = "application/x-www-form-urlencoded"
LIMIT = 64 * 1024
LIST_LIMIT = 8 * 1024 * 1024
"""Bytes: of a message about one order, and of a list of many."""
MAX_FIELDS = 200
MAX_DEPTH = 32
MAX_BRACKETS = 5000
MAX_PARTS = 400_000
"""Tags of an XML document, commas of a JSON text: the longest lists have fewer."""
MAX_LEAVES = 20000
MAX_ATTRIBUTES = 50
XML_ENCODING = "ISO-8859-9"

_LISTS = "history day_list bin recurring_status".split()
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


def parse_form(body: bytes, content_type: str, limit: int = LIMIT) -> Message:
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


def plain_fields(message: Message) -> dict[str, str]:
    """Read a message whose names may hold other letters than ASCII.

    :raise Refused: with ``repeated``, in whatever letter case
    """
    fields = dict(message.fields)
    if len({name.casefold() for name in fields}) < len(message.fields):
        raise Refused("repeated")
    return fields


def unique_fields(message: Message) -> dict[str, str]:
    """Read a message whose names count with their letter case.

    :raise Refused: with ``name`` (not plain letters) or ``repeated``, in whatever
        letter case: of two fields nobody knows which one was signed
    """
    fields = dict(message.fields)
    if len(fields) < len(message.fields):
        raise Refused("repeated")
    _check_names(tuple(fields))
    return fields


@lru_cache(maxsize=128)
def _check_names(names: tuple[str, ...]) -> None:
    """A bank writes the same names each time: those that are right are remembered."""
    if not "".join(names).isascii():
        raise Refused("name")
    if len({name.upper() for name in names}) < len(names):
        raise Refused("repeated")


def limit_of(operation: Operation) -> int:
    """:return: how long an answer may be, in bytes"""
    return LIST_LIMIT if operation in _LISTS else LIMIT


def encode_form(fields: Iterable[tuple[str, str]]) -> str:
    """Write fields as the body of a form post, UTF-8.

    >>> encode_form((("oid", "A1"), ("ErrMsg", "Şifre yok")))
    'oid=A1&ErrMsg=%C5%9Eifre+yok'
    """
    return urlencode(tuple(fields))


def parse_xml(body: bytes, limit: int = LIMIT) -> etree._Element:
    """Read an XML document in the encoding that it declares, UTF-8 if it declares none.

    The document is decoded here and not by the XML library, so that there is one place
    that says which encodings there are; a document type, a comment and a processing
    instruction are refused before the library sees them.

    :return: the root element
    :raise Refused: with ``size``, ``charset``, ``markup``, ``malformed``, ``depth`` or
        ``fields``

    >>> parse_xml(b'<?xml version="1.0" encoding="ISO-8859-9"?><a>\\xde</a>').text
    'Ş'
    """
    if len(body) > limit:
        raise Refused("size")
    text = _decode_xml(body.strip())
    if _MARKUP.search(text):
        raise Refused("markup")
    if text.count("<") > MAX_PARTS:
        raise Refused("fields")
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
    _check_shape(root)
    return root


def build_xml(
    name: str, children: Iterable[tuple], encoding: str = XML_ENCODING
) -> bytes:
    """Write a document, by default in real ISO-8859-9 bytes; letters that the encoding
    lacks are written as references.

    :param children: pairs of a name and a text, or of a name and such pairs

    >>> build_xml("a", (("b", "Ş€"), ("c", (("d", ""),)))).splitlines()[1]
    b'<a><b>\\xde&#8364;</b><c><d></d></c></a>'
    """
    root = etree.Element(name)
    _append(root, children)
    return etree.tostring(root, encoding=encoding, xml_declaration=True)


def parse_json(body: bytes, limit: int = LIMIT) -> dict:
    """Read a JSON object, all of whose values become texts: no float is ever made.

    :return: dicts, lists and texts; ``null`` is the empty text
    :raise Refused: with ``size``, ``charset``, ``malformed``, ``depth``, ``fields`` or
        ``repeated``

    >>> parse_json(b'{"Amount": 1.10, "Ok": true, "x": null}')
    {'Amount': '1.10', 'Ok': 'true', 'x': ''}
    """
    if len(body) > limit:
        raise Refused("size")
    if max(body.count(b"{"), body.count(b"[")) > MAX_BRACKETS:
        raise Refused("depth")
    if body.count(b",") > MAX_PARTS:
        raise Refused("fields")
    try:
        text = body.decode("utf-8-sig")
        tree = json.loads(
            text,
            object_pairs_hook=_json_object,
            parse_float=str,
            parse_int=str,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError:
        raise Refused("charset") from None
    except RecursionError:
        raise Refused("depth") from None
    except ValueError:
        raise Refused("malformed") from None
    if not isinstance(tree, dict):
        raise Refused("malformed")
    return tree


def build_json(tree: dict) -> bytes:
    """Write a JSON object compactly, in UTF-8: sign and send these very bytes."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def parse_pairs(body: bytes, limit: int = LIMIT) -> dict[str, str]:
    """Read ``name=value;;name=value``.

    :raise Refused: with ``size``, ``charset``, ``malformed``, ``fields``, ``repeated``

    >>> parse_pairs(b"ProcReturnCode=00;;ErrMsg=a=b;;")
    {'ProcReturnCode': '00', 'ErrMsg': 'a=b'}
    """
    if len(body) > limit:
        raise Refused("size")
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refused("charset") from None
    pieces = [piece.partition("=") for piece in text.split(";;") if piece.strip()]
    if len(pieces) > MAX_FIELDS:
        raise Refused("fields")
    if not pieces or not all(name.strip() and equals for name, equals, _v in pieces):
        raise Refused("malformed")
    pairs = {name.strip(): value.strip() for name, _equals, value in pieces}
    if len(pairs) < len(pieces):
        raise Refused("repeated")
    return pairs


def flatten(
    tree: etree._Element | dict, rows_at: Iterable[str] = ()
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Lay out a document as texts by dotted path, without the name of the root.

    XML namespaces and attributes are left out. What is repeated is refused, except at
    the paths that may hold rows; a row has its own paths, under ``""`` if it is a text.
    An element with both text and elements in it is refused.

    :param rows_at: dotted paths of the lists, or of elements that may come repeatedly
    :return: the texts, and the rows in their order
    :raise Refused: with ``repeated``, ``mixed``, ``depth`` or ``fields``

    >>> flatten({"a": {"b": "1"}, "r": [{"c": "2"}, {"c": "3"}]}, ["r"])
    ({'a.b': '1'}, [{'c': '2'}, {'c': '3'}])
    """
    fields: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    places = frozenset(rows_at)
    stack = [("", tree, 0)]
    while stack:
        path, node, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise Refused("depth")
        if path in places and not isinstance(node, list):
            rows.append(_row(node))
            continue
        text, children = _parts(node, path in places)
        inner = [(_inner(path, name), child) for name, child in children]
        once = [name for name, _child in inner if name not in places]
        if len({*once}) < len(once):
            raise Refused("repeated")
        stack += ((name, child, depth + 1) for name, child in reversed(inner))
        if not children and text is not None and path:
            if path in fields:
                raise Refused("repeated")
            fields[path] = text
        if len(fields) > MAX_LEAVES or len(rows) > MAX_LEAVES:
            raise Refused("fields")
    return fields, rows


def without(root: etree._Element, *names: str) -> etree._Element:
    """Take out the elements of these names: lists that nobody reads, leaked secrets.

    >>> etree.tostring(without(parse_xml(b"<a><b><c/></b><d/><b/></a>"), "b"))
    b'<a><d/></a>'
    """
    for element in list(root.iter(*names)):
        if element is not root:
            element.getparent().remove(element)
    return root


def _inner(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _row(node) -> dict[str, str]:
    fields, _rows = flatten(node)
    return fields or {"": _parts(node, False)[0] or ""}


def _parts(node, is_list: bool) -> tuple[str | None, list[tuple[str, object]]]:
    """:return: the text of a leaf, or the named children"""
    if isinstance(node, str):
        return node, []
    if isinstance(node, dict):
        return ("" if not node else None), list(node.items())
    if isinstance(node, list):
        if not is_list and node:
            raise Refused("repeated")
        return None, [("", child) for child in node]
    children = [(etree.QName(child).localname, child) for child in node]
    text = (node.text or "").strip()
    if children and (text or any((child.tail or "").strip() for child in node)):
        raise Refused("mixed")
    return text, children


def _json_object(pairs: list[tuple[str, object]]) -> dict:
    tree = {name: _json_text(value) for name, value in pairs}
    if len(tree) < len(pairs):
        raise Refused("repeated")
    return tree


def _json_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [_json_text(item) for item in value]
    return value


def _no_constant(_name: str):
    raise ValueError("not a number")


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


def _check_shape(root: etree._Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused("depth")
        if any(len(element.attrib) > MAX_ATTRIBUTES for element in level):
            raise Refused("fields")
        level = [child for element in level for child in element]


def _append(parent: etree._Element, children: Iterable[tuple]) -> None:
    for name, content in children:
        child = etree.SubElement(parent, name)
        if isinstance(content, str):
            child.text = content
        else:
            _append(child, content)
