import io

import openpyxl
import pytest
from pos_gateway.card_list.reading import CardRow, Problem, find_columns, read_rows
from pos_gateway.pricing.cards import CardKind
from pos_gateway.tabular.table import read_table
from pos_gateway.tabular.workbook import UnreadableFile


def read(content):
    table = read_table(content)
    found = list(read_rows(table.rows, find_columns(table.headers)))
    rows = [row for row in found if isinstance(row, CardRow)]
    return rows, [row for row in found if isinstance(row, Problem)]


def xlsx(*rows):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


TURKISH = """BIN;Banka;Kart Programı;Kart Tipi;Ticari;Marka
454360;Yapı Kredi;World;Kredi Kartı;Hayır;VISA
54006102;Garanti BBVA;Bonus;KREDİ;Evet;MASTERCARD
979204;Halkbank;;Banka Kartı;;Troy
4543 61;0064;-;Ön Ödemeli;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254"])
def test_a_turkish_list_is_read_in_the_encodings_in_which_it_comes(encoding):
    rows, problems = read(TURKISH.encode(encoding))
    assert not problems
    assert [(row.prefix, row.kind) for row in rows] == [
        ("454360", CardKind.CREDIT),
        ("54006102", CardKind.COMMERCIAL),
        ("979204", CardKind.DEBIT),
        ("454361", CardKind.PREPAID),
    ]
    assert rows[0].program == "World" and rows[0].scheme == "visa"
    assert rows[3].program == "" and rows[3].issuer == "0064"


def test_a_spreadsheet_may_hold_prefixes_as_numbers():
    content = xlsx(["bin", "type"], [454360, "credit"], [45436001.0, "debit"])
    rows, problems = read(content)
    assert not problems
    assert [row.prefix for row in rows] == ["454360", "45436001"]
    assert [row.number for row in rows] == [2, 3]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("45436;credit;;;", "prefix", "prefix"),
        ("454360012;credit;;;", "prefix", "prefix"),
        ("45436A;credit;;;", "prefix", "prefix"),
        (";credit;;;", "prefix", "prefix"),
        ("٤٥٤٣٦٠;credit;;;", "prefix", "prefix"),
        ("454360;gold;;;", "kind", "kind"),
        ("454360;credit;perhaps;;", "commercial", "commercial"),
        ("454360;credit;;diners club;", "scheme", "scheme"),
    ],
)
def test_what_is_not_understood_is_told_with_row_and_column(line, column, reason):
    rows, problems = read(f"bin;type;commercial;brand\n{line}\n".encode())
    assert not rows
    assert [(p.number, p.column, p.reason) for p in problems] == [(2, column, reason)]


def test_rows_that_say_the_same_count_once_and_others_contradict():
    content = b"bin,type\n454360,credit\n454360,credit\n454360,debit\n"
    rows, problems = read(content)
    assert [row.number for row in rows] == [2]
    assert [(p.number, p.reason, p.other) for p in problems] == [
        (4, "contradiction", 2)
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04 not an archive", "broken"),
        (b"\xd0\xcf\x11\xe0 old", "old_format"),
        (b"a;b\n\x00;1\n", "broken"),
        ((";" * 100 + "\n").encode() + b"x" + b";x" * 100, "wide"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content, reason):
    with pytest.raises(UnreadableFile) as refused:
        list(read_table(content).rows)
    assert refused.value.reason == reason
