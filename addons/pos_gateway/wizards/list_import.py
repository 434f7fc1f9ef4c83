"""What all imports of lists have in common: file, columns, preview, all or nothing."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..models import file_words
from ..tabular.headers import find_columns
from ..tabular.table import read_table
from ..tabular.workbook import UnreadableFile, column_letter

SHOWN_ROWS, SHOWN_PROBLEMS = 20, 50


class PosGatewayListImport(models.AbstractModel):
    """Takes a list from a file: shows first what it would do, then does it.

    A file with a row that is not understood is refused as a whole, with each row and
    reason: half a list is worse than none. A list says what it is by the methods under
    "of each list".
    """

    _name = "pos.gateway.list.import"
    _description = "Import of a List"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview"), ("done", "Done")], default="file"
    )
    unclear = fields.Char(readonly=True)
    count_refused = fields.Integer("Refused", readonly=True)
    preview = fields.Html(readonly=True, sanitize=False)

    # === OF EACH LIST === #

    def _check_rights(self):
        """:raise AccessError: if the user may not make what the list makes"""
        raise NotImplementedError

    def _known_headers(self):
        """:return: dict of field -> headers, folded"""
        raise NotImplementedError

    def _columns_refused(self):
        """:return: why the columns cannot be read as chosen, or None"""
        raise NotImplementedError

    def _read_list(self, rows):
        """:param rows: (number, texts)
        :return: what the list wants, and the list of all problems by row
        """
        raise NotImplementedError

    def _carry_out(self, wanted):
        """:return: what was made"""
        raise NotImplementedError

    def _counts(self, wanted, problems):
        """:return: dict of the fields that count what would be, or was, made"""
        raise NotImplementedError

    def _preview_of(self, wanted):
        """:return: the template of the preview, and its values"""
        raise NotImplementedError

    def _reason(self, problem):
        """:return: a sentence"""
        raise NotImplementedError

    # === STEPS === #

    def action_preview(self):
        """Show what the file would do."""
        self.ensure_one()
        self._check_rights()
        self._preview()
        return self._reopen()

    def action_import(self):
        """Do it, all or nothing."""
        self.ensure_one()
        self._check_rights()
        self._import()
        return self._reopen()

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self._check_rights()
        self.column_ids.unlink()
        self.write(
            {"state": "file", "preview": False, "unclear": False, "count_refused": 0}
        )
        return self._reopen()

    def _preview(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        if not self.column_ids:
            self._guess_columns()
        # Not an error: what was chosen so far would be lost with it.
        self.write({"state": "preview", "unclear": self._columns_refused()})
        if self.unclear:
            self.write({"preview": False, "count_refused": 0})
            return
        wanted, problems = self._read_file()
        self._tell(wanted, problems)
        template, values = self._preview_of(wanted)
        self.preview = self.env["ir.qweb"]._render(
            template,
            {
                "problems": self._in_words(problems[:SHOWN_PROBLEMS]),
                "hidden": max(len(problems) - SHOWN_PROBLEMS, 0),
                **values,
            },
        )

    def _import(self):
        if self.state != "preview":
            raise UserError(self.env._("Look at the preview first."))
        if refused := self._columns_refused():
            raise UserError(refused)
        wanted, problems = self._read_file()
        if problems:
            raise UserError(
                self.env._(
                    "%s rows cannot be taken. Mend the file and choose it again.",
                    len({problem.number for problem in problems}),
                )
            )
        made = self._carry_out(wanted)
        self._tell(wanted, problems)
        self.write({"state": "done", "file": False, "preview": False})
        return made

    def _tell(self, wanted, problems):
        refused = {problem.number for problem in problems}
        self.write({"count_refused": len(refused), **self._counts(wanted, problems)})

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === READING === #

    def _guess_columns(self):
        content = base64.b64decode(self.file)
        try:
            table = read_table(content)
            headers, (_number, first) = table.headers, next(table.rows, (0, []))
        except UnreadableFile as error:
            raise UserError(file_words.unreadable(self.env, error.reason)) from error
        columns = find_columns(headers, self._known_headers())
        guessed = {index: field for field, index in columns.items()}
        self.column_ids = [
            fields.Command.create(
                {
                    "position": index,
                    "header": header or column_letter(index),
                    "sample": first[index] if index < len(first) else False,
                    "field": guessed.get(index),
                }
            )
            for index, header in enumerate(headers)
        ]

    def _columns(self):
        """:return: dict of field -> position, of the columns that are read"""
        columns = self.column_ids.filtered("field")
        return {column.field: column.position for column in columns}

    def _column_names(self):
        """:return: dict of field -> its name for people"""
        return dict(self.column_ids._fields["field"]._description_selection(self.env))

    def _read_twice(self):
        """:return: a sentence, if two columns are read as the same; or None"""
        chosen = self.column_ids.filtered("field").mapped("field")
        for field, name in self._column_names().items():
            if chosen.count(field) > 1:
                return self.env._(
                    'Two columns are read as "%s". Leave one out under Columns, then'
                    " read again.",
                    name,
                )
        return None

    def _read_file(self):
        try:
            wanted, problems = self._read_list(
                read_table(base64.b64decode(self.file)).rows
            )
        except UnreadableFile as error:
            raise UserError(file_words.unreadable(self.env, error.reason)) from error
        return wanted, sorted(problems, key=lambda problem: problem.number)

    # === WORDS === #

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


class PosGatewayListImportColumn(models.AbstractModel):
    """A list adds ``wizard_id``, and ``field``: what the column can be read as."""

    _name = "pos.gateway.list.import.column"
    _description = "Column of a List"
    _order = "position"

    position = fields.Integer(readonly=True)
    header = fields.Char("Column of the File", readonly=True)
    sample = fields.Char("First Value", readonly=True)
