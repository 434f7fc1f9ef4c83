"""The CC5 XML API: credentials, status, history, capture, void, refund."""

import pytest
import requests


def sale(bank, **changes):
    fields, answer = bank.pay(**changes)
    assert answer["charged"]
    return fields["oid"]


def settled_sale(bank, **changes):
    oid = sale(bank, **changes)
    assert bank.post("settle")["settled"] == 1
    return oid


def refund(bank, oid, total, currency="949"):
    return bank.api(oid, Type="Credit", Total=total, Currency=currency)


@pytest.mark.parametrize(
    "changes", [{"Password": "x"}, {"Name": "x"}, {"ClientId": "1"}]
)
def test_wrong_credentials_learn_nothing(bank, changes):
    oid = sale(bank)
    answer = bank.status(oid, **changes)
    assert answer["ERRORCODE"] == "CORE-2201" and "AUTH_CODE" not in answer


def test_a_sale_without_3d_is_not_permitted(bank):
    assert bank.api("X", Type="Auth", Total="1")["ERRORCODE"] == "CORE-2202"


@pytest.mark.parametrize("form", [False, True])
def test_the_request_comes_raw_or_as_form_field(bank, form):
    assert bank.status(sale(bank), form=form)["Response"] == "Approved"


def test_the_status_of_a_sale_is_in_kurus(bank):
    oid = sale(bank)
    charge = bank.get(f"orders/{oid}")["charge"]
    answer = bank.status(oid)
    assert answer["Response"] == "Approved" and answer["ProcReturnCode"] == "00"
    assert answer["ORD_ID"] == answer["OrderId"] == oid
    assert answer["ORIG_TRANS_AMT"] == answer["CAPTURE_AMT"] == "125040"
    assert answer["CHARGE_TYPE_CD"] == "S" and answer["TRANS_STAT"] == "S"
    assert answer["AUTH_CODE"] == charge["auth_code"]
    assert answer["HOST_REF_NUM"] == charge["host_ref"]
    assert answer["PAN"] == "4543 60** **** 0002"
    assert f"TRANS_ID:{charge['trans_id']}" in answer["ORDERSTATUS"].split("\t")
    bank.post("settle")
    assert bank.status(oid)["TRANS_STAT"] == "C"


def test_an_unknown_order_is_not_found(bank):
    answer = bank.status("NEVER")
    assert answer["Response"] == "Declined" and answer["ProcReturnCode"] == "99"
    assert answer["OrderId"] == ""


def test_a_declined_order_is_found_and_declined(bank):
    fields, _answer = bank.pay("4543620500000006")
    answer = bank.status(fields["oid"])
    assert answer["OrderId"] == fields["oid"] and answer["TRANS_STAT"] == "D"
    assert answer["Response"] == "Declined" and answer["PROC_RET_CD"] == "51"


def test_a_sale_is_voided_once_before_settlement(bank):
    oid = sale(bank)
    assert bank.api(oid, Type="Void")["ProcReturnCode"] == "00"
    answer = bank.status(oid)
    assert answer["TRANS_STAT"] == "V" and answer["VOID_DTTM"]
    assert bank.api(oid, Type="Void")["ERRORCODE"] == "CORE-2008"


def test_a_settled_sale_is_not_voided(bank):
    oid = settled_sale(bank)
    assert bank.api(oid, Type="Void")["ERRORCODE"] == "CORE-2008"


def test_a_declined_sale_is_not_voided(bank):
    oid = bank.pay("4543620500000006")[0]["oid"]
    assert bank.api(oid, Type="Void")["ERRORCODE"] == "CORE-2120"


def test_a_sale_is_not_refunded_before_settlement(bank):
    assert refund(bank, sale(bank), "1.00")["ERRORCODE"] == "CORE-2508"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    oid = settled_sale(bank)
    assert refund(bank, oid, "1000.00")["Response"] == "Approved"
    assert refund(bank, oid, "250.41")["ERRORCODE"] == "CORE-2503"
    assert refund(bank, oid, "250.40")["Response"] == "Approved"
    assert refund(bank, oid, "0.01")["ERRORCODE"] == "CORE-2504"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040
    history = bank.api(oid, extra={"ORDERHISTORY": "QUERY"})
    rows = [history[f"TRX{n}"].split("\t") for n in range(1, 6)]
    assert [(row[0], row[1]) for row in rows] == [
        ("C", "D"),
        ("C", "S"),
        ("C", "D"),
        ("C", "S"),
        ("S", "C"),
    ]
    assert bank.status(oid)["CHARGE_TYPE_CD"] == "C"


def test_refund_amount_and_currency_must_fit(bank):
    oid = settled_sale(bank)
    assert refund(bank, oid, "1.00", "840")["ERRORCODE"] == "CORE-2119"
    assert refund(bank, oid, "0")["ERRORCODE"] == "CORE-2009"
    assert refund(bank, oid, "1,00")["ERRORCODE"] == "CORE-1012"
    assert refund(bank, "NEVER", "1.00")["ERRORCODE"] == "CORE-2117"


def test_a_refund_of_today_is_voided_and_several_need_a_transaction_id(bank):
    oid = settled_sale(bank)
    first = refund(bank, oid, "1.00")["TransId"]
    refund(bank, oid, "2.00")
    assert bank.api(oid, Type="Void")["ERRORCODE"] == "CORE-2133"
    assert bank.api(oid, Type="Void", TransId=first)["Response"] == "Approved"
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 200


def test_a_preauthorisation_is_captured_once_in_part(bank):
    oid = sale(bank, TranType="PreAuth")
    assert bank.status(oid)["TRANS_STAT"] == "A"
    assert bank.status(oid)["CAPTURE_AMT"] == ""
    bank.post("settle")
    part = {"Type": "PostAuth", "Total": "1000.00"}
    assert bank.api(oid, **part)["ERRORCODE"] == "CORE-2509"
    above = bank.api(oid, Type="PostAuth", Total="1250.41")
    assert above["ERRORCODE"] == "CORE-2505"
    done = bank.api(oid, extra={"PREAMT": "1250.40"}, **part)
    assert done["Response"] == "Approved"
    assert bank.status(oid)["CAPTURE_AMT"] == "100000"
    assert bank.api(oid, Type="PostAuth")["ERRORCODE"] == "CORE-2506"
    bank.post("settle")
    assert refund(bank, oid, "1000.01")["ERRORCODE"] == "CORE-2503"
    assert refund(bank, oid, "1000.00")["Response"] == "Approved"


def test_only_a_living_preauthorisation_is_captured(bank):
    assert bank.api("NEVER", Type="PostAuth")["ERRORCODE"] == "CORE-2116"
    assert bank.api(sale(bank), Type="PostAuth")["ERRORCODE"] == "CORE-2115"
    voided, late = (sale(bank, TranType="PreAuth") for _n in range(2))
    bank.api(voided, Type="Void")
    assert bank.api(voided, Type="PostAuth")["ERRORCODE"] == "CORE-2122"
    assert refund(bank, late, "1.00")["ERRORCODE"] == "CORE-2117"
    bank.post("clock", advance_seconds=16 * 86400)
    assert bank.api(late, Type="PostAuth")["ERRORCODE"] == "CORE-2513"


def test_a_test_mode_request_is_answered_but_not_booked(bank):
    oid = sale(bank)
    assert bank.api(oid, Type="Void", Mode="T")["Response"] == "Approved"
    assert bank.status(oid)["TRANS_STAT"] == "S"


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><CC5Request/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><CC5Request/>'.encode(
            "utf-16"
        ),
        b"<CC5Request>",
        b"<Other/>",
        b"nothing",
        b"<CC5Request><OrderId>a</OrderId><OrderId>b</OrderId></CC5Request>",
    ],
)
def test_xml_that_is_no_plain_request_is_refused(bank, raw):
    answer = bank.api(raw=raw)
    assert answer["Response"] == "Error" and answer["ProcReturnCode"] == "99"
    assert bank.get("log")["log"][-1]["operation"] == "xml"


def test_an_answer_is_declared_and_encoded_as_iso_8859_9(bank):
    order_id = "Sipariş-ğ"
    body = (
        '<?xml version="1.0" encoding="ISO-8859-9"?><CC5Request><Name>simapi</Name>'
        "<Password>SimApi.Pass-1</Password><ClientId>700655001</ClientId>"
        f"<OrderId>{order_id}</OrderId><Extra><ORDERSTATUS>QUERY</ORDERSTATUS></Extra>"
        "</CC5Request>"
    ).encode("iso-8859-9")
    url = f"{bank.url}/fim/api"
    for data in (body, {"DATA": body}):
        answer = requests.post(url, data=data, timeout=10).content
        assert b"ISO-8859-9" in answer[:60]
        assert f"No record found for {order_id}".encode("iso-8859-9") in answer
