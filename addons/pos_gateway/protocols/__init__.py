"""Bank protocols: pure functions over frozen values; no database, no network.

One protocol family is one module with the same five verbs:

- ``build(terminal, order) -> Form``: what the payer's browser takes to the bank;
- ``verify(terminal, order, message) -> Proven``: believe what the browser brings back;
- ``ask(terminal, order, call) -> Request``: word a call to the bank's server;
- ``read(terminal, order, call, body) -> Proven``: believe the answer to that call;
- ``parse(terminal, proven) -> Outcome``: say what a believed message means;

and with ``FAMILY``, ``LABEL``, ``ENCODING``, ``TRAITS`` (``traits.Traits``) and, where
the browser takes a form straight to the bank, the table ``FORM``.

A family whose bank opens its page by a call (``TRAITS.start``) has no ``build``: the
outcome of that call carries the page. Nothing here is ever called twice with different
results: time and random text come in with the order and the call.
"""

from types import ModuleType

from . import (
    akbank,
    garanti,
    garanti_pay,
    interpos,
    kuveyt,
    nestpay,
    payflex,
    payfor,
    posnet,
    posnet_v1,
    tosla,
    vakif_katilim,
)

FAMILIES: dict[str, ModuleType] = {
    module.FAMILY: module
    for module in (
        akbank,
        garanti,
        garanti_pay,
        interpos,
        kuveyt,
        nestpay,
        payflex,
        payfor,
        posnet,
        posnet_v1,
        tosla,
        vakif_katilim,
    )
}

WALLETS = frozenset(m.TRAITS.wallet for m in FAMILIES.values() if m.TRAITS.wallet)
"""Families of no bank of their own: a way to pay beside the card, by its contract."""


def family(code: str) -> ModuleType:
    """:return: the module of a protocol family

    :raise KeyError: if there is no such family
    """
    return FAMILIES[code]
