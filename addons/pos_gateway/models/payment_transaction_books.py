import logging
from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..const import ATTEMPTS_BEFORE_ALERT, BANK_TIME_ZONE, PROVIDER_CODE
from ..protocols import redact
from . import locks
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Confirmed transaction -> posted payment, surcharge invoice, closed invoices."""

    _inherit = "payment.transaction"

    gateway_surcharge_invoice_id = fields.Many2one(
        "account.move", "Surcharge Invoice", readonly=True, index="btree_not_null"
    )
    gateway_posting_attempts = fields.Integer("Posting Attempts", readonly=True)
    gateway_posting_error = fields.Char("Not Posted Because", readonly=True)
    gateway_next_posting_at = fields.Datetime("Next Posting Attempt", readonly=True)

    # === WORKER === #

    @api.model
    def _gateway_post_process_all(self):
        """Post what was confirmed but not posted: after a crash or a failure.

        The oldest first: a refund is posted after its charge.
        """
        for transaction in self.search(
            [
                ("provider_code", "=", PROVIDER_CODE),
                ("is_post_processed", "=", False),
                ("state", "in", ("done", "authorized", "cancel", "error")),
                "|",
                ("gateway_next_posting_at", "=", False),
                ("gateway_next_posting_at", "<=", fields.Datetime.now()),
            ],
            order="id",
        ):
            self._gateway_post_process_one(transaction.id)

    @api.model
    def _gateway_post_process_one(self, transaction_id):
        """Post-process one transaction in a database transaction of its own.

        The bank's answer is committed before: a posting that fails (a closed period,
        say) never loses it, and is tried again.
        """
        for _attempt in range(CONFLICT_RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    transaction = env[self._name].browse(transaction_id)
                    locks.lock_transaction(transaction)
                    if (
                        transaction._gateway_is_to_post()
                        and not transaction._gateway_waits_for_charge()
                    ):
                        transaction.with_context(
                            gateway_worker=True,
                            lang=transaction.partner_lang or env.user.lang,
                        )._post_process()
                        transaction.gateway_posting_error = False
            except CONFLICTS:
                continue
            except Exception as error:
                _logger.warning(
                    "transaction %s could not be posted: %s",
                    transaction_id,
                    type(error).__name__,
                    exc_info=_logger.isEnabledFor(logging.DEBUG),
                )
                self._gateway_note_posting_failure(transaction_id, error)
                return
            return

    def _gateway_to_post(self):
        """:return: of this payment, its captures and refunds, what is to be posted"""
        family = self | self.child_transaction_ids
        family |= family.child_transaction_ids
        to_post = family.filtered(lambda transaction: transaction._gateway_is_to_post())
        return to_post.sorted("id")

    def _gateway_is_to_post(self):
        return not self.is_post_processed and self.state not in ("draft", "pending")

    def _gateway_waits_for_charge(self):
        """A refund takes back what a payment closed: it waits until that is posted.

        What keeps the payment from being posted is noted there, and told to a person.
        """
        if self.operation != "refund" or self.state != "done":
            return False
        charge = self.source_transaction_id._gateway_booked_transaction()
        return charge._gateway_is_to_post()

    @api.model
    def _gateway_note_posting_failure(self, transaction_id, error):
        text = redact.mask_text(str(error).strip() or type(error).__name__)[:500]
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            transaction = env[self._name].browse(transaction_id)
            attempts = transaction.gateway_posting_attempts + 1
            transaction.write(
                {
                    "gateway_posting_attempts": attempts,
                    "gateway_posting_error": text,
                    "gateway_next_posting_at": fields.Datetime.now()
                    + timedelta(minutes=min(2**attempts, 60)),
                }
            )
            if attempts == ATTEMPTS_BEFORE_ALERT:
                transaction._gateway_alert(
                    env._(
                        "The money was taken, but the payment cannot be posted: %s",
                        text,
                    )
                )

    def action_post_process(self):
        ours = self.filtered(lambda tx: tx.provider_code == PROVIDER_CODE)
        if ours:
            self.env["pos.gateway.inbox"].sudo()._wake_worker()
        if self - ours:
            super(PaymentTransaction, self - ours).action_post_process()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === CORE HOOKS === #

    def _post_process(self):
        """Ours are posted by the worker alone, whoever asks (status page, cron)."""
        ours = self.filtered(lambda tx: tx.provider_code == PROVIDER_CODE)
        if not self.env.context.get("gateway_worker"):
            return super(PaymentTransaction, self - ours)._post_process()
        charged = ours.filtered(
            lambda tx: (
                tx.state == "done"
                and tx.operation != "refund"
                # Of a reservation that was captured, the capture is the charge.
                and not tx._gateway_is_captured()
            )
        )
        for transaction in charged:
            transaction.with_company(
                transaction.company_id
            )._gateway_invoice_surcharge()
        result = super()._post_process()
        for transaction in charged.filtered(lambda tx: not tx.payment_id):
            transaction.with_company(transaction.company_id)._gateway_book_refunded()
        return result

    def _gateway_is_captured(self):
        """:return: whether other transactions stand for the money of this one"""
        return any(
            child.operation != "refund"
            for child in self._gateway_children("done", "cancel")
        )

    def _gateway_book_refunded(self):
        """Make the payment of a charge that was refunded before it could be posted.

        Core takes every child that is done for a capture with a payment of its own, and
        makes none.
        """
        payment = self._create_payment()
        self._log_message_on_linked_documents(
            self.env._(
                "The payment of %(transaction)s has been posted: %(payment)s",
                transaction=self._get_html_link(),
                payment=payment._get_html_link(),
            )
        )

    def _gateway_invoice_surcharge(self):
        """Draft the invoice for the surcharge; core posts and reconciles it.

        Its own document: the invoices that are paid may have been sent to the tax
        office already, and stay as they are.
        """
        if self.gateway_surcharge_invoice_id or not self.gateway_surcharge_amount:
            return
        invoice = self.env["account.move"].create(self._gateway_surcharge_values())
        # The payment is on one account, that of the debt: not on the partner's of now.
        invoice._gateway_put_on(self._gateway_debt_account())
        self._gateway_check_surcharge(invoice, self.gateway_surcharge_amount)
        self.write(
            {
                "gateway_surcharge_invoice_id": invoice.id,
                "invoice_ids": [fields.Command.link(invoice.id)],
            }
        )

    def _gateway_check_surcharge(self, move, amount):
        """See that the invoice or credit note comes to what was charged or returned."""
        if move.currency_id.compare_amounts(move.amount_total, amount):
            raise UserError(
                self.env._(
                    "The surcharge invoice comes to %(invoice)s instead of %(charged)s."
                    " Check the product and the tax of the surcharge.",
                    invoice=move.amount_total,
                    charged=amount,
                )
            )

    def _gateway_surcharge_values(self):
        provider = self.provider_id
        account = provider.gateway_surcharge_account_id
        return {
            "move_type": "out_invoice",
            "partner_id": self._gateway_surcharge_partner().id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self._gateway_bank_date(),
            "invoice_payment_term_id": False,
            "invoice_origin": self.reference,
            "invoice_line_ids": [
                fields.Command.create(
                    {
                        "product_id": provider.gateway_surcharge_product_id.id,
                        **({"account_id": account.id} if account else {}),
                        "name": self.env._(
                            "Surcharge for %(count)s installments, card payment"
                            " %(reference)s",
                            count=self.gateway_installment_count,
                            reference=self.reference,
                        ),
                        "quantity": 1,
                        "price_unit": self.gateway_surcharge_amount,
                        "tax_ids": [
                            fields.Command.set(provider.gateway_surcharge_tax_id.ids)
                        ],
                    }
                )
            ],
        }

    def _gateway_surcharge_partner(self):
        return self.partner_id.commercial_partner_id

    def _gateway_keeps_books(self):
        """:return: whether the payment closes what was agreed, in the order that was
        agreed, and not simply what core finds: true of every card payment of ours
        """
        return self.provider_code == PROVIDER_CODE

    def _create_payment(self, **extra_create_values):
        if not self._gateway_keeps_books():
            return super()._create_payment(**extra_create_values)
        # Core compares the due amount with what was charged, surcharge and all.
        deciding = self.with_context(gateway_decides_discount=True)
        return super(PaymentTransaction, deciding)._create_payment(
            **{**self._gateway_payment_values(), **extra_create_values}
        )

    def _gateway_payment_values(self):
        """:return: what the payment of this transaction is made with, beside core's"""
        values = {
            "date": self._gateway_bank_date(),
            "write_off_line_vals": self._gateway_discount(),
        }
        account = self._gateway_debt_account()
        return {**values, "destination_account_id": account.id} if account else values

    def _gateway_discount(self):
        """:return: write-off lines for the early payment discounts that the payer took

        What counts is when the bank took the money, not when that is posted.
        """
        return [
            values
            for installment in self._gateway_discounts()
            for values in self._gateway_discount_lines(installment)
        ]

    def _gateway_discounts(self):
        """:return: list of core's installments that are paid with their discount: here
        that of the one invoice whose reduced amount was paid
        """
        for invoice in self._gateway_debts().filtered(lambda m: m.state == "posted"):
            for installment in self._gateway_discounted_terms(invoice):
                if not self.currency_id.compare_amounts(
                    installment["amount_residual_currency_unsigned"],
                    self.gateway_base_amount,
                ):
                    return [installment]
        return []

    def _gateway_discounted_terms(self, invoice):
        """:return: core's installments of an invoice that still have a discount on the
        day on which the bank took the money
        """
        installments = invoice._gateway_terms()._get_installments_data(
            payment_currency=self.currency_id, payment_date=self._gateway_bank_date()
        )
        return [one for one in installments if one["type"] == "early_payment_discount"]

    def _gateway_discount_lines(self, installment):
        line = installment["line"]
        parts = line.move_id._get_invoice_counterpart_amls_for_early_payment_discount(
            [
                {
                    "aml": line,
                    "amount_currency": -line.amount_residual_currency,
                    "balance": -line.balance,
                }
            ],
            installment["discount_amount"],
        )
        return [
            {**values, "partner_id": line.move_id.partner_id.id}
            for part in parts.values()
            for values in part
        ]

    def _gateway_bank_date(self):
        """:return: the day of the charge, as the bank counts days"""
        moment = pytz.utc.localize(self.last_state_change or fields.Datetime.now())
        return moment.astimezone(pytz.timezone(BANK_TIME_ZONE)).date()

    def _gateway_allocation_moves(self):
        """In which order the payment closes what it is for.

        The surcharge first: it was charged for this very payment. Then the oldest debt.
        """
        debts = self._gateway_debts().sorted(
            lambda move: (move.invoice_date_due or move.date, move.id)
        )
        return self.gateway_surcharge_invoice_id + debts

    def _gateway_allocation_lines(self, move):
        """:return: of one of these the journal items that the payment may close"""
        return move.line_ids

    def _gateway_allocation_rate(self, move):
        """:return: units of the invoice's currency for one of the company's, if the
        payer was promised a rate; None for core's rate of the day
        """
        return None

    def _gateway_debts(self):
        """:return: the invoices that are paid, without that for the surcharge"""
        paid = self.invoice_ids
        if self.source_transaction_id and self.operation != "refund":
            paid |= self.source_transaction_id.invoice_ids  # a capture pays for those
        return paid - self.gateway_surcharge_invoice_id

    def _gateway_debt_account(self):
        """:return: the receivable account of what is paid, if that is invoices"""
        return self._gateway_debts()._gateway_terms()[:1].account_id
