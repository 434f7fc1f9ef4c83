import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..pricing.cards import CardKind
from ..rate_grid import Problem, read_grid
from ..rate_grid.reading import AUTO, PERCENT, SHARE
from ..tabular.workbook import UnreadableFile
from .rate_grid_problems import problem_words

MOST_SHOWN = 100


class DryRun(Exception):
    """Takes back what was tried."""


class PosGatewayAgreementImport(models.TransientModel):
    """Rates from a file: first what it would change is shown, then it is done."""

    _name = "pos.gateway.agreement.import"
    _description = "Import of Bank Rates"

    agreement_id = fields.Many2one(
        "pos.gateway.agreement", required=True, ondelete="cascade", readonly=True
    )
    file = fields.Binary(
        required=True,
        attachment=False,
        help="XLSX or CSV: a row an installment count, a column a card program. A cell"
        ' "Taksit" or "Installments" stands over the first column.',
    )
    file_name = fields.Char()
    plain = fields.Selection(
        [
            (AUTO, "Percent; asks if all are below 1"),
            (PERCENT, "Percent: 2.45 is 2.45 %"),
            (SHARE, "Shares: 0.0245 is 2.45 %"),
        ],
        "Numbers Without %",
        required=True,
        default=AUTO,
    )
    kind = fields.Selection(
        lambda self: self.env["pos.gateway.bin"]._kinds(),
        "Cards, Where Not Said",
        help="The kind of cards of sheets that do not say it. Empty: every kind.",
    )
    skip_unknown = fields.Boolean(
        "Pass Over Unknown Columns",
        help="Columns whose card program is not known are left out, not refused.",
    )
    keep_others = fields.Boolean(
        "Keep Other Columns",
        default=True,
        help="Rates for cards and periods that the file has no column for stay."
        " Without it the file replaces all rates of the agreement.",
    )
    preview = fields.Html(readonly=True, sanitize=False)
    is_ready = fields.Boolean(readonly=True)

    @api.onchange("file", "plain", "kind", "skip_unknown", "keep_others")
    def _onchange_file(self):
        self.preview = False
        self.is_ready = False

    def action_preview(self):
        """Show what the import would do; nothing of it is kept."""
        self.ensure_one()
        grid, problems = self._read()
        changes = None
        if not problems:
            changes = self.agreement_id._grid_changes(grid, self.keep_others)
            refusal = self._tried(changes)
            problems = [refusal] if refusal else []
        self.preview = self.env["ir.qweb"]._render(
            "pos_gateway.agreement_import_preview",
            {
                "problems": problems[:MOST_SHOWN],
                "more_problems": len(problems[MOST_SHOWN:]),
                "changes": changes,
                "most": MOST_SHOWN,
                "remarks": [problem_words(self.env, remark) for remark in grid.remarks]
                if grid
                else [],
            },
        )
        self.is_ready = not problems and bool(changes.commands)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import the Bank's Table"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_import(self):
        """Do it, all or nothing."""
        self.ensure_one()
        grid, problems = self._read()
        if problems:
            raise UserError("\n".join(problems[:MOST_SHOWN]))
        changes = self.agreement_id._grid_changes(grid, self.keep_others)
        self.agreement_id.line_ids = changes.commands
        self.agreement_id._message_log(
            body=self.env._("Imported from %s.", self.file_name or self.env._("a file"))
        )
        return {"type": "ir.actions.act_window_close"}

    def _read(self):
        """:return: the grid (None if there is none), and its problems in words"""
        agreement = self.agreement_id
        programs = self.env["pos.gateway.card.program"].search([("active", "=", True)])
        try:
            grid = read_grid(
                base64.b64decode(self.file or b""),
                [(program.id, program.name, program.code) for program in programs],
                agreement.currency_id.name,
                self.plain,
                CardKind(self.kind) if self.kind else None,
                self.skip_unknown,
            )
        except UnreadableFile as refusal:
            return None, [problem_words(self.env, Problem("", refusal.reason))]
        return grid, [problem_words(self.env, problem) for problem in grid.problems]

    def _tried(self, changes):
        """:return: why it would be refused, in words; None if it would not be"""
        try:
            with self.env.cr.savepoint():
                self.agreement_id.line_ids = changes.commands
                self.env.flush_all()
                raise DryRun
        except DryRun:
            return None
        except ValidationError as refusal:
            return str(refusal)
