from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class DealerReportCase(AccountTestInvoicingCommon):
    """A POS and a tree: Ege > İzmir > Bornova, Ege > Manisa, and Anadolu alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.report = cls.env["dealer.collection.report"].with_context(
            allowed_company_ids=cls.company.ids
        )
        cls.provider = cls._make_provider("Test POS")
        cls.ege = cls._make_dealer("Ege")
        cls.izmir = cls._make_dealer("İzmir", cls.ege)
        cls.bornova = cls._make_dealer("Bornova", cls.izmir)
        cls.manisa = cls._make_dealer("Manisa", cls.ege)
        cls.anadolu = cls._make_dealer("Anadolu")

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref(
            "dealer_collection.group_dealer_manager"
        )

    @classmethod
    def _make_provider(cls, name):
        provider = cls.env["payment.provider"].create(
            {
                "name": name,
                "code": "pos_gateway",
                "company_id": cls.company.id,
                "redirect_form_view_id": cls.env.ref("pos_gateway.redirect_form").id,
                "payment_method_ids": [
                    Command.set(cls.env.ref("payment.payment_method_card").ids)
                ],
                "gateway_bank": "isbank",
                "gateway_merchant_id": "1",
                "gateway_store_key": "key",
                "gateway_api_user": "user",
                "gateway_api_password": "password",
                "gateway_test_address": "http://localhost:1",
            }
        )
        provider.state = "test"
        return provider

    @classmethod
    def _make_dealer(cls, name, above=None):
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        return cls.env["dealer.dealer"].create(
            {
                "partner_id": partner.id,
                "parent_id": above and above.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _make_portal_user(cls, dealer):
        login = f"{dealer.name}@report.example.com"
        partner = cls.env["res.partner"].create(
            {"name": login, "parent_id": dealer.partner_id.id, "email": login}
        )
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "partner_id": partner.id,
                    "login": login,
                    "password": login,
                    "lang": "en_US",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [
                        Command.set(
                            cls.env.ref("dealer_collection.group_dealer_portal").ids
                        )
                    ],
                }
            )
        )

    @classmethod
    def _make_attempt(cls, dealer, amount, surcharge=0.0, collection=None, **values):
        """A payment attempt that waits for the bank, for an invoice of that amount."""
        if not collection:
            invoice = cls.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": dealer.partner_id.id,
                    "company_id": cls.company.id,
                    "invoice_date": "2026-01-15",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                }
            )
            invoice.action_post()
            collection = cls.env["dealer.collection"].create(
                {
                    "dealer_id": dealer.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.currency.id,
                    "line_ids": [
                        Command.create({"move_id": invoice.id, "amount": amount})
                    ],
                }
            )
        return (
            cls.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": cls.provider.id,
                    "payment_method_id": cls.env.ref("payment.payment_method_card").id,
                    "amount": amount + surcharge,
                    "gateway_base_amount": amount,
                    "gateway_surcharge_amount": surcharge,
                    "currency_id": cls.currency.id,
                    "partner_id": dealer.partner_id.id,
                    "dealer_collection_id": collection.id,
                    "invoice_ids": [Command.set(collection.line_ids.move_id.ids)],
                    "operation": "online_redirect",
                    **values,
                }
            )
        )

    @classmethod
    def _pay(cls, dealer, amount, surcharge=0.0, **values):
        """A payment that the bank charged and that is in the books."""
        transaction = cls._make_attempt(dealer, amount, surcharge, **values)
        transaction._set_done()
        transaction.with_context(gateway_worker=True)._post_process()
        return transaction

    def _row(self, transaction):
        return self.report.search([("id", "=", transaction.id)])

    def _sum(self, field, domain=()):
        [(total,)] = self.report._read_group(list(domain), [], [f"{field}:sum"])
        return total
