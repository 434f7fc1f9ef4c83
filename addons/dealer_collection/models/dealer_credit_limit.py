"""How much a dealer, and a branch, may owe the company: a new invoice beyond it is
stopped, or warned about.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .dealer_subtree import hold_upline, upline

WARN, BLOCK = "warn", "block"


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_credit_check = fields.Selection(
        [
            ("off", "Do nothing"),
            (WARN, "Warn, and note it on the invoice"),
            (BLOCK, "Stop the invoice"),
        ],
        "Invoices Beyond a Dealer's Limit",
        default=WARN,
        required=True,
    )


class DealerDealer(models.Model):
    _inherit = "dealer.dealer"

    credit_limit = fields.Monetary(
        tracking=True,
        groups="base.group_user",
        help="The most that the dealer may owe your company by itself. 0: no limit.",
    )
    branch_credit_limit = fields.Monetary(
        tracking=True,
        groups="base.group_user",
        help="The most that the dealer and all dealers below it may owe your company"
        " together. 0: no limit.",
    )
    is_credit_blocked = fields.Boolean(
        "Blocked",
        tracking=True,
        groups="base.group_user",
        help="No new invoice is posted for the dealer, whatever it owes. It can still"
        " pay.",
    )
    credit_block_reason = fields.Char(
        "Blocked Because", tracking=True, groups="base.group_user"
    )
    credit_used_percent = fields.Float(
        "Of the Limit",
        compute="_compute_credit_used",
        compute_sudo=True,
        groups="base.group_user",
        help="What is owed of the limit, in percent: the fuller of the two.",
    )
    is_over_limit = fields.Boolean(
        "Over the Limit",
        compute="_compute_credit_used",
        compute_sudo=True,
        search="_search_is_over_limit",
        groups="base.group_user",
    )

    _credit_limits_positive = models.Constraint(
        "CHECK(credit_limit >= 0 AND branch_credit_limit >= 0)",
        "A credit limit is not below zero.",
    )

    @api.depends("credit_limit", "branch_credit_limit")
    def _compute_credit_used(self):
        for dealer in self:
            shares = [
                100 * owed / limit
                for limit, owed in (
                    (dealer.credit_limit, dealer.open_balance),
                    (dealer.branch_credit_limit, dealer.subtree_balance),
                )
                if limit
            ]
            dealer.credit_used_percent = max(shares, default=0.0)
            dealer.is_over_limit = dealer.credit_used_percent > 100

    def _search_is_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        limited = self.search(
            Domain("credit_limit", ">", 0) | Domain("branch_credit_limit", ">", 0)
        )
        over = limited.filtered("is_over_limit")
        return Domain("id", "in" if True in value else "not in", over.ids)

    def _check_order_credit(self, order, amount, ordered):
        """Stop or note an order that takes the dealer, or a branch, beyond its limit.

        Managers go on: what speaks against it then stands on the order.

        :param order: a document with a chatter
        :param float amount: of the order, in the company's currency
        :param ordered: function of (dealer, whether with its branch) -> what it has
            ordered besides, and is not invoiced yet
        :raise UserError: where the company stops what is beyond a limit
        """
        self.ensure_one()
        check = self.company_id.dealer_credit_check
        if check == "off":
            return
        # Of two orders at the same moment one is replayed, and sees the other.
        hold_upline(self)
        upline(self).invalidate_recordset(["open_balance", "subtree_balance"])
        objections = self._credit_objections(amount, ordered)
        if not objections:
            return
        manager = "dealer_collection.group_dealer_manager"
        if check == BLOCK and not self.env.user.has_group(manager):
            told = self.env._("A dealer manager may confirm the order.")
            raise UserError("\n".join([*objections, told]))
        order.message_post(body="\n".join(objections))

    def _credit_objections(self, amount, ordered=None):
        """What speaks against so much more debt of this dealer.

        :param float amount: of new invoices, in the company's currency
        :param ordered: what else will be owed, see ``_check_order_credit``
        :return: list of sentences for staff
        """
        self.ensure_one()
        currency, money = self.currency_id, self.currency_id.format
        objections = []
        if self.is_credit_blocked:
            objections.append(
                self.env._(
                    "%(dealer)s is blocked: %(reason)s",
                    dealer=self.name,
                    reason=self.credit_block_reason or self.env._("no reason given"),
                )
            )
        limited = [(self, self.credit_limit, self.open_balance, False)] + [
            (above, above.branch_credit_limit, above.subtree_balance, True)
            for above in upline(self)
        ]
        for dealer, limit, owed, with_branch in limited:
            if limit and ordered:
                owed += ordered(dealer, with_branch)
            if not limit or currency.compare_amounts(owed + amount, limit) <= 0:
                continue
            values = {
                "dealer": dealer.name,
                "owed": money(currency.round(owed + amount)),
                "limit": money(limit),
            }
            is_own = limit == self.credit_limit and dealer == self
            objections.append(
                self.env._(
                    "%(dealer)s would owe %(owed)s; its limit is %(limit)s.", **values
                )
                if is_own
                else self.env._(
                    "The branch of %(dealer)s would owe %(owed)s; its limit is"
                    " %(limit)s.",
                    **values,
                )
            )
        return objections


class AccountMove(models.Model):
    _inherit = "account.move"

    dealer_credit_warning = fields.Text(
        compute="_compute_dealer_credit_warning",
        compute_sudo=True,
        groups="base.group_user",
    )
    dealer_credit_reason = fields.Char(
        "Posted Beyond the Limit Because",
        copy=False,
        groups="base.group_user",
        tracking=True,
        help="A manager's reason: with it the invoice is posted although the dealer, or"
        " the branch, is beyond its credit limit.",
    )

    @api.depends("partner_id", "tax_totals", "state", "move_type")
    def _compute_dealer_credit_warning(self):
        for move in self:
            objections = []
            if move.state == "draft" and move.move_type == "out_invoice":
                # While it is typed, only these totals are up to date.
                total = (move.tax_totals or {}).get("total_amount") or 0.0
                objections = move._dealer_credit_objections(total)
            move.dealer_credit_warning = "\n".join(objections)

    def _dealer_of_debtor(self):
        """:return: the dealer that this invoice makes a debtor, in sudo mode"""
        return (
            self.env["dealer.dealer"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                ],
                limit=1,
            )
        )

    def _dealer_credit_objections(self, amount):
        """:return: what speaks against this invoice; nothing if nobody asks"""
        company = self.company_id
        dealer = self._dealer_of_debtor()
        if not dealer or company.dealer_credit_check == "off":
            return []
        return dealer._credit_objections(amount)

    def _post(self, soft=True):
        for move in self.filtered(lambda one: one.move_type == "out_invoice"):
            move._check_dealer_credit()
        return super()._post(soft)

    def _check_dealer_credit(self):
        if self.company_id.dealer_credit_check == "off":
            return
        dealer = self._dealer_of_debtor()
        if not dealer or self.env.context.get("gateway_worker"):
            return
        # Of two invoices at the same moment one is replayed, and sees the other.
        hold_upline(dealer)
        upline(dealer).invalidate_recordset(["open_balance", "subtree_balance"])
        objections = self._dealer_credit_objections(self.amount_total_signed)
        if not objections:
            return
        is_stopped = self.company_id.dealer_credit_check == BLOCK
        if is_stopped and not self.dealer_credit_reason:
            raise UserError(
                "\n".join(
                    [
                        *objections,
                        self.env._(
                            "A dealer manager may post the invoice with a reason."
                        ),
                    ]
                )
            )
        self.message_post(body="\n".join(objections))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_dealer_credit_reason(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_dealer_credit_reason(vals)
        return super().write(vals)

    def _check_dealer_credit_reason(self, vals):
        """Only managers let a dealer go beyond its limit."""
        manager = "dealer_collection.group_dealer_manager"
        if not vals.get("dealer_credit_reason") or self.env.su:
            return
        if not self.env.user.has_group(manager):
            raise ValidationError(
                self.env._("Only dealer managers post invoices beyond a limit.")
            )
