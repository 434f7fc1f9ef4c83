"""CC5 XML: reading requests and writing answers."""

from lxml import etree

from ..safe_xml import BadXml, parse_xml

_ENCODING = "ISO-8859-9"
# Elements that have elements; a field of theirs is known by its path.
GROUPS = ("Extra", "PbOrder")


def read_request(document):
    """Return the fields of a CC5Request; those of a group are under ``Extra/NAME``.

    An empty PbOrder is a field too: somebody meant a recurring order.
    """
    root = parse_xml(document)
    if root.tag != "CC5Request":
        raise BadXml("not a CC5Request")
    fields = {}
    for element in root.iterchildren(tag=etree.Element):
        if element.tag in GROUPS and len(element):
            for inner in element.iterchildren(tag=etree.Element):
                _add(fields, f"{element.tag}/{inner.tag}", inner)
        else:
            _add(fields, element.tag, element)
    return fields


def _add(fields, name, element):
    if name in fields or len(element):
        raise BadXml("repeated or nested element")
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
