from odoo import fields, models

from odoo.addons.pos_gateway.wizards.list_import import SHOWN_ROWS

from ..dealer_list.reading import HEADERS, REQUIRED, read_rows
from .dealer_list_changes import DealerListChanges


class DealerImport(models.TransientModel):
    """Makes dealers from a list."""

    _name = "dealer.import"
    _inherit = ["pos.gateway.list.import"]
    _description = "Import Dealers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    column_ids = fields.One2many("dealer.import.column", "wizard_id")
    count_added = fields.Integer("New", readonly=True)

    def _check_rights(self):
        self.env["dealer.dealer"].check_access("create")

    def _known_headers(self):
        return HEADERS

    def _columns_refused(self):
        if set(REQUIRED) - self._columns().keys():
            return self.env._(
                "Say under Columns which ones hold the code and the name of the"
                " dealers, then read again."
            )
        return self._read_twice()

    def _read_list(self, rows):
        listed = list(read_rows(rows, self._columns()))
        changes = DealerListChanges(self.env, self.company_id, listed)
        return changes, changes.problems

    def _carry_out(self, wanted):
        wanted.carry_out()

    def _counts(self, wanted, problems):
        refused = {problem.number for problem in problems}
        return {"count_added": sum(row.number not in refused for row in wanted.rows)}

    def _preview_of(self, wanted):
        return "dealer_collection.dealer_import_preview", {
            "rows": wanted.rows[:SHOWN_ROWS],
            "depth": len(wanted.levels),
        }

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
    _inherit = ["pos.gateway.list.import.column"]
    _description = "Column of a List of Dealers"

    wizard_id = fields.Many2one("dealer.import", required=True, ondelete="cascade")
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
