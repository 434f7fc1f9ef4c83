"""Puts vectors and cases of prices to the product's code: ``script/vectors FILE...``.

A file of vectors is data from outside: whatever is wrong with it is a failed vector,
never a crash. Signatures are computed and compared with ``expected``; ``claimed`` is
fed to the verifying code and its answer compared with ``valid``; responses are read,
prices computed, and each key of ``expect`` compared. Nothing secret is printed: of a
digest the beginning.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import adapters
import standin  # noqa: F401
from pos_gateway.protocols import redact
from pos_gateway.protocols.answers import Refused
from pos_gateway.tests.pricing import case_run

OWN = Path(__file__).parent / "vectors"
OWN_CASES = Path(case_run.__file__).parent / "cases"
LARGEST_FILE = 50_000_000
LONGEST_SHOWN, DIGEST_SHOWN = 70, 6


class Failure(Exception):
    """One difference between a vector and our code."""

    def __init__(self, key: str, ours: object = "", theirs: object = ""):
        super().__init__(key)
        self.key, self.ours, self.theirs = key, ours, theirs


def adapters_by_family() -> dict:
    found = {}
    for entry in pkgutil.iter_modules(adapters.__path__):
        module = importlib.import_module(f"adapters.{entry.name}")
        found |= dict.fromkeys(getattr(module, "FAMILIES", ()), module)
    return found


def run_file(path: Path, modules: dict) -> Iterator[tuple[str, Failure | None]]:
    """:return: the name of each vector, and how it failed"""
    try:
        document = _document(path)
    except (OSError, ValueError, RecursionError, Failure) as error:
        yield path.name, Failure(f"not a file of vectors ({type(error).__name__})")
        return
    if "cases" in document:
        yield from run_cases(path, document)
        return
    module = modules.get(str(document.get("family")))
    for kind, check in (("signature", check_signature), ("response", check_answer)):
        vectors = document.get(f"{kind}_vectors", [])
        if not isinstance(vectors, list):
            yield f"{path.name} {kind}", Failure("not a list")
            continue
        for number, vector in enumerate(vectors, 1):
            yield (
                name_of(vector, f"{path.stem} {kind} {number}"),
                run(check, module, vector),
            )


def run_cases(path: Path, document: dict) -> Iterator[tuple[str, Failure | None]]:
    cases = document["cases"]
    if document.get("format") != case_run.FORMAT:
        yield path.name, Failure("no format of cases", document.get("format"))
    elif not isinstance(cases, list) or not cases:
        yield path.name, Failure("no list of cases")
    else:
        for number, case in enumerate(cases, 1):
            yield (
                name_of(case, f"{path.stem} case {number}"),
                run(check_answer, case_run, case),
            )


def name_of(vector, otherwise: str) -> str:
    name = vector.get("id") if isinstance(vector, dict) else None
    return name if isinstance(name, str) and name.isprintable() else otherwise


def run(check, module, vector) -> Failure | None:
    """:return: how the vector failed, if it did"""
    if module is None:
        return Failure("no adapter for this family")
    try:
        check(module, vector)
    except Failure as failure:
        return failure
    except Refused as refused:
        return Failure("refused", refused.reason)
    except (Exception, RecursionError) as error:
        return Failure("cannot be put to our code", type(error).__name__)
    return None


def check_signature(module, vector: dict) -> None:
    secret, fields = _texts(vector["secret"]), _texts(vector["fields"])
    formula, expected = vector["formula"], vector["expected"]
    if not isinstance(expected, str) or not expected:
        raise Failure("expected is no text")
    ours = module.SIGNATURES[formula](dict(secret), dict(fields))
    if ours != expected:
        raise Failure("expected", ours[:DIGEST_SHOWN], expected[:DIGEST_SHOWN])
    if "claimed" in vector or "valid" in vector:
        claimed, valid = vector["claimed"], vector["valid"]
        if not isinstance(claimed, str) or not isinstance(valid, bool):
            raise Failure("claimed or valid is of another kind")
        said = module.CLAIMS[formula](dict(secret), dict(fields), claimed)
        if said is not valid:
            raise Failure("valid", said, valid)


def check_answer(module, vector: dict) -> None:
    """Of a bank's response, or of a price."""
    expect = vector["expect"]
    if not isinstance(expect, dict) or not expect:
        raise Failure("expect is empty")
    said = module.answer(vector)
    for key, theirs in expect.items():
        compare(key, said.get(key), theirs)


def compare(key: str, ours, theirs) -> None:
    """:raise Failure: at the first difference; rows may say more than is expected"""
    if isinstance(theirs, list):
        if not isinstance(ours, list) or len(ours) != len(theirs):
            raise Failure(key, f"{len(ours or [])} rows", f"{len(theirs)} rows")
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            compare(f"{key}[{number}]", mine, other)
    elif isinstance(theirs, dict):
        if not isinstance(ours, dict):
            raise Failure(key, ours, "an object")
        for name, other in theirs.items():
            compare(f"{key}.{name}", ours.get(name), other)
    elif theirs in ("", None):
        if ours not in ("", None):
            raise Failure(key, ours, theirs)
    elif type(ours) is not type(theirs) or ours != theirs:
        raise Failure(key, ours, theirs)


def main(names: list[str]) -> int:
    paths = [Path(name) for name in names] or [
        path for own in (OWN, OWN_CASES) for path in sorted(own.glob("*.json"))
    ]
    modules = adapters_by_family()
    passed = failed = 0
    for path in paths:
        for name, failure in run_file(path, modules):
            passed, failed = passed + (not failure), failed + bool(failure)
            if failure:
                print(line_of(name, failure))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def line_of(name: str, failure: Failure) -> str:
    line = f"{shown(name)}: {shown(failure.key)}"
    if failure.ours != "" or failure.theirs != "":
        line += f": ours {shown(failure.ours)}, theirs {shown(failure.theirs)}"
    return line


def shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "?" for c in redact.mask_text(text))
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."


def _document(path: Path) -> dict:
    with path.open("rb") as file:
        octets = file.read(LARGEST_FILE + 1)
    document = json.loads(octets)
    if len(octets) > LARGEST_FILE or not isinstance(document, dict):
        raise Failure("document")
    return document


def _texts(fields) -> dict[str, str]:
    if not isinstance(fields, dict) or not all(
        isinstance(value, str) for value in fields.values()
    ):
        raise Failure("fields are no texts")
    return fields


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
