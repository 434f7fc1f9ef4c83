"""The main job on a machine of one's own: see ``script/demo``."""

import argparse
import os
import signal
import sys
from decimal import Decimal

from .browser import DESKTOP, PayerBrowser, browser
from .cluster import Cluster, reachable_folder
from .dealer_client import APPROVED_CARD
from .stack import ROOT, OdooCommand, Stack, wait_for

ODOO_PORT, BANK_PORT = 8069, 8071
LOGINS = (
    ("admin", "staff: invoices, dealers, collections, reports"),
    ("ege", "main dealer, three tiers below the company"),
    ("izmir", "sub-dealer of ege"),
    ("bornova", "sub-dealer of izmir"),
    ("anadolu", "another main dealer"),
)

INVITATION = """
The demo is running. Stop it with Ctrl-C; the next start goes on where this one stopped.

  Odoo            {odoo}
  Bank simulator  {bank}

  Log in as       (the password is the login)
{logins}

  Test cards      any expiry in the future, any three digits as security code
{cards}
  One-time code   147258, shown on the bank's page

What to click: log in as "ege", open "Open items", tick two invoices, "Continue", type
the first 8 digits of a card, choose 3 installments, "Pay by card"; at the bank click a
test card, pay, type the code. Then log in as "admin": Accounting, Customers, Payments
shows the posted entry, reconciled with the invoices and the surcharge invoice.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="do the main job without a person, on a fresh database, and judge it",
    )
    parser.add_argument("--pictures", help="with --check: keep a picture of each step")
    parser.add_argument("--reset", action="store_true", help="start with a fresh one")
    options = parser.parse_args()
    folder = reachable_folder(ROOT / ".local" / "demo", f"demo-{os.getuid()}")
    cluster = Cluster(folder / "cluster").start()
    try:
        return (check if options.check else serve)(cluster, options)
    finally:
        cluster.stop()


def serve(cluster, options) -> int:
    folder = cluster.data.parent / "demo"
    stack = Stack(cluster, "demo", folder, ports=(ODOO_PORT, BANK_PORT))
    try:
        if options.reset or "demo" not in cluster.databases():
            say("making the demo company: a few minutes the first time")
            stack.start()
        else:
            stack.command = OdooCommand(cluster, "demo", folder)
            stack.serve()
        print(invitation(stack), flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        stack.stop()
    return 0


def invitation(stack) -> str:
    cards = stack.bank.get("cards")["cards"]
    return INVITATION.format(
        odoo=stack.server.url,
        bank=stack.bank.url,
        logins="\n".join(f"    {login:<12}{what}" for login, what in LOGINS),
        cards="\n".join(f"    {card_line(card)}" for card in cards),
    )


def card_line(card) -> str:
    number = card["number"]
    groups = " ".join(number[start : start + 4] for start in range(0, 16, 4))
    return f"{groups}   {card['title']}"


def check(cluster, options) -> int:
    """:return: 0 only if the books are right"""
    folder = cluster.data.parent / "check"
    stack = Stack(cluster, "check", folder)
    try:
        say("making a fresh demo company")
        stack.start()
        say("a dealer pays an invoice in a browser")
        order_id = pay_in_browser(stack, options.pictures)
        wait_for(lambda: payment_of(stack, order_id), what="posting the payment")
        return judge(stack, order_id)
    finally:
        stack.stop()


def pay_in_browser(stack, pictures) -> str:
    with browser() as chromium:
        payer = PayerBrowser(chromium, stack.server.url, DESKTOP, "tr", pictures)
        payer.log_in("ege", "ege")
        payer.choose_invoices(1)
        payer.choose_installments(APPROVED_CARD, 3)
        payer.pay_at_bank(APPROVED_CARD, "123")
        payer.wait_for_receipt()
        payer.close()
    ((order_id,),) = stack.query(
        "SELECT gateway_order_id FROM payment_transaction"
        " WHERE gateway_order_id IS NOT NULL"
    )
    return order_id


def payment_of(stack, order_id):
    return stack.query(
        "SELECT p.id, p.move_id, m.state, t.amount, t.gateway_base_amount,"
        "       t.gateway_surcharge_amount"
        "  FROM payment_transaction t"
        "  JOIN account_payment p ON p.payment_transaction_id = t.id"
        "  JOIN account_move m ON m.id = p.move_id"
        " WHERE t.gateway_order_id = %s",
        (order_id,),
    )


ITEMS = """
    SELECT m.name, a.code_store ->> l.company_id::text AS code,
           COALESCE(a.name ->> 'tr_TR', a.name ->> 'en_US') AS account,
           l.debit, l.credit, l.amount_residual, COALESCE(l.matching_number, '')
      FROM account_move_line l
      JOIN account_move m ON m.id = l.move_id
      JOIN account_account a ON a.id = l.account_id
     WHERE m.id = ANY(%s)
     ORDER BY m.id, l.debit DESC, code
"""


def judge(stack, order_id) -> int:
    payments = payment_of(stack, order_id)
    charges = stack.bank.charges(order_id)
    invoices = stack.query(
        "SELECT i.invoice_id FROM account_invoice_transaction_rel i"
        "  JOIN payment_transaction t ON t.id = i.transaction_id"
        " WHERE t.gateway_order_id = %s ORDER BY 1",
        (order_id,),
    )
    moves = [row[1] for row in payments] + [row[0] for row in invoices]
    items = stack.query(ITEMS, (moves,))
    print_items(items)
    charged = Decimal(charges[0]["amount_kurus"]) / 100 if charges else None
    entry = [row for row in items if row[1].startswith(("108", "120"))]
    slips = [row for row in entry if row[1].startswith("108")]
    receivable = [row for row in entry if row[1].startswith("120")]
    verdicts = {
        "one charge at the bank, one posted payment": len(charges) == 1
        and [row[2] for row in payments] == ["posted"],
        "POS slips debit = amount charged": [row[3] for row in slips] == [charged],
        "charged = debt + surcharge": charged == payments[0][4] + payments[0][5],
        "receivable closed, nothing left": sum(row[3] for row in receivable)
        == sum(row[4] for row in receivable)
        and all(row[5] == 0 and row[6] for row in receivable),
        "the surcharge has an invoice": len(invoices) == 2,
    }
    print()
    for text, is_right in verdicts.items():
        print(f"  {'right' if is_right else 'WRONG'}  {text}")
    return 0 if all(verdicts.values()) else 1


def print_items(items):
    print(
        f"\n  {'Entry':<18}{'Account':<34}{'Debit':>12}{'Credit':>12}"
        f"{'Open':>12}  Matching"
    )
    for entry, code, account, debit, credit, residual, matching in items:
        name = f"{code} {account}"[:32]
        print(
            f"  {entry:<18}{name:<34}{debit:>12,.2f}{credit:>12,.2f}"
            f"{residual:>12,.2f}  {matching}"
        )


def say(text):
    print(f"demo: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
