"""A Garanti POS with its wallet, and what its bank answers when it is asked."""

import hashlib
from unittest.mock import patch
from urllib.parse import urlencode

from ..models import pos_gateway_call
from .common import API_PASSWORD, STORE_KEY, GatewayCommon, WorkerMixin

TERMINAL, MERCHANT = "30990017", "7009917"
PAGE_PASSWORD, REFUND_PASSWORD = "CanaryPage.17", "CanaryRefund.17"  # noqa: S105
SIGNED = "clientid oid authcode procreturncode response mdstatus cavv eci md rnd"


def sha(algorithm, text):
    return hashlib.new(algorithm, text.encode()).hexdigest().upper()


class WalletCommon(WorkerMixin, GatewayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card_pos = cls.provider
        cls.garanti = cls.make_garanti("Garanti POS")
        cls.garanti.gateway_wallet = True
        cls.wallet_method = cls.env.ref("pos_gateway.payment_method_garanti_pay")

    @classmethod
    def make_garanti(cls, name, **values):
        return cls.make_provider(
            name,
            gateway_bank="garanti",
            gateway_merchant_id=MERCHANT,
            gateway_terminal_id=TERMINAL,
            gateway_refund_password=REFUND_PASSWORD,
            gateway_page_password=PAGE_PASSWORD,
            gateway_api_user=False,
            **values,
        )

    @classmethod
    def make_wallet_payment(cls, *args, **values):
        return cls.make_transaction(
            *args,
            provider_id=cls.garanti.id,
            payment_method_id=cls.wallet_method.id,
            **values,
        )

    # === THE BANK === #

    @staticmethod
    def notice(transaction, **changes):
        """As anybody could make it up."""
        fields = {
            "oid": transaction.gateway_order_id,
            "terminalid": TERMINAL,
            "response": "Approved",
            "procreturncode": "00",
            "mdstatus": "1",
            "authcode": "304917",
        }
        return urlencode(fields | changes)

    @staticmethod
    def signed_return(transaction, key=STORE_KEY, **changes):
        fields = {
            "clientid": TERMINAL,
            "oid": transaction.gateway_order_id,
            "authcode": "304917",
            "procreturncode": "00",
            "response": "Approved",
            "mdstatus": "1",
            "cavv": "",
            "eci": "",
            "md": "",
            "rnd": "Gp7xQ2",
        } | changes
        glued = "".join(fields[name] for name in SIGNED.split())
        fields["hashparams"] = ":".join(SIGNED.split()) + ":"
        return urlencode(fields | {"hash": sha("sha512", glued + key)})

    @staticmethod
    def answer(transaction, inside="", code="00", reason="00", password=API_PASSWORD):
        """What the bank's server answers, signed."""
        order, day = transaction.gateway_order_id, "20261121 12:00:44"
        security = sha("sha1", password + TERMINAL.zfill(9))
        signature = sha("sha512", f"{code}632500310099{day}{order}{security}")
        return (
            f"<GVPSResponse><Terminal><ID>{TERMINAL}</ID></Terminal>"
            f"<Order><OrderID>{order}</OrderID>{inside}</Order><Transaction><Response>"
            f"<Code>{code}</Code><ReasonCode>{reason}</ReasonCode></Response>"
            "<RetrefNum>632500310099</RetrefNum><AuthCode></AuthCode>"
            f"<ProvDate>{day}</ProvDate><HashData>{signature}</HashData>"
            "</Transaction></GVPSResponse>"
        ).encode()

    @classmethod
    def stands(cls, transaction, status="APPROVED", **changes):
        """The answer to an inquiry."""
        count = transaction.gateway_installment_count
        values = {
            "Status": status,
            "AuthAmount": str(round(transaction.amount * 100)),
            "PreAuthAmount": "0",
            "InstallmentCnt": str(count) if count > 1 else "0",
            "Code": "00",
            "ReasonCode": "00",
            "RetrefNum": "632500310011",
            "AuthCode": "304917",
            "CardNumberMasked": "454360******0002",
        } | changes
        book = "".join(f"<{name}>{text}</{name}>" for name, text in values.items())
        return cls.answer(transaction, f"<OrderInqResult>{book}</OrderInqResult>")

    @classmethod
    def refused_in_app(cls, transaction):
        return cls.stands(
            transaction,
            "DECLINED",
            Code="05",
            ReasonCode="05",
            AuthCode="",
            AuthAmount="0",
        )

    @classmethod
    def unknown(cls, transaction):
        return cls.answer(transaction, code="92", reason="0110")

    def call_banks(self, answer):
        """One run of the worker. :return: the bodies of what was sent"""
        sent = []

        def send(request):
            sent.append(request.body.decode())
            return answer

        with patch.object(pos_gateway_call, "send", send):
            self.worker("pos.gateway.call", "_cron_call_banks")
        return sent

    def paid(self, *args, **values):
        """A payment that was confirmed in the app, as the bank's answer says."""
        transaction = self.make_wallet_payment(*args, **values)
        transaction._gateway_ask_bank_soon()
        self.call_banks(self.stands(transaction))
        self.assertEqual(transaction.state, "done")
        self.assertFalse(transaction.gateway_posting_error)
        return transaction
