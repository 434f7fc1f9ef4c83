from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.pos_gateway.models.locks import lock_document

from ..money import to_major, to_minor
from ..tiers.account import Account, Match, Payment


class DealerAccount(models.Model):
    """What one debtor owes one dealer: a sub-dealer or a customer of the dealer.

    The company's own ledger ends with its customers; what stands below is kept here, in
    whole minor units, by the arithmetic of ``tiers/account.py``. One row for each
    debtor, creditor and currency; whoever changes something locks it first.
    """

    _name = "dealer.account"
    _description = "Account Between Dealers"
    _rec_name = "debtor_id"
    _order = "creditor_id, debtor_id, id"
    _check_company_auto = True

    creditor_id = fields.Many2one(
        "dealer.dealer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    debtor_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    debtor_dealer_id = fields.Many2one(
        "dealer.dealer",
        "Debtor's Node",
        compute="_compute_debtor_dealer_id",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The debtor as a dealer, if it is one.",
    )
    company_id = fields.Many2one(
        related="creditor_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    receivable_ids = fields.One2many("dealer.receivable", "account_id")
    payment_ids = fields.One2many("dealer.account.payment", "account_id")
    amount_open = fields.Monetary(
        "Open", compute="_compute_amounts", store=True, help="Debts still to be paid."
    )
    amount_credit = fields.Monetary(
        "Credit",
        compute="_compute_amounts",
        store=True,
        help="Paid, and closing nothing yet: the next debt takes it.",
    )
    balance = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        help="What the debtor owes; negative if it has paid too much.",
    )

    _parties_unique = models.Constraint(
        "UNIQUE(creditor_id, debtor_id, currency_id)",
        "There is one account for each creditor, debtor and currency.",
    )

    @api.depends("debtor_id.dealer_ids", "company_id")
    def _compute_debtor_dealer_id(self):
        for account in self:
            account.debtor_dealer_id = account.debtor_id.dealer_ids.filtered(
                lambda dealer, company=account.company_id: dealer.company_id == company
            )[:1]

    @api.depends("receivable_ids.amount_open", "payment_ids.amount_free")
    def _compute_amounts(self):
        for account in self:
            opened = account._minor_sum(account.receivable_ids, "amount_open")
            credit = account._minor_sum(account.payment_ids, "amount_free")
            account.amount_open = account._major(opened)
            account.amount_credit = account._major(credit)
            account.balance = account._major(opened - credit)

    # === AMOUNTS === #

    def _minor(self, amount):
        return to_minor(amount, self.currency_id.decimal_places)

    def _major(self, minor):
        return float(to_major(minor, self.currency_id.decimal_places))

    def _minor_sum(self, records, name):
        return sum(self._minor(record[name]) for record in records)

    # === FINDING === #

    @api.model
    def _between(self, debtor, creditor, currency):
        """The account of a debtor with a dealer, made when it is first needed, locked.

        :param res.partner debtor: a company or person, not one of its contacts
        :param dealer.dealer creditor:
        """
        debtor = debtor.commercial_partner_id
        if debtor == creditor.partner_id:
            raise UserError(self.env._("%s cannot owe itself.", debtor.name))
        values = {
            "creditor_id": creditor.id,
            "debtor_id": debtor.id,
            "currency_id": currency.id,
        }
        account = self.sudo().search([(name, "=", key) for name, key in values.items()])
        account = account or self.sudo().create(values)
        lock_document(account)
        return account

    # === VERBS: the account must be locked === #

    def _pay(self, collection, transaction, amount, receivables=None):
        """Note a payment, which closes the chosen debts first.

        :param float amount: positive; the debt that was paid, without any surcharge
        :return: the ``dealer.account.payment``; the one of before if this was noted
        """
        self.ensure_one()
        known = self.payment_ids.filtered(lambda row: row.transaction_id == transaction)
        if known:
            return known
        payment = self.env["dealer.account.payment"].create(
            {
                "account_id": self.id,
                "collection_id": collection.id,
                "transaction_id": transaction.id,
                "amount_paid": amount,
            }
        )
        chosen = (receivables or self.env["dealer.receivable"]) & self.receivable_ids
        loaded = self._load(debts=chosen)
        loaded.payments.pop(payment.id)  # it was found as what closes nothing yet
        loaded.pay(
            Payment(payment.id, self._minor(amount), payment._order_key()), chosen.ids
        )
        self._store(loaded)
        return payment

    def _refund(self, payment, amount):
        """:param float amount: positive, what is given back of this payment now"""
        loaded = self._load(payments=payment)
        loaded.refund(payment.id, self._minor(amount))
        payment.amount_refunded = self._major(
            self._minor(payment.amount_refunded) + self._minor(amount)
        )
        self._store(loaded)

    def _debt_added(self, receivable):
        loaded = self._load()
        loaded.debts.pop(receivable.id, None)
        loaded.add_debt(receivable._as_debt())
        self._store(loaded)

    def _debt_lowered(self, receivable, amount):
        """:param float amount: what the debt is from now on; 0 cancels it"""
        loaded = self._load(debts=receivable)
        loaded.change_debt(receivable.id, self._minor(amount))
        receivable.sudo().with_context(dealer_account=True).amount = amount
        self._store(loaded)

    def _debt_settled(self, receivable):
        """A dispute has ended: money that waited may close the debt."""
        loaded = self._load(debts=receivable)
        loaded.use_credit()
        self._store(loaded)

    # === THE ARITHMETIC'S OWN VALUES === #

    def _load(self, debts=None, payments=None):
        """:return: an ``Account`` of what is open, and of what is asked for

        What was closed long ago by other payments is left out: it cannot change.
        """
        debts = debts or self.env["dealer.receivable"]
        payments = payments or self.env["dealer.account.payment"]
        matches = self.env["dealer.account.match"]
        touched = matches.search([("payment_id", "in", payments.ids)])
        debts |= touched.receivable_id
        debts |= debts.search([("account_id", "=", self.id), ("amount_open", ">", 0)])
        touched |= matches.search([("receivable_id", "in", debts.ids)])
        payments |= touched.payment_id
        payments |= payments.search(
            [("account_id", "=", self.id), ("amount_free", ">", 0)]
        )
        touched |= matches.search([("payment_id", "in", payments.ids)])
        debts |= touched.receivable_id
        touched |= matches.search([("receivable_id", "in", debts.ids)])
        account = Account()
        for debt in debts:
            account.debts[debt.id] = debt._as_debt()
        for payment in payments:
            left = self._minor(payment.amount_paid) - self._minor(
                payment.amount_refunded
            )
            account.payments[payment.id] = Payment(
                payment.id, left, payment._order_key()
            )
        account.matches = [
            Match(
                match.payment_id.id,
                match.receivable_id.id,
                self._minor(match.amount),
                match.number,
            )
            for match in touched
        ]
        return account

    def _store(self, account):
        """Write down which payment closes what, as the arithmetic left it."""
        matches = self.env["dealer.account.match"]
        stored = {
            (match.payment_id.id, match.receivable_id.id): match
            for match in matches.search(
                [
                    "|",
                    ("payment_id", "in", list(account.payments)),
                    ("receivable_id", "in", list(account.debts)),
                ]
            )
        }
        for match in account.matches:
            row = stored.pop((match.payment, match.debt), matches)
            amount = self._major(match.amount)
            if not row:
                matches.create(
                    {
                        "payment_id": match.payment,
                        "receivable_id": match.debt,
                        "amount": amount,
                        "number": match.number,
                    }
                )
            elif self._minor(row.amount) != match.amount:
                row.amount = amount
        matches.union(*stored.values()).unlink()


class DealerAccountPayment(models.Model):
    """Money that went up one link of the tree."""

    _name = "dealer.account.payment"
    _description = "Payment Between Dealers"
    _order = "id"

    account_id = fields.Many2one(
        "dealer.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    creditor_id = fields.Many2one(related="account_id.creditor_id", store=True)
    debtor_id = fields.Many2one(related="account_id.debtor_id", store=True)
    debtor_dealer_id = fields.Many2one(related="account_id.debtor_dealer_id")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    collection_id = fields.Many2one(
        "dealer.collection", readonly=True, index=True, ondelete="restrict"
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    date = fields.Datetime(readonly=True, default=fields.Datetime.now)
    amount_paid = fields.Monetary("Paid", readonly=True, required=True)
    amount_refunded = fields.Monetary("Given Back", readonly=True)
    amount_free = fields.Monetary(
        "Credit", compute="_compute_amount_free", store=True, help="Closes nothing yet."
    )
    match_ids = fields.One2many("dealer.account.match", "payment_id", "Closed")

    _once = models.Constraint(
        "UNIQUE(transaction_id, account_id)",
        "A card payment goes up each link of the tree once.",
    )

    @api.depends("amount_paid", "amount_refunded", "match_ids.amount")
    def _compute_amount_free(self):
        for payment in self:
            account = payment.account_id
            used = account._minor_sum(payment.match_ids, "amount")
            left = account._minor(payment.amount_paid) - account._minor(
                payment.amount_refunded
            )
            payment.amount_free = account._major(left - used)

    def _order_key(self):
        return (self.id,)


class DealerAccountMatch(models.Model):
    """How much of one receivable one payment closes."""

    _name = "dealer.account.match"
    _description = "Closed Receivable"
    _order = "number, id"

    payment_id = fields.Many2one(
        "dealer.account.payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    receivable_id = fields.Many2one(
        "dealer.receivable",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="receivable_id.currency_id")
    date = fields.Datetime(related="payment_id.date")
    collection_id = fields.Many2one(related="payment_id.collection_id")
    amount = fields.Monetary(readonly=True, required=True)
    number = fields.Integer(readonly=True, required=True)

    _once = models.Constraint(
        "UNIQUE(payment_id, receivable_id)", "One match for each payment and debt."
    )
    _positive = models.Constraint("CHECK(amount > 0)", "A match is more than zero.")
