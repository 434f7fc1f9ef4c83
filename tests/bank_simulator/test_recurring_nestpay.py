"""Recurring orders of NestPay, and the plan's clock, ledger and faults."""

from datetime import datetime
from itertools import count

import pytest
import requests
from lxml import etree

from .conftest import GOOD_CARD

DAY = 86400
SHOP = {"Name": "simapi", "Password": "SimApi.Pass-1", "ClientId": "700655001"}
_numbers = count(1)


def send(bank, **changes):
    """Send a recurring sale; a change to None takes the field away."""
    fields = {
        **SHOP,
        "OrderId": f"REC-{next(_numbers)}",
        "Type": "Auth",
        "Total": "100.50",
        "Currency": "949",
        "Number": GOOD_CARD,
        "Expires": "12/35",
        "Cvv2Val": "000",
        "OrderType": "0",
        "OrderFrequencyInterval": "1",
        "OrderFrequencyCycle": "M",
        "TotalNumberPayments": "3",
        **changes,
    }
    root = etree.Element("CC5Request")
    plan = etree.SubElement(root, "PbOrder")
    for name, value in fields.items():
        if value is not None:
            parent = plan if name.startswith(("OrderF", "OrderT", "TotalN")) else root
            etree.SubElement(parent, name).text = value
    body = etree.tostring(root, encoding="ISO-8859-9", xml_declaration=True)
    answer = requests.post(f"{bank.url}/fim/api", data=body, timeout=10)
    answer.raise_for_status()
    root = etree.fromstring(answer.content)
    return {node.tag: node.text or "" for node in root.iter() if node.tag != "Extra"}


def status(bank, plan_id, **changes):
    return bank.api(
        extra={"ORDERSTATUS": "QUERY", "RECURRINGID": plan_id}, OrderId="", **changes
    )


def cancel(bank, kind, record, operation="Cancel"):
    return bank.api(
        extra={
            "RECORDTYPE": kind,
            "RECURRINGOPERATION": operation,
            "RECORDID": record,
        }
    )


def charges(bank):
    """Return (order, planned number, kuruş) of the ledger."""
    return [
        (row["order"], row["planned"], row["amount_kurus"])
        for row in bank.get("charges")["charges"]
    ]


def letters(bank, plan_id):
    told = status(bank, plan_id)
    numbers = range(1, int(told["RECURRINGCOUNT"]) + 1)
    return [told[f"TRANS_STAT_{number}"] for number in numbers]


def pass_days(bank, days):
    bank.post("clock", advance_seconds=days * DAY)


def test_the_first_payment_is_charged_at_once_and_the_others_are_planned(bank):
    sold = send(bank)
    oid = sold["OrderId"]
    assert (sold["Response"], sold["ProcReturnCode"]) == ("Approved", "00")
    assert charges(bank) == [(oid, 1, 10050)]
    told = status(bank, sold["RECURRINGID"])
    assert "ProcReturnCode" not in told and "Response" not in told
    assert told["RECURRINGCOUNT"] == "3"
    assert (told["ORD_ID_1"], told["ORD_ID_2"]) == (oid, f"{oid}-2")
    assert (told["CAPTURE_AMT_1"], told["ORIG_TRANS_AMT_2"]) == ("10050", "10050")
    assert told["AUTH_CODE_1"] == sold["AuthCode"] and "AUTH_CODE_2" not in told
    assert letters(bank, sold["RECURRINGID"]) == ["S", "PN", "PN"]
    first, second = (
        datetime.fromisoformat(told[name])
        for name in ("AUTH_DTTM_1", "PLANNED_START_DTTM_2")
    )
    assert 28 <= (second - first).days <= 31
    assert "TRANS_STAT:PN\tPLANNED_START_DTTM:" in told["ORDERSTATUS_2"]


def test_a_planned_payment_is_charged_when_the_clock_reaches_its_moment(bank):
    cycle = {"OrderFrequencyCycle": "W", "OrderFrequencyInterval": "2"}
    sold = send(bank, **cycle)
    oid = sold["OrderId"]
    pass_days(bank, 13)
    assert len(charges(bank)) == 1
    pass_days(bank, 1)
    assert charges(bank)[1:] == [(f"{oid}-2", 2, 10050)]
    assert letters(bank, sold["RECURRINGID"]) == ["S", "S", "PN"]
    entry = bank.get("log")["log"][-2]
    assert (entry["operation"], entry["verdict"]) == ("recurring_charge", "approved")
    pass_days(bank, 400)
    assert [row[1] for row in charges(bank)] == [1, 2, 3]
    times = [
        datetime.fromisoformat(row["time"]) for row in bank.get("charges")["charges"]
    ]
    assert [(later - times[0]).days for later in times] == [0, 14, 28]


def test_the_payments_of_several_plans_are_charged_in_the_order_of_their_days(bank):
    slow = send(bank, OrderFrequencyCycle="W")["OrderId"]
    fast = send(bank, OrderFrequencyCycle="D")["OrderId"]
    pass_days(bank, 30)
    log = [e for e in bank.get("log")["log"] if e["operation"] == "recurring_charge"]
    orders = [entry["order"] for entry in log]
    assert orders == [f"{fast}-2", f"{fast}-3", f"{slow}-2", f"{slow}-3"]
    assert [entry["time"] for entry in log] == sorted(entry["time"] for entry in log)


def test_a_charged_payment_is_voided_and_refunded_by_its_own_order_id(bank):
    oid = send(bank, OrderFrequencyCycle="D")["OrderId"]
    pass_days(bank, 2)
    assert bank.api(f"{oid}-2", Type="Void")["Response"] == "Approved"
    bank.post("settle")
    refund = {"Type": "Credit", "Total": "1.00", "Currency": "949"}
    assert bank.api(f"{oid}-3", **refund)["Response"] == "Approved"
    rows = {row["planned"]: row for row in bank.get("charges")["charges"]}
    assert rows[2]["state"] == "voided" and rows[3]["refunded_kurus"] == 100
    assert {row["recurring"] for row in rows.values()} != {""}


def test_one_planned_payment_is_cancelled_and_never_charged(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    oid = sold["OrderId"]
    done = cancel(bank, "Order", f"{oid}-2")
    assert done["RESULT"] == "Successfull" and done["RECORDTYPE"] == "ORDER"
    assert "Response" not in done
    assert bank.status(f"{oid}-2")["TRANS_STAT"] == "CNCL"
    assert bank.status(f"{oid}-3")["TRANS_STAT"] == "PN"
    pass_days(bank, 9)
    assert [row[1] for row in charges(bank)] == [1, 3]
    assert letters(bank, sold["RECURRINGID"]) == ["S", "CNCL", "S"]
    for record in (f"{oid}-2", f"{oid}-3", oid, "NEVER-2"):
        assert cancel(bank, "Order", record)["RESULT"] != "Successfull"


def test_all_that_wait_are_cancelled_by_the_recurring_id(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    pass_days(bank, 1)
    assert cancel(bank, "Recurring", sold["RECURRINGID"])["RESULT"] == "Successfull"
    pass_days(bank, 9)
    assert letters(bank, sold["RECURRINGID"]) == ["S", "S", "CNCL"]
    again = cancel(bank, "Recurring", sold["RECURRINGID"])
    assert (again["RESULT"], again["ERRORCODE"]) == ("Failed", "CORE-2008")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TotalNumberPayments": "0"}, "CORE-1012"),
        ({"TotalNumberPayments": "121"}, "CORE-1012"),
        ({"TotalNumberPayments": "²"}, "CORE-1012"),
        ({"TotalNumberPayments": None}, "CORE-1010"),
        ({"OrderFrequencyInterval": "-1"}, "CORE-1012"),
        ({"OrderFrequencyInterval": None}, "CORE-1010"),
        ({"OrderFrequencyCycle": "Q"}, "CORE-1012"),
        ({"OrderFrequencyCycle": None}, "CORE-1010"),
        ({"OrderType": "1"}, "CORE-1012"),
        ({"OrderType": None}, "CORE-1010"),
        ({"Type": "PreAuth"}, "CORE-1012"),
        ({"Taksit": "3"}, "CORE-2603"),
        ({"Total": "1,00"}, "CORE-1012"),
        ({"Total": "0"}, "CORE-2009"),
        ({"Total": None}, "CORE-1010"),
        ({"Currency": "1"}, "CORE-1012"),
        ({"Number": None}, "CORE-2015"),
        ({"Number": "4543600100000001"}, "CORE-2012"),
        ({"Expires": "1235"}, "CORE-2011"),
        ({"Expires": "12/20"}, "CORE-2011"),
        ({"Cvv2Val": None}, "CORE-2208"),
        ({"OrderId": ""}, "CORE-1010"),
        ({"Password": "x"}, "CORE-2201"),
    ],
)
def test_a_bad_recurring_sale_charges_and_plans_nothing(bank, changes, code):
    answer = send(bank, **changes)
    assert (answer["Response"], answer["ERRORCODE"]) == ("Error", code)
    pass_days(bank, 400)
    assert not charges(bank)
    assert bank.get("log")["log"][-1]["operation"] == "recurring"


def test_a_sale_with_an_empty_schedule_is_refused(bank):
    names = "OrderType OrderFrequencyInterval OrderFrequencyCycle TotalNumberPayments"
    answer = send(bank, **dict.fromkeys(names.split()))
    assert answer["ERRORCODE"] == "CORE-1010" and not charges(bank)


def test_a_declined_first_payment_plans_nothing(bank):
    for changes in ({"Number": "4543620500000006"}, {"Total": "9101.51"}):
        answer = send(bank, **changes)
        assert (answer["Response"], answer["ProcReturnCode"]) == ("Declined", "51")
        assert "RECURRINGID" not in answer
    bank.post("fault", kind="dropped_connection")
    wrong_code = send(bank, Number="4543660900000008")
    assert wrong_code["ProcReturnCode"] == "82"
    pass_days(bank, 400)
    assert not charges(bank)


def test_a_paid_order_id_takes_no_plan(bank):
    oid = send(bank)["OrderId"]
    assert send(bank, OrderId=oid)["ERRORCODE"] == "CORE-2507"
    assert len(charges(bank)) == 1


def test_a_test_mode_sale_is_answered_but_not_booked(bank):
    answer = send(bank, Mode="T", OrderFrequencyCycle="D")
    assert answer["Response"] == "Approved"
    pass_days(bank, 9)
    assert not charges(bank)
    assert status(bank, answer["RECURRINGID"])["ProcReturnCode"] == "99"


def test_a_test_mode_sale_leaves_no_row_in_an_order_that_is_known(bank):
    oid = send(bank, Number="4543620500000006")["OrderId"]
    assert send(bank, OrderId=oid, Mode="T")["Response"] == "Approved"
    assert len(bank.get(f"orders/{oid}")["transactions"]) == 1


def test_a_status_with_the_order_id_of_another_sale_finds_nothing(bank):
    sold = send(bank)
    extra = {"ORDERSTATUS": "QUERY", "RECURRINGID": sold["RECURRINGID"]}
    assert bank.api(sold["OrderId"], extra=extra)["RECURRINGCOUNT"] == "3"
    assert bank.api("ANOTHER", extra=extra)["ProcReturnCode"] == "99"


def test_another_shop_learns_nothing_of_a_plan_and_cancels_nothing(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    other = {"ClientId": "700655002", "Name": "simapi2", "Password": "SimApi.Pass-2"}
    told = status(bank, sold["RECURRINGID"], **other)
    assert told["ProcReturnCode"] == "99" and "RECURRINGCOUNT" not in told
    extra = {"RECURRINGOPERATION": "Cancel", "RECORDTYPE": "Recurring"}
    extra["RECORDID"] = sold["RECURRINGID"]
    assert bank.api(extra=extra, **other)["RESULT"] == "Failed"
    extra |= {"RECORDTYPE": "Order", "RECORDID": f"{sold['OrderId']}-2"}
    assert bank.api(extra=extra, **other)["RESULT"] == "Failed"
    pass_days(bank, 2)
    assert len(charges(bank)) == 3


@pytest.mark.parametrize(("kind", "record"), [("", "x"), ("Order", ""), ("All", "x")])
def test_a_bad_cancel_is_refused(bank, kind, record):
    assert cancel(bank, kind, record)["Response"] == "Error"
    assert cancel(bank, "Order", "x", operation="Delete")["Response"] == "Error"


def test_a_named_planned_payment_declines_and_is_not_tried_again(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    bank.post(
        "fault",
        kind="recurring_decline",
        order_id=sold["OrderId"],
        params={"number": 3, "code": "57"},
    )
    pass_days(bank, 9)
    assert [row[1] for row in charges(bank)] == [1, 2]
    told = status(bank, sold["RECURRINGID"])
    assert (told["TRANS_STAT_3"], told["PROC_RET_CD_3"]) == ("D", "57")
    assert told["CAPTURE_AMT_3"] == ""


def test_an_amount_declines_the_second_payment_only(bank):
    sold = send(bank, OrderFrequencyCycle="D", Total="9114.51")
    pass_days(bank, 9)
    assert letters(bank, sold["RECURRINGID"]) == ["S", "D", "S"]


def test_a_planned_payment_of_a_used_order_id_fails(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    bank.pay(oid=f"{sold['OrderId']}-2")
    pass_days(bank, 9)
    assert letters(bank, sold["RECURRINGID"]) == ["S", "ERR", "S"]
    assert [row[1] for row in charges(bank)] == [1, None, 3]


@pytest.mark.parametrize("operation", ["recurring", "recurring_status"])
def test_the_api_faults_act_on_these_operations(bank, operation):
    sold = send(bank)
    bank.post("fault", kind="api_drop", operation=operation)
    with pytest.raises(requests.ConnectionError):
        if operation == "recurring":
            send(bank, OrderId="LOST")
        else:
            status(bank, sold["RECURRINGID"])
    # It was executed all the same.
    assert len(charges(bank)) == (2 if operation == "recurring" else 1)
    assert (operation, "fault") in [
        (entry["operation"], entry["verdict"]) for entry in bank.get("log")["log"]
    ]


def test_a_cancel_whose_answer_is_garbage_has_been_done(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    bank.post(
        "fault",
        kind="api_garbage",
        operation="recurring_cancel",
        order_id=sold["OrderId"],
    )
    with pytest.raises(etree.XMLSyntaxError):
        cancel(bank, "Order", f"{sold['OrderId']}-2")
    assert letters(bank, sold["RECURRINGID"]) == ["S", "CNCL", "PN"]


def test_a_sale_that_is_lost_after_the_charge_is_planned(bank):
    bank.post("fault", kind="dropped_connection", order_id="LOST-2")
    with pytest.raises(requests.ConnectionError):
        send(bank, OrderId="LOST-2", OrderFrequencyCycle="D")
    pass_days(bank, 9)
    assert [row[1] for row in charges(bank)] == [1, 2, 3]


def test_no_card_number_is_in_what_the_bank_tells(bank):
    sold = send(bank, OrderFrequencyCycle="D")
    pass_days(bank, 1)
    for path in ("log", "charges", f"orders/{sold['OrderId']}"):
        assert GOOD_CARD not in str(bank.get(path))
    told = str(status(bank, sold["RECURRINGID"]))
    assert GOOD_CARD not in told and "4543 60** **** 0002" in told
