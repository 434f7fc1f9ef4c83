"""Reports and account lines as the Vomsis interface answers them (JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .amounts import read_point
from .bank_line import AccountStatement, BankLine
from .days import read_day, read_time
from .refusals import FileRefused, RowProblem
from .rows import Report, ReportRow, RowKind, row_kind

CONTRIBUTIONS = (
    "award_contribution",
    "extra_award_contribution",
    "sm_award_contribution",
    "workplace_social_contribution",
)
SUCCESS = ("success", "true", True)
LIRA = {"TL": "TRY", None: "TRY"}
CREDIT, DEBIT = "alacakli", "borclu"


def _records(content: bytes) -> list[dict]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileRefused("format") from error
    said = isinstance(document, dict) and document.get(
        "status", document.get("success")
    )
    records = document.get("transactions") if said in SUCCESS else None
    if not isinstance(records, list):
        raise FileRefused("format")
    if not all(isinstance(one, dict) for one in records):
        raise FileRefused("format")
    return records


def read_vomsis_pos(content: bytes) -> Report:
    """The POS report of one station. BSMV has no field: it is in the commission, or in
    nothing but the difference; ``cost`` of a row is right either way.

    :raises FileRefused: if it is no such answer
    """
    rows, problems = [], []
    for number, one in enumerate(_records(content), start=1):
        if "gross_amount" not in one:
            raise FileRefused("format", number)
        try:
            rows.append(_pos_row(number, one))
        except (ValueError, TypeError) as error:
            problems.append(RowProblem(number, "", "amount", str(error)))
    return Report(tuple(rows), tuple(problems))


def _pos_row(number: int, one: dict) -> ReportRow:
    text = {name: str(value or "").strip() for name, value in one.items()}
    amounts = {
        "gross": read_point(one["gross_amount"]),
        "net": read_point(one["net_amount"]),
        "commission": read_point(one.get("commission")),
        "fee": read_point(one.get("service_com")),
        "other": sum(read_point(one.get(name)) for name in CONTRIBUTIONS),
    }
    kind = row_kind(text["transaction_type"])
    if kind in (RowKind.REFUND, RowKind.CHARGEBACK) and amounts["gross"] > 0:
        amounts = {name: -amount for name, amount in amounts.items()}
    left = amounts["gross"] - amounts["net"]
    left -= amounts["commission"] + amounts["fee"] + amounts["other"]
    return ReportRow(
        number=number,
        kind=kind,
        terminal=text["station"],
        merchant=text.get("workplace", ""),
        batch_number=text.get("batchn", ""),
        batch_day=read_day(one.get("end_of_day_date")),
        day=read_day(one.get("system_date") or one.get("date")),
        time=read_time(one.get("system_date") or one.get("time")),
        value_date=read_day(one.get("valor")),
        bsmv=left,
        card_mask=text.get("card_number", ""),
        auth_code=text["provision_no"] or text.get("confirmation_number", ""),
        rrn=text.get("reference_number", ""),
        count=max(int(one.get("installments_count") or 0), 1),
        part=int(one.get("installments_order") or 0),
        rate=text.get("commission_rate", ""),
        **amounts,
    )


def read_vomsis_lines(content: bytes) -> tuple[AccountStatement, ...]:
    """Lines of bank accounts, one statement of each.

    :raises FileRefused: if it is no such answer, or sign and side differ in a line
    """
    accounts: dict = {}
    for number, one in enumerate(_records(content), start=1):
        if "vms_transaction_type" not in one:
            raise FileRefused("format", number)
        accounts.setdefault(one.get("bank_account_id"), []).append((number, one))
    return tuple(_account(records) for records in accounts.values())


def _account(records) -> AccountStatement:
    lines = sorted(_lines(records), key=lambda pair: pair[0])
    found = (
        one.get("reciever_iban")
        for _number, one in records
        if one.get("type") == CREDIT and one.get("reciever_iban")
    )
    return AccountStatement(next(found, ""), tuple(line for _key, line in lines))


def _lines(records) -> Iterator:
    for number, one in records:
        try:
            amount = read_point(one["amount"])
            day = read_day(one.get("accounting_date") or one.get("system_date"))
            balance = one.get("current_balance")
            line = BankLine(
                number=number,
                day=day,
                amount=amount,
                text=str(one.get("description") or ""),
                reference=str(one.get("fis_no") or one.get("key") or ""),
                hint=str(one.get("vms_transaction_type") or ""),
                balance=None if balance in (None, "") else read_point(balance),
                currency=LIRA.get(one.get("fec_name"), one.get("fec_name")),
            )
        except (KeyError, ValueError) as error:
            raise FileRefused("format", number, str(error)) from error
        side = one.get("type")
        if side in (CREDIT, DEBIT) and (amount > 0) != (side == CREDIT):
            raise FileRefused("format", number, "type")
        yield (one.get("order") or 0, number), line
