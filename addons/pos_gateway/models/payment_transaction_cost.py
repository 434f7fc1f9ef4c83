import logging

from odoo import SUPERUSER_ID, api, fields, models

from ..const import PROVIDER_CODE
from ..pricing.offer import Bearer
from . import locks
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Bearer "dealer": the bank's cost of a payment is invoiced to him afterwards."""

    _inherit = "payment.transaction"

    gateway_cost_invoice_id = fields.Many2one(
        "account.move",
        "Invoice for the Bank's Cost",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_invoice_costs(self):
        """Invoice what is due: at once, or after the end of the bank's day, by the
        company's rule. Each invoice is made in a database transaction of its own.
        """
        waiting = self.search(self._gateway_cost_domain()).filtered(
            lambda transaction: transaction._gateway_cost_is_due()
        )
        groups = list(waiting.grouped(lambda tx: tx._gateway_cost_group()).values())
        for done, group in enumerate(groups, start=1):
            self._gateway_invoice_cost_once(group.ids)
            self.env["ir.cron"]._commit_progress(1, remaining=len(groups) - done)

    @api.model
    def _gateway_cost_domain(self):
        return [
            ("provider_code", "=", PROVIDER_CODE),
            ("gateway_bearer", "=", Bearer.DEALER.value),
            ("gateway_cost_amount", ">", 0),
            ("gateway_cost_invoice_id", "=", False),
            ("state", "=", "done"),
            ("is_post_processed", "=", True),
            # Of a reservation that was captured, the capture is the charge.
            ("payment_id", "!=", False),
            ("operation", "!=", "refund"),
        ]

    def _gateway_cost_is_due(self):
        is_daily = self.company_id.gateway_cost_rule == "per_day"
        return not is_daily or self._gateway_bank_date() < self._gateway_today()

    def _gateway_cost_group(self):
        """:return: what has the same key is on one invoice"""
        key = (
            self.company_id.id,
            self._gateway_cost_partner().id,
            self.currency_id.id,
            self._gateway_bank_date(),
        )
        is_daily = self.company_id.gateway_cost_rule == "per_day"
        return (*key, 0 if is_daily else self.id)

    def _gateway_cost_partner(self):
        """:return: who bears the bank's cost of this payment"""
        return self.partner_id.commercial_partner_id

    # === INVOICE === #

    @api.model
    def _gateway_invoice_cost_once(self, ids):
        for _attempt in range(CONFLICT_RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    transactions = env[self._name].browse(sorted(ids))
                    for transaction in transactions:
                        locks.lock_transaction(transaction)
                    transactions.filtered(
                        lambda transaction: not transaction.gateway_cost_invoice_id
                    )._gateway_invoice_cost()
            except CONFLICTS:
                continue
            except Exception as error:  # the next run tries again
                _logger.warning(
                    "the bank's cost of %s payments could not be invoiced: %s",
                    len(ids),
                    type(error).__name__,
                    exc_info=_logger.isEnabledFor(logging.DEBUG),
                )
                self._gateway_note_cost_failure(ids[0], error)
            return

    def _gateway_invoice_cost(self):
        """Make and post one invoice for these payments' cost."""
        if not self:
            return
        company = self.company_id
        partner = self[0]._gateway_cost_partner()
        moves = self.env["account.move"].with_company(company)
        lang = partner.lang or self.env.user.lang
        invoice = moves.with_context(lang=lang).create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": company.id,
                "currency_id": self.currency_id.id,
                "invoice_date": self[0]._gateway_bank_date(),
                "invoice_origin": ", ".join(self[:3].mapped("reference"))
                + ("…" if len(self) > 3 else ""),
                "invoice_line_ids": [
                    fields.Command.create(transaction._gateway_cost_line())
                    for transaction in self.with_context(lang=lang)
                ],
            }
        )
        # The money was taken: no rule about new debt stops this one.
        invoice.with_context(gateway_worker=True).action_post()
        self.gateway_cost_invoice_id = invoice

    def _gateway_cost_line(self):
        product = self.company_id.gateway_cost_product_id
        return {
            "product_id": product.id,
            "name": self.env._(
                "Bank's cost of card payment %(reference)s of %(amount)s,"
                " %(count)s installments",
                reference=self.reference,
                amount=self.currency_id.format(self.amount),
                count=self.gateway_installment_count,
            ),
            "quantity": 1,
            "price_unit": self.gateway_cost_amount,
        }

    @api.model
    def _gateway_note_cost_failure(self, transaction_id, error):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            transaction = env[self._name].browse(transaction_id)
            note = env._(
                "The bank's cost could not be invoiced to the dealer: %s",
                str(error).strip() or type(error).__name__,
            )
            known = transaction._gateway_alert_record().activity_ids
            if not known.filtered(lambda activity: note in (activity.note or "")):
                transaction._gateway_alert(note)
