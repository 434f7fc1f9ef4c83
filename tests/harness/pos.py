"""Puts one POS contract on the payers' pages, and does to payments what staff do."""

from decimal import Decimal

from .stack import wait_for

FINAL = ("done", "error", "cancel")


class Pos:
    """:param admin: XML-RPC client of an administrator
    :param contract: ``tests.integration.contracts.Contract``
    """

    def __init__(self, stack, admin, contract):
        self.stack, self.admin, self.contract = stack, admin, contract
        self.provider_id = self._find() or self._make()
        # Both ledgers are read from here on: other tests may have left payments open.
        ((self.first_id,),) = stack.query(
            "SELECT COALESCE(max(id), 0) FROM payment_transaction"
        )

    @property
    def _provider_name(self):
        return f"POS {self.contract.name}"

    def _find(self):
        rows = self.admin.search_read(
            "payment.provider", [("name", "=", self._provider_name)], ["id"]
        )
        return rows[0]["id"] if rows else None

    def _make(self):
        def ref(name):
            module, name = name.split(".")
            return self.admin.call(
                "ir.model.data",
                "search_read",
                [("module", "=", module), ("name", "=", name)],
                fields=["res_id"],
            )[0]["res_id"]

        if self.contract.card_entry == "server":
            self.admin.call(
                "ir.config_parameter",
                "set_param",
                "pos_gateway.allow_server_card_entry",
                "True",
            )
        provider_id = self.admin.call(
            "payment.provider",
            "create",
            {
                "name": self._provider_name,
                "code": "pos_gateway",
                "redirect_form_view_id": ref("pos_gateway.redirect_form"),
                "inline_form_view_id": ref("pos_gateway.inline_form"),
                "payment_method_ids": [(6, 0, [ref("payment.payment_method_card")])],
                "gateway_bank": self.contract.bank,
                "gateway_card_entry": self.contract.card_entry,
                # Whatever the bank: one test card pays in installments everywhere.
                "gateway_program_ids": [(5,)],
                "gateway_test_address": self.stack.bank.url,
                **self.contract.values,
            },
        )
        self.admin.call("payment.provider", "write", [provider_id], {"state": "test"})
        return provider_id

    def publish(self, reserve=False):
        """Show payers this POS alone."""
        others = self.admin.call(
            "payment.provider",
            "search",
            [("code", "=", "pos_gateway"), ("id", "!=", self.provider_id)],
        )
        self.admin.call("payment.provider", "write", others, {"is_published": False})
        self.admin.call(
            "payment.provider",
            "write",
            [self.provider_id],
            {"is_published": True, "capture_manually": reserve},
        )

    # === WHAT STAFF DO === #

    def transaction(self, order_id):
        return self.admin.search_read(
            "payment.transaction",
            [("gateway_order_id", "=", order_id)],
            [
                "state",
                "payment_id",
                "amount",
                "gateway_result",
                "gateway_reason",
                "gateway_review_reason",
            ],  # fmt: skip
        )[0]

    def refund(self, transaction_id, amount):
        """:return: the child transaction, once it is final"""
        before = self._children(transaction_id)
        self.admin.call(
            "payment.transaction", "action_refund", [transaction_id], amount
        )
        (child_id,) = set(self._children(transaction_id)) - set(before)
        return self.wait_until_final(child_id)

    def capture(self, transaction_id):
        self.begin_capture(transaction_id)
        return self.wait_until_final(self._children(transaction_id)[0])

    def begin_capture(self, transaction_id):
        wizard = self.admin.call(
            "payment.capture.wizard",
            "create",
            {},
            context={"active_ids": [transaction_id]},
        )
        self.admin.call("payment.capture.wizard", "action_capture", [wizard])

    def ask(self, transaction_id):
        self.admin.call(
            "payment.transaction", "action_gateway_ask_bank", [transaction_id]
        )

    def _children(self, transaction_id):
        return self.admin.call(
            "payment.transaction",
            "search",
            [("source_transaction_id", "=", transaction_id)],
        )

    def wait_until_final(self, transaction_id, states=FINAL):
        def final():
            (row,) = self.admin.call(
                "payment.transaction",
                "read",
                [transaction_id],
                fields=["state", "state_message", "payment_id", "is_post_processed"],
            )
            is_posted = row["state"] != "done" or row["is_post_processed"]
            return row if row["state"] in states and is_posted else None

        return wait_for(final, 60, f"an end of transaction {transaction_id}")

    # === THE TWO LEDGERS === #

    def at_bank(self):
        """:return: what the bank holds of our new orders, as the bank says, in lira"""
        orders = {
            order_id
            for (order_id,) in self.stack.query(
                "SELECT gateway_order_id FROM payment_transaction"
                " WHERE provider_id = %s AND gateway_order_id IS NOT NULL AND id > %s",
                (self.provider_id, self.first_id),
            )
        }
        rows = [
            row
            for row in self.stack.bank.get("charges")["charges"]
            if row["client_id"] == self.contract.terminal
            # Other contracts of ours may stand on the same terminal.
            and row["order"].removeprefix("TDS_").removeprefix("TDSC") in orders
        ]
        kurus = sum(
            row["captured_kurus"] - row["refunded_kurus"]
            for row in rows
            if row["state"] in ("captured", "settled")
        )
        return Decimal(kurus) / 100

    def in_books(self):
        """:return: what our POS slips accounts say of them, by SQL, in lira"""
        ((amount,),) = self.stack.query(
            """
            SELECT COALESCE(sum(l.balance), 0)
              FROM account_move_line l
              JOIN payment_provider p ON l.account_id
                   IN (p.gateway_slips_account_id, p.gateway_wallet_account_id)
              JOIN account_payment a ON a.move_id = l.move_id
             WHERE p.id = %s AND l.parent_state = 'posted'
               AND a.payment_transaction_id > %s
            """,
            (self.provider_id, self.first_id),
        )
        return amount
