import logging

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from .home import DealerPortal
from .listing import posted

_logger = logging.getLogger(__name__)

URL = "/my/dealer/people"
ROLE_COLORS = {
    "owner": "text-bg-primary",
    "collector": "bg-info-subtle text-info-emphasis",
    "viewer": "text-bg-secondary",
}


class DealerPeoplePortal(DealerPortal):
    """Who acts for the dealer. For its owners only."""

    @route(URL, type="http", auth="user", website=True)
    def dealer_people(self, **_query):
        """Rule: the people of the user's own dealer; owners only."""
        return self._render_people(self._dealer_who_may("people"))

    @route(f"{URL}/invite", type="http", auth="user", methods=["POST"], website=True)
    def dealer_people_invite(self, **_form):
        """Rule: for the user's own dealer; owners only."""
        dealer_sudo = self._dealer_who_may("people")
        texts = posted(("name", "email", "role"))
        return self._do(
            dealer_sudo,
            lambda: dealer_sudo._invite(**texts),
            "invited",
            typed=texts,
        )

    @route(
        f"{URL}/<int:person_id>/<any(role,revoke,invite):verb>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def dealer_people_change(self, person_id, verb, **_form):
        """Rule: the people of the user's own dealer; owners only."""
        dealer_sudo = self._dealer_who_may("people")
        person_sudo = dealer_sudo.person_ids.filtered(lambda row: row.id == person_id)
        if not person_sudo:
            raise NotFound()
        verbs = {
            "role": lambda: person_sudo._set_role(posted(("role",))["role"]),
            "revoke": lambda: self._revoke(person_sudo),
            "invite": lambda: person_sudo._invite_again(),
        }
        return self._do(dealer_sudo, verbs[verb], verb)

    @staticmethod
    def _revoke(person_sudo):
        if person_sudo.user_id == request.env.user:
            raise UserError(request.env._("You cannot revoke your own access."))
        person_sudo._revoke()

    def _do(self, dealer_sudo, verb, done, typed=None):
        try:
            with request.env.cr.savepoint():
                verb()
        except UserError as error:
            _logger.info("user %s: people: %s", request.env.uid, error)
            return self._render_people(
                dealer_sudo, error=str(error), typed=typed or {}, status=422
            )
        return request.redirect(f"{URL}?done={done}", code=303)

    def _render_people(self, dealer_sudo, error=None, typed=None, status=200):
        people_sudo = dealer_sudo.person_ids.sorted(
            lambda row: (row.name or "", row.id)
        )
        roles = dealer_sudo.env["dealer.user"]._fields["role"]
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_people",
            "dealer_name": dealer_sudo.name,
            "error": error,
            "done": request.httprequest.args.get("done"),
            "typed": typed or {},
            "roles": roles._description_selection(request.env),
            "people": [self._person(person) for person in people_sudo],
        }
        return request.render("dealer_collection.portal_people", values, status=status)

    @staticmethod
    def _person(person_sudo):
        return {
            "id": person_sudo.id,
            "name": person_sudo.name,
            "email": person_sudo.email or person_sudo.user_id.login,
            "role": person_sudo.role,
            "role_label": person_sudo._role_label(),
            "role_color": ROLE_COLORS[person_sudo.role],
            "last_login": person_sudo.login_date,
            "is_me": person_sudo.user_id == request.env.user,
        }
