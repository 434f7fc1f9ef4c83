from werkzeug.exceptions import Forbidden, NotFound

from odoo.http import Controller, request

from ..models.points_words import told_points
from ..models.pos_gateway_recurring import RECURRING_PATH
from . import card_pages

TEMPLATE = "pos_gateway.recurring_page"


class RecurringController(Controller):
    """Where a payer agrees to a schedule and types the card, and takes it back.

    The card lives for one request. What is wanted of the bank is planned and committed
    before the bank is called; the worker notes what came of it.
    """

    @card_pages.page_route(RECURRING_PATH, methods=("GET",))
    def page(self, token, body):
        """Show what is asked for, or how it stands."""
        return self._show(self._find(token))

    @card_pages.page_route(RECURRING_PATH, "/card")
    def card(self, token, body):
        """Take the consent and the card, and make the first charge."""
        recurring_sudo = self._find_waiting(token)
        if not recurring_sudo:
            return self._back(token)
        card = card_pages.read_card(body)
        if card_pages.read_form(body).get("consent") != "yes":
            return self._show(recurring_sudo, lacks_consent=True)
        if not card:
            return self._show(recurring_sudo, is_refused=True)
        address = request.httprequest.remote_addr
        call_id = card_pages.in_own_transaction(
            recurring_sudo,
            lambda recurring: recurring._plan_charge(
                self._language(recurring), address
            ),
        )
        card_pages.call_bank(call_id, card)
        return self._back(token)

    @card_pages.page_route(RECURRING_PATH, "/points")
    def points(self, token, body):
        """Show a card's points. Moves no money, keeps nothing of the card."""
        recurring_sudo = self._find_waiting(token)
        if not recurring_sudo:
            return self._back(token)
        card = card_pages.read_card(body)
        if not card:
            return self._show(recurring_sudo, is_refused=True)
        call_id = card_pages.in_own_transaction(
            recurring_sudo,
            lambda recurring: recurring._plan_points(self._language(recurring)),
        )
        outcome = card_pages.call_bank(call_id, card)
        return self._show(recurring_sudo, points=self._points(outcome, call_id))

    @card_pages.page_route(RECURRING_PATH, "/withdraw")
    def withdraw(self, token, body):
        """Take the consent back: no more payments."""
        recurring_sudo = self._find(token)
        if card_pages.read_form(body).get("withdraw") != "yes":
            return self._show(recurring_sudo, lacks_withdrawal=True)
        address = request.httprequest.remote_addr
        card_pages.in_own_transaction(
            recurring_sudo, lambda recurring: recurring._withdraw(address)
        )
        return self._back(token)

    # === FINDING === #

    @staticmethod
    def _find(token):
        recurring_sudo = request.env["pos.gateway.recurring"]._of_token(token)
        if not recurring_sudo:
            raise NotFound()
        return recurring_sudo

    @classmethod
    def _find_waiting(cls, token):
        """:return: the one that waits for a card; None if that is over

        :raise Forbidden: if cards may not be typed here (any more)
        """
        recurring_sudo = cls._find(token)
        if recurring_sudo.state != "waiting":
            return None
        if not recurring_sudo._takes_cards():
            raise Forbidden()
        return recurring_sudo

    @staticmethod
    def _points(outcome, call_id):
        """:return: what the page says of the points"""
        if not call_id:
            return {"is_over": True}
        told = told_points(outcome)
        return {"count": told[0], "worth": told[1]} if told else {"is_unknown": True}

    # === SHOWING === #

    @staticmethod
    def _language(recurring):
        return recurring.partner_id.lang or recurring.company_id.partner_id.lang

    @staticmethod
    def _back(token):
        """To the page by its own address: to load it again sends no card again."""
        return request.redirect(f"{RECURRING_PATH}/{token}", code=303)

    @classmethod
    def _show(cls, recurring_sudo, **values):
        env = recurring_sudo.env(context={"lang": cls._language(recurring_sudo)})
        recurring = recurring_sudo.with_env(env)
        takes_card = recurring.state == "waiting" and recurring._takes_cards()
        return card_pages.bare_page(
            TEMPLATE,
            {
                "recurring": recurring,
                "path": recurring._path(),
                "takes_card": takes_card,
                "offers_points": takes_card and recurring._offers_points(),
                "card_inputs": card_pages.INPUTS,
                "is_refused": False,
                "lacks_consent": False,
                "lacks_withdrawal": False,
                "points": None,
                **values,
            },
            env,
        )
