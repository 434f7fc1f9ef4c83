"""BOA of Vakıf Katılım: 3-D model, hosted page, pre-authorisation and the rest."""

import pytest
import requests

from .boa_merchant import (
    CARD,
    KATILIM,
    PASSWORDS,
    answer_hash,
    charge,
    katilim,
    katilim_message,
    katilim_sale,
    pay_gate,
    provision,
    sha1,
    through_the_page,
)
from .conftest import GOOD_CARD
from .test_simulator import result_of, send_card, send_code

MERCHANT = KATILIM["MerchantId"]
HOSTED = "/VirtualPOS.Gateway/CommonPaymentPage/CommonPaymentPage"
SECOND = {"MerchantId": "59102", "CustomerId": "405102", "UserName": "simkatilim2"}


def hosted_form(bank, **changes):
    message = katilim_message(bank)
    names = ("UserName", "HashPassword", "MerchantId", "MerchantOrderId", "Amount")
    names += ("FECCurrencyCode", "OkUrl", "FailUrl", "InstallmentCount")
    fields = {name: message[name] for name in names}
    return {**fields, "PaymentType": "1", **changes}


def preauthorise(bank, order_id, **changes):
    card = {name: value for name, value in CARD.items() if name != "CardType"}
    return katilim(
        bank,
        "PreAuthorizaten",
        order_id,
        **{
            "TransactionSecurity": "5",
            "InstallmentCount": "0",
            "Amount": "125040",
            "CurrencyCode": "0949",
            "FECCurrencyCode": "0949",
            **card,
            **changes,
        },
    )


def status(bank, order_id, **changes):
    answer = katilim(bank, "SelectOrderByMerchantOrderId", order_id, **changes)
    assert answer["ResponseCode"] == "00"
    return answer["VPosOrderData"]["OrderContract"]


def about(sale):
    return {"order_id": sale["MerchantOrderId"], "OrderId": sale["OrderId"]}


def settled_sale(bank, **changes):
    sale = katilim_sale(bank, **changes)
    bank.post("settle")
    return sale


@pytest.mark.parametrize("installments", ["0", "6"])
def test_money_moves_only_with_the_provision(bank, installments):
    fields = katilim_message(bank, InstallmentCount=installments)
    target, message = through_the_page(bank, fields)
    assert target == fields["OkUrl"] and message["ResponseCode"] == "00"
    assert message["RRN"] == message["ProvisionNumber"] == ""
    assert message["HashData"] == answer_hash(message, MERCHANT)
    assert not bank.get("charges")["charges"]
    answer = provision(bank, fields, message["MD"])
    assert answer["ResponseCode"] == "00"
    assert answer["HashData"] == answer_hash(answer, MERCHANT)
    assert answer["VPosMessage"]["HashPassword"] == sha1(PASSWORDS[MERCHANT])
    assert len(bank.get("charges")["charges"]) == 1


def test_a_bad_message_returns_its_code_as_plain_fields(bank):
    fields = katilim_message(bank, HashData="x")
    target, message = pay_gate(bank, fields)
    assert target == fields["FailUrl"]
    assert message["ResponseCode"] == "HashDataError" and message["HashData"] == ""
    other = katilim_message(bank, HashPassword="x")
    assert pay_gate(bank, other)[1]["ResponseCode"] == "MerchantNotDefined"


def test_a_failed_authentication_is_signed(bank):
    message = charge(bank, katilim_message(bank), fault="wrong_3d")["fields"]
    assert message["ResponseCode"] == "MPIAuthenticationStatusN"
    assert message["HashData"] == answer_hash(message, MERCHANT)


@pytest.mark.parametrize("kind", ["forged_hash", "empty_hash", "truncated_hash"])
def test_a_spoilt_hash_is_not_the_genuine_one(bank, kind):
    message = charge(bank, katilim_message(bank), fault=kind)["fields"]
    assert message["HashData"] != answer_hash(message, MERCHANT)
    assert (
        "HashData"
        not in charge(bank, hosted_form(bank), fault="missing_hash")["fields"]
    )


@pytest.mark.parametrize("installments", ["0", "6"])
def test_the_hosted_page_charges_by_itself(bank, installments):
    fields = hosted_form(bank, InstallmentCount=installments)
    page = requests.post(bank.url + HOSTED, data=fields, timeout=10)
    target, message = result_of(send_code(bank, send_card(bank, page)))
    assert target == fields["OkUrl"] and message["ResponseCode"] == "00"
    assert message["HashData"] == answer_hash(message, MERCHANT)
    (row,) = bank.get("charges")["charges"]
    assert (row["auth_code"], row["host_ref"]) == (
        message["ProvisionNumber"],
        message["RRN"],
    )
    assert row["installments"] == int(installments)
    found = status(bank, fields["MerchantOrderId"])
    assert found["OrderId"] == message["OrderId"]


def test_a_hosted_decline_goes_to_the_fail_address(bank):
    fields = hosted_form(bank)
    answer = charge(bank, fields, card_number="4543620500000006")
    assert answer["target"] == fields["FailUrl"]
    assert answer["fields"]["ResponseCode"] == "51"
    assert answer["fields"]["HashData"] == answer_hash(answer["fields"], MERCHANT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HashPassword": "x"}, "MerchantNotDefined"),
        ({"UserName": "x"}, "MerchantNotDefined"),
        ({"MerchantId": "1"}, "MerchantNotDefined"),
        ({"Amount": "1250.40"}, "InvalidRequestError"),
        ({"FECCurrencyCode": "949"}, "InvalidRequestError"),
        ({"PaymentType": ""}, "InvalidRequestError"),
        ({"OkUrl": "x"}, "InvalidRequestError"),
    ],
)
def test_a_bad_hosted_form_is_refused(bank, changes, code):
    fields = hosted_form(bank, **changes)
    page = requests.post(bank.url + HOSTED, data=fields, timeout=10)
    assert page.status_code == 200 and code in page.text


def test_a_sale_without_3d_is_refused(bank):
    answer = katilim(bank, "Non3DPayGate", "X")
    assert answer["ResponseCode"] == "InvalidTransactionSecurity"


def test_a_wrong_hash_learns_nothing(bank):
    sale = katilim_sale(bank)
    answer = katilim(
        bank, "SelectOrderByMerchantOrderId", sale["MerchantOrderId"], HashData="x"
    )
    assert answer["ResponseCode"] == "HashDataError" and answer["VPosOrderData"] == ""


def test_an_unknown_order_is_not_found(bank):
    answer = katilim(bank, "SelectOrderByMerchantOrderId", "NEVER")
    assert answer["ResponseCode"] == "NonResult" and answer["VPosOrderData"] == ""
    answer = katilim(bank, "SaleReversal", "NEVER", OrderId="1")
    assert answer["ResponseCode"] == "OrderDataNotFound"


def test_the_second_terminal_has_another_code_and_a_wrong_declaration(bank):
    url = f"{bank.url}/VirtualPOS.Gateway/Home/SelectOrderByMerchantOrderId"
    text = f"{SECOND['MerchantId']}NEVER{SECOND['UserName']}"
    claimed = sha1(text + sha1(PASSWORDS[SECOND["MerchantId"]]))
    body = (
        f"<VPosMessageContract><MerchantId>{SECOND['MerchantId']}</MerchantId>"
        f"<UserName>{SECOND['UserName']}</UserName>"
        "<MerchantOrderId>NEVER</MerchantOrderId>"
        f"<HashData>{claimed}</HashData></VPosMessageContract>"
    )
    answer = requests.post(url, data=body, timeout=10)
    assert b"utf-16" in answer.content[:60]
    assert "<ResponseCode>OrderDataNotFound" in answer.content.decode("utf-8")


def test_a_sale_is_voided_once_before_settlement(bank):
    sale = katilim_sale(bank)
    answer = katilim(bank, "SaleReversal", **about(sale), Amount="125040")
    assert answer["ResponseCode"] == "00" and "HashData" not in answer
    found = status(bank, sale["MerchantOrderId"])
    assert found["LastOrderStatus"] == "6" and found["CancelAmount"] == "1250.40"
    assert katilim(bank, "SaleReversal", **about(sale))["ResponseCode"] == "21"
    assert katilim(bank, "DrawBack", **about(sale))["ResponseCode"] == "28"


def test_a_settled_sale_is_not_voided_and_an_open_one_not_refunded(bank):
    settled, still_open = settled_sale(bank), katilim_sale(bank)
    for operation, sale, amount in (
        ("SaleReversal", settled, "125040"),
        ("DrawBack", still_open, "125040"),
        ("PartialDrawBack", still_open, "100"),
    ):
        answer = katilim(bank, operation, **about(sale), Amount=amount)
        assert answer["ResponseCode"] == "DbLayerError"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    sale = settled_sale(bank)
    for amount, code in (
        ("100000", "00"),
        ("25041", "DbLayerError"),
        ("25040", "00"),
        ("1", "DbLayerError"),
    ):
        answer = katilim(bank, "PartialDrawBack", **about(sale), Amount=amount)
        assert answer["ResponseCode"] == code
    found = status(bank, sale["MerchantOrderId"])
    assert (found["LastOrderStatus"], found["DrawbackAmount"]) == ("4", "1250.40")


def test_a_whole_refund_needs_no_amount(bank):
    sale = settled_sale(bank)
    assert katilim(bank, "DrawBack", **about(sale))["ResponseCode"] == "00"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


def test_a_preauthorisation_is_captured_once_in_part_and_refunded(bank):
    held = preauthorise(bank, "PRE-1")
    assert held["ResponseCode"] == "00"
    assert held["HashData"] == answer_hash(held, MERCHANT)
    assert status(bank, "PRE-1")["LastOrderStatus"] == "2"

    def close(amount):
        answer = katilim(bank, "PreAuthorizatenClose", **about(held), Amount=amount)
        return answer["ResponseCode"]

    assert close("125041") == "DbLayerError"
    assert close("100000") == "00"
    found = status(bank, "PRE-1")
    assert (found["LastOrderStatus"], found["ClosedAmount"]) == ("1", "1000.00")
    assert close("1") == "DbLayerError"
    bank.post("settle")
    answer = katilim(bank, "PreAuthorizationDrawBack", **about(held))
    assert answer["ResponseCode"] == "00"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 100000


def test_a_preauthorisation_is_voided_with_its_own_operation(bank):
    held = preauthorise(bank, "PRE-2")
    answer = katilim(bank, "SaleReversal", **about(held))
    assert answer["ResponseCode"] == "OrderDataNotFound"
    answer = katilim(bank, "PreAuthorizationReversal", **about(held))
    assert answer["ResponseCode"] == "00"
    assert status(bank, "PRE-2")["LastOrderStatus"] == "6"


def test_a_declined_preauthorisation_holds_nothing(bank):
    answer = preauthorise(bank, "PRE-3", CardNumber="4543620500000006")
    assert answer["ResponseCode"] == "51"
    assert status(bank, "PRE-3")["TransactionStatus"] == "2"
    assert GOOD_CARD not in str(bank.get("log"))


def test_the_history_of_a_period_is_newest_first(bank):
    sale = katilim_sale(bank)
    katilim(bank, "SaleReversal", **about(sale))
    period = {"StartDate": "2020-01-01", "EndDate": "2099-01-01"}
    answer = katilim(bank, "SelectOrder", LowerLimit="0", UpperLimit="10", **period)
    rows = answer["VPosOrderData"]["OrderContract"]
    assert [row["OrderStatus"] for row in rows] == ["6", "1"]
    wanted = {"ProvNumber": sale["ProvisionNumber"]}
    assert katilim(bank, "SelectOrder", **period, **wanted)["ResponseCode"] == "00"
    wanted = {"ProvNumber": "999999x"}
    answer = katilim(bank, "SelectOrder", **period, **wanted)
    assert answer["ResponseCode"] == "NonResult"
    assert katilim(bank, "SelectOrder")["ResponseCode"] == "InvalidRequestError"


def test_an_unknown_operation_has_no_address(bank):
    with pytest.raises(requests.HTTPError):
        katilim(bank, "Anything")
