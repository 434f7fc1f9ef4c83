import base64
import hashlib
import logging
from itertools import islice

from psycopg2.extras import execute_values

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..pricing import rounding
from ..settlement.layout import Layout
from ..settlement.refusals import FileRefused
from ..settlement.report_file import read_report, with_digests
from ..settlement.rows import plain_number
from ..tabular.workbook import UnreadableFile
from . import file_words
from .pos_gateway_report_line import AMOUNTS, TEXTS

_logger = logging.getLogger(__name__)

BATCH = 2000
SHOWN_ROWS, SHOWN_PROBLEMS = 20, 100
COLUMNS = (
    "report_id", "company_id", "provider_id", "currency_id", "number", "kind",
    "batch_day", "day", "time", "value_date", *AMOUNTS, *TEXTS, "installment_count",
    "part", "digest", "is_double", "create_uid", "create_date", "write_uid",
    "write_date",
)  # fmt: skip


class PosGatewayReport(models.Model):
    """A POS report of a bank: looked at first, then taken over row by row.

    Rows are known again by what they say, in whichever file they come: an import that
    was killed goes on where it stopped, and nothing is there twice.
    """

    _name = "pos.gateway.report"
    _description = "POS Report"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char("Name", copy=False)
    digest = fields.Char(readonly=True, copy=False, index=True)
    layout_id = fields.Many2one(
        "pos.gateway.report.layout",
        check_company=True,
        help="How this bank calls the columns, if they are not found by themselves.",
    )
    state = fields.Selection(
        [
            ("draft", "File"),
            ("preview", "Preview"),
            ("importing", "Importing"),
            ("done", "Imported"),
            ("refused", "Refused"),
        ],
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    refusal = fields.Char("Refused Because", readonly=True, copy=False)
    problems = fields.Json(readonly=True, copy=False)
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    done_count = fields.Integer("Rows Done", readonly=True, copy=False)
    new_count = fields.Integer("New", readonly=True, copy=False)
    known_count = fields.Integer("Known Already", readonly=True, copy=False)
    double_count = fields.Integer("There Twice", readonly=True, copy=False)
    problem_count = fields.Integer("Not Read", readonly=True, copy=False)
    unknown_count = fields.Integer("Of an Unknown Terminal", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    date_from = fields.Date("First Day", readonly=True, copy=False)
    date_to = fields.Date("Last Day", readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    gross = fields.Monetary(readonly=True, copy=False)
    net = fields.Monetary(readonly=True, copy=False)
    line_ids = fields.One2many("pos.gateway.report.line", "report_id", "Rows of It")
    finding_count = fields.Integer(compute="_compute_finding_count")

    @api.depends("done_count", "row_count")
    def _compute_progress(self):
        for report in self:
            whole = report.row_count
            report.progress = 100 * report.done_count / whole if whole else 0

    def _compute_finding_count(self):
        groups = self.env["pos.gateway.finding"]._read_group(
            [("report_line_id.report_id", "in", self.ids)],
            ["report_line_id"],
            ["__count"],
        )
        counts = dict.fromkeys(self.ids, 0)
        for line, count in groups:
            counts[line.report_id.id] += count
        for report in self:
            report.finding_count = counts.get(report.id, 0)

    @api.depends("state", "problems", "file", "layout_id")
    def _compute_preview(self):
        for report in self:
            report.preview = False
            if report.state == "preview":
                report.preview = self.env["ir.qweb"]._render(
                    "pos_gateway.report_preview", report._preview_values()
                )

    # === STEPS === #

    def action_preview(self):
        """Read the file, and show what would be taken over."""
        self.ensure_one()
        self.check_access("write")
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        content = self._content()
        digest = hashlib.sha256(content).hexdigest()
        same = self.search(
            [
                ("digest", "=", digest),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("importing", "done")),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if same:
            raise UserError(
                self.env._(
                    "This very file was imported on %(day)s: %(name)s.",
                    day=fields.Date.to_string(same.create_date),
                    name=same.file_name,
                )
            )
        values = {"digest": digest, "refusal": False, "problems": False}
        try:
            report = read_report(content, self._layout())
        except UnreadableFile as error:
            words = file_words.unreadable(self.env, error.reason)
            self.write(values | {"state": "refused", "refusal": words})
            return True
        except FileRefused as error:
            self.write(values | {"state": "refused", "refusal": self._refused(error)})
            return True
        self.write(values | self._told(report))
        return True

    def _told(self, report):
        """:return: what the preview tells of a file that was read"""
        rows = report.rows
        digests = list(with_digests(rows))
        providers = self._providers()
        days = [row.day for row in rows if row.day]
        known = self._known_digests([digest for _row, digest, _before in digests])
        return {
            "state": "preview",
            "row_count": len(rows),
            "done_count": 0,
            "problem_count": len(report.problems),
            "problems": [
                [one.row, one.column, one.reason, str(one.value)[:60]]
                for one in report.problems[:SHOWN_PROBLEMS]
            ],
            "known_count": len(known),
            "new_count": len(rows) - len(known),
            "double_count": sum(before > 0 for _row, _digest, before in digests),
            "unknown_count": sum(not self._provider_of(row, providers) for row in rows),
            "date_from": min(days, default=False),
            "date_to": max(days, default=False),
            "gross": float(rounding.to_major(sum(row.gross for row in rows))),
            "net": float(rounding.to_major(sum(row.net for row in rows))),
        }

    def action_import(self):
        """Take the rows over, in the background."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "preview":
            raise UserError(self.env._("Look at the preview first."))
        if self.unknown_count == self.row_count:
            raise UserError(
                self.env._(
                    "No row is of a terminal of yours: this looks like a file of"
                    " another bank or company."
                )
            )
        self.state = "importing"
        self.env.ref("pos_gateway.cron_report_import").sudo()._trigger()
        return True

    def action_back(self):
        """Choose another file or layout."""
        self.ensure_one()
        if self.state in ("importing", "done"):
            raise UserError(self.env._("It is imported already."))
        self.write({"state": "draft", "refusal": False, "problems": False})
        return True

    @api.model
    def _cron_import(self):
        """Go on with all reports that are being imported, a batch at a time."""
        for report in self.search([("state", "=", "importing")], order="id"):
            report._import_rows(commit=True)

    def _import_rows(self, commit=False):
        """
        :param bool commit: after each batch; a run that is killed is gone on with
        """
        self.ensure_one()
        content = self._content()
        rows = with_digests(read_report(content, self._layout()).rows)
        providers = self._providers()
        currencies = {
            one.name: one.id
            for one in self.env["res.currency"]
            .with_context(active_test=False)
            .search([])
        }
        rows = islice(rows, self.done_count, None)
        # What a run before this one has stored is not "known already".
        new = self.new_count if self.done_count else 0
        while batch := list(islice(rows, BATCH)):
            new += self._store(batch, providers, currencies)
            self.write(
                {
                    "done_count": self.done_count + len(batch),
                    "new_count": new,
                    "known_count": self.done_count + len(batch) - new,
                }
            )
            if commit:
                self.env["ir.cron"]._commit_progress(1)
        self.state = "done"
        self.env["pos.gateway.finding"]._compare(self.company_id)
        _logger.info(
            "POS report %s: %s rows, %s new", self.file_name, self.done_count, new
        )

    def _store(self, batch, providers, currencies):
        """:return: how many rows of the batch were new"""
        now = fields.Datetime.now()
        uid = self.env.uid or SUPERUSER_ID
        values = []
        for row, digest, before in batch:
            provider = self._provider_of(row, providers)
            values.append(
                (
                    self.id,
                    self.company_id.id,
                    provider or None,
                    currencies.get(row.currency),
                    row.number,
                    row.kind.value,
                    row.batch_day,
                    row.day,
                    row.time and row.time.isoformat(),
                    row.value_date,
                    *(rounding.to_major(getattr(row, name)) for name in AMOUNTS),
                    *(getattr(row, name) or None for name in TEXTS),
                    row.count,
                    row.part,
                    digest,
                    before > 0,
                    uid, now, uid, now,
                )
            )  # fmt: skip
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        query = (
            f"INSERT INTO pos_gateway_report_line ({names}) VALUES %s"  # noqa: S608
            " ON CONFLICT (company_id, digest) DO NOTHING RETURNING id"
        )
        made = execute_values(
            self.env.cr._obj, query, values, page_size=len(values), fetch=True
        )
        self.env["pos.gateway.report.line"].invalidate_model()
        return len(made)

    # === WHAT THE FILE SAYS === #

    def _content(self):
        """:return: bytes; the web client asks for the sizes of files instead"""
        return base64.b64decode(self.with_context(bin_size=False).file)

    def _layout(self):
        return self.layout_id._layout() if self.layout_id else Layout()

    def _providers(self):
        """:return: dict of plain terminal or merchant number -> id of a POS"""
        providers = self.env["payment.provider"]._gateway_of_company(self.company_id)
        return {
            number: provider.id
            for provider in providers
            for number in provider._gateway_report_numbers()
        }

    @staticmethod
    def _provider_of(row, providers):
        return providers.get(plain_number(row.terminal)) or providers.get(
            plain_number(row.merchant)
        )

    def _known_digests(self, digests):
        self.env.cr.execute(
            "SELECT digest FROM pos_gateway_report_line"
            " WHERE company_id = %s AND digest = ANY(%s)",
            (self.company_id.id, digests),
        )
        return {digest for (digest,) in self.env.cr.fetchall()}

    def _preview_values(self):
        content = self._content()
        rows = read_report(content, self._layout()).rows[:SHOWN_ROWS]
        providers = self._providers()
        names = {
            one.id: one.name
            for one in self.env["payment.provider"].sudo().browse(providers.values())
        }
        kinds = dict(
            self.env["pos.gateway.report.line"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        currency = self.currency_id

        def money(kurus):
            return currency.format(float(rounding.to_major(kurus)))

        return {
            "rows": [
                {
                    "number": row.number,
                    "kind": kinds[row.kind.value],
                    "pos": names.get(self._provider_of(row, providers), ""),
                    "terminal": row.terminal,
                    "day": row.day,
                    "value_date": row.value_date,
                    "installments": f"{row.part}/{row.count}"
                    if row.part
                    else row.count,
                    "code": row.auth_code,
                    "gross": money(row.gross),
                    "cost": money(row.cost),
                    "net": money(row.net),
                }
                for row in rows
            ],
            "hidden": max(self.row_count - SHOWN_ROWS, 0),
            "problems": [self._problem(*one) for one in self.problems or []],
            "hidden_problems": max(self.problem_count - SHOWN_PROBLEMS, 0),
        }

    # === WORDS === #

    def _problem(self, row, column, reason, value):
        _ = self.env._
        text = {
            "amount": _('"%s" is no amount.', value),
            "date": _('"%s" is no date.', value),
            "installments": _('"%s" is no number of installments.', value),
            "cuts": _("Gross, cuts and net do not add up: %s", value),
            "cut_off": _("The row ends in the middle."),
        }.get(reason, reason)
        names = self.env["pos.gateway.report.line"].fields_get(attributes=["string"])
        field = {"installments": "installment_count"}.get(column, column)
        name = names.get(field, {}).get("string", column)
        return {"row": row, "column": name, "text": text}

    def _refused(self, error):
        _ = self.env._
        own = {
            "format": _("This is no POS report that we know."),
            "no_header": _(
                "No row names the columns: at least the day and the gross amount are"
                " needed. If the bank calls them otherwise, choose or make a layout."
            ),
            "no_rows": _("There are no payments in the file."),
        }
        return file_words.refused(self.env, error, own)

    # === PAGES === #

    def action_view_lines(self):
        """Open the rows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.file_name,
            "res_model": "pos.gateway.report.line",
            "view_mode": "list,form,pivot",
            "domain": [("report_id", "=", self.id)],
        }

    def action_view_findings(self):
        """Open what differs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_finding_action"
        )
        return action | {
            "domain": [("report_line_id.report_id", "=", self.id)],
            "context": {},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_imported(self):
        if any(report.state in ("importing", "done") for report in self):
            raise UserError(
                self.env._("What was imported is kept: findings rest on it.")
            )


class PosGatewayReportLayout(models.Model):
    """How a bank calls the columns of its POS report."""

    _name = "pos.gateway.report.layout"
    _description = "Layout of a POS Report"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True, help="Of the bank, for instance.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    columns = fields.Text(
        help="One column in a line: the field, an equals sign, and the header as the"
        " file has it; for instance: gross = Satış Bedeli. Fields that are not named"
        " are found by their usual names."
    )
    decimal_mark = fields.Selection(
        [(",", "Comma: 1.250,40"), (".", "Point: 1,250.40")],
        help="Empty: found in the file.",
    )
    part_order = fields.Selection(
        [("count", "Count first: 3/1"), ("part", "Part first: 1/3")],
        "Installments",
        help="Empty: found in the file.",
    )

    @api.constrains("columns")
    def _check_columns(self):
        for layout in self:
            layout._columns()

    def _columns(self):
        """:return: dict of field -> header

        :raise UserError: naming the line that is not understood
        """
        from ..settlement.layout import FIELDS

        found = {}
        for number, text in enumerate((self.columns or "").splitlines(), start=1):
            if not text.strip():
                continue
            name, sign, header = text.partition("=")
            if not sign or name.strip() not in FIELDS or not header.strip():
                raise UserError(
                    self.env._(
                        "Line %(number)s is not understood. The fields are: %(fields)s",
                        number=number,
                        fields=", ".join(FIELDS),
                    )
                )
            found[name.strip()] = header.strip()
        return found

    def _layout(self):
        return Layout(
            self._columns(),
            self.decimal_mark or "",
            {"count": True, "part": False}.get(self.part_order),
        )
