"""Kuveyt Türk: which returns are believed and what they mean."""

from urllib.parse import quote_plus, unquote_plus

import pytest
from cases import boa
from cases import kuveyt as bank
from kuveyt_talk import meaning, refusal, verified
from pos_gateway.protocols import boa as product
from pos_gateway.protocols import kuveyt
from pos_gateway.protocols.answers import (
    Message,
    Refused,
    Result,
)
from pos_gateway.protocols.types import Operation


def test_a_recognised_payer_leads_to_the_charge():
    proven = verified(bank.genuine())
    outcome = kuveyt.parse(bank.terminal(), proven)
    assert proven.by == "signature"
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.follow_up is Operation.SALE
    assert outcome.references == {"md": boa.MD, "bank_order_id": boa.BANK_ORDER}


def test_a_document_that_is_not_encoded_again_is_read_too():
    ((name, text),) = bank.pack(bank.genuine())
    plain = Message(((name, unquote_plus(text)),))
    assert kuveyt.verify(bank.terminal(), bank.order(), plain).by == "signature"


def test_what_stands_deeper_is_not_read():
    pairs = dict(bank.genuine())
    inner = "".join(f"<{n}>x</{n}>" for n in pairs)
    outer = "".join(f"<{n}>{t}</{n}>" for n, t in pairs.items())
    text = f"<{boa.CONTRACT}><VPosMessage>{inner}</VPosMessage>{outer}</{boa.CONTRACT}>"
    message = Message((("AuthenticationResponse", quote_plus(text)),))
    proven = kuveyt.verify(bank.terminal(), bank.order(), message)
    assert proven.fields["MD"] == boa.MD


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ResponseCode": "00", "HashData": ""}, "hash"),
        ({"ResponseCode": "51"}, "hash"),
        ({"OrderId": "200000124"}, "hash"),
        ({"RRN": "1"}, "hash"),
        ({"HashData": None}, "hash"),
        ({"HashData": boa.sha("x")}, "hash"),
        ({"MerchantOrderId": None}, "required"),
        ({"ResponseCode": None}, "required"),
        ({"MerchantId": "1"}, "merchant"),
    ],
    ids=str,
)
def test_a_changed_return_is_refused(changes, reason):
    fields = dict(bank.genuine()) | changes
    assert refusal([(n, t) for n, t in fields.items() if t is not None]) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"MerchantOrderId": "PGBASKASIPARIS"}, "order"),
        ({"RRN": "12345"}, "shape"),
        ({"ResponseCode": "000"}, "shape"),
        ({"OrderId": "1" * 13}, "shape"),
    ],
    ids=str,
)
def test_a_signed_return_of_something_else_is_refused(changes, reason):
    assert refusal(boa.returned(**changes)) == reason


def test_a_refusal_is_not_made_a_payment_by_moving_digits():
    """The values are glued: a number may not give digits to its neighbour."""
    refused = dict(boa.returned(RRN=boa.RRN, ResponseCode="51"))
    glued = boa.RRN + "51" + boa.BANK_ORDER
    at = glued.index("00")
    moved = refused | {
        "RRN": glued[:at],
        "ResponseCode": "00",
        "OrderId": glued[at + 2 :],
    }
    assert product.is_signed(bank.terminal(), moved)
    assert refusal(moved.items()) == "shape"


@pytest.mark.parametrize(
    "pairs",
    [
        [("AuthenticationResponse", "%ff%fe")],
        [("AuthenticationResponse", "")],
        [("authenticationresponse", "x")],
        [],
        [("AuthenticationResponse", quote_plus("<a/>"))],
        [("AuthenticationResponse", "\ud800")],
    ],
)
def test_a_return_without_a_document_is_refused(pairs):
    with pytest.raises(Refused):
        kuveyt.verify(bank.terminal(), bank.order(), Message(tuple(pairs)))


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("MD", "x")]) == "repeated"
    assert refusal([*bank.genuine(), ("md", "x")]) == "repeated"


def test_a_technical_error_without_a_hash_only_leads_to_an_inquiry():
    said = {"ResponseCode": "CommonThreedControlsReturnedFail", "OrderId": "0"}
    pairs = [(n, t) for n, t in (boa.RETURNED | said).items() if n != "HashData"]
    proven = verified(pairs)
    outcome = kuveyt.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert not outcome.references


@pytest.mark.parametrize(
    ("code", "result", "reason"),
    [
        ("MPIAuthenticationStatusN", "declined", "three_d_failed"),
        ("HashDataError", "declined", "configuration"),
        ("InvalidTransactionSecurity", "declined", "configuration"),
        ("51", "declined", "limit"),
        ("91", "unresolved", "bank_unreachable"),
        ("MetaDataNotFound", "unresolved", "duplicate"),
        ("SomethingNew", "unresolved", "other"),
        ("77", "unresolved", "other"),
    ],
)
def test_a_signed_code_means_what_the_table_says(code, result, reason):
    outcome = meaning(bank.declined(ResponseCode=code))
    assert outcome.result is Result(result)
    assert outcome.reason == reason
    is_open = result == "unresolved"
    assert outcome.follow_up is (Operation.INQUIRY if is_open else None)


@pytest.mark.parametrize("changes", [{"MD": None}, {"MD": ""}, {"RRN": boa.RRN}])
def test_a_recognition_that_cannot_be_charged_is_inquired(changes):
    outcome = meaning(boa.returned(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
