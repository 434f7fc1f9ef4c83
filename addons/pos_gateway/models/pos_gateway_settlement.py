from odoo import api, fields, models
from odoo.fields import Domain

from ..pricing import rounding
from ..pricing.value_dates import Slice

AMOUNTS = ("gross", "commission", "fee", "bsmv", "net")
EXPECTED, PAID, OFFSET = "expected", "paid", "offset"


class PosGatewaySettlement(models.Model):
    """What a bank is to pay for a card payment on one day, or to take back.

    Its journal item on the POS slips account is the truth: what is left of that is what
    the bank still has to pay.
    """

    _name = "pos.gateway.settlement"
    _description = "Expected Settlement"
    _order = "due, id"
    _rec_name = "reference"
    _check_company_auto = True

    transaction_id = fields.Many2one(
        "payment.transaction",
        "Card Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    reference = fields.Char(related="transaction_id.reference", store=True)
    kind = fields.Selection(
        [("charge", "Charge"), ("refund", "Refund"), ("chargeback", "Chargeback")],
        required=True,
        readonly=True,
        default="charge",
    )
    number = fields.Integer(
        "Part", readonly=True, help="Which part of the payment; 1 where it is one."
    )
    changes_id = fields.Many2one(
        "pos.gateway.settlement",
        "Part That It Changes",
        readonly=True,
        index="btree_not_null",
        help="The part of the charge that the bank pays less of. Empty: the bank had"
        " paid that part, and takes the refund with its next payment.",
    )
    provider_id = fields.Many2one(
        "payment.provider", "POS", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(related="transaction_id.partner_id", store=True)
    program_id = fields.Many2one(
        related="transaction_id.gateway_card_program_id", store=True
    )
    installment_count = fields.Integer(
        related="transaction_id.gateway_installment_count", store=True
    )
    captured_on = fields.Date("Charged On", readonly=True, index=True)
    due = fields.Date("Value Date", required=True, readonly=True, index=True)
    gross = fields.Monetary(readonly=True)
    commission = fields.Monetary(readonly=True)
    fee = fields.Monetary(readonly=True)
    bsmv = fields.Monetary("BSMV", readonly=True)
    net = fields.Monetary(readonly=True)
    is_agreed = fields.Boolean(
        "By an Agreement",
        readonly=True,
        help="Without an agreement nobody knows what the bank takes, and when it pays.",
    )
    move_line_id = fields.Many2one(
        "account.move.line", "POS Slip", readonly=True, index="btree_not_null"
    )
    cost_line_id = fields.Many2one(
        "account.move.line",
        "Commission Item",
        readonly=True,
        index="btree_not_null",
        help="What the bank takes, on the POS slips account.",
    )
    report_line_id = fields.Many2one(
        "pos.gateway.report.line",
        "Row of the Bank's Report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    open_net = fields.Monetary(
        "Still to Come",
        compute="_compute_state",
        store=True,
        help="What the bank still has to pay; below zero it has to take it back.",
    )
    state = fields.Selection(
        [
            (EXPECTED, "Expected"),
            (PAID, "Paid"),
            (OFFSET, "Offset"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="Offset: a refund and what it takes back are even, without the bank paying"
        " either.",
    )
    paid_on = fields.Date(compute="_compute_state", store=True)
    days_late = fields.Integer(compute="_compute_days_late", search="_search_days_late")

    @api.depends(
        "move_line_id.reconciled",
        "move_line_id.amount_residual_currency",
        "move_line_id.parent_state",
        "cost_line_id",
        "net",
    )
    def _compute_state(self):
        for slice_ in self:
            item = slice_.move_line_id
            if not item:
                slice_.update({"state": EXPECTED, "open_net": slice_.net})
                slice_.paid_on = False
                continue
            deposits = slice_._deposit_lines()
            if not item.reconciled:
                slice_.state = EXPECTED
            else:
                slice_.state = PAID if deposits else OFFSET
            days = deposits.mapped("date")
            slice_.paid_on = max(days) if slice_.state == PAID else False
            slice_.open_net = slice_._open_of(item)

    def _open_of(self, item):
        """:return: what is left of an item, less the cost that is not booked yet"""
        left = item.amount_residual_currency
        if self.cost_line_id or item.reconciled:
            return left
        return left - (self.gross - self.net)

    def _deposit_lines(self):
        """:return: items of bank statements that pay this slice"""
        matched = self.move_line_id._gateway_matched_items()
        paid = matched.filtered("statement_line_id")
        # Others reconcile by an entry that takes the place of a line's suspense item.
        beyond = (matched - paid).move_id.line_ids._gateway_matched_items()
        return paid | beyond.filtered(lambda item: item._gateway_is_suspense())

    @api.depends("due", "state", "paid_on")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for slice_ in self:
            until = slice_.paid_on or (
                today if slice_.state == EXPECTED else slice_.due
            )
            slice_.days_late = max((until - slice_.due).days, 0) if until else 0

    def _search_days_late(self, operator, value):
        if operator not in (">", ">=") or not isinstance(value, int):
            return NotImplemented
        days = value + 1 if operator == ">" else value
        last = fields.Date.subtract(fields.Date.context_today(self), days=days)
        return Domain("state", "=", EXPECTED) & Domain("due", "<=", last)

    # === FOR THE PURE ROOM === #

    def _slice(self):
        """:return: a ``pricing.value_dates.Slice``"""
        self.ensure_one()
        return Slice(self.due, *(rounding.to_kurus(self[name]) for name in AMOUNTS))

    @api.model
    def _slice_values(self, slice_):
        """:return: the fields of a record for a ``Slice``"""
        return {
            "due": slice_.due,
            **{
                name: float(rounding.to_major(getattr(slice_, name)))
                for name in AMOUNTS
            },
        }

    def _sums_by_account(self, amounts):
        """:param dict amounts: settlement id -> kuruş
        :return: dict of account -> kuruş. A wallet's parts may stand on one of its own.
        """
        sums = {}
        for one in self:
            account = one.move_line_id.account_id
            sums[account] = sums.get(account, 0) + amounts[one.id]
        return sums

    # === PAGES === #

    def action_open_deposits(self):
        """Open the lines of bank statements that paid it."""
        lines = (
            self.env["account.move.line"]
            .union(*(one._deposit_lines() for one in self))
            .statement_line_id
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deposits"),
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("pos_gateway.deposit_view_list").id, "list"),
                (self.env.ref("pos_gateway.deposit_view_form").id, "form"),
            ],
            "domain": [("id", "in", lines.ids)],
        }

    def action_open_transaction(self):
        """Open the card payment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.transaction",
            "res_id": self.transaction_id.id,
            "view_mode": "form",
        }

    def action_open_entry(self):
        """Open the entry of the payment, with its POS slips."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_line_id.move_id.id,
            "view_mode": "form",
        }
