import hashlib
import itertools
from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import HttpCase
from odoo.tools import SQL

from ..models import pos_gateway_call
from ..models.payment_provider_abilities import ALLOW_SERVER_CARD_ENTRY
from ..models.sender import NoAnswer
from .common import API_PASSWORD, CARD, FORM_TYPE, GatewayCommon, WorkerMixin

CODE, HOLDER = "8472", "Zeynep Kanarya"
TERMINAL = "30770101"
BANKS = {
    "garanti": {
        "gateway_merchant_id": "7007701",
        "gateway_terminal_id": TERMINAL,
        "gateway_store_key": "53696D47617261",
        "gateway_refund_password": "Refund/91",
        "gateway_page_password": "Page/91",
    },
    "qnb": {"gateway_merchant_id": "085300000077001"},
    "yapikredi": {
        "gateway_merchant_id": "6704400110",
        "gateway_terminal_id": "67440011",
        "gateway_account_id": "440011",
        "gateway_store_key": "31,7,92,64,15,120,48,3",
    },
}


def sha(name, text):
    return hashlib.new(name, text.encode()).hexdigest().upper()


def garanti_answer(order_id, kurus="3450", code="00"):
    security = sha("sha1", API_PASSWORD + TERMINAL.zfill(9))
    signed = sha("sha512", f"{code}632600310051{order_id}{security}")
    return (
        f"<GVPSResponse><Order><OrderID>{order_id}</OrderID></Order><Transaction>"
        f"<Response><Code>{code}</Code><ReasonCode>{code}</ReasonCode></Response>"
        f"<RetrefNum>632600310051</RetrefNum><HashData>{signed}</HashData>"
        "<RewardInqResult><RewardList><Reward><Type>BNS</Type>"
        f"<TotalAmount>{kurus}</TotalAmount></Reward></RewardList></RewardInqResult>"
        "</Transaction></GVPSResponse>"
    )


def qnb_answer(order_id, lira="34.50", code="00"):
    return (
        f"<PayforResponse><OrderId>{order_id}</OrderId><ProcReturnCode>{code}"
        f"</ProcReturnCode><AvailablePoint>{lira}</AvailablePoint></PayforResponse>"
    )


def yapikredi_answer(_order_id, points="6900", kurus="3450"):
    return (
        "<posnetResponse><approved>1</approved><pointInfo>"
        f"<point>{points}</point><pointAmount>{kurus}</pointAmount>"
        "</pointInfo></posnetResponse>"
    )


ANSWERS = {
    "garanti": garanti_answer,
    "qnb": qnb_answer,
    "yapikredi": yapikredi_answer,
}


class PointsCommon(WorkerMixin, GatewayCommon, HttpCase):
    """A POS of each family that tells points, and a bank that we play ourselves."""

    def setUp(self):
        super().setUp()
        self.allow_cards()
        self.sent, self.answer = [], None
        self.startPatcher(patch.object(pos_gateway_call, "send", self.send))

    def send(self, request):
        self.sent.append(request)
        if isinstance(self.answer, NoAnswer):
            raise self.answer
        return self.answer(request.order_id).encode()

    def allow_cards(self, allowed=True):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(ALLOW_SERVER_CARD_ENTRY, str(allowed))

    def make_request(self, bank="qnb", **values):
        """Of a POS of this bank, that answers as it should."""
        self.answer = ANSWERS[bank]
        provider = self.make_provider(f"POS {bank}", gateway_bank=bank, **BANKS[bank])
        return self.env["pos.gateway.points.request"].create(
            {"partner_id": self.payer.id, "provider_id": provider.id, **values}
        )

    def visit(self, request, path="", fields=None):
        self.env.flush_all()
        response = self.url_open(
            f"{request._path()}{path}",
            data=None if fields is None else urlencode(fields),
            headers={"Content-Type": FORM_TYPE},
            method="GET" if fields is None else "POST",
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def type_card(self, request, **changes):
        card = {"number": CARD, "month": "07", "year": "31", "code": CODE}
        return self.visit(request, "/card", card | {"holder": HOLDER} | changes)

    def page_after(self, request, **changes):
        """Type a card, and look at the page that the payer is sent to."""
        self.assertEqual(self.type_card(request, **changes).status_code, 303)
        return " ".join(self.visit(request).text.split())

    def everything_kept(self):
        kept = ""
        for table in (
            "pos_gateway_message",
            "pos_gateway_call",
            "pos_gateway_inbox",
            "pos_gateway_points_request",
            "mail_message",
        ):
            self.env.cr.execute(SQL("SELECT t::text FROM %s t", SQL.identifier(table)))
            kept += "\n".join(itertools.chain(*self.env.cr.fetchall()))
        return kept
