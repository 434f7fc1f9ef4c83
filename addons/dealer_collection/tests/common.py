from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.pos_gateway.const import PROVIDER_CODE


class DealerCase(AccountTestInvoicingCommon):
    """Three tiers and a branch beside them, each with a portal user and two invoices.

    ege -> izmir -> bornova
    ege -> manisa
    anadolu
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("tr")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.provider = cls.make_provider()
        cls.dealers, cls.users = {}, {}
        for name, parent in (
            ("ege", None),
            ("izmir", "ege"),
            ("bornova", "izmir"),
            ("manisa", "ege"),
            ("anadolu", None),
        ):
            cls.dealers[name] = cls.make_dealer(name, cls.dealers.get(parent))
            cls.users[name] = cls.make_user(name, cls.dealers[name])
        cls.invoices = {
            name: cls.make_invoice(dealer, 1000.10, due_in=-10)
            | cls.make_invoice(dealer, 500.25, due_in=10)
            for name, dealer in cls.dealers.items()
        }
        cls.ege, cls.izmir = cls.dealers["ege"], cls.dealers["izmir"]
        cls.bornova, cls.manisa = cls.dealers["bornova"], cls.dealers["manisa"]
        cls.anadolu = cls.dealers["anadolu"]

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("pos_gateway.group_pos_gateway_manager")
            | cls.env.ref("dealer_collection.group_dealer_manager")
        )

    @classmethod
    def make_dealer(cls, name, parent=None, **values):
        partner = cls.env["res.partner"].create(
            {"name": f"{name.title()} A.Ş.", "is_company": True}
        )
        return cls.env["dealer.dealer"].create(
            {
                "partner_id": partner.id,
                "parent_id": parent.id if parent else False,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def make_user(cls, login, dealer):
        contact = cls.env["res.partner"].create(
            {"name": f"{login} user", "parent_id": dealer.partner_id.id}
        )
        return new_test_user(
            cls.env,
            login=f"t_{login}",
            password=f"t_{login}_password",
            groups="dealer_collection.group_dealer_portal",
            partner_id=contact.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def make_invoice(cls, dealer, amount, due_in=0, currency=None):
        today = fields.Date.today()
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": dealer.partner_id.id,
                "company_id": cls.company.id,
                "currency_id": (currency or cls.company.currency_id).id,
                "invoice_date": today - timedelta(days=40),
                "invoice_payment_term_id": False,
                "invoice_date_due": today + timedelta(days=due_in),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "goods",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def open_collection(cls, name, amount=None, moves=None):
        """As the dealer's user does it on the portal."""
        collections = (
            cls.env["dealer.collection"]
            .with_user(cls.users[name])
            .sudo()
            .with_company(cls.company)
        )
        moves = (cls.invoices[name] if moves is None else moves).sudo()
        return cls.env["dealer.collection"].browse(
            collections._open_for(cls.dealers[name], moves, amount).id
        )

    @classmethod
    def make_provider(cls):
        """A virtual POS without a bank: state changes are made by the tests."""
        provider = cls.env["payment.provider"].create(
            {
                "name": "Test POS",
                "code": PROVIDER_CODE,
                "company_id": cls.company.id,
                "redirect_form_view_id": cls.env.ref("pos_gateway.redirect_form").id,
                "inline_form_view_id": cls.env.ref("pos_gateway.inline_form").id,
                "payment_method_ids": [
                    Command.set(cls.env.ref("payment.payment_method_card").ids)
                ],
                "gateway_bank": "isbank",
                "gateway_merchant_id": "700655001",
                "gateway_store_key": "TestStore.Key|01",
                "gateway_api_user": "api",
                "gateway_api_password": "api",
            }
        )
        # In a second step: core makes the payment methods available on this change.
        provider.write({"state": "test", "is_published": True})
        return provider

    @classmethod
    def make_attempt(cls, collection, surcharge=0.0):
        provider = cls.provider
        collection = collection.sudo()
        values = collection._start_attempt()
        return (
            cls.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": cls.env.ref("payment.payment_method_card").id,
                    "reference": cls.env["payment.transaction"]._compute_reference(
                        PROVIDER_CODE, **values
                    ),
                    "amount": collection.amount + surcharge,
                    "gateway_base_amount": collection.amount,
                    "gateway_surcharge_amount": surcharge,
                    "gateway_installment_count": 3 if surcharge else 1,
                    "currency_id": collection.currency_id.id,
                    "partner_id": collection.partner_id.id,
                    "operation": "online_redirect",
                    **values,
                }
            )
        )
