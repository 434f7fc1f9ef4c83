from datetime import time

from odoo import fields, models

from ..pricing import rounding
from ..settlement.rows import ReportRow, RowKind

AMOUNTS = ("gross", "net", "commission", "bsmv", "fee", "other")
TEXTS = (
    "terminal", "merchant", "batch_number", "card_mask", "auth_code", "rrn", "order",
    "rate", "reference", "item",
)  # fmt: skip


class PosGatewayReportLine(models.Model):
    """One row of a bank's POS report, as the bank wrote it."""

    _name = "pos.gateway.report.line"
    _description = "Row of a POS Report"
    _order = "day desc, id desc"
    _rec_name = "auth_code"

    report_id = fields.Many2one(
        "pos.gateway.report",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    provider_id = fields.Many2one(
        "payment.provider", "POS", readonly=True, index="btree_not_null"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    number = fields.Integer("Row", readonly=True)
    kind = fields.Selection(
        [
            (RowKind.SALE.value, "Sale"),
            (RowKind.REFUND.value, "Refund"),
            (RowKind.CHARGEBACK.value, "Chargeback"),
            (RowKind.CANCEL.value, "Cancelled"),
            (RowKind.OTHER.value, "Other"),
        ],
        required=True,
        readonly=True,
    )
    terminal = fields.Char(readonly=True)
    merchant = fields.Char(readonly=True)
    batch_number = fields.Char("Batch", readonly=True)
    batch_day = fields.Date(readonly=True)
    day = fields.Date(readonly=True)
    time = fields.Char(readonly=True)
    value_date = fields.Date(readonly=True, index=True)
    gross = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)
    commission = fields.Monetary(readonly=True)
    bsmv = fields.Monetary("BSMV", readonly=True)
    fee = fields.Monetary(readonly=True)
    other = fields.Monetary("Other Cuts", readonly=True)
    card_mask = fields.Char("Card", readonly=True)
    auth_code = fields.Char("Authorisation Code", readonly=True)
    rrn = fields.Char("RRN", readonly=True)
    order = fields.Char(readonly=True)
    installment_count = fields.Integer("Installments", readonly=True)
    part = fields.Integer("Installment", readonly=True)
    rate = fields.Char(readonly=True)
    reference = fields.Char("Payout Reference", readonly=True)
    item = fields.Char(readonly=True)
    digest = fields.Char(required=True, readonly=True)
    is_double = fields.Boolean(
        "There Twice", readonly=True, help="The same row stands in the file once more."
    )
    transaction_id = fields.Many2one(
        "payment.transaction", "Card Payment", readonly=True, index="btree_not_null"
    )

    _digest_unique = models.Constraint(
        "UNIQUE(company_id, digest)", "Each row of a report is kept once."
    )

    def _report_rows(self):
        """:return: list of ``settlement.rows.ReportRow``, ``number`` is the id"""
        return [
            ReportRow(
                number=line.id,
                kind=RowKind(line.kind),
                batch_day=line.batch_day or None,
                day=line.day or None,
                value_date=line.value_date or None,
                time=time.fromisoformat(line.time) if line.time else None,
                count=line.installment_count or 1,
                part=line.part,
                currency=line.currency_id.name or "TRY",
                **{name: rounding.to_kurus(line[name]) for name in AMOUNTS},
                **{name: line[name] or "" for name in TEXTS},
            )
            for line in self
        ]

    def action_open_transaction(self):
        """Open the card payment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.transaction",
            "res_id": self.transaction_id.id,
            "view_mode": "form",
        }
