"""Akbank: what is built, what is believed, what answers mean."""

import json
from datetime import date, datetime

import pytest
from cases import akbank as bank
from pos_gateway.protocols import akbank, akbank_hash
from pos_gateway.protocols.answers import (
    Hint,
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import CardEntry, Operation, Secret
from talk import Talk

KEY = "DENEMECAGRIABCDEFGHJ"


talk = Talk(
    akbank,
    bank,
    key=KEY,
    nonce=KEY,
    at=datetime.fromisoformat("2026-11-21T09:01:00.5+00:00"),
    first_day=date(2026, 11, 21),
    last_day=date(2026, 11, 21),
)
built, verified, refusal = talk.built, talk.verified, talk.refusal


def meaning(fields, **changes):
    return talk.meaning(fields, bank.terminal(**changes))


def asked(operation, order=None, **changes):
    return talk.request(operation, order=order, **changes)


def answered(operation, body, **changes):
    return talk.answered(operation, body, bank.order(**changes))


def inquiry(*rows, **changes):
    return answered(Operation.INQUIRY, bank.listed(*rows, **changes))


# --- the form -----------------------------------------------------------------------


def test_the_form_is_signed_in_the_banks_order():
    fields = built()
    names = (
        "paymentModel txnCode merchantSafeId terminalSafeId orderId lang amount"
        " currencyCode installCount okUrl failUrl randomNumber requestDateTime"
    ).split()
    assert fields["hash"] == bank.mac("".join(fields[name] for name in names))
    assert set(fields) == {*names, "hash"}
    assert fields["paymentModel"] == "3D_PAY_HOSTING"
    assert (fields["amount"], fields["installCount"]) == ("1250.40", "1")
    assert fields["requestDateTime"] == "2026-11-21T11:59:30.120"
    assert len(fields["randomNumber"]) == 128


def test_installments_reservations_languages_and_sub_merchants_are_told():
    fields = built(installment_count=6, preauth=True, language="de")
    assert (fields["installCount"], fields["txnCode"]) == ("6", "3004")
    assert fields["lang"] == "EN"
    assert built(bank.terminal(sub_merchant_id="B17"))["subMerchantId"] == "B17"


def test_no_page_of_ours_takes_the_card():
    assert akbank.TRAITS.card_entries == (CardEntry.HOSTED,)


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 37},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"currency": "USD", "installment_count": 2},
        {"installment_count": 13},
        {"return_url": "javascript:alert(1)"},
        {"at": None},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


def test_without_the_secret_key_there_is_no_form_no_call_and_no_belief():
    terminal = bank.terminal(store_key=Secret(""))
    with pytest.raises(ValueError, match="missing"):
        built(terminal)
    with pytest.raises(ValueError, match="missing"):
        talk.request(Operation.INQUIRY, terminal)
    empty = bank.sign(bank.GENUINE, secret_key="")
    assert refusal(empty, terminal=terminal) == "hash"


# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_of_2026_is_a_payment():
    outcome = meaning(bank.genuine())
    assert outcome.result is Result.APPROVED
    assert outcome.follow_up is None
    assert not differences(bank.order(), outcome)
    assert outcome.authorisation_code == "064716"
    assert outcome.host_reference == "632525059548"
    assert (outcome.bank_code, outcome.reason_code) == ("VPS-0000", "00")
    assert outcome.at == datetime(2026, 11, 21, 12, 1, 2)


@pytest.mark.parametrize(
    "missing",
    ["amount", "installCount", "mdStatus", *([bank.LIST_2024])],
    ids=str,
)
def test_a_payment_whose_amount_is_not_signed_is_inquired(missing):
    changes = missing if isinstance(missing, dict) else {missing: None}
    outcome = meaning(bank.genuine(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_what_is_not_signed_is_not_there():
    fields = [*bank.genuine(amount=None), ("amount", "1250.40")]
    assert "amount" not in verified(fields).fields
    assert meaning(fields).result is Result.UNRESOLVED


def test_an_amount_that_differs_shows():
    outcome = meaning(bank.genuine(amount="1.00"))
    assert differences(bank.order(), outcome) == ("amount",)
    same = meaning(bank.genuine(amount="1250.4"))
    assert not differences(bank.order(), same)


@pytest.mark.parametrize("amount", ["1.250,40", "1,250.40", "1250,40", "-1", "1e3"])
def test_an_amount_that_cannot_be_read_is_no_amount(amount):
    outcome = meaning(bank.genuine(amount=amount))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.amount_kurus is None


@pytest.mark.parametrize("status", ["0", "2", "5", "7", "9"])
def test_a_payment_with_a_poor_authentication_is_inquired(status):
    outcome = meaning(bank.genuine(mdStatus=status))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_the_merchant_may_accept_half_secure_but_no_failure():
    every = frozenset("0123456789")
    assert meaning(bank.genuine(mdStatus="2"), accepted_md_status=every).result is (
        Result.APPROVED
    )
    failed = meaning(bank.genuine(mdStatus="5"), accepted_md_status=every)
    assert failed.result is Result.UNRESOLVED


@pytest.mark.parametrize(
    "change",
    [
        {"hash": ""},
        {"hash": None},
        {"hashParams": ""},
        {"hashParams": None},
        {"amount": "1.00"},
        {"responseCode": "VPS-1005"},
        {"rrn": ""},
        {"hash": "A" * 88},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = dict(bank.genuine()) | change
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


@pytest.mark.parametrize(
    "names",
    [
        "orderId",
        "responseCode+orderId",
        "orderId+responseMessage+responseCode",
        "responseCode+responseMessage+orderId+rrn",
        "txnCode+responseCode+orderId",
        "responseCode+txnCode+merchantSafeId+terminalSafeId+orderId",
        "txnCode+responseCode+merchantSafeId+terminalSafeId+orderId+orderId",
        "txnCode+responseCode+merchantSafeId+terminalSafeId+orderId+foo",
        "txnCode+responseCode+merchantSafeId+terminalSafeId+orderId+amount+amount",
        "txnCode:responseCode",
        "",
        "+",
    ],
)
def test_a_list_of_signed_names_that_is_not_the_banks_is_refused(names):
    fields = dict(bank.genuine()) | {"foo": "1", "hashParams": names}
    glued = "".join(fields.get(name, "") for name in names.split("+"))
    fields["hash"] = bank.mac(glued)
    assert refusal(fields.items()) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"merchantSafeId": "C3" * 16}, "merchant"),
        ({"terminalSafeId": "C3" * 16}, "merchant"),
        ({"orderId": "PGBASKASIPARIS"}, "order"),
        ({"responseCode": "VPS-00001"}, "shape"),
        ({"txnCode": "1000VPS-0000"}, "shape"),
        ({"mdStatus": "11"}, "shape"),
        ({"rrn": "x"}, "shape"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("ORDERID", bank.ORDER_ID)]) == "repeated"


def test_a_refusal_is_not_made_of_a_payment_by_moving_letters():
    """The values are glued: the short list of a refusal must not fit a payment."""
    fields = dict(bank.genuine())
    glued = "".join(fields[name] for name in fields["hashParams"].split("+"))
    start, _order, rest = glued.partition(bank.ORDER_ID)
    moved = {
        "responseCode": start[:12],
        "responseMessage": start[12:],
        "orderId": bank.ORDER_ID + rest,
        "hashParams": "responseCode+responseMessage+orderId",
        "hash": fields["hash"],
    }
    assert akbank_hash.signed_part(bank.SECRET_KEY, moved)
    assert refusal(moved.items()) == "shape"


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (bank.declined(), "limit"),
        (bank.declined(**bank.LIST_2024), "limit"),
        (bank.declined(hostResponseCode="83"), "installment_not_allowed"),
        (bank.declined(hostResponseCode="05"), "do_not_honour"),
        (bank.not_authenticated(), "three_d_failed"),
        (bank.not_authenticated(responseCode="VPS-1073"), "configuration"),
    ],
)
def test_a_signed_refusal_declines(fields, reason):
    outcome = meaning(fields)
    assert outcome.result is Result.DECLINED
    assert outcome.follow_up is None
    assert outcome.reason == reason
    assert outcome.authorisation_code == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"responseCode": "VPS-1005", "hostResponseCode": ""},
        {"responseCode": "VPS-1005", "hostResponseCode": "00"},
        {"responseCode": "VPS-1005", "hostResponseCode": "91"},
        {"responseCode": "VPS-1005", "hostResponseCode": "ZZ"},
        {"responseCode": "VPS-1013", "hostResponseCode": None},
        {"responseCode": "VPS-9999"},
        {"hostResponseCode": "51"},
        {"hostResponseCode": None},
        {"txnCode": "3001"},
        {"txnCode": "1002"},
        {"rrn": None},
        {"authCode": None},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.genuine(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_three_signed_fields_never_claim_a_payment():
    outcome = meaning(bank.not_authenticated(responseCode="VPS-0000"))
    assert outcome.result is Result.UNRESOLVED


# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize("operation", sorted(akbank.TRAITS.operations))
def test_a_call_is_signed_over_its_very_bytes(operation):
    request = asked(operation)
    assert request.headers == (("auth-hash", bank.mac(request.body)),)
    tree = json.loads(request.body)
    assert tree["terminal"] == {
        "merchantSafeId": bank.MERCHANT,
        "terminalSafeId": bank.TERMINAL,
    }
    assert tree["requestDateTime"] == "2026-11-21T12:01:00.500"
    assert tree["version"] == "1.00"
    is_question = operation in ("inquiry", "history", "day_list")
    assert request.url == bank.terminal().url("report" if is_question else "api")


@pytest.mark.parametrize(
    ("operation", "code", "subject"),
    [
        (Operation.INQUIRY, "1010", {"order": {"orderId": bank.ORDER_ID}}),
        (Operation.HISTORY, "1010", {"order": {"orderId": bank.ORDER_ID}}),
        (Operation.VOID, "1003", {"order": {"orderId": bank.ORDER_ID}}),
        (
            Operation.DAY_LIST,
            "1009",
            {
                "report": {
                    "startDateTime": "2026-11-21T00:00:00.000",
                    "endDateTime": "2026-11-21T23:59:59.999",
                }
            },
        ),
    ],
)
def test_a_call_says_what_it_is_about(operation, code, subject):
    tree = json.loads(asked(operation).body)
    assert tree["txnCode"] == code
    common = {"version", "txnCode", "requestDateTime", "randomNumber", "terminal"}
    assert {n: v for n, v in tree.items() if n not in common} == subject


@pytest.mark.parametrize(
    ("operation", "code"), [(Operation.CAPTURE, "1005"), (Operation.REFUND, "1002")]
)
def test_a_part_or_the_whole_is_captured_or_refunded(operation, code):
    tree = json.loads(asked(operation, amount_kurus=5000).body)
    assert tree["txnCode"] == code
    assert tree["transaction"] == {"amount": "50.00", "currencyCode": 949}
    assert json.loads(asked(operation).body)["transaction"]["amount"] == "1250.40"


@pytest.mark.parametrize(
    "changes",
    [
        {"operation": Operation.DAY_LIST, "last_day": date(2026, 11, 22)},
        {"operation": Operation.DAY_LIST, "first_day": None},
        {"operation": Operation.SALE},
        {"operation": Operation.BIN},
        {"operation": Operation.INQUIRY, "at": None},
    ],
    ids=str,
)
def test_what_the_bank_does_not_offer_is_not_asked(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(**changes)


# --- what answers mean --------------------------------------------------------------


@pytest.mark.parametrize("operation", ["capture", "void", "refund"])
def test_what_was_done_is_approved(operation):
    operation = Operation(operation)
    outcome = answered(operation, bank.answers()[operation])
    assert outcome.result is Result.APPROVED
    assert outcome.operation is operation
    assert outcome.host_reference == "632525059601"


@pytest.mark.parametrize(
    ("operation", "body", "reason", "hint"),
    [
        ("capture", bank.refusal("1005"), "not_found", None),
        ("void", bank.refusal("1003", "VPS-1008"), "not_possible", Hint.DONE_BEFORE),
        ("refund", bank.refusal("1002", "VPS-1008"), "not_possible", Hint.DONE_BEFORE),
        (
            "refund",
            bank.answer("1002", responseCode="VPS-1005", hostResponseCode="57"),
            "not_permitted",
            None,
        ),
    ],
)
def test_what_was_refused_is_declined(operation, body, reason, hint):
    outcome = answered(Operation(operation), body)
    assert outcome.result is Result.DECLINED
    assert (outcome.reason, outcome.hint) == (reason, hint)


@pytest.mark.parametrize(
    "changes",
    [
        {"hostResponseCode": "91"},
        {"hostResponseCode": None},
        {"responseCode": "VPS-1005", "hostResponseCode": "96"},
        {"responseCode": "VPS-1005", "hostResponseCode": None},
        {"responseCode": "VPS-4711"},
    ],
    ids=str,
)
def test_an_answer_that_says_nothing_known_is_unresolved(changes):
    outcome = answered(Operation.CAPTURE, bank.answer("1005", **changes))
    assert outcome.result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bank.answer("1002"), "document"),
        (bank.answer(None), "document"),
        (bank.answer("1005", responseCode=None), "document"),
        (bank.answer("1005", order={"orderId": "BASKA"}), "order"),
        (bank.answer("1005", order=None), "order"),
        (bank.answer("1005", terminal={"merchantSafeId": "X"}), "merchant"),
        (b"<html>", "malformed"),
    ],
)
def test_an_answer_of_something_else_is_refused(body, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.CAPTURE, body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("rows", "result", "state", "amounts"),
    [
        ([bank.row()], "approved", "captured", (125040, 125040, 0, None)),
        (
            [bank.row(**bank.PREAUTH)],
            "approved",
            "authorized",
            (125040, None, 0, None),
        ),
        (
            [
                bank.row(**bank.CAPTURED | {"preAuthCloseAmount": 1000}),
                bank.later("1005", 1000),
            ],
            "approved",
            "captured",
            (125040, 100000, 0, None),
        ),
        (
            [bank.row(txnStatus="V")],
            "cancelled",
            "voided",
            (125040, 125040, 0, 125040),
        ),
        (
            [bank.row(txnStatus="V"), bank.later("1003")],
            "cancelled",
            "voided",
            (125040, 125040, 0, 125040),
        ),
        (
            [bank.row(txnStatus="S"), bank.later("1002", 50)],
            "approved",
            "partially_refunded",
            (125040, 125040, 5000, None),
        ),
        (
            [
                bank.row(txnStatus="S"),
                bank.later("1002", 50, txnStatus="V"),
                bank.later("1002", 70.5),
            ],
            "approved",
            "partially_refunded",
            (125040, 125040, 7050, None),
        ),
        (
            [bank.row(txnStatus="R"), bank.later("1002")],
            "approved",
            "refunded",
            (125040, 125040, 125040, None),
        ),
        (
            [bank.row(txnStatus="R")],
            "approved",
            "refunded",
            (125040, 125040, 125040, None),
        ),
        (
            [bank.row(**bank.REFUSED, txnStatus="N"), bank.row()],
            "approved",
            "captured",
            (125040, 125040, 0, None),
        ),
    ],
)
def test_an_inquiry_sums_up_the_rows_of_an_order(rows, result, state, amounts):
    outcome = inquiry(*rows)
    assert outcome.result is Result(result)
    standing = outcome.standing
    assert standing.state is State(state)
    assert amounts == (
        standing.amount_kurus,
        standing.captured_kurus,
        standing.refunded_kurus,
        standing.voided_kurus,
    )
    assert outcome.currency == "TRY"
    assert outcome.installment_count == 1


def test_an_inquiry_that_differs_from_the_order_shows():
    outcome = inquiry(bank.row(amount=1, currencyCode=840, installCount=3))
    named = differences(bank.order(), outcome)
    assert named == ("amount", "currency", "installment_count")


def test_an_order_of_refusals_is_declined():
    outcome = inquiry(bank.row(**bank.REFUSED))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "limit"
    assert outcome.bank_message == "151 LIMIT YETERSIZ"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [bank.row(), bank.row()],
        [bank.row(amount="1.250,40")],
        [bank.row(amount=None)],
        [bank.row(txnStatus="X")],
        [bank.row(txnStatus=None)],
        [bank.row(responseCode=None)],
        [bank.row(hostResponseCode=None)],
        [bank.row(hostResponseCode="51")],
        [bank.row(txnCode="4711")],
        [bank.row(**bank.PREAUTH | {"preAuthStatus": None})],
        [bank.row(), bank.later("1003")],
        [bank.row(), bank.later("1002", txnStatus="?")],
        [bank.row(**bank.CAPTURED), bank.later("1005", txnStatus="V")],
        [bank.row(**bank.REFUSED | {"hostResponseCode": "91"})],
        [bank.row(**bank.REFUSED), bank.row(responseCode="VPS-1013")],
        [bank.row(requestStatus="W", responseCode=None, txnStatus=None)],
    ],
    ids=lambda rows: json.dumps([len(rows)]),
)
def test_an_inquiry_that_tells_of_no_single_charge_is_unresolved(rows):
    outcome = inquiry(*rows)
    assert outcome.result is Result.UNRESOLVED


def test_an_unknown_order_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    history = answered(Operation.HISTORY, bank.unknown_order())
    assert history.result is Result.NOT_FOUND
    odd = inquiry(bank.row(), responseCode="VPS-1123")
    assert odd.result is Result.UNRESOLVED
    assert inquiry(responseCode="VPS-1007").result is Result.UNRESOLVED


def test_rows_of_another_order_are_refused():
    with pytest.raises(Refused, match="order"):
        inquiry(bank.row(orgOrderId="BASKA"))
    with pytest.raises(Refused, match="order"):
        inquiry(bank.row(orgOrderId=None, orderId=None))


def test_a_history_is_newest_first_and_tells_how_the_order_stands():
    rows = [bank.row(**bank.CAPTURED), bank.later("1005"), bank.later("1002", 50)]
    outcome = answered(Operation.HISTORY, bank.listed(*rows))
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "capture", "preauth"]
    assert outcome.entries[-1].captured_kurus == 125040
    assert outcome.standing.refunded_kurus == 5000


def test_a_day_list_names_the_order_of_each_row():
    rows = [bank.row(), bank.row(orderId="PGBASKASIPARIS", orgOrderId=None)]
    outcome = answered(Operation.DAY_LIST, bank.listed(*rows, code="1009"))
    assert outcome.result is Result.APPROVED
    named = {entry.order_id for entry in outcome.entries}
    assert named == {bank.ORDER_ID, "PGBASKASIPARIS"}
    assert outcome.standing is None


def test_planned_payments_are_understood():
    planned = {"responseCode": None, "txnStatus": None, "txnDateTime": None}
    rows = [
        bank.row(requestStatus="S", txnStatus=None),
        bank.row(requestStatus="W", plannedDateTime="2026-12-21T10:00:00.1", **planned),
        bank.row(requestStatus="C", plannedDateTime="2027-01-21T10:00:00.1", **planned),
    ]
    outcome = answered(Operation.HISTORY, bank.listed(*rows))
    states = [entry.state for entry in outcome.entries]
    assert states == [State.CANCELLED, State.PLANNED, State.CAPTURED]
    assert outcome.entries[1].at == datetime(2026, 12, 21, 10)


def test_cancelling_planned_payments_is_understood():
    done = bank.answer("1013", order={"orderTrackId": bank.ORDER_ID})
    assert answered(Operation.VOID, done).result is Result.APPROVED


def test_nothing_secret_is_kept():
    card = "4543600100000002"
    fields = bank.genuine(hostMessage=f"KART {card}", rrn=None)
    outcome = meaning(fields)
    request = asked(Operation.REFUND)
    kept = [
        describe(fields),
        mask_text(request.body.decode()),
        mask_text(f'{{"cardNumber":"{card}","cvv2":"123","expireDate":"1130"}}'),
        repr((bank.terminal(), request, outcome)),
    ]
    text = "\n".join(kept)
    assert card not in text
    assert bank.SECRET_KEY not in text
    assert '"cvv2":"***","expireDate":"***"' in text
