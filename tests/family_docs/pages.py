"""One page for each family. What is written here is read from its tables only."""

import importlib
import inspect
from collections import defaultdict

import suite
from pos_gateway.protocols import banks
from pos_gateway.protocols.codes import Codes
from pos_gateway.protocols.types import CardEntry, Operation

from . import sizes

NOTE = "<!-- Made by script/family-docs of the tables in protocols/. Do not edit. -->"
ITEMS = ("order", "amount", "currency", "installment_count", "result")
ENTRIES = {
    CardEntry.HOSTED: "on the bank's page",
    CardEntry.BROWSER: "on a page of ours whose form goes to the bank",
    CardEntry.SERVER: "on a page that posts to our server",
}
IN_PARTS = (Operation.CAPTURE, Operation.REFUND)
UNITS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}
MEANINGS = {
    Operation.REGISTER: "opens the bank's page",
    Operation.CARD_PAGE: "opens the authentication, with the card in our hands",
    Operation.RESOLVE: "has the bank read what its page sent",
    Operation.SALE: "charges the card that was authenticated",
    Operation.INQUIRY: "how an order stands",
    Operation.HISTORY: "all transactions of an order",
    Operation.DAY_LIST: "all transactions of some days",
    Operation.CAPTURE: "takes reserved money",
    Operation.VOID: "undoes before the batch closes",
    Operation.REFUND: "gives back",
    Operation.BIN: "whose card a number is",
    Operation.POINTS: "loyalty points of a card",
    Operation.RECURRING: "charges a card now, and again by a schedule",
    Operation.RECURRING_STATUS: "what became of each payment of a schedule",
    Operation.RECURRING_CANCEL: "takes payments out that are still to come",
}


def page(code: str) -> str:
    family = suite.FAMILIES[code]
    parts = [
        NOTE,
        f"# {family.LABEL} (`{code}`)",
        f"Written from: {family.TRAITS.document}.",
        _notes(family),
        "## Banks",
        _banks(code),
        "## The contract",
        _credentials(family.TRAITS),
        "## What it can do",
        _abilities(family.TRAITS),
        "## What proves a message",
        _proof(family.TRAITS),
        "## The form",
        _form(family),
        "## Codes",
        _codes(code),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def index() -> str:
    rows, pages = [], []
    for code in sorted(suite.FAMILIES):
        size = sizes.size_of(code)
        names = ", ".join(b.name for b in banks.BANKS if b.family == code)
        pages.append((f"[{suite.FAMILIES[code].LABEL}]({code}.md)", names))
        told = (size.family, size.more, size.codes, size.total, size.bank)
        rows.append((f"[{code}]({code}.md)", *told))
    median = sizes.ACTIVE_MERCHANT_MEDIAN
    parts = [
        NOTE,
        "# Protocol families",
        _table(("family", "banks"), pages),
        "How to add a bank or a family: [add-a-bank.md](../add-a-bank.md).",
        "## Lines",
        "Lines with comments and blank ones. *More* are the other files of the family:"
        " what answers mean, calls, signatures; a file of two relatives counts for"
        f" both. For comparison: the median of ActiveMerchant's gateways is {median}"
        " lines, without a table of codes.",
        _table(("family", "its file", "more", "codes", "all", "a further bank"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def all_pages() -> dict[str, str]:
    """:return: file name -> text"""
    made = {f"{code}.md": page(code) for code in suite.FAMILIES}
    return made | {"README.md": index()}


def _table(head: tuple, rows) -> str:
    rows = [tuple(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _notes(family) -> str:
    text = inspect.getdoc(family)
    return text.replace("``", "`")


def _banks(code: str) -> str:
    rows = []
    for bank in (bank for bank in banks.BANKS if bank.family == code):
        options = ", ".join(f"{n} = {v}" for n, v in sorted(bank.options.items()))
        for number, (name, url) in enumerate(bank.urls.items()):
            first = (bank.name, f"`{bank.key}`") if number == 0 else ("", "")
            test = bank.test_urls.get(name, "")
            rows.append((*first, name, url, test, options if number == 0 else ""))
    if not rows:
        return _wallet_of(code)
    head = ("bank", "key", "address", "live", "test", "options")
    return _table(head, rows)


def _wallet_of(code: str) -> str:
    """A wallet has no bank of its own: the contract of the card's family serves it."""
    families = suite.FAMILIES.values()
    names = (f"[{f.LABEL}]({f.FAMILY}.md)" for f in families if f.TRAITS.wallet == code)
    return f"A way to pay beside the card, by the contract with {', '.join(names)}."


def _credentials(traits) -> str:
    rows = [
        (
            credential.label,
            f"`{credential.name}`",
            "yes" if credential.required else "no",
            "yes" if credential.secret else "no",
            credential.help,
        )
        for credential in traits.credentials
    ]
    parts = [_table(("what the bank calls it", "ours", "needed", "secret", ""), rows)]
    parts.append(_table(("address", "what it is for"), sorted(traits.urls.items())))
    if traits.options:
        options = [(n, " or ".join(v)) for n, v in sorted(traits.options.items())]
        parts.append(_table(("option", "values, the default first"), options))
    return "\n\n".join(parts)


def _abilities(traits) -> str:
    rows = []
    for operation in Operation:
        if operation is Operation.PAGE:
            continue
        can = operation in traits.operations
        parts = ""
        if can and operation in IN_PARTS:
            parts = "in parts too" if operation in traits.partial else "whole only"
        can_text = "yes" if can else "**no**"
        if operation in traits.card_calls:
            can_text = "with the card in our hands"
        rows.append((operation.value, MEANINGS[operation], can_text, parts))
    cards = ", ".join(ENTRIES[entry] for entry in traits.card_entries)
    start = "a form that the browser takes to the bank"
    if traits.start is not Operation.PAGE:
        start = f"the call `{traits.start.value}`"
    facts = [
        ("A payment begins with", start),
        ("The card is typed", cards),
        ("Money can be reserved and captured later", "yes" if traits.preauth else "no"),
        ("Installments", f"at most {traits.max_installments}"),
        ("Currencies", ", ".join(traits.currencies)),
        ("Order number", f"at most {traits.order_id_max} characters"),
        ("What was refunded and voided tells", f"`{traits.standing_by.value}`"),
    ]
    if traits.recurring_units:
        units = " or ".join(UNITS[unit] for unit in traits.recurring_units)
        facts.append(("A card can be charged again after", units))
    operations = _table(("operation", "what it does", "", ""), rows)
    return operations + "\n\n" + _table(("", ""), facts)


def _proof(traits) -> str:
    rows = [
        (
            item.replace("_", " "),
            "bound" if item in traits.binds else "not bound",
            "told" if item in traits.inquiry_states else "not told",
        )
        for item in ITEMS
    ]
    head = ("", "by the signature of the page's message", "by the answer to an inquiry")
    return _table(head, rows)


def _form(family) -> str:
    table = getattr(family, "FORM", ())
    if not table:
        return "The bank opens its page by a call: there is no form of ours."
    rows = [
        (
            row.name,
            f"`{row.wire}`",
            row.longest,
            "yes" if row.required else "may be empty",
            "yes" if row.signed else "no",
        )
        for row in table
    ]
    return _table(("field", "wire name", "longest", "needed", "signed"), rows)


def _codes(code: str) -> str:
    name = f"pos_gateway.protocols.codes.{suite.table_name(code)}"
    module = importlib.import_module(name)
    rows = []
    for table in (v for v in vars(module).values() if isinstance(v, Codes)):
        rows += _by_reason(table.refusals, "refused: nothing was charged")
        rows += _by_reason(table.uncertain, "uncertain: the bank is asked")
        rows += _by_reason(table.hints, "tells what to do instead")
        if table.not_found:
            rows.append(("the bank knows no such order", "", _list(table.not_found)))
    follow_up = getattr(module, "FOLLOW_UP_REFUSALS", {})
    rows += _by_reason(follow_up, "refused: said of a capture, void or refund")
    return _table(("meaning", "reason", "codes"), rows)


def _by_reason(table, meaning: str):
    found = defaultdict(list)
    for code, reason in table.items():
        found[str(reason).replace("_", " ")].append(code)
    return [(meaning, reason, _list(codes)) for reason, codes in sorted(found.items())]


def _list(codes) -> str:
    return " ".join(f"`{code}`" for code in sorted(codes))
