"""Runs mutated messages through a family, and counts what must not happen.

A callback goes the way of a real one: form, ``verify``, ``parse``. It is a forgery if
it is believed and says something final that no genuine message of the corpus says.
Anything but ``Refused`` that is raised is an unhandled error.
"""

import hashlib
import resource
import time
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import suite
from pos_gateway.protocols import wire
from pos_gateway.protocols.answers import Refused

from . import CORPUS, mutations

BLOCK = 10_000
"""Inputs that come of one seed; a run can begin at any block."""
LARGEST_KEPT, MOST_KEPT = 4096, 150
GENUINE_RUNS = 20_000


@dataclass
class Report:
    family: str
    inputs: int = 0
    refused: int = 0
    believed: int = 0
    errors: list = field(default_factory=list)
    forgeries: list = field(default_factory=list)
    p99_ratio: float = 0.0
    growth_kib: int = 0

    def line(self) -> str:
        return (
            f"{self.family:10} {self.inputs:>9} inputs  {self.refused:>9} refused"
            f"  {self.believed:>7} believed or asked  {len(self.errors)} unhandled"
            f"  {len(self.forgeries)} forged  p99 {self.p99_ratio:.2f}x"
            f"  memory +{self.growth_kib} KiB"
        )


class Target:
    """One family: its seeds, and what the genuine ones among them say."""

    def __init__(self, code: str):
        self.code, self.family, case = code, suite.FAMILIES[code], suite.CASES[code]
        self.terminal, self.order = case.terminal(), case.order()
        genuine = [case.genuine(), case.declined()]
        self.forms = [list(form) for form in genuine]
        self.pack = getattr(case, "pack", list)
        self.bodies = [wire.encode_form(self.pack(form)).encode() for form in genuine]
        self.digests = suite.proof_names(code)[0]
        self.said = {}
        for body in self.bodies:
            proven, outcome = self.callback(body)
            self.said[self.proof(proven)] = self.final(outcome)
        self.answers = [
            (operation, body)
            for answers in (case.answers(), case.refused())
            for operation, body in answers.items()
        ]
        if "inquiry" in self.family.TRAITS.operations:
            self.answers.append((suite.Operation.INQUIRY, case.unknown_order()))
        self.texts = [body for _operation, body in self.answers]

    def callback(self, body: bytes):
        message = wire.parse_form(body, wire.FORM_TYPE)
        proven = self.family.verify(self.terminal, self.order, message)
        return proven, self.family.parse(self.terminal, proven)

    def answer(self, operation, body: bytes):
        call = suite.call(operation)
        proven = self.family.read(self.terminal, self.order, call, body)
        return proven, self.family.parse(self.terminal, proven)

    def proof(self, proven) -> str:
        """The signature that a message was believed for."""
        digests = [proven.fields.get(name, "") for name in self.digests]
        return "".join(digests) or proven.identity

    def final(self, outcome):
        """What would be acted on: a difference from the order only stops the booking"""
        if outcome.result not in suite.FINAL:
            return None
        if outcome.result in suite.POSITIVE:
            if suite.differences(self.order, outcome):
                return None
            terms = (outcome.amount_kurus, outcome.currency, outcome.installment_count)
            return (outcome.result, outcome.follow_up, terms)
        return (outcome.result,)

    def is_forged(self, proven, outcome) -> bool:
        final = self.final(outcome)
        if final is None:
            return False
        return proven.by == "nothing" or self.said.get(self.proof(proven)) != final


def run(code: str, count: int, seed: str, first_block: int = 0, keep=False) -> Report:
    """:param count: callbacks; a quarter as many answers are read besides"""
    target, report = Target(code), Report(code)
    seen = {way_of(how, *_one(target, Report(code), how, b)) for how, b in corpus(code)}
    times = array("Q", bytes(8 * count))
    memory = _memory()
    for start in range(0, count, BLOCK):
        block = first_block + start // BLOCK
        chance = Random(f"{code} {seed} {block}")
        for at in range(start, min(start + BLOCK, count)):
            if at == count // 10:
                memory = _memory()
            body = _next_callback(target, chance)
            started = time.thread_time_ns()
            told = _one(target, report, None, body)
            times[at] = time.thread_time_ns() - started
            if keep:
                _keep(target, None, body, way_of(None, *told), seen)
            if at % 4 == 0:
                operation, answer = _next_answer(target, chance)
                told = _one(target, report, operation, answer)
                if keep:
                    _keep(target, operation, answer, way_of(operation, *told), seen)
    report.growth_kib = _memory() - memory
    report.p99_ratio = _p99(times) / max(_p99(_genuine_times(target, count)), 1)
    return report


def replay(code: str) -> Report:
    """Run what is kept."""
    target, report = Target(code), Report(code)
    for operation, body in corpus(code):
        _one(target, report, operation, body)
    return report


def corpus(code: str):
    """:return: (operation or None, bytes) of each kept input"""
    operations = {operation.value: operation for operation in suite.Operation}
    for path in sorted((CORPUS / code).glob("*")):
        kind = path.suffix.removeprefix(".")
        yield operations.get(kind), path.read_bytes()


def way_of(operation, proven, end) -> str:
    """A short name of the way that an input took."""
    if proven is None:
        return f"{operation} {getattr(end, 'reason', type(end).__name__)}"
    said = f"{end.result.value} {end.reason} {end.hint}"
    return f"{operation} {proven.by} {said} {end.follow_up} {bool(end.entries)}"


def _one(target: Target, report: Report, operation, body: bytes) -> tuple:
    """:return: the proven message and its outcome, or None and what was raised"""
    report.inputs += 1
    try:
        if operation is None:
            proven, outcome = target.callback(body)
            if target.is_forged(proven, outcome):
                report.forgeries.append((operation, body))
        else:
            proven, outcome = target.answer(operation, body)
    except Refused as refused:
        report.refused += 1
        return None, refused
    except Exception as error:
        report.errors.append((operation, body, repr(error)))
        return None, error
    report.believed += 1
    return proven, outcome


def _next_callback(target: Target, chance: Random) -> bytes:
    at = int(chance.random() * len(target.bodies))
    if chance.random() < 0.6:
        return mutations.mutated(target.bodies[at], target.bodies, chance)
    return mutations.rewritten(target.forms[at], target.forms, target.pack, chance)


def _next_answer(target: Target, chance: Random):
    operation, body = target.answers[int(chance.random() * len(target.answers))]
    return operation, mutations.mutated(body, target.texts, chance)


def _keep(target: Target, operation, body: bytes, way: str, seen: set[str]) -> None:
    if way in seen or len(body) > LARGEST_KEPT or len(seen) >= MOST_KEPT:
        return
    seen.add(way)
    save(CORPUS / target.code, operation, body)


def save(folder: Path, operation, body: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kind = operation.value if operation else "form"
    path = folder / f"{hashlib.sha256(body).hexdigest()[:16]}.{kind}"
    path.write_bytes(body)
    return path


def _genuine_times(target: Target, count: int):
    runs = min(count, GENUINE_RUNS)
    times = array("Q", bytes(8 * runs))
    for at in range(runs):
        body = target.bodies[at % len(target.bodies)]
        started = time.thread_time_ns()
        target.callback(body)
        times[at] = time.thread_time_ns() - started
    return times


def _p99(times) -> int:
    return sorted(times)[len(times) * 99 // 100]


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
