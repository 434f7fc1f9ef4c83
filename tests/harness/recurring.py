"""Recurring card payments through a real server: what staff, payer and time do."""

from decimal import Decimal

import requests

from .interference import session, wake
from .page_payer import Card
from .stack import wait_for

MONTH_SECONDS = 32 * 24 * 3600


class Schedule:
    """Three monthly payments of one payer at one POS.

    :param pos: ``Pos`` of the contract
    :param partner_id: who pays
    """

    def __init__(self, pos, partner_id, amount=150.25, count=3):
        self.pos, self.stack, self.admin = pos, pos.stack, pos.admin
        self.admin.call(
            "ir.config_parameter",
            "set_param",
            "pos_gateway.allow_server_card_entry",
            "True",
        )
        self.amount, self.count = Decimal(str(amount)), count
        self.id = self.admin.call(
            "pos.gateway.recurring",
            "create",
            {
                "partner_id": partner_id,
                "provider_id": pos.provider_id,
                "amount": amount,
                "count": count,
            },
        )
        self.do("action_ask_card")
        self.url = f"{self.stack.server.url}{self._path()}"

    def _path(self):
        link = self.read("link")["link"]
        return link[link.index("/payment/") :]

    def do(self, action):
        return self.admin.call("pos.gateway.recurring", action, [self.id])

    def read(self, *names):
        (row,) = self.admin.call(
            "pos.gateway.recurring", "read", [self.id], fields=list(names)
        )
        return row

    @property
    def state(self):
        return self.read("state")["state"]

    # === THE PAYER === #

    def page(self):
        return requests.get(self.url, timeout=60)

    def type_card(self, card=None, path="card", **changes):
        card = card or Card()
        fields = {
            "holder": card.holder,
            "number": card.number,
            "month": card.month,
            "year": card.year[2:],
            "code": card.code,
            "consent": "yes",
        } | changes
        return requests.post(
            f"{self.url}/{path}", data=fields, allow_redirects=False, timeout=120
        )

    def withdraw(self):
        data = {"withdraw": "yes"}
        return requests.post(f"{self.url}/withdraw", data=data, timeout=60)

    def begun(self):
        """:return: itself, once the first payment is in the books"""
        assert self.type_card().status_code == 303
        self.wait_for_payments(1)
        return self

    # === TIME === #

    def pass_month(self):
        """The bank's clock goes on, and the bank is asked what became of it."""
        self.stack.bank.post("clock", advance_seconds=MONTH_SECONDS)
        self.ask()

    def ask(self):
        """As if the day of the next question had come."""
        with session(self.stack) as ours:
            ours.run(
                "UPDATE pos_gateway_recurring"
                " SET next_status_at = now() AT TIME ZONE 'UTC'"
                " WHERE id = %s AND next_status_at IS NOT NULL",
                (self.id,),
            )
            ours.commit()
        wake(self.stack)

    # === COUNTED === #

    def states(self):
        """:return: of each planned payment, in order"""
        rows = self.stack.query(
            "SELECT state FROM pos_gateway_recurring_payment WHERE recurring_id = %s"
            " ORDER BY number",
            (self.id,),
        )
        return [state for (state,) in rows]

    def wait_for_states(self, *states):
        wait_for(
            lambda: self.states() == list(states), 60, f"{states}, not {self.states()}"
        )

    def payments(self):
        """:return: the amounts that are posted for this schedule, by SQL"""
        rows = self.stack.query(
            """
            SELECT p.amount
              FROM payment_transaction t
              JOIN account_payment p ON p.payment_transaction_id = t.id
              JOIN account_move m ON m.id = p.move_id
             WHERE t.gateway_recurring_id = %s AND m.state = 'posted'
            """,
            (self.id,),
        )
        return [amount for (amount,) in rows]

    def wait_for_payments(self, count):
        wait_for(
            lambda: len(self.payments()) == count, 60, f"{count} payments in the books"
        )
        assert self.payments() == [self.amount] * count

    def calls(self, operation):
        """:return: states of the calls of this kind"""
        rows = self.stack.query(
            "SELECT c.state FROM pos_gateway_call c JOIN payment_transaction t"
            " ON t.id = c.transaction_id WHERE t.gateway_recurring_id = %s"
            " AND c.operation = %s",
            (self.id, operation),
        )
        return [state for (state,) in rows]

    def order_id(self):
        return self.read("bank_order")["bank_order"]

    def copy_number(self):
        """Staff look up the bank's number of the schedule in its panel."""
        values = {"bank_schedule": self._number_at_bank()}
        self.admin.call("pos.gateway.recurring", "write", [self.id], values)

    def _number_at_bank(self):
        order_id = self.order_id()
        rows = self.stack.bank.charges(order_id)
        (number,) = {row["recurring"] for row in rows}
        return number

    def charges(self):
        """:return: what the bank has charged by this schedule, in lira"""
        plan = self._number_at_bank()
        rows = self.stack.bank.get("charges")["charges"]
        return [
            Decimal(row["captured_kurus"]) / 100
            for row in rows
            if row["recurring"] == plan and row["captured_kurus"]
        ]

    def activities(self):
        return self.admin.call(
            "mail.activity",
            "search_count",
            [("res_model", "=", "pos.gateway.recurring"), ("res_id", "=", self.id)],
        )

    def assert_nothing_to_review(self):
        assert self.activities() == 0
        assert not self.read("review_reason")["review_reason"]
