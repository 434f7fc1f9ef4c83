"""BOA of Kuveyt Türk: status, void and refund over SOAP."""

import pytest
import requests

from .boa_merchant import (
    SOAP,
    contract,
    detail,
    kuveyt_message,
    kuveyt_sale,
    pay_gate,
    soap,
    soap_request,
)


def settled_sale(bank, **changes):
    sale = kuveyt_sale(bank, **changes)
    bank.post("settle")
    return sale


def test_the_status_is_in_lira(bank):
    sale = kuveyt_sale(bank)
    found = contract(bank, sale)
    assert found["FirstAmount"] == "1250.40" and found["LastOrderStatus"] == "1"
    for name, value in (
        ("OrderId", sale["OrderId"]),
        ("RRN", sale["RRN"]),
        ("Stan", sale["Stan"]),
        ("ProvNumber", sale["ProvisionNumber"]),
    ):
        assert found[name] == value


def test_an_unknown_order_is_a_success_with_an_empty_value(bank):
    for answer in (
        detail(bank, "NEVER"),
        detail(bank, kuveyt_sale(bank)["MerchantOrderId"], EndDate="2020-01-02"),
    ):
        assert answer["Success"] == "true" and answer["Value"] == ""


def test_a_wrong_hash_learns_nothing(bank):
    sale = kuveyt_sale(bank)
    answer = detail(bank, sale["MerchantOrderId"], message={"HashData": "x"})
    assert answer["Results"]["Result"]["ErrorCode"] == "HashDataError"
    assert answer["Success"] == "false" and answer["Value"] == ""


def test_the_service_speaks_soap_only(bank):
    url = bank.url + SOAP
    assert requests.post(url, json={}, timeout=10).status_code == 415
    headers = {"Content-Type": "text/xml", "SOAPAction": "SaleReversal"}
    answer = soap_request(bank, "GetMerchantOrderDetail", {}, headers)
    assert answer.status_code == 500 and "Fault" in answer.text
    assert soap_request(bank, "Unknown", {}).status_code == 500


def test_a_sale_is_voided_once_before_settlement(bank):
    sale = kuveyt_sale(bank)
    answer = soap(bank, "SaleReversal", sale, "125040")
    assert answer["Value"]["ResponseCode"] == "00"
    found = contract(bank, sale)
    assert (found["LastOrderStatus"], found["CancelAmount"]) == ("6", "1250.40")
    assert soap(bank, "SaleReversal", sale, "125040")["Value"]["ResponseCode"] == "21"
    refused = soap(bank, "PartialDrawback", sale, "100")
    assert refused["Value"]["ResponseCode"] == "28"


def test_a_void_needs_all_references_and_the_amount(bank):
    sale = kuveyt_sale(bank)
    for name in ("OrderId", "RRN", "Stan", "ProvisionNumber"):
        answer = soap(bank, "SaleReversal", {**sale, name: "1"}, "125040")
        assert answer["Value"]["ResponseCode"] == "OrderDataNotFound"
    answer = soap(bank, "SaleReversal", sale, "100")
    assert answer["Value"]["ResponseCode"] == "DbLayerError"


def test_a_settled_sale_is_not_voided(bank):
    answer = soap(bank, "SaleReversal", settled_sale(bank), "125040")
    assert answer["Success"] == "false"
    assert answer["Results"]["Result"]["ErrorCode"] == "InvalidRequestError"
    assert answer["Value"]["ResponseCode"] == "DbLayerError"


def test_on_the_day_of_sale_a_part_is_given_back_but_not_the_whole(bank):
    sale = kuveyt_sale(bank)
    for method in ("DrawBack", "PartialDrawback"):
        answer = soap(bank, method, sale, "125040")
        assert answer["Value"]["ResponseCode"] == "DbLayerError"
    answer = soap(bank, "PartialDrawback", sale, "100")
    assert answer["Value"]["ResponseCode"] == "00"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    sale = settled_sale(bank)
    for amount, code in (
        ("100000", "00"),
        ("25041", "DbLayerError"),
        ("25040", "00"),
        ("1", "DbLayerError"),
    ):
        answer = soap(bank, "PartialDrawback", sale, amount)
        assert answer["Value"]["ResponseCode"] == code
    found = contract(bank, sale)
    assert (found["LastOrderStatus"], found["DrawbackAmount"]) == ("4", "1250.40")


def test_a_whole_refund_needs_the_whole_amount(bank):
    sale = settled_sale(bank)
    answer = soap(bank, "DrawBack", sale, "100")
    assert answer["Value"]["ResponseCode"] == "DbLayerError"
    assert soap(bank, "DrawBack", sale, "125040")["Value"]["ResponseCode"] == "00"


def test_faults_of_the_service_act_after_executing(bank):
    sale = kuveyt_sale(bank)
    bank.post("fault", kind="api_drop", operation="void")
    with pytest.raises(requests.ConnectionError):
        soap(bank, "SaleReversal", sale, "125040")
    assert contract(bank, sale)["LastOrderStatus"] == "6"
    bank.post("fault", kind="api_500", operation="register")
    with pytest.raises(requests.HTTPError):
        pay_gate(bank, kuveyt_message(bank))
