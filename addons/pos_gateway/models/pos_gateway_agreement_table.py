from odoo import api, fields, models
from odoo.tools import format_date, groupby

from .pos_gateway_agreement_line import NOT_ON_US, ON_US

_KINDS = (False, "credit", "commercial", "debit", "prepaid")
_BANKS = (False, ON_US, NOT_ON_US)


class PosGatewayAgreement(models.Model):
    """The rates as a table like those that banks send."""

    _inherit = "pos.gateway.agreement"

    rate_table = fields.Html(compute="_compute_rate_table", sanitize=False)

    @api.depends(
        "line_ids.program_id",
        "line_ids.kind",
        "line_ids.on_us",
        "line_ids.installment_count",
        "line_ids.rate",
        "line_ids.fee",
        "line_ids.has_own_terms",
        "line_ids.value_date_rule",
        "line_ids.valid_from",
        "line_ids.valid_to",
    )
    @api.depends_context("lang")
    def _compute_rate_table(self):
        for agreement in self:
            agreement.rate_table = self.env["ir.qweb"]._render(
                "pos_gateway.agreement_rate_table",
                {"tables": agreement.line_ids._tables()},
            )


class PosGatewayAgreementLine(models.Model):
    _inherit = "pos.gateway.agreement.line"

    def _table_key(self):
        """:return: what sorts a line into a table of the grid"""
        return (
            _KINDS.index(self.kind),
            _BANKS.index(self.on_us),
            fields.Date.to_string(self.valid_from) or "",
            fields.Date.to_string(self.valid_to) or "",
        )

    def _grouped(self):
        """:return: list of the lines of each table, in order"""
        tables = groupby(self, lambda line: line._table_key())
        ordered = sorted(tables, key=lambda table: table[0])
        return [self.browse().union(*lines) for _key, lines in ordered]

    def _table_columns(self):
        """:return: programs of a table by name; the one of every program first"""
        programs = self.program_id.sorted("name")
        empty = self.filtered(lambda line: not line.program_id)
        return [*(programs.browse() for _one in empty[:1]), *programs]

    def _tables(self):
        """:return: list of dict, see the template ``agreement_rate_table``"""
        return [lines._as_table() for lines in self._grouped()]

    def _as_table(self):
        first = self[0]
        columns = self._table_columns()
        by_place = {(line.installment_count, line.program_id): line for line in self}
        counts = sorted(set(self.mapped("installment_count")))
        title = first._group_words(first.kind, first.on_us)
        return {
            "title": title[:1].upper() + title[1:],
            "from": format_date(self.env, first.valid_from),
            "to": format_date(self.env, first.valid_to),
            "columns": [
                program.name or self.env._("Every program") for program in columns
            ],
            "rows": [
                {
                    "count": count,
                    "cells": [
                        by_place[count, program]._cell()
                        if (count, program) in by_place
                        else None
                        for program in columns
                    ],
                }
                for count in counts
            ],
        }

    def _cell(self):
        is_special = self.has_own_terms or self.value_date_rule
        return {
            "rate": self._percent_words(self.rate),
            "title": self._terms_words() if is_special else "",
        }
