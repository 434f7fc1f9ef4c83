"""How PosNet names an order and its rows: prefixed order id, hostlogkey, currency."""

from ..orders import REFUND

DEFAULT_PREFIX = "TDS_"
CURRENCIES = {"TL": "949", "US": "840", "EU": "978"}
CURRENCY_NAMES = {number: name for name, number in CURRENCIES.items()}
_ROW_END = "00191"
_CAPTURE_END = "00192"


def prefix(terminal):
    return terminal.extra.get("order_prefix", DEFAULT_PREFIX)


def long_order_id(order, terminal):
    """Return the 24 characters that later messages name a 3-D payment by."""
    return prefix(terminal) + order.order_id


def host_log_key(row, captured=False):
    """Return a row's key of 18 digits; a capture has one of its own."""
    return f"0{row.host_ref}{_CAPTURE_END if captured else _ROW_END}"


def find_order(bank, terminal, fields):
    """Return the order of a message's hostLogKey or orderID; None if there is none."""
    if key := fields.get("hostLogKey"):
        return _order_of_key(bank, terminal, key)
    order_id = fields.get("orderID", "")
    if not order_id.startswith(prefix(terminal)):
        return None
    short = order_id.removeprefix(prefix(terminal))
    return bank.find_order(short, terminal.client_id)


def find_refund(order, key):
    """Return the refund of a key; without a key the newest."""
    rows = [t for t in order.transactions if t.kind == REFUND and t.succeeded]
    if key:
        rows = [row for row in rows if host_log_key(row) == key]
    return rows[-1] if rows else None


def _order_of_key(bank, terminal, key):
    for order in list(bank.orders.values()):
        if order.client_id == terminal.client_id and any(
            row.succeeded and key in (host_log_key(row), host_log_key(row, True))
            for row in order.transactions
        ):
            return order
    return None
