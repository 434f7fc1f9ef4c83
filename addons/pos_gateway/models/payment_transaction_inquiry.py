import logging
from datetime import timedelta

import requests

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..const import (
    BANK_TIMEOUT,
    INQUIRIES_BEFORE_ALERT,
    INQUIRY_BACK_OFF,
    LAST_INQUIRY_HOURS,
    MESSAGE_SIZE_LIMIT,
    PAGE_LIFETIME_MINUTES,
    PROVIDER_CODE,
)
from ..protocols.types import Result

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Asking the bank how a payment stands that no message has settled."""

    _inherit = "payment.transaction"

    gateway_next_inquiry_at = fields.Datetime(
        "Next Question to the Bank", readonly=True, index="btree_not_null"
    )
    gateway_inquiry_count = fields.Integer("Questions to the Bank", readonly=True)
    gateway_abandoned_at = fields.Datetime(
        "Given Up by the Payer",
        readonly=True,
        help="The payer says that the payment was not completed. It is cancelled if"
        " the bank knows nothing of it.",
    )

    def action_gateway_ask_bank(self):
        """Ask the bank now how these payments stand."""
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_user"):
            raise UserError(self.env._("Only POS operators may ask the bank."))
        self.sudo()._gateway_ask_bank_soon()
        return True

    def action_gateway_close_review(self):
        """Let the bank's next answer be applied after a person has looked."""
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_manager"):
            raise UserError(self.env._("Only POS managers may close a review."))
        self.sudo().gateway_review_reason = False
        self.sudo()._gateway_ask_bank_soon()
        return True

    def _gateway_ask_bank_soon(self, abandoned=False):
        """Have the worker ask the bank at once. Never calls the bank itself.

        :param bool abandoned: the payer says that nothing was paid: an order that the
            bank does not know is cancelled without waiting any longer
        """
        now = fields.Datetime.now()
        values = {"gateway_next_inquiry_at": now}
        if abandoned:
            values["gateway_abandoned_at"] = now
        # Also what we hold for closed: money may have been taken all the same.
        self.filtered(lambda transaction: transaction._gateway_may_change()).write(
            values
        )
        self.env.ref("pos_gateway.ir_cron_ask_banks").sudo()._trigger()

    def _gateway_is_open(self):
        return self.provider_code == PROVIDER_CODE and self.state in (
            "draft",
            "pending",
        )

    def _gateway_may_change(self):
        return self.provider_code == PROVIDER_CODE and self.state != "done"

    def _gateway_is_given_up(self):
        """:return: whether an order that the bank does not know can be closed"""
        if self.gateway_abandoned_at:
            return True
        age = fields.Datetime.now() - self.create_date
        return age > timedelta(minutes=PAGE_LIFETIME_MINUTES)

    @staticmethod
    def _gateway_last_inquiry_at(outcome, changes):
        """When to ask about a payment that is closed: once more, if silence closed it.

        The payer may have paid on a page that was still open, and the message got lost.
        """
        if changes and outcome.result is Result.NOT_FOUND:
            return fields.Datetime.now() + timedelta(hours=LAST_INQUIRY_HOURS)
        return False

    # === WORKER === #

    @api.model
    def _cron_gateway_ask_banks(self):
        """Ask about every payment that is due to be asked about."""
        cron = self.env["ir.cron"]
        due = self.search(
            [
                ("provider_code", "=", PROVIDER_CODE),
                ("state", "!=", "done"),
                ("gateway_next_inquiry_at", "<=", fields.Datetime.now()),
            ],
            order="gateway_next_inquiry_at",
        ).ids
        cron._commit_progress(remaining=len(due))
        for transaction_id in due:
            self._gateway_ask_bank(transaction_id)
            if not cron._commit_progress(1):
                return

    @api.model
    def _gateway_ask_bank(self, transaction_id):
        """One question: intent committed, bank called, answer committed, then applied.

        Nothing here runs inside a transaction that Odoo would replay.
        """
        request, encoding = self._gateway_begin_inquiry(transaction_id)
        if not request:
            return
        try:
            body, source = self._gateway_send(request), request.url
            kind = "inquiry_answer"
        except requests.RequestException as error:
            # Not an answer: the payment stays as unresolved as it was.
            body, source = type(error).__name__, request.url
            kind = "inquiry_failure"
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            message_id, _is_new = env["pos.gateway.message"]._store(
                kind,
                env[self._name].browse(transaction_id),
                body.decode(encoding, "replace") if isinstance(body, bytes) else body,
                source=source,
                enqueue=kind == "inquiry_answer",
            )
        # A fresh snapshot: the one above is older than the row just committed.
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            row = env["pos.gateway.inbox"].search([("message_id", "=", message_id)])
        if row:
            self.env["pos.gateway.inbox"]._apply_one(row.id)

    @api.model
    def _gateway_begin_inquiry(self, transaction_id):
        """Commit that we are about to ask, and when we ask next."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            transaction = env[self._name].browse(transaction_id)
            if not transaction.exists() or not transaction._gateway_may_change():
                return None, None
            count = transaction.gateway_inquiry_count
            wait = INQUIRY_BACK_OFF[min(count, len(INQUIRY_BACK_OFF) - 1)]
            transaction.write(
                {
                    "gateway_inquiry_count": count + 1,
                    "gateway_next_inquiry_at": fields.Datetime.now()
                    + timedelta(minutes=wait),
                }
            )
            if count + 1 == INQUIRIES_BEFORE_ALERT:
                transaction._gateway_alert(
                    env._("The bank has not said how this payment stands.")
                )
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            transaction = env[self._name].browse(transaction_id)
            provider = transaction.provider_id
            family = provider._gateway_family()
            try:
                request = family.inquire(
                    provider._gateway_terminal(transaction.is_live),
                    transaction._gateway_order(),
                )
            except ValueError as error:
                # A POS without credentials must not keep the others from being asked.
                _logger.warning(
                    "transaction %s cannot be asked about: %s", transaction_id, error
                )
                return None, None
            env["pos.gateway.message"]._store(
                "inquiry",
                transaction,
                request.body.decode(family.ENCODING, "replace"),
                content_type=request.content_type,
                source=request.url,
            )
        return request, family.ENCODING

    @api.model
    def _gateway_send(self, request):
        """Send one request to a bank.

        :return: the body of the answer, at most ``MESSAGE_SIZE_LIMIT`` bytes
        :raise requests.RequestException: whenever there is no complete, good answer
        """
        with requests.post(
            request.url,
            data=request.body,
            headers={"Content-Type": request.content_type},
            timeout=BANK_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            response.raise_for_status()
            if response.status_code != 200:
                raise requests.HTTPError(f"status {response.status_code}")
            body = b""
            # Not raw.read: its errors are urllib3's own, not requests'.
            for piece in response.iter_content(8192):
                body += piece
                if len(body) > MESSAGE_SIZE_LIMIT:
                    raise requests.exceptions.ContentDecodingError("oversized answer")
        return body
