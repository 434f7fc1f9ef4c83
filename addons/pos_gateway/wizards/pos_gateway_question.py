from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import PROVIDER_CODE
from ..models import sender
from ..pricing import rounding
from ..protocols import digest
from ..protocols.answers import Refused, State
from ..protocols.redact import own_numbers
from ..protocols.types import Call, Operation

MOST_DAYS = 30


class PosGatewayQuestion(models.TransientModel):
    """What stands in the bank's books: of one order, of some days, of a card prefix.

    A question moves no money and changes no payment: it shows what the bank says beside
    what we have.
    """

    _name = "pos.gateway.question"
    _description = "Question to the Bank"

    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        domain=[("code", "=", PROVIDER_CODE)],
    )
    transaction_id = fields.Many2one("payment.transaction", "Payment")
    kind = fields.Selection(
        [
            (Operation.HISTORY.value, "What was done with a payment"),
            (Operation.DAY_LIST.value, "What was done on some days"),
            (Operation.BIN.value, "What is known of a card prefix"),
        ],
        "Question",
        required=True,
        default=Operation.DAY_LIST.value,
    )
    first_day = fields.Date(default=fields.Date.context_today)
    last_day = fields.Date(default=fields.Date.context_today)
    card_prefix = fields.Char("First Digits of the Card")
    answer = fields.Text(readonly=True)
    line_ids = fields.One2many(
        "pos.gateway.question.line", "question_id", readonly=True
    )
    open_count = fields.Integer(
        "Not in Our Books", readonly=True, help="Rows of which we know no payment."
    )

    @api.onchange("transaction_id")
    def _onchange_transaction_id(self):
        if self.transaction_id:
            self.provider_id = self.transaction_id.provider_id

    def action_ask(self):
        """Ask the bank and show its answer in this window."""
        self.ensure_one()
        self._check_may_ask()
        outcome = self.sudo()._ask()
        self.sudo().write(
            {
                "answer": self._answer_text(outcome),
                "line_ids": [fields.Command.clear()]
                + [fields.Command.create(self._line(row)) for row in outcome.entries],
            }
        )
        self.sudo().open_count = len(
            self.line_ids.filtered(lambda line: line.order and not line.transaction_id)
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Ask the Bank"),
        }

    def _check_may_ask(self):
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_user"):
            raise UserError(self.env._("Only POS operators may ask the bank."))
        self.provider_id.check_access("read")
        self.transaction_id.check_access("read")
        if self.kind == Operation.HISTORY.value and not self.transaction_id:
            raise UserError(self.env._("Choose the payment."))
        if self.kind == Operation.DAY_LIST.value:
            days = (self.last_day or self.first_day) - self.first_day
            if not timedelta() <= days <= timedelta(days=MOST_DAYS):
                raise UserError(
                    self.env._(
                        "Choose at most %s days, the first one first.", MOST_DAYS
                    )
                )
        prefix = self.card_prefix or ""
        if self.kind == Operation.BIN.value and not (
            prefix.isascii() and prefix.isdigit() and 6 <= len(prefix) <= 8
        ):
            raise UserError(self.env._("Give the first 6 to 8 digits of the card."))

    def _ask(self):
        """:return: the outcome

        :raise UserError: with a sentence, if the bank offers no such thing or there is
            no answer that we understand
        """
        provider = self.provider_id
        family = provider._gateway_family()
        operation = Operation(self.kind)
        if operation not in family.TRAITS.operations:
            raise UserError(
                self.env._("The protocol of this bank does not offer that.")
            )
        if self.transaction_id:
            charged = self.transaction_id._gateway_charged_transaction()
            terminal, order = charged._gateway_terminal(), charged._gateway_order()
        else:
            terminal = provider._gateway_terminal(provider.state == "enabled")
            order = provider._gateway_sample_order()
        call = Call(
            operation,
            key=digest.new_order_id(),
            at=fields.Datetime.now().replace(tzinfo=UTC),
            nonce=digest.nonce(),
            first_day=self.first_day,
            last_day=self.last_day or self.first_day,
            card_prefix=self.card_prefix or "",
        )
        try:
            request = family.ask(terminal, order, call)
            body = self._send(family, terminal, request)
            return family.parse(terminal, family.read(terminal, order, call, body))
        except ValueError as error:
            raise UserError(str(error)) from error
        except sender.NoAnswer as silence:
            raise UserError(
                self.env._("The bank did not answer (%s). Try again later.", silence)
            ) from silence
        except Refused as refused:
            raise UserError(
                self.env._("The bank's answer was not understood (%s).", refused.reason)
            ) from refused

    def _send(self, family, terminal, request):
        keep = own_numbers(terminal)

        def store(kind, octets):
            self.env["pos.gateway.message"]._store(
                kind,
                None,
                octets.decode(family.ENCODING, "replace"),
                provider=self.provider_id,
                order_id=request.order_id,
                operation=request.operation.value,
                source=request.url,
                keep=keep,
            )

        store("call", request.body)
        body = sender.send(request)
        store("call_answer", body)
        return body

    # === SHOWING === #

    def _answer_text(self, outcome):
        lines = [f"{name}: {text}" for name, text in outcome.data.items()]
        code = outcome.reason_code or outcome.bank_code
        if not outcome.entries and not lines:
            lines = [self.env._("The bank shows nothing. Its code: %s", code or "-")]
        return "\n".join(lines)

    def _line(self, row):
        payment = self._payment_of(row)
        return {
            "at": row.at,
            "order": row.order_id,
            "kind": row.kind or False,
            "state": row.state.value,
            "amount": _major(row.amount_kurus),
            "captured": _major(row.captured_kurus),
            "refunded": _major(row.refunded_kurus),
            "currency": row.currency,
            "host_reference": row.host_reference,
            "authorisation_code": row.authorisation_code,
            "bank_code": row.bank_code,
            "card": row.card_masked,
            "transaction_id": payment.id,
        }

    def _payment_of(self, row):
        order_id = row.order_id
        if self.transaction_id and not order_id:
            return self.transaction_id
        # Some banks put something of their own before the number.
        return self.env["payment.transaction"].search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("gateway_order_id", "in", (order_id, order_id[-20:])),
            ],
            limit=1,
        )


def _major(kurus):
    return False if kurus is None else float(rounding.to_major(kurus))


class PosGatewayQuestionLine(models.TransientModel):
    _name = "pos.gateway.question.line"
    _description = "Row of a Bank's Answer"
    _order = "at desc, id"

    question_id = fields.Many2one(
        "pos.gateway.question", required=True, ondelete="cascade"
    )
    at = fields.Datetime("Bank's Time")
    order = fields.Char("Bank Order")
    kind = fields.Selection(
        [
            ("sale", "Sale"),
            ("preauth", "Reservation"),
            ("capture", "Capture"),
            ("refund", "Refund"),
            ("void", "Void"),
        ]
    )
    state = fields.Selection(
        [
            (State.AUTHORISED.value, "Authorised"),
            (State.CAPTURED.value, "Captured"),
            (State.VOIDED.value, "Voided"),
            (State.PARTIALLY_REFUNDED.value, "Partly refunded"),
            (State.REFUNDED.value, "Refunded"),
            (State.DECLINED.value, "Declined"),
            (State.WAITING.value, "Waiting"),
            (State.PLANNED.value, "Planned"),
            (State.CANCELLED.value, "Cancelled"),
            (State.ERROR.value, "Error"),
            (State.UNKNOWN.value, "Not said"),
        ]
    )
    amount = fields.Float(digits=(16, 2))
    captured = fields.Float(digits=(16, 2))
    refunded = fields.Float(digits=(16, 2))
    currency = fields.Char()
    host_reference = fields.Char()
    authorisation_code = fields.Char()
    bank_code = fields.Char()
    card = fields.Char()
    transaction_id = fields.Many2one("payment.transaction", "Our Payment")
