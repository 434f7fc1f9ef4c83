"""Tosla: registration, pages, signed return, follow-up requests, faults."""

import pytest
import requests

from .conftest import GOOD_CARD
from .terminals import Terminal
from .test_simulator import result_of, send_card, send_code
from .tosla import hashing
from .tosla.commissions import commission_kurus
from .tosla_merchant import BASE, CLIENT, Shop, return_hash

SIGNATURE_FAULTS = ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]


@pytest.fixture
def shop(bank):
    return Shop(bank)


def test_the_hashes_are_those_of_the_composed_examples():
    terminal = Terminal(
        client_id="1000099999",
        api_user="BAYI_API",
        api_password="Tosla*Pass1",
        name="",
    )
    assert hashing.request_hash(terminal, "48151623", "20261121120000") == (
        "gdQNYB5TqgnUCVLvTFkgDx8H/2O76fUl09v9jDqNXQ4+uwr3QFMQe8Zhz3paS36yVJ3/DxoOh/FF"
        "Z5Po5AeL6A=="
    )
    returned = {
        "OrderId": "TAH2026000123",
        "MdStatus": "1",
        "BankResponseCode": "00",
        "BankResponseMessage": "",
        "RequestStatus": "1",
        "ClientId": "attacker",
    }
    assert hashing.return_hash(terminal, returned, terminal.api_password) == (
        "3ztsPL7fafgliVHqC0l8CIAr/A/iFHXSbcHgVs4xRrRjDuYjgezNhg7UjXPUN6Us+CMrpaAoZyBd"
        "r8Pn/o7JTQ=="
    )


@pytest.mark.parametrize("installments", [0, 6])
def test_a_payment_goes_through_the_hosted_page_to_a_signed_return(
    bank, shop, installments
):
    fields, session = shop.register(installmentCount=installments)
    assert session["Code"] == 0
    url = f"{bank.url}{BASE}/threeDSecure/{session['ThreeDSessionId']}"
    page = requests.get(url, timeout=10)
    assert "1.250,40 TL" in page.text
    target, returned = result_of(send_code(bank, send_card(bank, page)))
    assert target == fields["callbackUrl"]
    assert returned["Hash"] == return_hash(returned)
    assert returned["ThreeDSessionId"] == session["ThreeDSessionId"]
    assert returned["BankResponseCode"] == "00" and returned["RequestStatus"] == "1"
    (charge,) = bank.get("charges")["charges"]
    assert charge["order"] == fields["orderId"]
    assert charge["installments"] == installments
    assert "AlreadyBankResponse" in requests.get(url, timeout=10).text


@pytest.mark.parametrize("as_files", [False, True])
def test_the_merchants_own_card_form_leads_to_the_one_time_code(bank, shop, as_files):
    fields, session = shop.register()
    form = {
        "ThreeDSessionId": session["ThreeDSessionId"],
        "CardHolderName": "AD SOYAD",
        "CardNo": GOOD_CARD,
        "ExpireDate": "12/35",
        "Cvv": "973",
    }
    body = {"data": form}
    if as_files:
        body = {"files": {name: (None, text) for name, text in form.items()}}
    page = requests.post(f"{bank.url}{BASE}/ProcessCardForm", **body, timeout=10)
    returned = result_of(send_code(bank, page))[1]
    assert returned["BankResponseCode"] == "00"
    assert "973" not in str(bank.get(f"orders/{fields['orderId']}"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ThreeDSessionId": "P1"}, "998"),
        ({"CardHolderName": ""}, "998"),
        ({"CardNo": "4543600100000001"}, "402"),
        ({"ExpireDate": "12/20"}, "401"),
        ({"ExpireDate": "1235"}, "401"),
        ({"Cvv": "1"}, "400"),
    ],
)
def test_a_bad_card_form_is_refused_with_its_code(bank, shop, changes, code):
    form = {
        "ThreeDSessionId": shop.register()[1]["ThreeDSessionId"],
        "CardHolderName": "A",
        "CardNo": GOOD_CARD,
        "ExpireDate": "12/35",
        "Cvv": "000",
        **changes,
    }
    page = requests.post(f"{bank.url}{BASE}/ProcessCardForm", data=form, timeout=10)
    assert page.status_code == 200 and code in page.text
    assert "/hosted/" not in page.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hash": "x"}, 997),
        ({"apiUser": "x"}, 202),
        ({"clientId": 1}, 202),
        ({"clientId": 700655001}, 202),
        ({"timeSpan": "1"}, 998),
        ({"rnd": "x" * 25}, 998),
        ({"amount": "1250.40"}, 998),
        ({"amount": 1250.4}, 998),
        ({"amount": 0}, 998),
        ({"amount": None}, 998),
        ({"currency": 840}, 998),
        ({"orderId": "x" * 21}, 998),
        ({"callbackUrl": None}, 998),
        ({"installmentCount": 13}, 998),
        ({"isCommission": 1}, 250),
    ],
)
def test_a_bad_registration_is_refused_with_its_code(shop, changes, code):
    answer = shop.register(**changes)[1]
    assert answer["Code"] == code and "ThreeDSessionId" not in answer


@pytest.mark.parametrize("minutes", [-61, 61])
def test_a_request_of_another_hour_is_refused(shop, minutes):
    assert shop.send("inquiry", orderId="X", **shop.credentials(minutes))["Code"] == 998


def test_a_hash_is_good_for_one_request(bank, shop):
    once = shop.credentials()
    assert shop.send("inquiry", orderId="X", **once)["Code"] == 0
    assert shop.send("inquiry", orderId="X", **once)["Code"] == 997


def test_a_moved_clock_of_the_bank_does_not_make_requests_old(bank, shop):
    bank.post("clock", advance_seconds=3 * 3600)
    assert shop.status("X")["Code"] == 0


def test_a_paid_order_id_is_not_registered_again_nor_charged_twice(bank, shop):
    fields, other = shop.register()
    order_id, _answer = shop.pay(orderId=fields["orderId"])
    assert shop.register(orderId=order_id)[1]["Code"] == 999
    form = {"ThreeDSessionId": other["ThreeDSessionId"]}
    returned = bank.post("charge", family="tosla", fields=form)["fields"]
    assert returned["BankResponseCode"] == "94" and returned["RequestStatus"] == "0"
    assert shop.status(order_id)["RequestStatus"] == 1
    assert len(bank.get("charges")["charges"]) == 1


def test_a_decline_is_returned_and_told(bank, shop):
    order_id, answer = shop.pay(card="4543620500000006")
    returned = answer["fields"]
    assert (returned["MdStatus"], returned["BankResponseCode"]) == ("1", "51")
    assert returned["Hash"] == return_hash(returned)
    told = shop.status(order_id)
    assert (told["RequestStatus"], told["BankResponseCode"]) == (0, "51")
    assert shop.pay(orderId=order_id)[1]["charged"]


def test_a_failed_authentication_is_returned_with_md_0(shop):
    order_id, answer = shop.pay(fault="wrong_3d")
    returned = answer["fields"]
    assert (returned["MdStatus"], returned["BankResponseCode"]) == ("0", "MD:0")
    assert shop.status(order_id)["RequestStatus"] == 0


def test_an_unknown_order_has_code_0_and_an_empty_order_id(shop):
    told = shop.status("NEVER")
    assert (told["Code"], told["OrderId"], told["Amount"]) == (0, "", 0)


def test_a_registered_order_waits_for_3d(shop):
    fields, _session = shop.register(extraParameters="dealer 7")
    told = shop.status(fields["orderId"])
    assert (told["RequestStatus"], told["Amount"]) == (10, 125040)
    assert told["ExtraParameters"] == "dealer 7"


def test_a_sale_is_told_with_its_commission(bank, shop):
    order_id, _answer = shop.pay(installmentCount=6)
    told = shop.status(order_id)
    commission = commission_kurus(125040, 6)
    assert (told["RequestStatus"], told["TransactionType"]) == (1, 1)
    assert told["MerchantCommissionAmount"] == commission == 8240
    assert told["NetAmount"] == 125040 - commission
    assert told["MerchantCommissionRate"] == 6.59 and told["InstallmentCount"] == 6
    assert told["CardNo"] == "454360******0002" and told["ClientId"] == int(CLIENT)
    (charge,) = bank.get("charges")["charges"]
    assert told["AuthCode"] == charge["auth_code"]


def test_a_sale_is_voided_before_and_refunded_after_the_day_ends(bank, shop):
    order_id, _answer = shop.pay()
    assert shop.refund(order_id, 100)["Code"] == 100
    voided = shop.send("void", orderId=order_id)
    assert (voided["Code"], voided["BankResponseCode"]) == (0, "00")
    assert shop.send("void", orderId=order_id)["Code"] == 1
    assert shop.status(order_id)["RequestStatus"] == 2
    settled = shop.settled()
    assert shop.send("void", orderId=settled)["Code"] == 999
    assert shop.send("void", orderId="NEVER")["Code"] == 101


def test_partial_refunds_repeat_until_nothing_is_left(bank, shop):
    order_id = shop.settled()
    assert shop.refund(order_id, 100000)["Code"] == 0
    assert shop.status(order_id)["RequestStatus"] == 3
    assert shop.refund(order_id, 25041)["Code"] == 104
    assert shop.refund(order_id, 125041)["Code"] == 103
    assert shop.refund(order_id, "25040")["Code"] == 0
    assert shop.refund(order_id, 1)["Code"] == 104
    told = shop.status(order_id)
    assert (told["RequestStatus"], told["RefundedAmount"]) == (4, 125040)


def test_a_preauthorisation_is_captured_in_part_once(bank, shop):
    order_id, _answer = shop.pay("threeDPreAuth")
    assert shop.status(order_id)["TransactionType"] == 2

    def capture(amount):
        return shop.send("postAuth", orderId=order_id, amount=amount)["Code"]

    assert [capture(125041), capture(100000), capture(100000)] == [1, 0, 1]
    told = shop.status(order_id)
    assert (told["RequestStatus"], told["PostAuthedAmount"]) == (5, 100000)
    assert shop.send("void", orderId=order_id)["Code"] == 1
    bank.post("settle")
    assert shop.refund(order_id, 100000)["Code"] == 0
    other = shop.pay()[0]
    assert shop.send("postAuth", orderId=other, amount=1)["Code"] == 101


def test_the_day_is_listed_in_pages(shop):
    first, second = shop.pay()[0], shop.pay()[0]
    shop.send("void", orderId=first)
    listed = shop.day(pageSize=2)
    assert listed["Count"] == 3 and len(listed["Transactions"]) == 2
    assert len(shop.day(pageSize=2, page=2)["Transactions"]) == 1
    assert shop.day(transactionDate=20200101)["Count"] == 0
    types = {row["TransactionType"] for row in shop.day(orderId=first)["Transactions"]}
    assert types == {1, 4}
    assert shop.day(orderId=second)["Count"] == 1
    assert shop.day(pageSize=0)["Code"] == shop.day(page="x")["Code"] == 998


def test_installments_and_rates_of_a_card(shop):
    name = "GetCommissionAndInstallmentInfo"
    told = shop.send(name, bin=454360)
    assert told["CardName"] == "World" and told["CardClass"] == "Kredi Kartı"
    assert told["InstallmentInfo"]["T6"] == {"Rate": 6.59, "Constant": 0}
    assert shop.send(name, bin=454361)["InstallmentInfo"] == {}
    assert shop.send(name, bin=400000)["Code"] == 101
    assert shop.send(name, bin=1)["Code"] == 998


def test_a_sale_without_3d_is_not_permitted(shop):
    assert shop.send("Payment", orderId="X", amount=1)["Code"] == 250


@pytest.mark.parametrize("kind", SIGNATURE_FAULTS)
def test_each_signature_fault_spoils_the_return(bank, shop, kind):
    returned = shop.pay(fault=kind)[1]["fields"]
    assert returned.get("Hash") != return_hash(returned)
    signed = bank.post("sign", client_id=CLIENT, fields=returned)["fields"]
    assert signed["Hash"] == return_hash(signed)


def test_a_changed_amount_is_charged_and_told_by_the_inquiry(bank, shop):
    order_id, answer = shop.pay(amount=911351)
    assert answer["fields"]["Hash"] == return_hash(answer["fields"])
    assert shop.status(order_id)["Amount"] == 911451


@pytest.mark.parametrize("operation", ["register", "status", "refund", "day_list"])
@pytest.mark.parametrize("kind", ["api_drop", "api_500", "api_garbage"])
def test_each_call_may_fail(bank, shop, operation, kind):
    order_id = shop.settled()
    bank.post("fault", kind=kind, operation=operation, params={"executed": True})
    calls = {
        "register": shop.register,
        "status": lambda: shop.status(order_id),
        "refund": lambda: shop.refund(order_id, 100),
        "day_list": shop.day,
    }
    with pytest.raises((requests.RequestException, ValueError)):
        calls[operation]()
    refunded = bank.get("charges")["charges"][0]["refunded_kurus"]
    assert refunded == (100 if operation == "refund" else 0)
