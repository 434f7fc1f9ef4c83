"""BOA of Kuveyt Türk: pay gate, return and provision."""

import pytest
import requests

from .boa import hashing
from .boa_merchant import (
    KUVEYT,
    KUVEYT_HOME,
    answer_hash,
    charge,
    contract,
    kuveyt_message,
    kuveyt_sale,
    pay_gate,
    post_xml,
    provision,
    through_the_page,
    unpack,
)

MERCHANT = KUVEYT["MerchantId"]
DOCUMENTED = {
    "MerchantId": "49999",
    "MerchantOrderId": "TAH-2026-000123",
    "Amount": "125040",
    "UserName": "apibayi",
}
DOCUMENTED_URLS = {
    "OkUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus",
    "FailUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus?hata=1",
}
DOCUMENTED_ANSWER = {
    "MerchantOrderId": "TAH-2026-000123",
    "ResponseCode": "00",
    "OrderId": "200000123",
}


def test_the_hashes_are_those_of_the_documented_examples():
    hashed = hashing.hash_password("KtParola99")
    assert hashed == "sDFinuUh+s22dzqDyhkG7D3q0Xw="
    first = hashing.request_hash({**DOCUMENTED, **DOCUMENTED_URLS}, hashed)
    assert first == "nxfWBiar7rk2ExV+zzKmyIySA1k="
    assert hashing.request_hash(DOCUMENTED, hashed) == "EVEeXS+/A/bhcwMrH4IZ9m2gSH8="
    answer = hashing.answer_hash(DOCUMENTED_ANSWER, hashed)
    assert answer == "A2bfVbm77t+swUMCWcLNXSUaCpc="
    answer = hashing.answer_hash({**DOCUMENTED_ANSWER, "RRN": "632511004477"}, hashed)
    assert answer == "BFXYEv3g6JnvDnHwqKJrku3pQso="


@pytest.mark.parametrize("installments", ["0", "6"])
def test_money_moves_only_with_the_provision(bank, installments):
    fields = kuveyt_message(bank, InstallmentCount=installments)
    target, returned = through_the_page(bank, fields)
    assert target == fields["OkUrl"] and list(returned) == ["AuthenticationResponse"]
    message = unpack(returned)
    assert message["ResponseCode"] == "00"
    assert message["HashData"] == answer_hash(message, MERCHANT)
    assert message["VPosMessage"]["CardNumber"] == "454360******0002"
    assert not bank.get("charges")["charges"]
    answer = provision(bank, fields, message["MD"])
    assert answer["ResponseCode"] == "00" and answer["OrderId"] == message["OrderId"]
    assert answer["HashData"] == answer_hash(answer, MERCHANT)
    (row,) = bank.get("charges")["charges"]
    assert row["amount_kurus"] == 125040
    assert row["installments"] == int(installments)
    assert (row["auth_code"], row["host_ref"]) == (
        answer["ProvisionNumber"],
        answer["RRN"],
    )
    assert bank.verdicts(fields["MerchantOrderId"]) == [
        ("register", "accepted"),
        ("card", "accepted"),
        ("3d_result", "authenticated"),
        ("sale", "approved"),
    ]


def test_an_md_is_good_for_one_provision(bank):
    fields = kuveyt_message(bank)
    md = unpack(charge(bank, fields)["fields"])["MD"]
    codes = [provision(bank, fields, md)["ResponseCode"] for _n in range(2)]
    assert codes == ["00", "MetaDataNotFound"]
    assert len(bank.get("charges")["charges"]) == 1


def test_an_md_ages(bank):
    fields = kuveyt_message(bank)
    md = unpack(charge(bank, fields)["fields"])["MD"]
    bank.post("clock", advance_seconds=16 * 60)
    assert provision(bank, fields, md)["ResponseCode"] == "MetaDataNotFound"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HashData": "x"}, "HashDataError"),
        ({"Amount": "100"}, "DbLayerError"),
        ({"TransactionSecurity": "1"}, "InvalidTransactionSecurity"),
        ({"MerchantOrderId": "OTHER"}, "MetaDataNotFound"),
        ({"MerchantId": "1"}, "MerchantNotDefined"),
    ],
)
def test_a_bad_provision_is_refused_without_a_hash(bank, changes, code):
    fields = kuveyt_message(bank)
    md = unpack(charge(bank, fields)["fields"])["MD"]
    answer = provision(bank, fields, md, **changes)
    assert answer["ResponseCode"] == code and "HashData" not in answer
    assert not bank.get("charges")["charges"]


def test_an_unknown_or_empty_md_is_refused(bank):
    fields = kuveyt_message(bank)
    assert provision(bank, fields, "x")["ResponseCode"] == "MetaDataNotFound"
    assert provision(bank, fields, "")["ResponseCode"] == "EmptyMDException"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HashData": "x"}, "HashDataError"),
        ({"MerchantId": "1"}, "MerchantNotDefined"),
        ({"CustomerId": "1"}, "MerchantNotDefined"),
        ({"TransactionSecurity": "5"}, "InvalidTransactionSecurity"),
        ({"APIVersion": "1.0.0"}, "InvalidRequestError"),
        ({"Amount": "1250.40"}, "InvalidRequestError"),
        ({"DisplayAmount": "1"}, "InvalidRequestError"),
        ({"CurrencyCode": "949"}, "InvalidRequestError"),
        ({"InstallmentCount": "1"}, "InvalidRequestError"),
        ({"DeviceData/ClientIP": None}, "InvalidRequestError"),
        ({"CardNumber": "4543600100000001"}, "SIM-CARD"),
        ({"CardExpireDateYear": "20"}, "SIM-CARD"),
    ],
)
def test_a_bad_message_returns_its_code_to_the_merchant(bank, changes, code):
    fields = kuveyt_message(bank, **changes)
    target, returned = pay_gate(bank, fields)
    message = unpack(returned)
    assert target == fields["FailUrl"]
    assert message["ResponseCode"] == code and "HashData" not in message


def test_a_paid_order_is_refused(bank):
    order_id = kuveyt_sale(bank)["MerchantOrderId"]
    fields = kuveyt_message(bank, MerchantOrderId=order_id)
    assert unpack(pay_gate(bank, fields)[1])["ResponseCode"] == "DbLayerError"


def test_a_failed_authentication_returns_to_the_fail_address(bank):
    fields = kuveyt_message(bank)
    answer = charge(bank, fields, fault="wrong_3d")
    message = unpack(answer["fields"])
    assert answer["target"] == fields["FailUrl"]
    assert message["ResponseCode"] == "MPIAuthenticationStatusN"
    assert message["OrderId"] == "0"
    assert message["HashData"] == answer_hash(message, MERCHANT)
    provided = provision(bank, fields, message["MD"])
    assert provided["ResponseCode"] == "MetaDataNotFound"


def test_three_wrong_codes_end_without_authentication(bank):
    answer = charge(bank, kuveyt_message(bank), code="000000")
    assert answer["result"] == "not_authenticated"


def test_a_decline_comes_with_the_provision_and_is_signed(bank):
    answer = kuveyt_sale(bank, CardNumber="4543620500000006")
    assert answer["ResponseCode"] == "51" and "ProvisionNumber" not in answer
    assert answer["HashData"] == answer_hash(answer, MERCHANT)
    found = contract(bank, answer)
    assert (found["TransactionStatus"], found["ResponseCode"]) == ("2", "51")


@pytest.mark.parametrize("kind", ["forged_hash", "empty_hash", "truncated_hash"])
def test_a_spoilt_hash_is_not_the_genuine_one(bank, kind):
    message = unpack(charge(bank, kuveyt_message(bank), fault=kind)["fields"])
    assert message["HashData"] != answer_hash(message, MERCHANT)
    bank.post("fault", kind=kind, operation="sale")
    answer = kuveyt_sale(bank)
    assert answer["HashData"] != answer_hash(answer, MERCHANT)


def test_a_missing_hash_is_missing(bank):
    fault = "missing_hash"
    message = unpack(charge(bank, kuveyt_message(bank), fault=fault)["fields"])
    assert "HashData" not in message


def test_a_changed_amount_is_charged_and_told(bank):
    answer = kuveyt_sale(bank, fault="changed_amount")
    assert answer["VPosMessage"]["Amount"] == "125140"
    assert answer["HashData"] == answer_hash(answer, MERCHANT)
    assert bank.get("charges")["charges"][0]["amount_kurus"] == 125140


def test_the_control_api_signs_an_altered_return(bank):
    returned = charge(bank, kuveyt_message(bank), fault="wrong_3d")["fields"]
    value = returned["AuthenticationResponse"]
    altered = value.replace("MPIAuthenticationStatusN", "00")
    fields = {"AuthenticationResponse": altered}
    signed = bank.post("sign", client_id=MERCHANT, fields=fields)["fields"]
    message = unpack(signed)
    assert message["ResponseCode"] == "00"
    assert message["HashData"] == answer_hash(message, MERCHANT)


def test_a_provision_may_be_lost_after_the_charge(bank):
    fields = kuveyt_message(bank)
    md = unpack(charge(bank, fields, fault="dropped_connection")["fields"])["MD"]
    with pytest.raises(requests.ConnectionError):
        provision(bank, fields, md)
    assert contract(bank, fields)["LastOrderStatus"] == "1"


def test_a_sale_without_3d_is_refused(bank):
    path = f"{KUVEYT_HOME}Non3DPayGate"
    answer = post_xml(bank, path, "KuveytTurkVPosMessage", kuveyt_message(bank))
    assert "InvalidTransactionSecurity" in answer.text
