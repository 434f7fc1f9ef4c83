import logging
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..const import ATTEMPTS_BEFORE_ALERT, MESSAGE_ATTEMPTS
from ..protocols import redact
from ..protocols.answers import Refused
from . import locks

_logger = logging.getLogger(__name__)

CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)
CONFLICT_RETRIES = 5


class PosGatewayInbox(models.Model):
    """Bank messages that are to be applied to their transaction: one row a message.

    One worker (a scheduled action that each arriving message wakes) is the only writer
    of transaction states. A message that cannot be applied stays here, with its reason.
    """

    _name = "pos.gateway.inbox"
    _description = "Bank Message to Apply"
    _order = "id"
    _rec_name = "message_id"

    message_id = fields.Many2one(
        "pos.gateway.message", required=True, readonly=True, ondelete="restrict"
    )
    transaction_id = fields.Many2one(
        related="message_id.transaction_id", store=True, index=True
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    state = fields.Selection(
        [("new", "To Apply"), ("failed", "Failed"), ("done", "Applied")],
        default="new",
        required=True,
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    reason = fields.Char(readonly=True, help="Why it could not be applied.")

    _message_unique = models.Constraint(
        "UNIQUE (message_id)", "A bank message is applied once."
    )
    _open_index = models.Index("(id) WHERE state != 'done'")

    @api.model
    def _enqueue(self, message):
        self.create(
            {
                "message_id": message.id,
                # At once, or they are written again after the row.
                "transaction_id": message.transaction_id.id,
                "company_id": message.provider_id.company_id.id,
            }
        )
        self._wake_worker()

    @api.model
    def _wake_worker(self):
        self.env.ref("pos_gateway.ir_cron_apply_messages")._trigger()

    def action_retry(self):
        """Try a failed message again, now."""
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_manager"):
            raise UserError(self.env._("Only POS managers may have it tried again."))
        self.sudo().filtered(lambda row: row.state == "failed").write(
            {"state": "new", "attempts": 0, "next_attempt_at": False}
        )
        self.sudo()._wake_worker()
        return True

    # === WORKER === #

    @api.model
    def _cron_apply(self):
        """Apply every message that is due, then post what is not yet posted."""
        cron = self.env["ir.cron"]
        due = self._due_ids()
        cron._commit_progress(remaining=len(due))
        for inbox_id in due:
            self._apply_one(inbox_id)
            if not cron._commit_progress(1):
                self._wake_worker()
                return
        self.env["payment.transaction"]._gateway_post_process_all()

    @api.model
    def _due_ids(self):
        return (
            self.search(
                [
                    "|",
                    ("state", "=", "new"),
                    "&",
                    ("state", "=", "failed"),
                    ("next_attempt_at", "<=", fields.Datetime.now()),
                ]
            )
        ).ids

    @api.model
    def _apply_one(self, inbox_id):
        """Apply one message in a transaction of its own, then post its payment.

        A conflict with somebody else's transaction starts over; any other failure is
        noted on the row and does not stop the messages behind it.
        """
        for _attempt in range(CONFLICT_RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    if not locks.take_inbox_row(cr, inbox_id):
                        return
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    row = env[self._name].browse(inbox_id)
                    transaction = row.transaction_id
                    locks.lock_transaction(transaction)
                    transaction._gateway_apply_message(row.message_id)
                    row.write({"state": "done", "reason": False})
                    to_post = transaction._gateway_to_post().ids
            except CONFLICTS:
                continue
            except Exception as error:
                self._note_failure(inbox_id, error)
                return
            for transaction_id in to_post:
                self.env["payment.transaction"]._gateway_post_process_one(
                    transaction_id
                )
            return
        _logger.info(
            "inbox row %s meets conflicts, it is left for the next run", inbox_id
        )

    @api.model
    def _note_failure(self, inbox_id, error):
        reason = (
            str(error)
            if isinstance(error, Refused)
            else f"{type(error).__name__}: {error}"
        )
        reason = redact.mask_text(reason.splitlines()[0] if reason else "")[:300]
        _logger.warning("inbox row %s could not be applied: %s", inbox_id, reason)
        for _attempt in range(CONFLICT_RETRIES):
            try:
                self._write_failure(inbox_id, reason)
                return
            except CONFLICTS:
                continue

    @api.model
    def _write_failure(self, inbox_id, reason):
        with self.env.registry.cursor() as cr:
            if not locks.take_inbox_row(cr, inbox_id):
                return  # somebody else has applied it meanwhile
            env = api.Environment(cr, SUPERUSER_ID, {})
            row = env[self._name].browse(inbox_id)
            attempts = row.attempts + 1
            wait = timedelta(minutes=min(2**attempts, 60))
            row.write(
                {
                    "state": "failed",
                    "attempts": attempts,
                    "reason": reason,
                    # After the last one only a person tries again.
                    "next_attempt_at": fields.Datetime.now() + wait
                    if attempts < MESSAGE_ATTEMPTS
                    else False,
                }
            )
            if attempts == 1 and row.message_id.kind == "call_answer":
                call = env["pos.gateway.call"].browse(row.message_id.call_id)
                call._answer_was_refused(reason)
            if attempts == ATTEMPTS_BEFORE_ALERT:
                row.transaction_id._gateway_alert(
                    env._("A bank message cannot be applied: %s", reason)
                )
