import re
from datetime import timedelta

from odoo import fields, http
from odoo.fields import Command

from .tier_common import TierCase


class LinkCase(TierCase):
    """The tiers of ``TierCase``, with links and the forms that payers send."""

    @classmethod
    def make_link(cls, dealer=None, **values):
        return cls.env["dealer.payment.link"].create(
            {
                "dealer_id": (dealer or cls.bornova).id,
                "purpose": "Deliveries of November",
                "amount": 100.0,
                **values,
            }
        )

    @classmethod
    def make_receivable_link(cls, receivables, **values):
        return cls.make_link(
            receivables.creditor_id,
            partner_id=receivables.debtor_id.id,
            receivable_ids=[Command.set(receivables.ids)],
            **{"amount_kind": "open", "amount": 0, **values},
        )

    @staticmethod
    def ago(**delta):
        return fields.Datetime.now() - timedelta(**delta)

    def send(self, url, **values):
        """:return: the answer to a form, redirects not followed"""
        return self.url_open(
            url,
            data={"csrf_token": http.Request.csrf_token(self), **values},
            allow_redirects=False,
        )

    def use(self, link, **values):
        return self.send(f"{link.access_url}/continue", **values)

    @staticmethod
    def error_of(response):
        found = re.search(r'role="alert">\s*([^<]+)', response.text)
        return found[1].strip() if found else ""
