"""Recurring sales of Garanti: Order/Recurring, the inquiries, recurringvoid."""

from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
import requests

from .conftest import GOOD_CARD
from .garanti_merchant import (
    DEALER_PASSWORDS,
    answer_is_genuine,
    call,
    outcome,
    refund,
    void,
)

DAY = 86400
TURKEY = timezone(timedelta(hours=3))
_numbers = count(1)


def sell(bank, order_id=None, amount="10050", **changes):
    """Send a recurring sale; return its order id and the answer's root."""
    order_id = order_id or f"GREC-{next(_numbers)}"
    fields = {
        "Card__Number": GOOD_CARD,
        "Card__ExpireDate": "1235",
        "Card__CVV2": "000",
        "Order__Recurring__Type": "R",
        "Order__Recurring__TotalPaymentNum": "3",
        "Order__Recurring__FrequencyType": "D",
        "Order__Recurring__FrequencyInterval": "1",
        "Transaction__CardholderPresentCode": "0",
        "Transaction__MotoInd": "Y",
        **changes,
    }
    return order_id, call(bank, "sales", order_id, amount, **fields)


def sold(bank, **changes):
    order_id, root = sell(bank, **changes)
    assert outcome(root) == ("00", "00")
    return order_id


def pass_days(bank, days):
    bank.post("clock", advance_seconds=days * DAY)


def planned_numbers(bank):
    return [row["planned"] for row in bank.get("charges")["charges"]]


def history(bank, order_id):
    rows = call(bank, "orderhistoryinq", order_id).iter("OrderTxn")
    return [(row.findtext("Type"), row.findtext("ReturnCode")) for row in rows]


def test_the_first_payment_is_charged_at_once_with_a_signed_answer(bank):
    order_id, root = sell(bank)
    assert outcome(root) == ("00", "00") and answer_is_genuine(root)
    (charge,) = bank.get("charges")["charges"]
    assert (charge["order"], charge["planned"]) == (order_id, 1)
    assert charge["amount_kurus"] == 10050
    assert charge["host_ref"] == root.findtext("Transaction/RetrefNum")
    facts = call(bank, "orderinq", order_id).find("Order/OrderInqResult")
    assert facts.findtext("RecurringInfo") == "Y"
    assert facts.findtext("AuthAmount") == "10050"
    assert history(bank, order_id) == [("sales", "00")]


def test_later_payments_are_told_under_the_one_order_id(bank):
    order_id = sold(bank)
    pass_days(bank, 1)
    assert planned_numbers(bank) == [1, 2]
    pass_days(bank, 400)
    assert history(bank, order_id) == [("sales", "00")] * 3
    assert {row["recurring"] for row in bank.get("charges")["charges"]} == {order_id}
    now = datetime.now(TURKEY)
    root = call(
        bank,
        "orderlistinq",
        Order__StartDate=(now - timedelta(hours=1)).strftime("%d/%m/%Y %H:%M"),
        Order__EndDate=(now + timedelta(days=5)).strftime("%d/%m/%Y %H:%M"),
        Transaction__ListPageNum="1",
    )
    assert [row.findtext("OrderID") for row in root.iter("OrderTxn")] == [order_id] * 3


def test_a_later_payment_is_voided_and_refunded_by_its_reference(bank):
    order_id = sold(bank)
    pass_days(bank, 9)
    _first, second, third = (row["host_ref"] for row in bank.get("charges")["charges"])
    assert outcome(void(bank, order_id, second)) == ("00", "00")
    bank.post("settle")
    assert outcome(refund(bank, order_id, third, "100")) == ("00", "00")
    rows = {row["planned"]: row for row in bank.get("charges")["charges"]}
    assert [rows[n]["state"] for n in (1, 2, 3)] == ["settled", "voided", "settled"]
    assert [rows[n]["refunded_kurus"] for n in (1, 2, 3)] == [0, 0, 100]


def test_what_waits_is_cancelled_and_never_charged(bank):
    order_id = sold(bank)
    pass_days(bank, 1)
    wrong_user = call(bank, "recurringvoid", order_id, Terminal__ProvUserID="PROVRFN")
    assert outcome(wrong_user) == ("92", "0652")
    root = call(bank, "recurringvoid", order_id)
    assert outcome(root) == ("00", "00") and answer_is_genuine(root)
    pass_days(bank, 400)
    assert planned_numbers(bank) == [1, 2]
    assert outcome(call(bank, "recurringvoid", order_id)) == ("92", "0110")
    assert outcome(call(bank, "recurringvoid", "NEVER")) == ("92", "0110")
    operations = {entry["operation"] for entry in bank.get("log")["log"]}
    assert {"recurring", "recurring_cancel", "recurring_charge"} <= operations


def test_the_schedule_counts_from_the_start_date(bank):
    start = (datetime.now(TURKEY) + timedelta(days=10)).strftime("%Y%m%d")
    sold(bank, Order__Recurring__StartDate=start)
    pass_days(bank, 10)
    assert planned_numbers(bank) == [1]
    pass_days(bank, 1)
    assert planned_numbers(bank) == [1, 2]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Order__Recurring__TotalPaymentNum": "0"}, ("92", "0002")),
        ({"Order__Recurring__TotalPaymentNum": ""}, ("92", "0002")),
        ({"Order__Recurring__FrequencyType": "Y"}, ("92", "0002")),
        ({"Order__Recurring__FrequencyType": ""}, ("92", "0002")),
        ({"Order__Recurring__FrequencyInterval": "x"}, ("92", "0002")),
        ({"Order__Recurring__Type": "V"}, ("92", "0002")),
        ({"Order__Recurring__StartDate": "20200101"}, ("92", "0002")),
        ({"Order__Recurring__StartDate": "2027-1-1"}, ("92", "0002")),
        ({"Transaction__InstallmentCnt": "3"}, ("92", "0002")),
        ({"Transaction__CardholderPresentCode": "13"}, ("92", "0002")),
        ({"Transaction__Type": "preauth"}, ("92", "0002")),
        ({"Card__Number": ""}, ("92", "0002")),
        ({"Card__Number": "4543600100000001"}, ("14", "14")),
        ({"Card__ExpireDate": "1220"}, ("92", "0002")),
        ({"Card__CVV2": ""}, ("92", "0002")),
        ({"amount": "0"}, ("92", "0002")),
        ({"order_id": "A/2"}, ("92", "0002")),
        ({"Terminal__HashData": "0" * 128}, ("92", "0651")),
    ],
)
def test_a_bad_recurring_sale_charges_and_plans_nothing(bank, changes, expected):
    assert outcome(sell(bank, **changes)[1]) == expected
    pass_days(bank, 400)
    assert not bank.get("charges")["charges"]
    assert bank.get("log")["log"][-1]["operation"] == "recurring"


def test_a_terminal_with_dealers_demands_one_of_them(bank):
    whose = {"Terminal__ID": "30770102", "Terminal__MerchantID": "7007702"}
    assert outcome(sell(bank, **whose)[1]) == ("92", "0809")
    root = sell(bank, Terminal__SubMerchantID="D001", **whose)[1]
    assert outcome(root) == ("00", "00")
    assert answer_is_genuine(root, passwords=DEALER_PASSWORDS, terminal="30770102")


def test_a_paid_order_id_takes_no_plan_and_a_declined_one_does(bank):
    order_id = sold(bank)
    assert outcome(sell(bank, order_id)[1])[0] == "92"
    declined, root = sell(bank, Card__Number="4543620500000006")
    assert outcome(root) == ("51", "51")
    assert outcome(call(bank, "recurringvoid", declined)) == ("92", "0110")
    assert outcome(sell(bank, declined)[1]) == ("00", "00")
    assert planned_numbers(bank) == [1, 1]


def test_a_later_payment_declines(bank):
    bank.post("fault", kind="recurring_decline", params={"number": 2, "code": "51"})
    order_id = sold(bank)
    pass_days(bank, 9)
    assert planned_numbers(bank) == [1, 3]
    assert [code for _type, code in history(bank, order_id)] == ["00", "51", "00"]


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("recurring", "sales"),
        ("recurring_status", "orderinq"),
        ("recurring_status", "orderhistoryinq"),
        ("recurring_cancel", "recurringvoid"),
    ],
)
def test_the_api_faults_act_on_these_operations(bank, operation, kind):
    order_id = sold(bank)
    bank.post("fault", kind="api_drop", operation=operation)
    with pytest.raises(requests.ConnectionError):
        sell(bank) if kind == "sales" else call(bank, kind, order_id)
    pass_days(bank, 9)
    expected = {"recurring": [1, 1, 2, 3, 2, 3], "recurring_cancel": [1]}
    charged = sorted(planned_numbers(bank))
    assert charged == sorted(expected.get(operation, [1, 2, 3]))


def test_a_sale_that_is_lost_after_the_charge_is_planned(bank):
    with pytest.raises(requests.ConnectionError):
        sell(bank, amount="910651")
    pass_days(bank, 9)
    assert planned_numbers(bank) == [1, 2, 3]
