"""What the cases of all families share: an order, and how answers are written."""

import base64
import hashlib
from datetime import UTC, datetime
from functools import partial
from xml.sax.saxutils import escape

from pos_gateway.protocols.types import Order

RETURN_URL = "https://tahsilat.example/pos/donus"
ORDER_ID = "PGDENEMEKAYITBIRIKIU"

order = partial(
    Order,
    order_id=ORDER_ID,
    amount_kurus=125040,
    currency="TRY",
    return_url=RETURN_URL,
    nonce="c2FtcGxlcm5k",
    at=datetime(2026, 11, 21, 8, 59, tzinfo=UTC),
)


def base64_of(algorithm, text):
    return base64.b64encode(hashlib.new(algorithm, text.encode()).digest()).decode()


def stated(fields):
    """The fields without those that a test leaves out with ``None``."""
    return {name: text for name, text in fields.items() if text is not None}


def xml(tree):
    """A tree of dicts, lists and texts as elements; ``None`` leaves one out."""
    texts = []
    for name, node in stated(tree).items():
        for item in node if isinstance(node, list) else [node]:
            inside = xml(item) if isinstance(item, dict) else escape(item)
            texts.append(f"<{name}>{inside}</{name}>")
    return "".join(texts)


def document(root, tree):
    text = f"<{root}>{xml(tree)}</{root}>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
