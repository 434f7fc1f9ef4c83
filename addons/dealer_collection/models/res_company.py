from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_approval = fields.Boolean(
        "Approve Sub-dealers",
        help="A sub-dealer that a dealer adds waits until your people have approved it."
        " Until then nobody of it can be invited, and it collects nothing.",
    )
    dealer_oldest_first = fields.Boolean(
        "Oldest Debt First",
        help="Dealers do not choose what they pay: they name an amount, and it closes"
        " their oldest due terms.",
    )
    dealer_on_account = fields.Boolean(
        "Payments on Account",
        default=True,
        help="Dealers may pay more than they owe: the rest stands as their credit.",
    )
    dealer_cash_journal_id = fields.Many2one(
        "account.journal",
        "Cash of Dealers",
        check_company=True,
        domain="[('type', '=', 'cash')]",
        help="Cash that is declared on the dealers' pages is booked here, once your"
        " people have approved it. Empty: dealers cannot declare cash that is yours.",
    )
    dealer_cheque_journal_id = fields.Many2one(
        "account.journal",
        "Cheques of Dealers",
        check_company=True,
        domain="[('type', 'in', ('cash', 'bank'))]",
        help="Cheques are booked here, on the account of the journal, such as 101"
        " Cheques received. Empty: dealers cannot declare cheques that are yours.",
    )
    dealer_transfer_days = fields.Integer(
        "Days to Transfer",
        default=5,
        help="For so long an announced bank transfer holds its invoices back from other"
        " payments. What comes later is shown to your people.",
    )

    _dealer_transfer_days_range = models.Constraint(
        "CHECK(dealer_transfer_days BETWEEN 1 AND 60)",
        "Wait for a bank transfer between 1 and 60 days.",
    )
