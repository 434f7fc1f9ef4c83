"""Terminals: the contracts that merchants have with this bank. Data only."""

import json
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """One virtual POS of one merchant; ``name`` is the bank's, as its pages show it.

    ``client_id`` is the number that the family's messages name the terminal by. No two
    terminals of the bank share one, whatever their families. ``extra`` holds the
    credentials that only some families have, by the names of the protocol pages.

    ``shorten_amounts`` and ``open_sale_as_authorised`` are habits of some banks that a
    merchant's software has to bear: an echoed amount that lost its decimals (``100``
    for ``100.00``), and a sale that status answers call A until the batch closes.
    """

    client_id: str
    name: str
    store_key: str = ""
    api_user: str = ""
    api_password: str = ""
    name_tr: str = ""
    merchant: str = "Örnek Ticaret A.Ş."
    family: str = "nestpay"
    shorten_amounts: bool = False
    open_sale_as_authorised: bool = False
    debit_refunds: bool = True
    extra: dict = field(default_factory=dict, hash=False)

    def bank_name(self, lang):
        return self.name_tr if lang == "tr" and self.name_tr else self.name


def load_terminals(path):
    """Read terminals from a JSON file: a list of objects with the fields above."""
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    known = {known.name for known in fields(Terminal)}
    for row in rows:
        if unknown := sorted(set(row) - known):
            raise ValueError(f"unknown terminal field: {', '.join(unknown)}")
    return tuple(Terminal(**row) for row in rows)


def check_terminals(terminals, families):
    """Raise ValueError for a family nobody plays, or a client id that comes twice."""
    seen = set()
    for terminal in terminals:
        if terminal.family not in families:
            raise ValueError(f"unknown family: {terminal.family}")
        if terminal.client_id in seen:
            raise ValueError(f"two terminals with client id {terminal.client_id}")
        seen.add(terminal.client_id)
