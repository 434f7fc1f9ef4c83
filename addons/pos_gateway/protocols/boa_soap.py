"""The SOAP 1.1 service of Kuveyt Türk: an envelope around a call, and out of it."""

from collections.abc import Mapping

from lxml import etree

from . import wire
from .answers import Refused

SERVICE = "http://boa.net/BOA.Integration.VirtualPos/Service"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=UTF-8"


def action(method: str) -> str:
    return f"{SERVICE}/IVirtualPosService/{method}"


def envelope(method: str, fields: Mapping) -> bytes:
    """
    >>> b"<ser:request><ser:A>1</ser:A></ser:request>" in envelope("M", {"A": "1"})
    True
    """
    names = {"soapenv": _SOAP, "ser": SERVICE}
    root = etree.Element(f"{{{_SOAP}}}Envelope", nsmap=names)
    body = etree.SubElement(root, f"{{{_SOAP}}}Body")
    _append(etree.SubElement(body, f"{{{SERVICE}}}{method}"), {"request": fields})
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def result_of(body: bytes, methods: tuple[str, ...], limit: int) -> etree._Element:
    """:return: what the service answers to one of these methods

    :raise Refused: with ``document``, if it is no such answer; as ``wire.parse_xml``
    """
    node = wire.parse_xml(body, limit)
    wanted = (
        ("Envelope",),
        ("Body",),
        tuple(f"{method}Response" for method in methods),
        tuple(f"{method}Result" for method in methods),
    )
    if etree.QName(node).localname not in wanted[0]:
        raise Refused("document")
    for names in wanted[1:]:
        found = [c for c in node if etree.QName(c).localname in names]
        if len(found) != 1:
            raise Refused("document")
        (node,) = found
    return node


def _append(parent: etree._Element, fields: Mapping) -> None:
    for name, node in fields.items():
        child = etree.SubElement(parent, f"{{{SERVICE}}}{name}")
        if isinstance(node, str):
            child.text = node
        else:
            _append(child, node)
