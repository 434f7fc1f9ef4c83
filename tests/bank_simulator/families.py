"""The protocol families that this bank speaks, each a package of its own."""

from . import (
    akbank,
    boa,
    garanti,
    interpos,
    nestpay,
    payflex,
    payfor,
    posnet,
    posnet_v1,
    tosla,
)

# A package has FAMILY, a class as ``family.Family`` describes, and TERMINALS, the
# terminals it has when no --terminals file is given. Their client ids are distinct.
PACKAGES = (
    nestpay,
    akbank,
    payflex,
    boa,
    posnet,
    posnet_v1,
    garanti,
    payfor,
    interpos,
    tosla,
)


def build_families(bank):
    """Return the family objects of a bank by name."""
    built = (package.FAMILY(bank) for package in PACKAGES)
    return {family.name: family for family in built}


def family_names():
    return {package.FAMILY.name for package in PACKAGES}


def default_terminals():
    return tuple(terminal for package in PACKAGES for terminal in package.TERMINALS)
