import io

import openpyxl
import pytest
from pos_gateway.card_list.reading import HEADERS, CardRow, Problem, read_rows
from pos_gateway.pricing.cards import CardKind
from pos_gateway.tabular.headers import find_columns
from pos_gateway.tabular.table import read_table


def read(content):
    table = read_table(content)
    found = list(read_rows(table.rows, find_columns(table.headers, HEADERS)))
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
        ("45436;credit;;;", "prefix", "short"),
        ("454360012;credit;;;", "prefix", "long"),
        ("4543600100000002;credit;;;", "prefix", "long"),
        ("45436A;credit;;;", "prefix", "digits"),
        ("4,54360E+05;credit;;;", "prefix", "digits"),
        ("454360.5;credit;;;", "prefix", "digits"),
        ("-454360;credit;;;", "prefix", "digits"),
        (";credit;;;", "prefix", "missing"),
        ("٤٥٤٣٦٠;credit;;;", "prefix", "digits"),
        ("454360;gold;;;", "kind", "unknown"),
        ("454360;credit;perhaps;;", "commercial", "unknown"),
        ("454360;ticari;hayır;;", "commercial", "otherwise"),
        ("454360;bireysel;evet;;", "commercial", "otherwise"),
        ("454360;credit;;diners club;", "scheme", "unknown"),
    ],
)
def test_what_is_not_understood_is_told_with_row_and_column(line, column, reason):
    rows, problems = read(f"bin;type;commercial;brand\n{line}\n".encode())
    assert not rows
    assert [(p.number, p.column, p.reason) for p in problems] == [(2, column, reason)]


def test_no_whole_card_number_comes_back_in_a_reason():
    _rows, problems = read(b"bin\n4543600100000002\n")
    assert problems[0].text == "45436001…"


@pytest.mark.parametrize(
    "text", ["454360", "454360.0", '"454360,00"', "4543 60", "454360**", "'454360"]
)
def test_a_prefix_that_reads_in_one_way_only_is_taken(text):
    rows, problems = read(f"bin;type\n{text};credit\n".encode())
    assert not problems and rows[0].prefix == "454360"


@pytest.mark.parametrize(
    ("kind", "commercial", "expected"),
    [
        ("Kredi Kartı", "", CardKind.CREDIT),
        ("CREDIT_CARD", "hayır", CardKind.CREDIT),
        ("Kredi Kartı", "1", CardKind.COMMERCIAL),
        ("Banka Kartı", "evet", CardKind.DEBIT),
        ("Ticari Kredi Kartı", "evet", CardKind.COMMERCIAL),
        ("Commercial Credit Card", "", CardKind.COMMERCIAL),
        ("Bireysel Kredi Kartı", "", CardKind.CREDIT),
        ("Consumer Credit Card", "", CardKind.CREDIT),
        ("Ön Ödemeli Kart", "", CardKind.PREPAID),
        ("", "", None),
        ("", "evet", None),
    ],
)
def test_the_kind_of_a_card_is_told_in_many_words(kind, commercial, expected):
    rows, problems = read(f"bin;tür;ticari\n454360;{kind};{commercial}\n".encode())
    assert not problems and rows[0].kind == expected


def test_a_spreadsheet_takes_the_zeros_of_a_bank_code_away():
    rows, _problems = read(xlsx(["bin", "banka kodu"], [454360, 46], [454361, "0046"]))
    assert [row.issuer for row in rows] == ["0046", "0046"]


def test_our_own_list_as_it_is_exported_can_be_read_again():
    for headers in (
        ["Prefix", "Issuer", "Program", "Kind", "Scheme"],
        ["Ön Ek", "Kartı Veren", "Program", "Tür", "Kart Markası"],
    ):
        found = find_columns(headers, HEADERS)
        assert found == {
            "prefix": 0, "issuer": 1, "program": 2, "kind": 3, "scheme": 4,
        }  # fmt: skip


def test_rows_that_differ_in_letters_only_say_the_same():
    rows, problems = read(b"bin,program\n454360,WORLD\n454360,World\n")
    assert len(rows) == 1 and not problems


def test_rows_that_say_the_same_count_once_and_others_contradict():
    content = b"bin,type\n454360,credit\n454360,credit\n454360,debit\n"
    rows, problems = read(content)
    assert [row.number for row in rows] == [2]
    assert [(p.number, p.reason, p.other) for p in problems] == [
        (4, "contradiction", 2)
    ]
