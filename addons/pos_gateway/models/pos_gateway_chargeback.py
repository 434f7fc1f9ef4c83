from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import PROVIDER_CODE
from ..pricing import rounding
from . import locks

OPEN_STATES = ("new", "contested")


class PosGatewayChargeback(models.Model):
    """A payment that the payer disputes at the own bank (ters ibraz), until it is over.

    When the bank takes the money, that is a refund which nobody asked the bank for: the
    books unwind in the same way, down every tier.
    """

    _name = "pos.gateway.chargeback"
    _description = "Chargeback"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True

    transaction_id = fields.Many2one(
        "payment.transaction",
        "Card Payment",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[
            ("provider_code", "=", PROVIDER_CODE),
            ("state", "=", "done"),
            ("operation", "!=", "refund"),
        ],
    )
    reference = fields.Char(related="transaction_id.reference", store=True)
    company_id = fields.Many2one(
        related="transaction_id.company_id", store=True, index=True
    )
    provider_id = fields.Many2one(
        related="transaction_id.provider_id", string="POS", store=True
    )
    partner_id = fields.Many2one(related="transaction_id.partner_id", store=True)
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    amount = fields.Monetary(
        required=True, tracking=True, help="What the payer disputes: all, or a part."
    )
    reason_code = fields.Char("Bank's Reason Code")
    reason = fields.Char("Bank's Reason")
    bank_reference = fields.Char("Bank's Case Number")
    received_on = fields.Date(
        "Told On", required=True, default=fields.Date.context_today
    )
    answer_until = fields.Date(
        help="Until when the bank wants the documents. Whoever is responsible gets an"
        " activity.",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("contested", "Contested"),
            ("lost", "Lost"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="new",
        tracking=True,
        index=True,
        help="Contested: the documents were sent. Lost: the bank has the money."
        " Dropped: the bank gave it up without taking the money.",
    )
    taken_id = fields.Many2one(
        "payment.transaction",
        "Taken By",
        readonly=True,
        copy=False,
        help="What gave the money back in the books.",
    )
    taken_on = fields.Date(
        "Money Taken On",
        copy=False,
        help="When the bank took the money from the account. Empty: today.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The disputed amount is above zero."
    )

    @api.onchange("transaction_id")
    def _onchange_transaction_id(self):
        if self.transaction_id:
            self.amount = self.transaction_id._gateway_left_to_give_back()

    @api.constrains("amount", "transaction_id")
    def _check_amount(self):
        for case in self.filtered(lambda one: one.state in OPEN_STATES):
            if case.taken_id:
                continue
            others = case.transaction_id._gateway_disputed() - case.amount
            left = case.transaction_id._gateway_left_to_give_back() - others
            if case.currency_id.compare_amounts(case.amount, left) > 0:
                raise ValidationError(
                    self.env._(
                        "Only %s of this payment is left: the rest was given back or is"
                        " disputed already.",
                        case.currency_id.format(max(left, 0)),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._remind()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if {"answer_until", "user_id"} & vals.keys():
            self._remind()
        return result

    def _remind(self):
        """One activity for whoever is responsible, on the last day."""
        kind = "mail.mail_activity_data_todo"
        self.activity_unlink([kind])
        for case in self.filtered(
            lambda one: one.answer_until and one.state in OPEN_STATES
        ):
            case.activity_schedule(
                kind,
                date_deadline=case.answer_until,
                summary=self.env._("Answer the chargeback of %s", case.reference),
                user_id=case.user_id.id or self.env.uid,
            )

    # === STEPS === #

    def action_contest(self):
        """The documents were sent to the bank."""
        self.check_access("write")
        self._check_state("new")
        self.state = "contested"
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_take(self):
        """The bank has taken the money: book it."""
        self.ensure_one()
        self.check_access("write")
        # sudo: payments are nobody's to write; what may be booked is checked here
        self.sudo()._take()
        return True

    def action_lose(self):
        """It is over, and the bank has the money."""
        self.check_access("write")
        self._check_state(*OPEN_STATES)
        if any(not case.taken_id for case in self):
            raise UserError(
                self.env._("Book first that the bank took the money: it is not yet.")
            )
        self.state = "lost"
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_drop(self):
        """It is over, and the bank took nothing."""
        self.check_access("write")
        self._check_state(*OPEN_STATES)
        if any(case.taken_id for case in self):
            raise UserError(self.env._("The bank has taken the money."))
        self.state = "dropped"
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_view_taken(self):
        """Open what gave the money back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.transaction",
            "res_id": self.taken_id.id,
            "view_mode": "form",
        }

    def _check_state(self, *states):
        if any(case.state not in states for case in self):
            raise UserError(self.env._("This chargeback is over."))

    def _take(self):
        source = self.transaction_id._gateway_booked_transaction()
        locks.lock_transaction(source._gateway_charged_transaction())
        self.invalidate_recordset(["taken_id", "state"])
        self._check_state(*OPEN_STATES)
        if self.taken_id:
            raise UserError(self.env._("That is booked already."))
        under_way = source._gateway_refunds("draft", "pending")
        if under_way:
            raise UserError(
                self.env._(
                    "A refund of this payment is under way: %s. Wait until the bank has"
                    " answered.",
                    under_way[0].reference,
                )
            )
        if (
            self.currency_id.compare_amounts(
                self.amount, source._gateway_left_to_give_back()
            )
            > 0
        ):
            raise UserError(self.env._("More than was charged would be given back."))
        day = self.taken_on or fields.Date.context_today(self)
        taken = source._create_child_transaction(
            self.amount, is_refund=True, gateway_chargeback_id=self.id
        )
        taken._set_done(state_message=self.env._("Taken by the bank: chargeback."))
        # Noon, so that it is the same day wherever days are counted.
        taken.last_state_change = fields.Datetime.to_datetime(day).replace(hour=12)
        self.write({"taken_id": taken.id, "taken_on": day})
        self.message_post(
            body=self.env._(
                "The bank took %s. The books are unwound.",
                self.currency_id.format(self.amount),
            )
        )
        self.env["pos.gateway.inbox"]._wake_worker()


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    gateway_chargeback_id = fields.Many2one(
        "pos.gateway.chargeback",
        "Chargeback",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The bank gave this back for a chargeback; it was not asked to.",
    )
    gateway_chargeback_ids = fields.One2many(
        "pos.gateway.chargeback", "transaction_id", "Chargebacks"
    )
    gateway_chargeback_count = fields.Integer(
        "Number of Chargebacks", compute="_compute_chargeback_count"
    )

    def _compute_chargeback_count(self):
        for transaction in self:
            count = len(transaction.sudo().gateway_chargeback_ids)
            transaction.gateway_chargeback_count = count

    def _gateway_left_to_give_back(self):
        """:return: what was charged and not given back, nor is about to be"""
        self.ensure_one()
        source = self.sudo()._gateway_charged_transaction()
        left = rounding.to_kurus(source._gateway_charged())
        left -= rounding.to_kurus(source._gateway_refunded())
        return float(rounding.to_major(left))

    def _gateway_disputed(self):
        """:return: what may still be taken for chargebacks that are not over"""
        source = self.sudo()._gateway_charged_transaction()
        family = source | source.child_transaction_ids
        cases = (
            self.env["pos.gateway.chargeback"]
            .sudo()
            .search(
                [
                    ("transaction_id", "in", family.ids),
                    ("state", "in", OPEN_STATES),
                    ("taken_id", "=", False),
                ]
            )
        )
        return sum(cases.mapped("amount"))

    def _send_refund_request(self):
        """What the payer disputes at the bank is not given back a second time."""
        if self.provider_code == PROVIDER_CODE:
            source = self.source_transaction_id
            disputed = rounding.to_kurus(source._gateway_disputed())
            # This refund is not under way yet.
            left = rounding.to_kurus(source._gateway_left_to_give_back())
            amount = 0 if self.state == "pending" else rounding.to_kurus(-self.amount)
            if disputed and amount + disputed > left:
                raise ValidationError(
                    self.env._(
                        "The payer disputes this payment at the bank: the money may be"
                        " taken for that. Close the chargeback first, or give less."
                    )
                )
        return super()._send_refund_request()

    def action_gateway_chargebacks(self):
        """Open the chargebacks of this payment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_chargeback_action"
        )
        return action | {
            "domain": [("transaction_id", "=", self.id)],
            "context": {"default_transaction_id": self.id},
        }
