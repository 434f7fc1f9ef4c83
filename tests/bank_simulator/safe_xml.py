"""Reading XML of strangers: no DOCTYPE, no entities, no network."""

import re

from lxml import etree

_DOCTYPE = re.compile(rb"<!\s*DOCTYPE", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class BadXml(Exception):
    """The text is not XML that the bank wants to read."""


def parse_xml(document):
    """Return the root element of a document.

    :param document: bytes in the encoding that they declare; or text, whose declaration
        has no say any more
    """
    if isinstance(document, str):
        document = _DECLARATION.sub("", document).encode("utf-8", "replace")
    if _DOCTYPE.search(document):
        raise BadXml("DOCTYPE")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(document.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXml("not well-formed") from error
    # A DOCTYPE in another encoding gets past the search in the bytes.
    if root.getroottree().docinfo.doctype:
        raise BadXml("DOCTYPE")
    return root
