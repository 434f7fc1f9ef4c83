"""PayFlex of VakıfBank: VPOS and search."""

import pytest
import requests

from .payflex_merchant import (
    found,
    pay,
    post_form,
    refund,
    register,
    sale,
    search,
    settled_sale,
    vpos,
)


def test_a_sale_without_3d_is_refused(bank):
    assert vpos(bank, "Sale", OrderId="X")["ResultCode"] == "1111"


def test_wrong_credentials_learn_nothing(bank):
    order_id, reference = sale(bank)
    assert vpos(bank, "Cancel", reference, Password="x")["ResultCode"] == "5001"
    assert vpos(bank, "Cancel", reference, MerchantId="1")["ResultCode"] == "9065"
    assert vpos(bank, "Cancel", reference, TerminalNo="VP1")["ResultCode"] == "5001"
    answer = search(bank, password="x", OrderId=order_id)
    assert answer["ResponseInfo"]["ResponseCode"] == "5001"
    assert "TransactionSearchResultInfo" not in answer


def test_a_sale_is_found_by_order_or_transaction(bank):
    order_id, transaction_id = sale(bank)
    for criteria in ({"OrderId": order_id}, {"TransactionId": transaction_id}):
        item = found(bank, **criteria)
        assert item["OrderId"] == order_id and item["ResultCode"] == "0000"
        assert item["CurrencyAmount"] == "1250.40"
        assert item["IsCanceled"] == item["IsRefunded"] == "false"


def test_an_unknown_order_is_no_item(bank):
    answer = search(bank, OrderId="NEVER")
    assert answer["ResponseInfo"]["ResponseCode"] == "0000"
    assert answer["TransactionSearchResultInfo"] == ""
    assert vpos(bank, "Cancel", "NEVER")["ResultCode"] == "0540"


def test_a_declined_order_is_found_and_declined(bank):
    fields, _answer = pay(bank, "4543620500000006")
    assert found(bank, OrderId=fields["OrderID"])["ResultCode"] == "0051"


def test_the_list_of_a_period(bank):
    order_id, _reference = sale(bank)
    day = bank.get(f"orders/{order_id}")["charge"]["time"][:10]
    dates = {"StartDate": day, "EndDate": day}
    answer = search(bank, dates=dates)
    assert answer["TotalItemCount"] == "1"
    assert search(bank)["ResponseInfo"]["ResponseCode"] == "4000"


def test_a_sale_is_voided_once_before_settlement(bank):
    order_id, reference = sale(bank)
    answer = vpos(bank, "Cancel", reference, TransactionId="V-1")
    assert answer["ResultCode"] == "0000" and answer["TransactionId"] == "V-1"
    assert answer["CurrencyAmount"] == "1250.40"
    assert found(bank, OrderId=order_id)["IsCanceled"] == "true"
    assert found(bank, TransactionId="V-1")["OrderId"] == order_id
    assert vpos(bank, "Cancel", reference)["ResultCode"] == "1083"
    assert refund(bank, reference, "1.00")["ResultCode"] == "1083"


def test_a_settled_sale_is_not_voided_and_an_open_one_not_refunded(bank):
    assert vpos(bank, "Cancel", settled_sale(bank)[1])["ResultCode"] == "2202"
    assert refund(bank, sale(bank)[1], "1.00")["ResultCode"] == "0012"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    order_id, reference = settled_sale(bank)
    assert refund(bank, reference, "1000.00")["ResultCode"] == "0000"
    item = found(bank, OrderId=order_id)
    assert (item["IsRefunded"], item["TotalRefundAmount"]) == ("true", "1000.00")
    assert refund(bank, reference, "250.41")["ResultCode"] == "1046"
    assert refund(bank, reference, "250.40")["ResultCode"] == "0000"
    assert refund(bank, reference, "0.01")["ResultCode"] == "1059"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


def test_a_repeated_transaction_id_is_booked_once(bank):
    _order_id, reference = settled_sale(bank)
    codes = [
        refund(bank, reference, "1.00", TransactionId="R-1")["ResultCode"]
        for _n in range(2)
    ]
    assert codes == ["0000", "1006"]
    assert found(bank, TransactionId="R-1")["TransactionType"] == "Refund"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 100


def test_a_request_must_be_complete(bank):
    _order_id, reference = settled_sale(bank)
    assert refund(bank, reference, "1,00")["ResultCode"] == "1047"
    assert refund(bank, reference, "0.00")["ResultCode"] == "1047"
    assert refund(bank, reference, "1.00", ClientIp=None)["ResultCode"] == "1096"
    assert vpos(bank, "Nothing", reference)["ResultCode"] == "1082"
    answer = post_form(bank, "/virtualPos/Vposreq", {"prmstr": "<VposRequest>"})
    assert answer["ResultCode"] == "SIM-XML"


def test_a_preauthorisation_is_captured_once_in_part(bank):
    order_id, reference = sale(bank, TransactionType="Auth")

    def capture(amount, **changes):
        changes = {"CurrencyAmount": amount, "CurrencyCode": "949", **changes}
        return vpos(bank, "Capture", reference, **changes)["ResultCode"]

    assert found(bank, OrderId=order_id)["IsCaptured"] == "false"
    assert capture("1250.41") == "0323"
    assert capture("1000.00", TransactionId="C-1") == "0000"
    item = found(bank, OrderId=order_id)
    assert (item["TransactionType"], item["IsCaptured"]) == ("Auth", "true")
    assert capture("1.00") == "1065"
    bank.post("settle")
    assert refund(bank, "C-1", "1000.01")["ResultCode"] == "1046"
    assert refund(bank, "C-1", "1000.00")["ResultCode"] == "0000"


def test_campaigns_are_answered(bank):
    assert vpos(bank, "CampaignSearch")["ResultCode"] == "0000"


def test_faults_of_the_api_act_after_or_before_executing(bank):
    order_id, reference = sale(bank)
    bank.post("fault", kind="api_500", operation="void")
    with pytest.raises(requests.HTTPError):
        vpos(bank, "Cancel", reference)
    assert bank.get(f"orders/{order_id}")["charge"]["state"] == "captured"
    bank.post("fault", kind="api_drop", operation="void", order_id=order_id)
    with pytest.raises(requests.ConnectionError):
        vpos(bank, "Cancel", reference)
    assert found(bank, OrderId=order_id)["IsCanceled"] == "true"
    bank.post("fault", kind="api_drop", operation="register")
    with pytest.raises(requests.ConnectionError):
        register(bank, OrderID="DROPPED")
    assert ("register", "accepted") in bank.verdicts("DROPPED")
