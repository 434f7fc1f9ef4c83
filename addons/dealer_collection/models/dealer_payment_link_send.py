import base64
import re
from urllib.parse import quote

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

MOST_SENT = 20
QR_PIXELS = 480


class DealerPaymentLink(models.Model):
    """How a link reaches its payer: QR, e-mail, SMS, WhatsApp."""

    _inherit = "dealer.payment.link"

    sent_count = fields.Integer("Times Sent", readonly=True, copy=False)

    def _qr_image(self):
        """:return: a PNG of the address, as base64 text"""
        self.ensure_one()
        png = (
            self.env["ir.actions.report"]
            .sudo()
            .barcode("QR", self.url, width=QR_PIXELS, height=QR_PIXELS)
        )
        return base64.b64encode(png).decode()

    def _amount_text(self):
        """:return: what is to be paid, as text; an empty one if the payer chooses"""
        if self.amount_kind == "open":
            return self._money(self._minor_open())
        if self.amount_kind == "fixed":
            return self.currency_id.format(self.amount)
        return ""

    def _message(self):
        """:return: what stands in an SMS or a chat message"""
        self.ensure_one()
        _ = self.env._
        amount = self._amount_text()
        if amount:
            return _(
                "%(dealer)s asks you to pay %(amount)s for %(purpose)s: %(url)s",
                dealer=self.dealer_id.name,
                amount=amount,
                purpose=self.purpose,
                url=self.url,
            )
        return _(
            "%(dealer)s asks you to pay for %(purpose)s: %(url)s",
            dealer=self.dealer_id.name,
            purpose=self.purpose,
            url=self.url,
        )

    def _whatsapp_url(self, number=""):
        """:return: the address that opens WhatsApp with the message written"""
        digits = self._international(number).removeprefix("+") if number else ""
        return f"https://wa.me/{digits}?text={quote(self._message())}"

    def _international(self, number):
        """:return: the number with country code, as SMS and WhatsApp want it

        Without a country code it is one of the debtor's country, or the company's.

        :raise UserError: if it is no telephone number
        """
        country = self.partner_id.country_id or self.company_id.country_id
        digits = re.sub(r"[\s()./\-]", "", number or "")
        if digits.startswith("00"):
            digits = f"+{digits[2:]}"
        elif digits and not digits.startswith("+"):
            digits = f"+{country.phone_code or ''}{digits.removeprefix('0')}"
        if not re.fullmatch(r"\+[1-9][0-9]{7,14}", digits):
            raise UserError(
                self.env._("%s is not a telephone number.", (number or "")[:30])
            )
        return digits

    def _send_email(self, address):
        """:raise UserError: with a text for whoever sends it"""
        self._count_sending()
        email = email_normalize(address or "")
        if not email:
            raise UserError(
                self.env._("%s is not an e-mail address.", (address or "")[:60])
            )
        template = self.env.ref("dealer_collection.mail_template_payment_link").sudo()
        template.send_mail(
            self.id,
            email_values={"email_to": email, "recipient_ids": []},
            email_layout_xmlid="mail.mail_notification_light",
        )
        self._note_sending(self.env._("by e-mail to %s", email))

    def _send_sms(self, number):
        """:raise UserError: with a text for whoever sends it"""
        self._count_sending()
        number = self._international(number)
        self.sudo()._message_sms(
            self._message(), partner_ids=[], sms_numbers=[number], put_in_queue=True
        )
        self._note_sending(self.env._("by SMS to %s", number))

    def _count_sending(self):
        self.ensure_one()
        refusal = self.sudo()._refusal()
        if refusal:
            raise UserError(refusal)
        if self.sent_count >= MOST_SENT:
            raise UserError(
                self.env._(
                    "This link was sent %s times already. Make another one, or share it"
                    " by hand.",
                    self.sent_count,
                )
            )
        self.sudo().sent_count += 1

    def _note_sending(self, how):
        self.sudo().message_post(
            body=self.env._(
                "Sent %(how)s, by %(user)s.", how=how, user=self.env.user.name
            )
        )
