"""Every family: it can do what it declares, and says so completely."""

import inspect
from dataclasses import replace
from datetime import date

import pytest
import suite
from pos_gateway.protocols import WALLETS, answers, banks
from pos_gateway.protocols.fields import Field
from pos_gateway.protocols.traits import Credential, Traits
from pos_gateway.protocols.types import (
    MOVES_MONEY,
    CardEntry,
    Form,
    Operation,
    Request,
    Schedule,
    Secret,
)

FAMILIES = sorted(suite.FAMILIES)
ITEMS = {"order", "amount", "currency", "installment_count", "result"}
VERBS = {
    "build": ["terminal", "order"],
    "verify": ["terminal", "order", "message"],
    "ask": ["terminal", "order", "call"],
    "read": ["terminal", "order", "call", "body"],
    "parse": ["terminal", "proven"],
}
ASKED = [
    pytest.param(code, operation, id=f"{code}-{operation}")
    for code in FAMILIES
    for operation in sorted(suite.FAMILIES[code].TRAITS.operations)
]
RECURRING = [code for code in FAMILIES if suite.FAMILIES[code].TRAITS.recurring_units]
BANKS = [pytest.param(bank, id=bank.key) for bank in banks.BANKS]


def traits(code) -> Traits:
    return suite.FAMILIES[code].TRAITS


def asked(code, operation, **changes):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    entry = {}
    if operation is Operation.CARD_PAGE:
        entry = {"card_entry": CardEntry.SERVER}
    call = suite.call(operation, **changes)
    return family.ask(case.terminal(**entry), case.order(), call)


@pytest.mark.parametrize("code", FAMILIES)
def test_a_family_has_the_verbs_and_says_what_it_is(code):
    family = suite.FAMILIES[code]
    assert family.FAMILY == code
    assert family.LABEL
    assert family.ENCODING.lower() in ("utf-8", "iso-8859-9")
    assert "November 2026" in family.__doc__
    assert "unverified" in family.__doc__
    for verb, parameters in VERBS.items():
        if verb == "build" and traits(code).start is not Operation.PAGE:
            assert not hasattr(family, "build")
            continue
        assert [*inspect.signature(getattr(family, verb)).parameters] == parameters
        assert getattr(family, verb).__doc__


@pytest.mark.parametrize("code", FAMILIES)
def test_traits_are_complete_and_agree_with_each_other(code):
    said = traits(code)
    assert said.document
    assert said.binds <= ITEMS
    assert said.inquiry_states <= ITEMS
    assert said.partial <= said.operations
    assert said.partial <= MOVES_MONEY
    assert Operation.INQUIRY in said.operations
    assert said.standing_by in said.operations
    assert said.card_calls <= said.operations
    can_repeat = Operation.RECURRING in said.card_calls
    assert bool(said.recurring_units) == can_repeat
    assert {*said.recurring_units} <= {*"DWMY"}
    for operation in (Operation.RECURRING_STATUS, Operation.RECURRING_CANCEL):
        assert (operation in said.operations) == can_repeat
    for operation in (Operation.RECURRING, Operation.POINTS):
        assert (operation in said.operations) == (operation in said.card_calls)
    assert Operation.PAGE not in said.operations
    assert said.card_entries
    assert said.order_id_max >= 20
    assert "TRY" in said.currencies
    if said.preauth:
        assert Operation.CAPTURE in said.operations
    if said.start is not Operation.PAGE:
        assert said.start in said.operations
    names = [credential.name for credential in said.credentials]
    assert len({*names}) == len(names)
    terminal = suite.CASES[code].terminal()
    for credential in said.credentials:
        assert isinstance(credential, Credential)
        value = getattr(terminal, credential.name)
        assert isinstance(value, Secret) == credential.secret, credential.name
    for values in said.options.values():
        assert values
        assert all(isinstance(value, str) for value in values)


@pytest.mark.parametrize("code", FAMILIES)
def test_the_form_is_told_by_its_table(code):
    if traits(code).start is not Operation.PAGE:
        pytest.skip("the bank opens this page")
    family, case = suite.FAMILIES[code], suite.CASES[code]
    form = family.build(case.terminal(), case.order())
    assert isinstance(form, Form)
    assert form.url.startswith("https://")
    assert form == family.build(case.terminal(), case.order())
    known = {row.wire for row in family.FORM if isinstance(row, Field)}
    added = [name for name, _text in form.fields if name not in known]
    assert len(added) <= 1, "the signature, and nothing else"
    assert len({name.casefold() for name, _text in form.fields}) == len(form.fields)
    assert not form.card
    for row in family.FORM:
        assert row.name
        assert row.longest > 0


@pytest.mark.parametrize("code", FAMILIES)
def test_each_way_to_type_the_card_has_its_form(code):
    for entry in traits(code).card_entries:
        if traits(code).start is Operation.PAGE and entry is not CardEntry.SERVER:
            terminal = suite.CASES[code].terminal(card_entry=entry)
            if code == "nestpay" and entry is CardEntry.BROWSER:
                options = {"hash": "ver1"}
                terminal = suite.CASES[code].terminal(card_entry=entry, options=options)
            form = suite.FAMILIES[code].build(terminal, suite.CASES[code].order())
            assert bool(form.card) == (entry is CardEntry.BROWSER)
            kinds = [entry.kind for entry in form.card]
            assert len({*kinds}) == len(kinds)
            assert not {entry.wire for entry in form.card} & dict(form.fields).keys()


@pytest.mark.parametrize(("code", "operation"), ASKED)
def test_each_operation_can_be_asked(code, operation):
    request = asked(code, operation)
    assert isinstance(request, Request)
    assert request.url.startswith("https://banka.example/")
    assert request.operation is operation
    assert request.order_id == suite.CASES[code].order().order_id
    assert request.body
    assert request.content_type
    assert request == asked(code, operation)
    if operation in traits(code).partial:
        assert asked(code, operation, amount_kurus=100).body != request.body


@pytest.mark.parametrize("code", FAMILIES)
def test_what_a_family_does_not_declare_is_not_asked(code):
    for operation in {*Operation} - traits(code).operations:
        with pytest.raises(ValueError):
            asked(code, operation)


@pytest.mark.parametrize("code", FAMILIES)
def test_what_needs_the_card_is_not_asked_without_it(code):
    for operation in traits(code).card_calls:
        with pytest.raises(ValueError, match="card"):
            asked(code, operation, card=None)


@pytest.mark.parametrize("code", RECURRING)
@pytest.mark.parametrize(
    "schedule",
    [
        None,
        Schedule(1, 1, "M"),
        Schedule(0, 1, "M"),
        Schedule(1000, 1, "M"),
        Schedule(3, 1000, "M"),
        Schedule(3, 0, "M"),
        Schedule(3, 1, "Q"),
        Schedule(3, 1, ""),
        Schedule(3, 1, "M", date(2026, 11, 22)),
    ],
    ids=str,
)
def test_a_schedule_that_no_bank_takes_is_not_sent(code, schedule):
    with pytest.raises(ValueError):
        asked(code, Operation.RECURRING, schedule=schedule)


@pytest.mark.parametrize("code", RECURRING)
def test_a_schedule_is_sent_as_it_is(code):
    sent = {
        asked(code, Operation.RECURRING, schedule=Schedule(count, every, unit)).body
        for count, every in ((2, 1), (3, 1), (2, 2))
        for unit in traits(code).recurring_units
    }
    assert len(sent) == 3 * len(traits(code).recurring_units)
    today = Schedule(3, 1, "M", date(2026, 11, 21))
    plain = asked(code, Operation.RECURRING).body
    assert asked(code, Operation.RECURRING, schedule=today).body == plain


@pytest.mark.parametrize("code", RECURRING)
@pytest.mark.parametrize(
    "changes",
    [
        {"installment_count": 3},
        {"preauth": True},
        {"amount_kurus": 0},
        {"currency": "XAU"},
    ],
    ids=str,
)
def test_a_recurring_payment_is_of_a_whole_amount(code, changes):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    order, call = case.order(**changes), suite.call(Operation.RECURRING)
    with pytest.raises(ValueError):
        family.ask(case.terminal(), order, call)


@pytest.mark.parametrize("code", RECURRING)
@pytest.mark.parametrize("planned", ["1", "0", "-2", "x", "2;3", "99999", " 2"])
def test_a_payment_that_cannot_be_planned_is_not_cancelled(code, planned):
    with pytest.raises(ValueError):
        asked(code, Operation.RECURRING_CANCEL, planned=planned)


@pytest.mark.parametrize("code", FAMILIES)
def test_a_contract_without_addresses_sends_nothing(code):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    nowhere = replace(case.terminal(), urls={})
    for operation in traits(code).operations:
        with pytest.raises(ValueError):
            family.ask(nowhere, case.order(), suite.call(operation))
    if hasattr(family, "build"):
        with pytest.raises(ValueError):
            family.build(nowhere, case.order())


@pytest.mark.parametrize("code", FAMILIES)
def test_no_message_is_proven_outside_verify_and_read(code):
    with pytest.raises(TypeError):
        answers.Proven(object(), "A", {}, "signature", "", Operation.PAGE, ())
    proven = suite.believed(code, suite.CASES[code].genuine())
    with pytest.raises(AttributeError):
        proven.order_id = "B"
    with pytest.raises(TypeError):
        proven.fields["x"] = "y"


@pytest.mark.parametrize("bank", BANKS)
def test_each_bank_is_complete(bank):
    assert banks.bank(bank.key) is bank
    assert bank.name
    said = traits(bank.family)
    assert bank.urls.keys() == said.urls.keys()
    assert bank.test_urls.keys() <= said.urls.keys()
    for url in (*bank.urls.values(), *bank.test_urls.values()):
        assert url.startswith("https://")
        assert " " not in url
    for name, value in bank.options.items():
        assert value in said.options[name]


def test_banks_have_names_of_their_own_and_every_family_has_one():
    assert len({bank.key for bank in banks.BANKS}) == len(banks.BANKS)
    assert len({bank.name for bank in banks.BANKS}) == len(banks.BANKS)
    assert {bank.family for bank in banks.BANKS} == {*FAMILIES} - WALLETS
    own = {bank.family for bank in banks.BANKS}
    assert {traits(code).wallet for code in own if traits(code).wallet} == WALLETS
