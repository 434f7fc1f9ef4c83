"""What the bank's words mean: the whole table, cell by cell."""

from itertools import product

import pytest
from cases import nestpay as bank
from pos_gateway.protocols import nestpay
from pos_gateway.protocols.answers import Operation, Result
from pos_gateway.protocols.nestpay_result import verdict

A, D, U = Result.APPROVED, Result.DECLINED, Result.UNRESOLVED
LETTERS = {"A": A, "D": D, "U": U}
STATUSES = "0123456789"
STRANGE_STATUSES = [
    "",
    " ",
    " 1",
    "1 ",
    "01",
    "1.0",
    "+1",
    "\uff11",
    "\u0661",
    "\u00b9",
    "1\n",
    "11",
    "12",
    "Y",
    "true",
]
RESPONSES = [
    "Approved",
    "Declined",
    "Error",
    "approved",
    "APPROVED",
    "Approved ",
    " Approved",
    "Approved\0",
    "\u0410pproved",
    "Onaylandi",
    "",
    None,
]
CODES = [
    "00",
    "0",
    "000",
    " 00",
    "00 ",
    "\uff10\uff10",
    "",
    None,
    "99",
    "05",
    "51",
    "82",
    "91",
    "92",
    "96",
    "77",
    "ISO8583-51",
    "CORE-2603",
]
ERRORS = [
    "",
    None,
    "CORE-2603",
    "CORE-2507",
    "CORE-2016",
    "ISO8583-51",
    "ISO8583-96",
    "BM-9100",
    "BM-9103",
    "3D-1004",
    "XYZ-1",
    "00",
    "99",
]

# (Response, ProcReturnCode, EXTRA.ERRORCODE) -> result by mdStatus 0 to 9.
# What does not stand here is unresolved, and so is every other mdStatus.
TABLE = {}
for none in ("", None):
    TABLE["Approved", "00", none] = "UAUUUUUUUU"
TABLE["Approved", "00", "00"] = "UAUUUUUUUU"
for refused in ("Declined", "Error"):
    for final in ("05", "51", "82", "ISO8583-51", "CORE-2603"):
        for same in ("", None, "CORE-2603", "ISO8583-51", "3D-1004"):
            TABLE[refused, final, same] = "DDDDDDDDDD"
    for final in ("CORE-2603", "ISO8583-51", "3D-1004"):
        TABLE[refused, "99", final] = "DDDDDDDDDD"
    for none in ("", None, "99"):
        TABLE[refused, "99", none] = "DUUUUDDDDD"


def said(accepted=frozenset("1"), **changes):
    terminal = bank.terminal(accepted_md_status=accepted)
    message = bank.signed(bank.fields(**changes))
    return nestpay.parse(terminal, nestpay.verify(terminal, bank.order(), message))


def result_of(status, response, code, error, accepted=frozenset("1")):
    changes = {"mdStatus": status, "Response": response, "ProcReturnCode": code}
    return said(accepted, **changes, **{"EXTRA.ERRORCODE": error}).result


def fields_of(status, response, code, error):
    named = {
        "mdStatus": status,
        "Response": response,
        "ProcReturnCode": code,
        "EXTRA.ERRORCODE": error,
    }
    return {name: value for name, value in named.items() if value is not None}


def test_every_cell_of_the_result_table_is_as_declared():
    cells = list(product(RESPONSES, CODES, ERRORS))
    assert TABLE.keys() <= set(cells)
    for cell in cells:
        row = TABLE.get(cell, "U" * 10)
        for status, letter in zip(STATUSES, row, strict=True):
            got = verdict(fields_of(status, *cell), frozenset("1"))
            assert got is LETTERS[letter], (status, *cell)


def test_a_signed_message_is_read_by_the_result_table():
    for cell, row in TABLE.items():
        for status, letter in zip(STATUSES, row, strict=True):
            assert result_of(status, *cell) is LETTERS[letter], (status, *cell)


@pytest.mark.parametrize("status", [*STRANGE_STATUSES, None], ids=ascii)
def test_a_strange_or_absent_status_is_never_a_result(status):
    accepted = frozenset({"1", status})
    for cell in product(RESPONSES, CODES, ERRORS):
        assert verdict(fields_of(status, *cell), accepted) is U, cell


def test_half_secure_is_accepted_only_where_the_merchant_does():
    accepted = frozenset("1234")
    got = "".join(
        "A" if result_of(s, "Approved", "00", "", accepted) is A else "U"
        for s in STATUSES
    )
    assert got == "UAAAAUUUUU"
    assert result_of("2", "Approved", "00", "") is U


def test_a_failed_authentication_is_never_accepted_whatever_the_terminal_says():
    for status in "056789":
        assert result_of(status, "Approved", "00", "", frozenset(STATUSES)) is U


def test_nothing_is_approved_when_nothing_is_accepted():
    assert result_of("1", "Approved", "00", "", frozenset()) is U


CANCELLED = {"mdStatus": "0", "Response": "Error", "ProcReturnCode": "99"}


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"ErrMsg": "Islem kart hamili tarafindan iptal edildi."}, Result.CANCELLED),
        ({"ErrMsg": "İşlem kullanıcı tarafından iptal edildi"}, Result.CANCELLED),
        ({"ErrMsg": "İŞLEM MÜŞTERİ TARAFINDAN İPTAL EDİLDİ"}, Result.CANCELLED),
        ({"ErrMsg": "3D dogrulama basarisiz."}, D),
        ({"ErrMsg": "Islem banka tarafindan iptal edildi"}, D),
        ({"ErrMsg": ""}, D),
        ({"ErrMsg": "Islem kullanici tarafindan iptal edildi", "mdStatus": "1"}, U),
        (
            {
                "ErrMsg": "Islem kullanici tarafindan iptal edildi",
                "EXTRA.ERRORCODE": "BM-9100",
            },
            U,
        ),
        (
            {
                "ErrMsg": "Islem kullanici tarafindan iptal edildi",
                "Response": "Approved",
                "ProcReturnCode": "00",
            },
            U,
        ),
    ],
)
def test_a_cancel_is_believed_only_where_the_message_is_clear(changes, result):
    assert said(**CANCELLED | changes).result is result


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "1.250,40"},
        {"amount": ""},
        {"amount": "-1"},
        {"currency": "TRY"},
        {"currency": "999"},
        {"currency": ""},
        {"taksit": "0"},
        {"taksit": "13"},
        {"taksit": "03"},
        {"taksit": " "},
        {"taksit": "\uff13"},
    ],
    ids=ascii,
)
def test_an_approval_that_cannot_be_read_is_unresolved(changes):
    assert said(**changes).result is U


@pytest.mark.parametrize(("taksit", "count"), [("", 1), ("1", 1), ("3", 3), ("12", 12)])
def test_installments_are_counted_and_empty_is_one(taksit, count):
    assert said(taksit=taksit).installment_count == count


def test_a_full_card_number_from_the_bank_goes_no_further():
    outcome = said(
        maskedCreditCard=bank.CARD,
        ErrMsg=f"Kart {bank.CARD}",
        AuthCode=bank.CARD,
        **{"EXTRA.ERRORCODE": bank.CARD},
    )
    assert bank.CARD not in repr(outcome)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "00"),
        (bank.DECLINED, "51"),
        (bank.DECLINED | {"EXTRA.ERRORCODE": "ISO8583-51"}, "ISO8583-51"),
        (CANCELLED, "mdStatus=0"),
        (CANCELLED | {"EXTRA.ERRORCODE": "CORE-2603"}, "CORE-2603"),
    ],
)
def test_the_code_that_tells_most_is_reported(changes, code):
    outcome = said(**changes)
    assert (outcome.reason_code or outcome.bank_code) == code


@pytest.mark.parametrize(
    ("changes", "reason", "follow_up"),
    [
        ({}, "", None),
        (bank.DECLINED, "limit", None),
        (bank.DECLINED | {"ProcReturnCode": "82"}, "security_code", None),
        (CANCELLED, "three_d_failed", None),
        (bank.DECLINED | {"ProcReturnCode": "91"}, "bank_unreachable", "inquiry"),
        (bank.DECLINED | {"ProcReturnCode": "77"}, "other", "inquiry"),
        ({"mdStatus": "5"}, "other", "inquiry"),
    ],
)
def test_a_refusal_has_a_reason_and_what_is_unclear_is_asked(
    changes, reason, follow_up
):
    outcome = said(**changes)
    assert outcome.reason == reason
    assert outcome.follow_up == (follow_up and Operation(follow_up))
