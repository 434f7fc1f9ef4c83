"""XML requests as flat fields, and answers as nested dicts."""

import urllib.parse

from lxml import etree

from .safe_xml import BadXml, parse_xml


def document_bytes(body, field):
    """Return the XML of a request: the raw body, or the value of one form field.

    The value stays bytes. Its encoding is what the XML declares, not what a web form
    would have.
    """
    if body.lstrip()[:1] == b"<":
        return body.strip()
    for part in body.split(b"&"):
        name, _equals, value = part.partition(b"=")
        if name == field.encode():
            return urllib.parse.unquote_to_bytes(value.replace(b"+", b" ")).strip()
    raise BadXml(f"no {field}")


def read_fields(document, root_name):
    """Return the texts of a document by path, such as ``{"Terminal/ID": "1"}``.

    :raise BadXml: for another root, or an element that comes twice
    """
    root = parse_xml(document)
    if root.tag != root_name:
        raise BadXml(f"not a {root_name}")
    fields = {}
    _collect(fields, root, "")
    return fields


def _collect(fields, parent, path):
    for element in parent.iterchildren(tag=etree.Element):
        name = f"{path}{element.tag}"
        if len(element):
            _collect(fields, element, f"{name}/")
            continue
        if name in fields:
            raise BadXml(f"{name} is repeated")
        fields[name] = (element.text or "").strip()


def write_tree(name, content, encoding="UTF-8"):
    """Return a document of nested dicts; a list repeats its element."""
    root = etree.Element(name)
    _fill(root, content)
    return etree.tostring(root, encoding=encoding, xml_declaration=True)


def _fill(parent, content):
    for name, value in content.items():
        for item in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(element, item)
            else:
                element.text = item
