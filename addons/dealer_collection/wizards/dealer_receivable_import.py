from odoo import fields, models

from odoo.addons.pos_gateway.tabular.workbook import UnreadableFile
from odoo.addons.pos_gateway.wizards.list_import import SHOWN_ROWS

from ..receivable_list.reading import HEADERS, NEEDED, OwedRow, read_rows
from .receivable_list import ReceivableList

MOST_ROWS = 10_000


class DealerReceivableImport(models.TransientModel):
    """Takes a list of receivables: of staff for any dealer, of a dealer its own list
    on the portal.
    """

    _name = "dealer.receivable.import"
    _inherit = ["pos.gateway.list.import"]
    _description = "Import Receivables"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    creditor_id = fields.Many2one(
        "dealer.dealer",
        domain="[('company_id', '=', company_id)]",
        help="To whom all of it is owed. Empty: each row names the dealer by its code.",
    )
    column_ids = fields.One2many("dealer.receivable.import.column", "wizard_id")
    count_new = fields.Integer("New", readonly=True)

    def _check_rights(self):
        self.env["dealer.receivable"].check_access("create")

    def _known_headers(self):
        return HEADERS

    def _columns_refused(self):
        columns, names = self._columns(), self._column_names()
        needed = NEEDED if self.creditor_id else ("creditor", *NEEDED)
        missing = [names[field] for field in needed if field not in columns]
        if missing:
            return self.env._(
                "The file has no column that is read as: %s. Name the column so in the"
                " file, or choose it under Columns.",
                ", ".join(missing),
            )
        return self._read_twice()

    def _read_list(self, rows):
        owed, problems = [], []
        for row in read_rows(rows, self._columns()):
            (owed if isinstance(row, OwedRow) else problems).append(row)
            if len(owed) + len(problems) > MOST_ROWS:
                raise UnreadableFile("wide")
        wanted = ReceivableList(self.env, owed, self.company_id, self.creditor_id)
        return wanted, problems + wanted.problems

    def _carry_out(self, wanted):
        return wanted.carry_out()

    def _counts(self, wanted, problems):
        return {"count_new": len(wanted.ready), "count_refused": len(problems)}

    def _preview_of(self, wanted):
        return "dealer_collection.receivable_import_preview", {
            "samples": self._samples(wanted),
            "with_creditor": not self.creditor_id,
        }

    def _samples(self, wanted):
        currency = self.company_id.currency_id
        return [
            {
                "row": row.number,
                "creditor": creditor.name,
                "debtor": debtor.name,
                "amount": currency.format(float(row.amount)),
                "date_due": row.date_due,
                "reference": row.reference,
            }
            for row, creditor, debtor in wanted.ready[:SHOWN_ROWS]
        ]

    def _reason(self, problem):
        _ = self.env._
        text = problem.text
        return {
            "debtor": _("The debtor is missing."),
            "not_a_number": _('"%s" is not an amount.', text),
            "two_readings": _(
                '"%s" can be read in two ways. Write it with two decimals.', text
            ),
            "amount": _(
                '"%s" is not an amount above zero with at most two decimals.', text
            ),
            "date_due": _('"%s" is not a date. Write it like 15.01.2026.', text),
            "reference": _('"%s..." is too long for a reference.', text),
            "creditor": _('No dealer has the code "%s".', text),
            "unknown": _('"%s" is neither a customer nor a sub-dealer here.', text),
            "ambiguous": _(
                'Several customers or sub-dealers are called "%s". Write the tax'
                " number.",
                text,
            ),
            "twice": _("The same stands in row %s.", problem.other),
            "known": _("The same is there already: %s.", text),
        }[problem.reason]


class DealerReceivableImportColumn(models.TransientModel):
    _name = "dealer.receivable.import.column"
    _inherit = ["pos.gateway.list.import.column"]
    _description = "Column of a List of Receivables"

    wizard_id = fields.Many2one(
        "dealer.receivable.import", required=True, ondelete="cascade"
    )
    field = fields.Selection(
        [
            ("creditor", "Dealer (code)"),
            ("debtor", "Debtor (tax number, code or name)"),
            ("amount", "Amount"),
            ("date_due", "Due Date"),
            ("reference", "Reference"),
        ],
        "Is Read As",
        help="Empty: the column is left out.",
    )
