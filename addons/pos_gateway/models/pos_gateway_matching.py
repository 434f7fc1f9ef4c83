import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

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
        settlements = self._open_settlements(company)
        if not lines:
            return {"matched": 0, "review": 0}
        rows = [self._row(one) for one in settlements]
        bank_lines = [line._gateway_bank_line() for line in lines]
        found = deposits.match(
            [row for row in rows if row], bank_lines, fields.Date.today()
        )
        matched = self._book_paid(company, found, settlements)
        matched += self._book_chargebacks(found)
        matched += self._book_blocks(found)
        self._propose(company, lines)
        for bank_line, line in zip(bank_lines, lines, strict=True):
            line.gateway_purpose = bank_line.purpose.value
        review = len(lines.filtered(lambda line: line.gateway_state == "review"))
        _logger.info(
            "company %s: %s deposits matched, %s to review", company.id, matched, review
        )
        return {"matched": matched, "review": review}

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
        by_id = {one.id: one for one in settlements}
        tolerance = rounding.to_kurus(company.gateway_match_tolerance)
        matched = 0
        for group, bank_lines in found.paid:
            parts = settlements.browse(row.number for row in group.rows)
            lines = self._browse_lines(bank_lines)
            received = sum(line.amount for line in bank_lines)
            difference = received - group.net
            if abs(difference) > tolerance or not self._is_one_currency(lines, parts):
                continue
            for line in lines:
                locks.lock_document(line)
            if not all(line._gateway_is_free() for line in lines):
                continue
            amounts = {row.number: row.net for row in group.rows}
            lines._gateway_book(
                parts & settlements.browse(by_id), amounts, write_off=bool(difference)
            )
            lines.gateway_state = "matched"
            matched += len(lines)
        return matched

    def _book_chargebacks(self, found):
        settlements = self.env["pos.gateway.settlement"]
        for row, bank_line in found.chargebacks:
            line = self._browse_lines([bank_line])
            line._gateway_book(settlements.browse(row.number), {row.number: row.net})
            line.gateway_state = "matched"
        return len(found.chargebacks)

    def _book_blocks(self, found):
        """What was blocked and released again is even: both on one account."""
        matched = 0
        for blocked, released in found.blocks:
            if not released:
                continue
            lines = self._browse_lines([blocked, released])
            provider = self._provider_of(lines.company_id, blocked.terminal)
            account = provider.gateway_slips_account_id
            if not account or not all(line._gateway_is_free() for line in lines):
                continue
            items = self.env["account.move.line"]
            for line in lines:
                whole = rounding.to_kurus(line.amount)
                items += line._gateway_replace(account, [whole], 0)
            items.reconcile()
            lines.gateway_state = "matched"
            matched += len(lines)
        return matched

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
        left.gateway_match_ids.unlink()
        groups = self._groups(company)
        for line in left:
            bank_line = line._gateway_bank_line()
            is_pos = bank_line.purpose in (Purpose.DEPOSIT, Purpose.CHARGEBACK)
            is_pos = is_pos or bool(bank_line.terminal)
            candidates = self._candidates(bank_line, groups, is_pos)
            blocks = bank_line.purpose in (Purpose.BLOCK, Purpose.RELEASE)
            if not is_pos and not candidates and not blocks:
                continue
            line.gateway_state = "review"
            self.env["pos.gateway.match"].create(
                [{"statement_line_id": line.id, **values} for values in candidates]
            )

    def _groups(self, company):
        """:return: dict of (POS, value date) -> open parts"""
        groups = defaultdict(lambda: self.env["pos.gateway.settlement"])
        for one in self._open_settlements(company):
            groups[one.provider_id, one.due] |= one
        return groups

    def _candidates(self, bank_line, groups, is_pos):
        """:return: values of the likely ones, the best first"""
        found = []
        for (provider, due), parts in groups.items():
            days = (bank_line.day - due).days
            number = plain_number(provider._gateway_report_number())
            is_named = plain_number(bank_line.terminal) in ("", number)
            if abs(days) > NEAR_DAYS or not is_named:
                continue
            net = sum(rounding.to_kurus(one.open_net) for one in parts)
            difference = bank_line.amount - net
            # Without a word of a POS in it only the exact amount counts.
            near = NEARLY * abs(bank_line.amount) if is_pos else 0
            if abs(difference) > near or not net:
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
