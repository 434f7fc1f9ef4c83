"""Akbank's JSON API: history, list, void, refund, capture."""

import pytest
import requests

from .akbank_merchant import (
    MERCHANT,
    PROCESS,
    REPORT,
    amount,
    api,
    pay,
    sale,
    send,
    settled_sale,
    turkish_now,
)


def test_wrong_credentials_learn_nothing(bank):
    order_id = sale(bank)
    other = {"merchantSafeId": MERCHANT, "terminalSafeId": "0"}
    for changes in ({"key": "x"}, {"terminal": other}, {"terminal": None}):
        answer = send(bank, "1010", order_id, **changes)
        assert answer.status_code == 401 and order_id not in answer.text


def test_a_bad_request_is_answered_with_http_400(bank):
    assert requests.post(bank.url + PROCESS, data="x", timeout=10).status_code == 400
    assert send(bank, "9999").status_code == 400
    assert send(bank, "1002", sale(bank), **amount("1,00")).status_code == 400


def test_a_wrong_clock_is_refused(bank):
    answer = api(bank, "1010", sale(bank), requestDateTime=turkish_now(hours=1))
    assert answer["responseCode"] == "VPS-1073"
    assert "txnDetailList" not in answer


def test_a_sale_without_3d_is_refused(bank):
    assert api(bank, "1000", "X", **amount("1.00"))["responseCode"] == "VPS-1005"


def test_an_unknown_order_is_not_found(bank):
    assert api(bank, "1010", "NEVER")["responseCode"] == "VPS-1123"
    assert api(bank, "1003", "NEVER")["responseCode"] == "VPS-1007"
    assert api(bank, "1002", "NEVER", **amount("1"))["responseCode"] == "VPS-1007"


@pytest.mark.parametrize("path", [PROCESS, REPORT])
def test_the_history_tells_the_sale(bank, path):
    order_id = sale(bank)
    (row,) = api(bank, "1010", order_id, path=path)["txnDetailList"]
    assert row["amount"] == 1250.4 and row["txnStatus"] == "N"
    assert row["txnCode"] == "1000" and row["installCount"] == 1
    charge = bank.get(f"orders/{order_id}")["charge"]
    assert (row["authCode"], row["rrn"]) == (charge["auth_code"], charge["host_ref"])


def test_a_declined_sale_is_in_the_history(bank):
    fields, _answer = pay(bank, "4543620500000006")
    (row,) = api(bank, "1010", fields["orderId"])["txnDetailList"]
    assert (row["responseCode"], row["hostResponseCode"]) == ("VPS-1005", "51")


def test_a_sale_is_voided_once_before_settlement(bank):
    order_id = sale(bank)
    answer = api(bank, "1003", order_id)
    assert answer["responseCode"] == "VPS-0000" and answer["transaction"]["authCode"]
    assert api(bank, "1010", order_id)["txnDetailList"][0]["txnStatus"] == "V"
    assert api(bank, "1003", order_id)["responseCode"] == "VPS-1008"
    assert api(bank, "1002", order_id, **amount("1"))["responseCode"] == "VPS-1008"


def test_a_settled_sale_is_not_voided_and_an_open_one_not_refunded(bank):
    assert api(bank, "1003", settled_sale(bank))["responseCode"] == "VPS-1005"
    answer = api(bank, "1002", sale(bank), **amount("1.00"))
    assert answer["responseCode"] == "VPS-1005"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    order_id = settled_sale(bank)
    for value, code in (
        ("1000.00", "VPS-0000"),
        ("250.41", "VPS-1005"),
        (250.4, "VPS-0000"),
        ("0.01", "VPS-1005"),
    ):
        answer = api(bank, "1002", order_id, **amount(value))
        assert answer["responseCode"] == code
    rows = api(bank, "1010", order_id)["txnDetailList"]
    good = [row for row in rows if row["responseCode"] == "VPS-0000"]
    assert [(row["txnCode"], row["txnStatus"], row["amount"]) for row in good] == [
        ("1000", "R", 1250.4),
        ("1002", "N", 1000),
        ("1002", "N", 250.4),
    ]
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


def test_a_refund_in_another_currency_is_refused(bank):
    transaction = {"amount": "1.00", "currencyCode": 840}
    answer = api(bank, "1002", settled_sale(bank), transaction=transaction)
    assert answer["responseCode"] == "VPS-1005"


def test_a_preauthorisation_is_captured_once_in_part(bank):
    order_id = sale(bank, txnCode="3004")
    (row,) = api(bank, "1010", order_id)["txnDetailList"]
    assert (row["txnCode"], row["preAuthStatus"]) == ("1004", "O")
    assert api(bank, "1005", order_id, **amount("1250.41"))["responseCode"] != (
        "VPS-0000"
    )
    assert api(bank, "1005", order_id, **amount("1000"))["responseCode"] == "VPS-0000"
    first, second = api(bank, "1010", order_id)["txnDetailList"]
    assert first["preAuthStatus"] == "C" and first["preAuthCloseAmount"] == 1000
    assert second["txnCode"] == "1005" and second["orgOrderId"] == order_id
    assert api(bank, "1005", order_id, **amount("1"))["responseCode"] == "VPS-1005"
    assert api(bank, "1005", sale(bank), **amount("1"))["responseCode"] == "VPS-1007"


def test_the_list_of_a_day_or_a_batch(bank):
    order_id = sale(bank)
    batch = api(bank, "1010", order_id)["txnDetailList"][0]["batchNumber"]
    day = {
        "startDateTime": turkish_now(hours=-1),
        "endDateTime": turkish_now(hours=22),
    }
    for report in (day, {"batchNumber": batch}):
        answer = api(bank, "1009", path=REPORT, report=report)
        assert [row["orderId"] for row in answer["txnDetailList"]] == [order_id]
    day["startDateTime"] = turkish_now(hours=-3)
    answer = api(bank, "1009", path=REPORT, report=day)
    assert answer["responseCode"] == "VPS-2229"
    assert send(bank, "1009", report=day).status_code == 400
    assert send(bank, "1003", path=REPORT).status_code == 400
    assert send(bank, "1009", path=REPORT).status_code == 400


def test_faults_of_the_api_act_after_or_before_executing(bank):
    order_id = sale(bank)
    bank.post("fault", kind="api_500", operation="void")
    assert send(bank, "1003", order_id).status_code == 500
    assert bank.get(f"orders/{order_id}")["charge"]["state"] == "captured"
    bank.post("fault", kind="api_drop", operation="void", order_id=order_id)
    with pytest.raises(requests.ConnectionError):
        send(bank, "1003", order_id)
    assert bank.get(f"orders/{order_id}")["charge"]["state"] == "voided"
    bank.post("fault", kind="api_garbage", operation="status")
    with pytest.raises(requests.JSONDecodeError):
        api(bank, "1010", order_id)
    assert bank.verdicts(order_id)[-2:] == [("status", "approved"), ("status", "fault")]
