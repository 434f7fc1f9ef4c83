"""``script/fuzz``: see there."""

import argparse
import sys

from . import CORPUS, runner


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    families = sorted(runner.suite.FAMILIES)
    parser.add_argument("--family", choices=families, action="append")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", default="2026")
    parser.add_argument("--from-block", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="add to the corpus")
    asked = parser.parse_args()
    is_bad = False
    for code in asked.family or families:
        replayed = runner.replay(code)
        report = runner.run(code, asked.count, asked.seed, asked.from_block, asked.keep)
        print(report.line(), flush=True)
        for found in (*replayed.errors, *report.errors)[:20]:
            operation, body, error = found
            path = runner.save(CORPUS / code, operation, body)
            print(f"    unhandled {error[:120]}: {path.name}")
        for operation, body in (*replayed.forgeries, *report.forgeries)[:20]:
            path = runner.save(CORPUS / code, operation, body)
            print(f"    forged: {path.name}")
        is_bad |= bool(report.errors or report.forgeries)
        is_bad |= bool(replayed.errors or replayed.forgeries)
    blocks = -(-asked.count // runner.BLOCK)
    print(f"seed {asked.seed}: continue with --from-block {asked.from_block + blocks}")
    return 1 if is_bad else 0


sys.exit(main())
