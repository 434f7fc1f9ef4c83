"""PosNet XML: reading requests and writing answers."""

from dataclasses import dataclass

from lxml import etree

from ..safe_xml import BadXml, parse_xml

ENCODING = "ISO-8859-9"
HEAD = ("mid", "tid", "tranDateRequired")


@dataclass(frozen=True)
class Request:
    """A posnetRequest: its head, the name of its one element, the element's fields."""

    merchant_no: str
    terminal_no: str
    tran_date_required: bool
    name: str
    fields: dict


def read_request(text):
    """Return the Request of an xmldata field.

    :raise BadXml: also for a request with no element, or with more than one
    """
    root = parse_xml(text)
    if root.tag != "posnetRequest":
        raise BadXml("not a posnetRequest")
    head, bodies = {}, []
    for element in root.iterchildren(tag=etree.Element):
        if element.tag not in HEAD:
            bodies.append(element)
        elif element.tag in head:
            raise BadXml("repeated element")
        else:
            head[element.tag] = (element.text or "").strip()
    if len(bodies) != 1:
        raise BadXml("not one transaction")
    return Request(
        merchant_no=head.get("mid", ""),
        terminal_no=head.get("tid", ""),
        tran_date_required=head.get("tranDateRequired") == "1",
        name=bodies[0].tag,
        fields=_fields(bodies[0]),
    )


def _fields(body):
    fields = {}
    for element in body.iterchildren(tag=etree.Element):
        if element.tag in fields or len(element):
            raise BadXml("repeated or nested element")
        fields[element.tag] = (element.text or "").strip()
    return fields


def write_answer(answer, declared=ENCODING):
    """Return a posnetResponse.

    :param answer: names and texts; a dict is an element with elements, a list is one
        with as many elements of the singular name
    :param declared: what the declaration says, which is not always true
    """
    root = etree.Element("posnetResponse")
    _write(root, answer)
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n'.encode("ascii")
    return declaration + etree.tostring(root, encoding=ENCODING, xml_declaration=False)


def _write(parent, answer):
    for name, value in answer.items():
        element = etree.SubElement(parent, name)
        if isinstance(value, dict):
            _write(element, value)
        elif isinstance(value, list):
            for row in value:
                _write(element, {name.removesuffix("s"): row})
        else:
            element.text = value
