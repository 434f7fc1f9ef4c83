from odoo import models


class PortalWizardUser(models.TransientModel):
    """Dealers are invited by a mail of their own: core's names no dealer, and is not
    complete in every language.
    """

    _inherit = "portal.wizard.user"

    def _send_email(self):
        dealer_name = self.env.context.get("dealer_name")
        if not dealer_name:
            return super()._send_email()
        self.ensure_one()
        user_sudo = self.user_id.sudo()
        user_sudo.partner_id.signup_prepare()
        template_sudo = self.env.ref(
            "dealer_collection.mail_template_invitation"
        ).sudo()
        template_sudo.with_context(lang=user_sudo.lang).send_mail(user_sudo.id)
        # Sent at once, but not while somebody waits for the page.
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True
