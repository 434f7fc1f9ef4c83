"""Bytes from outside: exactly right, or refused."""

import time

import pytest
from pos_gateway.protocols import wire
from pos_gateway.protocols.answers import Message, Refused

FORM = wire.FORM_TYPE


def refusal(read, *args):
    with pytest.raises(Refused) as caught:
        read(*args)
    return caught.value.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "malformed"),
        (b"a=1&", "malformed"),
        (b"a=1&&b=2", "malformed"),
        (b"a", "malformed"),
        (b"=1", "malformed"),
        (b"a=%", "malformed"),
        (b"a=%4", "malformed"),
        (b"a=%zz", "malformed"),
        (b"a=%u0041", "malformed"),
        (b"a=1\r\n", "malformed"),
        (b"a=\xc5\x9e", "malformed"),
        (b"a=\x00", "malformed"),
        (b"a=%00", "nul"),
        (b"%00a=1", "nul"),
        (b"a=%FE", "charset"),
        (b"a=%C0%80", "charset"),
        (b"a=%ED%A0%80", "charset"),
        (b"a=1&a=1", "repeated"),
        (b"HASH=1&hash=2", "repeated"),
        (b"HASH=1&%48ash=2", "repeated"),
        (b"stra%C3%9Fe=1&STRASSE=2", "repeated"),
        (b"&".join(b"f%d=1" % n for n in range(201)), "fields"),
        (b"a=" + b"1" * 65536, "size"),
    ],
)
def test_a_form_that_is_not_exactly_right_is_refused(body, reason):
    assert refusal(wire.parse_form, body, FORM) == reason


@pytest.mark.parametrize(
    ("content_type", "reason"),
    [
        ("", "content_type"),
        ("text/plain", "content_type"),
        ("multipart/form-data; boundary=x", "content_type"),
        ("application/json", "content_type"),
        (f"{FORM}; charset=iso-8859-9", "charset"),
        (f"{FORM}; charset=utf-8; charset=utf-7", "charset"),
        (f"{FORM}; CHARSET=windows-1254", "charset"),
    ],
)
def test_another_kind_of_body_is_refused(content_type, reason):
    assert refusal(wire.parse_form, b"a=1", content_type) == reason


@pytest.mark.parametrize(
    "content_type",
    [
        FORM,
        FORM.title(),
        f"{FORM};charset=UTF-8",
        f'{FORM}; charset="utf-8"',
    ],
)
def test_a_form_in_utf8_is_read(content_type):
    assert wire.parse_form(b"a=1", content_type).fields == (("a", "1"),)


def test_two_hundred_fields_are_read_and_keep_their_order():
    body = b"&".join(b"f%d=%d" % (n, n) for n in range(200))
    fields = wire.parse_form(body, FORM).fields
    assert fields == tuple((f"f{n}", str(n)) for n in range(200))


def test_what_was_written_is_read_again():
    fields = (("oid", "A 1+%&=|\\"), ("Ş.ı", "Ğü İ\n"), ("taksit", ""))
    assert wire.parse_form(wire.encode_form(fields).encode(), FORM).fields == fields


ENTITY = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'
BOMB = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    + "]><a>&a8;</a>"
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "malformed"),
        (b"<a>", "malformed"),
        (b"<a/><b/>", "malformed"),
        (b"<html><br></html>", "malformed"),
        (b"Sistem bakimda", "malformed"),
        (b"<a>&e;</a>", "malformed"),
        (b"<a>&#0;</a>", "malformed"),
        (b"<a>\x00</a>", "malformed"),
        (b"<!DOCTYPE a><a/>", "markup"),
        (b"<!doctype a><a/>", "markup"),
        (ENTITY.encode(), "markup"),
        (BOMB.encode(), "markup"),
        (b"<a>1<!-- -->2</a>", "markup"),
        (b"<a><?php ?></a>", "markup"),
        (b"<a>\xfe</a>", "charset"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xfe</a>', "charset"),
        (b'<?xml version="1.0" encoding="windows-1254"?><a>\x81</a>', "charset"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "charset"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "charset"),
        (ENTITY.encode("utf-16"), "charset"),
        (b"<a>" * 33 + b"</a>" * 33, "depth"),
        (b"<a>" * 9000 + b"</a>" * 9000, "malformed"),
        (b"<a>" + b"1" * 65536 + b"</a>", "size"),
    ],
)
def test_a_document_that_is_not_exactly_right_is_refused(body, reason):
    start = time.perf_counter()
    assert refusal(wire.parse_xml, body) == reason
    assert time.perf_counter() - start < 0.25


def test_ten_megabytes_are_refused_before_they_are_read():
    assert refusal(wire.parse_xml, b"<a>" * 3_500_000) == "size"


@pytest.mark.parametrize(
    ("declared", "octets"),
    [
        ("ISO-8859-9", b"\xde\xfd"),
        ("iso-8859-9", b"\xde\xfd"),
        ("windows-1254", b"\xde\xfd"),
        ("UTF-8", "Şı".encode()),
        ("ISO-8859-9", b"&#350;&#x131;"),
    ],
)
def test_the_declared_encoding_is_honoured(declared, octets):
    body = f'<?xml version="1.0" encoding="{declared}"?><a>'.encode() + octets + b"</a>"
    assert wire.parse_xml(body).text == "Şı"


def test_an_undeclared_document_is_utf8_with_or_without_a_mark():
    assert wire.parse_xml("<a>Ş</a>".encode()).text == "Ş"
    assert wire.parse_xml("\ufeff<a>Ş</a>".encode()).text == "Ş"


def test_depth_thirty_two_is_still_read():
    assert wire.parse_xml(b"<a>" * 32 + b"</a>" * 32).tag == "a"


def test_a_written_document_is_iso_8859_9_and_reads_back():
    body = wire.build_xml("R", (("A", "Şığ €<&"), ("E", (("B", "x"),))))
    assert b"\xde\xfd\xf0 &#8364;&lt;&amp;" in body
    assert b"ISO-8859-9" in body.splitlines()[0]
    root = wire.parse_xml(body)
    assert (root.findtext("A"), root.findtext("E/B")) == ("Şığ €<&", "x")


@pytest.mark.parametrize(
    ("names", "reason"),
    [(("HASH", "hash"), "repeated"), (("oid", "oid"), "repeated"), (("ﬁd",), "name")],
)
def test_names_that_could_be_taken_for_one_another_are_refused(names, reason):
    message = Message(tuple((name, "1") for name in names))
    with pytest.raises(Refused, match=reason):
        wire.unique_fields(message)
