"""Bank codes -> what they mean for us. One data module for each family beside this.

A code that is in no table means nothing: the family's ``parse`` answers *unresolved*,
and the bank is asked how the order stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..answers import Hint

REASONS = (
    "limit",
    "expired",
    "do_not_honour",
    "invalid_card",
    "security_code",
    "lost_or_stolen",
    "not_permitted",
    "three_d_failed",
    "installment_not_allowed",
    "amount_not_allowed",
    "bank_unreachable",
    "configuration",
    "fraud_rule",
    "duplicate",
    "not_found",
    "not_possible",
    "cancelled",
    "other",
)
"""Why something did not happen. The sentences for people are the caller's.

``configuration`` is for the administrator: credentials, address, rights, fields.
``not_possible`` is for follow-up operations that the state of the order does not allow.
"""


@dataclass(frozen=True)
class Codes:
    """A family's codes.

    :param refusals: code -> reason; nothing was charged, and the bank will not think
        otherwise later
    :param uncertain: code -> reason; the money may have moved, only an inquiry tells
    :param hints: code -> what to do instead
    :param not_found: what says that the bank knows no such order
    """

    refusals: Mapping[str, str]
    uncertain: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, Hint] = field(default_factory=dict)
    not_found: frozenset[str] = frozenset()

    def __post_init__(self):
        unknown = {*self.refusals.values(), *self.uncertain.values()} - {*REASONS}
        both = self.refusals.keys() & self.uncertain.keys()
        if unknown or both:
            raise ValueError(f"bad code table: {unknown or both}")

    def reason(self, *codes: str) -> str:
        """:return: the reason of the first code that is in a table, else ``other``"""
        for code in codes:
            reason = self.refusals.get(code) or self.uncertain.get(code)
            if reason:
                return reason
        return "other"

    def is_refusal(self, *codes: str) -> bool:
        """:return: whether all these codes (the empty ones aside) are known refusals"""
        given = [code for code in codes if code]
        return bool(given) and all(code in self.refusals for code in given)

    def hint(self, *codes: str) -> Hint | None:
        """:return: the hint of the first code that has one"""
        return next((self.hints[code] for code in codes if code in self.hints), None)


def spread(table: Mapping[str, str]) -> dict[str, str]:
    """Turn ``reason: "code code ..."`` into ``code: reason``.

    >>> spread({"limit": "51 61"})
    {'51': 'limit', '61': 'limit'}

    :raise ValueError: if a code stands under two reasons
    """
    pairs = [(code, key) for key, codes in table.items() for code in codes.split()]
    if len({code for code, _key in pairs}) < len(pairs):
        raise ValueError("a code has two reasons")
    return dict(pairs)


def issuer(prefix: str = "", without: Iterable[str] = ()) -> dict[str, str]:
    """The refusals of issuers (ISO 8583, field 39), as far as all our banks share them.

    :param prefix: what the family writes before the two digits
    :param without: codes that mean something else in this family

    >>> issuer("00")["0051"]
    'limit'
    """
    codes = spread(_ISSUER)
    return {
        prefix + code: key for code, key in codes.items() if code not in set(without)
    }


def issuer_unsure(prefix: str = "") -> dict[str, str]:
    """Issuer unavailable, timeout with a reversal under way, malfunction."""
    return {prefix + code: "bank_unreachable" for code in ("91", "92", "96")}


_ISSUER = {
    "do_not_honour": "01 02 05",
    "not_permitted": "12 57 58 62",
    "invalid_card": "14 15",
    "lost_or_stolen": "41 43",
    "limit": "51 61 65",
    "expired": "54",
    "security_code": "82",
    "installment_not_allowed": "93",
}
