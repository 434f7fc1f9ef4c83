import base64
import hashlib
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import split_every
from odoo.tools.misc import format_date

from ..pricing import rounding
from ..settlement.bank_line import Purpose
from ..settlement.known_lines import Stored, sort_out
from ..settlement.refusals import FileRefused
from ..settlement.statement_file import read_statement
from ..tabular.workbook import UnreadableFile
from . import file_words

_logger = logging.getLogger(__name__)

BATCH = 200
SHOWN_LINES = 20
LEAST_DIGITS = 6  # of an account number, to be told by its end


class PosGatewayStatementFile(models.Model):
    """A file with the lines of bank accounts: looked at first, then taken over.

    Lines are core's own, as if a person had typed them. What is there already, however
    it came, is known again and left alone; an import that was killed goes on.
    """

    _name = "pos.gateway.statement.file"
    _description = "Bank Statement File"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char("Name", copy=False)
    digest = fields.Char(readonly=True, copy=False, index=True)
    journal_id = fields.Many2one(
        "account.journal",
        "Bank",
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="Only where the file does not say which account it is of.",
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
    preview = fields.Html(readonly=True, copy=False, sanitize=False)
    row_count = fields.Integer("Lines", readonly=True, copy=False)
    new_count = fields.Integer("New", readonly=True, copy=False)
    known_count = fields.Integer("Known Already", readonly=True, copy=False)
    alike_count = fields.Integer("Perhaps Known", readonly=True, copy=False)
    done_count = fields.Integer("Lines Done", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    date_from = fields.Date("First Day", readonly=True, copy=False)
    date_to = fields.Date("Last Day", readonly=True, copy=False)
    line_ids = fields.One2many(
        "account.bank.statement.line", "gateway_file_id", "Lines of It", readonly=True
    )

    @api.depends("done_count", "new_count")
    def _compute_progress(self):
        for file in self:
            whole = file.new_count
            file.progress = 100 * file.done_count / whole if whole else 0

    # === STEPS === #

    def action_preview(self):
        """Read the file, and show what would be taken over."""
        self.ensure_one()
        self._check_may_import()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        values = {"digest": self._digest(), "refusal": False, "preview": False}
        try:
            accounts = self._accounts()
        except UnreadableFile as error:
            refusal = file_words.unreadable(self.env, error.reason)
        except FileRefused as error:
            refusal = self._refused(error)
        else:
            refusal = self._refused_accounts(accounts)
        if refusal:
            self.write(values | {"state": "refused", "refusal": refusal})
            return True
        self.write(values | self._told(accounts))
        return True

    def action_import(self):
        """Take the lines over, in the background."""
        self.ensure_one()
        self._check_may_import()
        if self.state != "preview":
            raise UserError(self.env._("Look at the preview first."))
        if self.digest != self._digest():
            raise UserError(self.env._("The file was changed. Look at it again."))
        self.write({"state": "importing", "done_count": 0})
        self.env.ref("pos_gateway.cron_statement_file").sudo()._trigger()
        return True

    def action_back(self):
        """Choose another file or account."""
        self.ensure_one()
        self.check_access("write")
        if self.state in ("importing", "done"):
            raise UserError(self.env._("It is imported already."))
        self.write({"state": "draft", "refusal": False, "preview": False})
        return True

    def action_take_back(self):
        """Delete what the file brought, if nobody has done anything with it."""
        self.ensure_one()
        self._check_may_import()
        touched = self.line_ids.filtered(lambda line: not line._gateway_is_free())
        if touched:
            raise UserError(
                self.env._(
                    "%s lines are reconciled. Undo that first: nothing is deleted.",
                    len(touched),
                )
            )
        lines = self.line_ids
        # Core deletes no line of a statement that adds up.
        lines.statement_id.filtered(lambda one: one.line_ids <= lines).unlink()
        lines.unlink()
        self.write({"state": "draft", "done_count": 0, "preview": False})
        return True

    def action_view_lines(self):
        """Open the lines that it brought."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.file_name,
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "domain": [("gateway_file_id", "=", self.id)],
        }

    def _check_may_import(self):
        self.check_access("write")
        self.env["account.bank.statement.line"].check_access("create")

    @api.model
    def _cron_import(self):
        """Go on with all files that are being imported, a batch at a time."""
        for file in self.search([("state", "=", "importing")], order="id"):
            file._import_lines(commit=True)

    def _import_lines(self, commit=False):
        """
        :param bool commit: after each batch. A run that is killed is gone on with: what
            it stored is known then.
        """
        self.ensure_one()
        own = self.line_ids
        for statement, journal in self._accounts():
            new, _alike, known = self._sort_out(statement, journal)
            made = own.filtered(lambda line, one=journal: line.journal_id == one)
            for batch in split_every(BATCH, new):
                made += self._store(batch, journal)
                self.done_count += len(batch)
                if commit:
                    self.env["ir.cron"]._commit_progress(1)
            self._make_statement(statement, made, known)
        self.state = "done"
        self.message_post(
            body=self.env._("%s lines were taken over.", len(self.line_ids))
        )
        _logger.info("statement file %s: %s lines", self.id, len(self.line_ids))

    def _store(self, lines, journal):
        return self.env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": line.day,
                    "payment_ref": line.text or line.reference or "/",
                    "ref": line.reference or line.customer_reference,
                    "transaction_type": line.hint,
                    "amount": float(rounding.to_major(line.amount)),
                    "gateway_file_id": self.id,
                }
                for line in lines
            ]
        )

    def _make_statement(self, statement, made, known):
        """Core's statement about them, where the file tells balances and all is new."""
        if statement.opening is None or known or not made or made.statement_id:
            return
        self.env["account.bank.statement"].create(
            {
                "name": self.file_name,
                "balance_start": float(rounding.to_major(statement.opening)),
                "balance_end_real": float(rounding.to_major(statement.closing)),
                "line_ids": [Command.set(made.ids)],
            }
        )

    # === WHAT THE FILE SAYS === #

    def _content(self):
        """:return: bytes; the web client asks for the sizes of files instead"""
        return base64.b64decode(self.with_context(bin_size=False).file)

    def _digest(self):
        return hashlib.sha256(self._content()).hexdigest()

    def _accounts(self):
        """:return: list of (``AccountStatement``, journal: none if it is not known)"""
        statements = read_statement(self._content())
        return [(one, self._journal_of(one, len(statements))) for one in statements]

    def _journal_of(self, statement, count):
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "=", "bank"),
            ]
        )
        digits = re.sub(r"\D", "", statement.account)
        named = journals.filtered(
            lambda one: self._is_account(one.bank_acc_number or "", digits)
        )
        if len(named) == 1:
            return named
        # A file that names an account of nobody is not taken for a chosen one.
        can_choose = count == 1 and not digits
        return self.journal_id if can_choose else self.env["account.journal"]

    @staticmethod
    def _is_account(number, digits):
        """Some files have the IBAN, some the end of it, the number at the bank."""
        own = re.sub(r"\D", "", number)
        if not own or not digits:
            return False
        least = min(len(own), len(digits))
        is_end = own.endswith(digits) or digits.endswith(own)
        return own == digits or is_end and least >= LEAST_DIGITS

    def _sort_out(self, statement, journal):
        """:return: new, alike and known lines: see ``settlement.known_lines``"""
        days = [line.day for line in statement.lines]
        days += [line.booked for line in statement.lines if line.booked]
        if not days:
            return [], [], []
        stored = self.env["account.bank.statement.line"].search_fetch(
            [
                ("journal_id", "=", journal.id),
                ("date", ">=", min(days)),
                ("date", "<=", max(days)),
            ],
            ["date", "amount", "payment_ref", "ref"],
        )
        return sort_out(
            statement.lines,
            [
                Stored(
                    line.date,
                    rounding.to_kurus(line.amount),
                    line.payment_ref or "",
                    line.ref or "",
                )
                for line in stored
            ],
        )

    def _refused_accounts(self, accounts):
        """:return: a sentence, if the lines cannot go where they belong"""
        _ = self.env._
        for statement, journal in accounts:
            if not journal and not statement.account:
                return _(
                    "The file does not say which account it is of. Choose the bank."
                )
            if not journal:
                return _(
                    "No bank journal has the account %s. Fill in the account number of"
                    " the journal; if it is not yours, this is a wrong file.",
                    statement.account,
                )
            currency = journal.currency_id or journal.company_id.currency_id
            if statement.currency not in ("", currency.name):
                return _(
                    "The file is in %(file)s, and the bank journal in %(journal)s.",
                    file=statement.currency,
                    journal=currency.name,
                )
        return None

    def _refused(self, error):
        _ = self.env._
        own = {
            "format": _("This is no bank statement that we know."),
            "no_header": _(
                "No row names the columns: the day, the text (Açıklama) and the amount"
                " are needed."
            ),
            "no_rows": _("There are no lines in the file."),
        }
        return file_words.refused(self.env, error, own)

    # === PREVIEW === #

    def _told(self, accounts):
        sorted_out = [
            (statement, journal, *self._sort_out(statement, journal))
            for statement, journal in accounts
        ]
        days = [
            line.day for statement, _journal in accounts for line in statement.lines
        ]
        count = sum(len(statement.lines) for statement, _journal in accounts)
        return {
            "state": "preview",
            "row_count": count,
            "new_count": sum(len(new) for _s, _j, new, _alike, _known in sorted_out),
            "alike_count": sum(len(alike) for _s, _j, _new, alike, _k in sorted_out),
            "known_count": sum(len(known) for _s, _j, _new, _a, known in sorted_out),
            "done_count": 0,
            "date_from": min(days, default=False),
            "date_to": max(days, default=False),
            "preview": self.env["ir.qweb"]._render(
                "pos_gateway.statement_file_preview",
                {"accounts": [self._account_values(*one) for one in sorted_out]},
            ),
        }

    def _account_values(self, statement, journal, new, alike, known):
        currency = journal.currency_id or journal.company_id.currency_id

        def money(kurus):
            return currency.format(float(rounding.to_major(kurus)))

        def told(line):
            return {
                "day": format_date(self.env, line.day),
                "text": line.text,
                "amount": money(line.amount),
                "is_in": line.amount > 0,
                "is_alike": line in alike,
                "is_pos": line.purpose is not Purpose.OTHER or bool(line.terminal),
            }

        return {
            "account": statement.account,
            "journal": journal.display_name,
            "opening": statement.opening is not None and money(statement.opening),
            "closing": statement.closing is not None and money(statement.closing),
            "gap": self._gap(statement, journal, money),
            "new": len(new),
            "known": len(known),
            "lines": [told(line) for line in new[:SHOWN_LINES]],
            "hidden": max(len(new) - SHOWN_LINES, 0),
        }

    def _gap(self, statement, journal, money):
        """:return: a sentence, if the statement before this one ended otherwise"""
        if statement.opening is None or not statement.lines:
            return ""
        before = self.env["account.bank.statement"].search(
            [("journal_id", "=", journal.id), ("date", "<", statement.lines[0].day)],
            order="date desc, id desc",
            limit=1,
        )
        ended = before and rounding.to_kurus(before.balance_end_real)
        if not before or ended == statement.opening:
            return ""
        return self.env._(
            "The statement before this one (%(name)s) ended with %(ended)s, this one"
            " begins with %(begins)s: a statement may be missing.",
            name=before.name,
            ended=money(ended),
            begins=money(statement.opening),
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_imported(self):
        if any(file.state in ("importing", "done") for file in self):
            raise UserError(
                self.env._("What was imported is kept. Take it back first.")
            )
