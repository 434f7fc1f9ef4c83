from odoo import SUPERUSER_ID, api, fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    dealer_collection_id = fields.Many2one(
        "dealer.collection",
        "Collection",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        """An attempt bears the number of its collection."""
        collection_id = values.get("dealer_collection_id")
        if collection_id:
            return self.env["dealer.collection"].browse(collection_id).name
        return super()._compute_reference_prefix(separator, **values)

    def _create_payment(self, **extra_create_values):
        """The account of whoever owes the company is credited (or debited), whoever
        held the card; and the accounts between the dealers below, in the same breath.
        """
        collection = self._dealer_collection()
        if not collection:
            return super()._create_payment(**extra_create_values)
        payment = super()._create_payment(
            **{
                "partner_id": collection._credited_partner().id,
                "dealer_collection_id": collection.id,
                "dealer_id": collection.dealer_id.id,
                **extra_create_values,
            }
        )
        debt = self.gateway_base_amount or self.amount
        if self.operation == "refund":
            charge = self.source_transaction_id._gateway_booked_transaction()
            collection._unwind_tiers(charge, abs(debt))
        else:
            collection._settle_tiers(self, debt)
            self.env["dealer.receipt"].sudo()._issue(collection.sudo())
        collection._tell_pages()
        return payment

    def _gateway_surcharge_partner(self):
        collection = self._dealer_collection()
        if collection:
            return collection._credited_partner().commercial_partner_id
        return super()._gateway_surcharge_partner()

    def _gateway_cost_partner(self):
        collection = self._dealer_collection()
        if collection:
            return collection._credited_partner().commercial_partner_id
        return super()._gateway_cost_partner()

    def _gateway_debts(self):
        """What comes from below pays the oldest invoices of the dealer that is
        credited: nobody below it knows them.
        """
        debts = super()._gateway_debts()
        collection = self._dealer_collection()
        if debts or not collection or self.operation == "refund":
            return debts
        return collection._credited_open_invoices()

    def _gateway_allocation_moves(self):
        """Invoices that are paid in full come first, the one paid in part last.

        Otherwise the first could swallow the rest that was meant for the second.
        """
        moves = super()._gateway_allocation_moves()
        collection = self._dealer_collection()
        if not collection:
            return moves
        parts = collection.line_ids.filtered(
            lambda line: (
                line.debt_currency_id.compare_amounts(
                    line.debt_amount + line.discount, line._debt_open()
                )
                < 0
            )
        ).move_id
        return (moves - parts) + (moves & parts)

    def _gateway_allocation_lines(self, move):
        """Of an invoice the due terms that were chosen, if some were."""
        lines = super()._gateway_allocation_lines(move)
        chosen = self._dealer_collection().line_ids.filtered(
            lambda line: line.move_id == move
        )
        return lines & chosen.term_id if chosen.term_id else lines

    def _gateway_allocation_rate(self, move):
        """An invoice in a foreign currency is closed at the rate that was agreed."""
        lines = self._dealer_collection().line_ids
        line = lines.filtered(lambda one: one.rate and one.move_id == move)[:1]
        if line:
            return 1 / line.rate
        return super()._gateway_allocation_rate(move)

    def _gateway_discounts(self):
        """Each invoice that was paid with its discount, if the bank took the money in
        time: what counts is the bank's day.
        """
        collection = self._dealer_collection()
        if not collection or self.operation == "refund":
            return super()._gateway_discounts()
        result = []
        for line in collection.line_ids.filtered("discount"):
            result += [
                one
                for one in self._gateway_discounted_terms(line.move_id)
                if not collection.currency_id.compare_amounts(
                    one["amount_residual_currency_unsigned"], line.amount
                )
            ]
        return result

    def _dealer_collection(self):
        """:return: what this is an attempt at, or a capture or refund of one"""
        return self._gateway_charged_transaction().dealer_collection_id

    def _gateway_alert_record(self):
        return self._dealer_collection() or super()._gateway_alert_record()

    def _log_message_on_linked_documents(self, message):
        result = super()._log_message_on_linked_documents(message)
        collection = (
            self.dealer_collection_id or self.source_transaction_id.dealer_collection_id
        )
        if collection:
            is_worker = self.env.uid == SUPERUSER_ID
            author = self.env.user.partner_id if is_worker else self.partner_id
            collection.message_post(body=message, author_id=author.id)
        return result
