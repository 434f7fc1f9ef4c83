"""Terminals: the contracts that merchants have with this bank. Data only."""

import json
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Terminal:
    """One virtual POS of one merchant; ``name`` is the bank's, as its pages show it.

    ``shorten_amounts`` and ``open_sale_as_authorised`` are habits of some banks that a
    merchant's software has to bear: an echoed amount that lost its decimals (``100``
    for ``100.00``), and a sale that status answers call A until the batch closes.
    """

    client_id: str
    store_key: str
    api_user: str
    api_password: str
    name: str
    name_tr: str = ""
    merchant: str = "Örnek Ticaret A.Ş."
    family: str = "nestpay"
    shorten_amounts: bool = False
    open_sale_as_authorised: bool = False
    debit_refunds: bool = True

    def bank_name(self, lang):
        return self.name_tr if lang == "tr" and self.name_tr else self.name


DEFAULT_TERMINALS = (
    Terminal(
        client_id="700655001",
        store_key="SimStore.Key|01",
        api_user="simapi",
        api_password="SimApi.Pass-1",
        name="Demo Bank",
        name_tr="Deneme Bankası",
    ),
)


def load_terminals(path):
    """Read terminals from a JSON file: a list of objects with the fields above."""
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    known = {field.name for field in fields(Terminal)}
    for row in rows:
        if unknown := sorted(set(row) - known):
            raise ValueError(f"unknown terminal field: {', '.join(unknown)}")
    return tuple(Terminal(**row) for row in rows)
