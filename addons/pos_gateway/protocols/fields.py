"""What a protocol sends, as a table: one row per field of the form.

Read by the family's ``build`` and by whatever describes a form to people.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from .traits import Traits
from .types import Call, CardInput, Order, Terminal

_WEB_ADDRESS = re.compile(r"https?://[!-~]+")
_TURKEY = ZoneInfo("Europe/Istanbul")
_PLAIN = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Field:
    """One field of a form.

    :param name: what we call it
    :param wire: what the bank calls it
    :param source: the text to send, or what makes it of terminal and order. ``None``
        leaves the field out; ``ValueError`` says that the bank takes no such order.
    :param longest: number of characters that the bank takes
    :param required: whether an empty text is refused before the bank sees it
    :param signed: whether the signature of the form covers it
    """

    name: str
    wire: str
    source: str | Callable[[Terminal, Order], str | None]
    longest: int = 255
    required: bool = True
    signed: bool = True


def fill(
    table: Iterable[Field], terminal: Terminal, order: Order
) -> tuple[tuple[str, str], ...]:
    """Write an order the way the table says.

    :return: wire name and text of each field, in the order of the table
    :raise ValueError: with a sentence for staff, if a text is missing or too long
    """
    texts = ((row, _text(row.source, terminal, order)) for row in table)
    return tuple(
        (row.wire, _checked(row, text)) for row, text in texts if text is not None
    )


def check_order(traits: Traits, order: Order) -> None:
    """Refuse an order that no bank of the family takes, before the bank sees it.

    :raise ValueError: with a sentence for staff
    """
    if not _PLAIN.fullmatch(order.order_id):
        raise ValueError("The order id must be of plain characters.")
    if len(order.order_id) > traits.order_id_max:
        raise ValueError(
            f"The order id must be at most {traits.order_id_max} characters long."
        )
    if order.amount_kurus <= 0:
        raise ValueError("The amount must be above zero.")
    if order.currency not in traits.currencies:
        raise ValueError(f"The currency {order.currency} is not taken by the bank.")
    if not 1 <= order.installment_count <= traits.max_installments:
        raise ValueError(f"The bank takes 1 to {traits.max_installments} installments.")
    if order.installment_count > 1 and order.currency != "TRY":
        raise ValueError("A payment in foreign currency takes no installments.")
    if order.preauth and not traits.preauth:
        raise ValueError("The bank's page cannot reserve money for later.")


def check_offered(traits: Traits, call: Call) -> None:
    """:raise ValueError: if the bank does not offer what a call asks for"""
    if call.operation not in traits.operations:
        raise ValueError(f"The bank does not offer this: {call.operation}.")


def check_api_user(terminal: Terminal) -> None:
    """:raise ValueError: if our server could not say who it is"""
    if not (terminal.api_user and terminal.api_password):
        raise ValueError("The bank's API user or password is missing.")


def store_key(terminal: Terminal, name: str) -> str:
    """:return: the key that signs what the browser takes to the bank

    :param name: what the bank calls it
    :raise ValueError: if it is missing
    """
    if not terminal.store_key:
        raise ValueError(f"The {name} is missing.")
    return terminal.store_key.reveal()


def card_inputs(**wires: str) -> tuple[CardInput, ...]:
    """:param wires: kind of input -> the bank's name of it, in the order of the page"""
    return tuple(CardInput(kind, wire) for kind, wire in wires.items())


def web_address(text: str) -> str:
    """:raise ValueError: if a browser could not be sent there"""
    if not _WEB_ADDRESS.fullmatch(text):
        raise ValueError("The bank needs a complete web address to return to.")
    return text


def return_address(_terminal: Terminal, order: Order) -> str:
    """Where the bank's page sends the payer back to."""
    return web_address(order.return_url)


def in_turkey(at: datetime | None) -> datetime:
    """:raise ValueError: if there is no time, or one without zone"""
    if at is None or at.tzinfo is None:
        raise ValueError("The bank needs to know the time.")
    return at.astimezone(_TURKEY)


def notice_address(_terminal: Terminal, order: Order) -> str | None:
    """Where the bank's own server sends its message, if it shall send one."""
    return web_address(order.notice_url) if order.notice_url else None


def count_or_empty(_terminal: Terminal, order: Order) -> str:
    """The number of installments; a single payment is the empty text."""
    return "" if order.installment_count == 1 else str(order.installment_count)


def count_or_zero(_terminal: Terminal, order: Order) -> str:
    """The number of installments; a single payment is ``0``."""
    return "0" if order.installment_count == 1 else str(order.installment_count)


def _text(source, terminal: Terminal, order: Order) -> str | None:
    return source if isinstance(source, str) else source(terminal, order)


def _checked(row: Field, text: str) -> str:
    field = f"The field {row.wire} ({row.name})"
    if row.required and not text:
        raise ValueError(f"{field} is empty.")
    if len(text) > row.longest:
        raise ValueError(f"{field} is longer than {row.longest} characters.")
    return text
