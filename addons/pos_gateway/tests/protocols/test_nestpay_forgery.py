"""Nothing that the bank did not sign for this order changes anything."""

import random

import pytest
from cases import nestpay as bank
from pos_gateway.protocols import nestpay, wire
from pos_gateway.protocols.answers import Message, Refused, Result
from pos_gateway.protocols.types import Secret

ORDER_ID = "TAH-2026-000123"
GOOD = bank.signed(bank.fields())
HASH = GOOD.get("HASH")
BOUND_BY = {
    "order": ("oid",),
    "amount": ("amount",),
    "currency": ("currency",),
    "installment_count": ("taksit",),
    "result": ("Response", "ProcReturnCode", "mdStatus"),
}


def verdict(message, terminal=None, order_id=ORDER_ID):
    """:return: the reason of the refusal, or None if the message was believed"""
    try:
        order = bank.order(order_id=order_id)
        nestpay.verify(terminal or bank.terminal(), order, message)
    except Refused as refused:
        return refused.reason


def outcome(message):
    terminal = bank.terminal()
    return nestpay.parse(terminal, nestpay.verify(terminal, bank.order(), message))


def with_hash(text, name="HASH", values=None):
    return Message((*(values or bank.fields()).items(), (name, text)))


def test_the_genuine_message_is_believed():
    assert verdict(GOOD) is None
    assert outcome(GOOD).result is Result.APPROVED


def test_the_hash_is_found_in_whatever_letter_case():
    assert verdict(with_hash(HASH, "hash")) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        HASH[:-1],
        HASH[:40],
        HASH[:-2],
        HASH + "=",
        HASH + " ",
        " " + HASH,
        HASH + "\n",
        HASH.lower(),
        HASH.upper(),
        HASH.swapcase(),
        HASH[::-1],
        "A" * 86 + "==",
        HASH.replace("=", "\uff1d"),
        HASH[:-3] + "\u0391==",
        "\uff41" + HASH[1:],
        "\ud800" + HASH[1:],
        HASH.replace("==", "%3D%3D"),
        "None",
        "null",
        "0",
        chr(ord(HASH[0]) ^ 1) + HASH[1:],
    ],
    ids=ascii,
)
def test_a_wrong_hash_is_refused(text):
    assert verdict(with_hash(text)) == "hash"


def test_a_missing_hash_is_refused():
    assert verdict(Message(tuple(bank.fields().items()))) == "hash"


def test_a_terminal_without_a_store_key_believes_nobody():
    message = bank.signed(bank.fields(), store_key="")
    assert verdict(message, bank.terminal(store_key=Secret(""))) == "hash"


@pytest.mark.parametrize("key", ["", "x", bank.STORE_KEY.lower(), bank.STORE_KEY + " "])
def test_a_hash_with_another_key_is_refused(key):
    assert verdict(bank.signed(bank.fields(), store_key=key)) == "hash"


@pytest.mark.parametrize(
    "version", [None, "", "ver1", "ver2", "VER3", "ver3 ", "ver\uff13", "3"], ids=ascii
)
def test_the_message_does_not_choose_the_hash_version(version):
    assert verdict(bank.signed(bank.fields(hashAlgorithm=version))) == "algorithm"


def test_the_message_does_not_choose_the_signed_fields():
    lists = {"HASHPARAMS": "clientid:oid:", "HASHPARAMSVAL": "500990000TAH-2026-000123"}
    weak = bank.signature({"clientid": "500990000", "oid": ORDER_ID})
    assert verdict(with_hash(weak, values=bank.fields(**lists))) == "hash"
    assert verdict(with_hash(HASH, values=bank.fields(**lists))) == "hash"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HASH", HASH),
        ("hash", HASH),
        ("hash", "x"),
        ("OID", "B"),
        ("oid", ORDER_ID),
        ("Response", "Approved"),
        ("RESPONSE", "Declined"),
        ("MdStatus", "1"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_repeated_name_is_refused(name, value, first):
    extra = ((name, value),)
    fields = extra + GOOD.fields if first else GOOD.fields + extra
    assert verdict(Message(fields)) == "repeated"


@pytest.mark.parametrize(
    "name",
    [
        "h\u0430sh",
        "\uff28\uff21\uff33\uff28",
        "o\u0131d",
        "national\u0131dno",
        "encod\u0131ng",
        "\u212a",
        "md\u017ftatus",
    ],
    ids=ascii,
)
def test_a_name_that_only_looks_like_ours_is_refused(name):
    assert verdict(bank.signed(bank.fields(**{name: "1"}))) == "name"


@pytest.mark.parametrize(
    "name",
    [
        "oid",
        "clientid",
        "storetype",
        "mdStatus",
        "amount",
        "currency",
        "taksit",
        "rnd",
    ],
)
def test_a_signed_message_without_a_field_that_counts_is_refused(name):
    assert verdict(bank.signed(bank.fields(**{name: None}))) == "required"
    other_case = bank.fields(**{name: None, name.upper(): bank.GENUINE[name]})
    assert verdict(bank.signed(other_case)) == "required"


def test_a_message_for_another_order_is_refused():
    assert verdict(GOOD, order_id="TAH-2026-000124") == "order"
    assert verdict(GOOD, order_id="tah-2026-000123") == "order"
    assert verdict(bank.signed(bank.fields(oid="")), order_id="") == "order"


def test_a_message_for_another_merchant_is_refused():
    assert verdict(GOOD, bank.terminal(merchant_id="500990001")) == "merchant"
    empty = bank.signed(bank.fields(clientid=""))
    assert verdict(empty, bank.terminal(merchant_id="")) == "merchant"


@pytest.mark.parametrize("storetype", ["", "3d", "3d_pay", "3d_host", "3D_PAY_HOSTING"])
def test_a_message_of_another_page_mode_is_refused(storetype):
    assert verdict(bank.signed(bank.fields(storetype=storetype))) == "storetype"


def test_our_own_form_posted_back_proves_nothing():
    form = nestpay.build(bank.terminal(), bank.order())
    assert verdict(Message(form.fields)) == "required"


def test_our_own_form_under_other_names_is_no_result():
    """The names are not signed: the order of the values is. See the family's header."""
    fields = dict(nestpay.build(bank.terminal(), bank.order()).fields)
    renamed = {
        "amount": fields["amount"],
        "clientid": fields["clientid"],
        "currency": fields["currency"],
        "d": fields["failUrl"],
        "hashAlgorithm": "ver3",
        "mdStatus": fields["lang"],
        "oid": fields["oid"],
        "ProcReturnCode": fields["okUrl"],
        "Response": fields["refreshtime"],
        "rnd": fields["rnd"],
        "storetype": fields["storetype"],
        "taksit": fields["taksit"],
        "x": fields["TranType"],
        "hash": fields["hash"],
    }
    message = Message(tuple(renamed.items()))
    assert verdict(message) is None
    assert outcome(message).result is Result.UNRESOLVED


def changes_of(value):
    yield from {value + "1", value + " ", "1" + value, "x", value[:-1]} - {value}


@pytest.mark.parametrize("name", [n for n in bank.GENUINE if n != "encoding"])
def test_no_field_can_be_changed_dropped_or_emptied(name):
    genuine = bank.GENUINE[name]
    for value in (*changes_of(genuine), None):
        message = with_hash(HASH, values=bank.fields(**{name: value}))
        assert verdict(message) in ("hash", "algorithm"), value


@pytest.mark.parametrize("name", ["extra", "a", "zz", "oid2", "encoding2"])
def test_no_field_can_be_added(name):
    for value in ("", "1"):
        assert verdict(with_hash(HASH, values=bank.fields(**{name: value}))) == "hash"


@pytest.mark.parametrize(
    "changes",
    [
        {"encoding": None},
        {"encoding": "ISO-8859-9"},
        {"nationalidno": "11111111110"},
        {"encoding": None, "ENCODING": "x"},
        {"NationalIdNo": ""},
    ],
    ids=str,
)
def test_what_is_not_signed_says_nothing(changes):
    message = with_hash(HASH, values=bank.fields(**changes))
    assert outcome(message) == outcome(GOOD)


def test_a_bar_cannot_move_between_values():
    values = bank.fields(AuthCode="77|1204", ErrMsg="a\\", **{"EXTRA.X": "|"})
    message = bank.signed(values)
    assert verdict(message) is None
    moved = values | {"AuthCode": "77", "amount": values["amount"] + "|1204"}
    assert verdict(with_hash(message.get("HASH"), values=moved)) == "hash"
    unescaped = values | {"AuthCode": "77\\|1204"}
    assert verdict(with_hash(message.get("HASH"), values=unescaped)) == "hash"


def test_the_declaration_of_what_is_bound_is_what_is_bound():
    """Each item is bound: a change is refused, and the outcome states it."""
    assert nestpay.TRAITS.binds == BOUND_BY.keys()
    for names in BOUND_BY.values():
        for name in names:
            message = with_hash(HASH, values=bank.fields(**{name: "7"}))
            assert verdict(message) == "hash"
    stated = outcome(GOOD)
    assert stated.order_id == ORDER_ID
    assert None not in (stated.amount_kurus, stated.currency, stated.installment_count)


def mutated(body, chance):
    octets = bytearray(body)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(octets))
        kind = chance.randrange(5)
        if kind == 0:
            octets[at] = chance.randrange(256)
        elif kind == 1:
            del octets[at : at + chance.randrange(1, 20)]
        elif kind == 2:
            octets[at:at] = octets[at : at + chance.randrange(1, 20)]
        elif kind == 3:
            octets[at:at] = chance.choice((b"&", b"=", b"%", b"%00", b"\\", b"|", b"+"))
        else:
            octets[at] ^= 1 << chance.randrange(8)
    return bytes(octets)


def terms(message):
    said = outcome(message)
    return (
        said.result,
        said.order_id,
        said.amount_kurus,
        said.currency,
        said.installment_count,
    )


def test_fuzzed_bodies_are_refused_or_say_the_same():
    """What is not signed, and names we do not act on, may change; nothing else."""
    body = bank.posted(GOOD).encode()
    chance = random.Random(20261121)
    believed = 0
    for _ in range(4000):
        try:
            message = wire.parse_form(mutated(body, chance), wire.FORM_TYPE)
            nestpay.verify(bank.terminal(), bank.order(), message)
        except Refused:
            continue
        believed += 1
        said = terms(message)
        assert said == terms(GOOD) or said[0] is Result.UNRESOLVED
    assert believed < 400


def test_fuzzed_fields_raise_nothing_but_a_refusal():
    pieces = [
        "",
        "HASH",
        "hash",
        HASH,
        "ver3",
        "hashAlgorithm",
        "oid",
        ORDER_ID,
        "\u017f",
        "\ud800",
        "\0",
        "İ",
        "|",
        "\\",
        "1",
        "Approved",
        "00",
        "\u212a",
        "A" * 88,
    ]
    chance = random.Random(5)
    for _ in range(3000):
        fields = list(GOOD.fields) if chance.random() < 0.5 else []
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(fields) + 1)
            fields[at : at + chance.randrange(2)] = [
                (chance.choice(pieces), chance.choice(pieces))
            ]
        if dict(fields) != dict(GOOD.fields):
            assert verdict(Message(tuple(fields)))


def test_messages_signed_with_ten_thousand_other_keys_are_refused():
    chance = random.Random(9)
    values = bank.fields()
    for _ in range(10_000):
        forged = "".join(chance.choices(HASH[:-2], k=86)) + "=="
        assert verdict(with_hash(forged, values=values)) == "hash"
