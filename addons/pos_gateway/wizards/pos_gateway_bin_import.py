import base64
import logging

from odoo import fields, models
from odoo.exceptions import UserError

from ..card_list.reading import CardRow, find_columns, read_rows
from ..tabular.table import read_table
from ..tabular.workbook import UnreadableFile, column_letter
from .bin_changes import BinChanges

_logger = logging.getLogger(__name__)

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
    unclear = fields.Char(readonly=True)
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
        # Not an error: what was chosen so far would be lost with it.
        self.write({"state": "preview", "unclear": self._columns_refused()})
        if self.unclear:
            return self._reopen()
        changes, problems = self._changes()
        self._tell(changes, problems)
        self.preview = self.env["ir.qweb"]._render(
            "pos_gateway.bin_import_preview",
            {
                "samples": self._samples(changes),
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
        _logger.info(
            "card prefixes of %s: %s added, %s changed, %s untouched, by user %s",
            self.file_name, len(changes.added), len(changes.changed),
            len(changes.untouched), self.env.uid,
        )  # fmt: skip
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
            table = self._read_file()
            headers, (_number, first) = table.headers, next(table.rows, (0, []))
        except UnreadableFile as error:
            raise UserError(self._unreadable(error.reason)) from error
        guessed = {index: field for field, index in find_columns(headers).items()}
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

    def _columns_refused(self):
        """:return: why the columns cannot be read as chosen, or None"""
        chosen = self.column_ids.filtered("field").mapped("field")
        if "prefix" not in chosen:
            return self.env._(
                "Say under Columns which one holds the card prefix, then read again."
            )
        labels = dict(self.column_ids._fields["field"]._description_selection(self.env))
        for field in labels:
            if chosen.count(field) > 1:
                return self.env._(
                    'Two columns are read as "%s". Leave one out under Columns, then'
                    " read again.",
                    labels[field],
                )
        return None

    def _changes(self):
        """:return: a ``BinChanges``, and the list of all problems by row"""
        if self._columns_refused():
            raise UserError(self._columns_refused())
        rows, problems = [], []
        try:
            for row in read_rows(self._read_file().rows, self._columns()):
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
            "encoding": _(
                "The letters of the file are not readable. Save it as XLSX, or as CSV"
                " in UTF-8."
            ),
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
            "prefix missing": _("There is no card prefix in this row."),
            "prefix digits": _('"%s" is not made of digits.', text),
            "prefix short": _('"%s" is shorter than six digits.', text),
            "prefix long": _('"%s" is longer than eight digits.', text),
            "prefix contradiction": _(
                "%(prefix)s says something else in row %(row)s.",
                prefix=text,
                row=problem.other,
            ),
            "kind unknown": _('"%s" is no kind of card.', text),
            "commercial unknown": _('"%s" is neither yes nor no.', text),
            "commercial otherwise": _(
                '"%s" contradicts the kind of card in the same row.', text
            ),
            "scheme unknown": _('"%s" is no card scheme.', text),
            "program not_known": _(
                'The program "%s" is not known. Make it first, or tick the box.', text
            ),
            "program double": _(
                'More than one program is called "%s". Write the program\'s code.',
                text,
            ),
            "program archived": _('The program "%s" is archived.', text),
            "issuer not_known": _(
                'The bank "%s" is not known. Make it first, or tick the box.', text
            ),
            "issuer archived": _('The bank "%s" is archived.', text),
            "issuer double": _(
                'More than one bank is called "%s". Write the bank\'s EFT code.', text
            ),
        }[f"{problem.column} {problem.reason}"]

    def _samples(self, changes):
        """:return: list of dicts with ``row``, ``prefix``, ``is_new`` and ``cells``, of
        which each has ``text``, ``before``, ``is_changed``
        """
        return [
            {
                "row": row.number,
                "prefix": row.prefix,
                "is_new": rows is changes.added,
                "cells": self._cells(changes, row),
            }
            for rows in (changes.added, changes.changed)
            for row in rows[:SHOWN_ROWS]
        ]

    def _cells(self, changes, row):
        now = self._fact_words(changes.facts(row))
        # What is made only with the import has no name yet but the one in the file.
        now[0], now[1] = now[0] or row.issuer, now[1] or row.program
        stored = changes.stored.get(row.prefix)
        before = self._fact_words(stored) if stored else now
        return [
            {"text": text, "before": old, "is_changed": text != old}
            for text, old in zip(now, before, strict=True)
        ]

    def _fact_words(self, facts):
        issuer, program, kind, scheme = facts
        bins = self.env["pos.gateway.bin"]
        kinds, schemes = (
            dict(bins._fields[name]._description_selection(self.env))
            for name in ("kind", "scheme")
        )
        return [
            bins.issuer_id.browse(issuer).name or "",
            bins.program_id.browse(program).name or "",
            kinds.get(kind, ""),
            schemes.get(scheme, ""),
        ]


class PosGatewayBinImportColumn(models.TransientModel):
    _name = "pos.gateway.bin.import.column"
    _description = "Column of a List of Card Prefixes"
    _order = "position"

    wizard_id = fields.Many2one(
        "pos.gateway.bin.import", required=True, ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    header = fields.Char("Column of the File", readonly=True)
    sample = fields.Char("First Value", readonly=True)
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
