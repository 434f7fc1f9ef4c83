import re

from odoo.addons.pos_gateway.tabular.folding import fold

from ..receivable_list.reading import Problem


class ReceivableList:
    """Rows of a file, with the debtor and the dealer that each of them means.

    :param env: in sudo mode where a dealer imports its own list: partners are looked
        for among the debtors of a dealer only, whoever asks
    :param rows: list of ``OwedRow``
    :param creditor: the dealer to whom all of it is owed; or nothing, then each row
        names one by its code
    """

    def __init__(self, env, rows, company, creditor=None):
        self.env, self.company = env, company
        self.creditor = creditor
        self.ready, self.problems = [], []
        self._debtors = {}
        self._creditors = {}
        resolved = [self._resolve(row) for row in rows]
        self._refuse_repeated([item for item in resolved if item])

    def carry_out(self):
        """Make them all, or none: the caller's transaction."""
        return self.env["dealer.receivable"].create(
            [
                {
                    "creditor_id": creditor.id,
                    "debtor_id": debtor.id,
                    "currency_id": self.company.currency_id.id,
                    "amount": float(row.amount),
                    "date_due": row.date_due,
                    "reference": row.reference or False,
                }
                for row, creditor, debtor in self.ready
            ]
        )

    # === WHO IS MEANT === #

    def _resolve(self, row):
        creditor = self.creditor or self._find_creditor(row.creditor)
        if not creditor:
            self._refuse(row, "creditor", "creditor", row.creditor)
            return None
        found = self._find_debtors(creditor, row.debtor)
        if len(found) != 1:
            reason = "ambiguous" if found else "unknown"
            self._refuse(row, "debtor", reason, row.debtor)
            return None
        return row, creditor, found

    def _refuse(self, row, column, reason, text="", other=0):
        self.problems.append(Problem(row.number, column, reason, text[:60], other))

    def _find_creditor(self, code):
        dealers = self.env["dealer.dealer"]
        if code not in self._creditors:
            self._creditors[code] = code and dealers.search(
                [("code", "=", code), ("company_id", "=", self.company.id)]
            )
        return self._creditors[code] or dealers

    def _find_debtors(self, creditor, text):
        """By tax number, then by code, then by name; the first that finds any."""
        if creditor not in self._debtors:
            self._debtors[creditor] = self._index(creditor)
        by_vat, by_code, by_name = self._debtors[creditor]
        digits = re.sub(r"\s", "", text).upper().removeprefix("TR")
        found = by_vat.get(digits) or by_code.get(fold(text)) or by_name.get(fold(text))
        return self.env["res.partner"].browse(found or ())

    def _index(self, creditor):
        """:return: three dicts of a key -> ids of the debtors that have it"""
        nodes = self.env["dealer.dealer"].search([("parent_id", "=", creditor.id)])
        customers = self.env["res.partner"].search(creditor._customers_domain())
        by_vat, by_code, by_name = {}, {}, {}
        for partner in customers | nodes.partner_id:
            digits = re.sub(r"\s", "", partner.vat or "").upper().removeprefix("TR")
            self._add(by_vat, digits, partner)
            self._add(by_code, fold(partner.ref or ""), partner)
            self._add(by_name, fold(partner.name or ""), partner)
        for node in nodes:
            self._add(by_code, fold(node.code or ""), node.partner_id)
        return by_vat, by_code, by_name

    @staticmethod
    def _add(index, key, partner):
        if key and partner.id not in index.setdefault(key, []):
            index[key].append(partner.id)

    # === WHAT IS THERE ALREADY === #

    def _refuse_repeated(self, items):
        known = self._known(items)
        seen = {}
        for row, creditor, debtor in items:
            key = (
                creditor.id,
                debtor.id,
                row.reference,
                f"{row.amount:.2f}",
                row.date_due,
            )
            if key in seen:
                self._refuse(row, "debtor", "twice", row.debtor, seen[key])
            elif key in known:
                self._refuse(row, "debtor", "known", known[key])
            else:
                seen[key] = row.number
                self.ready.append((row, creditor, debtor))

    def _known(self, items):
        """:return: dict of the same keys -> number, of what is in the database"""
        creditors = {creditor.id for _row, creditor, _debtor in items}
        debtors = {debtor.id for _row, _creditor, debtor in items}
        dues = {row.date_due for row, _creditor, _debtor in items}
        found = self.env["dealer.receivable"].search_fetch(
            [
                ("creditor_id", "in", list(creditors)),
                ("debtor_id", "in", list(debtors)),
                ("date_due", "in", list(dues)),
                ("state", "!=", "cancelled"),
            ],
            ["name", "creditor_id", "debtor_id", "reference", "amount", "date_due"],
        )
        return {
            (
                owed.creditor_id.id,
                owed.debtor_id.id,
                owed.reference or "",
                f"{owed.amount:.2f}",
                owed.date_due,
            ): owed.name
            for owed in found
        }
