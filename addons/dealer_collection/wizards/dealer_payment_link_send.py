from odoo import api, fields, models


class DealerPaymentLinkSend(models.TransientModel):
    """Hand a payment link to its payer: QR, address, e-mail, SMS, WhatsApp."""

    _name = "dealer.payment.link.send"
    _description = "Share a Payment Link"

    link_id = fields.Many2one("dealer.payment.link", required=True, ondelete="cascade")
    url = fields.Char(related="link_id.url")
    qr = fields.Binary("QR", compute="_compute_qr")
    email = fields.Char(
        "E-mail", compute="_compute_addresses", store=True, readonly=False
    )
    phone = fields.Char(
        "Telephone", compute="_compute_addresses", store=True, readonly=False
    )

    @api.depends("link_id")
    def _compute_qr(self):
        for wizard in self:
            wizard.qr = wizard.link_id and wizard.link_id._qr_image()

    @api.depends("link_id")
    def _compute_addresses(self):
        for wizard in self:
            wizard.email = wizard.link_id.partner_id.email
            wizard.phone = wizard.link_id.partner_id.phone

    def _check_rights(self):
        self.ensure_one()
        self.link_id.check_access("write")

    def action_email(self):
        self._check_rights()
        self.link_id._send_email(self.email)
        return {"type": "ir.actions.act_window_close"}

    def action_sms(self):
        self._check_rights()
        self.link_id._send_sms(self.phone)
        return {"type": "ir.actions.act_window_close"}

    def action_whatsapp(self):
        self._check_rights()
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": self.link_id._whatsapp_url(self.phone),
        }
