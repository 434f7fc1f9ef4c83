from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

from .dealer_subtree import below

PORTAL_GROUP = "dealer_collection.group_dealer_portal"

# Invitations are mails in our name to addresses that others type.
MOST_INVITATIONS_A_DAY = 20
INVITE_AGAIN_AFTER = timedelta(minutes=10)

# What each role may do. A capability of the dealer must allow it as well: see
# `res.users._dealer_may`.
ROLES = {
    "owner": {
        "people", "sub_dealers", "customers", "links", "receivables", "pay", "collect",
        "approve",
    },
    "collector": {"customers", "links", "receivables", "pay", "collect"},
    "viewer": set(),
}  # fmt: skip


class DealerUser(models.Model):
    """A person who acts for a dealer on the portal, and as what."""

    _name = "dealer.user"
    _description = "Person of a Dealer"
    _order = "dealer_id, name, id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Portal User",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    dealer_id = fields.Many2one(
        "dealer.dealer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dealer_id.company_id", store=True, index=True)
    name = fields.Char(related="user_id.partner_id.name", store=True)
    email = fields.Char(related="user_id.partner_id.email")
    login_date = fields.Datetime(related="user_id.login_date", string="Last Login")
    role = fields.Selection(
        [("owner", "Owner"), ("collector", "Collector"), ("viewer", "Viewer")],
        required=True,
        default="viewer",
        help="An owner does everything: people, sub-dealers, customers, payments. A"
        " collector pays and collects, and adds customers, receivables and links. A"
        " viewer only reads.",
    )
    invited_at = fields.Datetime(readonly=True)
    active = fields.Boolean(related="user_id.active", store=True, string="Has Access")

    _user_unique = models.Constraint(
        "UNIQUE(user_id)", "This person acts for a dealer already."
    )

    @api.constrains("user_id", "dealer_id")
    def _check_user(self):
        for person_sudo in self.sudo():
            company = person_sudo.user_id.partner_id.commercial_partner_id
            if person_sudo.dealer_id.partner_id != company:
                raise ValidationError(
                    self.env._(
                        "%(person)s is not one of the people of %(dealer)s.",
                        person=person_sudo.user_id.name,
                        dealer=person_sudo.dealer_id.name,
                    )
                )

    def write(self, vals):
        before = {person: person.role for person in self}
        if not self.env.su and vals.get("role") not in (None, "owner"):
            for person in self:
                person._check_not_last_owner()  # staff, in the list on the form
        result = super().write(vals)
        for person, role in before.items():
            if person.role != role:
                person._tell(
                    self.env._(
                        "%(person)s is %(role)s now.",
                        person=person.name,
                        role=person._role_label(),
                    )
                )
        return result

    def _role_label(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        return labels[self.role]

    def _tell(self, text):
        # sudo: people of a dealer write nothing themselves; who did it is the author
        self.sudo().dealer_id.message_post(body=text)

    # === VERBS: in sudo mode, once it is known that the one who asks may === #

    def _set_role(self, role):
        self.ensure_one()
        if role not in ROLES:
            raise UserError(self.env._("Choose what this person may do."))
        if role != "owner":
            self._check_not_last_owner()
        self.role = role

    def _revoke(self):
        """The person is out at once; what it did stays."""
        self.ensure_one()
        self._check_not_last_owner()
        user_sudo = self.sudo().user_id
        user_sudo.partner_id.signup_cancel()
        user_sudo.write(
            {
                "active": False,
                "group_ids": [
                    Command.link(self.env.ref("base.group_public").id),
                    Command.unlink(self.env.ref("base.group_portal").id),
                    Command.unlink(self.env.ref(PORTAL_GROUP).id),
                ],
            }
        )
        self._tell(self.env._("%s has no access any more.", self.name))

    def _check_not_last_owner(self):
        others = self.dealer_id.person_ids - self
        if self.role == "owner" and not others.filtered(
            lambda row: row.role == "owner"
        ):
            raise UserError(
                self.env._(
                    "%s is the only owner. Make somebody else an owner first.",
                    self.name,
                )
            )

    def _invite_again(self):
        self.ensure_one()
        now = fields.Datetime.now()
        if self.invited_at and self.invited_at > now - INVITE_AGAIN_AFTER:
            raise UserError(
                self.env._("An invitation was sent a few minutes ago. Wait for it.")
            )
        self.invited_at = now
        self.dealer_id._portal_wizard_row(
            self.user_id.partner_id, self.user_id.login
        ).action_invite_again()
        self._tell(self.env._("%s was invited again.", self.name))

    # === ACTIONS OF STAFF === #

    def action_revoke(self):
        self.check_access("write")
        for person_sudo in self.sudo():
            person_sudo._revoke()
        return True

    def action_invite_again(self):
        self.check_access("write")
        for person_sudo in self.sudo():
            person_sudo._invite_again()
        return True


class DealerDealer(models.Model):
    _inherit = "dealer.dealer"

    person_ids = fields.One2many(
        "dealer.user", "dealer_id", "People", groups="base.group_user"
    )

    def _invite(self, name, email, role):
        """Make a portal user and send the invitation, as core's portal wizard does.

        In sudo mode, once it is known that the one who asks may.

        :return: the `dealer.user`
        :raise UserError: with a sentence for the one who invites
        """
        self.ensure_one()
        name, address = (name or "").strip()[:100], email_normalize(email or "")
        if not name:
            raise UserError(self.env._("Type the name of the person."))
        if not address:
            raise UserError(self.env._('"%s" is not an e-mail address.', email or ""))
        if role not in ROLES:
            raise UserError(self.env._("Choose what this person may do."))
        self._check_invitable()
        known_sudo = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search([("login", "=", address)])
        )
        if known_sudo:
            contact_sudo = self._former_person(known_sudo)
        else:
            contact_sudo = self._contact(name, address)
        self._grant(contact_sudo, address)
        return self._note_person(contact_sudo, role)

    def _check_invitable(self):
        if not self.active or self.state in ("waiting", "refused"):
            raise UserError(
                self.env._(
                    "%s has to be approved before people are invited.", self.name
                )
            )
        if not self.env.user.share:
            return
        since = fields.Datetime.now() - timedelta(days=1)
        lately = (
            self.env["dealer.user"]
            .with_context(active_test=False)
            .search_count(
                below(self.env.user._get_dealer_node(), "dealer_id")
                & Domain("invited_at", ">=", since)
            )
        )
        if lately >= MOST_INVITATIONS_A_DAY:
            raise UserError(
                self.env._("These are many invitations for one day. Go on tomorrow.")
            )

    def _former_person(self, user_sudo):
        """Somebody who had access before may have it again; nobody else's login."""
        is_own = user_sudo.partner_id.commercial_partner_id == self.partner_id
        if is_own and user_sudo.active:
            raise UserError(
                self.env._("%s is one of your people already.", user_sudo.login)
            )
        if not is_own or not user_sudo.share:
            # Whose address it is, and whether it is known at all, is not told.
            raise UserError(
                self.env._(
                    "This address cannot be invited. Use another one, or ask %s.",
                    self.company_id.name,
                )
            )
        user_sudo.partner_id.active = True
        return user_sudo.partner_id

    def _contact(self, name, address):
        contacts_sudo = self.env["res.partner"].sudo()
        known = contacts_sudo.search(
            [("parent_id", "=", self.partner_id.id), ("email", "=ilike", address)]
        ).filtered(lambda contact: not contact.user_ids)
        return known[:1] or contacts_sudo.create(
            {
                "name": name,
                "email": address,
                "parent_id": self.partner_id.id,
                "type": "contact",
                "lang": self.partner_id.lang or self.env.user.lang,
            }
        )

    def _portal_wizard_row(self, contact_sudo, address):
        """Core's way to give access and to invite; its row for one contact."""
        wizard_sudo = (
            self.env["portal.wizard"]
            .sudo()
            .with_company(self.company_id)
            .with_context(dealer_name=self.name)
            .create({"partner_ids": [Command.set(contact_sudo.ids)]})
        )
        row_sudo = wizard_sudo.user_ids
        row_sudo.email = address
        return row_sudo

    def _grant(self, contact_sudo, address):
        row_sudo = self._portal_wizard_row(contact_sudo, address)
        row_sudo.action_grant_access()

    def _note_person(self, contact_sudo, role):
        people_sudo = self.env["dealer.user"].sudo().with_context(active_test=False)
        user_sudo = contact_sudo.user_ids[:1]
        person_sudo = people_sudo.search([("user_id", "=", user_sudo.id)])
        if person_sudo:
            person_sudo.write({"role": role, "invited_at": fields.Datetime.now()})
        else:
            person_sudo = people_sudo.create(
                {
                    "user_id": user_sudo.id,
                    "dealer_id": self.id,
                    "role": role,
                    "invited_at": fields.Datetime.now(),
                }
            )
        user_sudo.group_ids = [Command.link(self.env.ref(PORTAL_GROUP).id)]
        person_sudo._tell(
            self.env._(
                "%(person)s (%(email)s) was invited as %(role)s.",
                person=person_sudo.name,
                email=user_sudo.login,
                role=person_sudo._role_label(),
            )
        )
        return person_sudo.with_context(active_test=True)


class ResUsers(models.Model):
    _inherit = "res.users"

    dealer_person_ids = fields.One2many(
        "dealer.user",
        "user_id",
        context={"active_test": False},
        groups="base.group_system",
    )

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._note_dealer_people()
        return users

    def write(self, vals):
        result = super().write(vals)
        if {"group_ids", "partner_id"} & vals.keys():
            self._note_dealer_people()
        return result

    def _note_dealer_people(self):
        """Whom staff give the portal group of dealers is an owner of its dealer."""
        group = self.env.ref(PORTAL_GROUP, raise_if_not_found=False)
        users_sudo = self.sudo().filtered(
            lambda user: group and group in user.group_ids and user.share
        )
        for user_sudo in users_sudo:
            node_sudo = user_sudo._get_dealer_node()
            known_sudo = user_sudo.dealer_person_ids
            if node_sudo and known_sudo.dealer_id != node_sudo:
                known_sudo.unlink()
                self.env["dealer.user"].sudo().create(
                    {
                        "user_id": user_sudo.id,
                        "dealer_id": node_sudo.id,
                        "role": "owner",
                    }
                )

    def _dealer_role(self):
        """:return: ``owner``, ``collector``, ``viewer``; False for who acts for none"""
        self.ensure_one()
        node_sudo = self._get_dealer_node()
        if not node_sudo or not self.has_group(PORTAL_GROUP):
            return False
        person_sudo = (
            self.env["dealer.user"]
            .sudo()
            .search(
                Domain("user_id", "=", self.id) & Domain("dealer_id", "=", node_sudo.id)
            )
        )
        return person_sudo.role or "viewer"

    def _dealer_may(self, what):
        """Whether this user may do something for its dealer.

        :param str what: ``people``, ``sub_dealers``, ``customers``, ``links``,
            ``receivables``, ``pay`` (own debts), ``collect``, ``approve`` (cash)
        """
        role = self._dealer_role()
        if not role or what not in ROLES[role]:
            return False
        node_sudo = self._get_dealer_node()
        capability = {
            "sub_dealers": "may_create_sub_dealers",
            "customers": "may_create_customers",
            "links": "may_create_links",
            "receivables": "may_create_links",
        }.get(what)
        if capability and not node_sudo[capability]:
            return False
        return what in ("pay", "people") or node_sudo.state == "active"
