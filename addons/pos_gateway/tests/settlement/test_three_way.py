"""Worlds in which differences were planted: all are found, and nothing else."""

import random
from dataclasses import replace
from datetime import timedelta

import case_run
import pytest
import world
import world_files
from world import DAYS, Line, World


def about(row) -> dict:
    return {
        "order": row.sale.order,
        "terminal": row.sale.terminal,
        "auth_code": row.auth_code,
    }


def about_line(line: Line) -> dict:
    terminal = line.text.split("TERM ")[1][:8]
    day, month, year = line.text.split("GS ")[1][:10].split(".")
    return {"terminal": terminal, "batch_day": f"{year}-{month}-{day}"}


# === WHAT IS PLANTED IN THE REPORT === #


def commission(one: World, row):
    more = 1_234
    one.put(row, commission=row.commission + more, rate="9.99")
    rates = {"agreed_rate": row.rate, "reported_rate": "9.99"}
    return {"kind": "commission_difference", "amount": more, **about(row), **rates}


def value_date(one: World, row):
    later = world.workday(row.due + timedelta(1))
    one.put(row, due=later)
    days = (later - row.due).days
    return {
        "kind": "value_date_difference", "amount": 0, "days": days, "net": row.net,
        "value_date": row.due.isoformat(), **about(row),
    }  # fmt: skip


def installments(one: World, row):
    one.put(row, count=4)
    counts = {"agreed_count": row.count, "reported_count": 4}
    return {"kind": "installments_difference", "amount": 0, **counts, **about(row)}


def missing(one: World, row):
    one.rows.remove(row)
    return {"kind": "missing_in_report", "amount": row.net, **about(row)}


def unknown(one: World, row):
    stranger = replace(row.sale, order="")
    more = replace(row, sale=stranger, auth_code="Z9Z9Z9", rrn="999999999991")
    one.rows.append(more)
    return {"kind": "unknown_in_report", "amount": -row.net, "auth_code": "Z9Z9Z9"}


def twice(one: World, row):
    one.rows.append(row)
    return {"kind": "duplicate_in_report", "amount": -row.net, **about(row)}


def kept_commission(one: World, _row):
    (refund,) = (row for row in one.rows if row.kind == "İade")
    one.put(refund, commission=0, bsmv=0)
    one.events[0]["amount"] = refund.gross
    kept = -(refund.commission + refund.bsmv)
    return {"kind": "refund_commission_kept", "amount": kept, **about(refund)}


IN_REPORT = (
    commission, value_date, installments, missing, unknown, twice, kept_commission,
)  # fmt: skip

# === WHAT IS PLANTED ON THE ACCOUNT === #


def no_deposit(one: World, line: Line):
    one.lines.remove(line)
    when = {"value_date": line.day.isoformat()}
    return {
        "kind": "missing_deposit", "amount": line.amount, **about_line(line), **when,
    }  # fmt: skip


def late_deposit(one: World, line: Line):
    later = world.workday(line.day + timedelta(1))
    one.lines[one.lines.index(line)] = replace(line, day=later)
    days = {"days": (later - line.day).days, "value_date": line.day.isoformat()}
    return {"kind": "late_deposit", "amount": 0, **about_line(line), **days}


def other_deposit(one: World, line: Line):
    one.lines[one.lines.index(line)] = replace(line, amount=line.amount - 777)
    return {"kind": "deposit_difference", "amount": 777, **about_line(line)}


def deposit_twice(one: World, line: Line):
    one.lines.append(line)
    return {"kind": "duplicate_deposit", "amount": -line.amount, **about_line(line)}


def never_released(one: World, line: Line):
    text = f"POS BLOKE GİRİŞ TERM {world.TERMINALS[0]} BLK 41"
    one.lines.append(Line(DAYS[1], -50_000, text, "POSBLG"))
    one.events.append({"kind": "blocked", "amount": -50_000})
    return {"kind": "blocked_open", "amount": 50_000}


ON_ACCOUNT = (no_deposit, late_deposit, other_deposit, deposit_twice, never_released)


def run(tmp_path, one: World):
    world_files.write(tmp_path, one)
    cases = list(case_run.run_folder(tmp_path))
    assert len(cases) == 12
    assert [(name, wrong) for name, wrong in cases if wrong] == []


def whole_rows(one: World, dice):
    """:return: rows that pay a sale alone, of sales that nothing else happened to"""
    busy = {row.sale for row in one.rows if row.kind != "Satış"}
    rows = [
        row
        for row in one.rows
        if row.kind == "Satış" and not row.part and row.sale not in busy
        if row.day in DAYS[1:4]
    ]
    dice.shuffle(rows)
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_a_world_without_differences_has_no_finding(tmp_path, seed):
    one = world.make(seed)
    world.pay(one)
    run(tmp_path, one)


@pytest.mark.parametrize("plant", IN_REPORT)
def test_one_difference_in_the_report_is_found(tmp_path, plant):
    one = world.make(11)
    one.findings.append(plant(one, whole_rows(one, random.Random(11))[0]))
    world.pay(one)
    run(tmp_path, one)


@pytest.mark.parametrize("plant", ON_ACCOUNT)
def test_one_difference_on_the_account_is_found(tmp_path, plant):
    one = world.make(12)
    world.pay(one)
    deposits = [line for line in one.lines if line.hint == "POSYAT"]
    one.findings.append(plant(one, deposits[3]))
    run(tmp_path, one)


@pytest.mark.parametrize("seed", range(20, 26))
def test_all_differences_at_once_are_told_apart(tmp_path, seed):
    dice, one = random.Random(seed), world.make(seed, per_day=16)
    rows = whole_rows(one, dice)
    for plant in IN_REPORT:
        one.findings.append(plant(one, rows.pop()))
    world.pay(one)
    touched = {
        (row.sale.terminal, f"{row.day}")
        for row in one.rows
        if one.rows.count(row) > 1 or row.auth_code == "Z9Z9Z9"
    }
    deposits = [
        line
        for line in one.lines
        if line.hint == "POSYAT"
        and line.day <= DAYS[4]
        and tuple(about_line(line).values()) not in touched
    ]
    dice.shuffle(deposits)
    for plant in ON_ACCOUNT:
        one.findings.append(plant(one, deposits.pop()))
    run(tmp_path, one)


def test_order_numbers_are_not_needed(tmp_path):
    one = world.make(31)
    one.rows = [replace(row, shows_order=False) for row in one.rows]
    world.pay(one)
    run(tmp_path, one)
