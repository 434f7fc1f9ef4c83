"""Every family: no card number and no secret is left in what is kept or logged."""

import html
import re
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
import suite
from pos_gateway.protocols import redact, wire
from pos_gateway.protocols.types import CardEntry, Operation

FAMILIES = sorted(suite.CASES)
CARD, CODE = suite.CARD_NUMBER, suite.CARD_CODE
MASKED = re.compile(rb"[0-9]{4,8}(?: ?[0-9*]{2,4}){0,3}[*]{2,}[ 0-9*]*[0-9]{4}")


def secrets_of(code):
    for secret in suite.CASES[code].SECRETS:
        yield from (secret, quote(secret), quote_plus(secret), html.escape(secret))


def requests(code):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    for operation in family.TRAITS.operations:
        entry = {}
        if operation is Operation.CARD_PAGE:
            entry = {"card_entry": CardEntry.SERVER}
        call = suite.call(operation)
        yield family.ask(case.terminal(**entry), case.order(), call)


def transcript(code):
    """All that is kept, logged or shown on the way, as it is kept, logged or shown."""
    case, family = suite.CASES[code], suite.FAMILIES[code]
    yield repr(case.terminal())
    yield repr(case.order())
    if hasattr(family, "build"):
        form = family.build(case.terminal(), case.order())
        yield redact.describe(form.fields, family.FORM)
        yield redact.mask_text(wire.encode_form(form.fields))
        yield redact.mask_text(repr(form))
    for request in requests(code):
        text = request.body.decode(family.ENCODING)
        yield repr(request)
        yield redact.mask_text(text)
        yield redact.mask_text(unquote_plus(text))
        yield redact.mask_text(repr(request.headers))
    for message in (case.genuine(), case.declined()):
        yield redact.describe(message)
        yield redact.mask_text(wire.encode_form(message))
        yield redact.mask_text(repr(message))
        yield repr(suite.said(code, message))
    for bodies in (case.answers(), case.refused()):
        for operation, body in bodies.items():
            yield redact.mask_text(body.decode(family.ENCODING, "replace"))
            yield repr(suite.answered(code, operation, body))


@pytest.mark.parametrize("code", FAMILIES)
def test_no_secret_and_no_card_is_left_in_the_transcript(code):
    for text in transcript(code):
        found = [secret for secret in secrets_of(code) if secret in text]
        assert not found, text[:200]
        assert CARD not in text
        assert not re.search(rf"\b{CODE}\b", text), text[:200]


@pytest.mark.parametrize("code", FAMILIES)
def test_nothing_of_a_card_in_our_hands_is_left_in_what_is_kept(code):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    for operation in family.TRAITS.card_calls:
        call = suite.call(operation)
        request = family.ask(case.terminal(), case.order(), call)
        text = request.body.decode(family.ENCODING)
        assert CARD in text
        for sent in (text, unquote_plus(text)):
            kept = redact.hide_card(redact.mask_text(sent), call.card)
            for part in (CARD, CODE, "1230", "12/30", "3012"):
                assert not re.search(rf"(?<![0-9]){part}(?![0-9])", kept), part
        assert not re.search(rf"{CARD}|{CODE}", repr((call, request)))
        assert CARD not in repr(request.headers)


@pytest.mark.parametrize("code", FAMILIES)
def test_masking_what_is_masked_changes_nothing(code):
    for text in transcript(code):
        masked = redact.mask_text(text)
        assert redact.mask_text(masked) == masked


@pytest.mark.parametrize("code", FAMILIES)
def test_a_card_number_that_a_bank_writes_out_goes_no_further(code):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    full = CARD.encode()
    for operation, body in case.answers().items():
        leaking = MASKED.sub(full, body)
        outcome = suite.answered(code, operation, leaking)
        assert CARD not in repr(outcome), operation
        assert CARD not in redact.mask_text(leaking.decode(family.ENCODING, "replace"))
    for name, text in case.genuine():
        told = dict(case.genuine()) | {name: CARD}
        outcome = suite.said(code, case.sign(told))
        # What the bank must get back to the letter cannot be masked.
        shown = outcome and replace(outcome, references={}, page=None)
        assert CARD not in repr(shown), (name, text)
        assert CARD not in redact.describe(told)


@pytest.mark.parametrize("code", FAMILIES)
def test_a_refusal_quotes_nothing_of_the_message(code):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    for name, _text in case.genuine():
        told = dict(case.genuine()) | {name: f"{CARD} Canary"}
        message = suite.message(code, told.items())
        try:
            family.verify(case.terminal(), case.order(), message)
        except suite.Refused as refused:
            assert "Canary" not in repr(refused)
            assert CARD not in repr(refused)
