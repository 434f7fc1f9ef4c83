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
        """Post what was confirmed but not posted: after a crash or a failure."""
        for transaction in self.search(
            [
                ("provider_code", "=", PROVIDER_CODE),
                ("is_post_processed", "=", False),
                ("state", "in", ("done", "authorized", "cancel", "error")),
                "|",
                ("gateway_next_posting_at", "=", False),
                ("gateway_next_posting_at", "<=", fields.Datetime.now()),
            ]
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
                    if transaction._gateway_is_to_post():
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
        """:return: of this payment with its captures and refunds, what is to be posted"""
        family = self | self.child_transaction_ids
        family |= family.child_transaction_ids
        return family.filtered(lambda transaction: transaction._gateway_is_to_post())

    def _gateway_is_to_post(self):
        return not self.is_post_processed and self.state not in ("draft", "pending")

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
            lambda tx: tx.state == "done" and tx.operation != "refund"
        )
        # Of a reservation that was captured, the capture is the charge.
        for transaction in charged.filtered(lambda tx: not tx._gateway_is_captured()):
            transaction.with_company(
                transaction.company_id
            )._gateway_invoice_surcharge()
        return super()._post_process()

    def _gateway_is_captured(self):
        """:return: whether other transactions stand for the money of this one"""
        return any(child.operation != "refund" for child in self.child_transaction_ids)

    def _gateway_invoice_surcharge(self):
        """Draft the invoice for the surcharge; core posts and reconciles it.

        Its own document: the invoices that are paid may have been sent to the tax
        office already, and stay as they are.
        """
        if self.gateway_surcharge_invoice_id or not self.gateway_surcharge_amount:
            return
        invoice = self.env["account.move"].create(self._gateway_surcharge_values())
        if invoice.currency_id.compare_amounts(
            invoice.amount_total, self.gateway_surcharge_amount
        ):
            raise UserError(
                self.env._(
                    "The surcharge invoice comes to %(invoice)s instead of %(charged)s."
                    " Check the product and the tax of the surcharge.",
                    invoice=invoice.amount_total,
                    charged=self.gateway_surcharge_amount,
                )
            )
        self.write(
            {
                "gateway_surcharge_invoice_id": invoice.id,
                "invoice_ids": [fields.Command.link(invoice.id)],
            }
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

    def _create_payment(self, **extra_create_values):
        if self.provider_code == PROVIDER_CODE:
            extra_create_values.setdefault("date", self._gateway_bank_date())
        return super()._create_payment(**extra_create_values)

    def _gateway_bank_date(self):
        """:return: the day of the charge, as the bank counts days"""
        moment = pytz.utc.localize(self.last_state_change or fields.Datetime.now())
        return moment.astimezone(pytz.timezone(BANK_TIME_ZONE)).date()

    def _gateway_allocation_moves(self):
        """In which order the payment closes what it is for.

        The surcharge first: it was charged for this very payment. Then the oldest debt.
        """
        surcharge = self.gateway_surcharge_invoice_id
        paid = self.invoice_ids
        if self.source_transaction_id and self.operation != "refund":
            paid |= self.source_transaction_id.invoice_ids  # a capture pays for those
        others = (paid - surcharge).sorted(
            lambda move: (move.invoice_date_due or move.date, move.id)
        )
        return surcharge + others
