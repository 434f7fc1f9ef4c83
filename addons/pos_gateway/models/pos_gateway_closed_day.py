from odoo import api, fields, models
from odoo.tools import ormcache

from ..pricing.business_days import Calendar


class PosGatewayClosedDay(models.Model):
    """A day on which banks pay nothing out, beside weekends and public holidays."""

    _name = "pos.gateway.closed.day"
    _inherit = ["pos.gateway.kept"]
    _description = "Bank Closing Day"
    _order = "day desc"

    name = fields.Char("Reason", required=True, translate=True)
    day = fields.Date(required=True, index=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: for all companies of the database."
    )

    _day_once = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (day, company_id)", "The day is in the list already."
    )

    @api.model
    def _calendar(self, company):
        """:return: on which days banks pay out, a ``pricing.business_days.Calendar``"""
        return self._calendar_of(company.id)

    @ormcache("company_id")
    def _calendar_of(self, company_id):
        found = self.sudo().search([("company_id", "in", (False, company_id))])
        return Calendar(found.mapped("day"))
