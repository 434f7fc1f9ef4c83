from dataclasses import dataclass, field

from odoo import fields, models

from ..pricing.cards import CardKind
from ..pricing.rounding import to_kurus, to_major, to_percent, to_rate
from ..rate_grid import GridLine, write_grid
from ..rate_grid.grid import BSMV, FEE, VALUE_DATE, Column
from ..rate_grid.words import ENGLISH, TURKISH
from .pos_gateway_agreement_line import NOT_ON_US, ON_US


@dataclass
class GridChanges:
    """What a grid would change. Each text is in words.

    :param commands: for ``line_ids``
    :param same: number of rates that stay as they are
    :param kept: number of rates in columns that the grid does not have
    """

    commands: list = field(default_factory=list)
    added: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    same: int = 0
    kept: int = 0


class PosGatewayAgreement(models.Model):
    """The rates as a file in the form in which banks send them, and back."""

    _inherit = "pos.gateway.agreement"

    def action_export_grid(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/pos_gateway/agreement/{self.id}/rates.xlsx",
            "target": "download",
        }

    def action_import_grid(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import the Bank's Table"),
            "res_model": "pos.gateway.agreement.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _grid(self):
        """:return: an XLSX file with all rates, as bytes"""
        self.ensure_one()
        programs = {program.id: program.name for program in self.line_ids.program_id}
        title = f"{self.name} · {self.provider_id.name} · {self._period_words()}"
        is_turkish = (self.env.lang or "").startswith("tr")
        return write_grid(
            [line._grid_line() for line in self.line_ids],
            programs,
            title,
            self.currency_id.name,
            TURKISH if is_turkish else ENGLISH,
        )

    def _grid_changes(self, grid, keep_others):
        """Compare a grid with the rates.

        :param grid: a ``rate_grid.Grid`` without problems
        :param keep_others: leave rates in columns that the grid does not have
        :return: a :class:`GridChanges`
        """
        changes = GridChanges()
        existing = {line._grid_key(): line for line in self.line_ids}
        for grid_line in grid.lines:
            line = existing.pop((grid_line.column, grid_line.count), None)
            self._note_change(changes, grid_line, line)
        for (column, _count), line in existing.items():
            if keep_others and column not in grid.columns:
                changes.kept += 1
                continue
            changes.commands.append(fields.Command.delete(line.id))
            changes.removed.append(f"{line._conditions_words()}: {line._terms_words()}")
        return changes

    def _note_change(self, changes, grid_line, line):
        terms = self._terms_from_grid(grid_line, line)
        if line and line._grid_terms() == terms:
            changes.same += 1
            return
        values = self._values_from_grid(grid_line, terms)
        new = self.env["pos.gateway.agreement.line"].new(
            {**values, "agreement_id": self.id}
        )
        words = f"{new._conditions_words()}: "
        if line:
            changes.commands.append(fields.Command.update(line.id, values))
            words += f"{line._terms_words()} → {new._terms_words()}"
            changes.changed.append(words)
        else:
            changes.commands.append(fields.Command.create(values))
            changes.added.append(words + new._terms_words())

    def _terms_from_grid(self, grid_line, line):
        """:return: as ``_grid_terms``; what the grid has no rows for stays as it was"""
        old = line._grid_line() if line else GridLine(grid_line.column, 0, 0)

        def value(what):
            return getattr(grid_line if what in grid_line.said else old, what)

        fee, bsmv = value(FEE), value(BSMV)
        own = None
        if fee is not None or bsmv is not None:
            own = (
                to_kurus(self.fee) if fee is None else fee,
                to_rate(self.bsmv) if bsmv is None else bsmv,
            )
        return grid_line.rate, own, value(VALUE_DATE)

    def _values_from_grid(self, grid_line, terms):
        """:return: values of a line; ``terms`` as in ``_grid_terms``"""
        column = grid_line.column
        rate, own, value_date = terms
        values = {
            "program_id": column.program or False,
            "kind": column.kind.value if column.kind else False,
            "on_us": {None: False, True: ON_US, False: NOT_ON_US}[column.on_us],
            "valid_from": column.valid_from or False,
            "valid_to": column.valid_to or False,
            "installment_count": grid_line.count,
            "rate": float(to_percent(rate)),
            "has_own_terms": own is not None,
            "value_date_rule": value_date.rule if value_date else False,
            "days": value_date.days if value_date else 0,
            "first_days": value_date.first_days if value_date else 0,
            "interval_days": value_date.interval_days if value_date else 0,
        }
        if own is not None:
            fee, bsmv = to_major(own[0]), to_percent(own[1])
            values |= {"fee": float(fee), "bsmv": float(bsmv)}
        return values


class PosGatewayAgreementLine(models.Model):
    _inherit = "pos.gateway.agreement.line"

    def _grid_line(self):
        """:return: a ``rate_grid.GridLine``"""
        has_own = self.has_own_terms
        return GridLine(
            Column(
                self.program_id.id or None,
                CardKind(self.kind) if self.kind else None,
                self.on_us == ON_US if self.on_us else None,
                self.valid_from or None,
                self.valid_to or None,
            ),
            self.installment_count,
            to_rate(self.rate),
            fee=to_kurus(self.fee) if has_own else None,
            bsmv=to_rate(self.bsmv) if has_own else None,
            value_date=self._value_date() if self.value_date_rule else None,
        )

    def _grid_key(self):
        line = self._grid_line()
        return line.column, line.count

    def _grid_terms(self):
        """:return: rate; fee and tax rate, None if the agreement's; own value date"""
        line = self._grid_line()
        own = (line.fee, line.bsmv) if self.has_own_terms else None
        return line.rate, own, line.value_date
