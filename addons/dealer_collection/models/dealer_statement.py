"""Statement of account: what happened between two days, with a running balance.

Plain rows, for the portal, the PDF and the spreadsheet alike. Two kinds of account:
with the company, read from its ledger; and between dealers, below the ledger.
"""

from dataclasses import dataclass, field
from datetime import date

from odoo import models
from odoo.tools import SQL

from ..money import to_major, to_minor

# Days after the due date with which a bucket ends.
BUCKETS = (0, 30, 60, 90)


@dataclass(frozen=True)
class Row:
    """:param amount: minor units; above zero the debtor owes more"""

    day: date
    document: str
    label: str
    due: date | None
    amount: int
    balance: int
    move_id: int | None = None

    @property
    def debit(self):
        return max(self.amount, 0)

    @property
    def credit(self):
        return max(-self.amount, 0)


@dataclass
class Statement:
    """One currency of an account. Amounts are minor units (kuruş).

    :param aging: what is open on the last day, by how late it is then: not due, up to
        30, 60, 90 days, and later; credit that closes nothing is in the first
    """

    currency: models.Model
    date_from: date
    date_to: date
    opening: int
    rows: list[Row] = field(default_factory=list)
    aging: tuple[int, ...] = (0,) * (len(BUCKETS) + 1)

    @property
    def debit(self):
        return sum(row.debit for row in self.rows)

    @property
    def credit(self):
        return sum(row.credit for row in self.rows)

    @property
    def closing(self):
        return self.opening + self.debit - self.credit

    def money(self, minor):
        """:return: the amount as the ORM and spreadsheets have it"""
        return float(to_major(minor, self.currency.decimal_places))

    def text(self, minor):
        return self.currency.format(self.money(minor))


def bucket_of(due, day):
    """:return: index of the bucket of what is due then, seen from ``day``"""
    late = (day - due).days if due else 0
    return sum(late > last for last in BUCKETS)


def running(statement, events):
    """Fill in the rows, in the order of the events, with the balance after each."""
    balance = statement.opening
    for day, document, label, due, amount, move_id in events:
        balance += amount
        statement.rows.append(Row(day, document, label, due, amount, balance, move_id))
    return statement


class DealerDealer(models.Model):
    _inherit = "dealer.dealer"

    def _statements(self, date_from, date_to):
        """The dealer's account with the company, from the posted items on receivable
        accounts: one statement for each currency, the company's first.

        :return: list of :class:`Statement`; at least one
        """
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        by_currency = {}
        for row in self.env.execute_query(self._statement_query(date_from, date_to)):
            by_currency.setdefault(row[0], []).append(row[1:])
        own = self.company_id.currency_id
        by_currency.setdefault(own.id, [])
        currencies = self.env["res.currency"].browse(by_currency)
        return [
            self._statement(currency, by_currency[currency.id], date_from, date_to)
            for currency in currencies.sorted(lambda c: (c != own, c.name))
        ]

    def _statement(self, currency, rows, date_from, date_to):
        decimals = currency.decimal_places
        opening, events = 0, []
        aging = [0] * (len(BUCKETS) + 1)
        for row in rows:
            day, name, ref, label, due, amount, open_, move_id, move_type, _id = row
            minor = to_minor(amount, decimals)
            # Of credit no part is late.
            bucket = bucket_of(due, date_to) if open_ > 0 else 0
            aging[bucket] += to_minor(open_, decimals)
            if day < date_from:
                opening += minor
            else:
                label = self._statement_label(move_type, name, ref, label)
                events.append((day, name, label, due, minor, move_id))
        statement = Statement(currency, date_from, date_to, opening, aging=tuple(aging))
        return running(statement, events)

    def _statement_query(self, date_from, date_to):
        """One row for each item until the last day, with what was open of it then; and,
        where an item in one currency closed one in another, what each took of it.
        """
        return SQL(
            """
            WITH item AS (
            SELECT line.id, line.currency_id, line.date, move.name, move.ref,
                   line.name AS label, line.date_maturity, line.amount_currency,
                   line.move_id, move.move_type
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %(company)s
               AND line.partner_id = %(partner)s
               AND account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.date <= %(date_to)s
            ), side AS (
            SELECT item.id, part.credit_move_id AS other_id, part.max_date,
                   -part.debit_amount_currency AS amount
              FROM item
              JOIN account_partial_reconcile part ON part.debit_move_id = item.id
             WHERE part.max_date <= %(date_to)s
         UNION ALL
            SELECT item.id, part.debit_move_id, part.max_date,
                   part.credit_amount_currency
              FROM item
              JOIN account_partial_reconcile part ON part.credit_move_id = item.id
             WHERE part.max_date <= %(date_to)s
            )
            SELECT item.currency_id, item.date, item.name, item.ref, item.label,
                   item.date_maturity, item.amount_currency,
                   item.amount_currency + COALESCE(
                       (SELECT SUM(amount) FROM side WHERE side.id = item.id), 0),
                   item.move_id, item.move_type, item.id
              FROM item
             WHERE item.amount_currency <> 0
         UNION ALL
            SELECT item.currency_id, side.max_date, move.name, NULL, NULL,
                   NULL, side.amount, 0, other.move_id, 'exchanged', item.id
              FROM side
              JOIN item ON item.id = side.id
              JOIN account_move_line other ON other.id = side.other_id
              JOIN account_move move ON move.id = other.move_id
             WHERE other.currency_id <> item.currency_id AND side.amount <> 0
          ORDER BY 2, 9, 11
            """,
            company=self.company_id.id,
            partner=self.partner_id.id,
            date_to=date_to,
        )

    def _statement_label(self, move_type, name, ref, label):
        kinds = {
            "out_invoice": self.env._("Invoice"),
            "out_refund": self.env._("Credit note"),
            "entry": self.env._("Payment or entry"),
            "exchanged": self.env._("Paid in another currency"),
        }
        # Core repeats the number of the invoice.
        text = (ref or label or "").removeprefix(name or "").strip()
        kind = kinds.get(move_type, "")
        return f"{kind} – {text}" if kind and text else kind or text

    def _has_account_with_company(self):
        """:return: whether there is, or may be, anything in the company's ledger"""
        return self.is_company_customer or bool(
            self.env["account.move.line"].search_count(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ],
                limit=1,
            )
        )


class DealerAccount(models.Model):
    _inherit = "dealer.account"

    def _statements(self, date_from, date_to):
        """The account between a dealer and whoever owes it.

        :return: list of one :class:`Statement`
        """
        self.ensure_one()
        opening, kept = 0, []
        for event in sorted(self._statement_events(), key=lambda one: one[0]):
            if event[0] > date_to:
                continue
            if event[0] < date_from:
                opening += event[4]
            else:
                kept.append(event)
        statement = Statement(self.currency_id, date_from, date_to, opening)
        running(statement, kept)
        statement.aging = self._statement_aging(date_to, statement.closing)
        return [statement]

    def _statement_events(self):
        decimals = self.currency_id.decimal_places
        events = [
            (
                owed.date,
                owed.reference or owed.name,
                self.env._("Receivable"),
                owed.date_due,
                to_minor(owed.amount, decimals),
                None,
            )
            for owed in self.receivable_ids.filtered("amount")
        ]
        for paid in self.payment_ids:
            name = paid.collection_id.name
            amount = to_minor(paid.amount_paid, decimals)
            day = paid.date.date()
            events.append((day, name, self.env._("Payment"), None, -amount, None))
            events += self._statement_refunds(paid, name, decimals)
        return events

    def _statement_refunds(self, paid, name, decimals):
        """What was given back, on the days of the refunds: in all what is noted."""
        left = to_minor(paid.amount_refunded, decimals)
        refunds = paid.transaction_id.sudo()._gateway_refunds("done").sorted("id")
        for refund in refunds:
            amount = min(to_minor(-refund.gateway_base_amount, decimals), left)
            left -= amount
            day = (refund.last_state_change or paid.date).date()
            if amount:
                yield (day, name, self.env._("Given back"), None, amount, None)
        if left:
            day = paid.date.date()
            yield (day, name, self.env._("Given back"), None, left, None)

    def _statement_aging(self, day, closing):
        """By what is open now: of days gone by nobody keeps what was open then."""
        decimals = self.currency_id.decimal_places
        aging = [0] * (len(BUCKETS) + 1)
        for owed in self.receivable_ids.filtered("amount_open"):
            if owed.date <= day:
                minor = to_minor(owed.amount_open, decimals)
                aging[bucket_of(owed.date_due, day)] += minor
        aging[0] += closing - sum(aging)
        return tuple(aging)
