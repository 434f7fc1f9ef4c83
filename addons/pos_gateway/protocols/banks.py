"""Banks and where they are. A further bank of a known family is one entry, no code.

Hosts as published by the banks and NestPay, checked November 2026.
"""

from dataclasses import dataclass

_SHARED_TEST = "entegrasyon.asseco-see.com.tr"


@dataclass(frozen=True)
class Bank:
    """:param page_url: takes the payer's browser
    :param api_url: takes our server's requests
    """

    key: str
    name: str
    family: str
    page_url: str
    api_url: str
    test_page_url: str
    test_api_url: str


def _nestpay(key: str, name: str, host: str, test_host: str = _SHARED_TEST) -> Bank:
    return Bank(
        key=key,
        name=name,
        family="nestpay",
        page_url=f"https://{host}/fim/est3Dgate",
        api_url=f"https://{host}/fim/api",
        test_page_url=f"https://{test_host}/fim/est3Dgate",
        test_api_url=f"https://{test_host}/fim/api",
    )


BANKS = (
    _nestpay("isbank", "İşbank", "sanalpos.isbank.com.tr", "istest.asseco-see.com.tr"),
    _nestpay(
        "ziraat",
        "Ziraat Bankası",
        "sanalpos2.ziraatbank.com.tr",
        "torus-stage-ziraat.asseco-see.com.tr",
    ),
    _nestpay("halkbank", "Halkbank", "sanalpos.halkbank.com.tr"),
    _nestpay("teb", "TEB", "sanalpos.teb.com.tr"),
    _nestpay("sekerbank", "Şekerbank", "sanalpos.sekerbank.com.tr"),
    _nestpay("ing", "ING", "sanalpos.ingbank.com.tr"),
    _nestpay("alternatifbank", "Alternatif Bank", "sanalpos.abank.com.tr"),
    _nestpay("anadolubank", "Anadolubank", "anadolusanalpos.est.com.tr"),
    _nestpay("turkiyefinans", "Türkiye Finans", "sanalpos.turkiyefinans.com.tr"),
    _nestpay("cardplus", "CardPlus", "sanalpos.card-plus.net"),
    _nestpay("akbank_nestpay", "Akbank (NestPay)", "www.sanalakpos.com"),
)

_BY_KEY = {bank.key: bank for bank in BANKS}


def bank(key: str) -> Bank:
    """:raise KeyError: if there is no such bank"""
    return _BY_KEY[key]
