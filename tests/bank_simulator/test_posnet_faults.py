"""Yapı Kredi PosNet XML: faults of the signature, the amount and the connection."""

import pytest
import requests

from .posnet_merchant import Shop, charge_mac, resolve_mac

SIGNATURE_FAULTS = ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]


@pytest.fixture
def shop(bank):
    return Shop(bank)


@pytest.mark.parametrize("kind", SIGNATURE_FAULTS)
def test_a_signature_fault_of_the_payment_is_in_resolve(shop, kind):
    fields, returned = shop.authenticate(fault=kind)
    answer = shop.resolve(fields, returned)
    assert answer["mdStatus"] == "1"
    assert answer.get("mac") != resolve_mac(fields, answer)
    charged = shop.charge(fields, returned)
    assert charged["mac"] == charge_mac(fields, charged)


@pytest.mark.parametrize("kind", [*SIGNATURE_FAULTS, "changed_amount"])
@pytest.mark.parametrize("operation", ["resolve", "sale"])
def test_a_signature_fault_of_one_call_is_in_its_answer(bank, shop, kind, operation):
    fields, returned = shop.authenticate()
    bank.post("fault", kind=kind, order_id=fields["XID"], operation=operation)
    resolved = shop.resolve(fields, returned)
    charged = shop.charge(fields, returned)
    spoiled = (
        resolved.get("mac") != resolve_mac(fields, resolved),
        charged.get("mac") != charge_mac(fields, charged),
    )
    assert spoiled == (operation == "resolve", operation == "sale")


def test_a_changed_amount_is_charged_and_signed(bank, shop):
    fields, returned = shop.authenticate(amount="911351")
    resolved = shop.resolve(fields, returned)
    assert resolved["amount"] == "911351"
    answer = shop.charge(fields, returned)
    assert answer["mac"] != charge_mac(fields, answer)
    assert answer["mac"] == charge_mac({**fields, "amount": "911451"}, answer)
    assert bank.get("charges")["charges"][0]["amount_kurus"] == 911451
    assert shop.status(fields)["amount"] == "9114,51"


@pytest.mark.parametrize("kind", ["dropped_connection", "timeout_after_charge"])
def test_a_lost_charge_is_found_by_repeating_it(bank, shop, kind):
    fault = {"kind": kind, "params": {"seconds": 0}}
    fields, returned = shop.authenticate(fault=fault)
    with pytest.raises(requests.ConnectionError):
        shop.charge(fields, returned)
    assert shop.charge(fields, returned)["approved"] == "2"
    assert len(bank.get("charges")["charges"]) == 1


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("register", "oosRequestData"),
        ("status", "agreement"),
        ("void", "reverse"),
        ("refund", "return"),
        ("capture", "capt"),
        ("day_list", "merchantReconciliation"),
    ],
)
def test_a_call_may_be_dropped(bank, shop, operation, name):
    bank.post("fault", kind="api_drop", operation=operation)
    with pytest.raises(requests.ConnectionError):
        shop.send(name)


def test_a_charge_may_fail_with_500_before_or_after_executing(bank, shop):
    fields, returned = shop.authenticate()
    for executed, approved in ((False, "1"), (True, "2")):
        bank.post(
            "fault", kind="api_500", operation="sale", params={"executed": executed}
        )
        with pytest.raises(requests.HTTPError):
            shop.charge(fields, returned)
        assert len(bank.get("charges")["charges"]) == int(executed)
        assert shop.charge(fields, returned)["approved"] == approved
