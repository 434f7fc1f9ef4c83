import base64
import hashlib
from contextlib import contextmanager
from urllib.parse import urlencode

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..protocols.answers import Outcome, Result

STORE_KEY = "Canary|Store\\Key.91"
API_PASSWORD = "CanaryApiPassword.91"
CARD = "4543600100000002"
PREFIX = "45436001"
FORM_TYPE = "application/x-www-form-urlencoded"
NUMBERS = {"TRY": "949", "USD": "840", "EUR": "978"}


class GatewayCommon(AccountTestInvoicingCommon):
    """A Turkish company with one POS, one offer, and a bank that we play ourselves."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("tr")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.lira = cls.company.currency_id
        cls.method = cls.env.ref("payment.payment_method_card")
        cls.provider = cls.make_provider("İşbank POS")
        cls.offer = cls.env["pos.gateway.offer"].create(
            {
                "name": "Up to 6 installments",
                "currency_id": cls.lira.id,
                "line_ids": [
                    Command.create({"installment_count": 1}),
                    Command.create({"installment_count": 3, "surcharge_percent": 2.85}),
                    Command.create({"installment_count": 6, "surcharge_percent": 6.4}),
                ],
            }
        )
        cls.payer = cls.env["res.partner"].create({"name": "Yıldız Ticaret"})
        cls.program = cls.env["pos.gateway.card.program"].create(
            {"name": "Test Program", "code": "test_program"}
        )
        cls.provider.gateway_program_ids = cls.program
        cls.make_bin(PREFIX, program_id=cls.program.id, kind="credit")

    @classmethod
    def get_default_groups(cls):
        manager = cls.env.ref("pos_gateway.group_pos_gateway_manager")
        return super().get_default_groups() | manager

    # === BUILDING === #

    @classmethod
    def make_provider(cls, name, company=None, **values):
        provider = cls.env["payment.provider"].create(
            {
                "name": name,
                "code": "pos_gateway",
                "company_id": (company or cls.company).id,
                "redirect_form_view_id": cls.env.ref("pos_gateway.redirect_form").id,
                "inline_form_view_id": cls.env.ref("pos_gateway.inline_form").id,
                "payment_method_ids": [Command.set(cls.method.ids)],
                "gateway_bank": "isbank",
                "gateway_merchant_id": "700655001",
                "gateway_store_key": STORE_KEY,
                "gateway_api_user": "apiuser",
                "gateway_api_password": API_PASSWORD,
                "gateway_program_ids": [Command.clear()],
                **values,
            }
        )
        # In a second step: core makes the payment methods available on this change.
        provider.write({"state": "test", "is_published": True})
        return provider

    @classmethod
    def make_bin(cls, prefix, **values):
        """What is known of the cards that begin so, instead of what was known."""
        bins = cls.env["pos.gateway.bin"]
        bins.search([("prefix", "=", prefix)]).unlink()
        return bins.create({"prefix": prefix, **values})

    @classmethod
    def make_invoice(cls, amount, due="2026-01-15", partner=None, **values):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.payer).id,
                "invoice_date": "2026-01-01",
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": amount, "tax_ids": []}
                    )
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def make_transaction(cls, invoices=None, base=100.0, surcharge=0.0, **values):
        if invoices:
            values.setdefault("invoice_ids", [Command.set(invoices.ids)])
        # sudo, as core's controllers: no user makes or changes a card payment directly.
        transactions = cls.env["payment.transaction"].sudo()
        count = transactions.search_count([])
        return transactions.create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.method.id,
                "reference": f"TEST-{count}",
                "amount": base + surcharge,
                "currency_id": cls.lira.id,
                "partner_id": cls.payer.id,
                "operation": "online_redirect",
                "gateway_base_amount": base,
                "gateway_surcharge_amount": surcharge,
                "gateway_installment_count": 3 if surcharge else 1,
                **values,
            }
        )

    @classmethod
    def make_user(cls, login, *groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # === PLAYING THE BANK === #

    @staticmethod
    def outcome(transaction, result=Result.APPROVED, **changes):
        order = transaction._gateway_order()
        values = {
            "order_id": order.order_id,
            "amount_kurus": order.amount_kurus,
            "currency": order.currency,
            "installment_count": order.installment_count,
        }
        if result is Result.APPROVED:
            values["authorisation_code"] = "771204"
        return Outcome(result, **values | changes)

    @staticmethod
    def page_fields(transaction, **changes):
        """What the bank's page posts back for a charge, with changes."""
        count = transaction.gateway_installment_count
        return {
            "oid": transaction.gateway_order_id,
            "clientid": transaction.provider_id.gateway_merchant_id,
            "storetype": "3d_pay_hosting",
            "hashAlgorithm": "ver3",
            "amount": f"{transaction.amount:.2f}",
            "currency": NUMBERS[transaction.currency_id.name],
            "taksit": str(count) if count > 1 else "",
            "mdStatus": "1",
            "maskedCreditCard": "4543 60** **** 0002",
            "Response": "Approved",
            "ProcReturnCode": "00",
            "AuthCode": "771204",
            "HostRefNum": "632511004477",
            "TransId": "26325LzpJ16296",
            "ErrMsg": "",
            "rnd": "xyz987",
        } | changes

    @staticmethod
    def signature(fields, key=STORE_KEY):
        """Hash version 3, by our own reading of it: values by name, then the key."""
        names = sorted(
            (n for n in fields if n not in ("HASH", "encoding")), key=str.upper
        )
        values = [fields[name] for name in names] + [key]
        text = "|".join(v.replace("\\", "\\\\").replace("|", "\\|") for v in values)
        return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()

    @classmethod
    def signed_body(cls, transaction, key=STORE_KEY, **changes):
        fields = cls.page_fields(transaction, **changes)
        return urlencode({**fields, "HASH": cls.signature(fields, key)})

    @staticmethod
    def inquiry_body(transaction, **changes):
        """What the bank answers when it is asked about a charge, with changes."""
        outer = {
            "OrderId": transaction.gateway_order_id,
            "Response": "Approved",
            "ProcReturnCode": "00",
        }
        inner = {
            "ORD_ID": transaction.gateway_order_id,
            "CHARGE_TYPE_CD": "S",
            "TRANS_STAT": "S",
            "CAPTURE_AMT": str(round(transaction.amount * 100)),
            "AUTH_CODE": "771204",
            "PROC_RET_CD": "00",
        } | changes

        def xml(values):
            return "".join(f"<{name}>{text}</{name}>" for name, text in values.items())

        return (
            f"<CC5Response>{xml(outer)}<Extra>{xml(inner)}</Extra></CC5Response>"
        ).encode("iso-8859-9")


class WorkerMixin:
    """Runs the worker's steps, which open cursors of their own, inside the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()

    def worker(self, model, method, *args):
        """Call a method of the worker as the scheduled action does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, user=self.env.ref("base.user_root").id, su=True)
            result = getattr(env[model], method)(*args)
        self.env.invalidate_all()
        return result

    def store(self, transaction, body, kind="page_return", enqueue=True, identity=""):
        self.env.flush_all()
        message_id, is_new = self.env["pos.gateway.message"]._store(
            kind,
            transaction,
            body,
            identity=identity,
            content_type=FORM_TYPE,
            enqueue=enqueue,
        )
        self.env.invalidate_all()
        return self.env["pos.gateway.message"].browse(message_id), is_new

    def deliver(self, transaction, body=None, kind="page_return"):
        """A bank message arrives, and the worker takes it."""
        message, _is_new = self.store(
            transaction, body or self.signed_body(transaction), kind
        )
        row = self.env["pos.gateway.inbox"].search([("message_id", "=", message.id)])
        self.worker("pos.gateway.inbox", "_apply_one", row.id)
        return row

    def post(self, transaction):
        self.worker("payment.transaction", "_gateway_post_process_one", transaction.id)


class RefusalMixin:
    @contextmanager
    def refused(self, words):
        """What is done inside is refused with these words, and leaves no trace."""
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            yield
