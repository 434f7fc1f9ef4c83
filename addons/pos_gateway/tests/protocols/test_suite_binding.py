"""Every family: what its signature binds is what it declares, field by field."""

import re

import pytest
import suite
from pos_gateway.protocols.answers import Refused, Result, differences
from pos_gateway.protocols.types import Operation

FAMILIES = sorted(suite.CASES)
SIGNED = [code for code in FAMILIES if suite.is_signed(code)]
TERMS = ("amount", "currency", "installment_count")
CURRENCIES = {"949": "840", "0949": "0840", "TL": "US", "TRY": "USD"}
COUNTS = {"": "3", "0": "3", "1": "3", "00": "03"}
STATUS_NAME = re.compile(r"^(3d|md)_?status$", re.IGNORECASE)
EVIDENCE = ("CAVV", "ECI", "cavv", "eci", "Eci")
"""Of a full authentication only; an attempt may come without."""
STATUSES = [*"0123456789", "", None, " 1", "1 ", "01", "1.0", "+1", "\uff11", "\u0661"]
STATUSES += ["-1", "11", "Y", "true", "1\n", "1\0"]


def genuine(code):
    return dict(suite.CASES[code].genuine())


def pairs(fields):
    return [(name, text) for name, text in fields.items() if text is not None]


def next_digit(text):
    return re.sub("[0-9]", lambda match: str((int(match[0]) + 1) % 10), text, count=1)


def flips(code, name, text):
    declined = dict(suite.CASES[code].declined()).get(name)
    odd = {None, "", text + "1", "1" + text, text[:-1], text + " ", text.swapcase()}
    odd |= {next_digit(text), CURRENCIES.get(text), COUNTS.get(text), "0", declined}
    return sorted(odd - {text}, key=repr)


def result_fields(code):
    """The fields in which a refusal differs from a payment."""
    declined = dict(suite.CASES[code].declined())
    own = {*suite.proof_names(code)[0], *suite.proof_names(code)[1]}
    return {
        name: declined.get(name)
        for name, text in genuine(code).items()
        if declined.get(name) != text and name not in own
    }


# --- one field changed, the signature as it was -------------------------------------


@pytest.mark.parametrize("code", FAMILIES)
def test_a_changed_field_never_leads_to_a_wrong_booking(code):
    order, good = suite.CASES[code].order(), suite.said(code, genuine(code).items())
    for name, text in genuine(code).items():
        for other in flips(code, name, text):
            outcome = suite.said(code, pairs(genuine(code) | {name: other}))
            if outcome is None or outcome.result is Result.UNRESOLVED:
                continue
            # What is believed all the same says nothing else than the genuine one.
            assert outcome.result is good.result, (name, other)
            assert outcome.follow_up is good.follow_up, (name, other)
            assert not differences(order, outcome), (name, other)


# --- declared and true --------------------------------------------------------------


def reaction(code, fields):
    """:return: what a message leads to, as far as it counts here"""
    case = suite.CASES[code]
    family, message = suite.FAMILIES[code], suite.message(code, pairs(fields))
    try:
        proven = family.verify(case.terminal(), case.order(), message)
    except Refused as refused:
        return refused.reason
    said = family.parse(case.terminal(), proven)
    return (
        said.result,
        said.follow_up,
        said.amount_kurus,
        said.currency,
        said.installment_count,
        said.reason,
    )


def is_covered(code, name, text):
    """Whether the signature holds the field: changing it does what signing afresh
    does not."""
    fields = genuine(code) | {name: text}
    kept = {n: t for n, t in fields.items() if t is not None}
    signed = dict(suite.CASES[code].sign(kept))
    return isinstance(reaction(code, fields), str) and reaction(
        code, fields
    ) != reaction(code, signed)


def carriers(code, item):
    """:return: (field, other value) pairs in which a message states the item"""
    order, fields = suite.CASES[code].order(), genuine(code)
    if item == "order":
        return [(n, t[:-1] + "Z") for n, t in fields.items() if t == order.order_id]
    if item == "result":
        return [*result_fields(code).items()]
    good, found = reaction(code, fields), []
    place = 2 + TERMS.index(item)
    for name, text in fields.items():
        others = {"currency": CURRENCIES, "installment_count": COUNTS}.get(item)
        other = others.get(text) if others else next_digit(text)
        if other is None or other == text:
            continue
        told = reaction(code, dict(suite.CASES[code].sign(fields | {name: other})))
        is_told = (
            told != good and isinstance(told, tuple) and told[place] != good[place]
        )
        if is_told and told[place] is not None:
            found.append((name, other))
    return found


@pytest.mark.parametrize("code", SIGNED)
@pytest.mark.parametrize("item", ["order", "result", *TERMS])
def test_what_a_family_declares_to_be_bound_is_what_its_signature_binds(code, item):
    found = carriers(code, item)
    is_declared = item in suite.FAMILIES[code].TRAITS.binds
    if is_declared:
        assert found, "declared, but nothing in the message states it"
    covered = {name: is_covered(code, name, other) for name, other in found}
    if item in ("order", "result"):
        # Texts for people and echoes may be outside; what decides must not be.
        decisive = {n for n, t in found if _decides(code, n, t)}
        covered = {n: c for n, c in covered.items() if n in decisive}
    if is_declared:
        assert all(covered.values()), covered
    elif item in TERMS:
        assert not (covered and all(covered.values())), covered


def _decides(code, name, other):
    fields = {n: t for n, t in (genuine(code) | {name: other}).items() if t is not None}
    told = reaction(code, dict(suite.CASES[code].sign(fields)))
    return told != reaction(code, genuine(code))


@pytest.mark.parametrize("code", FAMILIES)
def test_a_page_that_does_not_bind_the_amount_never_approves(code):
    family, outcome = suite.FAMILIES[code], suite.said(code, genuine(code).items())
    if "amount" in family.TRAITS.binds and "result" in family.TRAITS.binds:
        assert outcome.result in (Result.APPROVED, Result.AUTHENTICATED)
        return
    assert outcome.result is not Result.APPROVED
    assert outcome.follow_up in (Operation.INQUIRY, Operation.RESOLVE, Operation.SALE)


@pytest.mark.parametrize("code", sorted({*FAMILIES} - {*SIGNED}))
def test_a_page_that_nobody_signs_declares_nothing_and_proves_nothing(code):
    assert not suite.FAMILIES[code].TRAITS.binds
    for message in (suite.CASES[code].genuine(), suite.CASES[code].declined()):
        outcome = suite.said(code, message)
        assert outcome.result is Result.UNRESOLVED
        assert outcome.follow_up


# --- replay -------------------------------------------------------------------------


OTHERS = ("PGBASKASIPARISBUDURX", "PG", "", "pgdeneme")


@pytest.mark.parametrize("code", FAMILIES)
def test_a_genuine_message_says_nothing_about_another_order(code):
    case = suite.CASES[code]
    own = case.order().order_id
    for message in (case.genuine(), case.declined()):
        for other in (*OTHERS, own[:-1], own + "X", own.swapcase()):
            order = case.order(order_id=other, references={})
            assert suite.believed(code, message, order=order) is None, other


@pytest.mark.parametrize("code", FAMILIES)
def test_a_genuine_answer_says_nothing_about_another_order(code):
    case, spoken = suite.CASES[code], (Operation.DAY_LIST, Operation.BIN)
    for operation, body in case.answers().items():
        if operation in (*spoken, Operation.POINTS, Operation.REGISTER):
            continue
        order = case.order(order_id=OTHERS[0])
        outcome = suite.answered(code, operation, body, order=order)
        if case.order().order_id.encode() in body:
            assert outcome is None or outcome.result is Result.UNRESOLVED, operation


# --- the result matrix --------------------------------------------------------------


def status_names(code):
    return [name for name in genuine(code) if STATUS_NAME.search(name)]


@pytest.mark.parametrize("code", [c for c in SIGNED if status_names(c)])
@pytest.mark.parametrize("accepted", [{"1"}, {"1", "2", "3", "4"}, set()])
def test_only_an_accepted_status_with_a_good_result_is_success(code, accepted):
    case = suite.CASES[code]
    terminal = case.terminal(accepted_md_status=frozenset(accepted))
    names, successes = status_names(code), set()
    good, bad = genuine(code), {n: t for n, t in result_fields(code).items()}
    bad = {n: t for n, t in bad.items() if n not in names}
    rows = [{}] + [{n: t} for n, bad_text in bad.items() for t in (bad_text, "", None)]
    rows += [{n: good[n] + odd} for n in bad for odd in (" ", "0", "\0")]
    for status in STATUSES:
        for row in rows:
            changed = good | dict.fromkeys(names, status) | row
            kept = {n: t for n, t in changed.items() if t is not None}
            outcome = suite.said(code, case.sign(kept), terminal)
            if outcome and outcome.result in suite.POSITIVE:
                successes.add(status)
                asked = [n for n in row if status == "1" or n not in EVIDENCE]
                spoiled = [n for n in asked if _decides(code, n, row[n])]
                assert not spoiled, (status, row)
    assert successes <= accepted


@pytest.mark.parametrize("code", [c for c in SIGNED if status_names(c)])
def test_a_status_that_is_absent_or_odd_never_declines_what_was_charged(code):
    case = suite.CASES[code]
    for status in STATUSES:
        changed = genuine(code) | dict.fromkeys(status_names(code), status)
        kept = {n: t for n, t in changed.items() if t is not None}
        outcome = suite.said(code, case.sign(kept))
        known = status is not None and re.fullmatch("-?[0-9]", status)
        if outcome and not known:
            assert outcome.result is Result.UNRESOLVED, status


# --- amounts -----------------------------------------------------------------------


THOUSANDS = {
    "1250.40": ("1.250,40", "1,250.40", "1 250.40", "1'250.40", "1.250.40"),
    "1250.4": ("1.250,4", "1,250.4", "1 250.4"),
    "1250,4": ("1.250,4", "1,250.4", "1 250,4"),
    "1250,40": ("1.250,40", "1,250.40", "1 250,40"),
    "125040": ("125.040", "125,040", "125 040", "125_040"),
}


@pytest.mark.parametrize("code", SIGNED)
def test_an_amount_with_thousands_in_a_message_is_never_read(code):
    case, order = suite.CASES[code], suite.CASES[code].order()
    for name, text in genuine(code).items():
        for other in THOUSANDS.get(text, ()):
            signed = case.sign(genuine(code) | {name: other})
            outcome = suite.said(code, signed)
            assert not suite.is_booked(order, outcome), (name, other)
            assert outcome is None or outcome.amount_kurus is None, (name, other)
