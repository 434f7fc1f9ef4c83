from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..money import allocate, to_major, to_minor


class DealerCollection(models.Model):
    """A transfer that came with another amount, or too late: a person books it."""

    _inherit = "dealer.collection"

    transfer_line_ids = fields.One2many(
        "account.bank.statement.line",
        "dealer_collection_id",
        "Lines With Its Number",
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    has_transfer_to_book = fields.Boolean(
        compute="_compute_has_transfer_to_book", compute_sudo=True
    )

    def _compute_has_transfer_to_book(self):
        for collection in self:
            collection.has_transfer_to_book = bool(collection._transfers_to_book())

    def _transfers_to_book(self):
        return self.sudo().transfer_line_ids.filtered(
            lambda line: not line.is_reconciled
        )

    def action_book_transfer(self):
        """Book the money that came: it closes the same debts, oldest first; what is
        more stands as credit.
        """
        self.ensure_one()
        self._check_staff_approves()
        line = self._transfers_to_book()[:1]
        if not line:
            raise UserError(self.env._("There is no bank transfer to book."))
        collection = self.sudo()._for_other_amount(line)
        attempt = collection._make_transfer_attempt()
        line.dealer_collection_id = collection
        line._book_transfer(collection, attempt)
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": collection.id,
            "view_mode": "form",
        }

    def _for_other_amount(self, line):
        """:return: a collection of the same debts, as far as they are open, over the
        amount of this statement line
        """
        if line.currency_id != self.currency_id or any(self.line_ids.mapped("rate")):
            raise UserError(
                self.env._("The transfer is in another currency. Register it by hand.")
            )
        if self.state == "processing":
            if self.method != "transfer":
                raise UserError(
                    self.env._("%s is being paid in another way.", self.name)
                )
            self._give_up_transfer()
        decimals = self.currency_id.decimal_places
        items = {one.key: one for one in self.line_ids.move_id._dealer_open_items()}
        receivables = self.line_ids.receivable_id._payable_amounts()
        open_lines = []
        for row in self.line_ids:
            item = items.get((row.move_id.id, row.term_id.id))
            left = (
                to_minor(receivables[row.receivable_id.id], decimals)
                if row.receivable_id
                else item.payable + item.discount
                if item
                else 0
            )
            minor = min(to_minor(row.amount + row.discount, decimals), left)
            if minor > 0:
                open_lines.append((row, minor))
        amount = to_minor(line.amount, decimals)
        debts = [minor for _row, minor in open_lines]
        paid = min(amount, sum(debts))
        parts = allocate(paid, debts) if paid else []
        lines = [
            Command.create(
                {
                    "move_id": row.move_id.id,
                    "term_id": row.term_id.id,
                    "receivable_id": row.receivable_id.id,
                    "amount": float(to_major(part, decimals)),
                }
            )
            for (row, _minor), part in zip(open_lines, parts, strict=bool(paid))
            if part
        ]
        kind = self.kind if lines else "on_account"
        return self.create(
            {
                "dealer_id": self.dealer_id.id,
                "kind": kind,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "amount_on_account": float(to_major(amount - paid, decimals)),
                "line_ids": lines,
            }
        )

    def _make_transfer_attempt(self):
        """:return: a pending transaction of the company's wire transfer"""
        values = self._start_attempt()
        provider = self._last_transfer_provider()
        self.method = "transfer"
        return self._new_attempt(provider, values)

    def _last_transfer_provider(self):
        provider = (
            self.env["payment.provider"]
            .sudo()
            .search(
                [
                    ("custom_mode", "=", "wire_transfer"),
                    ("company_id", "=", self.company_id.id),
                ],
                limit=1,
            )
        )
        if not provider:
            raise UserError(self.env._("The company takes no bank transfers."))
        return provider
