"""A POS contract with the bank simulator for each protocol family.

The credentials are those of ``tests/bank_simulator``; see its README.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Contract:
    """:param bank: key in ``protocols.banks``
    :param terminal: what the simulator lists its charges under
    :param values: credentials on the provider
    :param refund_waits: whether refunds come only after the batch is closed
    :param reserves: whether money can be reserved and captured
    :param signs: what the bank signs of a payment: ``return``, ``answer`` (to the call
        that reads the return), or nothing
    :param tells_amount: whether the bank says what it charged, before it is asked
    :param card_entry: where the card is typed, if not on the bank's page
    """

    family: str
    bank: str
    terminal: str
    values: dict = field(default_factory=dict)
    refund_waits: bool = True
    reserves: bool = True
    card_entry: str = "hosted"
    signs: str = "return"
    tells_amount: bool = True

    @property
    def name(self):
        return self.bank if self.card_entry == "hosted" else f"{self.bank}-page"


def _values(merchant, key="", user="", password="", **more):
    values = {
        "merchant_id": merchant,
        "store_key": key,
        "api_user": user,
        "api_password": password,
        **more,
    }
    return {f"gateway_{name}": text for name, text in values.items() if text}


CONTRACTS = (
    Contract(
        "nestpay",
        "halkbank",
        "700655001",
        _values("700655001", "SimStore.Key|01", "simapi", "SimApi.Pass-1"),
    ),
    Contract(
        "garanti",
        "garanti",
        "30770101",
        _values(
            "7007701",
            "53696D47617261",
            password="SimProvAut1/",
            terminal_id="30770101",
            refund_password="SimProvRfn2/",
            page_password="SimProvOos3/",
        ),
    ),
    Contract(
        "payfor",
        "qnb",
        "085300000077001",
        _values("085300000077001", "SimPass01", "SIM_API", "SimUser.1"),
    ),
    Contract(
        "interpos",
        "denizbank",
        "7701",
        _values("7701", "SimDn1", "SIM_INTER", "SimInter.1"),
    ),
    Contract(
        "akbank",
        "akbank",
        "2F6A1B0C9D8E47A5B3C2D1E0F9A8B7C6",
        _values(
            "2F6A1B0C9D8E47A5B3C2D1E0F9A8B7C6",
            "53494d5f616b62616e6b5f7365637265745f303031",
            terminal_id="7E5D4C3B2A190817F6E5D4C3B2A19081",
        ),
    ),
    Contract(
        "payflex",
        "vakifbank",
        "000100000099001",
        _values("000100000099001", password="SimVakif.1", terminal_id="VP900001"),
        signs="",
    ),
    Contract(
        "kuveyt",
        "kuveytturk",
        "59001",
        _values("59001", user="simkuveyt", password="SimKuveyt.1", account_id="405001"),
        reserves=False,
        card_entry="server",
    ),
    Contract(
        "vakif_katilim",
        "vakifkatilim",
        "59101",
        _values(
            "59101", user="simkatilim", password="SimKatilim.1", account_id="405101"
        ),
        reserves=False,
        signs="",
    ),
    Contract(
        "posnet",
        "yapikredi",
        "67440011",
        _values(
            "6704400110",
            "31,7,92,64,15,120,48,3",
            terminal_id="67440011",
            account_id="440011",
        ),
        refund_waits=False,
        signs="answer",
    ),
    Contract(
        "posnet_v1",
        "albaraka",
        "67550021",
        _values(
            "6705500210",
            "44,9,71,3,88,26,15,60",
            terminal_id="67550021",
            account_id="550021",
        ),
        refund_waits=False,
        tells_amount=False,
    ),
    Contract(
        "tosla",
        "tosla",
        "1000077001",
        _values("1000077001", user="SIM_POS_API", password="SimTosla*Pass1"),
    ),
)

# The same with the card typed on a page of ours whose form goes to the bank.
PAGE_CONTRACTS = (
    Contract(
        "nestpay",
        "sekerbank",
        "700655002",
        _values(
            "700655002", "SIMOLDKEY1", "simapi2", "SimApi.Pass-2", options="hash=ver1"
        ),
        card_entry="browser",
    ),
    Contract(
        "garanti",
        "garanti",
        "30770102",
        _values(
            "7007702",
            "53696D47617262",
            password="SimProvAut4/",
            terminal_id="30770102",
            refund_password="SimProvRfn5/",
            page_password="SimProvOos6/",
            sub_merchant_id="D001",
        ),
        card_entry="browser",
    ),
)


class WalletContract(Contract):
    """A contract of which staff have switched on the bank's wallet."""

    @property
    def name(self):
        return f"{self.bank}-wallet"


def wallet_of(contract: Contract) -> WalletContract:
    values = contract.values | {"gateway_wallet": True}
    return WalletContract(contract.family, contract.bank, contract.terminal, values)


(GARANTI_PAY,) = (wallet_of(one) for one in CONTRACTS if one.bank == "garanti")
