"""Recurring payments of Akbank: sale with a plan, history, cancel."""

from itertools import count

import pytest
import requests

from .akbank_merchant import api, pay, send
from .conftest import GOOD_CARD

DAY = 86400
OTHER_SHOP = {
    "key": "53494d5f616b62616e6b5f7365637265745f303032",
    "terminal": {
        "merchantSafeId": "4B7C1D2E3F405162738495A6B7C8D9EA",
        "terminalSafeId": "8F6E5D4C3B2A19080706F5E4D3C2B1A0",
    },
}
_numbers = count(1)


def message(**changes):
    """Return the body of a recurring sale; a change replaces fields of an object."""
    parts = {
        "card": {"cardNumber": GOOD_CARD, "cvv2": "000", "expireDate": "1235"},
        "order": {"orderTrackId": f"TRACK-{next(_numbers)}"},
        "transaction": {
            "amount": 100.5,
            "currencyCode": 949,
            "motoInd": 1,
            "installCount": 1,
        },
        "recurring": {
            "numberOfPayments": 3,
            "frequencyInterval": 1,
            "frequencyCycle": "D",
        },
        "customer": {"ipAddress": "203.0.113.7"},
    }
    for name, values in changes.items():
        parts[name] = {**parts[name], **values} if values else values
    return parts


def sell(bank, **changes):
    return api(bank, "1000", **message(**changes))


def sold(bank, **changes):
    """Return the track id of a plan."""
    answer = sell(bank, **changes)
    assert answer["responseCode"] == "VPS-0000"
    return answer["order"]["orderTrackId"]


def history(bank, track_id, **changes):
    return api(bank, "1010", order={"orderTrackId": track_id}, **changes)


def states(bank, track_id):
    rows = history(bank, track_id)["txnDetailList"]
    assert [row["recurringOrder"] for row in rows] == list(range(1, len(rows) + 1))
    return "".join(row["requestStatus"] for row in rows)


def cancel(bank, track_id, recurring=None, **changes):
    if recurring is not None:
        changes["recurring"] = recurring
    answer = api(bank, "1013", order={"orderTrackId": track_id}, **changes)
    return answer["responseCode"]


def pass_days(bank, days):
    bank.post("clock", advance_seconds=days * DAY)


def planned_numbers(bank):
    return [row["planned"] for row in bank.get("charges")["charges"]]


def test_the_first_payment_is_charged_at_once_and_the_others_wait(bank):
    answer = sell(bank)
    track_id = answer["order"]["orderTrackId"]
    assert (answer["responseCode"], answer["hostResponseCode"]) == ("VPS-0000", "00")
    (charge,) = bank.get("charges")["charges"]
    assert (charge["order"], charge["planned"]) == (track_id, 1)
    assert charge["auth_code"] == answer["transaction"]["authCode"]
    first, second, _third = history(bank, track_id)["txnDetailList"]
    assert (first["requestStatus"], first["responseCode"]) == ("S", "VPS-0000")
    assert (first["amount"], first["orderId"]) == (100.5, track_id)
    assert first["requestType"] == "R" and first["authCode"] == charge["auth_code"]
    assert second["requestStatus"] == "W" and second["orderTrackId"] == track_id
    assert "orderId" not in second and "responseCode" not in second
    assert second["plannedDateTime"] > first["plannedDateTime"]


def test_planned_payments_are_charged_on_their_days(bank):
    track_id = sold(bank)
    pass_days(bank, 1)
    assert states(bank, track_id) == "SSW" and planned_numbers(bank) == [1, 2]
    pass_days(bank, 1)
    assert states(bank, track_id) == "SSS" and planned_numbers(bank) == [1, 2, 3]
    third = history(bank, track_id)["txnDetailList"][2]
    assert api(bank, "1003", third["orderId"])["responseCode"] == "VPS-0000"
    assert states(bank, track_id) == "SSV"


def test_one_or_all_planned_payments_are_cancelled(bank):
    track_id = sold(bank, recurring={"numberOfPayments": 4})
    assert cancel(bank, track_id, {"recurringOrder": 2}) == "VPS-0000"
    assert cancel(bank, track_id, {"recurringOrder": 2}) == "VPS-1059"
    pass_days(bank, 2)
    assert states(bank, track_id) == "SCSW"
    assert cancel(bank, track_id) == "VPS-0000"
    assert cancel(bank, track_id) == "VPS-1059"
    pass_days(bank, 9)
    assert states(bank, track_id) == "SCSC" and planned_numbers(bank) == [1, 3]


def test_unknown_plans_are_not_found(bank):
    assert history(bank, "NEVER")["responseCode"] == "VPS-1123"
    assert cancel(bank, "NEVER") == "VPS-1059"
    track_id = sold(bank)
    answer = api(bank, "1010", order={"orderTrackId": track_id}, **OTHER_SHOP)
    assert answer["responseCode"] == "VPS-1123"
    assert cancel(bank, track_id, **OTHER_SHOP) == "VPS-1059"
    assert cancel(bank, track_id, {"recurringOrder": "x"}) == "VPS-1055"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recurring": {"numberOfPayments": 0}}, "VPS-1055"),
        ({"recurring": {"numberOfPayments": 2.5}}, "VPS-1055"),
        ({"recurring": {"frequencyInterval": 0}}, "VPS-1055"),
        ({"recurring": {"frequencyCycle": "Q"}}, "VPS-1055"),
        ({"recurring": {"frequencyCycle": None}}, "VPS-1055"),
        ({"recurring": {}}, "VPS-1055"),
        ({"recurring": None}, "VPS-1055"),
        ({"transaction": {"motoInd": 0}}, "VPS-1055"),
        ({"transaction": {"installCount": 3}}, "VPS-1055"),
        ({"order": {"orderTrackId": ""}}, "VPS-1055"),
        ({"order": {"orderTrackId": "x" * 37}}, "VPS-1055"),
        ({"transaction": {"amount": 0}}, "VPS-1005"),
        ({"card": {"cardNumber": "4543600100000001"}}, "VPS-1005"),
        ({"card": {"expireDate": "1220"}}, "VPS-1005"),
        ({"card": {"cvv2": ""}}, "VPS-1005"),
    ],
)
def test_a_bad_recurring_sale_charges_and_plans_nothing(bank, changes, code):
    body = message(**changes)
    if changes.get("recurring") == {}:
        body["recurring"] = {}
    assert api(bank, "1000", **body)["responseCode"] == code
    pass_days(bank, 400)
    assert not bank.get("charges")["charges"]
    assert bank.get("log")["log"][-1]["operation"] == "recurring"


@pytest.mark.parametrize(
    "changes",
    [
        {"card": None},
        {"transaction": {"amount": "1,00"}},
        {"transaction": {"currencyCode": 1}},
    ],
)
def test_a_recurring_sale_without_what_it_needs_is_a_bad_request(bank, changes):
    assert send(bank, "1000", **message(**changes)).status_code == 400
    assert not bank.get("charges")["charges"]


def test_a_sale_without_a_schedule_is_a_sale_without_3d(bank):
    body = message()
    del body["recurring"]
    assert api(bank, "1000", **body)["responseCode"] == "VPS-1005"
    assert not bank.get("charges")["charges"]


def test_a_track_id_is_used_once(bank):
    track_id = sold(bank)
    for order in (
        {"orderTrackId": track_id},
        {"orderTrackId": track_id, "orderId": "ANOTHER"},
        {"orderTrackId": "NEW", "orderId": track_id},
    ):
        assert sell(bank, order=order)["responseCode"] == "VPS-1013"
    assert planned_numbers(bank) == [1]
    declined = {"cardNumber": "4543620500000006"}
    sell(bank, order={"orderTrackId": "TRIED"}, card=declined)
    again = sell(bank, order={"orderTrackId": "TRIED"})
    assert again["responseCode"] == "VPS-1013" and planned_numbers(bank) == [1]


def test_a_planned_payment_of_a_used_order_id_fails(bank):
    track_id = sold(bank)
    pay(bank, orderId=f"{track_id}-2")
    pass_days(bank, 9)
    rows = history(bank, track_id)["txnDetailList"]
    codes = [row["responseCode"] for row in rows]
    assert codes == ["VPS-0000", "VPS-1013", "VPS-0000"]
    assert planned_numbers(bank) == [1, None, 3]


def test_declines_are_told_for_the_first_and_for_a_later_payment(bank):
    answer = sell(bank, card={"cardNumber": "4543620500000006"})
    assert (answer["responseCode"], answer["hostResponseCode"]) == ("VPS-1005", "51")
    bank.post("fault", kind="recurring_decline", params={"number": 3})
    track_id = sold(bank)
    pass_days(bank, 9)
    assert planned_numbers(bank) == [1, 2]
    row = history(bank, track_id)["txnDetailList"][2]
    assert (row["responseCode"], row["hostResponseCode"]) == ("VPS-1005", "05")
    assert (row["requestStatus"], row["authCode"]) == ("S", "000000")


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("recurring", lambda bank, _track_id: sell(bank)),
        ("recurring_status", history),
        ("recurring_cancel", cancel),
    ],
)
def test_the_api_faults_act_on_these_operations(bank, operation, ask):
    track_id = sold(bank)
    bank.post("fault", kind="api_500", operation=operation, params={"executed": True})
    with pytest.raises(requests.HTTPError):
        ask(bank, track_id)
    log = [(entry["operation"], entry["code"]) for entry in bank.get("log")["log"]]
    assert log[-2:] == [(operation, "VPS-0000"), (operation, "api_500")]
    assert len(planned_numbers(bank)) == (2 if operation == "recurring" else 1)
    expected = "SCC" if operation == "recurring_cancel" else "SWW"
    assert states(bank, track_id) == expected
