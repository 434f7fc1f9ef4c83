import base64

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.pos_gateway.tabular.folding import fold
from odoo.addons.pos_gateway.tabular.table import read_table
from odoo.addons.pos_gateway.tabular.workbook import UnreadableFile, column_letter

from ..dealer_list.reading import REQUIRED, find_columns, read_rows
from .dealer_list_changes import DealerListChanges

SHOWN_ROWS, SHOWN_PROBLEMS = 20, 50


class DealerImport(models.TransientModel):
    """Makes dealers from a list: shows first what would be made, then makes it.

    A file with a row that cannot be taken is refused as a whole, with each row and
    reason: half a tree is worse than none.
    """

    _name = "dealer.import"
    _description = "Import Dealers"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview"), ("done", "Done")], default="file"
    )
    column_ids = fields.One2many("dealer.import.column", "wizard_id")
    count_added = fields.Integer("New", readonly=True)
    count_refused = fields.Integer("Refused", readonly=True)
    preview = fields.Html(readonly=True, sanitize=False)

    # === STEPS === #

    def action_preview(self):
        self._check_rights()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        if not self.column_ids:
            self._guess_columns()
        self.state = "preview"
        if self._missing_columns():
            # Not an error: what was chosen so far would be lost with it.
            self.write({"count_refused": 1, "preview": self._no_columns()})
            return self._reopen()
        changes = self._changes()
        self._tell(changes)
        self.preview = self.env["ir.qweb"]._render(
            "dealer_collection.dealer_import_preview",
            {
                "rows": changes.rows[:SHOWN_ROWS],
                "depth": len(changes.levels),
                "problems": self._in_words(changes.problems[:SHOWN_PROBLEMS]),
                "hidden": max(len(changes.problems) - SHOWN_PROBLEMS, 0),
            },
        )
        return self._reopen()

    def action_import(self):
        self._check_rights()
        changes = self._changes()
        if changes.problems:
            raise UserError(
                self.env._(
                    "%s rows cannot be taken. Mend the file and choose it again.",
                    len({problem.number for problem in changes.problems}),
                )
            )
        changes.carry_out()
        self._tell(changes)
        self.write({"state": "done", "file": False, "preview": False})
        return self._reopen()

    def action_back(self):
        self.column_ids.unlink()
        self.write({"state": "file", "preview": False, "count_refused": 0})
        return self._reopen()

    def _tell(self, changes):
        refused = {problem.number for problem in changes.problems}
        rows = [row for row in changes.rows if row.number not in refused]
        self.write({"count_added": len(rows), "count_refused": len(refused)})

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Dealers"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_rights(self):
        self.ensure_one()
        self.env["dealer.dealer"].check_access("create")

    # === READING === #

    def _read_file(self):
        return read_table(base64.b64decode(self.file))

    def _guess_columns(self):
        try:
            headers = self._read_file().headers
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error
        columns = find_columns(headers, fold)
        guessed = {index: field for field, index in columns.items()}
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

    def _missing_columns(self):
        return set(REQUIRED) - self._columns().keys()

    def _no_columns(self):
        return self.env._(
            "Say under Columns which ones hold the code and the name of the dealers,"
            " then read again."
        )

    def _changes(self):
        if self._missing_columns():
            raise UserError(self._no_columns())
        try:
            rows = list(read_rows(self._read_file().rows, self._columns()))
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error
        return DealerListChanges(self.env, self.company_id, rows)

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
        words = {
            "missing": _("The code or the name is missing."),
            "twice": _(
                "%(text)s stands in row %(row)s already.", text=text, row=problem.other
            ),
            "own_parent": _("%s stands above itself.", text),
            "cycle": _(
                "The dealer above, %s, stands below this one in the list.", text
            ),
            "unknown_parent": _(
                "%s is neither in the list nor a dealer that you have.", text
            ),
            "known": _("%s belongs to a dealer that you have already.", text),
            "too_deep": _(
                "It would stand at level %(level)s. At most %(limit)s are allowed.",
                level=text,
                limit=self.env["dealer.dealer"]._max_depth(),
            ),
        }
        return words.get(problem.reason) or self.env["dealer.dealer"]._not_valid(
            problem.reason, text
        )


class DealerImportColumn(models.TransientModel):
    _name = "dealer.import.column"
    _description = "Column of a List of Dealers"
    _order = "position"

    wizard_id = fields.Many2one("dealer.import", required=True, ondelete="cascade")
    position = fields.Integer(readonly=True)
    header = fields.Char("Column of the File", readonly=True)
    field = fields.Selection(
        [
            ("code", "Code"),
            ("name", "Name"),
            ("parent", "Code of the Dealer Above"),
            ("tax_number", "Tax Number (VKN or TCKN)"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("iban", "IBAN"),
        ],
        "Is Read As",
        help="Empty: the column is left out.",
    )
