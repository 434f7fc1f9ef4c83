"""Long tables in files: what is read, and what is refused as a whole."""

import io
import re
import zipfile

import openpyxl
import pytest
from pos_gateway.tabular import table as module
from pos_gateway.tabular.table import read_table
from pos_gateway.tabular.workbook import UnreadableFile


def xlsx(*rows, **sheets):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for name, state in sheets.items():
        book.create_sheet(name).append(["of", name])
        book[name].sheet_state = state
    book.save(content)
    return content.getvalue()


def changed(content, pattern, text):
    """The same workbook, with another text in its first sheet's XML."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            part = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                part, count = re.subn(pattern, text, part)
                assert count
            new.writestr(info.filename, part)
    return result.getvalue()


def all_of(content):
    table = read_table(content)
    return table.headers, list(table.rows)


def refusal(content):
    with pytest.raises(UnreadableFile) as refused:
        all_of(content)
    return refused.value.reason


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_is_that_of_the_first_line(separator, end):
    text = end.join((separator.join("abc"), "", separator.join(("1", " 2 ", '"x\ny"'))))
    assert all_of(text.encode()) == (("a", "b", "c"), [(3, ["1", "2", "x\ny"])])


def test_a_line_that_names_the_separator_is_no_row():
    assert all_of(b"sep=,\na;x,b\n1,2\n") == (("a;x", "b"), [(3, ["1", "2"])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "iso8859-9"])
def test_turkish_letters_are_read_in_every_encoding_in_which_they_come(encoding):
    words = "Işık;ĞÜŞİÖÇ;ğüşıöç"
    assert all_of(words.encode(encoding))[0] == tuple(words.split(";"))


def test_a_row_keeps_the_number_that_a_spreadsheet_shows():
    content = xlsx(["a", "b"], [], [None, None], [1, 2])
    assert all_of(content) == (("a", "b"), [(4, ["1", "2"])])


def test_values_of_a_spreadsheet_are_texts_as_a_person_would_type_them():
    content = xlsx(["a"], [454360], [454360.0], [0.1], [True], [1e22], ["  x "])
    texts = [row[0] for _number, row in all_of(content)[1]]
    assert texts == ["454360", "454360", "0.1", "True", "1" + "0" * 22, "x"]


def test_a_wrong_size_in_a_sheet_loses_no_rows():
    content = changed(
        xlsx(["a", "b"], [1, 2]), rb'<dimension ref="[^"]+"', b'<dimension ref="A1"'
    )
    assert all_of(content) == (("a", "b"), [(2, ["1", "2"])])


def test_a_hidden_sheet_is_not_read():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(["hidden"], Seen="visible")))
    book.active = 1
    book.worksheets[0].sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    assert all_of(content.getvalue())[0] == ("of", "Seen")


def test_cells_that_are_formatted_only_do_not_make_a_table_wide():
    assert all_of(b"a;b" + b";" * 500 + b"\n1;2" + b";" * 500)[0] == ("a", "b")


def test_a_row_with_an_absurd_number_is_refused_and_not_counted_up_to():
    content = changed(xlsx(["a"], [1]), rb'<row r="2"', b'<row r="99999999999"')
    assert refusal(content) == "wide"


def test_entities_that_multiply_are_refused():
    bomb = b"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>"
    for index in range(1, 12):
        bomb += b"<!ENTITY a%d '%s'>" % (index, b"&a%d;" % (index - 1) * 10)
    content = changed(xlsx(["a"], ["b"]), rb"^", bomb + b"]>")
    content = changed(content, rb"<sheetData>", b"<sheetData>&a11;")
    assert refusal(content) == "broken"


def test_what_unpacks_to_too_much_is_not_unpacked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/huge.xml", "w", force_zip64=True) as part:
            for _ in range(module.MOST_UNPACKED // 1_000_000 + 1):
                part.write(bytes(1_000_000))
    assert len(content.getvalue()) < 1_000_000
    assert refusal(content.getvalue()) == "too_big"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b";;\n;", "empty"),
        (b"PK\x03\x04 not an archive", "broken"),
        (b"\xd0\xcf\x11\xe0 old", "old_format"),
        (b"a;b\n\x00;1\n", "broken"),
        ("a;b".encode("utf-16"), "broken"),
        (b"a;\x81\n", "encoding"),
        ((";" * 100 + "\n").encode() + b"x" + b";x" * 100, "wide"),
        (b"a" * (module.MOST_BYTES + 1), "too_big"),
        (b"a\n" * (module.MOST_ROWS + 2), "wide"),
        (b'a;"' + b"x" * 200_000, "broken"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content, reason):
    assert refusal(content) == reason
