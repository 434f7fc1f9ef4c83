import logging
from collections import defaultdict
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..pricing import rounding
from ..settlement import deposits
from ..settlement.bank_line import Purpose
from ..settlement.rows import ReportRow, RowKind, plain_number
from . import locks

_logger = logging.getLogger(__name__)

KINDS = {
    "charge": RowKind.SALE,
    "refund": RowKind.REFUND,
    "chargeback": RowKind.CHARGEBACK,
}
LOOK_BACK = timedelta(days=120)
# Of what fits a line nearly: so much of its amount, and so many days.
NEARLY, NEAR_DAYS = 0.2, 7
MOST_CANDIDATES = 5


class PosGatewayMatching(models.AbstractModel):
    """Finds which deposits pay which parts of card payments.

    What is certain is booked; what only looks likely waits for a person, with its
    reason. Lines that somebody has reconciled are never touched.
    """

    _name = "pos.gateway.matching"
    _description = "Matching of POS Deposits"

    @api.model
    def _cron_run(self):
        """Match the new lines of all companies that have a POS."""
        companies = self.env["payment.provider"]._gateway_active_companies()
        for company in companies:
            self._run(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _run(self, company):
        """In sudo mode: it is the machine's work, whoever set it off.

        :return: dict of counts: ``matched``, ``review``
        """
        self = self.sudo()
        lines = self._lines(company)
        if not lines:
            return {"matched": 0, "review": 0}
        matched = self._book_certain(company, lines)
        self._propose(company, lines)
        for line in lines:
            line.gateway_purpose = line._gateway_bank_line().purpose.value
        review = len(lines.filtered(lambda line: line.gateway_state == "review"))
        _logger.info(
            "company %s: %s deposits matched, %s to review", company.id, matched, review
        )
        return {"matched": matched, "review": review}

    def _book_certain(self, company, lines):
        """:return: how many lines were matched"""
        settlements = self._open_settlements(company)
        rows = [self._row(one) for one in settlements]
        # What a person has taken back is not done again.
        free = lines.filtered(lambda line: not line.gateway_by_hand)
        free.filtered("gateway_problem").gateway_problem = False
        found = deposits.match(
            [row for row in rows if row],
            [line._gateway_bank_line() for line in free],
            fields.Date.today(),
        )
        matched = self._book_paid(company, found, settlements)
        matched += self._book_chargebacks(found)
        return matched + self._book_blocks(found)

    # === WHAT THERE IS === #

    def _lines(self, company):
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", company.id),
                ("is_reconciled", "=", False),
                ("date", ">=", fields.Date.today() - LOOK_BACK),
                "|",
                ("gateway_state", "=", False),
                ("gateway_state", "=", "review"),
            ],
            order="date, id",
        )
        return lines.filtered(lambda line: line._gateway_is_free())

    def _open_settlements(self, company):
        return self.env["pos.gateway.settlement"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "expected"),
                ("move_line_id", "!=", False),
                ("due", "<=", fields.Date.today() + timedelta(days=NEAR_DAYS)),
            ]
        )

    def _row(self, settlement):
        """:return: the part as a row of a report, or the bank's own row of it"""
        told = settlement.report_line_id
        open_ = rounding.to_kurus(settlement.open_net)
        if not told and settlement.kind != "charge" and not open_:
            return None
        return ReportRow(
            number=settlement.id,
            kind=KINDS[settlement.kind],
            terminal=told.terminal or settlement.provider_id._gateway_report_number(),
            batch_day=told.batch_day or settlement.captured_on,
            day=told.day or settlement.captured_on,
            value_date=told.value_date or settlement.due,
            gross=rounding.to_kurus(settlement.gross),
            net=rounding.to_kurus(told.net) if told else open_,
            auth_code=settlement.transaction_id.gateway_authorisation_code or "",
            order=settlement.transaction_id.gateway_order_id or "",
            reference=told.reference or "",
            currency=settlement.currency_id.name,
        )

    # === WHAT IS CERTAIN === #

    def _book_paid(self, company, found, settlements):
        """Book the groups that a deposit pays to the kuruş, or within the tolerance."""
        tolerance = rounding.to_kurus(company.gateway_match_tolerance)
        matched = 0
        for group, bank_lines in found.paid:
            received = sum(line.amount for line in bank_lines)
            if abs(received - group.net) <= tolerance:
                matched += self._book(
                    self._browse_lines(bank_lines),
                    settlements.browse(row.number for row in group.rows),
                    {row.number: row.net for row in group.rows},
                )
        return matched

    def _book_chargebacks(self, found):
        settlements = self.env["pos.gateway.settlement"]
        return sum(
            self._book(
                self._browse_lines([bank_line]),
                settlements.browse(row.number),
                {row.number: row.net},
            )
            for row, bank_line in found.chargebacks
        )

    def _book(self, lines, parts, amounts):
        """:return: how many lines are matched now"""
        if not self._is_one_currency(lines, parts):
            return 0
        received = sum(rounding.to_kurus(line.amount) for line in lines)
        write_off = received != sum(amounts.values())
        return self._carry_out(
            lines, lambda: lines._gateway_book(parts, amounts, write_off=write_off)
        )

    def _carry_out(self, lines, book):
        """Book alone: where that fails its lines wait for a person, the others go on.

        :return: how many lines are matched now
        """
        try:
            with self.env.cr.savepoint():
                for line in lines:
                    locks.lock_document(line)
                if not all(line._gateway_is_free() for line in lines):
                    return 0
                book()
                lines.write({"gateway_state": "matched", "gateway_problem": False})
        except (UserError, RedirectWarning) as error:
            lines.write({"gateway_state": "review", "gateway_problem": error.args[0]})
            return 0
        return len(lines)

    def _book_blocks(self, found):
        """What was blocked and released again is even: both on one account."""
        matched = 0
        for blocked, released in found.blocks:
            if not released:
                continue
            lines = self._browse_lines([blocked, released])
            provider = self._provider_of(lines.company_id, blocked.terminal)
            account = provider.gateway_slips_account_id
            if account:
                book = partial(self._book_even, lines, account)
                matched += self._carry_out(lines, book)
        return matched

    def _book_even(self, lines, account):
        items = self.env["account.move.line"]
        for line in lines:
            whole = rounding.to_kurus(line.amount)
            items += line._gateway_replace([(account, whole)])
        items.reconcile()

    def _browse_lines(self, bank_lines):
        lines = self.env["account.bank.statement.line"]
        return lines.browse(line.number for line in bank_lines)

    @staticmethod
    def _is_one_currency(lines, parts):
        return len(lines.currency_id | parts.currency_id) == 1

    def _provider_of(self, company, terminal):
        """:return: the POS with this number; the only one, where none is named"""
        providers = self.env["payment.provider"]._gateway_of_company(company)
        named = providers.filtered(
            lambda one: (
                plain_number(one._gateway_report_number()) == plain_number(terminal)
            )
        )
        return (
            named[:1] if terminal else providers[:1] if len(providers) == 1 else named
        )

    # === WHAT IS LIKELY === #

    def _propose(self, company, lines):
        """Say of each line that looks like a deposit what it may pay."""
        left = lines.filtered(lambda line: line._gateway_is_free())
        groups = self._groups(company)
        for line in left:
            bank_line = line._gateway_bank_line()
            is_pos = bank_line.purpose in (Purpose.DEPOSIT, Purpose.CHARGEBACK)
            is_pos = is_pos or bool(bank_line.terminal)
            candidates = self._candidates(bank_line, groups, is_pos)
            self._keep_candidates(line, candidates)
            blocks = bank_line.purpose in (Purpose.BLOCK, Purpose.RELEASE)
            if is_pos or candidates or blocks or line.gateway_by_hand:
                line.gateway_state = "review"

    def _keep_candidates(self, line, candidates):
        """Those that are there already stay: somebody may be looking at them."""

        def key(match):
            return (
                match.provider_id.id,
                match.due,
                frozenset(match.settlement_ids.ids),
                rounding.to_kurus(match.difference),
                match.reason,
            )

        there = {key(match): match for match in line.gateway_match_ids}
        wanted = {
            (
                values["provider_id"],
                values["due"],
                frozenset(values["settlement_ids"][0][2]),
                rounding.to_kurus(values["difference"]),
                values["reason"],
            ): values
            for values in candidates
        }
        for known, match in there.items():
            if known not in wanted:
                match.unlink()
        self.env["pos.gateway.match"].create(
            [
                {"statement_line_id": line.id, **values}
                for known, values in wanted.items()
                if known not in there
            ]
        )

    def _groups(self, company):
        """:return: dict of (POS, value date) -> open parts, and kuruş open"""
        parts = defaultdict(lambda: self.env["pos.gateway.settlement"])
        for one in self._open_settlements(company):
            parts[one.provider_id, one.due] |= one
        return {
            key: (own, sum(rounding.to_kurus(one.open_net) for one in own))
            for key, own in parts.items()
        }

    def _candidates(self, bank_line, groups, is_pos):
        """:return: values of the likely ones, the best first"""
        found = []
        for (provider, due), (parts, net) in groups.items():
            days = (bank_line.day - due).days
            if abs(days) > NEAR_DAYS or not net:
                continue
            difference = bank_line.amount - net
            # Without a word of a POS in it only the exact amount counts.
            near = NEARLY * abs(bank_line.amount) if is_pos else 0
            number = plain_number(provider._gateway_report_number())
            is_named = plain_number(bank_line.terminal) in ("", number)
            if abs(difference) > near or not is_named:
                continue
            found.append(
                (
                    (abs(difference), abs(days)),
                    self._candidate(provider, due, parts, net, difference, days),
                )
            )
        found.sort(key=lambda pair: pair[0])
        return [values for _key, values in found[:MOST_CANDIDATES]]

    def _candidate(self, provider, due, parts, net, difference, days):
        _ = self.env._
        currency = parts.currency_id[:1]
        words = [_("all that %s is to pay on that day", provider.name)]
        if not difference:
            words.append(_("the amount is exact"))
        else:
            words.append(
                _(
                    "%s differs",
                    currency.format(float(rounding.to_major(abs(difference)))),
                )
            )
        if days > 0:
            words.append(_("%s days late", days))
        elif days < 0:
            words.append(_("%s days early", -days))
        return {
            "settlement_ids": [fields.Command.set(parts.ids)],
            "settlement_count": len(parts),
            "provider_id": provider.id,
            "due": due,
            "amount": float(rounding.to_major(net)),
            "difference": float(rounding.to_major(difference)),
            "difference_size": float(rounding.to_major(abs(difference))),
            "reason": "; ".join(words),
        }
