from odoo import api, fields, models

from ..const import PROVIDER_CODE
from ..settlement.rows import plain_number


class PaymentProvider(models.Model):
    """How a POS is called in its bank's reports and statements."""

    _inherit = "payment.provider"

    gateway_report_terminal = fields.Char(
        "Terminal in Reports",
        copy=False,
        help="The number that the bank's POS reports and statements call this POS by,"
        " if it is another than the terminal or merchant number of the keys.",
    )

    def _gateway_report_number(self):
        """:return: the number that statements name, or an empty text"""
        self.ensure_one()
        # sudo: the numbers stand with the keys; they are no secrets
        provider = self.sudo()
        return (
            provider.gateway_report_terminal
            or provider.gateway_terminal_id
            or provider.gateway_merchant_id
            or ""
        )

    def _gateway_report_numbers(self):
        """:return: set of plain numbers that a report may call this POS by"""
        self.ensure_one()
        provider = self.sudo()
        numbers = {
            plain_number(number or "")
            for number in (
                provider.gateway_report_terminal,
                provider.gateway_terminal_id,
                provider.gateway_merchant_id,
            )
        }
        return numbers - {""}

    @api.model
    def _gateway_of_company(self, company):
        """:return: all POS of a company, also those that are switched off, in sudo
        mode: money of theirs may still come
        """
        return self.sudo().search(
            [("code", "=", PROVIDER_CODE), ("company_id", "=", company.id)]
        )

    @api.model
    def _gateway_active_companies(self):
        """:return: companies that have a POS"""
        return self.sudo().search([("code", "=", PROVIDER_CODE)]).company_id
