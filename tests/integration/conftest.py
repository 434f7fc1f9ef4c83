"""A real Odoo server process, the bank simulator, and dealers of the tests' own."""

import itertools

import pytest

from tests.harness.dealer_client import DealerClient
from tests.harness.stack import Stack, test_cluster, wait_for

from . import outcomes

ADMIN = ("admin", "admin")


def pytest_sessionfinish(session):
    """Keep what each test came to, for ``docs/families.md``."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    results = {
        report.nodeid.removeprefix("tests/integration/"): report.outcome
        for kind in ("passed", "skipped", "failed", "error")
        for report in reporter.stats.get(kind, [])
        if "[" in report.nodeid
    }
    outcomes.keep(results)


@pytest.fixture(scope="session")
def stack():
    cluster = test_cluster()
    # At debug level: no log line of any level may hold card data.
    stack = Stack(
        cluster, "integration", cluster.data.parent / "integration", debug=True
    )
    try:
        yield stack.start()
    finally:
        stack.stop()
        cluster.stop()


@pytest.fixture(scope="session")
def admin(stack):
    return stack.server.client(*ADMIN)


class Dealer:
    """A dealer of one test: its node, its portal user, its invoices."""

    numbers = itertools.count(1)

    def __init__(self, stack, admin, parent=None):
        self.stack, self.admin = stack, admin
        number = next(self.numbers)
        self.name = f"Deneme Bayi {number}"
        self.login = f"bayi{number}@example.com"
        turkey = admin.search_read("res.country", [("code", "=", "TR")], ["id"])
        self.partner_id = admin.call(
            "res.partner",
            "create",
            {
                "name": self.name,
                "is_company": True,
                "country_id": turkey[0]["id"],
                "email": self.login,
                "lang": "tr_TR",
            },
        )
        self.dealer_id = admin.call(
            "dealer.dealer",
            "create",
            {"partner_id": self.partner_id, "parent_id": parent and parent.dealer_id},
        )
        group = admin.call(
            "ir.model.data",
            "search_read",
            [
                ("module", "=", "dealer_collection"),
                ("name", "=", "group_dealer_portal"),
            ],
            fields=["res_id"],
        )
        contact = admin.call(
            "res.partner",
            "create",
            {"name": f"Kasa {number}", "parent_id": self.partner_id, "lang": "tr_TR"},
        )
        admin.call(
            "res.users",
            "create",
            {
                "partner_id": contact,
                "name": f"Kasa {number}",
                "login": self.login,
                "password": self.login,
                "lang": "tr_TR",
                "group_ids": [(6, 0, [group[0]["res_id"]])],
            },
        )

    def invoice(self, amount: float) -> int:
        """A posted invoice of exactly ``amount``, due today."""
        invoice_id = self.admin.call(
            "account.move",
            "create",
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_id,
                "invoice_line_ids": [
                    (0, 0, {"name": "Mal", "price_unit": amount, "tax_ids": [(5,)]})
                ],
            },
        )
        self.admin.call("account.move", "action_post", [invoice_id])
        return invoice_id

    def client(self) -> DealerClient:
        return DealerClient(self.stack.server.url, self.login, self.login)

    def transactions(self, collection_id):
        return self.admin.search_read(
            "payment.transaction",
            [("dealer_collection_id", "=", collection_id)],
            [
                "state",
                "payment_id",
                "gateway_surcharge_amount",
                "gateway_review_reason",
            ],
        )

    def wait_for_payment(self, collection_id, seconds=60):
        """:return: the transaction, once its payment is posted"""
        return wait_for(
            lambda: next(
                (tx for tx in self.transactions(collection_id) if tx["payment_id"]),
                None,
            ),
            seconds,
            "the payment",
        )


@pytest.fixture
def dealer(stack, admin):
    return Dealer(stack, admin)


@pytest.fixture
def make_dealer(stack, admin):
    return lambda parent=None: Dealer(stack, admin, parent)


@pytest.fixture
def books(stack):
    return Books(stack)


class Books:
    """Reads the ledger by SQL, past every rule and cache."""

    def __init__(self, stack):
        self.stack = stack

    def payments_of(self, order_id):
        return self.stack.query(
            """
            SELECT p.id, p.amount, m.state
              FROM payment_transaction t
              JOIN account_payment p ON p.payment_transaction_id = t.id
              JOIN account_move m ON m.id = p.move_id
             WHERE t.gateway_order_id = %s
            """,
            (order_id,),
        )

    def lines_of(self, order_id):
        """:return: (account code, debit, credit, residual) of the payment's entry"""
        return self.stack.query(
            """
            SELECT COALESCE(a.code_store ->> (a_company.id)::text, ''), l.debit,
                   l.credit, l.amount_residual
              FROM payment_transaction t
              JOIN account_payment p ON p.payment_transaction_id = t.id
              JOIN account_move_line l ON l.move_id = p.move_id
              JOIN account_account a ON a.id = l.account_id
              JOIN res_company a_company ON a_company.id = l.company_id
             WHERE t.gateway_order_id = %s
             ORDER BY l.debit DESC
            """,
            (order_id,),
        )

    def residuals(self, invoice_ids):
        return self.stack.query(
            "SELECT id, amount_residual, payment_state FROM account_move"
            " WHERE id = ANY(%s) ORDER BY id",
            (list(invoice_ids),),
        )

    def message_count(self, order_id):
        return self.stack.query(
            "SELECT count(*) FROM pos_gateway_message"
            " WHERE order_id = %s AND kind = 'page_return'",
            (order_id,),
        )[0][0]
