from dataclasses import replace

from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import request

from ..protocols import digest
from ..protocols.types import Operation
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS


class PosGatewayCall(models.Model):
    """A question about a card that is about no payment: no money can move by it.

    Its answer goes to the request that asks, which waits for it, and not into the inbox
    of the transactions.
    """

    _inherit = "pos.gateway.call"

    points_request_id = fields.Many2one(
        "pos.gateway.points.request",
        "Points of a Card",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _about_one = models.Constraint(
        "CHECK (num_nonnulls(transaction_id, points_request_id) = 1)",
        "A call is about one payment, or about the points of a card.",
    )
    _points_only = models.Constraint(
        "CHECK (points_request_id IS NULL"
        " OR (operation = 'points' AND child_id IS NULL))",
        "Without a payment, only a card's points can be asked for.",
    )

    @api.depends("points_request_id.provider_id")
    def _compute_provider_id(self):
        about_points = self.filtered("points_request_id")
        for call in about_points:
            call.provider_id = call.points_request_id.provider_id
        return super(PosGatewayCall, self - about_points)._compute_provider_id()

    @api.model
    def _plan_points(self, points_request):
        """Write down the question. Only who has the card in its hands can send it."""
        return self.sudo().create(
            {
                "points_request_id": points_request.id,
                "operation": Operation.POINTS.value,
                "key": digest.new_order_id(),
                "nonce": digest.nonce(),
                "not_before": fields.Datetime.now(),
            }
        )

    def _as_terminal(self):
        if not self.points_request_id:
            return super()._as_terminal()
        return self.provider_id._gateway_terminal(self.provider_id.state == "enabled")

    def _as_order(self):
        if not self.points_request_id:
            return super()._as_order()
        order = self.provider_id._gateway_sample_order()
        address = request.httprequest.remote_addr if request else order.client_ip
        return replace(order, order_id=self.key, client_ip=address)

    @api.model
    def _carry_out(self, call_id, card=None):
        outcome = super()._carry_out(call_id, card)
        if self.browse(call_id).points_request_id:
            self._note_points(call_id, outcome)
        return outcome

    @api.model
    def _note_points(self, call_id, outcome):
        for attempt in range(CONFLICT_RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    call = api.Environment(cr, SUPERUSER_ID, {})[self._name]
                    call = call.browse(call_id)
                    if outcome:
                        call._note_answer(outcome)
                        call.points_request_id._note(call, outcome)
                    elif call.state == "answered":
                        call._answer_was_refused("refused")
                return
            except CONFLICTS:
                if attempt == CONFLICT_RETRIES - 1:
                    raise

    def _was_dropped(self, reason):
        if self.points_request_id:
            return None  # the page says that the bank told nothing
        return super()._was_dropped(reason)
