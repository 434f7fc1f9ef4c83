"""Messages -> messages that are nearly right. All chance comes with the generator."""

from collections.abc import Callable
from random import Random

from pos_gateway.protocols.wire import encode_form

TOKENS = [
    *(b"&", b"=", b"%", b"+", b";", b";;", b":", b"|", b"\\", b"%00", b"%25", b"\0"),
    *(b"%C4%B1", b"%EF%BC%91", b"%ED%A0%80", b"\xff", b"%FF", b"%0D%0A", b"hash="),
    *(b"<", b">", b"/>", b"</a>", b"<![CDATA[", b"]]>", b"<!DOCTYPE a>", b"&#0;"),
    *(b"&amp;", b"&e;", b"<?a?>", b"<!-- -->", b'"', b"{", b"}", b"[", b"]", b","),
    *(
        b"null",
        b"true",
        b"NaN",
        b"1e999",
        b"-0",
        b"\\u0000",
        b"\\ud800",
        b"\xef\xbb\xbf",
    ),
]
TEXTS = [
    *("", " ", "0", "1", "2", "-1", "00", "01", "99", "null", "Approved", "Declined"),
    *("VPS-0000", "0000", "1250.40", "1250,40", "125040", "1.250,40", "949", "TRY"),
    *(
        "\uff11",
        "\u0661",
        "\u0131",
        "\u212a",
        "\ud800",
        "\0",
        "\n",
        "A" * 5000,
        "9" * 400,
    ),
    *("true", "false", "Y", "N", "1.0", "1e3", "+1", ":", "::", "a:b", "+", "x+y", "İ"),
]


def mutated(body: bytes, others: list[bytes], chance: Random) -> bytes:
    """:return: the body with one to three changes, at any place"""
    octets = bytearray(body)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        octets = _OPERATIONS[int(chance.random() * len(_OPERATIONS))](
            octets, others, chance
        )
    return bytes(octets)


def rewritten(fields: list, others: list, pack: Callable, chance: Random) -> bytes:
    """:return: the form with one to three changes of names, values or their order"""
    pairs = list(fields)
    for _ in range(chance.choice((1, 1, 2, 3))):
        if not pairs:
            break
        at = int(chance.random() * len(pairs))
        name, text = pairs[at]
        pairs[at : at + 1] = _REWRITES[int(chance.random() * len(_REWRITES))](
            name, text, pairs, others, chance
        )
    return encode_form(
        (n, t.encode("utf-8", "surrogatepass")) for n, t in pairs
    ).encode()


def _place(octets, chance):
    return int(chance.random() * (len(octets) + 1))


def _flip(octets, _others, chance):
    if octets:
        at = int(chance.random() * len(octets))
        octets[at] ^= 1 << int(chance.random() * 8)
    return octets


def _set(octets, _others, chance):
    if octets:
        octets[int(chance.random() * len(octets))] = int(chance.random() * 256)
    return octets


def _delete(octets, _others, chance):
    at = _place(octets, chance)
    del octets[at : at + 1 + int(chance.random() * 20)]
    return octets


def _double(octets, _others, chance):
    at = _place(octets, chance)
    octets[at:at] = octets[at : at + 1 + int(chance.random() * 30)]
    return octets


def _insert(octets, _others, chance):
    at = _place(octets, chance)
    octets[at:at] = chance.choice(TOKENS)
    return octets


def _cut(octets, _others, chance):
    return octets[: _place(octets, chance)]


def _splice(octets, others, chance):
    other = chance.choice(others)
    return octets[: _place(octets, chance)] + other[_place(other, chance) :]


def _move(octets, _others, chance):
    start, length = _place(octets, chance), 1 + int(chance.random() * 12)
    piece = octets[start : start + length]
    del octets[start : start + length]
    at = _place(octets, chance)
    octets[at:at] = piece
    return octets


_OPERATIONS = (_flip, _set, _delete, _double, _insert, _cut, _splice, _move)


def _drop(_name, _text, _pairs, _others, _chance):
    return []


def _other_text(name, _text, _pairs, _others, chance):
    return [(name, chance.choice(TEXTS))]


def _text_of_another_field(name, _text, pairs, _others, chance):
    return [(name, chance.choice(pairs)[1])]


def _text_of_another_message(name, text, _pairs, others, chance):
    return [(name, dict(chance.choice(others)).get(name, text))]


def _moved_to_the_neighbour(name, text, pairs, _others, chance):
    other, more = chance.choice(pairs)
    return [(other, more + text[:1]), (name, text[1:])]


def _again(name, text, _pairs, _others, chance):
    return [(name, text), (chance.choice((name, name.upper(), name.swapcase())), text)]


def _other_name(name, text, _pairs, _others, chance):
    return [(chance.choice((name.upper(), name.lower(), name + " ", "x", "")), text)]


def _longer(name, text, _pairs, _others, chance):
    return [(name, text + chance.choice(TEXTS))]


_REWRITES = (
    _drop,
    _other_text,
    _text_of_another_field,
    _text_of_another_message,
    _moved_to_the_neighbour,
    _again,
    _other_name,
    _longer,
)
