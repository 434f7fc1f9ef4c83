"""Writes a ``world.World`` as the files of a case folder."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import world
from world import AS_OF, IBAN, MERCHANT, OPENING, TERMINALS, TERMS, World

HEADERS = [
    "Üye İşyeri No", "Terminal No", "Gün Sonu Tarihi", "İşlem Tarihi", "İşlem Saati",
    "Valör Tarihi", "İşlem Tipi", "Kart No", "Provizyon No", "RRN", "Sipariş No",
    "Taksit Sayısı", "Taksit Sıra", "Brüt Tutar", "Komisyon Oranı (%)", "Komisyon",
    "BSMV", "Hizmet Bedeli", "Net Tutar", "Para Birimi",
]  # fmt: skip


def write(folder: Path, one: World):
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "books.json": _json(books(one)),
        "pos-report.csv": report_csv(one),
        "pos-report.xlsx": report_xlsx(one),
        "statement.mt940": mt940(one),
        "statement.camt053.xml": camt053(one),
        "statement.csv": statement_csv(one),
        "vomsis-transactions.json": vomsis_lines(one),
        "expected.json": _json(
            {
                "format": "settlement-findings/1",
                "as_of": AS_OF.isoformat(),
                "findings": one.findings,
                "events": one.events,
            }
        ),
    }
    for number, terminal in enumerate(TERMINALS, start=1):
        files[f"vomsis-pos-{number}.json"] = vomsis_pos(one, terminal)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _json(document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def tl(kurus: int) -> str:
    """As Turkish papers write it."""
    text = f"{abs(kurus) // 100:,}".replace(",", ".") + f",{abs(kurus) % 100:02d}"
    return f"-{text}" if kurus < 0 else text


def point(kurus: int) -> str:
    sign = "-" if kurus < 0 else ""
    return f"{sign}{abs(kurus) // 100}.{abs(kurus) % 100:02d}"


def plain(text: str) -> str:
    return text.translate(str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")).upper()


# === OUR BOOKS === #


def books(one: World) -> dict:
    terms = [
        {
            "id": f"t{count}",
            "rate": rate,
            "fee": fee,
            "bsmv": "5",
            "value_date": (
                {"rule": "per_installment", "first_days": first, "interval_days": days}
                if days
                else {"rule": "single", "days": first}
            ),
        }
        for count, (rate, fee, first, days) in TERMS.items()
    ]
    sales = [
        {
            "type": "sale",
            "state": "captured",
            "order": sale.order,
            "captured_at": f"{sale.day}T{sale.at}+03:00",
            "terminal": sale.terminal,
            "total": sale.total,
            "currency": "TRY",
            "installments": sale.count,
            "auth_code": sale.auth_code,
            "rrn": sale.rrn,
            "agreement": f"t{sale.count}",
        }
        for sale in one.sales
    ]
    refunds = [
        {
            "type": "refund",
            "state": "done",
            "of": row.sale.order,
            "done_at": f"{row.day}T16:00:00+03:00",
            "total": -row.gross,
            "currency": "TRY",
            "auth_code": row.auth_code,
            "rrn": row.rrn,
        }
        for row in one.refunds
    ]
    return {
        "format": "settlement-books/1",
        "as_of": AS_OF.isoformat(),
        "agreement": terms,
        "transactions": sales + refunds,
    }


# === POS REPORTS === #


def _cells(row, amount, day) -> list:
    return [
        MERCHANT, row.sale.terminal, day(row.day), day(row.day), f"{row.sale.at}",
        day(row.due), row.kind, "435508******1234", row.auth_code, row.rrn,
        row.sale.order if row.shows_order else "", row.count if row.count > 1 else 0,
        row.part, amount(row.gross), row.rate.replace(".", ","),
        amount(row.commission), amount(row.bsmv), amount(row.fee), amount(row.net),
        "TL",
    ]  # fmt: skip


def _totals(one: World, amount) -> list:
    sums = {
        name: amount(sum(getattr(row, name) for row in one.rows))
        for name in ("gross", "commission", "bsmv", "fee", "net")
    }
    return [
        "GENEL TOPLAM", *[""] * 12, sums["gross"], "", sums["commission"],
        sums["bsmv"], sums["fee"], sums["net"],
    ]  # fmt: skip


def report_csv(one: World) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Üye İşyeri Hesap Özeti"])
    writer.writerow([])
    writer.writerow(HEADERS)
    for row in one.rows:
        writer.writerow(_cells(row, tl, lambda day: f"{day:%d.%m.%Y}"))
    writer.writerow(_totals(one, tl))
    return out.getvalue().encode("cp1254")


def report_xlsx(one: World) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Üye İşyeri Hesap Özeti"])
    sheet.merge_cells("A1:T1")
    sheet.append([])
    sheet.append(HEADERS)
    for row in one.rows:
        sheet.append(_cells(row, lambda kurus: kurus / 100, lambda day: day))
    sheet.append(_totals(one, lambda kurus: kurus / 100))
    sheet.append(["Bu belge bilgi amaçlıdır."])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def vomsis_pos(one: World, terminal: str) -> bytes:
    return _json(
        {
            "status": "success",
            "transactions": [
                {
                    "batchn": "1",
                    "card_number": "4355********1234",
                    "commission": point(row.commission + row.bsmv),
                    "commission_rate": row.rate,
                    "confirmation_number": row.auth_code,
                    "date": f"{row.day:%d.%m.%Y}",
                    "end_of_day_date": row.day.isoformat(),
                    "gross_amount": point(row.gross),
                    "installments_count": row.count if row.count > 1 else 0,
                    "installments_order": row.part,
                    "net_amount": point(row.net),
                    "provision_no": row.auth_code,
                    "reference_number": row.rrn,
                    "service_com": point(row.fee) if row.fee else None,
                    "station": terminal,
                    "system_date": f"{row.day} {row.sale.at}",
                    "transaction_type": row.kind,
                    "valor": f"{row.due:%d.%m.%Y}",
                    "workplace": MERCHANT,
                }
                for row in one.rows
                if row.sale.terminal == terminal
            ],
        }
    )


# === BANK STATEMENTS === #


def _days(one: World):
    """:return: for each day with lines (day, opening, lines with numbers, closing)"""
    numbered = list(enumerate(world.in_order(one.lines), start=1))
    days = sorted({line.day for _number, (line, _balance) in numbered} | {AS_OF})
    opening = OPENING
    for day in days:
        own = [(n, line) for n, (line, _balance) in numbered if line.day == day]
        closing = opening + sum(line.amount for _number, line in own)
        yield day, opening, own, closing
        opening = closing


def _mark(kurus: int) -> str:
    return f"{'C' if kurus >= 0 else 'D'}"


def mt940(one: World) -> bytes:
    out = []
    for day, opening, own, closing in _days(one):
        start, end = (tl(abs(sum_)).replace(".", "") for sum_ in (opening, closing))
        out += [f":20:X{day:%y%m%d}", f":25:{IBAN}", ":28C:1/1"]
        out.append(f":60F:{_mark(opening)}{day:%y%m%d}TRY{start}")
        for number, line in own:
            amount = tl(abs(line.amount)).replace(".", "")
            # A credit that is taken back is a debit: RC.
            mark = "C" if line.amount >= 0 else "RC" if number % 2 else "D"
            out.append(f":61:{day:%y%m%d%m%d}{mark}{amount}NMSCNONREF//R{number}")
            text = plain(line.text)
            chunks = [text[at : at + 65] for at in range(0, len(text), 65)]
            out += [":86:" + chunks[0], *chunks[1:]]
        out += [f":62F:{_mark(closing)}{day:%y%m%d}TRY{end}", "-"]
    return "\r\n".join([*out, ""]).encode("ascii")


def camt053(one: World) -> bytes:
    def side(kurus):
        return f"<CdtDbtInd>{'CRDT' if kurus >= 0 else 'DBIT'}</CdtDbtInd>"

    def balance(code, day: date, kurus):
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="TRY">{point(abs(kurus))}</Amt>{side(kurus)}'
            f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    out = []
    for day, opening, own, closing in _days(one):
        out.append(f"<Stmt><Id>{day}</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>")
        out += [balance("OPBD", day, opening), balance("CLBD", day, closing)]
        for number, line in own:
            out.append(
                f'<Ntry><Amt Ccy="TRY">{point(abs(line.amount))}</Amt>'
                f"{side(line.amount)}<Sts><Cd>BOOK</Cd></Sts>"
                f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
                f"<AcctSvcrRef>R{number}</AcctSvcrRef>"
                f"<AddtlNtryInf>{line.text}</AddtlNtryInf></Ntry>"
            )
        out.append("</Stmt>")
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    text = "".join(out)
    return (
        f'<Document xmlns="{space}"><BkToCstmrStmt>{text}</BkToCstmrStmt></Document>'
    ).encode()


def statement_csv(one: World) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Hesap", IBAN])
    writer.writerow(["Tarih", "Açıklama", "Tutar", "Bakiye", "Dekont No"])
    for number, (line, balance) in reversed(
        list(enumerate(world.in_order(one.lines), start=1))
    ):
        amounts = [tl(line.amount), tl(balance)]
        writer.writerow([f"{line.day:%d/%m/%Y}", line.text, *amounts, f"R{number}"])
    return ("\ufeff" + out.getvalue()).encode()


def vomsis_lines(one: World) -> bytes:
    return _json(
        {
            "success": "true",
            "transactions": [
                {
                    "id": number,
                    "bank_account_id": 7,
                    "vms_transaction_type": line.hint,
                    "accounting_date": f"{line.day} 00:00:00",
                    "amount": point(line.amount),
                    "current_balance": point(balance),
                    "type": "alacakli" if line.amount > 0 else "borclu",
                    "description": plain(line.text),
                    "fis_no": f"R{number}",
                    "fec_name": "TL",
                    "order": number,
                }
                for number, (line, balance) in enumerate(
                    world.in_order(one.lines), start=1
                )
            ],
        }
    )
