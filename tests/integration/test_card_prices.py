"""Every cell of a table of prices, and from some the whole way to the bank and ledger.

What is expected is worked out here by plain ``Decimal`` arithmetic, not by our engine.
"""

import itertools
import random
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.harness.dealer_client import APPROVED_CARD, payment_form

from .conftest import Dealer

KURUS = Decimal("0.01")
COUNTS = range(1, 13)
PROGRAMS = 8
DEBT = Decimal("12345.67")
FEE = Decimal("1.75")
# Each program once, each with another number of installments.
SAMPLE = [(0, 1), (1, 2), (2, 3), (3, 5), (4, 7), (5, 9), (6, 11), (7, 12)]


def rounded(amount):
    return amount.quantize(KURUS, ROUND_HALF_UP)


def kurus(amount):
    return int(amount * 100)


def lira(amount):
    """As a Turkish page writes it, without the sign."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


class Cell:
    """What one number of installments costs with cards of one program."""

    def __init__(self, dice):
        self.surcharge_rate = Decimal(dice.randrange(0, 250_000)) / 10_000
        self.cost_rate = Decimal(dice.randrange(10_000, 200_000)) / 10_000

    def total(self, debt):
        return debt + rounded(debt * self.surcharge_rate / 100)

    def cost(self, debt):
        """:return: commission, fee and tax that the bank takes"""
        commission = rounded(self.total(debt) * self.cost_rate / 100)
        return commission + FEE + rounded((commission + FEE) * 5 / 100)

    def installments(self, debt, count):
        """:return: the first, and each further one"""
        total = kurus(self.total(debt))
        each = total // count
        return Decimal(total - each * (count - 1)) / 100, Decimal(each) / 100


class Table:
    """96 lines of an offer for one dealer, and 96 of the agreement of the demo POS."""

    def __init__(self, admin, partner_id):
        self.admin = admin
        found = admin.search_read("pos.gateway.card.program", [], ["id"])
        self.programs = [row["id"] for row in found[:PROGRAMS]]
        dice = random.Random(20261125)
        self.cells = {
            key: Cell(dice) for key in itertools.product(range(PROGRAMS), COUNTS)
        }
        self.cells[0, 1].surcharge_rate = Decimal(0)
        (demo,) = admin.search_read(
            "ir.model.data",
            [("module", "=", "pos_gateway"), ("name", "=", "demo_provider")],
            ["res_id"],
        )
        (self.provider,) = admin.search_read(
            "payment.provider",
            [("id", "=", demo["res_id"])],
            ["gateway_program_ids", "gateway_agreement_ids"],
        )
        self.offer_id = self._make_offer(partner_id)
        self.agreement_id = self._make_agreement()
        self.bins = [self._make_bin(number) for number in range(PROGRAMS)]

    def _lines(self, name, **more):
        return [
            (
                0,
                0,
                {
                    "program_id": self.programs[program],
                    "installment_count": count,
                    name: float(getattr(cell, f"{name.split('_')[0]}_rate")),
                    **more,
                },
            )
            for (program, count), cell in self.cells.items()
        ]

    def _make_offer(self, partner_id):
        return self.admin.call(
            "pos.gateway.offer",
            "create",
            {
                "name": "8 x 12",
                "audience": "partner",
                "partner_ids": [(6, 0, [partner_id])],
                "line_ids": self._lines("surcharge_percent"),
            },
        )

    def _make_agreement(self):
        self._change(self.provider["gateway_agreement_ids"], active=False)
        self.admin.call(
            "payment.provider",
            "write",
            [self.provider["id"]],
            {"gateway_program_ids": [(5,)]},
        )
        lines = self._lines("cost")
        for _command, _zero, values in lines:
            values["rate"] = values.pop("cost")
        return self.admin.call(
            "pos.gateway.agreement",
            "create",
            {
                "name": "8 x 12",
                "provider_id": self.provider["id"],
                "date_from": "2026-01-01",
                "fee": float(FEE),
                "line_ids": lines,
            },
        )

    def _make_bin(self, number):
        prefix = f"4199000{number + 1}"
        values = {"prefix": prefix, "kind": "credit"}
        values["program_id"] = self.programs[number]
        self.admin.call("pos.gateway.bin", "create", values)
        return prefix

    def _change(self, agreement_ids, **values):
        self.admin.call("pos.gateway.agreement", "write", agreement_ids, values)

    def card_of(self, program):
        """:return: a card that the bank approves, of this program from now on"""
        bins = self.admin.call(
            "pos.gateway.bin", "search", [("prefix", "=", APPROVED_CARD[:8])]
        )
        values = {"program_id": self.programs[program]}
        self.admin.call("pos.gateway.bin", "write", bins, values)
        return APPROVED_CARD

    def remove(self):
        """Leave the demo data to the other tests as it was."""
        self.admin.call("pos.gateway.offer", "unlink", [self.offer_id])
        self.admin.call("pos.gateway.agreement", "unlink", [self.agreement_id])
        self._change(self.provider["gateway_agreement_ids"], active=True)
        programs = self.provider["gateway_program_ids"]
        self.admin.call(
            "payment.provider",
            "write",
            [self.provider["id"]],
            {"gateway_program_ids": [(6, 0, programs)]},
        )
        bins = [("prefix", "in", self.bins)]
        self.admin.call(
            "pos.gateway.bin",
            "unlink",
            self.admin.call("pos.gateway.bin", "search", bins),
        )
        (world,) = self.admin.search_read(
            "pos.gateway.card.program", [("code", "=", "world")], ["id"]
        )
        self.programs = [world["id"]]
        self.card_of(0)


@pytest.fixture(scope="module")
def buyer(stack, admin):
    return Dealer(stack, admin)


@pytest.fixture(scope="module")
def table(admin, buyer):
    table = Table(admin, buyer.partner_id)
    yield table
    table.remove()


def test_each_cell_of_the_table_is_shown_as_it_is_worked_out(buyer, table):
    client = buyer.client()
    collection_id = client.open_collection([buyer.invoice(float(DEBT))])
    form = payment_form(client.get(f"/my/dealer/collections/{collection_id}").text)
    seen = 0
    for program, prefix in enumerate(table.bins):
        ways = client.price_list(form, prefix)["ways"]
        assert [way["installment_count"] for way in ways] == list(COUNTS)
        for way in ways:
            count = way["installment_count"]
            cell = table.cells[program, count]
            first, each = cell.installments(DEBT, count)
            assert way["total"] == kurus(cell.total(DEBT)), (program, count)
            assert lira(cell.total(DEBT)) in way["total_text"]
            assert lira(each) in way["monthly_text"]
            assert (lira(first) in way["first_text"]) == (first != each)
            assert bool(way["surcharge_text"]) == bool(cell.total(DEBT) - DEBT)
            seen += 1
    assert seen == 96


@pytest.mark.parametrize(("program", "count"), SAMPLE)
def test_page_bank_and_ledger_agree_to_the_kurus(
    buyer, table, stack, books, program, count
):
    debt = Decimal("100.03") * (program + 1) * count + Decimal("0.37")
    cell = table.cells[program, count]
    card = table.card_of(program)
    client = buyer.client()
    invoice = buyer.invoice(float(debt))
    collection_id = client.open_collection([invoice])
    # Goes on only with the total that the price list shows.
    fields = client.start_payment(collection_id, count)
    stack.bank.post("charge", fields=fields, card_number=card)
    order_id = fields["oid"]
    (charge,) = stack.bank.charges(order_id)
    assert charge["installments"] == (count if count > 1 else 0)
    assert charge["amount_kurus"] == kurus(cell.total(debt))

    stack.bank.post(f"deliver/{order_id}")
    buyer.wait_for_payment(collection_id)
    lines = books.lines_of(order_id)
    assert sum(line[1] for line in lines) == cell.total(debt)
    assert sum(line[2] for line in lines) == cell.total(debt)
    assert books.residuals([invoice]) == [(invoice, 0, "paid")]
    ((cost, quote, extra, residual),) = stack.query(
        """
        SELECT t.gateway_cost_amount, t.gateway_quote, m.amount_total,
               m.amount_residual
          FROM payment_transaction t
     LEFT JOIN account_move m ON m.id = t.gateway_surcharge_invoice_id
         WHERE t.gateway_order_id = %s
        """,
        (order_id,),
    )
    assert cost == cell.cost(debt)
    assert sum(part["gross"] for part in quote["slices"]) == charge["amount_kurus"]
    net = sum(part["net"] for part in quote["slices"])
    assert net == kurus(cell.total(debt) - cell.cost(debt))
    surcharge = cell.total(debt) - debt
    assert (extra, residual) == ((surcharge, 0) if surcharge else (None, None))
