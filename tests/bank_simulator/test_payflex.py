"""PayFlex of VakıfBank: registration, common payment page, VPOS and search."""

import re
from html import unescape
from itertools import count

import pytest
import requests
from lxml import etree

from .conftest import GOOD_CARD
from .payflex.hashing import compute_hash
from .test_simulator import result_of, send_card, send_code

MERCHANT = {"HostMerchantId": "000100000099001", "HostTerminalId": "VP900001"}
PASSWORD = "SimVakif.1"
SECOND = {
    "HostMerchantId": "000100000099002",
    "HostTerminalId": "VP900002",
    "MerchantPassword": "SimVakif.2",
}
REGISTER = "/CommonPayment/api/RegisterTransaction"
QUERY = "/CommonPayment/api/VposTransaction"
_numbers = count(1)


def tree(element):
    """Return an XML answer as nested dicts, a repeated element as the last one."""
    if not len(element):
        return element.text or ""
    return {child.tag: tree(child) for child in element}


def registration(bank, **changes):
    fields = {
        **MERCHANT,
        "MerchantPassword": PASSWORD,
        "TransactionType": "Sale",
        "AmountCode": "949",
        "Amount": "1250.40",
        "OrderID": f"VKF-{next(_numbers)}",
        "IsSecure": "true",
        "AllowNotEnrolledCard": "false",
        "SuccessUrl": f"{bank.merchant.url}/return",
        "FailUrl": f"{bank.merchant.url}/return?failed=1",
        "RequestLanguage": "en-US",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def post_form(bank, path, fields):
    answer = requests.post(bank.url + path, data=fields, timeout=10)
    answer.raise_for_status()
    return tree(etree.fromstring(answer.content))


def register(bank, **changes):
    return post_form(bank, REGISTER, registration(bank, **changes))


def open_page(bank, registered):
    token = {"Ptkn": registered["PaymentToken"]}
    return requests.get(registered["CommonPaymentUrl"], params=token, timeout=10)


def get_result_of(page):
    """Return target and fields of a result page that returns with GET."""
    form = re.search(r'<form id="result" method="get" action="([^"]*)"', page.text)
    pairs = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text
    )
    return unescape(form[1]), {name: unescape(value) for name, value in pairs}


def query(bank, message, **changes):
    fields = {
        "HostMerchantId": MERCHANT["HostMerchantId"],
        "Password": PASSWORD,
        "TransactionId": message["TransactionId"],
        "PaymentToken": message["PaymentToken"],
        **changes,
    }
    return post_form(bank, QUERY, fields)


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = registration(bank, **changes)
    body = {"fields": fields, "card_number": card_number, "fault": fault}
    url = f"{bank.control_url}/charge"
    answer = requests.post(url, json={**body, "family": "payflex"}, timeout=10)
    return fields, answer.json()


def sale(bank, **changes):
    """Pay; return order id and transaction id."""
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["OrderID"], answer["fields"]["TransactionId"]


def settled_sale(bank, **changes):
    ids = sale(bank, **changes)
    bank.post("settle")
    return ids


def xml(root_name, content):
    root = etree.Element(root_name)
    for name, value in content.items():
        element = etree.SubElement(root, name)
        if isinstance(value, dict):
            for inner, text in value.items():
                etree.SubElement(element, inner).text = text
        else:
            element.text = value
    return etree.tostring(root, encoding="unicode")


def vpos(bank, operation, reference="", **changes):
    content = {
        "MerchantId": MERCHANT["HostMerchantId"],
        "Password": PASSWORD,
        "TransactionType": operation,
        "ReferenceTransactionId": reference,
        "ClientIp": "203.0.113.7",
        **changes,
    }
    content = {name: value for name, value in content.items() if value is not None}
    fields = {"prmstr": xml("VposRequest", content)}
    return post_form(bank, "/virtualPos/Vposreq", fields)


def refund(bank, reference, amount, **changes):
    return vpos(bank, "Refund", reference, CurrencyAmount=amount, **changes)


def search(bank, password=PASSWORD, dates=None, **criteria):
    content = {
        "MerchantCriteria": {
            "HostMerchantId": MERCHANT["HostMerchantId"],
            "MerchantPassword": password,
        },
        "TransactionCriteria": {"TransactionId": "", "OrderId": "", **criteria},
    }
    if dates:
        content["DateCriteria"] = dates
    fields = {"prmstr": xml("SearchRequest", content)}
    return post_form(bank, "/virtualPos/Search", fields)


def found(bank, **criteria):
    answer = search(bank, **criteria)
    return answer["TransactionSearchResultInfo"]["TransactionSearchResultInfo"]


def test_the_hash_is_that_of_a_synthetic_example():
    fields = {
        "HostMerchantId": "000000000999999",
        "AmountCode": "949",
        "Amount": "1250.40",
    }
    assert compute_hash(fields, "Vk1Parola") == "q2pz1eZ5Qb3gsk49cm+UNyyRUBQ="


@pytest.mark.parametrize("installments", [None, "6"])
def test_a_registered_payment_returns_unsigned_and_is_proved_by_the_query(
    bank, installments
):
    registered = register(bank, InstallmentCount=installments)
    assert registered["ErrorCode"] == ""
    page = open_page(bank, registered)
    target, message = get_result_of(send_code(bank, send_card(bank, page)))
    assert target == f"{bank.merchant.url}/return"
    assert message["Rc"] == "0000"
    assert message["PaymentToken"] == registered["PaymentToken"]
    proof = query(bank, message)
    assert proof["Rc"] == "0000" and proof["Amount"] == "1250,40"
    assert proof["InstallmentCount"] == (installments or "")
    (charge,) = bank.get("charges")["charges"]
    assert charge["trans_id"] == message["TransactionId"]
    assert charge["auth_code"] == proof["AuthCode"]
    assert charge["installments"] == int(installments or 0)


def test_the_failed_return_keeps_the_query_of_the_address(bank):
    page = open_page(bank, register(bank))
    page = send_card(bank, page, "4543620500000006")
    message = get_result_of(send_code(bank, page))[1]
    assert message["failed"] == "1" and message["Rc"] == "0051"
    assert query(bank, message)["ErrorCode"] == "0051"


def test_the_bank_delivers_with_get(bank):
    fields, answer = pay(bank)
    assert answer["method"] == "GET"
    bank.post(f"deliver/{fields['OrderID']}")
    path, received, _headers = bank.merchant.received[0]
    assert path == "/return" and received == answer["fields"]


def test_the_second_terminal_returns_with_post_and_a_dot(bank):
    page = open_page(bank, register(bank, **SECOND))
    message = result_of(send_code(bank, send_card(bank, page)))[1]
    changes = {"HostMerchantId": SECOND["HostMerchantId"], "Password": "SimVakif.2"}
    assert query(bank, message, **changes)["Amount"] == "1250.40"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HostMerchantId": "1"}, "9065"),
        ({"MerchantPassword": "x"}, "5001"),
        ({"HostTerminalId": "VP1"}, "5001"),
        ({"HashedData": "x"}, "5001"),
        ({"Amount": "1.250,40"}, "1047"),
        ({"Amount": "0.00"}, "1047"),
        ({"AmountCode": "TRY"}, "1077"),
        ({"OrderID": "x" * 41}, "1078"),
        ({"TransactionType": "Satis"}, "1082"),
        ({"InstallmentCount": "1"}, "1060"),
        ({"InstallmentCount": "2", "AmountCode": "840"}, "0501"),
        ({"IsSecure": "false"}, "1111"),
        ({"SuccessUrl": None}, "SIM-FIELD"),
        ({"Pan": GOOD_CARD}, "SIM-FIELD"),
    ],
)
def test_a_bad_registration_gets_no_token(bank, changes, code):
    answer = register(bank, **changes)
    assert answer["ErrorCode"] == code and answer["PaymentToken"] == ""
    assert bank.get("log")["log"][-1]["verdict"] == "refused"


def test_a_genuine_hash_and_other_spellings_are_accepted(bank):
    fields = registration(bank)
    fields["HashedData"] = compute_hash(fields, PASSWORD)
    fields["SUCCESSURL"] = fields.pop("SuccessUrl")
    assert post_form(bank, REGISTER, fields)["PaymentToken"]


def test_a_paid_order_or_a_used_transaction_id_is_refused(bank):
    order_id, transaction_id = sale(bank, TransactionId="T-1")
    assert transaction_id == "T-1"
    assert register(bank, OrderID=order_id)["ErrorCode"] == "1061"
    assert register(bank, TransactionId="T-1")["ErrorCode"] == "1006"


def test_an_unknown_token_has_no_page(bank):
    url = bank.url + "/CommonPayment/SecurePayment"
    assert requests.get(url, params={"Ptkn": "0" * 32}, timeout=10).status_code == 404


def test_the_query_needs_password_token_and_transaction_id(bank):
    message = pay(bank)[1]["fields"]
    for changes, code in (
        ({"Password": "x"}, "5001"),
        ({"HostMerchantId": "1"}, "9065"),
        ({"PaymentToken": "0" * 32}, "SIM-TOKEN"),
        ({"TransactionId": "0"}, "SIM-TOKEN"),
    ):
        answer = query(bank, message, **changes)
        assert answer["ErrorCode"] == code and "AuthCode" not in answer


def test_the_query_of_an_open_payment_knows_no_result(bank):
    registered = register(bank, TransactionId="T-2")
    message = {"TransactionId": "T-2", "PaymentToken": registered["PaymentToken"]}
    answer = query(bank, message)
    assert (answer["Rc"], answer["ErrorCode"]) == ("", "SIM-OPEN")


@pytest.mark.parametrize("fault", ["wrong_3d", "cancel"])
def test_nothing_is_charged_without_authentication(bank, fault):
    fields, answer = pay(bank, fault=fault)
    assert answer["fields"]["Rc"] == "0400" and not answer["charged"]
    assert query(bank, answer["fields"])["ErrorCode"] == "0400"
    assert search(bank, OrderId=fields["OrderID"])["TotalItemCount"] == "0"


def test_three_wrong_codes_end_without_a_charge(bank):
    page = send_card(bank, open_page(bank, register(bank)))
    for _n in range(3):
        page = send_code(bank, page, "000000")
    assert get_result_of(page)[1]["Rc"] == "0400"


def test_a_changed_amount_shows_only_in_the_query(bank):
    message = pay(bank, fault="changed_amount")[1]["fields"]
    assert "Amount" not in message
    assert query(bank, message)["Amount"] == "1251,40"


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
