"""MT940 statements, read by the ``mt-940`` library, checked by us.

The library makes only lines with mark ``D`` negative, keeps the parts of a text apart
and checks no balance: signs, joining and the chain of balances are done here.
"""

from __future__ import annotations

import re

import mt940

from .amounts import read_point
from .bank_line import AccountStatement, BankLine
from .refusals import FileRefused

LIRA = ("TRY", "TRL", "TL", "YTL")
_TEXT = re.compile(r"^:86:(.*)$")
_STATEMENT = re.compile(r"(?=^:20:)", re.MULTILINE)
_SUBFIELD = re.compile(r"\?(?:00|2[0-9]|3[0-9]|6[0-3])")


def read_mt940(content: bytes) -> tuple[AccountStatement, ...]:
    """:return: a statement of each account, its messages put together in their order

    :raises FileRefused: if it is no such file, or opening + lines is not closing
    """
    text = _decode(content)
    if ":20:" not in text or ":61:" not in text and ":60F:" not in text:
        raise FileRefused("format")
    accounts: dict[str, list] = {}
    for message in _STATEMENT.split(text):
        if message.startswith(":20:"):
            account, part = _message(message)
            accounts.setdefault(account, []).append(part)
    return tuple(_whole(account, parts) for account, parts in accounts.items())


def _decode(content: bytes) -> str:
    for encoding in ("ascii", "utf-8-sig", "cp1254"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise FileRefused("format")


def _message(text: str):
    """:return: account, (opening, lines, closing, day of closing)"""
    try:
        read = mt940.parse(text)
    except Exception as error:  # the library raises whatever it stumbles over
        raise FileRefused("format", detail=str(error)) from error
    data = read.data
    opening = data.get("final_opening_balance") or data.get(
        "intermediate_opening_balance"
    )
    closing = data.get("final_closing_balance") or data.get(
        "intermediate_closing_balance"
    )
    if not opening or not closing or not data.get("account_identification"):
        raise FileRefused("format", detail=data.get("transaction_reference") or "")
    lines = [_line(one.data) for one in read.transactions if "amount" in one.data]
    start, end = _balance(opening), _balance(closing)
    if start + sum(line.amount for line in lines) != end:
        raise FileRefused("balance", detail=data.get("transaction_reference") or "")
    return data["account_identification"], (start, lines, end, closing.date)


def _balance(balance) -> int:
    return read_point(balance.amount.amount)


def _line(data) -> BankLine:
    amount = abs(read_point(data["amount"].amount))
    # RC takes a credit back, RD a debit.
    is_credit = data["status"] in ("C", "RD")
    note = data.get("transaction_details") or ""
    currency = data.get("currency") or "TRY"
    return BankLine(
        number=0,
        day=data["date"],
        booked=data.get("entry_date") or data.get("guessed_entry_date"),
        amount=amount if is_credit else -amount,
        text=_joined(note) or data.get("extra_details") or "",
        reference=(data.get("bank_reference") or "").strip(),
        customer_reference=(data.get("customer_reference") or "").strip(),
        currency="TRY" if currency in LIRA else currency,
    )


def _joined(note: str) -> str:
    """Banks break the text after 65 signs, in the middle of words too."""
    return _SUBFIELD.sub("", note.replace("\n", "")).strip()


def _whole(account, parts) -> AccountStatement:
    for before, after in zip(parts, parts[1:], strict=False):
        if before[2] != after[0]:
            raise FileRefused("balance", detail=str(after[3]))
    lines = [line for part in parts for line in part[1]]
    return AccountStatement(
        account,
        tuple(lines),
        last_day=max(part[3] for part in parts),
        currency=lines[0].currency if lines else "TRY",
        opening=parts[0][0],
        closing=parts[-1][2],
    )
