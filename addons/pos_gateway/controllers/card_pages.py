"""The bare pages on which a card is typed: what they hold, and how they are read.

Nothing runs in them but a file of ours, and nothing frames them.
"""

import re

from werkzeug.exceptions import BadRequest

from odoo import SUPERUSER_ID, api
from odoo.http import request, route

from ..const import MESSAGE_SIZE_LIMIT
from ..models.pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS
from ..protocols.answers import Message, Refused
from ..protocols.types import Card, CardInput
from ..protocols.wire import parse_form
from .dispatcher import BankMessageDispatcher

INPUTS = tuple(
    CardInput(kind, kind) for kind in ("holder", "number", "month", "year", "code")
)
CARD_PARTS = {
    "number": re.compile(r"[0-9]{12,19}"),
    "month": re.compile(r"0[1-9]|1[0-2]"),
    "year": re.compile(r"[0-9]{2}"),
    "code": re.compile(r"[0-9]{3,4}"),
    "holder": re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'-]){1,44}"),
}


def page_route(base, path="", methods=("POST",)):
    """A route of a page with a link of its own: whoever holds the link may use it."""
    return route(
        f"{base}/<string:token>{path}",
        type=BankMessageDispatcher.routing_type,
        auth="public",
        methods=list(methods),
        csrf=False,  # it carries nothing but the link's token, which nobody can guess
        save_session=False,
        max_content_length=MESSAGE_SIZE_LIMIT,
        sitemap=False,
    )


def in_own_transaction(record, what):
    """Do something to it and commit that, whatever becomes of this request."""
    for attempt in range(CONFLICT_RETRIES):
        try:
            with request.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                return what(env[record._name].browse(record.id))
        except CONFLICTS:  # a second click: it finds what the first one did
            if attempt == CONFLICT_RETRIES - 1:
                raise


def call_bank(call_id, card):
    """:return: what the bank says, or None if it says nothing (that we believe)"""
    if not call_id:
        return None
    # Nothing was written here. Ended all the same: no database transaction is open
    # while the bank is spoken to.
    request.env.cr.commit()  # pylint: disable=invalid-commit
    return request.env["pos.gateway.call"].sudo()._carry_out(call_id, card)


def read_form(body: bytes) -> Message:
    """:raise BadRequest: if the body is no form"""
    if not body:  # a form of which nothing was ticked
        return Message(())
    content_type = request.httprequest.headers.get("Content-Type", "")
    try:
        return parse_form(body, content_type)
    except Refused:
        raise BadRequest() from None


def read_card(body: bytes) -> Card | None:
    """:return: the card, or None if a part of it cannot be one

    :raise BadRequest: if the body is no form
    """
    message = read_form(body)
    parts = {kind: (message.get(kind) or "").strip() for kind in CARD_PARTS}
    parts["number"] = re.sub(r"[ -]", "", parts["number"])
    if not all(CARD_PARTS[kind].fullmatch(text) for kind, text in parts.items()):
        return None
    return Card(**parts)


def bare_page(template, values, env, *, to_test_system=False, status=200):
    """Show a page without layout, in the language of ``env``.

    :param bool to_test_system: whether its form may go to a bank simulator beside us
    """
    lang = env.context.get("lang")
    test_hosts = " http://localhost:* http://127.0.0.1:*" if to_test_system else ""
    html = env["ir.qweb"]._render(
        template, {**values, "lang": (lang or "tr").split("_")[0]}
    )
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self' https:{test_hosts}"
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "origin",
    }
    return request.make_response(
        f"<!DOCTYPE html>\n{html}", list(headers.items()), status=status
    )
