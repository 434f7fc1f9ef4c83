from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

from ..const import BANK_DEADLINE, CALL_BACK_OFF
from ..protocols.answers import Outcome
from ..protocols.types import Operation
from . import locks
from .pos_gateway_call import OPENING, WITH_CARD
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS

# Not made again as they are: planned anew, or opened when the payer asks again.
QUESTIONS = (
    Operation.INQUIRY.value,
    Operation.HISTORY.value,
    Operation.RECURRING_STATUS.value,
    *OPENING,
)

# A call that was being made when the process died looks like this for so long.
LOST_AFTER = timedelta(seconds=BANK_DEADLINE + 50)


class PosGatewayCall(models.Model):
    """How a call ended, and what follows from that."""

    _inherit = "pos.gateway.call"

    def _note_answer(self, outcome: Outcome):
        """Keep what the bank said to this call, for people."""
        self.write(
            {
                "state": "answered",
                "result": outcome.result.value,
                "bank_code": outcome.bank_code,
                "reason": outcome.reason,
            }
        )

    @api.model
    def _end_unanswered(self, call_id, words, silence, took):
        """Note that there is no answer, and what follows from that."""
        self._store_message("call_failure", call_id, words, str(silence))
        self._end(
            call_id,
            {"state": "unanswered", "duration_ms": took, "failure": str(silence)},
            was_sent=silence.was_sent,
        )

    @api.model
    def _end(self, call_id, values, was_sent=True):
        """Write how a call ended, and plan what must come next."""
        for _attempt in range(CONFLICT_RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    call = env[self._name].browse(call_id)
                    if call.state != "sent":
                        return  # the inbox was faster, and knows more
                    call.write(values)
                    if values["state"] == "unanswered":
                        call._after_silence(was_sent)
                return
            except CONFLICTS:
                continue

    def _after_silence(self, was_sent):
        """Send again what may be sent again; ask about the rest.

        What certainly never reached the bank may be sent again, whatever it is.
        """
        if not was_sent and self.operation in WITH_CARD:
            # The card is gone with the payer's request: whoever wants types it again.
            self.state = "dropped"
            self.transaction_id._gateway_card_was_not_sent(self)
            return
        wait = CALL_BACK_OFF[min(self.tries, len(CALL_BACK_OFF)) - 1]
        is_repeatable = not was_sent or not self._moves_money()
        is_question = self.operation in QUESTIONS
        if is_repeatable and not is_question and self.tries < len(CALL_BACK_OFF):
            self.write(
                {
                    "state": "waiting",
                    "not_before": fields.Datetime.now() + timedelta(minutes=wait),
                }
            )
            self.env.ref("pos_gateway.ir_cron_call_banks").sudo()._trigger(
                self.not_before
            )
            return
        self.transaction_id._gateway_call_was_silent(self)

    def _was_dropped(self, reason):
        """It could not even be worded: nothing was sent."""
        return self.transaction_id._gateway_call_was_dropped(self, reason)

    def _answer_was_refused(self, reason):
        """There is an answer that cannot be believed or read: the same as none."""
        if not self.settled:
            self.write({"state": "unanswered", "failure": reason})
            self._after_silence(was_sent=True)

    @api.model
    def _note_lost_calls(self):
        """Find the calls that a dying process left as sent: nobody knows their answer.

        If the answer was stored, the inbox applies it; then there is nothing to note.
        """
        self._drop_forgotten()
        lost = self.search(
            [
                ("state", "=", "sent"),
                ("sent_at", "<", fields.Datetime.now() - LOST_AFTER),
            ]
        )
        for call in lost:
            stored = self.env["pos.gateway.message"].search_count(
                [("call_id", "=", call.id), ("kind", "=", "call_answer")], limit=1
            )
            state = "answered" if stored else "unanswered"
            self._end(call.id, {"state": state, "failure": not stored and "lost"})

    @api.model
    def _drop_forgotten(self):
        """Give up calls whose card is gone with a request that died before sending."""
        forgotten = self.search(
            [
                ("state", "=", "waiting"),
                ("operation", "in", WITH_CARD),
                ("create_date", "<", fields.Datetime.now() - LOST_AFTER),
            ]
        ).ids
        for call_id in forgotten:
            for _attempt in range(CONFLICT_RETRIES):
                try:
                    with self.env.registry.cursor() as cr:
                        if locks.take_call_row(cr, call_id):
                            env = api.Environment(cr, SUPERUSER_ID, {})
                            call = env[self._name].browse(call_id)
                            call.failure = "lost"
                            call._after_silence(was_sent=False)
                    break
                except CONFLICTS:
                    continue
