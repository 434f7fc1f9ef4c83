import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..pricing import rounding
from ..settlement.bank_line import BankLine, Purpose

TAGS = re.compile(r"<[^>]*>")


class AccountBankStatementLine(models.Model):
    """A line that a bank pays card payments with, however it came into Odoo."""

    _inherit = "account.bank.statement.line"

    gateway_state = fields.Selection(
        [
            ("review", "To Review"),
            ("matched", "Matched"),
            ("accepted", "Accepted by a Person"),
            ("left", "Left Alone"),
        ],
        "POS Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Matched: it closed parts of card payments by itself. To review: it looks"
        " like a POS deposit, and nothing fits exactly.",
    )
    gateway_purpose = fields.Selection(
        [
            (Purpose.DEPOSIT.value, "Deposit"),
            (Purpose.CHARGEBACK.value, "Chargeback"),
            (Purpose.BLOCK.value, "Block"),
            (Purpose.RELEASE.value, "Release"),
            (Purpose.OTHER.value, "Other"),
        ],
        "Purpose by Its Text",
        readonly=True,
        copy=False,
    )
    gateway_by_hand = fields.Boolean(
        "Left to a Person",
        readonly=True,
        copy=False,
        help="Somebody took back what the line was matched with: it is not matched by"
        " itself any more.",
    )
    gateway_problem = fields.Char(
        "Not Booked Because",
        readonly=True,
        copy=False,
        help="What the line pays was found, and could not be booked.",
    )
    gateway_file_id = fields.Many2one(
        "pos.gateway.statement.file",
        "Statement File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    gateway_match_ids = fields.One2many(
        "pos.gateway.match", "statement_line_id", "Possible Deposits", readonly=True
    )
    gateway_settlement_count = fields.Integer(
        "Card Payment Parts", compute="_compute_gateway_settlement_count"
    )

    def _compute_gateway_settlement_count(self):
        for line in self:
            line.gateway_settlement_count = len(line._gateway_settlements())

    def _gateway_settlements(self):
        """:return: the parts of card payments that this line pays"""
        self.ensure_one()
        items = self.move_id.line_ids
        suspense = items.filtered(lambda item: item._gateway_is_suspense())
        # Others reconcile by an entry that takes the place of the suspense item.
        items |= suspense._gateway_matched_items().move_id.line_ids
        paid = items._gateway_matched_items()
        settlements = self.env["pos.gateway.settlement"]
        if not paid or not settlements.has_access("read"):
            return settlements
        return settlements.search([("move_line_id", "in", paid.ids)])

    def _gateway_is_free(self):
        """:return: whether nobody has done anything with the line"""
        self.ensure_one()
        if self.is_reconciled or self.move_id.state != "posted":
            return False
        _liquidity, suspense, other = self._seek_for_lines()
        return len(suspense) == 1 and not other

    def _gateway_bank_line(self):
        """:return: the line as the pure room reads it, ``number`` is its id"""
        self.ensure_one()
        note = TAGS.sub(" ", str(self.narration or ""))
        details = self.transaction_details or ""
        text = " ".join(
            str(part) for part in (self.payment_ref, self.ref, note, details) if part
        )
        return BankLine(
            number=self.id,
            day=self.date,
            amount=rounding.to_kurus(self.amount),
            text=text,
            reference=self.ref or "",
            hint=self.transaction_type or "",
            currency=self.currency_id.name,
        )

    # === BOOKING === #

    def _gateway_book(self, settlements, amounts=None, write_off=False):
        """Let these lines pay parts of card payments: reconciled in the ledger.

        What the bank takes is booked first where the company books it when paid.

        :param dict amounts: settlement id -> kuruş that the bank says it pays for it,
            where that is not what is open
        :param bool write_off: whether a difference is booked as the bank's cost;
            without, the sums must be equal
        :raise UserError: if they are not
        """
        settlements._book_cost(on=max(self.mapped("date")))
        amounts = amounts or {}
        open_ = {one.id: rounding.to_kurus(one.open_net) for one in settlements}
        paid = {one.id: amounts.get(one.id, open_[one.id]) for one in settlements}
        received = sum(rounding.to_kurus(line.amount) for line in self)
        difference = received - sum(paid.values())
        if difference and not write_off:
            raise UserError(
                self.env._("The deposit is not the sum of what it is to pay.")
            )
        exact = settlements.filtered(lambda one: paid[one.id] == open_[one.id])
        rest = self._gateway_difference(settlements, difference)
        if len(self) > 1 or not difference and exact == settlements:
            self._gateway_book_together(settlements, paid, rest)
        else:
            self._gateway_book_parts(settlements, exact, paid, rest)
        self.gateway_match_ids.unlink()

    def _gateway_book_together(self, settlements, paid, rest):
        """All of the lines against all of the parts: the last one evens it out."""
        needs = settlements._sums_by_account(paid)
        first, last = next(iter(needs)), self[-1]
        items = settlements.move_line_id.filtered(lambda item: not item.reconciled)
        for line in self - last:
            whole = rounding.to_kurus(line.amount)
            items += line._gateway_replace([(first, whole)])
            needs[first] -= whole
        items += last._gateway_replace([*needs.items(), *rest])
        self._gateway_reconcile(items, needs)

    def _gateway_book_parts(self, settlements, exact, paid, rest):
        """An item for those that are paid as expected, and one for each other: what is
        left of that one stands open at the bank.
        """
        needs = exact._sums_by_account(paid)
        others = settlements - exact
        single = [(one.move_line_id.account_id, paid[one.id]) for one in others]
        items = self._gateway_replace([*needs.items(), *single, *rest])
        self._gateway_reconcile(items[: len(needs)] + exact.move_line_id, needs)
        for item, one in zip(items[len(needs) :], others, strict=False):
            if not one.move_line_id.reconciled:
                (item + one.move_line_id).reconcile()

    @staticmethod
    def _gateway_reconcile(items, accounts):
        for account in accounts:
            own = items.filtered(
                lambda item, account=account: item.account_id == account
            )
            own.filtered(lambda item: not item.reconciled).reconcile()

    def _gateway_replace(self, parts):
        """Put items in the place of the suspense item.

        :param list parts: pairs of account and kuruş that the bank paid for it
        :return: the items, in the order of ``parts``
        """
        self.ensure_one()
        _liquidity, suspense, _other = self._seek_for_lines()
        currency, company_currency = suspense.currency_id, self.company_id.currency_id
        left = suspense.balance
        commands = []
        for number, (to_account, kurus) in enumerate(parts, start=1):
            amount = -float(rounding.to_major(kurus))
            balance = (
                left
                if number == len(parts)
                else company_currency.round(
                    suspense.balance * amount / suspense.amount_currency
                )
            )
            left = company_currency.round(left - balance)
            commands.append(
                Command.create(
                    {
                        "name": self.payment_ref,
                        "account_id": to_account.id,
                        "currency_id": currency.id,
                        "amount_currency": amount,
                        "balance": balance,
                    }
                )
            )
        move = self.move_id.with_context(skip_readonly_check=True, force_delete=True)
        before = move.line_ids
        move.write({"line_ids": [Command.delete(suspense.id), *commands]})
        return (move.line_ids - before).sorted("id")

    def _gateway_difference(self, settlements, difference):
        """:return: in a list, account and kuruş of what is the bank's cost"""
        if not difference:
            return []
        accounts = settlements.provider_id[:1]._gateway_cost_accounts()
        if not accounts:
            raise UserError(
                self.env._(
                    "The POS has no commission account: a difference cannot be booked."
                )
            )
        return [(accounts["cost"], difference)]

    def _gateway_note(self, text):
        """Who did what stands at the entry."""
        self.move_id.sudo().message_post(body=text)

    # === BY A PERSON === #

    def action_gateway_match(self):
        """Look again for what these lines pay."""
        self.check_access("write")
        self.gateway_by_hand = False
        for company in self.company_id:
            self.env["pos.gateway.matching"]._run(company)
        return True

    def action_gateway_leave(self):
        """These are no deposits of a POS."""
        self.check_access("write")
        self.gateway_match_ids.unlink()
        self.gateway_state = "left"
        return True

    def action_undo_reconciliation(self):
        """What was matched waits for a person: it would be matched again at once."""
        touched = self.filtered(
            lambda line: line.gateway_state in ("matched", "accepted")
        )
        result = super().action_undo_reconciliation()
        touched.write({"gateway_state": "review", "gateway_by_hand": True})
        return result

    def action_gateway_view_settlements(self):
        """Open the parts of card payments that the line pays."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_settlement_action"
        )
        return action | {
            "domain": [("id", "in", self._gateway_settlements().ids)],
            "context": {},
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        cron = self.env.ref("pos_gateway.cron_matching", raise_if_not_found=False)
        if lines and cron:
            # After the import is committed: a failure here must not lose its lines.
            cron.sudo()._trigger()
        return lines
