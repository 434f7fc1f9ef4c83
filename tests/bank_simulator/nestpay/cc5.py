"""CC5 XML: reading requests and writing answers."""

import re
import urllib.parse

from lxml import etree

_ENCODING = "ISO-8859-9"
_DOCTYPE = re.compile(rb"<!\s*DOCTYPE", re.IGNORECASE)


class BadRequest(Exception):
    """The text is not a CC5Request that the bank wants to read."""


def document_bytes(body):
    """Return the XML of a request: the raw body, or the value of form field DATA.

    The value stays bytes. Its encoding is what the XML declares, not what a web form
    would have.
    """
    if body.lstrip()[:1] == b"<":
        return body.strip()
    for part in body.split(b"&"):
        name, _equals, value = part.partition(b"=")
        if name == b"DATA":
            return urllib.parse.unquote_to_bytes(value.replace(b"+", b" ")).strip()
    raise BadRequest("no DATA")


def read_request(document):
    """Return the fields of a CC5Request; those of Extra are under ``Extra/NAME``."""
    if _DOCTYPE.search(document):
        raise BadRequest("DOCTYPE")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadRequest("not well-formed") from error
    # A DOCTYPE in another encoding gets past the search in the bytes.
    if root.getroottree().docinfo.doctype or root.tag != "CC5Request":
        raise BadRequest("not a CC5Request")
    fields = {}
    for element in root.iterchildren(tag=etree.Element):
        if element.tag == "Extra":
            for extra in element.iterchildren(tag=etree.Element):
                _add(fields, f"Extra/{extra.tag}", extra)
        else:
            _add(fields, element.tag, element)
    return fields


def _add(fields, name, element):
    if name in fields or len(element):
        raise BadRequest("repeated or nested element")
    fields[name] = (element.text or "").strip()


def write_answer(fields, extra):
    """Return a CC5Response in the encoding that the bank declares."""
    root = etree.Element("CC5Response")
    for name, value in fields.items():
        etree.SubElement(root, name).text = value
    holder = etree.SubElement(root, "Extra")
    for name, value in extra.items():
        etree.SubElement(holder, name).text = value
    return etree.tostring(root, encoding=_ENCODING, xml_declaration=True)
