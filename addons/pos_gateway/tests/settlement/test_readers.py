"""What the readers take, and what they refuse: with a row and a reason."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import world
import world_files
from pos_gateway.settlement import (
    account_list,
    camt053,
    iyzico,
    mt940,
    statement_file,
    vomsis,
)  # fmt: skip
from pos_gateway.settlement.amounts import decimal_mark, read_kurus
from pos_gateway.settlement.bank_line import BankLine, Purpose
from pos_gateway.settlement.days import read_day
from pos_gateway.settlement.known_lines import Stored, sort_out
from pos_gateway.settlement.layout import Layout
from pos_gateway.settlement.pos_report import read_pos_report
from pos_gateway.settlement.refusals import FileRefused
from pos_gateway.settlement.rows import RowKind, row_kind
from pos_gateway.tabular.workbook import UnreadableFile


@pytest.fixture
def one():
    one = world.make(5, per_day=4)
    world.pay(one)
    return one


def refusal(read, content) -> str:
    with pytest.raises(FileRefused) as caught:
        read(content)
    return caught.value.reason


# === CELLS === #


@pytest.mark.parametrize(
    ("text", "mark", "kurus"),
    [
        ("1.234,56", ",", 123456),
        ("₺1.234,56", ",", 123456),
        ("1.234,5 TL", ",", 123450),
        ("-12,00", ",", -1200),
        ("12,00-", ",", -1200),
        ("(12,00)", ",", -1200),
        ("+00000000000005038.80", ".", 503880),
        ("1,234.56", ".", 123456),
        ("4.000", ",", 400000),
        ("4.000,", ",", 400000),
        (Decimal("0.1") * 3, ",", 30),
        (Decimal("31774.880000000001"), ",", 3177488),
    ],
)
def test_amounts_are_read_as_banks_write_them(text, mark, kurus):
    assert read_kurus(text, mark) == kurus


@pytest.mark.parametrize("text", ["12,345", "1.23,4", "abc", "1,2,3", "12.34"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="no amount"):
        read_kurus(text, ",")


def test_parts_of_a_kurus_are_refused():
    with pytest.raises(ValueError, match="kuruş"):
        read_kurus(Decimal("1.005"), ",")


def test_the_decimal_mark_is_found_in_the_whole_file_or_not_at_all():
    assert decimal_mark(["4.000", "12,50"]) == ","
    assert decimal_mark(["4,000", "12.50"]) == "."
    assert decimal_mark(["1.000.000"]) == ","
    for texts, reason in ((["1,50", "2.50"], "marks"), (["4.000"], "two_readings")):
        with pytest.raises(FileRefused) as caught:
            decimal_mark(texts)
        assert caught.value.reason == reason


def test_days_come_in_many_shapes():
    for text in ("26.10.2026", "26/10/2026-14:05:09", "2026-10-26 09:00", "20261026"):
        assert read_day(text) == date(2026, 10, 26)
    assert read_day("") is None
    for text in ("26.13.2026", "yesterday", "1.1.26"):
        with pytest.raises(ValueError, match="day|month"):
            read_day(text)


def test_kinds_are_told_whatever_the_case_of_the_letters():
    for text in ("İade", "iade", "IADE", "Ecommerce Satıs Iade"):
        assert row_kind(text) is RowKind.REFUND
    assert row_kind("TERS İBRAZ") is RowKind.CHARGEBACK
    assert row_kind("Satış İptali") is RowKind.CANCEL
    assert row_kind("PNLT") is RowKind.OTHER


# === POS REPORTS === #


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("cp1254")), delimiter=";"))


def bytes_of(lines, encoding="cp1254") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    return out.getvalue().encode(encoding)


def test_the_same_rows_come_out_of_every_format(one):
    table = read_pos_report(world_files.report_csv(one)).rows
    sheet = read_pos_report(world_files.report_xlsx(one)).rows
    assert len(table) == len(one.rows)

    def facts(rows):
        return [(row.identity, row.net, row.cost, row.value_date) for row in rows]

    assert facts(table) == facts(sheet)
    answers = [world_files.vomsis_pos(one, name) for name in world.TERMINALS]
    asked = [row for one in answers for row in vomsis.read_vomsis_pos(one).rows]
    assert sorted(map(str, facts(asked))) == sorted(map(str, facts(table)))


def test_a_total_that_is_another_refuses_the_file(one):
    lines = lines_of(world_files.report_csv(one))
    del lines[4]
    assert refusal(read_pos_report, bytes_of(lines)) == "total"


def test_a_subtotal_and_a_note_are_no_payments(one):
    lines = lines_of(world_files.report_csv(one))
    lines.insert(5, ["", "ARA TOPLAM", *[""] * 11, "1,00"])
    lines.append(["Bu belge bilgi amaçlıdır."])
    assert len(read_pos_report(bytes_of(lines)).rows) == len(one.rows)


def test_bad_rows_are_told_with_row_and_column_and_the_others_are_kept(one):
    lines = lines_of(world_files.report_csv(one))[:-1]
    lines[3][13] = "1.2.3"
    lines[4][5] = "32.11.2026"
    lines[5][18] = "1,00"
    lines[6][11:13] = ["2", "9"]
    lines[-1] = lines[-1][:10]
    report = read_pos_report(bytes_of(lines))
    found = {(one.row, one.column, one.reason) for one in report.problems}
    assert found == {
        (4, "gross", "amount"),
        (5, "value_date", "date"),
        (6, "net", "cuts"),
        (7, "installments", "installments"),
        (len(lines), "gross", "cut_off"),
    }
    assert len(report.rows) == len(one.rows) - 5


def test_a_file_in_utf_8_is_read_as_well(one):
    lines = lines_of(world_files.report_csv(one))
    report = read_pos_report(bytes_of(lines, "utf-8-sig"))
    assert len(report.rows) == len(one.rows)


def test_what_is_no_report_is_refused(one):
    assert refusal(read_pos_report, b"a;b\n1;2\n") == "no_header"
    assert refusal(read_pos_report, world_files.statement_csv(one)) == "no_header"
    for content in (b"", b"\xd0\xcf\x11\xe0 old", b"PK broken"):
        with pytest.raises(UnreadableFile):
            read_pos_report(content)


def test_a_bank_may_name_its_columns_as_it_likes():
    lines = [["Ne zaman", "Nerede", "Kaç para", "Kalan", "Onay Kodu", "RRN"]]
    lines.append(["05.11.2026", "0042", "100,00", "98,00", "A1", "7"])
    names = {"day": "Ne zaman", "terminal": "Nerede", "gross": "Kaç para"}
    layout = Layout(columns={**names, "net": "Kalan", "commission": "Kesinti"})
    report = read_pos_report(bytes_of(lines, "utf-8"), layout)
    assert [one.reason for one in report.problems] == ["cuts"]
    lines[0].append("Kesinti")
    lines[1].append("2,00")
    (row,) = read_pos_report(bytes_of(lines, "utf-8"), layout).rows
    assert (row.gross, row.net, row.terminal) == (10_000, 9_800, "0042")


def test_count_and_order_of_installments_are_told_apart_by_the_whole_file():
    head = ["İşlem Tarihi", "Terminal No", "Brüt Tutar", "Net Tutar", "Taksit"]
    rows = [["05.11.2026", "1", "1,00", "1,00", text] for text in ("1/3", "3/3", "2/2")]
    report = read_pos_report(bytes_of([head, *rows]))
    assert [(row.count, row.part) for row in report.rows] == [(3, 1), (3, 3), (2, 2)]
    mixed = [*rows, ["05.11.2026", "1", "1,00", "1,00", "3/1"]]
    assert refusal(read_pos_report, bytes_of([head, *mixed])) == "order"


def test_bsmv_without_a_column_is_taken_only_where_it_is_five_percent():
    head = ["İşlem Tarihi", "Terminal No", "Brüt Tutar", "Komisyon", "Net Tutar"]
    taxed = ["05.11.2026", "1", "100,00", "2,00", "97,90"]
    other = ["05.11.2026", "1", "100,00", "2,00", "97,00"]
    report = read_pos_report(bytes_of([head, taxed, other]))
    assert [row.bsmv for row in report.rows] == [10]
    assert [one.reason for one in report.problems] == ["cuts"]


def test_a_refund_with_positive_amounts_takes_money_back():
    head = ["İşlem Tarihi", "Mesaj Tipi", "Brüt Tutar", "Komisyon", "Net Tutar"]
    line = ["05.11.2026", "İade", "100,00", "2,00", "98,00"]
    (row,) = read_pos_report(bytes_of([head, line])).rows
    assert (row.gross, row.commission, row.net) == (-10_000, -200, -9_800)


def test_a_number_in_a_cell_is_a_number_whatever_the_texts_look_like():
    book = openpyxl.Workbook()
    book.active.append(["İşlem Tarihi", "Terminal No", "Brüt Tutar", "Hizmet Bedeli"])
    book.active.append([date(2026, 11, 5), 42, 1234.5, "0,25"])
    out = io.BytesIO()
    book.save(out)
    (row,) = read_pos_report(out.getvalue()).rows
    assert (row.gross, row.fee, row.terminal) == (123_450, 25, "42")


# === INSTITUTIONS === #

IYZICO = """transactionDate,transactionType,paymentTxId,paymentId,conversationId,\
paidPrice,installment,iyziCommissionRateAmount,iyziCommissionFee,merchantPayoutAmount,\
settlementReferenceCode,settlementResolveDate
2026-11-02 11:00:00,auth,1,77,B1,100.00,1,2.99,0.25,96.76,REF1,2026-11-03 10:00:00
totalMerchantPayoutAmount,96.76
"""


def test_a_settlement_file_of_an_institution_is_read_with_its_sum():
    (row,) = iyzico.read_iyzico(IYZICO.encode()).rows
    assert (row.net, row.cost, row.reference) == (9_676, 324, "REF1")
    changed = IYZICO.replace("Amount,96.76", "Amount,96.77")
    assert refusal(iyzico.read_iyzico, changed.encode()) == "total"
    assert refusal(iyzico.read_iyzico, IYZICO.replace("2.99", "x").encode()) == "format"
    assert refusal(iyzico.read_iyzico, b"a,b\n") == "no_header"


# === STATEMENTS === #


def test_the_same_lines_come_out_of_every_statement(one):
    (swift,) = mt940.read_mt940(world_files.mt940(one))
    (camt,) = camt053.read_camt053(world_files.camt053(one))
    table = account_list.read_account_list(world_files.statement_csv(one))
    (asked,) = vomsis.read_vomsis_lines(world_files.vomsis_lines(one))

    def facts(statement):
        return [
            (line.day, line.amount, line.reference, line.purpose, line.batch_day)
            for line in statement.lines
        ]

    assert facts(swift) == facts(camt) == facts(table) == facts(asked)
    assert {swift.account, camt.account, table.account} == {world.IBAN}
    assert swift.last_day == camt.last_day == world.AS_OF


def test_which_reader_a_statement_is_for_is_seen_in_the_file(one):
    files = (
        world_files.mt940(one),
        b"{1:F01X}{4:\n" + world_files.mt940(one) + b"-}",
        world_files.camt053(one),
        world_files.statement_csv(one),
        world_files.vomsis_lines(one),
    )
    counts = {
        sum(len(each.lines) for each in statement_file.read_statement(file))
        for file in files
    }
    assert len(counts) == 1
    assert refusal(statement_file.read_statement, b"a;b\n1;2\n") == "no_header"


def test_statements_with_balances_tell_where_they_begin_and_end(one):
    (swift,) = mt940.read_mt940(world_files.mt940(one))
    (camt,) = camt053.read_camt053(world_files.camt053(one))
    table = account_list.read_account_list(world_files.statement_csv(one))
    for statement in (swift, camt, table):
        moved = sum(line.amount for line in statement.lines)
        assert statement.opening + moved == statement.closing
    assert swift.opening == camt.opening == table.opening


def test_lines_that_are_there_are_known_by_reference_or_text():
    day, other = date(2026, 11, 2), date(2026, 11, 3)
    lines = [
        BankLine(1, day, 500, "POS NET SATIS", "R1"),
        BankLine(2, day, 500, "POS NET SATIS", "R2"),
        BankLine(3, other, 700, "HAVALE ALI", "", booked=day),
        BankLine(4, day, 900, "HAVALE VELI", "R4"),
        BankLine(5, day, 100, "MASRAF", ""),
        BankLine(6, day, 100, "MASRAF", ""),
    ]
    stored = [
        Stored(day, 500, "anything else", "r1"),
        Stored(day, 700, "Havale\nAli"),
        Stored(day, 900, "havale of veli", "R9"),
        Stored(day, 100, "masraf"),
    ]
    new, alike, known = sort_out(lines, stored)
    assert [line.number for line in known] == [1, 3, 5]
    assert [line.number for line in new] == [2, 4, 6]
    assert [line.number for line in alike] == [4]


def test_a_statement_that_does_not_add_up_is_refused(one):
    swift, camt = world_files.mt940(one), world_files.camt053(one)
    table = world_files.statement_csv(one)
    assert refusal(mt940.read_mt940, swift.replace(b"1200,50", b"1200,51")) == "balance"
    parts = swift.split(b":20:")
    without_a_day = b":20:".join([*parts[:2], *parts[3:]])
    assert refusal(mt940.read_mt940, without_a_day) == "balance"
    changed = camt.replace(b">1200.50<", b">1200.51<")
    assert refusal(camt053.read_camt053, changed) == "balance"
    changed = table.replace(b"1.200,50", b"1.200,51")
    assert refusal(account_list.read_account_list, changed) == "balance"


def test_xml_that_defines_entities_is_refused(one):
    content = b'<!DOCTYPE a [<!ENTITY b "c">]>' + world_files.camt053(one)
    assert refusal(camt053.read_camt053, content) == "doctype"


@pytest.mark.parametrize(
    "read",
    [
        mt940.read_mt940,
        camt053.read_camt053,
        vomsis.read_vomsis_pos,
        vomsis.read_vomsis_lines,
    ],
)
@pytest.mark.parametrize("content", [b"", b"x", b"[]", b'{"status":"error"}', b"<a/>"])
def test_a_file_of_another_kind_is_refused(read, content):
    assert refusal(read, content) in ("format", "no_rows")


def test_a_statement_cut_in_the_middle_is_refused(one):
    for read, content in (
        (mt940.read_mt940, world_files.mt940(one)),
        (camt053.read_camt053, world_files.camt053(one)),
        (vomsis.read_vomsis_lines, world_files.vomsis_lines(one)),
    ):
        with pytest.raises(FileRefused):
            read(content[: len(content) * 2 // 3])


def test_a_reversed_credit_takes_money_away():
    text = b":20:A\n:25:1\n:28C:1/1\n:60F:C261102TRY10,\n"
    line = b":61:2611021102RC4,NMSCNONREF//1\n:86:POS IADE\n"
    (statement,) = mt940.read_mt940(text + line + b":62F:C261102TRY6,\n-")
    assert [line.amount for line in statement.lines] == [-400]


def test_words_that_a_bank_broke_in_two_are_still_read():
    def line(text, hint=""):
        return BankLine(1, world.DAYS[0], 1, text, hint=hint)

    broken = line("POS NET SAT IS TERM01990011 GS02.11.2026")
    assert broken.purpose is Purpose.DEPOSIT
    assert (broken.terminal, broken.batch_day) == ("01990011", date(2026, 11, 2))
    assert line("TERS IB RAZ PROV A1B2C3").auth_code == "A1B2C3"
    assert line("?", "POSBLG").purpose is Purpose.BLOCK
    assert line("GELEN EFT").purpose is Purpose.OTHER
