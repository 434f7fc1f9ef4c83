from odoo import fields, models
from odoo.exceptions import AccessError

from .payment_provider import DECLARED_MODES

MANUAL = "manual"


class PaymentTransaction(models.Model):
    """Attempts that no POS makes: bank transfers, declared cash and cheques.

    They are booked as a card payment is, once the money is there: in the journal that
    it came into, and on the day on which it came.
    """

    _inherit = "payment.transaction"

    dealer_money_day = fields.Date(
        "Received On",
        readonly=True,
        help="When the money came: by the bank statement, or by whoever took it.",
    )
    dealer_statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        "Bank Statement Line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The line by which the transfer came.",
    )

    _dealer_statement_line_unique = models.Constraint(
        "UNIQUE(dealer_statement_line_id)",
        "A line of a bank statement pays one collection.",
    )

    def _dealer_is_other_method(self):
        """:return: whether this pays a collection without a card"""
        return self.provider_code == "custom" and bool(self._dealer_collection())

    def _dealer_is_declared(self):
        return (
            self._dealer_is_other_method()
            and self.provider_id.sudo().custom_mode in DECLARED_MODES.values()
        )

    def _gateway_check_hands_off(self, values):
        """What pays a collection is not set by hand either, whatever pays it."""
        result = super()._gateway_check_hands_off(values)
        collections = self.sudo().dealer_collection_id
        if not self.env.su and (collections or values.get("dealer_collection_id")):
            raise AccessError(
                self.env._("A payment of a collection is changed on the collection.")
            )
        return result

    def _gateway_keeps_books(self):
        return super()._gateway_keeps_books() or self._dealer_is_other_method()

    def _gateway_bank_date(self):
        charge = self._gateway_charged_transaction()
        is_refund = self.operation == "refund"
        return (
            self.dealer_money_day
            or (not is_refund and charge.dealer_money_day)
            or super()._gateway_bank_date()
        )

    def _gateway_payment_values(self):
        values = super()._gateway_payment_values()
        if not self._dealer_is_other_method():
            return values
        journal = self._dealer_journal()
        direction = "inbound" if self.amount > 0 else "outbound"
        lines = journal[f"{direction}_payment_method_line_ids"]
        line = lines.filtered(lambda one: one.code == MANUAL)[:1]
        return values | {"journal_id": journal.id, "payment_method_line_id": line.id}

    def _dealer_journal(self):
        """:return: the journal that the money came into"""
        charge = self._gateway_charged_transaction()
        if charge.dealer_statement_line_id:
            return charge.dealer_statement_line_id.journal_id
        collection = self._dealer_collection()
        return collection._declared_journal() or self.provider_id.journal_id

    def _create_payment(self, **extra_create_values):
        if not self._dealer_is_other_method():
            return super()._create_payment(**extra_create_values)
        # With an entry also where the accounting application would make none.
        forced = self.with_context(force_payment_move=True)
        if self._dealer_is_declared():
            # The money is in the till, the cheque in the drawer: nothing outstanding.
            account = self._dealer_journal().default_account_id
            forced = forced.with_context(dealer_money_account_id=account.id)
        return super(PaymentTransaction, forced)._create_payment(**extra_create_values)

    def _post_process(self):
        """Money that a dealer below the company took is in nobody's ledger."""
        between = self.filtered(
            lambda tx: (
                tx.state == "done"
                and tx._dealer_is_declared()
                and not tx._dealer_collection()._is_owed_to_company()
            )
        )
        result = super(PaymentTransaction, self - between)._post_process()
        for transaction in between.filtered(lambda tx: not tx.is_post_processed):
            transaction._dealer_settle_between()
            transaction.is_post_processed = True
        return result

    def _dealer_settle_between(self):
        collection = self._dealer_collection()
        debt = abs(self.gateway_base_amount or self.amount)
        if self.operation == "refund":
            charge = self.source_transaction_id._gateway_booked_transaction()
            collection._unwind_tiers(charge, debt)
        else:
            collection._settle_tiers(self, debt)
            self.env["dealer.receipt"].sudo()._issue(collection.sudo())
        collection._tell_pages()
