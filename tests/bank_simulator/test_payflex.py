"""PayFlex of VakıfBank: registration, common payment page, query."""

import pytest
import requests

from .conftest import GOOD_CARD
from .payflex.hashing import compute_hash
from .payflex_merchant import (
    PASSWORD,
    REGISTER,
    SECOND,
    get_result_of,
    open_page,
    pay,
    post_form,
    query,
    register,
    registration,
    sale,
    search,
)
from .test_simulator import result_of, send_card, send_code


def test_the_hash_is_that_of_a_synthetic_example():
    fields = {
        "HostMerchantId": "000000000999999",
        "AmountCode": "949",
        "Amount": "1250.40",
    }
    assert compute_hash(fields, "Vk1Parola") == "q2pz1eZ5Qb3gsk49cm+UNyyRUBQ="


@pytest.mark.parametrize("installments", [None, "6"])
def test_a_registered_payment_returns_unsigned_and_is_proved_by_the_query(
    bank, installments
):
    registered = register(bank, InstallmentCount=installments)
    assert registered["ErrorCode"] == ""
    page = open_page(bank, registered)
    target, message = get_result_of(send_code(bank, send_card(bank, page)))
    assert target == f"{bank.merchant.url}/return"
    assert message["Rc"] == "0000"
    assert message["PaymentToken"] == registered["PaymentToken"]
    proof = query(bank, message)
    assert proof["Rc"] == "0000" and proof["Amount"] == "1250,40"
    assert proof["InstallmentCount"] == (installments or "")
    (charge,) = bank.get("charges")["charges"]
    assert charge["trans_id"] == message["TransactionId"]
    assert charge["auth_code"] == proof["AuthCode"]
    assert charge["installments"] == int(installments or 0)


def test_the_failed_return_keeps_the_query_of_the_address(bank):
    page = open_page(bank, register(bank))
    page = send_card(bank, page, "4543620500000006")
    message = get_result_of(send_code(bank, page))[1]
    assert message["failed"] == "1" and message["Rc"] == "0051"
    assert query(bank, message)["ErrorCode"] == "0051"


def test_the_bank_delivers_with_get(bank):
    fields, answer = pay(bank)
    assert answer["method"] == "GET"
    bank.post(f"deliver/{fields['OrderID']}")
    path, received, _headers = bank.merchant.received[0]
    assert path == "/return" and received == answer["fields"]


def test_the_second_terminal_returns_with_post_and_a_dot(bank):
    page = open_page(bank, register(bank, **SECOND))
    message = result_of(send_code(bank, send_card(bank, page)))[1]
    changes = {"HostMerchantId": SECOND["HostMerchantId"], "Password": "SimVakif.2"}
    assert query(bank, message, **changes)["Amount"] == "1250.40"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HostMerchantId": "1"}, "9065"),
        ({"MerchantPassword": "x"}, "5001"),
        ({"HostTerminalId": "VP1"}, "5001"),
        ({"HashedData": "x"}, "5001"),
        ({"Amount": "1.250,40"}, "1047"),
        ({"Amount": "0.00"}, "1047"),
        ({"AmountCode": "TRY"}, "1077"),
        ({"OrderID": "x" * 41}, "1078"),
        ({"TransactionType": "Satis"}, "1082"),
        ({"InstallmentCount": "1"}, "1060"),
        ({"InstallmentCount": "2", "AmountCode": "840"}, "0501"),
        ({"IsSecure": "false"}, "1111"),
        ({"SuccessUrl": None}, "SIM-FIELD"),
        ({"Pan": GOOD_CARD}, "SIM-FIELD"),
    ],
)
def test_a_bad_registration_gets_no_token(bank, changes, code):
    answer = register(bank, **changes)
    assert answer["ErrorCode"] == code and answer["PaymentToken"] == ""
    assert bank.get("log")["log"][-1]["verdict"] == "refused"


def test_a_genuine_hash_and_other_spellings_are_accepted(bank):
    fields = registration(bank)
    fields["HashedData"] = compute_hash(fields, PASSWORD)
    fields["SUCCESSURL"] = fields.pop("SuccessUrl")
    assert post_form(bank, REGISTER, fields)["PaymentToken"]


def test_a_paid_order_or_a_used_transaction_id_is_refused(bank):
    order_id, transaction_id = sale(bank, TransactionId="T-1")
    assert transaction_id == "T-1"
    assert register(bank, OrderID=order_id)["ErrorCode"] == "1061"
    assert register(bank, TransactionId="T-1")["ErrorCode"] == "1006"


def test_an_unknown_token_has_no_page(bank):
    url = bank.url + "/CommonPayment/SecurePayment"
    assert requests.get(url, params={"Ptkn": "0" * 32}, timeout=10).status_code == 404


def test_the_query_needs_password_token_and_transaction_id(bank):
    message = pay(bank)[1]["fields"]
    for changes, code in (
        ({"Password": "x"}, "5001"),
        ({"HostMerchantId": "1"}, "9065"),
        ({"PaymentToken": "0" * 32}, "SIM-TOKEN"),
        ({"TransactionId": "0"}, "SIM-TOKEN"),
    ):
        answer = query(bank, message, **changes)
        assert answer["ErrorCode"] == code and "AuthCode" not in answer


def test_the_query_of_an_open_payment_knows_no_result(bank):
    registered = register(bank, TransactionId="T-2")
    message = {"TransactionId": "T-2", "PaymentToken": registered["PaymentToken"]}
    answer = query(bank, message)
    assert (answer["Rc"], answer["ErrorCode"]) == ("", "SIM-OPEN")


@pytest.mark.parametrize("fault", ["wrong_3d", "cancel"])
def test_nothing_is_charged_without_authentication(bank, fault):
    fields, answer = pay(bank, fault=fault)
    assert answer["fields"]["Rc"] == "0400" and not answer["charged"]
    assert query(bank, answer["fields"])["ErrorCode"] == "0400"
    assert search(bank, OrderId=fields["OrderID"])["TotalItemCount"] == "0"


def test_three_wrong_codes_end_without_a_charge(bank):
    page = send_card(bank, open_page(bank, register(bank)))
    for _n in range(3):
        page = send_code(bank, page, "000000")
    assert get_result_of(page)[1]["Rc"] == "0400"


def test_a_changed_amount_shows_only_in_the_query(bank):
    message = pay(bank, fault="changed_amount")[1]["fields"]
    assert "Amount" not in message
    assert query(bank, message)["Amount"] == "1251,40"
