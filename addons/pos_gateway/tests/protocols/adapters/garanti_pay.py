"""Vectors of GarantiPay: signatures and answers of the card's gate, its own page."""

from pos_gateway.protocols import garanti_hash, garanti_pay, reading
from pos_gateway.protocols.answers import Message
from pos_gateway.protocols.types import Order

from . import garanti
from .common import facts
from .trees import read_in_turn

FAMILIES = ("garanti_pay",)
SIGNATURES, CLAIMS = garanti.SIGNATURES, garanti.CLAIMS


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's message or answer"""
    return read_in_turn(vector, "mdstatus", _page_facts, garanti.answer_facts)


def _page_facts(fields: dict) -> dict:
    terminal = garanti.terminal_of(
        fields.get("terminalid", ""), fields.get("terminalmerchantid")
    )
    order = Order(
        fields.get("oid", ""),
        reading.kurus(fields.get("txnamount")) or 0,
        installment_count=reading.count(fields.get("txninstallmentcount")) or 1,
        currency="TRY",
        return_url="https://tahsilat.example/pos/donus",
    )
    if "hash" in fields:
        fields = fields | {"secure3dhash": garanti_pay.page_hash(terminal, order)}
        names = garanti_hash.RETURN_NAMES
        signature = garanti_hash.return_hash(garanti.STORE_KEY, names, fields)
        fields["hash"] = signature
    message = Message(tuple(fields.items()))
    proven = garanti_pay.verify(terminal, order, message)
    outcome = garanti_pay.parse(terminal, proven)
    return facts(outcome, proven_by=proven.by, asked_next=str(outcome.follow_up))
