"""What the page shows = what the bank charges = what the ledger holds, to the kuruş.

A table of twelve installment counts and eight card programs: the whole of it is
compared with arithmetic written out here; a sample is paid at the bank simulator.
"""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.harness.dealer_client import APPROVED_CARD, payment_form

COUNTS = range(1, 13)
PROGRAMS = 8
SAMPLE = ((1, 0), (2, 3), (3, 7), (5, 1), (6, 4), (9, 2), (11, 6), (12, 5))


def percent(count, program):
    """:return: an uneven rate for each cell"""
    return Decimal(count - 1) * Decimal("1.37") + Decimal(program) * Decimal("0.0125")


def total(amount, count, program):
    surcharge = amount * percent(count, program) / 100
    return amount + surcharge.quantize(Decimal("0.01"), ROUND_HALF_UP)


def prefix(program):
    return f"4000000{program}"


def take_every_card(admin):
    """The bank takes any card in any number of installments, at some rate."""
    for agreement in admin.search_read("pos.gateway.agreement", [], ["id"]):
        general = [
            ("agreement_id", "=", agreement["id"]),
            ("installment_count", "=", 0),
            ("program_id", "=", False),
        ]
        if not admin.call("pos.gateway.agreement.line", "search", general):
            values = {"agreement_id": agreement["id"], "installment_count": 0}
            admin.call("pos.gateway.agreement.line", "create", values | {"rate": 3.1})


@pytest.fixture
def table(dealer, admin):
    """An offer of 96 cells for this dealer alone."""
    programs = [
        admin.call(
            "pos.gateway.card.program",
            "create",
            {"name": f"Table {dealer.partner_id}/{n}", "code": f"{dealer.login}-{n}"},
        )
        for n in range(PROGRAMS)
    ]
    for number, program in enumerate(programs):
        old = admin.call("pos.gateway.bin", "search", [("prefix", "=", prefix(number))])
        admin.call("pos.gateway.bin", "write", old, {"active": False})
        values = {"prefix": prefix(number), "kind": "credit", "program_id": program}
        admin.call("pos.gateway.bin", "create", values)
    pos = admin.call("payment.provider", "search", [("code", "=", "pos_gateway")])
    added = [(4, program) for program in programs]
    admin.call("payment.provider", "write", pos, {"gateway_program_ids": added})
    take_every_card(admin)
    (lira,) = admin.search_read("res.currency", [("name", "=", "TRY")], ["id"])
    admin.call(
        "pos.gateway.offer",
        "create",
        {
            "name": f"Table of {dealer.name}",
            "currency_id": lira["id"],
            "audience": "partner",
            "partner_ids": [(6, 0, [dealer.partner_id])],
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "program_id": program,
                        "installment_count": count,
                        "surcharge_percent": float(percent(count, number)),
                    },
                )
                for number, program in enumerate(programs)
                for count in COUNTS
            ],
        },
    )


@pytest.mark.parametrize("amount", ["1000.00", "333.33", "98765.43"])
def test_each_cell_is_priced_as_by_hand(dealer, table, amount):
    client = dealer.client()
    collection_id = client.open_collection([dealer.invoice(float(amount))])
    form = payment_form(client.get(f"/my/dealer/collections/{collection_id}").text)
    for program in range(PROGRAMS):
        ways = client.price_list(form, prefix(program))["ways"]
        shown = {way["installment_count"]: way["total"] for way in ways}
        expected = {
            count: int(total(Decimal(amount), count, program) * 100) for count in COUNTS
        }
        assert shown == expected


def test_the_page_the_bank_and_the_ledger_say_the_same(dealer, stack, books, table):
    client = dealer.client()
    for number, (count, program) in enumerate(SAMPLE):
        amount = Decimal("1000.01") + number * Decimal("17.77")
        collection_id = client.open_collection([dealer.invoice(float(amount))])
        fields = client.start_payment(
            collection_id, count, gateway_card_prefix=prefix(program)
        )
        stack.bank.post("charge", fields=fields, card_number=APPROVED_CARD)
        stack.bank.post(f"deliver/{fields['oid']}")
        dealer.wait_for_payment(collection_id)
        expected = total(amount, count, program)
        (charge,) = stack.bank.charges(fields["oid"])
        assert Decimal(charge["amount_kurus"]) / 100 == expected
        assert charge["installments"] == (count if count > 1 else 0)
        ((_payment, posted, _state),) = books.payments_of(fields["oid"])
        slips, receivable = books.lines_of(fields["oid"])
        assert posted == slips[1] == receivable[2] == expected


def test_another_partner_does_not_get_the_terms_by_asking(dealer, table, stack, admin):
    client = dealer.client()
    collection_id = client.open_collection([dealer.invoice(1000)])
    form = payment_form(client.get(f"/my/dealer/collections/{collection_id}").text)
    own = client.price_list(form, prefix(3))["ways"]
    assert len(own) == 12
    for key in (None, "", form["key"][:-1] + "0", "0" * 64):
        asked = client.price_list(form | {"key": key}, prefix(3))["ways"]
        assert len(asked) < 12
    with pytest.raises(Exception, match="Fiyat"):
        client.redirect_form(
            collection_id, 12, gateway_card_prefix=prefix(3), gateway_shown_total=100000
        )
