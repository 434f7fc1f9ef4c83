import logging

from odoo import fields, models

from ..card_list.reading import HEADERS, CardRow, read_rows
from .bin_changes import BinChanges
from .list_import import SHOWN_ROWS

_logger = logging.getLogger(__name__)


class PosGatewayBinImport(models.TransientModel):
    """Takes a list of card prefixes."""

    _name = "pos.gateway.bin.import"
    _inherit = ["pos.gateway.list.import"]
    _description = "Import Card Prefixes"

    source = fields.Char(
        help="Where the list is from. It is noted with each prefix.",
    )
    create_missing = fields.Boolean(
        "Make Unknown Programs and Banks",
        help="Otherwise a row that names one which is not known is refused.",
    )
    column_ids = fields.One2many("pos.gateway.bin.import.column", "wizard_id")
    count_added = fields.Integer("Added", readonly=True)
    count_changed = fields.Integer("Changed", readonly=True)
    count_untouched = fields.Integer("Untouched", readonly=True)

    def _check_rights(self):
        self.env["pos.gateway.bin"].check_access("create")

    def _known_headers(self):
        return HEADERS

    def _columns_refused(self):
        if "prefix" not in self._columns():
            return self.env._(
                "Say under Columns which one holds the card prefix, then read again."
            )
        return self._read_twice()

    def _read_list(self, rows):
        known, problems = [], []
        for row in read_rows(rows, self._columns()):
            (known if isinstance(row, CardRow) else problems).append(row)
        changes = BinChanges(self.env, known, self.create_missing)
        return changes, problems + changes.problems

    def _carry_out(self, wanted):
        wanted.carry_out(self.source or self.file_name)
        _logger.info(
            "card prefixes of %s: %s added, %s changed, %s untouched, by user %s",
            self.file_name, len(wanted.added), len(wanted.changed),
            len(wanted.untouched), self.env.uid,
        )  # fmt: skip

    def _counts(self, wanted, problems):
        return {
            "count_added": len(wanted.added),
            "count_changed": len(wanted.changed),
            "count_untouched": len(wanted.untouched),
            "count_refused": len(problems),
        }

    def _preview_of(self, wanted):
        return "pos_gateway.bin_import_preview", {"samples": self._samples(wanted)}

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
    _inherit = ["pos.gateway.list.import.column"]
    _description = "Column of a List of Card Prefixes"

    wizard_id = fields.Many2one(
        "pos.gateway.bin.import", required=True, ondelete="cascade"
    )
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
