import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .pos_gateway_message import CHAINED_FIELDS, LEAST_DAYS, START, sha256

_logger = logging.getLogger(__name__)

DAYS_PARAMETER = "pos_gateway.message_days"
DEFAULT_DAYS = 3650
BATCH = 1000


class PosGatewayMessage(models.Model):
    """Verifying the chain, and removing texts that are no longer to be kept."""

    _inherit = "pos.gateway.message"

    # === VERIFYING === #

    @api.model
    def _first_altered(self):
        """Walk the chain from its start.

        A text that was removed by policy is no alteration: the chain holds its digest.

        :return: the first row that does not fit what was written, or an empty record
        """
        previous = START
        last_id = 0
        while rows := self.sudo().search(
            [("id", ">", last_id)], order="id", limit=BATCH
        ):
            for row in rows:
                if row._is_altered(previous):
                    return row
                previous = row.chain_digest
            last_id = rows[-1].id
            self.env.invalidate_all(flush=False)
        return self.browse()

    def _is_altered(self, previous):
        values = {name: self[name] for name in CHAINED_FIELDS}
        values["provider_id"] = self.provider_id.id
        values["transaction_id"] = self.transaction_id.id
        if self.previous_digest != previous:
            return True
        if self.chain_digest != self._chain(previous, values):
            return True
        if not self.body_removed_at:
            return self.body_digest != sha256(self.body or "")
        earliest = self.at + timedelta(days=LEAST_DAYS)
        return bool(self.body) or not (
            earliest <= self.body_removed_at <= fields.Datetime.now()
        )

    @api.model
    def _verify(self):
        """For the command line: ``script/verify-messages``.

        :return: whether all is as it was written, and a sentence that says so
        """
        altered = self._first_altered()
        if altered:
            return False, self.env._(
                "Bank message %(id)s of %(time)s was altered after it was written, or a"
                " message before it was removed.",
                id=altered.id,
                time=altered.at,
            )
        removed = self.sudo().search_count([("body_removed_at", "!=", False)])
        return True, self.env._(
            "All %(count)s bank messages are as they were written; of %(removed)s the"
            " text was removed by policy.",
            count=self.sudo().search_count([]),
            removed=removed,
        )

    def action_verify_chain(self):
        """Tell the user whether all messages, not only these, are as written."""
        self.check_access("read")
        is_whole, sentence = self._verify()
        if not is_whole:
            raise UserError(sentence)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": sentence},
        }

    # === REMOVING === #

    @api.model
    def _days_to_keep(self):
        """:return: as set by the administrator, never less than the law wants"""
        text = self.env["ir.config_parameter"].sudo().get_param(DAYS_PARAMETER, "")
        days = int(text) if text.isdecimal() else DEFAULT_DAYS
        return max(days, LEAST_DAYS)

    @api.model
    def _cron_remove_old_texts(self):
        """Remove texts older than the policy says, but of what is still worked on."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        while count := self._remove_texts(now - timedelta(days=self._days_to_keep())):
            _logger.info("%s bank messages: the text was removed by policy", count)
            if not cron._commit_progress(count):
                return

    @api.model
    def _remove_texts(self, before):
        """:return: how many texts were removed: at most ``BATCH``"""
        self.env.cr.execute(
            SQL(
                """
                UPDATE pos_gateway_message
                   SET body = NULL, body_removed_at = %s
                 WHERE id IN (
                    SELECT message.id
                      FROM pos_gateway_message AS message
                     WHERE message.at < %s
                       AND message.body IS NOT NULL
                       AND NOT EXISTS (
                           SELECT FROM pos_gateway_inbox AS inbox
                            WHERE inbox.message_id = message.id
                              AND inbox.state != 'done'
                       )
                     ORDER BY message.id
                     LIMIT %s
                 )
                """,
                fields.Datetime.now(),
                before,
                BATCH,
            )
        )
        self.invalidate_model(["body", "body_removed_at"])
        return self.env.cr.rowcount
