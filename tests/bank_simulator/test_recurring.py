"""Recurring payments: schedules, and the terminals that may not have them."""

import json
from datetime import datetime

import pytest

from . import test_recurring_akbank, test_recurring_garanti, test_recurring_nestpay
from .conftest import Client, start_bank
from .families import default_terminals
from .garanti_merchant import outcome
from .recurring import MAX_PAYMENTS, Schedule, read_schedule

START = datetime(2027, 12, 31, 10, 30)


@pytest.mark.parametrize(
    ("every", "unit", "number", "day"),
    [
        (1, "D", 1, "2027-12-31"),
        (10, "D", 3, "2028-01-20"),
        (2, "W", 2, "2028-01-14"),
        (1, "M", 2, "2028-01-31"),
        (1, "M", 3, "2028-02-29"),
        (1, "M", 4, "2028-03-31"),
        (6, "M", 2, "2028-06-30"),
        (1, "Y", 3, "2029-12-31"),
    ],
)
def test_a_moment_is_counted_from_the_start(every, unit, number, day):
    moment = Schedule(9, every, unit).moment(START, number)
    assert moment == datetime.fromisoformat(f"{day} 10:30:00")


def test_a_leap_day_is_kept_where_there_is_one():
    yearly = Schedule(9, 1, "Y")
    start = datetime(2028, 2, 29)
    days = [yearly.moment(start, n).strftime("%m-%d") for n in range(1, 6)]
    assert days == ["02-29", "02-28", "02-28", "02-28", "02-29"]


def test_a_schedule_is_read_from_texts():
    assert read_schedule("3", "02", "M") == Schedule(3, 2, "M")
    assert read_schedule(str(MAX_PAYMENTS), "1", "Y").count == MAX_PAYMENTS


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (("0", "1", "M"), "count"),
        ((None, "1", "M"), "count"),
        (("121", "1", "M"), "count"),
        (("1.5", "1", "M"), "count"),
        (("3", "0", "M"), "every"),
        (("3", "٣", "M"), "every"),
        (("3", "-1", "M"), "every"),
        (("3", "1", "m"), "unit"),
        (("3", "1", ""), "unit"),
    ],
)
def test_what_is_wrong_with_a_schedule_is_named(texts, wrong):
    assert read_schedule(*texts) == wrong


def test_a_bank_may_take_fewer_units():
    assert read_schedule("3", "1", "Y", units=("D", "W", "M")) == "unit"


@pytest.fixture(scope="module")
def bank_without(tmp_path_factory, merchant):
    """A bank whose terminals have no permission for recurring payments."""
    folder = tmp_path_factory.mktemp("bank_without")
    rows = [vars(terminal).copy() for terminal in default_terminals()]
    for row in rows:
        row["extra"] = {**row["extra"], "recurring": False}
    path = folder / "terminals.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    process, started = start_bank(folder / "stderr", "--terminals", str(path))
    yield Client(started, merchant, folder / "stderr")
    process.terminate()
    assert process.wait(5) == 0
    process.stdout.close()


def test_a_terminal_without_permission_has_no_recurring_sale(bank_without):
    assert test_recurring_nestpay.send(bank_without)["ERRORCODE"] == "CORE-2202"
    answer = test_recurring_akbank.sell(bank_without)
    assert answer["responseCode"] == "VPS-1061"
    root = test_recurring_garanti.sell(bank_without)[1]
    assert outcome(root) == ("92", "0652")
    assert not bank_without.get("charges")["charges"]
