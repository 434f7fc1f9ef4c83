"""What a list of dealers would make, and the making of it."""

from odoo.fields import Domain

from ..dealer_list.reading import DealerRow, Problem
from ..dealer_list.tree import arrange, duplicates


class DealerListChanges:
    """:param rows: of ``DealerRow`` and ``Problem``

    :ivar levels: rows to make, those above first
    :ivar problems: by row; with one of them nothing is made
    """

    def __init__(self, env, company, rows):
        self.env, self.company = env, company
        listed = [row for row in rows if isinstance(row, DealerRow)]
        self.problems = [row for row in rows if isinstance(row, Problem)]
        self.known = self._known_dealers()
        self.problems += duplicates(listed)
        self.problems += self._existing(listed)
        max_depth = env["dealer.dealer"]._max_depth()
        levels = {code: level for code, (_id, level) in self.known.items()}
        self.levels, problems = arrange(listed, levels, max_depth)
        self.problems += problems
        self.problems.sort(key=lambda problem: problem.number)

    @property
    def rows(self):
        return [row for level in self.levels for row in level]

    def _known_dealers(self):
        """:return: dict of code -> (id, level)"""
        dealers = self.env["dealer.dealer"].with_context(active_test=False)
        domain = Domain("company_id", "=", self.company.id) & Domain(
            "code", "!=", False
        )
        rows = dealers.search_read(domain, ["code", "level"])
        return {row["code"]: (row["id"], row["level"]) for row in rows}

    def _existing(self, listed):
        numbers = [row.tax_number for row in listed if row.tax_number]
        taken = set(
            self.env["dealer.dealer"]
            .with_context(active_test=False)
            .search(
                Domain("company_id", "=", self.company.id)
                & Domain("partner_id.vat", "in", numbers)
            )
            .partner_id.mapped("vat")
        )
        for row in listed:
            if row.code in self.known:
                yield Problem(row.number, "code", "known", row.code)
            if row.tax_number in taken:
                yield Problem(row.number, "tax_number", "known", row.tax_number)

    # === WRITING === #

    def carry_out(self):
        """Make all of them, in this database transaction.

        :return: the dealers
        """
        ids = {code: id_ for code, (id_, _level) in self.known.items()}
        made = self.env["dealer.dealer"]
        for level in self.levels:
            partners = self._make_partners(level)
            dealers = self.env["dealer.dealer"].create(
                [
                    {
                        "partner_id": partner.id,
                        "code": row.code,
                        "parent_id": ids.get(row.parent, False),
                        "company_id": self.company.id,
                    }
                    for row, partner in zip(level, partners, strict=True)
                ]
            )
            ids.update(zip((row.code for row in level), dealers.ids, strict=True))
            made += dealers
        return made

    def _make_partners(self, rows):
        # sudo: who may make a dealer need not be allowed to edit contacts
        partners_sudo = (
            self.env["res.partner"]
            .sudo()
            .with_context(tracking_disable=True, no_vat_validation=True)
            .create(
                [
                    {
                        "name": row.name,
                        "is_company": True,
                        "vat": row.tax_number or False,
                        "email": row.email or False,
                        "phone": row.phone or False,
                        "country_id": self.company.country_id.id,
                    }
                    for row in rows
                ]
            )
        )
        self.env["res.partner.bank"].sudo().create(
            [
                {"acc_number": row.iban, "partner_id": partner.id}
                for row, partner in zip(rows, partners_sudo, strict=True)
                if row.iban
            ]
        )
        return partners_sudo
