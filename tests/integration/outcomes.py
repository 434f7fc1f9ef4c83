"""What each test came to at each bank, kept for ``docs/families.md``.

``python -m tests.integration.outcomes`` writes the page of the outcomes that were kept.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from .contracts import CONTRACTS, PAGE_CONTRACTS

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".local" / "families.json"
PAGE = ROOT / "docs" / "families.md"

# A column for each test: its file and the beginning of its name.
COLUMNS = {
    "sale, void, refund, parts": "test_families.py::test_sales_voids_and_refunds",
    "declined": "test_families.py::test_a_declined_card",
    "unknown order": "test_families.py::test_an_order_that_the_bank_never_saw",
    "reserve, capture": "test_families.py::test_what_is_reserved",
    "card on our page": "test_families.py::test_a_card_typed_on_our_page",
    "R1 forged": "test_family_faults.py::test_what_does_not_prove_itself",
    "R3 other amount": "test_family_faults.py::test_another_amount",
    "R5 20 copies": "test_family_faults.py::test_twenty_copies",
    "R8 lost answer": "test_family_faults.py::test_a_charge_whose_answer",
    "rubbish": "test_family_faults.py::test_rubbish",
}

TEXT = """# What was run at which bank

Each row is a contract with the bank simulator, each column a flow or an attack through
a real server; the money is compared on both sides, to the kuruş. **ok** passed,
**FAILED** did not, *no* is what the bank or its family does not offer, a blank was not
run.

{table}

- *sale, void, refund, parts*: one payment and one in six installments through a
  browser; the first is voided on its day, the second refunded in three parts after it.
- *R1*: a signature that is forged, absent, empty, truncated: refused, nothing booked.
  Where nobody signs what the payer brings, it leads to a question to the bank and to
  nothing else; that is the column *rubbish*, for all of them.
- *R3*: the bank tells another amount 1, 2 and 5 times: held for review, never booked.
  The answer of PosNet V1 to our own charge tells no amount: nothing to compare.
- *R5*: twenty copies of the return at once: one charge, one payment, at most one call.
- *R8*: the line breaks after the charge: found by asking, booked once, also when the
  lost message comes after all.

Written on {day} by `python -m tests.integration.outcomes` from the
outcomes that `script/test integration` keeps in `.local/families.json`. No bank was
spoken to.
"""


def keep(outcomes: dict[str, str]):
    """:param outcomes: test -> passed, failed or skipped; others stay as they were"""
    before = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    # Whoever runs beside us keeps what is his.
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps({**before, **outcomes}, indent=0, sort_keys=True))


def verdict(outcomes, start, contract):
    """:return: of all tests of this kind at this bank"""
    ours = rf"{re.escape(start)}\w*\[{re.escape(contract)}(?!-page)(-[a-z_]+)?\]"
    found = {result for test, result in outcomes.items() if re.fullmatch(ours, test)}
    if "failed" in found:
        return "**FAILED**"
    return "ok" if "passed" in found else "*no*" if found else ""


def table(outcomes):
    names = [contract.name for contract in (*CONTRACTS, *PAGE_CONTRACTS)]
    rows = [["contract", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    rows += [
        [name, *(verdict(outcomes, start, name) for start in COLUMNS.values())]
        for name in names
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    kept = json.loads(KEPT.read_text())
    day = datetime.now(UTC).strftime("%d %B %Y")
    PAGE.write_text(TEXT.format(table=table(kept), day=day))
