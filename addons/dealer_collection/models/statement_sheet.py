"""A statement of account as a spreadsheet: real days and numbers, not texts."""

import io

import xlsxwriter

WIDTHS = (12, 22, 40, 12, 16, 16, 16)


def statement_sheet(env, title, party, statements):
    """:param statements: list of ``dealer_statement.Statement``; a sheet for each
    :return: bytes of the file
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1}),
        "head_right": book.add_format({"bold": True, "bottom": 1, "align": "right"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy", "align": "left"}),
        "sum": book.add_format({"bold": True, "num_format": "#,##0.00"}),
        "amount": book.add_format({"num_format": "#,##0.00"}),
        "bold": book.add_format({"bold": True}),
    }
    for one in statements:
        _write(env, book.add_worksheet(one.currency.name), styles, title, party, one)
    book.close()
    return out.getvalue()


def _write(env, sheet, styles, title, party, one):
    _ = env._
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write(0, 0, title, styles["title"])
    # Texts of others are written as texts: none of them becomes a formula.
    sheet.write_string(1, 0, party)
    sheet.write_datetime(2, 0, one.date_from, styles["day"])
    sheet.write_datetime(2, 1, one.date_to, styles["day"])
    names = (
        _("Date"), _("Document"), _("Description"), _("Due date"), _("Debits"),
        _("Credits"), _("Balance"),
    )  # fmt: skip
    for index, name in enumerate(names):
        sheet.write(4, index, name, styles["head_right" if index > 3 else "head"])
    sheet.write(5, 2, _("Opening balance"), styles["bold"])
    sheet.write_number(5, 6, one.money(one.opening), styles["sum"])
    at = 6
    for row in one.rows:
        sheet.write_datetime(at, 0, row.day, styles["day"])
        sheet.write_string(at, 1, row.document or "")
        sheet.write_string(at, 2, row.label or "")
        if row.due:
            sheet.write_datetime(at, 3, row.due, styles["day"])
        for column, minor in ((4, row.debit), (5, row.credit)):
            if minor:
                sheet.write_number(at, column, one.money(minor), styles["amount"])
        sheet.write_number(at, 6, one.money(row.balance), styles["amount"])
        at += 1
    sheet.write(at, 2, _("Closing balance"), styles["bold"])
    sheet.write_number(at, 4, one.money(one.debit), styles["sum"])
    sheet.write_number(at, 5, one.money(one.credit), styles["sum"])
    sheet.write_number(at, 6, one.money(one.closing), styles["sum"])
    sheet.freeze_panes(5, 0)
