"""A short name for the contents of a table of prices."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields

LENGTH = 12


def short_digest(head: object, lines: Iterable) -> str:
    """Digest the contents of lines, whatever their order and their keys.

    :param lines: dataclasses; the field ``key`` only says where a line is kept
    """
    rows = sorted(
        repr([_plain(line, part.name) for part in fields(line) if part.name != "key"])
        for line in lines
    )
    text = "\n".join([repr(head), *rows])
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(line: object, name: str) -> object:
    """An enumeration's text is its value, however its class comes to print it."""
    value = getattr(line, name)
    return getattr(value, "value", value)
