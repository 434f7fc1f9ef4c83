"""PosNet V1: what is built, what is believed, what answers mean."""

import json
from datetime import datetime

import pytest
from cases import posnet_v1 as bank
from pos_gateway.protocols import posnet_v1, wire
from pos_gateway.protocols.answers import Hint, Message, Refused, Result, State
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Call, Operation, Secret
from talk import Talk

KEY = "CAGRIABCDEFGHKLMNPQR"


talk = Talk(posnet_v1, bank, key=KEY)
answered = talk.answered


def asked(operation, order=None, **changes):
    request = talk.request(operation, order=order, **changes)
    return request.url.rpartition("/")[2], json.loads(request.body)


def verified(fields, order=None, terminal=None):
    message = Message(tuple(fields))
    return posnet_v1.verify(terminal or bank.terminal(), order or bank.order(), message)


def meaning(fields, **changes):
    terminal = bank.terminal(**changes)
    return posnet_v1.parse(terminal, verified(fields, terminal=terminal))


def order_with(**references):
    return bank.order(references=references)


# --- the form -----------------------------------------------------------------------


def test_the_form_leaves_the_card_to_the_bank():
    form = posnet_v1.build(bank.terminal(), bank.order())
    fields = dict(form.fields)
    assert form.card == ()
    assert fields["UseOOS"] == "1"
    assert fields["OrderId"] == bank.ORDER_ID
    assert (fields["Amount"], fields["CurrencyCode"]) == ("125040", "TL")
    assert (fields["TransactionType"], fields["InstallmentCount"]) == ("Sale", "0")
    assert fields["Mac"] == bank.sha(bank.MERCHANT, bank.TERMINAL, "125040")


def test_a_reservation_with_installments_says_so():
    order = bank.order(preauth=True, installment_count=3)
    fields = dict(posnet_v1.build(bank.terminal(), order).fields)
    assert (fields["TransactionType"], fields["InstallmentCount"]) == ("Auth", "3")


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "SHORT"},
        {"amount_kurus": 10_000_000},
        {"amount_kurus": 0},
        {"currency": "GBP"},
        {"return_url": ""},
    ],
)
def test_an_order_that_the_bank_does_not_take_is_not_built(changes):
    with pytest.raises(ValueError):
        posnet_v1.build(bank.terminal(), bank.order(**changes))


@pytest.mark.parametrize("name", ["merchant_id", "terminal_id", "account_id"])
def test_no_form_is_built_without_the_numbers_of_the_contract(name):
    with pytest.raises(ValueError):
        posnet_v1.build(bank.terminal(**{name: ""}), bank.order())


# --- the return ---------------------------------------------------------------------


def test_an_authentication_leads_to_the_charge():
    outcome = meaning(bank.genuine())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.follow_up is Operation.SALE
    assert outcome.references == bank.AUTHENTICATION
    assert outcome.amount_kurus is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderId": None}, "order"),
        ({"OrderId": "A" * 20}, "order"),
        ({"MerchantId": None}, "merchant"),
        ({"MerchantId": "6709900009"}, "merchant"),
        ({"Amount": "100"}, "amount"),
        ({"Amount": None}, "amount"),
        ({"ECI": "2"}, "shape"),
        ({"CAVV": "short"}, "shape"),
        ({"MdStatus": "10"}, "shape"),
        ({"mdstatus": "1"}, "repeated"),
    ],
)
def test_a_signed_return_that_is_not_as_it_should_be_is_refused(changes, reason):
    with pytest.raises(Refused) as refusal:
        verified(bank.genuine(**changes))
    assert refusal.value.reason == reason


@pytest.mark.parametrize("names", ["", "MdStatus", bank.LIST + ":OrderId"])
def test_the_list_of_signed_fields_is_ours(names):
    fields = dict(bank.genuine())
    texts = [fields[name] for name in names.split(":") if name]
    forged = fields | {"MacParams": names, "Mac": bank.sha(*texts)}
    with pytest.raises(Refused) as refusal:
        verified(forged.items())
    assert refusal.value.reason == "hash"


@pytest.mark.parametrize("name", bank.LIST.split(":"))
def test_every_signed_field_counts(name):
    fields = dict(bank.genuine())
    for text in ("", fields[name] + "1", fields[name][::-1]):
        if text != fields[name]:
            with pytest.raises(Refused):
                verified((fields | {name: text}).items())


@pytest.mark.parametrize("mac", [None, "", "AAAA", "lower"])
def test_a_return_without_the_bank_s_mac_is_refused(mac):
    fields = dict(bank.genuine())
    fields["Mac"] = fields["Mac"].lower() if mac == "lower" else mac
    with pytest.raises(Refused):
        verified([(n, v) for n, v in fields.items() if v is not None])
    with pytest.raises(Refused):
        verified(bank.sign(bank.fields(), key="1,2,3"))
    with pytest.raises(Refused):
        verified(bank.genuine(), terminal=bank.terminal(store_key=Secret("")))


def test_digits_that_move_to_their_neighbour_make_no_authentication():
    """The glued text stays the same, so its MAC does: only the shapes tell."""
    failed = dict(bank.declined())
    glued = "".join(failed[name] for name in bank.LIST.split(":"))
    place = glued.index("1")
    moved = {
        "ECI": "",
        "CAVV": glued[:place],
        "MdStatus": "1",
        "MdErrorMessage": glued[place + 1 :],
        "MD": "",
        "SecureTransactionId": "",
    }
    with pytest.raises(Refused) as refusal:
        verified((failed | moved).items())
    assert refusal.value.reason == "shape"


@pytest.mark.parametrize("status", list("056789"))
def test_a_failed_authentication_is_declined(status):
    outcome = meaning(bank.genuine(MdStatus=status))
    assert (outcome.result, outcome.reason) == (Result.DECLINED, "three_d_failed")
    assert outcome.references == {}


def test_half_secure_is_accepted_only_where_the_merchant_says_so():
    half = bank.genuine(MdStatus="4", CAVV="", ECI="06")
    assert meaning(half).result is Result.DECLINED
    accepted = meaning(half, accepted_md_status=frozenset("01234"))
    assert accepted.result is Result.AUTHENTICATED
    failed = meaning(bank.declined(), accepted_md_status=frozenset("01234"))
    assert failed.result is Result.DECLINED


@pytest.mark.parametrize(
    "changes",
    [{"MdStatus": ""}, {"CAVV": ""}, {"ECI": ""}, {"SecureTransactionId": ""}],
)
def test_an_authentication_that_lacks_something_is_unresolved(changes):
    outcome = meaning(bank.genuine(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


# --- what is asked ------------------------------------------------------------------


def test_the_charge_carries_our_order_and_the_authentication():
    service, tree = asked(Operation.SALE)
    assert service == "Sale"
    assert tree["Amount"] == 125040
    assert tree["OrderId"] == bank.ORDER_ID
    assert tree["ThreeDSecureData"]["SecureTransactionId"] == "1010077123456701"
    assert tree["ThreeDSecureData"]["MdStatus"] == 1
    assert tree["MAC"] == bank.sha(
        bank.MERCHANT,
        bank.TERMINAL,
        "1010077123456701",
        bank.AUTHENTICATION["cavv"],
        "02",
        "1",
    )
    assert asked(Operation.SALE, bank.order(preauth=True))[0] == "Auth"


def test_nothing_is_charged_before_the_page_answered():
    with pytest.raises(ValueError):
        asked(Operation.SALE, order_with())


def test_a_call_names_the_bank_s_key_or_the_number_never_both():
    service, tree = asked(Operation.VOID, order_with())
    assert (service, tree["TransactionType"]) == ("Reverse", "Sale")
    assert (tree["ReferenceCode"], tree["OrderId"]) == (None, f"TDS_{bank.ORDER_ID}")
    number = f"TDS_{bank.ORDER_ID}"
    assert tree["MAC"] == bank.sha(bank.MERCHANT, bank.TERMINAL, number)
    known = order_with(reference_code=bank.REFERENCE)
    service, tree = asked(Operation.REFUND, known, amount_kurus=5000)
    assert (service, tree["Amount"]) == ("Return", 5000)
    assert (tree["ReferenceCode"], tree["OrderId"]) == (bank.REFERENCE, None)


def test_an_inquiry_names_the_number_with_the_prefix_of_the_terminal():
    service, tree = asked(Operation.INQUIRY)
    assert service == "TransactionInquiry"
    assert tree["OrderId"] == f"TDS_{bank.ORDER_ID}"
    other = order_with(order_prefix="TDSC")
    assert asked(Operation.INQUIRY, other)[1]["OrderId"] == f"TDSC{bank.ORDER_ID}"


def test_a_captured_reservation_is_voided_and_refunded_by_its_capture():
    keys = {"reference_code": "0" * 18, "capture_code": bank.REFERENCE}
    order = bank.order(preauth=True, references=keys)
    for operation in (Operation.VOID, Operation.REFUND):
        tree = asked(operation, order)[1]
        assert tree["TransactionType"] == "Capture"
        assert tree["ReferenceCode"] == bank.REFERENCE
    reserved = bank.order(preauth=True, references={"reference_code": "0" * 18})
    assert asked(Operation.VOID, reserved)[1]["TransactionType"] == "Auth"
    assert asked(Operation.CAPTURE, reserved)[1]["ReferenceCode"] == "0" * 18


# --- answers ------------------------------------------------------------------------


def test_a_charge_is_approved_and_remembered():
    outcome = answered(Operation.SALE, bank.sold())
    assert outcome.result is Result.APPROVED
    assert outcome.authorisation_code == "881204"
    assert outcome.references == {"reference_code": bank.REFERENCE}
    assert outcome.installment_count == 1


@pytest.mark.parametrize(
    ("code", "result", "reason"),
    [
        ("0051", Result.DECLINED, "limit"),
        ("E216", Result.DECLINED, "configuration"),
        ("0127", Result.UNRESOLVED, "duplicate"),
        ("0091", Result.UNRESOLVED, "bank_unreachable"),
        ("0400", Result.UNRESOLVED, "bank_unreachable"),
        ("0000", Result.UNRESOLVED, "other"),
        ("0123", Result.UNRESOLVED, "not_found"),
        ("7777", Result.UNRESOLVED, "other"),
        ("", Result.UNRESOLVED, "other"),
    ],
)
def test_only_a_known_refusal_declines_a_charge(code, result, reason):
    outcome = answered(Operation.SALE, bank.not_done(code))
    assert (outcome.result, outcome.reason) == (result, reason)
    asks = result is Result.UNRESOLVED
    assert (outcome.follow_up is Operation.INQUIRY) == asks


@pytest.mark.parametrize(
    ("rows", "result", "state", "refunded"),
    [
        ([bank.row()], "approved", State.CAPTURED, 0),
        ([bank.row("Auth")], "approved", State.AUTHORISED, 0),
        (
            [bank.row("Return", "1,75"), bank.row()],
            "approved",
            State.PARTIALLY_REFUNDED,
            175,
        ),
        ([bank.row("Return"), bank.row()], "approved", State.REFUNDED, 125040),
        ([bank.row("Sale_Reverse"), bank.row()], "cancelled", State.VOIDED, 0),
        ([bank.row("Capture"), bank.row("Auth")], "approved", State.CAPTURED, 0),
    ],
)
def test_the_rows_of_an_order_add_up(rows, result, state, refunded):
    outcome = answered(Operation.INQUIRY, bank.found(*rows))
    assert outcome.result.value == result
    assert outcome.standing.state is state
    assert outcome.standing.refunded_kurus == refunded
    assert outcome.standing.at == datetime(2026, 11, 21, 12, 0, 44)


@pytest.mark.parametrize(
    "body",
    [
        bank.found(),
        bank.found(bank.row(), code="00"),
        bank.found(bank.row(), code=""),
        bank.found(bank.row(TransactionStatus="0")),
        bank.found(bank.row(Amount="1.250,40")),
        bank.found(bank.row(TransactionType="Reverse"), bank.row()),
        bank.found(bank.row(), bank.row()),
        bank.not_done("0148"),
        bank.not_done("0123"),
        bank.not_done("E998"),
    ],
)
def test_what_does_not_add_up_is_unresolved(body):
    assert answered(Operation.INQUIRY, body).result is Result.UNRESOLVED


def test_a_row_of_another_order_is_refused():
    with pytest.raises(Refused):
        answered(Operation.INQUIRY, bank.found(bank.row(OrderId=f"TDS_{'A' * 20}")))


def test_an_order_is_unknown_when_both_spellings_of_its_number_are():
    first = answered(Operation.INQUIRY, bank.unknown_order())
    assert (first.result, first.hint) == (Result.NOT_FOUND, Hint.OTHER_PREFIX)
    second = answered(
        Operation.INQUIRY, bank.unknown_order(), order_with(**first.references)
    )
    assert (second.result, second.hint) == (Result.NOT_FOUND, None)
    assert second.references == {"order_prefix": "TDS_"}


@pytest.mark.parametrize(
    ("code", "result", "hint"),
    [
        ("0411", Result.DECLINED, Hint.VOID_INSTEAD),
        ("0211", Result.DECLINED, Hint.REFUND_INSTEAD),
        ("0220", Result.DECLINED, Hint.DONE_BEFORE),
        ("0123", Result.DECLINED, Hint.OTHER_PREFIX),
        ("0302", Result.UNRESOLVED, None),
        ("7777", Result.UNRESOLVED, None),
    ],
)
def test_what_a_refused_refund_says(code, result, hint):
    outcome = answered(Operation.REFUND, bank.not_done(code))
    assert (outcome.result, outcome.hint) == (result, hint)


def test_a_capture_is_remembered_until_it_is_voided():
    captured = answered(Operation.CAPTURE, bank.done())
    assert captured.references == {"capture_code": "0" * 18}
    voided = answered(Operation.VOID, bank.done(), order_with(**captured.references))
    assert voided.references == {"capture_code": ""}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"<html>bakim</html>",
        b'{"ServiceResponseData": "00"}',
        b'{"ServiceResponseData": {"ResponseCode": "00", "ResponseCode": "00"}}',
        b'{"ServiceResponseData": {"ResponseCode": "00"}' + b" " * wire.LIMIT,
    ],
)
def test_bytes_that_are_no_answer_are_refused(body):
    with pytest.raises(Refused):
        answered(Operation.SALE, body)


def test_card_fields_of_this_protocol_are_masked():
    text = '{"CardNo":"5400619360964581","ExpireDate":"2001","Cvc2":"056"}'
    assert mask_text(text) == '{"CardNo":"***","ExpireDate":"***","Cvc2":"***"}'
    form = [("CardNo", "5400619360964581"), ("ExpiredDate", "2001"), ("Cvv", "056")]
    assert describe(form) == "CardNo: ***\nExpiredDate: ***\nCvv: ***"


def test_no_secret_is_in_what_is_sent():
    form = posnet_v1.build(bank.terminal(), bank.order())
    bodies = [str(form)]
    for operation in posnet_v1.TRAITS.operations:
        call = Call(operation, KEY)
        bodies.append(str(posnet_v1.ask(bank.terminal(), bank.order(), call).body))
    assert not any(secret in body for secret in bank.SECRETS for body in bodies)
