"""Takes card data and secrets out of any text before it is kept, logged or shown.

How it works: values under names that are known to be sensitive become ``***``, in
whatever notation the name and value stand; every run of 13 to 19 digits that passes
the Luhn check keeps its first six and last four. When in doubt it masks: an order
number can be a valid card number by chance, so order numbers should not hold that many
digits in a row. It never restores anything, and masking what is masked changes nothing.

A card that we hold ourselves (``CardEntry.SERVER``) is taken out by its own parts,
whatever they are called: see ``hide_card``.
"""

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus, unquote_plus

from .answers import Proven
from .fields import Field
from .types import Card, Terminal

HIDDEN = "***"
SHORTEST_CARD, LONGEST_CARD = 13, 19
_MOST_DIGITS_SHOWN = 10

_CARD_NAMES = (
    r"pan|(?<![_.-])number|card_?number|card_?no|kart_?no|kk_?no|cc_?no|credit_?card"
)
_HOLDER_NAMES = "(?:card_?)?holder(?:_?name)?"
_SECRET_NAMES = (
    "(?:card_?)?(?:cv2|cvv|cvv2|cvc|cvc2|cvv2val)|sec(?:urity)?_?code|expires|expiry"
    "|(?:card_?)?(?:expiry|expired?|exp)_?date(?:_?(?:month|year))?"
    "|(?:card_?)?(?:expiry|expired?|exp)_?(?:month|year|m|y)|sk_?(?:ay|yil)|card_?data"
    "|ecom_payment_card_expdate_(?:month|year)"
    "|(?:user|merchant|api|hash|host_?merchant)?_?(?:password|passwd|pass)"
    "|store_?key|enc_?key|(?:secret|merchant|api)_?key|secret|track[12]"
)
_NAME = (
    r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))"
    rf"(?:(?P<card>{_CARD_NAMES})|(?P<holder>{_HOLDER_NAMES})|(?:{_SECRET_NAMES}))"
)
_SENSITIVE_NAME = re.compile(rf"{_NAME}\Z", re.IGNORECASE)

_NOTATIONS = tuple(
    re.compile(rf"(?P<start>{start})(?P<value>{value})", re.IGNORECASE)
    for start, value in (
        # <Name>value</Name>, also with a prefix, attributes or CDATA
        (rf"<(?:[\w.:-]*[.:_-])?{_NAME}(?:\s[^<>]*)?>(?:<!\[CDATA\[)?", r"[^<\]]+"),
        (rf"%3C(?:[\w.-]*[._-])?{_NAME}%3E", r"(?:(?!%3C)[^&\s])+"),
        (rf"&lt;(?:[\w.:-]*[.:_-])?{_NAME}&gt;", r"(?:(?!&lt;)[^<\s])+"),
        # "name": "value", name="value", ("name", "value"); the same with '
        (rf"{_NAME}[\"']?\s*[:=,]\s*b?\"", r"(?:[^\"\\]|\\.)+"),
        (rf"{_NAME}[\"']?\s*[:=,]\s*b?'", r"(?:[^'\\]|\\.)+"),
        # "name": 123
        (rf"{_NAME}[\"']\s*:\s*", r"[^\s\"',}\])]+"),
        (
            rf"{_NAME}%2[27](?:\+|%20)?%3A(?:\+|%20)?(?:%2[27])?",
            r"(?:(?!%2[27C])[^&\s])+",
        ),
        # card data: number, expiry and code in one value
        (
            r"(?<![A-Za-z0-9])card_?data\s?(?:[=:]|%3[AD])\s?(?!b?[\"'])",
            r"[^&\s\"'<>)}\]]+",
        ),
        # name=value, name: value
        (rf"{_NAME}\s?(?:[=:]|%3[AD])\s?(?!b?[\"'])", r"[^&;,\s\"'<>)}\]]+"),
    )
)

# Fields of the banks' messages, in small letters, that hold references and seals.
_REFERENCE_NAMES = frozenset(
    # NestPay, Garanti
    "md xid cavv hash secure3dhash hashdata transid hostrefnum retrefnum digest"
    # PosNet, PosNet V1
    " merchantpacket bankpacket sign data1 data2 mac hostlogkey referencecode"
    " securetransactionid"
    # PayFor, InterPOS
    " requestguid payertxnid payerauthenticationcode responsehash responsernd"
    # PayFlex
    " paymenttoken transactionid mpitransactionid rrn"
    # Dates and times without separators
    " lastupdated requeststartdatetime mpistartdatetime mpienddatetime"
    " paymentstartdatetime paymentenddatetime requestenddatetime hostdate txndatetime"
    " prov_date provdate trandate orgorderid"
    # Akbank
    " secureid securedata securemd randomnumber"
    # BOA
    " businesskey referenceid authenticationpacket orderid provisionnumber stan"
    # Tosla
    " threedsessionid".split()
)

# A number that the bank has masked already, in plain or form notation.
_SPACE = r"(?:[ +-]|%20|%2[Dd])?"
_STAR = r"(?:[*xX#]|%2[Aa])"
_MASKED_NUMBER = re.compile(
    rf"[0-9]{{0,4}}{_SPACE}[0-9]{{0,4}}(?:{_SPACE}{_STAR}){{3,}}{_SPACE}[0-9]{{0,4}}"
)

_MASKED_NAME = re.compile(r"[^\W\d_]{0,2}\*+[^\W\d_]{0,2}")
_HIDDEN_ALREADY = re.compile(r"(?:[*#/. ]|%2[AaFf])+")

_SEPARATOR = r"(?:[ +-]|%20|%2[BbDd])"
_RUNS = (
    # The digits of a percent escape do not belong to the number that follows it ...
    re.compile(rf"(?<!%)(?<!%[0-9A-Fa-f])[0-9]+(?:{_SEPARATOR}[0-9]+)*"),
    # ... unless the text is no form at all and the percent sign is just that.
    re.compile(r"[0-9]+(?:[ +-][0-9]+)*"),
)
_PART = re.compile(rf"{_SEPARATOR}|[0-9]+")


def no_cards(proven: Proven) -> frozenset[str]:
    """Collect the bank's references and seals: by chance they may look like cards.

    A message that would lose them by masking could not be proven again, and a call
    would lack what the bank wants to hear. Of a message that nobody signed only what is
    too long for a card is kept: a payer may have put anything there.

    :return: texts that may stay as they are
    """
    values = (
        text
        for place in (proven.fields, *proven.rows)
        for name, text in place.items()
        if name.rpartition(".")[2].lower() in _REFERENCE_NAMES
    )
    is_ours = proven.by != "nothing"
    return frozenset(
        text for text in values if not is_clean(text) and (is_ours or len(text) >= 40)
    )


def own_numbers(terminal: Terminal) -> frozenset[str]:
    """:return: our own numbers at the bank: one in ten passes for a card number"""
    ours = (terminal.merchant_id, terminal.terminal_id, terminal.account_id)
    return frozenset(number for number in ours if not is_clean(number))


def mask_text(text: str, keep: Iterable[str] = ()) -> str:
    """Mask card numbers, security codes, expiry dates and secrets in a text.

    :param keep: texts that are known to hold no card

    >>> mask_text("pan=4543600100000002&cv2=123&oid=A1")
    'pan=***&cv2=***&oid=A1'
    >>> mask_text("<Password>x</Password> card 4543 6001 0000 0002")
    '<Password>***</Password> card 4543 60** **** 0002'
    """
    for notation in _NOTATIONS:
        text = notation.sub(_hide_value, text)
    # What masking would not touch is no reason to take the text apart.
    kept = [value for value in keep if not is_clean(value)]
    forms = {form for value in kept for form in (value, quote_plus(value))}
    if not forms:
        return _mask_numbers(text)
    longest_first = sorted(forms, key=len, reverse=True)
    known = "|".join(map(re.escape, longest_first))
    pieces = re.split(f"(?<![0-9A-Za-z])({known})(?![0-9A-Za-z])", text)
    # Every second piece is a kept one.
    return "".join(
        piece if number % 2 else _mask_numbers(piece)
        for number, piece in enumerate(pieces)
    )


def hide_card(text: str, card: Card) -> str:
    """Take a card that we hold out of a text, whatever the names beside its parts are.

    Month, year and code are hidden where they stand alone as a value: now and then that
    is another value that only looks the same.

    >>> hide_card("<A>454360010002</A><B>09</B>", Card("454360010002", "09", "31", ""))
    '<A>***</A><B>***</B>'
    """
    for pattern in _patterns_of(card):
        text = pattern.sub(HIDDEN, text)
    return text


_ESCAPE_BEFORE = r"(?<=%[0-9A-Fa-f]{2})"
_VALUE_BEFORE = (
    r"(?:(?<=[>=\"';|,])|(?<=\":)|(?<=\": )|(?<=%22%3A)|(?<=%22%3A\+)"
    r"|(?<=%(?:3[BDE]|2[27C]|7C)))"
)
_VALUE_AFTER = r"(?=[<\"'&;|,}\]\s]|\Z|%(?:3[BC]|2[267C]|7[CD]))"


def _patterns_of(card: Card) -> Iterator[re.Pattern]:
    def pattern(*parts: str) -> re.Pattern:
        return re.compile("".join(parts), re.IGNORECASE)

    yield pattern(f"(?:{_SEPARATOR})?".join(card.number))
    month, year = card.month, f"(?:20)?{card.year}"
    between = "(?:[/.-]|%2[FD])?"
    yield pattern(
        f"(?:(?<![0-9])|{_ESCAPE_BEFORE})",
        f"(?:{month}{between}{year}|{year}{between}{month})(?![0-9])",
    )
    alone = (month, month.lstrip("0"), year, card.code)
    alone = "|".join(part for part in alone if part)
    yield pattern(f"{_VALUE_BEFORE}(?:{alone}){_VALUE_AFTER}")
    if spellings := _spellings(card.holder):
        names = "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))
        yield pattern(rf"(?:(?<![^\W\d_])|{_ESCAPE_BEFORE})(?:{names})(?![^\W\d_])")


def _spellings(name: str) -> set[str]:
    """:return: a name as it may stand in XML, JSON or a form, also without accents"""
    plain = name.replace("ı", "i").replace("İ", "I")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    names = {form for text in (name, plain) for form in (text, text.upper())}
    names |= {html.escape(form) for form in names}
    names |= {json.dumps(form)[1:-1] for form in names}
    for encoding in ("utf-8", "iso-8859-9"):
        for escape in (quote, quote_plus):
            names |= {escape(f, encoding=encoding, errors="replace") for f in names}
    return {form for form in names if form.strip()}


def is_clean(text: str) -> bool:
    """:return: whether no card number is left in the text

    >>> is_clean("4543600100000002"), is_clean("454360******0002")
    (False, True)
    """
    return _mask_numbers(text) == text


def describe(
    fields: Mapping[str, str] | Iterable[tuple[str, str]], table: Iterable[Field] = ()
) -> str:
    """Lay out fields for logs and staff, one on a line, masked.

    :param fields: name and value of each field
    :param table: adds our names of the fields to the bank's

    >>> print(describe((("oid", "A1"), ("cv2", "123"))))
    oid: A1
    cv2: ***
    """
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    ours = {row.wire: f" ({row.name})" for row in table}
    lines = (
        f"{name}{ours.get(name, '')}: {_masked(name, value)}" for name, value in pairs
    )
    return mask_text("\n".join(_printable(line) for line in lines))


def _masked(name: str, value: str) -> str:
    match = _SENSITIVE_NAME.search(name)
    if match and value and not _may_show(match, value):
        return HIDDEN
    return mask_text(value)


def _printable(text: str) -> str:
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def _hide_value(match: re.Match) -> str:
    value = match["value"]
    return match[0] if _may_show(match, value) else match["start"] + HIDDEN


def _may_show(match: re.Match, value: str) -> bool:
    """A card number that came masked may stay as it is: staff recognise the card.

    So may what the bank has hidden wholly, and a name of which it shows two letters.
    """
    if _HIDDEN_ALREADY.fullmatch(value):
        return True
    kind = match.groupdict()
    if kind.get("holder"):
        words = unquote_plus(value).split()
        return all(_MASKED_NAME.fullmatch(word) for word in words)
    if not kind.get("card") or not _MASKED_NUMBER.fullmatch(value):
        return False
    digits = re.sub(r"%2[0AaDd]|[^0-9]", "", value)
    return len(digits) <= _MOST_DIGITS_SHOWN


def _mask_numbers(text: str) -> str:
    """Repeat until nothing is found: the digits that are left of one number may, with
    those beside them, look like another.
    """
    before = None
    while before != text:
        before = text
        for runs in _RUNS:
            text = runs.sub(_mask_run, text)
    return text


def _mask_run(match: re.Match) -> str:
    """Mask the card numbers in digits that only single separators keep apart."""
    parts = _PART.findall(match[0])
    for first in range(0, len(parts), 2):
        for last in _ends(parts, first):
            if _passes_luhn("".join(parts[first : last + 1 : 2])):
                parts[first : last + 1] = _mask_parts(parts[first : last + 1])
                break
    return "".join(parts)


def _ends(parts: list[str], first: int) -> Iterator[int]:
    """:return: which groups may end a card number that begins with the first"""
    count = 0
    for last in range(first, len(parts), 2):
        count += len(parts[last])
        if count > LONGEST_CARD or not parts[last].isdigit():
            return
        if count >= SHORTEST_CARD:
            yield last


def _mask_parts(parts: list[str]) -> list[str]:
    hidden = range(6, sum(map(len, parts[::2])) - 4)
    position = 0
    masked = list(parts)
    for index in range(0, len(parts), 2):
        group = enumerate(parts[index], position)
        masked[index] = "".join("*" if at in hidden else digit for at, digit in group)
        position += len(parts[index])
    return masked


def _passes_luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
