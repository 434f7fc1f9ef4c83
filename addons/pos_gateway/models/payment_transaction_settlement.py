from odoo import fields, models

from ..const import PROVIDER_CODE
from ..pricing import rounding, stored
from ..settlement.expected import charge_parts, refund_parts


class PaymentTransaction(models.Model):
    """What the bank is to pay for a payment, and when: worked out when it is posted."""

    _inherit = "payment.transaction"

    gateway_settlement_ids = fields.One2many(
        "pos.gateway.settlement", "transaction_id", "Expected Settlements"
    )
    gateway_settlement_count = fields.Integer(compute="_compute_settlement_count")

    def _compute_settlement_count(self):
        for transaction in self:
            count = len(transaction.sudo().gateway_settlement_ids)
            transaction.gateway_settlement_count = count

    def action_gateway_view_settlements(self):
        """Open what the bank is to pay for this payment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_settlement_action"
        )
        family = self | self.child_transaction_ids
        action["domain"] = [("transaction_id", "in", family.ids)]
        action["context"] = {}
        return action

    def _gateway_cost_terms(self):
        """:return: the line of the agreement that the payment was priced by, as it was
        then (``pricing.agreement.CostLine``), or None
        """
        charged = self
        while charged and not charged.gateway_quote:
            charged = charged.source_transaction_id
        line = (charged.gateway_quote or {}).get("cost_line")
        return stored.read(charged.gateway_quote)[0]["cost_line"] if line else None

    def _gateway_calendar(self):
        return self.env["pos.gateway.closed.day"]._calendar(self.company_id)

    def _gateway_settlement_values(self):
        """:return: list of values of ``pos.gateway.settlement``, in the order of their
        POS slips; they sum to the amount of this transaction
        """
        self.ensure_one()
        if self.provider_code != PROVIDER_CODE:
            return []
        if self.operation == "refund":
            return self._gateway_refund_settlement_values()
        line = self._gateway_cost_terms()
        parts = charge_parts(
            rounding.to_kurus(self.amount),
            self.gateway_installment_count or 1,
            line,
            self._gateway_bank_date(),
            self._gateway_calendar(),
        )
        common = self._gateway_settlement_common("charge", line)
        settlements = self.env["pos.gateway.settlement"]
        return [
            {**common, "number": number, **settlements._slice_values(part)}
            for number, part in enumerate(parts, start=1)
        ]

    def _gateway_settlement_common(self, kind, line):
        return {
            "transaction_id": self.id,
            "kind": kind,
            "provider_id": self.provider_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "captured_on": self._gateway_bank_date(),
            "is_agreed": bool(line),
        }

    def _gateway_refund_settlement_values(self):
        charge = self.source_transaction_id._gateway_booked_transaction()
        charged = charge.sudo().gateway_settlement_ids.filtered(
            lambda one: one.kind == "charge"
        )
        amount = rounding.to_kurus(-self.amount)
        left = [charge._gateway_left_of(one) for one in charged]
        if not charged or amount > sum(left):
            return []  # posted before there were settlements, or given back twice
        line = charge._gateway_cost_terms()
        parts = refund_parts(
            amount,
            [one._slice() for one in charged],
            [one.state == "paid" for one in charged],
            left,
            line,
            self._gateway_bank_date(),
            self.provider_id.gateway_commission_back,
            self._gateway_calendar(),
        )
        kind = "chargeback" if self.gateway_chargeback_id else "refund"
        common = self._gateway_settlement_common(kind, line)
        settlements = self.env["pos.gateway.settlement"]
        return [
            {
                **common,
                "number": charged[part.index].number,
                "changes_id": part.is_change and charged[part.index].id,
                **settlements._slice_values(part.slice),
            }
            for part in parts
        ]

    def _gateway_left_of(self, charged):
        """:return: kuruş of a part's gross that refunds have not taken"""
        refunds = self._gateway_refunds("done").sudo().gateway_settlement_ids
        own = refunds.filtered(lambda one: one.number == charged.number)
        return sum(rounding.to_kurus(one.gross) for one in charged | own)
