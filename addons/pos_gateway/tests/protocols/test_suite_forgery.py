"""Every family: 10,000 forged proofs each, and none of them is believed."""

import random
import string
import unicodedata
from itertools import islice

import pytest
import suite
from pos_gateway.protocols.types import Secret

FEWEST = 10_000
FAMILIES = sorted(suite.CASES)
ALPHABET = string.ascii_letters + string.digits + "+/="
LOOK_ALIKES = str.maketrans("aAeEoOhHsS", "аАеЕоОһНѕЅ")
WORDS = ["", " ", "0", "1", "null", "None", "true", "undefined", "=", "==", "%00", "\0"]
ODD = ["\u200b", "\ufeff", "\u0301", "\n", "\r\n", "\t", " ", "=", "\0", "\ud800"]


def changed(fields, **texts):
    fields = fields | texts
    return [(name, text) for name, text in fields.items() if text is not None]


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def wrong_texts(proof):
    """The proof missing, empty, cut, turned, in other letters and other cases."""
    yield from WORDS
    yield from (proof[:n] for n in range(1, len(proof)))
    yield from (proof[n:] for n in range(1, len(proof)))
    yield from (proof + odd for odd in ODD)
    yield from (odd + proof for odd in ODD)
    yield from (proof * 2, proof[::-1], full_width(proof))
    yield from (proof.translate(LOOK_ALIKES), proof.replace("=", "%3D"))
    yield from (proof.lower(), proof.upper(), proof.swapcase())
    for at, letter in enumerate(proof):
        yield proof[:at] + letter.swapcase() + proof[at + 1 :]
        yield proof[:at] + full_width(letter) + proof[at + 1 :]
        yield proof[:at] + proof[at + 1 :]
        yield proof[:at] + chr(ord(letter) ^ 1) + proof[at + 1 :]


def random_texts(proof, chance):
    while True:
        if chance.random() < 0.5:
            yield "".join(chance.choices(ALPHABET, k=len(proof)))
        else:
            at = chance.randrange(len(proof))
            yield proof[:at] + chance.choice(ALPHABET) + proof[at + 1 :]


def other_keys(code, fields):
    keys = [*suite.CASES[code].SECRETS, "", "x", "0" * 24]
    keys += [variant for key in keys for variant in (key.lower(), key + " ", key[:-1])]
    genuine = dict(suite.CASES[code].sign(fields))
    for key in keys:
        signed = suite.sign_with_key(code, fields, key)
        if signed is not None and dict(signed) != genuine:
            yield signed


def other_orders(code, fields, digests):
    """The proof of another order's message on this one's."""
    case = suite.CASES[code]
    for name, text in fields.items():
        for other in (text + "1", "1" + text, "x"):
            signed = dict(case.sign(fields | {name: other}))
            proof = {digest: signed[digest] for digest in digests}
            if any(fields[digest] != proof[digest] for digest in digests):
                yield changed(fields, **proof)


def chosen_lists(fields, lists):
    """The message names what is signed: less, nothing, or one field with it all."""
    for name in lists:
        if name.lower().endswith("val"):
            continue
        separator = next((c for c in ":+," if c in fields[name]), ":")
        names = [n for n in fields[name].split(separator) if n]
        glued = "".join(fields.get(n, "") for n in names)
        for count in range(len(names)):
            yield changed(fields, **{name: separator.join(names[:count])})
            yield changed(fields, **{name: separator.join(names[count + 1 :])})
        for one in ("x", names[0], names[-1]):
            # The digest fits: all that it covers stands in a single field.
            emptied = dict.fromkeys(set(names) - {one}) | {one: glued, name: one}
            yield changed(fields | dict.fromkeys(names, "9"), **{one: glued, name: one})
            yield changed(fields, **emptied)
            yield [(one, glued), *changed(fields, **{name: one})]


def repeated(fields):
    for name, text in fields.items():
        for again in (name, name.upper(), name.lower(), name.swapcase(), name.title()):
            for other in (text, "", "x"):
                yield [*fields.items(), (again, other)]
                yield [(again, other), *fields.items()]


def look_alikes(fields, digests):
    for digest in digests:
        for name in (
            digest.translate(LOOK_ALIKES),
            full_width(digest),
            digest + "\u200b",
        ):
            yield [(name if n == digest else n, t) for n, t in fields.items()]
            yield [*changed(fields, **{digest: None}), (name, fields[digest])]


def forgeries(code):
    case = suite.CASES[code]
    fields = dict(case.genuine())
    digests, lists = suite.proof_names(code)
    chance = random.Random(f"forgeries of {code}")
    yield from other_orders(code, fields, digests)
    yield from chosen_lists(fields, lists)
    yield from repeated(fields)
    yield from look_alikes(fields, digests)
    yield from other_keys(code, fields)
    for name in digests:
        yield changed(fields, **{name: None})
        for text in wrong_texts(fields[name]):
            if text != fields[name]:
                yield changed(fields, **{name: text})
    for name in digests * (FEWEST // max(len(digests), 1)):
        text = next(random_texts(fields[name], chance))
        if text != fields[name]:
            yield changed(fields, **{name: text})


def rubbish(code):
    """For pages whose message nobody signs: whatever it says, it proves nothing."""
    fields = dict(suite.CASES[code].genuine())
    chance = random.Random(f"rubbish of {code}")
    names = list(fields)
    yield from repeated(fields)
    while True:
        name = chance.choice(names)
        texts = [*wrong_texts(fields[name] or "x"), *WORDS]
        yield changed(fields, **{name: chance.choice(texts)})


@pytest.mark.parametrize("code", FAMILIES)
def test_the_genuine_message_is_believed(code):
    assert suite.believed(code, suite.CASES[code].genuine())


@pytest.mark.parametrize("code", FAMILIES)
def test_no_forged_proof_is_accepted(code):
    terminal, order = suite.CASES[code].terminal(), suite.CASES[code].order()
    source = forgeries(code) if suite.is_signed(code) else rubbish(code)
    count = 0
    for pairs in islice(source, 3 * FEWEST):
        count += 1
        proven = suite.believed(code, pairs, terminal, order)
        if proven is not None:
            outcome = suite.FAMILIES[code].parse(terminal, proven)
            assert not suite.is_accepted(proven, outcome), pairs
    assert count >= FEWEST


@pytest.mark.parametrize("code", FAMILIES)
def test_a_contract_without_its_key_believes_nobody(code):
    if not suite.is_signed(code):
        pytest.skip("nobody signs the message of this page")
    secrets = (n for n, v in vars(suite.CASES[code].terminal()).items() if is_secret(v))
    nameless = suite.CASES[code].terminal(**dict.fromkeys(secrets, Secret("")))
    fields = dict(suite.CASES[code].genuine())
    for pairs in (fields.items(), suite.sign_with_key(code, fields, "") or ()):
        assert suite.believed(code, pairs, nameless) is None


def is_secret(value):
    return isinstance(value, Secret)


def test_the_letters_that_look_alike_are_others():
    names = {unicodedata.name(chr(letter)) for letter in LOOK_ALIKES.values()}
    assert all(name.startswith("CYRILLIC") for name in names)
