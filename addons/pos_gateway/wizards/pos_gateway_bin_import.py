import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..card_list.reading import CardRow, find_columns, read_rows
from ..tabular.table import read_table
from ..tabular.workbook import UnreadableFile, column_letter
from .bin_changes import BinChanges

SHOWN_ROWS, SHOWN_PROBLEMS = 10, 50


class PosGatewayBinImport(models.TransientModel):
    """Takes a list of card prefixes: shows first what would change, then does it.

    A file with a row that is not understood is refused as a whole, with each row and
    reason: half a list is worse than none.
    """

    _name = "pos.gateway.bin.import"
    _description = "Import Card Prefixes"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    source = fields.Char(
        help="Where the list is from. It is noted with each prefix.",
    )
    create_missing = fields.Boolean(
        "Make Unknown Programs and Banks",
        help="Otherwise a row that names one which is not known is refused.",
    )
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview"), ("done", "Done")], default="file"
    )
    column_ids = fields.One2many("pos.gateway.bin.import.column", "wizard_id")
    count_added = fields.Integer("Added", readonly=True)
    count_changed = fields.Integer("Changed", readonly=True)
    count_untouched = fields.Integer("Untouched", readonly=True)
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
        if "prefix" not in self._columns():
            # Not an error: what was chosen so far would be lost with it.
            self.count_refused = 1
            self.preview = self._no_prefix()
            return self._reopen()
        changes, problems = self._changes()
        self._tell(changes, problems)
        self.preview = self.env["ir.qweb"]._render(
            "pos_gateway.bin_import_preview",
            {
                "samples": [
                    *[("added", row) for row in changes.added[:SHOWN_ROWS]],
                    *[("changed", row) for row in changes.changed[:SHOWN_ROWS]],
                ],
                "problems": self._in_words(problems[:SHOWN_PROBLEMS]),
                "hidden": max(len(problems) - SHOWN_PROBLEMS, 0),
            },
        )
        return self._reopen()

    def action_import(self):
        self._check_rights()
        changes, problems = self._changes()
        if problems:
            raise UserError(
                self.env._(
                    "%s rows are not understood. Mend the file and choose it again.",
                    len(problems),
                )
            )
        changes.carry_out(self.source or self.file_name)
        self._tell(changes, problems)
        self.write({"state": "done", "file": False, "preview": False})
        return self._reopen()

    def action_back(self):
        self.column_ids.unlink()
        self.write({"state": "file", "preview": False})
        return self._reopen()

    def _tell(self, changes, problems):
        self.write(
            {
                "count_added": len(changes.added),
                "count_changed": len(changes.changed),
                "count_untouched": len(changes.untouched),
                "count_refused": len(problems),
            }
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Card Prefixes"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_rights(self):
        self.ensure_one()
        self.env["pos.gateway.bin"].check_access("create")

    # === READING === #

    def _read_file(self):
        return read_table(base64.b64decode(self.file))

    def _guess_columns(self):
        try:
            headers = self._read_file().headers
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error
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

    def _no_prefix(self):
        return self.env._(
            "Say under Columns which one holds the card prefix, then read again."
        )

    def _changes(self):
        """:return: a ``BinChanges``, and the list of all problems by row"""
        columns = self._columns()
        if "prefix" not in columns:
            raise UserError(self._no_prefix())
        rows, problems = [], []
        try:
            for row in read_rows(self._read_file().rows, columns):
                (rows if isinstance(row, CardRow) else problems).append(row)
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error
        changes = BinChanges(self.env, rows, self.create_missing)
        problems += changes.problems
        return changes, sorted(problems, key=lambda problem: problem.number)

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
            "prefix": _('"%s" is not a card prefix of six to eight digits.', text),
            "kind": _('"%s" is no kind of card.', text),
            "commercial": _('"%s" is neither yes nor no.', text),
            "scheme": _('"%s" is no card scheme.', text),
            "unknown": _('"%s" is not known. Make it first, or tick the box.', text),
            "contradiction": _(
                "%(prefix)s says something else in row %(row)s.",
                prefix=text,
                row=problem.other,
            ),
        }[problem.reason]


class PosGatewayBinImportColumn(models.TransientModel):
    _name = "pos.gateway.bin.import.column"
    _description = "Column of a List of Card Prefixes"
    _order = "position"

    wizard_id = fields.Many2one(
        "pos.gateway.bin.import", required=True, ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    header = fields.Char("Column of the File", readonly=True)
    field = fields.Selection(
        [
            ("prefix", "Card Prefix"),
            ("issuer", "Bank (name or EFT code)"),
            ("program", "Card Program"),
            ("kind", "Kind of Card"),
            ("commercial", "Commercial (yes or no)"),
            ("scheme", "Scheme"),
        ],
        "Is Read As",
        help="Empty: the column is left out.",
    )
