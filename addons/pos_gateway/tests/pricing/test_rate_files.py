"""What is no table, or a dangerous one, is refused before it is read."""

import io
import zipfile

import pytest
from pos_gateway.tabular.workbook import UnreadableFile, read_sheets


def test_what_is_no_such_file_is_refused():
    for content, reason in (
        (b"", "empty"),
        (b"PK\x03\x04 nonsense", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format"),
        (b"a;b\x00c", "broken"),
        (b"x" * 5_000_001, "too_big"),
        (b";" * 500, "wide"),
    ):
        with pytest.raises(UnreadableFile) as refusal:
            read_sheets(content)
        assert refusal.value.reason == reason, content[:20]


def test_an_archive_that_unpacks_to_a_huge_one_is_refused():
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 25_000_000)
    with pytest.raises(UnreadableFile) as refusal:
        read_sheets(octets.getvalue())
    assert refusal.value.reason == "too_big"


def test_xml_that_declares_entities_is_refused():
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    with pytest.raises(UnreadableFile) as refusal:
        read_sheets(octets.getvalue())
    assert refusal.value.reason == "broken"
