"""What the messages of PosNet XML mean: its answers -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.
What ``parse`` needs of our order comes with the proven fields, under names that no
XML element can have (``order:...``).
"""

from collections.abc import Mapping
from dataclasses import replace

from . import posnet_books as books
from . import reading
from .answers import Outcome, Proven, Result, newest_first, stated
from .codes.posnet import CODES
from .posnet_books import Row
from .posnet_mac import RESOLVED
from .redact import mask_text
from .types import Call, Form, Operation, Order, Terminal

PROVED = "proved_"
"""Before the name of a packet: RESOLVE found it to be of this order."""

_PAGE = "oosrequestdataresponse"
_DONE = frozenset({"", "00", "0000"})
_PACKET = "packet"


def what_is_ours(terminal: Terminal, order: Order, call: Call) -> dict[str, str]:
    """:return: what the answer is read with, and what it does not say"""
    if call.operation is Operation.REGISTER:
        language = "tr" if order.language == "tr" else "en"
        return {"order:return_url": order.return_url, "order:language": language}
    if call.operation is Operation.RESOLVE:
        sealed = {n: t for n, t in order.references.items() if _is_packet(n)}
        return {f"order:{name}": text for name, text in sealed.items()}
    if call.operation in (Operation.SALE, Operation.POINTS):
        return {}
    spelling = books.spelling(terminal, order, not _has_key(order, call))
    return spelling | {"order:is_captured": "1" if is_captured(order) else ""}


def target(terminal: Terminal, order: Order, name: str) -> tuple[str, str]:
    """Name what a call is about: the bank's key if it told us one, else the number.

    :param name: of the key in ``references``
    """
    key = order.references.get(name)
    if key:
        return "hostLogKey", key
    return "orderID", books.number_of(terminal, order)


def is_captured(order: Order) -> bool:
    """:return: whether we captured a reservation and did not void that"""
    return bool(order.references.get("capture_log_key"))


def read_packets(proven: Proven, texts: Mapping[str, str]) -> Outcome:
    """The page's packets say nothing that we could read: the bank must."""
    return Outcome(
        Result.UNRESOLVED,
        proven.order_id,
        follow_up=Operation.RESOLVE,
        references=dict(texts),
    )


def read_answer(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what the answer to a call means.

    =========== ============================================ =============
    REGISTER    approved 1, with the seals                   AUTHENTICATED
    REGISTER    approved 0, a known refusal                  DECLINED
    RESOLVE     approved 1, MAC right, mdStatus accepted     AUTHENTICATED
    RESOLVE     MAC right, mdStatus known, not accepted      DECLINED
    SALE        approved 1, or 2 with 0127, MAC right        APPROVED
    SALE        approved 0, a known refusal                  DECLINED
    INQUIRY     approved 1, the rows add up                  as they do
    INQUIRY     approved 0, E219                             NOT_FOUND
    the others  approved 1, no code                          APPROVED
    the others  approved 0, a known refusal                  DECLINED
    anything else                                            UNRESOLVED
    =========== ============================================ =============

    A failed RESOLVE does not ask on: no money has moved, and anybody can cause one.
    """
    if proven.operation is Operation.REGISTER:
        return _read_page(terminal, proven)
    if proven.operation is Operation.RESOLVE:
        return _read_resolved(terminal, proven)
    if proven.operation is Operation.SALE:
        return _read_sale(proven)
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    return _read_follow_up(proven)


def _read_page(terminal: Terminal, proven: Proven) -> Outcome:
    fields = proven.fields
    data, seal = fields.get(f"{_PAGE}.data1", ""), fields.get(f"{_PAGE}.sign", "")
    if not (_is_done(fields) and data and seal):
        refused = _is_refused(fields, is_charge=True)
        return _outcome(proven, Result.DECLINED if refused else Result.UNRESOLVED)
    form = Form(
        terminal.url("page"),
        (
            ("mid", terminal.merchant_id),
            ("posnetID", terminal.account_id),
            ("posnetData", data),
            ("posnetData2", fields.get(f"{_PAGE}.data2", "")),
            ("digest", seal),
            ("merchantReturnURL", fields["order:return_url"]),
            ("lang", fields["order:language"]),
            ("url", ""),
            ("openANewWindow", "0"),
        ),
    )
    return replace(_outcome(proven, Result.AUTHENTICATED), page=form)


def _read_resolved(terminal: Terminal, proven: Proven) -> Outcome:
    fields = proven.fields
    status = fields.get(f"{RESOLVED}.mdstatus", "")
    is_ours = proven.by == "signature"
    accepted = terminal.accepted_md_status & books.FULL_AND_HALF_SECURE
    known = books.FULL_AND_HALF_SECURE | books.NOT_AUTHENTICATED
    result, more = Result.UNRESOLVED, {}
    if is_ours and status in accepted and _is_done(fields):
        result = Result.AUTHENTICATED
        sealed = {n: t for n, t in fields.items() if n.startswith("order:")}
        proved = {n.replace("order:", PROVED, 1): t for n, t in sealed.items()}
        more = {"follow_up": Operation.SALE, "references": proved}
    elif is_ours and status in known - accepted:
        result = Result.DECLINED
    outcome = _outcome(proven, result, f"mdStatus={status}" if status else "")
    text = fields.get(f"{RESOLVED}.mderrormessage", "")
    return replace(
        outcome,
        amount_kurus=reading.kurus(fields.get(f"{RESOLVED}.amount", "")),
        currency=books.LETTERS.get(fields.get(f"{RESOLVED}.currency", "")),
        installment_count=books.count(fields.get(f"{RESOLVED}.installment", "")),
        md_status=mask_text(status),
        bank_message=outcome.bank_message or mask_text(text),
        **more,
    )


def _read_sale(proven: Proven) -> Outcome:
    fields = proven.fields
    is_ours = proven.by == "signature"
    is_repeat = fields.get("approved") == "2" and fields.get("respcode") == "0127"
    if is_ours and (is_repeat or _is_done(fields)):
        result = Result.APPROVED
    else:
        refused = _is_refused(fields, is_charge=True)
        result = Result.DECLINED if refused else Result.UNRESOLVED
    outcome = replace(
        _outcome(proven, result),
        installment_count=books.count(fields.get("instinfo.inst1", "")),
        is_repeat=is_repeat,
        references=_keys(host_log_key=fields.get("hostlogkey", "")),
    )
    if result is Result.UNRESOLVED:
        return replace(outcome, follow_up=Operation.INQUIRY)
    return outcome


def _read_inquiry(proven: Proven) -> Outcome:
    fields, rows = proven.fields, [_row(row) for row in proven.rows]
    entries = newest_first(map(books.entry, rows))
    if not rows:
        unknown = fields.get("approved") == "0" and _code(fields) in CODES.not_found
        result = Result.NOT_FOUND if unknown else Result.UNRESOLVED
        return books.respelled(proven, _outcome(proven, result), _code(fields))
    stands = books.standing(rows) if _is_done(fields) else None
    outcome = _outcome(proven, books.inquiry_verdict(stands))
    outcome = replace(outcome, entries=entries)
    if stands is None:
        return outcome
    newest = (
        [e for e in entries if e.kind == "capture"] if stands.captured_kurus else []
    )
    keys = _keys(host_log_key=stands.host_reference)
    keys["order_prefix"] = fields["order:prefix"]
    if stands.kind == "preauth":
        keys["capture_log_key"] = newest[0].host_reference if newest else ""
    return replace(stated(outcome, stands), references=keys)


def _read_follow_up(proven: Proven) -> Outcome:
    fields = proven.fields
    if _is_done(fields):
        result = Result.APPROVED
    else:
        refused = _is_refused(fields, is_charge=False)
        result = Result.DECLINED if refused else Result.UNRESOLVED
    outcome = books.respelled(proven, _outcome(proven, result), _code(fields))
    if result is Result.APPROVED and proven.operation is Operation.CAPTURE:
        keys = _keys(capture_log_key=_told(fields, "hostlogkey"))
        return replace(outcome, references=keys)
    undone = proven.operation is Operation.VOID and fields["order:is_captured"]
    if result is Result.APPROVED and undone:
        return replace(outcome, references={"capture_log_key": ""})
    return outcome


def read_card_call(proven: Proven) -> Outcome:
    """Say whether a question about a card was answered."""
    if _is_done(proven.fields):
        return _outcome(proven, Result.APPROVED)
    refused = _is_refused(proven.fields, is_charge=True)
    return _outcome(proven, Result.DECLINED if refused else Result.UNRESOLVED)


def _row(fields: Mapping[str, str]) -> Row:
    """What is compared or counted stays as it is; what is only shown is masked."""
    names = "state amount currencycode txnstatus trandate orderid".split()
    return Row(
        *(fields.get(name, "") for name in names),
        mask_text(fields.get("authcode", "")),
        books.masked_key(fields.get("hostlogkey", "")),
        mask_text(fields.get("ccno", "")),
    )


def _is_done(fields: Mapping[str, str]) -> bool:
    return fields.get("approved") == "1" and _code(fields) in _DONE


def _is_refused(fields: Mapping[str, str], is_charge: bool) -> bool:
    return fields.get("approved") == "0" and books.is_refusal(_code(fields), is_charge)


def _code(fields: Mapping[str, str]) -> str:
    return fields.get("respcode", "")


def _told(fields: Mapping[str, str], name: str) -> str:
    """:return: a text of what was done; some answers have it one level deeper"""
    return fields.get(name) or fields.get(f"transaction.{name}", "")


def _keys(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _is_packet(name: str) -> bool:
    return _PACKET in name and not name.startswith(PROVED)


def _has_key(order: Order, call: Call) -> bool:
    if call.operation is Operation.INQUIRY:
        return False
    return bool(order.references.get("host_log_key")) or is_captured(order)


def _outcome(proven: Proven, result: Result, fine: str = "") -> Outcome:
    fields = proven.fields
    fine = _code(fields) or fine
    is_good = result in (Result.APPROVED, Result.AUTHENTICATED, Result.NOT_FOUND)
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(_told(fields, "authcode")),
        host_reference=books.masked_key(_told(fields, "hostlogkey")),
        bank_code=mask_text(fields.get("approved", "")),
        bank_message=mask_text(fields.get("resptext", "")),
        reason_code=mask_text(fine),
        reason="" if is_good else books.reason(fine),
        at=books.moment(_told(fields, "trandate")),
        operation=proven.operation,
    )
