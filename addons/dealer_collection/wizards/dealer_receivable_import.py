import base64

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.pos_gateway.tabular.table import read_table
from odoo.addons.pos_gateway.tabular.workbook import UnreadableFile, column_letter

from ..receivable_list.reading import NEEDED, OwedRow, find_columns, read_rows
from .receivable_list import ReceivableList

SHOWN_ROWS, SHOWN_PROBLEMS = 10, 50
MOST_ROWS = 10_000


class DealerReceivableImport(models.TransientModel):
    """Takes a list of receivables: shows first what would be made, then makes it.

    A file with a row that is not understood is refused as a whole, with each row and
    reason. Staff import for any dealer, a dealer its own list on the portal.
    """

    _name = "dealer.receivable.import"
    _description = "Import Receivables"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    creditor_id = fields.Many2one(
        "dealer.dealer",
        domain="[('company_id', '=', company_id)]",
        help="To whom all of it is owed. Empty: each row names the dealer by its code.",
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview"), ("done", "Done")], default="file"
    )
    column_ids = fields.One2many("dealer.receivable.import.column", "wizard_id")
    count_new = fields.Integer("New", readonly=True)
    count_refused = fields.Integer("Refused", readonly=True)
    preview = fields.Html(readonly=True, sanitize=False)

    # === STEPS === #

    def action_preview(self):
        self._check_rights()
        self._preview()
        return self._reopen()

    def action_import(self):
        self._check_rights()
        self._import()
        return self._reopen()

    def action_back(self):
        self._check_rights()
        self.column_ids.unlink()
        self.write({"state": "file", "preview": False})
        return self._reopen()

    def _check_rights(self):
        self.ensure_one()
        self.env["dealer.receivable"].check_access("create")

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Receivables"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        if not self.column_ids:
            self._guess_columns()
        self.state = "preview"
        missing = self._missing()
        if missing:
            # Not an error: what was chosen so far would be lost with it.
            self.write({"count_new": 0, "count_refused": 1, "preview": missing})
            return
        wanted, problems = self._wanted()
        self.write({"count_new": len(wanted.ready), "count_refused": len(problems)})
        self.preview = self.env["ir.qweb"]._render(
            "dealer_collection.receivable_import_preview",
            {
                "samples": self._samples(wanted),
                "with_creditor": not self.creditor_id,
                "problems": self._in_words(problems[:SHOWN_PROBLEMS]),
                "hidden": max(len(problems) - SHOWN_PROBLEMS, 0),
            },
        )

    def _import(self):
        """:return: the receivables that were made"""
        if self.state != "preview" or self._missing():
            raise UserError(self.env._("Look at the preview first."))
        wanted, problems = self._wanted()
        if problems:
            raise UserError(
                self.env._(
                    "%s rows are not understood. Mend the file and choose it again.",
                    len(problems),
                )
            )
        made = wanted.carry_out()
        self.write(
            {
                "state": "done",
                "file": False,
                "preview": False,
                "count_new": len(made),
                "count_refused": 0,
            }
        )
        return made

    # === READING === #

    def _file_table(self):
        try:
            return read_table(base64.b64decode(self.file))
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error

    def _guess_columns(self):
        headers = self._file_table().headers
        guessed = {index: field for field, index in find_columns(headers).items()}
        self.column_ids = [
            fields.Command.create(
                {"position": index, "header": header, "field": guessed.get(index)}
            )
            for index, header in enumerate(headers)
        ]

    def _columns(self):
        """:return: dict of field -> position, of the columns that are read"""
        columns = self.column_ids.filtered("field")
        return {column.field: column.position for column in columns}

    def _missing(self):
        columns = self._columns()
        names = dict(self.column_ids._fields["field"]._description_selection(self.env))
        needed = NEEDED if self.creditor_id else ("creditor", *NEEDED)
        missing = [names[field] for field in needed if field not in columns]
        if not missing:
            return ""
        return self.env._(
            "The file has no column that is read as: %s. Name the column so in the"
            " file, or choose it under Columns.",
            ", ".join(missing),
        )

    def _wanted(self):
        """:return: a ``ReceivableList``, and the list of all problems by row"""
        rows, problems = [], []
        try:
            for row in read_rows(self._file_table().rows, self._columns()):
                (rows if isinstance(row, OwedRow) else problems).append(row)
                if len(rows) + len(problems) > MOST_ROWS:
                    raise UnreadableFile("wide")
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error
        wanted = ReceivableList(self.env, rows, self.company_id, self.creditor_id)
        problems += wanted.problems
        return wanted, sorted(problems, key=lambda problem: problem.number)

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

    # === WORDS === #

    def _unreadable(self, reason):
        _ = self.env._
        return {
            "empty": _("The file is empty."),
            "too_big": _("The file is too big."),
            "old_format": _("This is an old XLS file. Save it as XLSX or CSV."),
            "wide": _("The file has too many rows or columns."),
        }.get(reason, _("The file cannot be read. Save it as XLSX or CSV."))

    def _in_words(self, problems):
        """:return: list of dicts with ``row``, ``column`` (its letter) and ``text``"""
        letters = {
            column.field: column_letter(column.position) for column in self.column_ids
        }
        return [
            {
                "row": problem.number,
                "column": letters.get(problem.column, ""),
                "text": self._reason(problem),
            }
            for problem in problems
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
    _description = "Column of a List of Receivables"
    _order = "position"

    wizard_id = fields.Many2one(
        "dealer.receivable.import", required=True, ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    header = fields.Char("Column of the File", readonly=True)
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
