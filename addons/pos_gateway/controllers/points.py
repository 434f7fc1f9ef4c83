from werkzeug.exceptions import NotFound

from odoo.http import Controller, request

from ..models.pos_gateway_points_request import POINTS_PATH
from . import card_pages

TEMPLATE = "pos_gateway.points_page"


class PointsController(Controller):
    """Where a payer types a card to see its points. The card lives for one request."""

    @card_pages.page_route(POINTS_PATH, methods=("GET",))
    def page(self, token, body):
        """Take a card, or say what the bank said of the last one."""
        return self._show(self._find(token))

    @card_pages.page_route(POINTS_PATH, "/card")
    def card(self, token, body):
        """Ask the bank about a card. Moves no money, keeps nothing of the card."""
        points_request_sudo = self._find(token)
        if points_request_sudo._takes_cards():
            card = card_pages.read_card(body)
            if not card:
                return self._show(points_request_sudo, is_refused=True)
            call_id = card_pages.in_own_transaction(
                points_request_sudo, lambda one: one._plan_question()
            )
            card_pages.call_bank(call_id, card)
        # To the page by its own address: to load it again sends no card again.
        return request.redirect(f"{POINTS_PATH}/{token}", code=303)

    @staticmethod
    def _find(token):
        points_request_sudo = request.env["pos.gateway.points.request"]._of_token(token)
        if not points_request_sudo:
            raise NotFound()
        return points_request_sudo

    @staticmethod
    def _show(points_request_sudo, is_refused=False):
        partner, company = (
            points_request_sudo.partner_id,
            points_request_sudo.company_id,
        )
        language = partner.lang or company.partner_id.lang
        env = points_request_sudo.env(context={"lang": language})
        points_request = points_request_sudo.with_env(env)
        return card_pages.bare_page(
            TEMPLATE,
            {
                "points_request": points_request,
                "path": points_request._path(),
                "takes_card": points_request._takes_cards(),
                "card_inputs": card_pages.INPUTS,
                "is_refused": is_refused,
            },
            env,
        )
