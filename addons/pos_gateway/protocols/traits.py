"""What a family can do, as data: for the code around it, the forms and the docs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .types import CardEntry, Operation


@dataclass(frozen=True)
class Credential:
    """One thing from the contract that an administrator types in.

    :param name: the attribute of ``Terminal``
    :param label: what the bank calls it
    :param secret: whether it is never shown again
    """

    name: str
    label: str
    help: str = ""
    required: bool = True
    secret: bool = False


@dataclass(frozen=True)
class Traits:
    """What a family can do, for the code around it, the provider form and the docs.

    :param document: title and version of what the file was written from
    :param start: ``PAGE`` if the browser takes a form straight to the bank, else the
        call that opens the page
    :param standing_by: the call that tells what was refunded and voided so far
    :param card_entries: the first one is the default
    :param binds: what the signature of a page's message binds, of order, amount,
        currency, installment_count, result
    :param inquiry_states: the same for the answer to an inquiry
    :param partial: operations of which an amount below the whole is taken
    :param urls: name of each address of a bank -> what it is for
    :param preauth: whether money can be reserved on the bank's page and captured later
    :param card_calls: operations that need the card in our hands, if it may come there
    :param recurring_units: intervals at which the bank charges again: ``D W M Y``
    :param options: what banks of the family differ in -> its values, default first
    :param wallet: the family of the bank's own wallet, which the same contract serves
    """

    document: str
    credentials: tuple[Credential, ...]
    operations: frozenset[Operation]
    binds: frozenset[str]
    inquiry_states: frozenset[str]
    urls: Mapping[str, str]
    start: Operation = Operation.PAGE
    standing_by: Operation = Operation.INQUIRY
    card_entries: tuple[CardEntry, ...] = (CardEntry.HOSTED,)
    partial: frozenset[Operation] = frozenset()
    preauth: bool = True
    order_id_max: int = 20
    max_installments: int = 12
    currencies: tuple[str, ...] = ("TRY", "USD", "EUR", "GBP")
    card_calls: frozenset[Operation] = frozenset()
    recurring_units: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wallet: str = ""


def operations(names: str) -> frozenset[Operation]:
    """
    >>> sorted(operations("void refund"))
    [<Operation.REFUND: 'refund'>, <Operation.VOID: 'void'>]
    """
    return frozenset(Operation(name) for name in names.split())
