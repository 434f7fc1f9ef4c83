"""Vectors: the project's own, and the shared ones where they are at hand."""

import json
from pathlib import Path

import pytest
import vector_run
from pos_gateway.protocols.answers import Refused, Result, differences

SHARED = Path(__file__).resolve().parents[5] / "shared" / "gateways" / "vectors"
OWN_FILES = sorted(vector_run.OWN.glob("*.json"))
SHARED_FILES = sorted(SHARED.glob("*.json"))
MODULES = vector_run.adapters_by_family()
FEWEST_SIGNATURES, FEWEST_CLAIMS, FEWEST_RESPONSES = 20, 8, 12


def name(path):
    return path.stem


def failures(path):
    run = vector_run.run_file(path, MODULES)
    return [vector_run.line_of(who, failure) for who, failure in run if failure]


@pytest.mark.parametrize("path", OWN_FILES, ids=name)
def test_our_own_vectors_come_out_as_written(path):
    assert not failures(path)


@pytest.mark.parametrize("path", OWN_FILES, ids=name)
def test_our_own_vectors_are_many_and_synthetic(path):
    document = json.loads(path.read_text())
    signatures, answers = document["signature_vectors"], document["response_vectors"]
    assert len(signatures) >= FEWEST_SIGNATURES
    assert sum("claimed" in vector for vector in signatures) >= FEWEST_CLAIMS
    assert {vector.get("valid") for vector in signatures} >= {True, False}
    assert len(answers) >= FEWEST_RESPONSES
    assert {vector["origin"] for vector in signatures + answers} == {"synthetic"}
    ids = [vector["id"] for vector in signatures + answers]
    assert len({*ids}) == len(ids)


@pytest.mark.skipif(not SHARED_FILES, reason="the shared vectors are not at hand")
@pytest.mark.parametrize("path", SHARED_FILES, ids=name)
def test_shared_vectors_come_out_as_written(path):
    if json.loads(path.read_text())["family"] not in MODULES:
        pytest.skip("no adapter for this family")
    assert not failures(path)


def test_every_adapter_is_put_to_vectors_of_our_own():
    families = {json.loads(path.read_text())["family"] for path in OWN_FILES}
    assert families == MODULES.keys()


# --- attacks ------------------------------------------------------------------------


def attacks():
    """Pairs: a changed message that its signature still fits, and the genuine one."""
    for path in OWN_FILES + SHARED_FILES:
        document = json.loads(path.read_text())
        vectors = document["signature_vectors"]
        if document["family"] not in MODULES:
            continue
        for vector in vectors:
            if vector.get("note", "").startswith("ATTACK"):
                others = [v for v in vectors if not v.get("note", "").startswith("ATT")]
                twins = [v for v in others if v["expected"] == vector["expected"]]
                module = MODULES[document["family"]]
                genuine = twins[0] if twins else vector
                yield pytest.param(module, genuine, vector, id=vector["id"])


@pytest.mark.parametrize(("adapter", "genuine", "vector"), list(attacks()))
def test_a_changed_message_whose_signature_still_fits_is_not_booked(
    adapter, genuine, vector
):
    family, terminal, order, message = adapter.attacked(genuine, vector)
    try:
        outcome = family.parse(terminal, family.verify(terminal, order, message))
    except Refused:
        return
    is_booked = outcome.result is Result.APPROVED and not differences(order, outcome)
    assert not is_booked


# --- files from outside -------------------------------------------------------------


BROKEN = {
    "nothing": b"",
    "no object": b"[]",
    "not text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "no lists": b'{"family": "nestpay", "signature_vectors": 7}',
    "no objects": b'{"family": "nestpay", "response_vectors": [1, null, []]}',
    "no family": b'{"signature_vectors": [{"id": "a"}]}',
    "odd family": b'{"family": ["x"], "signature_vectors": [{"id": "a"}]}',
}
GOOD = {
    "id": "good",
    "formula": "nestpay_ver1_form",
    "secret": {"store_key": "k"},
    "fields": {"oid": "1"},
    "expected": "x",
}
BAD_PARTS = [
    {"id": 7},
    {"formula": "none"},
    {"formula": ["a"]},
    {"secret": None},
    {"secret": {"store_key": 1}},
    {"secret": {}},
    {"fields": {"oid": {"a": "b"}}},
    {"fields": [["oid", "1"]]},
    {"expected": ""},
    {"expected": None},
    {"claimed": "x"},
    {"claimed": None, "valid": True},
    {"claimed": "x", "valid": "yes"},
]


@pytest.mark.parametrize("octets", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_a_failure_and_no_crash(octets, tmp_path):
    path = tmp_path / "broken.json"
    path.write_bytes(octets)
    assert failures(path)
    assert failures(tmp_path / "missing.json")


@pytest.mark.parametrize("part", BAD_PARTS, ids=str)
def test_a_malformed_signature_vector_is_a_failure_and_no_crash(part, tmp_path):
    path = tmp_path / "malformed.json"
    document = {"family": "nestpay", "signature_vectors": [GOOD | part, GOOD]}
    path.write_text(json.dumps(document))
    assert len(failures(path)) == 2


@pytest.mark.parametrize("family", sorted(MODULES))
@pytest.mark.parametrize("wire", [None, {}, [], "x", {"a": [{"b": 1}]}, {"a\0<": "1"}])
def test_a_malformed_response_vector_is_a_failure_and_no_crash(family, wire, tmp_path):
    operations = ("payment", "status", "3d_pay", "3d_model", "history", "x", ["x"], {})
    vectors = [
        {"operation": operation, "wire": wire, "expect": {"never": "said"}}
        for operation in operations
    ]
    path = tmp_path / "malformed.json"
    path.write_text(json.dumps({"family": family, "response_vectors": vectors}))
    assert len(failures(path)) == len(vectors)


def test_no_secret_is_printed(tmp_path, capsys):
    path = tmp_path / "secret.json"
    secret = {"store_key": "CanaryStoreKey"}
    vector = GOOD | {"secret": secret, "expected": "CanaryStoreKey\x1b[2J" * 50}
    path.write_text(json.dumps({"family": "nestpay", "signature_vectors": [vector]}))
    assert vector_run.main([str(path)]) == 1
    printed = capsys.readouterr().out
    assert "CanaryStoreKey" not in printed
    assert "\x1b" not in printed
    assert printed.splitlines()[-1] == "0 passed, 1 failed"
