import logging
from dataclasses import replace
from datetime import UTC

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..protocols import digest
from ..protocols.redact import own_numbers
from ..protocols.types import Call, Operation, Secret
from . import connection_verdict, sender
from .connection_verdict import MOST_SECONDS_OFF
from .protocol_words import protocol_word

_logger = logging.getLogger(__name__)


class PaymentProvider(models.Model):
    """The test of the connection: ask the bank about an order that never was.

    No money moves, whatever the bank answers. "There is no such order" means that
    address, credentials and protocol are right.
    """

    _inherit = "payment.provider"

    gateway_connection_state = fields.Selection(
        [
            ("works", "Works"),
            ("credentials", "The bank refuses the credentials"),
            ("address", "Wrong bank or address"),
            ("tls", "No safe connection"),
            ("unreachable", "The bank cannot be reached"),
            ("clock", "Our clock is off"),
            ("unclear", "The answer was not understood"),
        ],
        "Last Test",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
    gateway_connection_at = fields.Datetime(
        "Tested", readonly=True, copy=False, groups="base.group_system"
    )
    gateway_connection_detail = fields.Char(
        readonly=True, copy=False, groups="base.group_system"
    )
    gateway_connection_text = fields.Text(
        "Result of the Test",
        compute="_compute_gateway_connection_text",
        groups="base.group_system",
    )

    @api.depends("gateway_connection_state", "gateway_connection_at")
    @api.depends("gateway_connection_detail")
    @api.depends_context("lang", "tz")
    def _compute_gateway_connection_text(self):
        for provider in self:
            provider.gateway_connection_text = (
                provider.gateway_connection_state
                and provider._gateway_connection_words(
                    provider.gateway_connection_state,
                    provider.gateway_connection_at,
                    provider.gateway_connection_detail,
                )
            )

    def _gateway_connection_words(self, verdict, at, detail):
        """:return: when it was tested, what came of it, and where to look"""
        sentences = [
            format_datetime(self.env, at) + ":",
            self._gateway_connection_sentence(verdict),
        ]
        if verdict == "works" and not self.sudo()._gateway_test_proves_store_key():
            sentences.append(
                self.env._("The store key is proven with the first payment.")
            )
        if detail:
            words = protocol_word(self.env, detail)
            sentences.append(self.env._("In detail: %s", words))
        return " ".join(sentences)

    def _gateway_test_proves_store_key(self):
        """:return: whether the question depends on it, or the bank asks for none"""
        traits = self._gateway_traits()
        if not traits or all(one.name != "store_key" for one in traits.credentials):
            return True
        try:
            terminal, order, call, request = self._gateway_word_test(False)
        except ValueError:
            return False
        other = replace(terminal, store_key=Secret("another key"))
        try:
            return self._gateway_family().ask(other, order, call) != request
        except ValueError:
            return True  # even its form is looked at

    def _gateway_connection_sentence(self, verdict):
        _ = self.env._
        sentences = {
            "works": _("The bank understands this POS and accepts its credentials."),
            "credentials": _(
                "The bank was reached and does not accept this POS. Compare the"
                " numbers, the API user and its password with the bank's letter (test"
                " and live ones differ), and ask the bank whether this server's"
                " address (IP) and the user's rights are registered."
            ),
            "address": _(
                "Somebody answers, but not in this bank's way. Compare the chosen bank"
                " and the addresses with the bank's letter."
            ),
            "tls": _(
                "The bank's certificate was not accepted. Bring the certificates of"
                " this server up to date, check its clock, and look for a proxy in"
                " between."
            ),
            "unreachable": _(
                "No answer came. Check whether this server may reach the bank"
                " (firewall, name server, proxy), and whether the bank is down."
            ),
            "clock": _(
                "The bank was reached, but this server's clock is off. Set it by a time"
                " server: banks refuse what is signed at another time."
            ),
            "unclear": _(
                "The bank answers in its protocol, but says neither that it knows no"
                " such order nor that something is wrong with this POS. Ask the bank"
                " what its code means."
            ),
        }
        return sentences[verdict]

    # === ACTIONS === #

    def action_gateway_test_connection(self):
        """Test at the system that this POS works with."""
        self.ensure_one()
        self.check_access("write")
        return self.sudo()._gateway_test_connection(self.state == "enabled")

    def action_gateway_test_live_connection(self):
        """Test at the bank's live system while the POS is not live yet."""
        self.ensure_one()
        self.check_access("write")
        return self.sudo()._gateway_test_connection(True)

    def _gateway_test_connection(self, is_live):
        """Ask, keep what was said, and tell what it means.

        This transaction only reads, so that Odoo never runs it twice: everything is
        written in transactions of its own, and what fails after the question is noted.
        """
        self._gateway_check_credentials()
        try:
            question = self._gateway_word_test(is_live)
        except ValueError as error:
            verdict, detail = "unclear", str(error)
        else:
            verdict, detail = self._gateway_ask_test(*question)
        detail = self._gateway_hide_secrets(detail)[:200]
        try:
            self._gateway_keep_verdict(verdict, detail)
        except Exception:
            _logger.warning("the result of a test could not be kept", exc_info=True)
        return self._gateway_show_verdict(verdict, detail)

    def _gateway_word_test(self, is_live):
        """:raise ValueError: if this POS cannot be tested in this way"""
        terminal, order = self._gateway_terminal(is_live), self._gateway_sample_order()
        call = Call(
            Operation.INQUIRY,
            key=digest.new_order_id(),
            at=fields.Datetime.now().replace(tzinfo=UTC),
            nonce=digest.nonce(),
        )
        request = self._gateway_family().ask(terminal, order, call)
        return terminal, order, call, request

    def _gateway_ask_test(self, terminal, order, call, request):
        family = self._gateway_family()
        keep = own_numbers(terminal)
        self._gateway_keep_test("call", request, request.body, keep)
        headers, silence = {}, None
        try:
            body = sender.send(request, headers)
        except sender.NoAnswer as failure:
            silence, body = failure, str(failure).encode()
        try:
            kind = "call_failure" if silence else "call_answer"
            self._gateway_keep_test(kind, request, body, keep)
        except Exception:
            _logger.warning("the answer to a test could not be kept", exc_info=True)
        if silence:
            verdict, detail = connection_verdict.of_silence(silence)
        else:
            verdict, detail = connection_verdict.of_answer(
                family, terminal, order, call, body
            )
        off = connection_verdict.seconds_off(headers.get("date"))
        if abs(off) > MOST_SECONDS_OFF:
            verdict, detail = "clock", f"{off:+d} s; {verdict} {detail}"
        return verdict, detail

    def _gateway_keep_test(self, kind, request, body, keep):
        text = body.decode(self._gateway_family().ENCODING, "replace")
        self.env["pos.gateway.message"]._store(
            kind,
            None,
            self._gateway_hide_secrets(text),
            provider=self,
            order_id=request.order_id,
            operation=request.operation.value,
            content_type=request.content_type if kind == "call" else "",
            source=request.url,
            keep=keep,
        )

    def _gateway_keep_verdict(self, verdict, detail):
        """Without the ORM: a verdict is also kept of a POS that is not well set up."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE payment_provider SET gateway_connection_state = %s,"
                    " gateway_connection_detail = %s, gateway_connection_at = %s"
                    " WHERE id = %s",
                    verdict,
                    detail,
                    fields.Datetime.now(),
                    self.id,
                )
            )

    def _gateway_show_verdict(self, verdict, detail):
        if self.env.context.get("gateway_setup"):
            return self._gateway_open_setup()  # that form shows it
        # Of the values, not of this record: it is older than what was just kept.
        words = self._gateway_connection_words(verdict, fields.Datetime.now(), detail)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if verdict == "works" else "warning",
                "message": words,
                "sticky": verdict != "works",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
