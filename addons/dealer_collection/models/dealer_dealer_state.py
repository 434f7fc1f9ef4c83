from odoo import fields, models
from odoo.exceptions import UserError

from .dealer_subtree import below, is_below


class DealerDealer(models.Model):
    """Approval and suspension. Whoever calls the underscored verbs has checked that the
    user may; who did it stands in the chatter.
    """

    _inherit = "dealer.dealer"

    suspended_by_id = fields.Many2one(
        "dealer.dealer",
        "Suspended by Dealer",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The dealer above that suspended this one. Empty: your company did.",
    )
    refusal_reason = fields.Char(readonly=True, copy=False, groups="base.group_user")

    # === SUSPENSION === #

    def _suspend(self, with_below=False, by=None):
        """
        :param with_below: whether everything below is suspended as well
        :param dealer.dealer by: the dealer above that does it; None: the company
        :return: the dealers that were active until now
        """
        dealers = self._reach(with_below).filtered(lambda row: row.state == "active")
        dealers.write({"state": "suspended", "suspended_by_id": by.id if by else False})
        dealers._tell_all(self.env._("Suspended by %s.", self.env.user.name))
        return dealers

    def _reactivate(self, with_below=False, by=None):
        """A dealer lifts what it, or a dealer below it, has imposed; staff everything.

        :return: the dealers that were suspended until now
        """
        dealers = self._reach(with_below).filtered(lambda row: row.state == "suspended")
        if by:
            dealers = dealers.filtered(
                lambda row: row.suspended_by_id and is_below(row.suspended_by_id, by)
            )
        dealers.write({"state": "active", "suspended_by_id": False})
        dealers._tell_all(self.env._("Reactivated by %s.", self.env.user.name))
        return dealers

    def _reach(self, with_below):
        return self.search(below(self)) if with_below else self

    def _tell_all(self, text):
        for dealer in self:
            dealer.message_post(body=text)

    def action_suspend(self):
        self.check_access("write")
        return self._open_branch_wizard("suspend")

    def action_reactivate(self):
        self.check_access("write")
        return self._open_branch_wizard("reactivate")

    def _open_branch_wizard(self, verb):
        """With nothing below there is nothing to ask."""
        if not self.with_context(active_test=True).child_ids:
            (self._suspend if verb == "suspend" else self._reactivate)()
            return True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suspend")
            if verb == "suspend"
            else self.env._("Reactivate"),
            "res_model": "dealer.branch.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dealer_ids": self.ids, "default_verb": verb},
        }

    def action_move(self):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move"),
            "res_model": "dealer.move.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dealer_ids": self.ids},
        }

    # === APPROVAL === #

    def _ask_for_approval(self):
        """Work for a person: the salesperson of the branch, or whoever manages."""
        for dealer in self:
            dealer.write({"state": "waiting", "refusal_reason": False})
            dealer.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=dealer._approver().id,
                summary=self.env._("Approve this dealer"),
                note=self.env._(
                    "%(user)s has added %(dealer)s below %(parent)s.",
                    user=self.env.user.name,
                    dealer=dealer.name,
                    parent=dealer.parent_id.name,
                ),
            )

    def _approver(self):
        node = self
        while node:
            if node.user_id.active:
                return node.user_id
            node = node.parent_id
        managers = self.env.ref("dealer_collection.group_dealer_manager").all_user_ids
        in_company = managers.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        people = in_company.filtered(
            lambda user: user.id != self.env.ref("base.user_root").id
        )
        return (people or in_company)[:1]

    def action_approve(self):
        self.check_access("write")
        for dealer in self.filtered(lambda row: row.state in ("waiting", "refused")):
            dealer.write({"state": "active", "refusal_reason": False})
            dealer._end_approval(self.env._("Approved by %s.", self.env.user.name))
        return True

    def action_refuse(self):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "dealer.refuse.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dealer_ids": self.ids},
        }

    def _refuse(self, reason):
        reason = (reason or "").strip()[:200]
        if not reason:
            raise UserError(self.env._("Say why. The dealer above reads it."))
        for dealer in self.filtered(lambda row: row.state == "waiting"):
            dealer.write({"state": "refused", "refusal_reason": reason})
            dealer._end_approval(
                self.env._(
                    "Refused by %(user)s: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                )
            )

    def _end_approval(self, text):
        self.activity_feedback(["mail.mail_activity_data_todo"], feedback=text)
        self.message_post(body=text)
