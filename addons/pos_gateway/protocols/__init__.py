"""Bank protocols: pure functions over frozen values; no database, no network.

One protocol family is one module with ``build``, ``verify`` and ``parse`` (and, where
the bank offers it, ``inquire``, ``read_inquiry`` and ``parse_inquiry``).
"""

from types import ModuleType

from . import nestpay

FAMILIES: dict[str, ModuleType] = {module.FAMILY: module for module in (nestpay,)}


def family(code: str) -> ModuleType:
    """:return: the module of a protocol family

    :raise KeyError: if there is no such family
    """
    return FAMILIES[code]
