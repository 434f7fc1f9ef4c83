from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..pricing import rounding
from ..pricing.rates import rate_text
from ..protocols.types import Operation
from ..settlement.books import Expected
from ..settlement.findings import Kind
from ..settlement.rows import RowKind, plain_number
from ..settlement.three_way import compare

WINDOW = timedelta(days=400)
OPEN_STATES = ("open", "claimed")
DAYS_OF_YEAR = 365


class PosGatewayFinding(models.Model):
    """What differs between books, report and bank account, until it is settled.

    Found again it is the same record; what does not hold any more is closed by itself.
    """

    _name = "pos.gateway.finding"
    _description = "Settlement Finding"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "sentence"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            (Kind.COMMISSION.value, "Commission"),
            (Kind.VALUE_DATE.value, "Value Date"),
            (Kind.INSTALLMENTS.value, "Installments"),
            (Kind.AMOUNT.value, "Amount"),
            (Kind.MISSING_IN_REPORT.value, "Missing in the Report"),
            (Kind.UNKNOWN_IN_REPORT.value, "Unknown Transaction"),
            (Kind.DUPLICATE_IN_REPORT.value, "Twice in the Report"),
            (Kind.MISSING_DEPOSIT.value, "Missing Deposit"),
            (Kind.LATE_DEPOSIT.value, "Late Deposit"),
            (Kind.DEPOSIT.value, "Deposit of Another Amount"),
            (Kind.DUPLICATE_DEPOSIT.value, "Deposit Twice"),
            (Kind.REFUND_COMMISSION.value, "Commission Kept on a Refund"),
            (Kind.BLOCKED.value, "Blocked"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    sentence = fields.Char(compute="_compute_sentence", string="What It Is")
    provider_id = fields.Many2one(
        "payment.provider", "POS", readonly=True, index="btree_not_null"
    )
    transaction_id = fields.Many2one(
        "payment.transaction", "Card Payment", readonly=True, index="btree_not_null"
    )
    report_line_id = fields.Many2one(
        "pos.gateway.report.line", "Row of a Report", readonly=True, ondelete="set null"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True, help="Above zero the bank owes it to the company."
    )
    net = fields.Monetary("Of", readonly=True, help="What is not there in time.")
    cost_of_delay = fields.Monetary(
        readonly=True,
        help="Net × days × the company's yearly rate for delays / 365.",
    )
    days = fields.Integer(readonly=True)
    order = fields.Char(readonly=True)
    terminal = fields.Char(readonly=True)
    auth_code = fields.Char("Authorisation Code", readonly=True)
    rrn = fields.Char("RRN", readonly=True)
    batch_day = fields.Date(readonly=True)
    value_date = fields.Date(readonly=True)
    reported_value_date = fields.Date("Value Date of the Bank", readonly=True)
    agreed_rate = fields.Char(readonly=True)
    reported_rate = fields.Char("Rate of the Bank", readonly=True)
    agreed_count = fields.Integer("Agreed Installments", readonly=True)
    reported_count = fields.Integer("Installments of the Bank", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", tracking=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("claimed", "Claimed"),
            ("accepted", "The Bank Accepts"),
            ("refused", "The Bank Refuses"),
            ("closed", "Closed"),
        ],
        default="open",
        required=True,
        tracking=True,
        index=True,
    )
    claimed_on = fields.Date(readonly=True)

    _key_unique = models.Constraint(
        "UNIQUE(company_id, key)", "The same finding is kept once."
    )

    @api.depends("kind", "amount", "days", "agreed_rate", "reported_rate")
    def _compute_sentence(self):
        for finding in self:
            finding.sentence = finding._sentence()

    def _sentence(self):
        _ = self.env._
        money = self.currency_id.format
        values = {
            "amount": money(abs(self.amount)),
            "order": self.order or self.auth_code or self._reference_text(),
            "days": self.days,
            "agreed": self.agreed_rate or "–",
            "taken": self.reported_rate or "–",
        }
        return {
            Kind.COMMISSION: self._commission_sentence(values),
            Kind.VALUE_DATE: _(
                "%(order)s: the bank pays %(days)s days later than agreed", **values
            ),
            Kind.INSTALLMENTS: _(
                "%(order)s: the bank has another number of installments; %(amount)s",
                **values,
            ),
            Kind.AMOUNT: _("%(order)s: another amount, %(amount)s differ", **values),
            Kind.MISSING_IN_REPORT: _(
                "%(order)s: charged, and in no report; %(amount)s", **values
            ),
            Kind.UNKNOWN_IN_REPORT: _(
                "%(order)s: in the report, and no payment of ours; %(amount)s", **values
            ),
            Kind.DUPLICATE_IN_REPORT: _(
                "%(order)s: twice in the report; %(amount)s", **values
            ),
            Kind.MISSING_DEPOSIT: _("%(amount)s did not come", **values),
            Kind.LATE_DEPOSIT: _("the money came %(days)s days late", **values),
            Kind.DEPOSIT: _("%(amount)s less came than announced", **values)
            if self.amount > 0
            else _("%(amount)s more came than announced", **values),
            Kind.DUPLICATE_DEPOSIT: _("%(amount)s came twice", **values),
            Kind.REFUND_COMMISSION: _(
                "%(order)s: the bank kept %(amount)s of the commission of a refund",
                **values,
            ),
            Kind.BLOCKED: _("%(amount)s are blocked for %(days)s days", **values),
        }[Kind(self.kind)]

    def _commission_sentence(self, values):
        _ = self.env._
        if self.amount <= 0:
            return _("%(order)s: the bank took %(amount)s less than agreed", **values)
        if not self.reported_rate:
            return _("%(order)s: the bank took %(amount)s more than agreed", **values)
        return _(
            "%(order)s: the bank took %(taken)s %% instead of %(agreed)s %%,"
            " %(amount)s too much",
            **values,
        )

    def _reference_text(self):
        """:return: what a finding about a whole deposit is known by"""
        return self.terminal or ""

    # === COMPARING === #

    @api.model
    def _compare(self, company):
        """Compare books, reports and accounts of a company, and keep what differs.

        In sudo mode: it is the machine's work, whoever's import set it off.

        :return: the findings that hold now
        """
        self = self.sudo()
        since = fields.Date.today() - WINDOW
        lines = self.env["pos.gateway.report.line"].search(
            [
                ("company_id", "=", company.id),
                ("provider_id", "!=", False),
                ("value_date", ">=", since),
            ],
            order="id",
        )
        if not lines:
            return self.browse()
        books = self._books(company, lines)
        bank_lines = self._bank_lines(company, since)
        as_of = max((line.day for line in bank_lines), default=since)
        result = compare(books, lines._report_rows(), bank_lines, as_of)
        self._note_pairs(result.paired)
        return self._keep(company, result.findings, lines)

    def _books(self, company, lines):
        """:return: list of ``books.Expected`` of the days that the reports are about"""
        first = min(lines.mapped("day"))
        slices = self.env["pos.gateway.settlement"].search(
            [
                ("company_id", "=", company.id),
                ("provider_id", "in", lines.provider_id.ids),
                ("captured_on", ">=", first - timedelta(days=5)),
            ],
            order="transaction_id, number, id",
        )
        voids = self._voids(slices.transaction_id)
        return [
            self._expected(transaction, own, transaction in voids.source_transaction_id)
            for transaction, own in slices.grouped("transaction_id").items()
            if transaction not in voids  # no report has it, nor what it undid
        ]

    def _voids(self, transactions):
        """:return: those that took a payment back before the bank's day had ended"""
        calls = (
            self.env["pos.gateway.call"]
            .sudo()
            .search(
                [
                    ("child_id", "in", transactions.ids),
                    ("operation", "=", Operation.VOID.value),
                    ("child_id.state", "=", "done"),
                ]
            )
        )
        return calls.child_id

    @staticmethod
    def _expected(transaction, slices, is_voided):
        is_refund = transaction.operation == "refund"
        charge = transaction._gateway_charged_transaction()
        references = transaction.gateway_references or {}
        terms = transaction._gateway_cost_terms()
        return Expected(
            key=transaction.id,
            kind=RowKind.REFUND if is_refund else RowKind.SALE,
            order=charge.gateway_order_id or "",
            day=transaction._gateway_bank_date(),
            total=rounding.to_kurus(transaction.amount),
            terminal=transaction.provider_id._gateway_report_number(),
            count=charge.gateway_installment_count or 1,
            auth_code=transaction.gateway_authorisation_code or "",
            rrn=references.get("rrn") or references.get("RRN") or "",
            slices=tuple(one._slice() for one in slices) if slices[0].is_agreed else (),
            rate=rate_text(terms.rate) if terms else "",
            is_voided=is_voided,
            is_open=not is_voided,
            of=charge.id if is_refund else None,
            currency=transaction.currency_id.name,
        )

    def _bank_lines(self, company, since):
        journals = self.env["payment.provider"]._gateway_of_company(company).journal_id
        found = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", company.id),
                ("journal_id", "in", journals.ids),
                ("date", ">=", since),
            ]
        )
        return [line._gateway_bank_line() for line in found]

    def _note_pairs(self, paired):
        """Write which row is which payment, and which part of it."""
        report_lines = self.env["pos.gateway.report.line"]
        transactions = self.env["payment.transaction"]
        for row, found in paired.rows:
            line = report_lines.browse(row.number)
            transaction = transactions.browse(found.key if found else False)
            if line.transaction_id != transaction:
                line.transaction_id = transaction
            if not found or row.kind is RowKind.CANCEL:
                continue
            parts = transaction.sudo().gateway_settlement_ids.filtered(
                lambda one: one.kind != "chargeback"
            )
            own = parts.filtered(lambda one, row=row: one.number == row.part)
            if len(parts) == 1:
                own = parts
            if len(own) == 1 and own.report_line_id != line:
                own.report_line_id = line

    def _keep(self, company, found, lines):
        known = {one.key: one for one in self.search([("company_id", "=", company.id)])}
        by_code = {
            (plain_number(line.terminal or ""), line.auth_code or "", line.rrn or ""): (
                line
            )
            for line in lines
        }
        rate = Decimal(str(company.gateway_delay_rate or 0))
        kept, held = self.browse(), set()
        for one in found:
            key = self._key(one)
            if key in held:
                continue
            held.add(key)
            values = self._values(one, rate)
            line = by_code.get((plain_number(one.terminal), one.auth_code, one.rrn))
            values["report_line_id"] = line.id if line else False
            provider = line.provider_id if line else self._provider_of(lines, one)
            values["provider_id"] = provider.id
            if key in known:
                record = known[key]
                record.write(self._changed(record, values))
            else:
                record = self.create({"company_id": company.id, "key": key, **values})
            kept |= record
        gone = self.browse().union(
            *(one for key, one in known.items() if key not in held)
        )
        for finding in gone.filtered(lambda one: one.state in OPEN_STATES):
            finding.state = "closed"
            finding.message_post(body=self.env._("It does not differ any more."))
        return kept

    @staticmethod
    def _provider_of(lines, one):
        number = plain_number(one.terminal)
        for provider in lines.provider_id:
            if number in provider._gateway_report_numbers():
                return provider
        return lines.provider_id.browse()

    @staticmethod
    def _key(one):
        return "|".join(
            str(part or "")
            for part in (
                one.kind.value,
                plain_number(one.terminal),
                one.key or one.order,
                one.auth_code,
                one.rrn,
                one.batch_day,
                one.value_date,
                one.reference,
            )
        )

    @staticmethod
    def _changed(record, values):
        """:return: what differs: writing the rest would only make noise"""

        def stored(name):
            value = record[name]
            return value.id if isinstance(value, models.BaseModel) else value

        return {
            name: value
            for name, value in values.items()
            if (stored(name) or False) != (value or False)
        }

    @staticmethod
    def _values(one, rate):
        def major(kurus):
            return float(rounding.to_major(kurus or 0))

        delay = Decimal(0)
        if one.days and one.days > 0 and one.net:
            delay = Decimal(one.net) * one.days * rate / (100 * DAYS_OF_YEAR)
        return {
            "kind": one.kind.value,
            "amount": major(one.amount),
            "net": major(one.net),
            "cost_of_delay": major(rounding.round_kurus(delay)),
            "days": one.days or 0,
            "transaction_id": one.key or False,
            **{
                name: getattr(one, name) or False
                for name in (
                    "order", "terminal", "auth_code", "rrn", "batch_day", "value_date",
                    "reported_value_date", "agreed_rate", "reported_rate",
                )
            },
            "agreed_count": one.agreed_count or 0,
            "reported_count": one.reported_count or 0,
        }  # fmt: skip

    # === PAGES AND VERBS === #

    def action_compare(self):
        """Compare again, now."""
        self.check_access("write")
        for company in self.env.companies:
            self.sudo()._compare(company)
        return True

    def action_take(self):
        """The one who presses it looks after these."""
        self.user_id = self.env.user
        return True

    def action_accepted(self):
        """The bank agrees."""
        self.state = "accepted"
        return True

    def action_refused(self):
        """The bank does not agree."""
        self.state = "refused"
        return True

    def action_close(self):
        """It is settled."""
        self.state = "closed"
        return True

    def action_reopen(self):
        """It is not settled after all."""
        self.state = "open"
        return True

    def action_claim(self):
        """Print a letter to the bank with these, and note that they are claimed."""
        if len(self.provider_id) != 1:
            return self._one_bank_please()
        self.filtered(lambda one: one.state == "open").write(
            {"state": "claimed", "claimed_on": fields.Date.context_today(self)}
        )
        report = self.env.ref("pos_gateway.action_report_claim")
        return report.report_action(self, config=False)

    def _one_bank_please(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Choose findings of one POS for a letter."),
            },
        }

    def action_open_transaction(self):
        """Open the card payment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.transaction",
            "res_id": self.transaction_id.id,
            "view_mode": "form",
        }
