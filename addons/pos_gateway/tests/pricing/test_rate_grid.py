"""Grids are read back as they were written, and what is wrong in them is named."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from pos_gateway.pricing.cards import CardKind
from pos_gateway.pricing.value_dates import ValueDate
from pos_gateway.rate_grid import GridLine, read_grid, write_grid
from pos_gateway.rate_grid.grid import Column

BONUS, WORLD, PARAF = 1, 2, 3
NAMES = {BONUS: "Bonus", WORLD: "World", PARAF: "=Paraf*"}
PROGRAMS = [(key, name, "") for key, name in NAMES.items()]
ANYBODY = Column()


def book(rows, title="Oranlar", merge=(), formats=None):
    """:param formats: number format by cell name"""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    for cell, text in (formats or {}).items():
        sheet[cell].number_format = text
    octets = io.BytesIO()
    workbook.save(octets)
    return octets.getvalue()


def read(rows, **options):
    arguments = {
        name: options.pop(name)
        for name in ("plain", "kind", "skip_unknown", "currency")
        if name in options
    }
    content = rows if isinstance(rows, bytes) else book(rows, **options)
    return read_grid(content, PROGRAMS, **arguments)


def rates(grid):
    assert not grid.problems, grid.problems
    return {
        (line.column.program, line.column.kind, line.count): line.rate
        for line in grid.lines
    }


def reasons(grid):
    return [(problem.place, problem.reason) for problem in grid.problems]


SIMPLE = [["Taksit", "Bonus", "World"], [1, 1.79, 1.85], [3, 4.85, 5.1]]
SIMPLE_RATES = {
    (BONUS, None, 1): 17_900,
    (BONUS, None, 3): 48_500,
    (WORLD, None, 1): 18_500,
    (WORLD, None, 3): 51_000,
}


# === ROUND TRIP === #


def full_grid():
    year = {"valid_from": date(2026, 3, 1), "valid_to": date(2026, 6, 30)}
    kinds = (None, CardKind.CREDIT, CardKind.COMMERCIAL, CardKind.DEBIT)
    for kind in kinds:
        for on_us in (None, True, False):
            for program in (None, BONUS, WORLD, PARAF):
                for period in ({}, year, {"valid_to": date(2026, 6, 30)}):
                    column = Column(program, kind, on_us, **period)
                    for count in (0, 1, 2, 12, 36):
                        yield column, count


def some_lines():
    monthly = ValueDate("per_installment", first_days=30, interval_days=31)
    for number, (column, count) in enumerate(full_grid()):
        yield GridLine(
            column,
            count,
            number * 997 % 1_000_001,
            fee=(None, 0, 125)[number % 3],
            bsmv=(None, 50_000, 123_456)[number // 2 % 3],
            value_date=(None, ValueDate(days=40), monthly)[number % 5 % 3],
        )


@pytest.mark.parametrize("language", [0, 1])
def test_what_was_written_is_read_back(language):
    lines = list(some_lines())
    grid = read_grid(
        write_grid(lines, NAMES, "=Title", "TRY", language), PROGRAMS, "TRY"
    )
    assert grid.problems == ()

    def facts(line):
        return line.column, line.count, line.rate, line.fee, line.bsmv, line.value_date

    assert set(map(facts, grid.lines)) == set(map(facts, lines))
    assert len(grid.lines) == len(lines)
    assert grid.columns == {line.column for line in lines}


def test_an_empty_agreement_gives_a_form_to_fill_in():
    grid = read_grid(write_grid([], NAMES, "Empty", "TRY"), PROGRAMS, "TRY")
    assert grid.lines == () and grid.problems == ()
    assert grid.columns == {ANYBODY}


def test_a_name_like_a_formula_is_written_as_text():
    content = write_grid([GridLine(Column(PARAF), 1, 1)], NAMES, "=1+1", "TRY")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["A1"].value == "=1+1" and sheet["A1"].data_type == "s"


# === HOW BANKS WRITE === #


def test_numbers_texts_and_percentages_say_the_same():
    texts = [["2,45", "%2,45", "2.45%", "2,4500 %", "% 2.45"]]
    for text in texts[0]:
        assert rates(read([["Taksit", "Bonus"], [1, text]])) == {
            (BONUS, None, 1): 24_500
        }
    shown = read([["Taksit", "Bonus"], [1, 0.0245]], formats={"B2": "0.00%"})
    assert rates(shown) == {(BONUS, None, 1): 24_500}


def test_what_arithmetic_left_at_the_end_of_a_number_is_not_meant():
    grid = read([["Taksit", "Bonus"], [1, 0.1 + 0.2 + 1]], formats={"B2": "General"})
    assert rates(grid) == {(BONUS, None, 1): 13_000}


def test_titles_notes_and_empty_rows_are_passed_over():
    rows = [
        ["SANAL POS KOMİSYON ORANLARI", None, None],
        ["Geçerlilik başı:", "01.03.2026", None],
        [],
        *SIMPLE,
        [],
        ["* Oranlara BSMV dahil değildir.", None, None],
    ]
    grid = read(rows, merge=["A1:C1", "A8:C8"])
    assert rates(grid) == SIMPLE_RATES
    assert {line.column.valid_from for line in grid.lines} == {date(2026, 3, 1)}
    assert [remark.place for remark in grid.remarks] == ["Oranlar A8"]


def test_headings_over_two_rows_are_read_together():
    for rows, merge in (
        (
            [
                ["Taksit", "Bonus", None, "World"],
                [None, "Bireysel", "Ticari", "Bireysel"],
                [2, 3, 4, 5],
            ],
            ["B1:C1", "A1:A2"],
        ),
        (
            [
                [None, "Bonus", None, "World"],
                ["Taksit sayısı", "Bireysel", "Ticari", "Bireysel"],
                ["2 Taksit", 3, 4, 5],
            ],
            ["B1:C1"],
        ),
        (
            [
                ["TAKSİT", "Bonus", None, "World"],
                [None, "Bireysel", "Ticari", "Bireysel"],
                [2, "3", "4", "5"],
            ],
            ["B1:C1"],
        ),
    ):
        assert rates(read(rows, merge=merge)) == {
            (BONUS, CardKind.CREDIT, 2): 30_000,
            (BONUS, CardKind.COMMERCIAL, 2): 40_000,
            (WORLD, CardKind.CREDIT, 2): 50_000,
        }


def test_the_name_of_a_sheet_says_the_kind_of_card():
    grid = read(SIMPLE, title="Ticari 2026")
    assert {line.column.kind for line in grid.lines} == {CardKind.COMMERCIAL}
    grid = read(SIMPLE, kind=CardKind.CREDIT)
    assert {line.column.kind for line in grid.lines} == {CardKind.CREDIT}


def test_counts_are_words_ranges_and_numbers():
    grid = read(
        [
            ["Taksit", "Bonus"],
            ["Tek Çekim", 1.5],
            ["2-4", 3],
            ["5 taksit", 4],
            ["Tümü", 9],
        ]
    )
    assert sorted(line.count for line in grid.lines) == [0, 1, 2, 3, 4, 5]


def test_empty_and_dash_are_not_offered():
    grid = read([["Taksit", "Bonus", "World"], [1, "-", 2], [2, None, "yok"], [3]])
    assert rates(grid) == {(WORLD, None, 1): 20_000}
    assert {column.program for column in grid.columns} == {BONUS, WORLD}


def test_extra_rows_hold_for_their_column():
    grid = read(
        [
            *SIMPLE,
            ["Sabit ücret", "1,25", None],
            ["Valör (gün)", 1, "30+30"],
            ["Valör (gün) – 3", None, 40],
        ]
    )
    assert not grid.problems
    by_place = {(line.column.program, line.count): line for line in grid.lines}
    assert by_place[BONUS, 1].fee == 125 and by_place[WORLD, 1].fee is None
    assert by_place[BONUS, 3].value_date == ValueDate(days=1)
    monthly = ValueDate("per_installment", first_days=30, interval_days=30)
    assert by_place[WORLD, 1].value_date == monthly
    assert by_place[WORLD, 3].value_date == ValueDate(days=40)
    assert by_place[WORLD, 1].said == {"fee", "value_date"}


def test_text_files_of_turkish_spreadsheets_are_read():
    text = "Taksit;Bonus Bireysel;World\nTek çekim;%1,79;1,85\n3;4,85;-\n"
    for content in (text.encode("cp1254"), text.encode(), text.encode("utf-8-sig")):
        assert rates(read(content)) == {
            (BONUS, CardKind.CREDIT, 1): 17_900,
            (BONUS, CardKind.CREDIT, 3): 48_500,
            (WORLD, None, 1): 18_500,
        }
    quoted = 'Installments,Bonus\n1,"2,45"\n'
    assert rates(read(quoted.encode())) == {(BONUS, None, 1): 24_500}


# === WHAT IS REFUSED === #


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (-0.1, "rate_range"),
        (100.01, "rate_range"),
        ("%150", "rate_range"),
        (2.45678, "rate_decimals"),
        ("iki", "rate"),
        ("1.234,5", "rate"),
        ("2,45 - 2,60", "rate"),
        ("%2,45%", "rate"),
        (date(2026, 5, 1), "date_for_rate"),
    ],
)
def test_a_bad_rate_is_named_with_its_place(value, reason):
    grid = read([["Taksit", "Bonus", "World"], [1, 2, 3], [2, 2, value]])
    assert reasons(grid) == [("Oranlar C3", reason)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0, "count_range"),
        (37, "count_range"),
        ("4-2", "count_range"),
        ("30-40", "count_range"),
        (1.5, "count"),
        ("Bonus", "count"),
        (None, "count"),
        (date(2026, 3, 2), "date_for_count"),
    ],
)
def test_a_bad_count_is_named_with_its_place(value, reason):
    grid = read([["Taksit", "Bonus"], [1, 2], [value, 2]])
    assert reasons(grid) == [("Oranlar A3", reason)]


def test_numbers_that_could_be_percent_or_shares_are_not_guessed():
    rows = [["Taksit", "Bonus"], [1, 0.0179], [3, 0.0485]]
    assert reasons(read(rows)) == [("Oranlar B2", "percent_or_share")]
    assert rates(read(rows, plain="share")) == {
        (BONUS, None, 1): 17_900,
        (BONUS, None, 3): 48_500,
    }
    assert rates(read(rows, plain="percent"))[BONUS, None, 1] == 179


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("Bonüs Plus", "unknown_column"),
        ("Kredi Kartı", "unknown_column"),
        ("Bonus World", "contradiction"),
        ("Bonus Bireysel Ticari", "contradiction"),
    ],
)
def test_a_heading_that_is_not_understood_is_named(heading, reason):
    grid = read([["Taksit", "Bonus", heading], [1, 2, 3]])
    assert reasons(grid) == [("Oranlar C1", reason)]
    grid = read([["Taksit", "Bonus", "Açıklama"], [1, 2, "x"]], skip_unknown=True)
    assert rates(grid) == {(BONUS, None, 1): 20_000}
    assert [remark.place for remark in grid.remarks] == ["Oranlar C1"]


def test_a_heading_does_not_contradict_its_sheet():
    grid = read([["Taksit", "Bonus Bireysel"], [1, 2]], title="Ticari")
    assert reasons(grid) == [("Ticari B1", "contradiction")]


def test_the_same_cell_twice_is_refused_with_both_places():
    grid = read([["Taksit", "Bonus"], [1, 2], ["2-3", 3], [3, 4]])
    (problem,) = grid.problems
    assert (problem.place, problem.reason) == ("Oranlar B4", "twice")
    assert problem.other == "Oranlar B3"
    assert not read([["Taksit", "Bonus"], [1, 2], ["2-3", 3], [3, 3]]).problems


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["Sabit ücret", "1.250"], "two_readings"),
        (["Sabit ücret", "abc"], "fee"),
        (["Sabit ücret", -1], "fee_range"),
        (["Sabit ücret", 1.005], "fee_range"),
        (["Valör (gün)", "yarın"], "value_date"),
        (["Valör (gün)", 9999], "value_date_range"),
        (["BSMV %", 0.05], "percent_or_share"),
        (["BSMV %", 101], "rate_range"),
    ],
)
def test_a_bad_extra_row_is_named_with_its_place(row, reason):
    grid = read([["Taksit", "Bonus"], [1, 2], row])
    assert reasons(grid) == [("Oranlar B3", reason)]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (["Para birimi", "USD"], "currency"),
        (["Geçerlilik sonu", "31.02.2026"], "day"),
        (["Kart tipi", "Kredi"], "unknown_column"),
    ],
)
def test_a_bad_fact_is_named_with_its_place(fact, reason):
    assert reasons(read([fact, ["Taksit", "Bonus"], [1, 2]])) == [
        ("Oranlar B1", reason)
    ]


def test_a_period_that_ends_before_it_begins_is_refused():
    rows = [["Valid from", date(2026, 5, 2)], ["Valid until", "01.05.2026"], *SIMPLE]
    assert reasons(read(rows)) == [("Oranlar", "period")]


def test_a_file_without_a_table_is_refused():
    assert reasons(read([["Bonus", "World"], [1, 2]])) == [("", "no_table")]


def test_rates_are_exact():
    for rate in range(0, 1_000_001, 7_919):
        content = write_grid([GridLine(ANYBODY, 1, rate)], {}, "", "TRY")
        (line,) = read_grid(content, [], "TRY").lines
        assert line.rate == rate, Decimal(rate)
