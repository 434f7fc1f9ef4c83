from werkzeug.exceptions import Forbidden, NotFound

from odoo import SUPERUSER_ID, api
from odoo.http import Controller, request, route

from ..const import MESSAGE_SIZE_LIMIT
from ..models.pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS
from ..models.pos_gateway_recurring import RECURRING_PATH
from ..pricing import rounding
from ..protocols.answers import Result
from . import card_pages
from .dispatcher import BankMessageDispatcher

TEMPLATE = "pos_gateway.recurring_page"


def page_route(path="", methods=("POST",)):
    """A route of the payer's page: whoever holds the link may use it."""
    return route(
        f"{RECURRING_PATH}/<string:token>{path}",
        type=BankMessageDispatcher.routing_type,
        auth="public",
        methods=list(methods),
        csrf=False,  # it carries nothing but the link's token, which nobody can guess
        save_session=False,
        max_content_length=MESSAGE_SIZE_LIMIT,
        sitemap=False,
    )


class RecurringController(Controller):
    """Where a payer agrees to a schedule and types the card, and takes it back.

    The card lives for one request. What is wanted of the bank is planned and committed
    before the bank is called; the worker notes what came of it.
    """

    @page_route(methods=("GET",))
    def page(self, token, body):
        """Show what is asked for, or how it stands."""
        return self._show(self._find(token))

    @page_route("/card")
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
        call_id = self._in_own_transaction(
            recurring_sudo.id,
            lambda recurring: recurring._plan_charge(
                self._language(recurring), address
            ),
        )
        self._call_bank(call_id, card)
        return self._back(token)

    @page_route("/points")
    def points(self, token, body):
        """Show a card's points. Moves no money, keeps nothing of the card."""
        recurring_sudo = self._find_waiting(token)
        if not recurring_sudo:
            return self._back(token)
        card = card_pages.read_card(body)
        if not card:
            return self._show(recurring_sudo, is_refused=True)
        call_id = self._in_own_transaction(
            recurring_sudo.id,
            lambda recurring: recurring._plan_points(self._language(recurring)),
        )
        outcome = self._call_bank(call_id, card)
        return self._show(recurring_sudo, points=self._points(outcome, call_id))

    @page_route("/withdraw")
    def withdraw(self, token, body):
        """Take the consent back: no more payments."""
        recurring_sudo = self._find(token)
        if card_pages.read_form(body).get("withdraw") != "yes":
            return self._show(recurring_sudo, lacks_withdrawal=True)
        address = request.httprequest.remote_addr
        self._in_own_transaction(
            recurring_sudo.id, lambda recurring: recurring._withdraw(address)
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

    # === CALLING === #

    @staticmethod
    def _in_own_transaction(recurring_id, what):
        """Do something to it and commit that, whatever becomes of this request."""
        for attempt in range(CONFLICT_RETRIES):
            try:
                with request.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    return what(env["pos.gateway.recurring"].browse(recurring_id))
            except CONFLICTS:  # a second click: it finds what the first one did
                if attempt == CONFLICT_RETRIES - 1:
                    raise

    @staticmethod
    def _call_bank(call_id, card):
        """:return: what the bank says, or None if it says nothing (that we believe)"""
        if not call_id:
            return None
        # Nothing was written here. Ended all the same: no database transaction is open
        # while the bank is spoken to.
        request.env.cr.commit()  # pylint: disable=invalid-commit
        return request.env["pos.gateway.call"].sudo()._carry_out(call_id, card)

    @staticmethod
    def _points(outcome, call_id):
        """:return: what the page says of the points"""
        if not call_id:
            return {"is_over": True}
        told = outcome.data if outcome and outcome.result is Result.APPROVED else {}
        count, worth = told.get("points"), told.get("points_kurus")
        if not count and worth is None:
            return {"is_unknown": True}
        worth = None if worth is None else float(rounding.to_major(int(worth)))
        return {"count": count, "worth": worth}

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
