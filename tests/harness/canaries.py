"""Marked card numbers and security codes: whoever keeps one gives itself away."""

import re
from pathlib import Path
from random import Random

_CARD_FIELDS = (
    r"(?:card_?)?(?:cv2|cvv2?|cvc2?)|security_?code|(?<![a-z_])code|ecom_\w+code"
)
_CODE = re.compile(
    rf"(?:{_CARD_FIELDS})(?:\"|'|%22|%27|&quot;)?\s?(?:=|:|%3A|>|\s)\s?"
    r"(?:\"|'|%22|%27|&quot;)?([0-9]{3})(?![0-9])",
    re.IGNORECASE,
)
_RUN = re.compile(r"[0-9](?:(?:[ +-]|%20|%2D)?[0-9]){12,}", re.IGNORECASE)
_SEPARATOR = re.compile(r"[ +-]|%20|%2D", re.IGNORECASE)
LENGTH = 16


def numbers(count: int, seed: int) -> list[str]:
    """:return: valid card numbers, none of which the bank's tests know"""
    random, made = Random(seed), []
    while len(made) < count:
        body = "454399" + "".join(random.choices("0123456789", k=LENGTH - 7))
        made.append(body + _check_digit(body))
    return made


def _check_digit(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def code_of(number: str) -> str:
    """:return: the security code of a number"""
    return str(200 + int(number[-6:]) % 700)


def found_numbers(text: str, wanted: set[str]) -> set[str]:
    """:return: the wanted numbers that stand in a text, with or without separators"""
    found = set()
    for run in _RUN.findall(text):
        digits = _SEPARATOR.sub("", run)
        parts = (digits[n : n + LENGTH] for n in range(len(digits) - LENGTH + 1))
        found.update(wanted.intersection(parts))
    return found


def found_codes(text: str, wanted: set[str]) -> set[str]:
    """:return: the places where a wanted security code stands under a card's field"""
    return {match[0] for match in _CODE.finditer(text) if match[1] in wanted}


def everything_kept(stack):
    """:return: name and text of each place where our server keeps anything"""
    for path in (stack.server.log, stack.folder / "install.log"):
        yield path.name, path.read_text(errors="replace")
    yield "database", stack.cluster.dump(stack.name)
    for path in sorted((Path(stack.folder) / "data").rglob("*")):
        if path.is_file():
            yield str(path.relative_to(stack.folder)), path.read_text(errors="replace")
