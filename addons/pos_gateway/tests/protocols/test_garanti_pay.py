"""GarantiPay: the form, and that nothing but the bank's answer counts."""

from datetime import date

import pytest
from cases import garanti_pay as bank
from pos_gateway.protocols import FAMILIES, WALLETS, garanti, garanti_pay
from pos_gateway.protocols.answers import Result, differences
from pos_gateway.protocols.types import Operation, Secret
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

talk = Talk(
    garanti_pay,
    bank,
    key=bank.card.KEY,
    first_day=date(2026, 11, 1),
    last_day=date(2026, 11, 21),
)
built, verified, refusal = talk.built, talk.verified, talk.refusal
meaning, answered = talk.meaning, talk.answered

# --- the form -----------------------------------------------------------------------


def test_the_form_asks_for_the_wallet_and_has_no_card():
    fields = built()
    assert fields["secure3dsecuritylevel"] == "CUSTOM_PAY"
    assert (fields["txntype"], fields["txnsubtype"]) == ("gpdatarequest", "sales")
    assert fields["garantipay"] == "Y"
    assert fields["terminalprovuserid"] == fields["terminaluserid"] == "PROVOOS"
    assert fields["txnamount"] == "125040"
    assert not [name for name in fields if name.startswith("card")]
    assert not garanti_pay.build(bank.terminal(), bank.order()).card


def test_the_form_is_signed_as_the_gate_signs_with_the_wallets_type():
    assert built()["secure3dhash"] == bank.form_hash()
    assert bank.form_hash() != bank.form_hash(kind="sales")
    six = built(installment_count=6)
    assert six["txninstallmentcount"] == "6"
    assert six["secure3dhash"] == bank.form_hash(count="6")


def test_nothing_but_money_may_be_spent_in_the_app():
    flags = ("bnsuseflag", "fbbuseflag", "chequeuseflag", "mileuseflag")
    assert {built()[name] for name in flags} == {"N"}
    assert not [name for name in built() if name.startswith("installment")]


def test_the_app_waits_as_long_as_the_bank_takes():
    assert 60 <= int(built()["txntimeoutperiod"]) <= 300


def test_who_is_paid_and_the_random_text_are_told():
    fields = built(merchant_name="Örnek Dağıtım A.Ş.", email="bayi@ornek.example")
    assert fields["companyname"] == "Örnek Dağıtım A.Ş."
    assert fields["customeremailaddress"] == "bayi@ornek.example"
    assert fields["txntimestamp"] == bank.order().nonce
    assert "companyname" not in built()
    assert len(built(merchant_name="A" * 500)["companyname"]) == 100
    assert built(bank.terminal(sub_merchant_id="B17"))["submerchantid"] == "B17"


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 37},
        {"order_id": "A.1"},
        {"amount_kurus": 0},
        {"currency": "USD"},
        {"installment_count": 13},
        {"preauth": True},
        {"return_url": "javascript:alert(1)"},
        {"nonce": ""},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


def test_the_password_of_the_page_is_needed():
    needed = {one.name: one.required for one in garanti_pay.TRAITS.credentials}
    assert needed["page_password"]
    with pytest.raises(ValueError, match="PROVOOS"):
        built(bank.terminal(page_password=Secret("")))
    with pytest.raises(ValueError, match="store key"):
        built(bank.terminal(store_key=Secret("")))


# --- what comes back ----------------------------------------------------------------


def is_a_question(outcome):
    return (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )


def test_a_signed_return_only_leads_to_an_inquiry_whatever_it_says():
    assert verified(bank.genuine()).by == "signature"
    paid = meaning(bank.genuine())
    assert is_a_question(paid)
    assert not differences(bank.order(), paid)
    for changes in (
        {},
        {"mdstatus": "0", "procreturncode": "", "response": ""},
        {"mdstatus": "7", "procreturncode": "99", "response": "Error"},
    ):
        assert is_a_question(meaning(bank.declined(**changes))), changes
    assert meaning(bank.declined()).reason == "limit"


def test_a_notice_that_nobody_signed_only_leads_to_an_inquiry():
    proven = verified(bank.notice())
    assert proven.by == "nothing"
    outcome = garanti_pay.parse(bank.terminal(), proven)
    assert is_a_question(outcome)
    refused = bank.notice(response="Declined", procreturncode="05", authcode="")
    assert is_a_question(meaning(refused))


def test_another_notice_is_another_message_and_its_repetition_is_not():
    first = verified(bank.notice())
    assert verified(reversed(bank.notice())).identity == first.identity
    assert verified(bank.notice(response="Declined")).identity != first.identity
    moved = bank.notice(authcode="304917x", hostrefnum="632500310011")
    assert verified(moved).identity != first.identity


def test_what_an_unsigned_notice_says_of_the_payment_is_not_kept():
    outcome = meaning(bank.notice(errmsg="Kart 4543600100000002", txnamount="1"))
    assert outcome.amount_kurus is None
    assert not (outcome.authorisation_code or outcome.host_reference)
    assert not (outcome.bank_message or outcome.bank_code or outcome.reason)


@pytest.mark.parametrize(
    "change",
    [
        {"hash": ""},
        {"hash": None},
        {"hashparams": None},
        {"hash": "0" * 128},
        {"mdstatus": "2"},
        {"response": "Declined"},
        {"authcode": "304918"},
    ],
    ids=str,
)
def test_a_signature_that_is_there_must_fit(change):
    fields = {**dict(bank.genuine()), **change}
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


def test_the_list_of_signed_fields_is_ours():
    fields = dict(bank.genuine()) | {"hashparams": "rnd:"}
    fields["hash"] = bank.sha("sha512", fields["rnd"] + bank.STORE_KEY)
    assert refusal(fields.items()) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"oid": "PGBASKASIPARIS"}, "order"),
        ({"oid": None, "orderid": None}, "order"),
        ({"oid": "", "orderid": "PGBASKASIPARIS"}, "order"),
        ({"terminalid": "30990018"}, "merchant"),
        ({"clientid": "30990018"}, "merchant"),
        ({"terminalmerchantid": "7009918"}, "merchant"),
        ({"secure3dhash": "0" * 128}, "form"),
        ({"secure3dhash": ""}, "form"),
    ],
    ids=str,
)
def test_a_notice_of_something_else_is_refused(changes, reason):
    assert refusal(bank.notice(**changes)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clientid": "30990018"}, "merchant"),
        ({"clientid": ""}, "merchant"),
        ({"oid": "PGBASKASIPARIS"}, "order"),
        ({"secure3dhash": bank.form_hash(amount="100")}, "form"),
        ({"secure3dhash": bank.form_hash(kind="sales")}, "form"),
        ({"eci": None}, "required"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_a_return_of_the_card_does_not_answer_the_wallet_nor_the_reverse():
    of_card = bank.card.genuine()
    assert refusal(of_card) == "form"
    assert Talk(garanti, bank).refusal(bank.genuine()) == "form"


# --- the bank's answer --------------------------------------------------------------


def test_the_inquiry_books():
    outcome = answered(Operation.INQUIRY, bank.inquired())
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)


def test_another_amount_or_number_of_installments_shows():
    less = answered(Operation.INQUIRY, bank.inquired({"AuthAmount": "100000"}))
    assert differences(bank.order(), less) == ("amount",)
    spread = answered(Operation.INQUIRY, bank.inquired({"InstallmentCnt": "3"}))
    assert differences(bank.order(), spread) == ("installment_count",)


@pytest.mark.parametrize("status", ["WAITING", "PENDING", "WAITINGAPPROVAL", "", "?"])
def test_a_payment_that_waits_for_the_app_is_unresolved(status):
    book = {"Status": status, "AuthCode": "", "AuthAmount": "0"}
    outcome = answered(Operation.INQUIRY, bank.inquired(book))
    assert outcome.result is Result.UNRESOLVED


def test_an_order_that_the_bank_does_not_know_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND


def test_it_is_asked_and_given_back_as_a_card_payment_is():
    terminal, order = bank.terminal(), bank.order()
    for operation in garanti_pay.TRAITS.operations:
        call = talk.call_of(operation)
        ours = garanti_pay.ask(terminal, order, call)
        assert ours.body == garanti.ask(terminal, order, call).body
    refund = garanti_pay.ask(terminal, order, talk.call_of(Operation.REFUND))
    fields = flatten(parse_xml(refund.body))[0]
    assert fields["Terminal.ProvUserID"] == "PROVRFN"


def test_money_is_not_reserved_with_the_wallet():
    with pytest.raises(ValueError, match="not offer"):
        garanti_pay.ask(bank.terminal(), bank.order(), talk.call_of(Operation.CAPTURE))


def test_the_bank_of_a_wallet_is_of_another_family():
    assert {*WALLETS} == {"garanti_pay"}
    assert FAMILIES[garanti.TRAITS.wallet] is garanti_pay
