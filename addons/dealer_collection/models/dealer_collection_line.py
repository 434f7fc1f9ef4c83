from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerCollectionLine(models.Model):
    """How much of one invoice, or of one dealer's receivable, a collection pays."""

    _name = "dealer.collection.line"
    _description = "Dealer Collection Line"
    _order = "collection_id, id"
    _check_company_auto = True

    collection_id = fields.Many2one(
        "dealer.collection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="collection_id.company_id", store=True)
    currency_id = fields.Many2one(related="collection_id.currency_id")
    partner_id = fields.Many2one(related="collection_id.partner_id")
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('payment_state', 'in', ('not_paid', 'partial')),"
        " ('commercial_partner_id', '=', partner_id),"
        " ('currency_id', '=', debt_currency_id), ('company_id', '=', company_id)]",
    )
    term_id = fields.Many2one(
        "account.move.line",
        "Due Term",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('move_id', '=', move_id), ('display_type', '=', 'payment_term')]",
        help="Which due term of the invoice is paid. Empty: the oldest ones.",
    )
    discount = fields.Monetary(
        "Early Payment Discount",
        help="Given by the payment term of the invoice, if the bank takes the money in"
        " time.",
    )
    receivable_id = fields.Many2one(
        "dealer.receivable",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('debtor_id', '=', partner_id), ('amount_open', '>', 0),"
        " ('currency_id', '=', currency_id)]",
    )
    date_due = fields.Date(
        "Due Date", compute="_compute_debt", compute_sudo=True, groups="base.group_user"
    )
    amount_residual = fields.Monetary(
        "Open",
        compute="_compute_debt",
        compute_sudo=True,
        groups="base.group_user",
        currency_field="debt_currency_id",
    )
    amount = fields.Monetary(
        "Amount Paid",
        required=True,
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount of a line must be more than zero."
    )
    _one_debt = models.Constraint(
        "CHECK((move_id IS NULL) <> (receivable_id IS NULL))",
        "A line pays an invoice or a receivable.",
    )
    _receivable_unique = models.Constraint(
        "UNIQUE(collection_id, receivable_id)",
        "A receivable stands in a collection only once.",
    )
    _move_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (collection_id, move_id, term_id, receivable_id)",
        "An invoice or due term stands in a collection only once.",
    )

    @api.depends("move_id", "receivable_id")
    def _compute_amount(self):
        for line in self:
            if not line.amount:
                line.amount = (
                    line.move_id.amount_residual or line.receivable_id.amount_open
                )

    @api.constrains("receivable_id", "amount")
    def _check_receivable(self):
        for line_sudo in self.sudo().filtered("receivable_id"):
            owed_sudo, collection_sudo = (
                line_sudo.receivable_id,
                line_sudo.collection_id,
            )
            fits = (
                owed_sudo.creditor_id == collection_sudo.dealer_id
                and owed_sudo.debtor_id == line_sudo.partner_id
                and owed_sudo.currency_id == line_sudo.currency_id
                and collection_sudo.kind == "receivable"
            )
            if not fits:
                raise ValidationError(
                    self.env._(
                        "%s is not what this debtor owes this dealer.", owed_sudo.name
                    )
                )
            left = owed_sudo.amount_open
            if line_sudo.currency_id.compare_amounts(line_sudo.amount, left) > 0:
                raise ValidationError(
                    self.env._("More is to be paid than is open on %s.", owed_sudo.name)
                )

    @api.depends("move_id.amount_residual", "term_id", "receivable_id.amount_open")
    def _compute_debt(self):
        for line in self:
            due = line.term_id.date_maturity or line.move_id.invoice_date_due
            line.date_due = due or line.receivable_id.date_due
            line.amount_residual = line._debt_open()

    def _debt_open(self):
        """:return: what is open in the books of what this line pays"""
        if self.term_id:
            return abs(self.term_id.amount_residual_currency)
        return self.move_id.amount_residual or self.receivable_id.amount_open

    @api.constrains("move_id", "term_id", "amount", "discount", "debt_amount")
    def _check_move(self):
        # sudo: dealer staff without accounting rights may make a collection
        for line_sudo in self.sudo().filtered("move_id"):
            move_sudo = line_sudo.move_id
            fits = (
                move_sudo.move_type == "out_invoice"
                and move_sudo.state == "posted"
                and move_sudo.commercial_partner_id == line_sudo.partner_id
                and move_sudo.currency_id == line_sudo.debt_currency_id
                and move_sudo.company_id == line_sudo.company_id
                and line_sudo.term_id.move_id in (move_sudo, move_sudo.browse())
            )
            if not fits:
                raise ValidationError(
                    self.env._(
                        "%s is not a posted invoice of this debtor in this currency.",
                        move_sudo.name,
                    )
                )
            residual = line_sudo._debt_open()
            paid = line_sudo.debt_amount + line_sudo.discount
            if line_sudo.debt_currency_id.compare_amounts(paid, residual) > 0:
                raise ValidationError(
                    self.env._("More is to be paid than is open on %s.", move_sudo.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.collection_id._check_untouched()
        return lines

    def write(self, vals):
        self.collection_id._check_untouched()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_untouched(self):
        self.collection_id._check_untouched()
