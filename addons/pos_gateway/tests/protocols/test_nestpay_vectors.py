"""Golden vectors: one file each with order, form, message and verdict.

A bug report becomes a file in ``vectors/nestpay``. Its parts:

- ``title``; ``terminal`` and ``order``: what differs from ``cases.nestpay``;
- ``form``: the fields of the form that we build, in order;
- ``message``: the body of a posted return, or ``answer``: the XML of an inquiry;
- ``verdict``: ``{"refused": reason}``, or what the outcome says (what is not named is
  empty; ``bank_code`` is the code that tells most), and ``differences`` from the order.
"""

import json
from pathlib import Path

import pytest
from cases import nestpay as bank
from pos_gateway.protocols import nestpay, redact, wire
from pos_gateway.protocols.answers import Refused, differences
from pos_gateway.protocols.types import Call, Operation, Secret

FOLDER = Path(__file__).parent / "vectors" / "nestpay"
VECTORS = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
FEWEST = 60
TOLD = (
    "order_id amount_kurus currency installment_count authorisation_code"
    " host_reference bank_transaction_id card_masked card_brand md_status eci"
    " bank_message"
).split()
QUESTION = Call(Operation.INQUIRY)
CANARIES = (bank.CARD, "378282246310005", bank.STORE_KEY, bank.API_PASSWORD, "9146")


def setting(vector):
    changes = dict(vector.get("terminal", {}))
    if "store_key" in changes:
        changes["store_key"] = Secret(changes["store_key"])
    if "accepted_md_status" in changes:
        changes["accepted_md_status"] = frozenset(changes["accepted_md_status"])
    return bank.terminal(**changes), bank.order(**vector.get("order", {}))


def outcome_of(vector, terminal, order):
    if "answer" in vector:
        body = vector["answer"].encode(nestpay.ENCODING)
        proven = nestpay.read(terminal, order, QUESTION, body)
        return nestpay.parse(terminal, proven)
    message = wire.parse_form(vector["message"].encode(), wire.FORM_TYPE)
    proven = nestpay.verify(terminal, order, message)
    return nestpay.parse(terminal, proven)


def said(outcome, order):
    values = {name: getattr(outcome, name) for name in TOLD}
    values |= {"result": outcome.result.value}
    values["bank_code"] = outcome.reason_code or outcome.bank_code
    values["differences"] = list(differences(order, outcome))
    return {
        name: value for name, value in values.items() if value not in ("", None, [])
    }


def verdict_of(vector):
    terminal, order = setting(vector)
    try:
        return said(outcome_of(vector, terminal, order), order)
    except Refused as refused:
        return {"refused": refused.reason}


def transcript_of(vector):
    """All that is kept, logged or shown on the way, as it is kept, logged or shown."""
    terminal, order = setting(vector)
    form = nestpay.build(terminal, order)
    request = nestpay.ask(terminal, order, QUESTION)
    received = vector.get("message") or vector["answer"]
    lines = [
        redact.mask_text(wire.encode_form(form.fields)),
        redact.describe(form.fields, nestpay.FORM),
        redact.mask_text(request.body.decode(nestpay.ENCODING)),
        redact.mask_text(received),
        repr((terminal, order, request, verdict_of(vector))),
    ]
    try:
        message = wire.parse_form(received.encode(), wire.FORM_TYPE)
        lines.append(redact.describe(message.fields))
    except Refused as refused:
        lines.append(repr(refused))
    return "\n".join(lines)


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_a_vector_comes_out_as_written(name):
    vector = VECTORS[name]
    terminal, order = setting(vector)
    if "form" in vector:
        built = nestpay.build(terminal, order)
        assert [list(pair) for pair in built.fields] == vector["form"]
    assert verdict_of(vector) == vector["verdict"]


def test_the_vectors_are_all_there():
    assert len(VECTORS) >= FEWEST
    results = {
        vector["verdict"].get("result", "refused") for vector in VECTORS.values()
    }
    assert results == {
        "approved",
        "declined",
        "cancelled",
        "unresolved",
        "not_found",
        "refused",
    }


def test_no_canary_is_left_in_the_transcript():
    received = "".join(v.get("message") or v["answer"] for v in VECTORS.values())
    assert all(canary in received for canary in CANARIES if "Canary" not in canary)
    for name, vector in VECTORS.items():
        transcript = transcript_of(vector)
        assert redact.is_clean(transcript), name
        assert not [canary for canary in CANARIES if canary in transcript], name
