from odoo import fields, models
from odoo.exceptions import ValidationError


class DealerStatementWizard(models.TransientModel):
    """Which days a statement of account is for."""

    _name = "dealer.statement.wizard"
    _description = "Statement of Account"

    dealer_id = fields.Many2one("dealer.dealer", required=True)
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date("Until", required=True, default=fields.Date.context_today)

    def action_print(self):
        """Make the PDF, in the dealer's language."""
        self.ensure_one()
        self.dealer_id.check_access("read")
        if self.date_from > self.date_to:
            raise ValidationError(self.env._("The first day is after the last one."))
        report = self.env.ref("dealer_collection.action_report_statement")
        lang = self.dealer_id.partner_id.lang or self.env.lang
        return report.with_context(lang=lang).report_action(
            self.dealer_id,
            config=False,  # the letterhead is on the page itself
            data={
                "date_from": self.date_from.isoformat(),
                "date_to": self.date_to.isoformat(),
            },
        )
