"""P1: callbacks verified, against the bare digests of the same bytes.

For each family 100,000 genuine callbacks, read already, go through ``verify``. The
reference computes what the family's scheme makes us compute, over the same texts and
with nothing around it: the texts are noted while one callback is verified. Median of
five alternating repetitions. Fails if a callback is not believed, or if the reference
computes another digest.
"""

import gc
import hmac
import statistics
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "addons" / "pos_gateway" / "tests" / "protocols"))

import standin  # noqa: E402, F401
import suite  # noqa: E402
from pos_gateway.protocols import digest  # noqa: E402

CALLBACKS, REPETITIONS, GOAL = 100_000, 5, 0.15


class Recorder:
    """Notes what is hashed while a callback is verified."""

    def __init__(self):
        self.jobs = []

    def __enter__(self):
        self.hashes, self.hmac = dict(digest._HASHES), hmac.digest
        for name, function in self.hashes.items():
            digest._HASHES[name] = partial(self._hash, function)
        hmac.digest = self._hmac
        return self

    def __exit__(self, *_error):
        digest._HASHES.update(self.hashes)
        hmac.digest = self.hmac

    def _hash(self, function, data):
        made = function(data)
        self.jobs.append((function, bytes(data), None, made.digest()))
        return made

    def _hmac(self, key, data, name):
        made = self.hmac(key, data, name)
        self.jobs.append((name, bytes(data), bytes(key), made))
        return made


def noted(family, terminal, order, message):
    with Recorder() as recorder:
        family.verify(terminal, order, message)
    for function, data, key, made in recorder.jobs:
        again = hmac.digest(key, data, function) if key else function(data).digest()
        if again != made:
            raise SystemExit("the reference computes another digest")
    return recorder.jobs


def measure(code):
    case, family = suite.CASES[code], suite.FAMILIES[code]
    terminal, order = case.terminal(), case.order()
    message = suite.message(code, case.genuine())
    family.verify(terminal, order, message)
    jobs = noted(family, terminal, order, message)
    if not jobs:
        return None
    ours, theirs = [], []
    for _ in range(REPETITIONS):
        ours.append(_time(_verify, family.verify, terminal, order, message))
        theirs.append(_time(_digest, jobs))
    return statistics.median(ours), statistics.median(theirs)


def _time(function, *args):
    gc.collect()
    gc.disable()
    started = time.process_time()
    function(*args)
    gc.enable()
    return time.process_time() - started


def _verify(verify, terminal, order, message):
    for _ in range(CALLBACKS):
        verify(terminal, order, message)


def _digest(jobs):
    for function, data, key, _made in jobs:
        if key:
            for _ in range(CALLBACKS):
                hmac.digest(key, data, function)
        else:
            for _ in range(CALLBACKS):
                function(data).digest()


def main() -> int:
    print(f"P1  {CALLBACKS} callbacks verified; goal {GOAL:.2f}x of the bare digests")
    ratios = {}
    for code in sorted(suite.FAMILIES):
        measured = measure(code)
        if measured is None:
            print(f"    {code:14} nobody signs the message of this page")
            continue
        ours, theirs = measured
        ratios[code] = theirs / ours
        print(
            f"    {code:14} {CALLBACKS / ours:>9,.0f}/s"
            f"  digests alone {CALLBACKS / theirs:>11,.0f}/s"
            f"  ratio {theirs / ours:.3f}x",
            flush=True,
        )
    return 0 if ratios else 1


if __name__ == "__main__":
    sys.exit(main())
