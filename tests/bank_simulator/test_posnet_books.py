"""Yapı Kredi PosNet XML: what comes after the sale."""

import pytest
import requests

from .posnet_merchant import (
    MERCHANT,
    TERMINAL,
    XML,
    Shop,
    own_mac,
)

OLD_HABITS = {"mid": "6704400120", "tid": "67440012"}


@pytest.fixture
def shop(bank):
    return Shop(bank)


def states(shop, fields):
    shop.status(fields)
    return [(row["state"], row["amount"], row["txnStatus"]) for row in shop.rows]


def give_back(shop, answer, amount, currency="TL"):
    return shop.send(
        "return",
        hostLogKey=answer["hostlogkey"],
        amount=amount,
        currencyCode=currency,
    )


def reverse(shop, answer, transaction="sale"):
    return shop.send(
        "reverse", transaction=transaction, hostLogKey=answer["hostlogkey"]
    )


def capture(shop, answer, amount):
    return shop.send(
        "capt",
        hostLogKey=answer["hostlogkey"],
        amount=amount,
        currencyCode="TL",
        installment="00",
    )


def test_the_status_of_a_sale_has_a_decimal_comma_and_the_long_order_id(shop):
    fields, answer = shop.pay()
    shop.status(fields)
    (row,) = shop.rows
    assert row["orderID"] == f"TDS_{fields['XID']}" and len(row["orderID"]) == 24
    assert (row["state"], row["txnStatus"]) == ("Sale", "1")
    assert (row["amount"], row["currencyCode"]) == ("1250,40", "TL")
    assert row["hostLogKey"] == answer["hostlogkey"]
    assert row["authCode"] == answer["authCode"]
    assert row["ccno"] == "4543 60** **** 0002"


@pytest.mark.parametrize("order_id", ["TDS_NEVER", "NEVER"])
def test_an_unknown_order_is_not_found(shop, order_id):
    assert shop.send("agreement", orderID=order_id)["respCode"] == "E219"


def test_an_authentication_without_charge_is_not_found(shop):
    fields, _returned = shop.authenticate()
    assert shop.status(fields)["respCode"] == "E219"


def test_a_decline_is_told_as_an_unsuccessful_row(shop):
    fields, _answer = shop.pay(card="4543620500000006")
    assert states(shop, fields) == [("Sale", "1250,40", "0")]


def test_a_terminal_of_old_habits_wants_the_other_prefix_and_lies_about_its_bytes(shop):
    fields, data = shop.register(**OLD_HABITS, posnetid="440012")
    form = shop.form(data, OLD_HABITS["mid"], "440012")
    returned = shop.bank.post("charge", family="posnet", fields=form)["fields"]
    key, terminal = "5,5,91,17,40,2,77,19", OLD_HABITS["tid"]
    about = (fields["XID"], fields["amount"], "TL", OLD_HABITS["mid"])
    signed = own_mac(*about, key=key, terminal=terminal)
    answer = shop.charge(fields, returned, mac=signed, **OLD_HABITS)
    assert answer["approved"] == "1"
    assert shop.status(fields, **OLD_HABITS)["respCode"] == "E219"
    assert shop.status(fields, "TDSC", **OLD_HABITS)["state"] == "Sale"
    assert b"utf-16" in shop.declaration
    back = shop.send(
        "return",
        orderID=f"TDSC{fields['XID']}",
        amount="100",
        currencyCode="TL",
        **OLD_HABITS,
    )
    assert back["respCode"] == "0411"


def test_another_terminal_does_not_see_the_order(shop):
    fields, answer = shop.pay()
    assert shop.status(fields, **OLD_HABITS)["respCode"] == "E219"
    about = {"transaction": "sale", "hostLogKey": answer["hostlogkey"]}
    assert shop.send("reverse", **about, **OLD_HABITS)["respCode"] == "0123"


def test_a_sale_is_reversed_once_by_key_or_order_id(bank, shop):
    fields, answer = shop.pay()
    assert reverse(shop, answer)["approved"] == "1"
    assert reverse(shop, answer)["respCode"] == "0220"
    assert states(shop, fields) == [
        ("Sale", "1250,40", "1"),
        ("Sale_Reverse", "1250,40", "1"),
    ]
    fields, _answer = shop.pay()
    about = {"transaction": "sale", "orderID": f"TDS_{fields['XID']}"}
    assert shop.send("reverse", **about)["approved"] == "1"
    assert [row["state"] for row in bank.get("charges")["charges"]] == ["voided"] * 2


def test_a_closed_group_is_not_reversed(bank, shop):
    answer = shop.pay()[1]
    bank.post("settle")
    assert reverse(shop, answer)["respCode"] == "0211"


@pytest.mark.parametrize("settled", [False, True])
def test_partial_refunds_repeat_until_nothing_is_left(bank, shop, settled):
    fields, answer = shop.pay()
    if settled:
        bank.post("settle")
    assert give_back(shop, answer, "100000")["approved"] == "1"
    assert give_back(shop, answer, "25041")["respCode"] == "0205"
    assert give_back(shop, answer, "25040")["approved"] == "1"
    assert give_back(shop, answer, "1")["respCode"] == "0450"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040
    told = [row for row in states(shop, fields) if row[2] == "1"]
    assert [row[:2] for row in told] == [
        ("Sale", "1250,40"),
        ("Return", "1000,00"),
        ("Return", "250,40"),
    ]


def test_a_refunded_sale_is_not_reversed_but_its_refund_is(bank, shop):
    answer = shop.pay()[1]
    back = give_back(shop, answer, "100")
    assert reverse(shop, answer)["respCode"] == "0218"
    assert reverse(shop, back, "return")["approved"] == "1"
    assert reverse(shop, back, "return")["respCode"] == "0220"
    assert reverse(shop, answer)["approved"] == "1"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 0


def test_a_refund_of_another_currency_or_of_nothing_is_refused(shop):
    answer = shop.pay()[1]
    assert give_back(shop, answer, "100", "US")["respCode"] == "0012"
    assert give_back(shop, answer, "1,00")["respCode"] == "0150"
    assert give_back(shop, {"hostlogkey": "0" * 18}, "100")["respCode"] == "0123"


def test_a_preauthorisation_is_captured_in_part_once(bank, shop):
    fields, answer = shop.pay(tranType="Auth")
    assert bank.get("charges")["charges"][0]["state"] == "authorised"
    assert capture(shop, answer, "125041")["respCode"] == "0001"
    taken = capture(shop, answer, "100000")
    assert taken["approved"] == "1" and taken["hostlogkey"] != answer["hostlogkey"]
    assert capture(shop, answer, "100000")["respCode"] == "0219"
    assert [row[:2] for row in states(shop, fields)] == [
        ("Authorization", "1250,40"),
        ("Capture", "1000,00"),
    ]
    assert give_back(shop, taken, "100001")["respCode"] == "0205"
    assert give_back(shop, taken, "100000")["approved"] == "1"


def test_a_capture_is_reversed_before_its_preauthorisation(bank, shop):
    answer = shop.pay(tranType="Auth")[1]
    assert reverse(shop, answer, "capt")["respCode"] == "0223"
    taken = capture(shop, answer, "125040")
    assert reverse(shop, answer, "auth")["respCode"] == "0788"
    assert reverse(shop, taken, "capt")["approved"] == "1"
    assert reverse(shop, answer, "sale")["respCode"] == "0123"
    assert reverse(shop, answer, "auth")["approved"] == "1"
    assert bank.get("charges")["charges"][0]["state"] == "voided"


def test_a_sale_is_not_captured_and_a_preauthorisation_not_refunded(shop):
    assert capture(shop, shop.pay()[1], "125040")["respCode"] == "0015"
    answer = shop.pay(tranType="Auth")[1]
    assert give_back(shop, answer, "100")["respCode"] == "0411"


def test_the_reconciliation_sums_up_a_settled_period(bank, shop):
    shop.pay()
    answer = shop.pay()[1]
    give_back(shop, answer, "40")
    bank.post("settle")
    today = bank.get("log")["log"][-1]["time"][:10]
    period = {"startDate": today, "endDate": today, "currency": "TL"}
    shop.send("merchantReconciliation", **period)
    assert shop.rows == [
        {"type": "0", "count": "2", "amount": "250080"},
        {"type": "3", "count": "1", "amount": "40"},
    ]
    period["startDate"] = "2026-01-01"
    assert shop.send("merchantReconciliation", **period)["respCode"] == "0340"
    period["startDate"] = "yesterday"
    assert shop.send("merchantReconciliation", **period)["respCode"] == "E117"


def test_sales_without_3d_are_refused(shop):
    assert shop.send("sale", ccno="4543600100000002")["respCode"] == "0057"
    assert shop.send("unmatchedreturn", amount="1")["respCode"] == "0012"


@pytest.mark.parametrize(
    "text", ["", "<x", "<posnetRequest/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_what_is_no_message_is_refused(bank, text):
    answer = requests.post(bank.url + XML, data={"xmldata": text}, timeout=10)
    assert b"<respCode>0150</respCode>" in answer.content


def test_absent_headers_are_written_down_but_not_refused(bank, shop):
    shop.send("agreement", orderID="TDS_X")
    entry = bank.get("log")["log"][-2]
    assert entry["operation"] == "headers" and "X-POSNET-ID" in entry["code"]
    headers = {
        "X-MERCHANT-ID": MERCHANT,
        "X-TERMINAL-ID": TERMINAL,
        "X-POSNET-ID": "440011",
        "X-CORRELATION-ID": "1",
    }
    shop.send("agreement", orderID="TDS_X", headers=headers)
    assert [e["operation"] for e in bank.get("log")["log"]].count("headers") == 1
