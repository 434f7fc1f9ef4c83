"""CAMT.053 statements (versions .001.02 and .001.08)."""

from __future__ import annotations

from lxml import etree

from .amounts import read_point
from .bank_line import AccountStatement, BankLine
from .days import read_day
from .refusals import FileRefused

LIRA = ("TRY", "TRL", "TL", "YTL")


def read_camt053(content: bytes) -> tuple[AccountStatement, ...]:
    """:return: a statement of each account, its days put together in their order

    :raises FileRefused: if it is no such file, defines entities, or does not add up
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FileRefused("doctype")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused("format") from error
    if "camt.053" not in (etree.QName(root).namespace or ""):
        raise FileRefused("format")
    accounts: dict[str, list] = {}
    for statement in root.iterfind("{*}BkToCstmrStmt/{*}Stmt"):
        account = _text(statement, "Acct", "Id", "IBAN") or _text(
            statement, "Acct", "Id", "Othr", "Id"
        )
        if not account:
            raise FileRefused("no_account")
        accounts.setdefault(account, []).append(_statement(statement))
    if not accounts:
        raise FileRefused("no_rows")
    return tuple(_whole(account, parts) for account, parts in accounts.items())


def _path(*names):
    return "/".join(f"{{*}}{name}" for name in names)


def _text(node, *names) -> str:
    return (node.findtext(_path(*names)) or "").strip()


def _signed(node) -> int:
    amount = read_point(_text(node, "Amt"))
    return amount if _text(node, "CdtDbtInd") == "CRDT" else -amount


def _statement(statement):
    """:return: opening, lines, closing, day of closing; None for a missing balance"""
    balances = {
        _text(one, "Tp", "CdOrPrtry", "Cd"): one
        for one in statement.iterfind(_path("Bal"))
    }
    lines = [
        line for entry in statement.iterfind(_path("Ntry")) for line in _lines(entry)
    ]
    opening, closing = balances.get("OPBD"), balances.get("CLBD")
    if opening is None:
        opening = balances.get("PRCD")
    if opening is None or closing is None:
        raise FileRefused("balance", detail=_text(statement, "Id"))
    start, end = _signed(opening), _signed(closing)
    if start + sum(line.amount for line in lines) != end:
        raise FileRefused("balance", detail=_text(statement, "Id"))
    day = read_day(_text(closing, "Dt", "Dt") or _text(closing, "Dt", "DtTm"))
    return start, lines, end, day


def _lines(entry):
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status != "BOOK":
        return
    amount = _signed(entry)
    booked = read_day(_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm"))
    day = read_day(_text(entry, "ValDt", "Dt") or _text(entry, "ValDt", "DtTm"))
    notes = [
        node.text or ""
        for node in entry.iterfind(_path("NtryDtls", "TxDtls", "RmtInf", "Ustrd"))
    ]
    currency = entry.find(_path("Amt")).get("Ccy", "TRY")
    yield BankLine(
        number=0,
        day=day or booked,
        booked=booked,
        amount=amount,
        text=" ".join(notes).strip() or _text(entry, "AddtlNtryInf"),
        reference=_text(entry, "AcctSvcrRef"),
        hint=_text(entry, "BkTxCd", "Prtry", "Cd"),
        currency="TRY" if currency in LIRA else currency,
    )


def _whole(account, parts) -> AccountStatement:
    for before, after in zip(parts, parts[1:], strict=False):
        if before[2] != after[0]:
            raise FileRefused("balance", detail=str(after[3]))
    lines = [line for part in parts for line in part[1]]
    return AccountStatement(
        account,
        tuple(lines),
        last_day=parts[-1][3],
        currency=lines[0].currency if lines else "TRY",
        opening=parts[0][0],
        closing=parts[-1][2],
    )
