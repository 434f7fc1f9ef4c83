"""Why a file of rates is refused, in words for whoever sent it."""

from ..pricing.value_dates import MOST_DAYS
from ..rate_grid.cells import MOST_INSTALLMENTS
from ..tabular.workbook import MOST_BYTES, MOST_COLUMNS, MOST_ROWS


def problem_words(env, problem):
    """:param problem: a ``rate_grid.Problem``, or one made of an ``UnreadableFile``"""
    words = (
        _of_file(env)
        | _of_numbers(env)
        | _of_headings(env, problem)
        | {"twice": _twice(env, problem)}
    )[problem.reason]
    if problem.text and problem.reason not in ("unknown_column", "twice"):
        words = env._('%(words)s It says "%(text)s".', words=words, text=problem.text)
    return f"{problem.place}: {words}" if problem.place else words


def _of_file(env):
    return {
        "empty": env._("The file is empty."),
        "too_big": env._(
            "The file is bigger than %s MB, or unpacks to a huge one.",
            MOST_BYTES // 1_000_000,
        ),
        "old_format": env._(
            "This is the old XLS format. Save it as XLSX or CSV and try again."
        ),
        "broken": env._("This is neither XLSX nor CSV, or it is damaged."),
        "encoding": env._(
            "The letters of the file are not readable. Save it as XLSX, or as CSV in"
            " UTF-8."
        ),
        "wide": env._(
            "A table of rates has at most %(rows)s rows and %(columns)s columns.",
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        ),
        "no_table": env._(
            'There is no table in the file: no cell says "Taksit" or "Installments".'
        ),
        "no_table_on_sheet": env._("There is no table on this sheet. It is left out."),
        "remark": env._("This row has no rates. It is left out."),
    }


def _of_numbers(env):
    return {
        "rate": env._("This is not a rate."),
        "rate_range": env._("A rate is between 0 and 100 percent."),
        "rate_decimals": env._("A rate has at most four decimals."),
        "date_for_rate": env._("There is a date in the place of a rate."),
        "percent_or_share": env._(
            "This can be percent or a share (0.02 is 2 %). Put the percent sign to it,"
            " or choose above what numbers without % are."
        ),
        "count": env._("This is not a number of installments."),
        "count_range": env._(
            "Installments go from 1 (a single payment) to %s.", MOST_INSTALLMENTS
        ),
        "date_for_count": env._(
            "There is a date in the place of a number of installments. Spreadsheets"
            " make dates of text like 2-3: format the cell as text."
        ),
        "fee": env._("This is not an amount."),
        "fee_range": env._("A fee is not below zero, and has two decimals."),
        "two_readings": env._(
            "This amount can be read in two ways. Write it with its decimals."
        ),
        "value_date": env._(
            'A value date is a number of days, or "30+30": the first installment after'
            " 30 days, then every 30 days."
        ),
        "value_date_range": env._("A bank pays after 0 to %s days.", MOST_DAYS),
        "day": env._("This is not a date, like 31.12.2026."),
        "period": env._("The rates of this sheet end before they begin."),
    }


def _of_headings(env, problem):
    return {
        "unknown_column": env._(
            'No card program or card kind is called "%s". Add the program, change the'
            " heading, or pass over unknown columns.",
            problem.text,
        ),
        "two_meanings": env._("Two card programs are called like this."),
        "contradiction": env._(
            "The heading names two different programs or kinds of cards, or others than"
            " its sheet."
        ),
        "currency": env._("The agreement is in %s.", problem.other),
    }


def _twice(env, problem):
    return env._(
        "The rate %(rate)s is for the same cards and installments as %(other)s, where"
        " there is another one.",
        rate=problem.text,
        other=problem.other,
    )
