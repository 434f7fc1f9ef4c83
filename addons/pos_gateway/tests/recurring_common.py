import itertools
import json
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import HttpCase
from odoo.tools import SQL

from ..models import pos_gateway_call
from ..models.payment_provider_abilities import ALLOW_SERVER_CARD_ENTRY
from ..models.sender import NoAnswer
from ..protocols import nestpay
from ..protocols.answers import Entry, Outcome, Result, State, prove
from ..protocols.types import Operation, Request
from .common import CARD, FORM_TYPE, GatewayCommon, WorkerMixin

CODE, HOLDER = "8472", "Zeynep Kanarya"
CALLS = frozenset(
    {
        Operation.RECURRING,
        Operation.RECURRING_STATUS,
        Operation.RECURRING_CANCEL,
        Operation.POINTS,
    }
)
TRAITS = replace(
    nestpay.TRAITS,
    operations=nestpay.TRAITS.operations | CALLS,
    card_calls=frozenset({Operation.RECURRING, Operation.POINTS}),
    recurring_units=("D", "W", "M"),
)


class SaidBank:
    """A bank without a protocol: it answers what a test has it say.

    :ivar says: operation -> outcome, or what makes one of the order, or ``NoAnswer``
    :ivar asked: operation and body of each request that reached it
    """

    ENCODING, TRAITS = "utf-8", TRAITS

    def __init__(self):
        self.says, self.asked, self._told = {}, [], []

    def ask(self, terminal, order, call):
        said = {"operation": call.operation, "order": order.order_id}
        if call.card:
            said |= {"pan": call.card.number, "cvv": call.card.code}
            said |= {"holder": call.card.holder}
        if call.schedule:
            said["schedule"] = [call.schedule.count, call.schedule.every]
        body = json.dumps(said).encode()
        url = "https://bank.example/"
        return Request(url, body, "text/json", call.operation, order.order_id)

    def send(self, request):
        self.asked.append((request.operation, json.loads(request.body)))
        answer = self.says[request.operation]
        if isinstance(answer, NoAnswer):
            raise answer
        outcome = answer(request.order_id) if callable(answer) else answer
        outcome = replace(
            outcome, operation=request.operation, order_id=request.order_id
        )
        self._told.append(outcome)
        return str(len(self._told) - 1).encode()

    def read(self, _terminal, order, _call, body):  # pylint: disable=method-required-super
        place = body.decode()
        return prove(order.order_id, {"place": place}, "transport", place)

    def parse(self, terminal, proven):
        return self._told[int(proven.fields["place"])]

    def count(self, operation):
        return sum(asked == operation for asked, _body in self.asked)


APPROVED = Outcome(
    Result.APPROVED,
    "",
    amount_kurus=25000,
    currency="TRY",
    authorisation_code="771204",
    references={"recurring_id": "R77"},
    card_masked="4543 60** **** 0002",
)
DECLINED = Outcome(Result.DECLINED, "", bank_code="51", reason="limit")
DONE = Outcome(Result.APPROVED, "")


def entry(day, state=State.CAPTURED, kurus=25000, **more):
    """A row of the bank's books: ``day`` is e.g. ``2026-02-15``."""
    return Entry("sale", state, kurus, at=datetime.fromisoformat(day), **more)


class RecurringCommon(WorkerMixin, GatewayCommon, HttpCase):
    """Three payments of 250.00, one a month, at a bank that tests play."""

    def setUp(self):
        super().setUp()
        self.allow_cards()
        self.bank = SaidBank()
        self.bank.says[Operation.RECURRING] = APPROVED
        self.startPatcher(patch.object(pos_gateway_call, "send", self.bank.send))
        self.startPatcher(
            patch.object(
                type(self.provider), "_gateway_family", lambda provider: self.bank
            )
        )
        self.recurring = self.make_recurring()

    def allow_cards(self, allowed=True):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(ALLOW_SERVER_CARD_ENTRY, str(allowed))

    def make_recurring(self, is_asked=True, **values):
        recurring = self.env["pos.gateway.recurring"].create(
            {
                "partner_id": self.payer.id,
                "provider_id": self.provider.id,
                "currency_id": self.lira.id,
                "amount": 250.0,
                "count": 3,
                **values,
            }
        )
        if is_asked:
            recurring.action_ask_card()
        return recurring

    # === THE PAYER === #

    def visit(self, path="", fields=None, recurring=None):
        recurring = recurring or self.recurring
        self.env.flush_all()
        response = self.url_open(
            f"{recurring._path()}{path}",
            data=None if fields is None else urlencode(fields),
            headers={"Content-Type": FORM_TYPE},
            method="GET" if fields is None else "POST",
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def type_card(self, path="/card", **changes):
        card = {"number": CARD, "month": "07", "year": "31", "code": CODE}
        card |= {"holder": HOLDER, "consent": "yes"} | changes
        fields = {name: text for name, text in card.items() if text is not None}
        return self.visit(path, fields)

    # === THE WORKER === #

    def call_banks(self):
        self.worker("pos.gateway.call", "_cron_call_banks")

    def make_due(self):
        """As if its day had come, and every pause had passed."""
        self.recurring.sudo().next_status_at = "2026-01-01 00:00:00"
        calls = self.env["pos.gateway.call"].search([("state", "=", "waiting")])
        calls.sudo().not_before = "2026-01-01 00:00:00"

    def ask_status(self, *entries):
        self.bank.says[Operation.RECURRING_STATUS] = replace(DONE, entries=entries)
        self.make_due()
        self.call_banks()

    def begin(self):
        """The payer agrees, and the first payment is made."""
        self.type_card()
        self.assertEqual(self.recurring.state, "running")
        days = self.recurring.payment_ids.sorted("number").mapped("planned_on")
        return [day.isoformat() for day in days]

    # === WHAT IS THERE === #

    def states(self):
        return self.recurring.payment_ids.sorted("number").mapped("state")

    def payments(self):
        """:return: amount of each posted payment of this schedule"""
        posted = self.recurring.transaction_ids.payment_id.filtered(
            lambda payment: payment.move_id.state == "posted"
        )
        return posted.mapped("amount")

    def activities(self):
        return " ".join(self.recurring.activity_ids.mapped("note"))

    def everything_kept(self):
        kept = ""
        for table in (
            "pos_gateway_message",
            "pos_gateway_call",
            "pos_gateway_inbox",
            "pos_gateway_recurring",
            "pos_gateway_recurring_payment",
            "payment_transaction",
            "mail_message",
        ):
            self.env.cr.execute(SQL("SELECT t::text FROM %s t", SQL.identifier(table)))
            kept += "\n".join(itertools.chain(*self.env.cr.fetchall()))
        return kept
