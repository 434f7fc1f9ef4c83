from odoo import models
from odoo.tools import format_datetime

from odoo.addons.pos_gateway.const import BANK_TIME_ZONE

from .dealer_collection_chain import OWED_TO_COMPANY
from .payment_provider import DECLARED_MODES


class DealerCollection(models.Model):
    """What the receipt says, on the portal and on paper: plain values only."""

    _inherit = "dealer.collection"

    def _receipt_values(self):
        """:return: dict of text, dates and numbers; no record that leads further

        A payer or a dealer above sees these values without any right on journal
        entries, payments or providers; hence sudo, and hence no records.
        """
        self.ensure_one()
        self.check_access("read")
        collection_sudo = self.sudo()
        transaction_sudo = collection_sudo._receipt_transaction()
        booked_sudo = transaction_sudo._gateway_booked_transaction()
        payment_sudo = booked_sudo.payment_id
        surcharge_sudo = booked_sudo.gateway_surcharge_invoice_id
        payer = collection_sudo.payer_name or collection_sudo.partner_id.name
        return {
            "name": collection_sudo.name,
            "dealer": collection_sudo.dealer_id.name,
            "debtor": payer,
            "debtor_vat": not collection_sudo.payer_name
            and collection_sudo.partner_id.vat,
            "purpose": collection_sudo.link_id.purpose,
            "sentence": collection_sudo._receipt_sentence(payer),
            "date": self._bank_time(collection_sudo.date_paid),
            "amount": collection_sudo.amount,
            "surcharge": collection_sudo.amount_surcharge,
            "surcharge_invoice": surcharge_sudo.state == "posted"
            and surcharge_sudo.name,
            "charged": collection_sudo.amount_charged,
            "refunded": collection_sudo.amount_refunded,
            "installments": transaction_sudo.gateway_installment_count or 1,
            "card": transaction_sudo.gateway_card_masked,
            "authorisation_code": transaction_sudo.gateway_authorisation_code,
            "is_card": collection_sudo.method == "card",
            "is_between_dealers": not collection_sudo._is_owed_to_company()
            and collection_sudo.method in DECLARED_MODES,
            "method": collection_sudo._method_label(transaction_sudo),
            "declared": collection_sudo.method in DECLARED_MODES
            and collection_sudo._declared_text(),
            "bank": transaction_sudo.provider_id.name,
            "reference": transaction_sudo.reference,
            "payment": payment_sudo.name,
            "is_test": transaction_sudo.provider_id.state == "test",
            "lines": collection_sudo._receipt_lines(payment_sudo),
        }

    def _method_label(self, transaction_sudo):
        if transaction_sudo and transaction_sudo._gateway_wallet():
            return transaction_sudo.payment_method_id.name
        labels = dict(self._fields["method"]._description_selection(self.env))
        return labels[self.method]

    def _receipt_sentence(self, payer):
        if self.method in DECLARED_MODES and not self._is_owed_to_company():
            return self.env._(
                "%(dealer)s received the following payment from %(payer)s. It was not"
                " made to %(company)s.",
                company=self.company_id.name,
                payer=payer,
                dealer=self._approving_dealer().name,
            )
        if self.kind in OWED_TO_COMPANY:
            if self.method == "card":
                return self.env._(
                    "%(company)s received the following payment by card from"
                    " %(debtor)s.",
                    company=self.company_id.name,
                    debtor=payer,
                )
            return self.env._(
                "%(company)s received the following payment from %(debtor)s.",
                company=self.company_id.name,
                debtor=payer,
            )
        if self.method == "card":
            return self.env._(
                "%(company)s received the following payment by card from %(payer)s, for"
                " %(dealer)s.",
                company=self.company_id.name,
                payer=payer,
                dealer=self.dealer_id.name,
            )
        return self.env._(
            "%(company)s received the following payment from %(payer)s, for"
            " %(dealer)s.",
            company=self.company_id.name,
            payer=payer,
            dealer=self.dealer_id.name,
        )

    def _bank_time(self, moment):
        """A moment as the bank counts time, for whoever reads it and wherever."""
        return format_datetime(
            self.env, moment, tz=BANK_TIME_ZONE, dt_format="d MMM yyyy HH:mm"
        )

    def _receipt_transaction(self):
        done = self.transaction_ids.filtered(lambda tx: tx.state == "done")
        return done.sorted("id")[:1]

    def _receipt_lines(self, payment):
        """What the payment closed according to the books; before that, what it will."""
        closed = self._closed_amounts(payment)

        def paid(line):
            terms = line.term_id or line.move_id.line_ids
            amount = sum(closed.get(term.id, 0.0) for term in terms)
            return line._in_currency_paid(amount)

        lines = [
            {
                "invoice": line.move_id.name,
                "date_due": line.date_due,
                "amount": paid(line) if payment else line.amount,
                "rate": line._rate_note(),
                "is_full": bool(payment)
                and line.debt_currency_id.is_zero(line._debt_open()),
            }
            for line in self.line_ids
            if line.move_id
        ]
        return lines + self._receipt_receivables() + self._receipt_on_account()

    def _receipt_receivables(self):
        return [
            {
                "invoice": line.receivable_id.reference or line.receivable_id.name,
                "date_due": line.receivable_id.date_due,
                "amount": line.amount,
                "rate": "",
                "is_full": not line.receivable_id.amount_open,
            }
            for line in self.line_ids
            if line.receivable_id
        ]

    def _receipt_on_account(self):
        if not self.amount_on_account:
            return []
        return [
            {
                "invoice": self.link_id.purpose or self.env._("On account"),
                "date_due": False,
                "amount": self.amount_on_account,
                "rate": "",
                "is_full": True,
            }
        ]

    def _closed_amounts(self, payment):
        """:return: dict of journal item id -> amount that this payment closed of it"""
        amounts = {}
        receivable = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id
        )
        for partial in receivable.matched_debit_ids:
            item = partial.debit_move_id
            amounts[item.id] = amounts.get(item.id, 0.0) + partial.debit_amount_currency
        return amounts

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.env._('Receipt')} {self.name.replace('/', '-')}"
