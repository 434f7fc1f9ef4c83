import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Who is asked to look, when something went wrong that only a person can settle."""

    _inherit = "payment.transaction"

    gateway_unseen_alert = fields.Char(
        "Nobody Was Told",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What should have been looked at, when there was nobody to be asked.",
    )

    def _gateway_alert(self, note):
        """Give staff something to do about this transaction."""
        self.ensure_one()
        user = self._gateway_alert_user()
        unseen = self.gateway_unseen_alert or ""
        text = unseen if note in unseen else f"{unseen} {note}".strip()
        if not user:
            _logger.error(
                "nobody can be told about transaction %s: %s", self.reference, note
            )
            self.gateway_unseen_alert = text
            return
        self._gateway_alert_record().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Card payment %s", self.reference),
            note=text,
            user_id=user.id,
        )
        self.gateway_unseen_alert = False

    def _gateway_alert_record(self):
        """:return: the document on which staff find the activity"""
        return self.invoice_ids[:1] or self.partner_id

    def _gateway_alert_user(self):
        """The responsible of the POS, else of those who can do most about it the one
        who has least to do; nobody if there is nobody.
        """
        responsible = self.provider_id.gateway_responsible_id
        if responsible.active:
            return responsible
        company = self.company_id
        for name, is_of_company in (
            ("pos_gateway.group_pos_gateway_manager", True),
            ("account.group_account_manager", True),
            ("base.group_system", False),
        ):
            users = (
                self.env.ref(name)
                .sudo()
                .all_user_ids.filtered(
                    lambda user, of_company=is_of_company: (
                        user.active
                        and not user.share
                        and (not of_company or company in user.company_ids)
                    )
                )
            )
            if users:
                return self._gateway_least_busy(users)
        return self.env["res.users"]

    def _gateway_least_busy(self, users):
        counts = dict(
            self.env["mail.activity"]
            .sudo()
            ._read_group([("user_id", "in", users.ids)], ["user_id"], ["__count"])
        )
        return min(users, key=lambda user: (counts.get(user, 0), user.id))
