"""Banks and where they are. A further bank of a known family is one entry, no code.

Hosts as published by the banks and NestPay, checked November 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_SHARED_TEST = "entegrasyon.asseco-see.com.tr"


@dataclass(frozen=True)
class Bank:
    """:param urls, test_urls: addresses by the names of the family's ``TRAITS.urls``
    :param options: what differs from the family's defaults (``TRAITS.options``)
    """

    key: str
    name: str
    family: str
    urls: Mapping[str, str]
    test_urls: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)


def _nestpay(key: str, name: str, host: str, test_host: str = _SHARED_TEST) -> Bank:
    def urls(at: str) -> dict[str, str]:
        root = f"https://{at}/fim"
        return {"page": f"{root}/est3Dgate", "api": f"{root}/api"}

    return Bank(key, name, "nestpay", urls(host), urls(test_host))


def _garanti(host: str) -> dict[str, str]:
    root = f"https://{host}"
    return {"page": f"{root}/servlet/gt3dengine", "api": f"{root}/VPServlet"}


def _payfor(root: str) -> dict[str, str]:
    pages = {"page": "3DHost", "card_page": "Default", "api": "XMLGate"}
    return {name: f"https://{root}/{page}.aspx" for name, page in pages.items()}


_QNB = (_payfor("vpos.qnb.com.tr/Gateway"), _payfor("vpostest.qnb.com.tr/Gateway"))


def _interpos(host: str) -> dict[str, str]:
    root = f"https://{host}/mpi"
    return {
        "page": f"{root}/3DHost.aspx",
        "card_page": f"{root}/Default.aspx",
        "api": f"{root}/Default.aspx",
    }


def _posnet(host: str) -> dict[str, str]:
    root = f"https://{host}"
    return {
        "page": f"{root}/3DSWebService/YKBPaymentService",
        "api": f"{root}/PosnetWebService/XML",
    }


def _akbank(api_host: str, page_host: str) -> dict[str, str]:
    root = f"https://{api_host}/api/v1/payment/virtualpos"
    return {
        "page": f"https://{page_host}/payhosting",
        "api": f"{root}/transaction/process",
        "report": f"{root}/portal/report/transaction",
    }


def _posnet_v1(host: str) -> dict[str, str]:
    root = f"https://{host}"
    return {
        "page": f"{root}/ALBSecurePaymentUI/SecureProcess/SecureVerification.aspx",
        "api": f"{root}/ALBMerchantService/MerchantJSONAPI.svc",
    }


def _payflex(page_host: str, api_host: str) -> dict[str, str]:
    page, api = f"https://{page_host}/CommonPayment", f"https://{api_host}:8443"
    return {
        "register": f"{page}/api/RegisterTransaction",
        "page": f"{page}/SecurePayment",
        "resolve": f"{page}/api/VposTransaction",
        "api": f"{api}/virtualPos/Vposreq",
        "search": f"{api}/virtualPos/Search",
    }


def _kuveyt(root: str, service_host: str) -> dict[str, str]:
    service = "BOA.Integration.WCFService/BOA.Integration.VirtualPos"
    return {
        "api": f"https://{root}/Home",
        "service": f"https://{service_host}/{service}/VirtualPosService.svc/Basic",
    }


def _vakif_katilim(host: str) -> dict[str, str]:
    root = f"https://{host}/VirtualPOS.Gateway"
    return {
        "page": f"{root}/CommonPaymentPage/CommonPaymentPage",
        "api": f"{root}/Home",
    }


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
    Bank(
        "garanti",
        "Garanti BBVA",
        "garanti",
        _garanti("sanalposprov.garanti.com.tr"),
        _garanti("sanalposprovtest.garantibbva.com.tr"),
    ),
    Bank(
        "yapikredi",
        "Yapı Kredi",
        "posnet",
        _posnet("posnet.yapikredi.com.tr"),
        _posnet("setmpos.ykb.com"),
    ),
    Bank(
        "tosla",
        "Tosla",
        "tosla",
        {"api": "https://entegrasyon.tosla.com/api/Payment"},
        {"api": "https://prepentegrasyon.tosla.com/api/Payment"},
    ),
    Bank(
        "albaraka",
        "Albaraka Türk",
        "posnet_v1",
        _posnet_v1("epos.albarakaturk.com.tr"),
        _posnet_v1("epostest.albarakaturk.com.tr"),
    ),
    Bank("qnb", "QNB", "payfor", *_QNB),
    Bank("enpara", "Enpara", "payfor", *_QNB),
    Bank(
        "qnbfinansbank",
        "QNB (older address)",
        "payfor",
        _payfor("vpos.qnbfinansbank.com/Gateway"),
        _payfor("vpostest.qnbfinansbank.com/Gateway"),
    ),
    Bank(
        "ziraatkatilim",
        "Ziraat Katılım",
        "payfor",
        _payfor("vpos.ziraatkatilim.com.tr/Mpi"),
        {},
        {"mbr_id": "12", "unsigned_return": "yes"},
    ),
    Bank(
        "akbank",
        "Akbank",
        "akbank",
        _akbank("api.akbank.com", "virtualpospaymentgateway.akbank.com"),
        _akbank("apipre.akbank.com", "virtualpospaymentgatewaypre.akbank.com"),
    ),
    Bank(
        "denizbank",
        "Denizbank",
        "interpos",
        _interpos("inter-vpos.com.tr"),
        _interpos("test.inter-vpos.com.tr"),
    ),
    Bank(
        "vakifbank",
        "VakıfBank",
        "payflex",
        _payflex("cpweb.vakifbank.com.tr", "apigw.vakifbank.com.tr"),
        _payflex("cptest.vakifbank.com.tr", "apiportalprep.vakifbank.com.tr"),
    ),
    Bank(
        "kuveytturk",
        "Kuveyt Türk",
        "kuveyt",
        _kuveyt("sanalpos.kuveytturk.com.tr/ServiceGateWay", "boa.kuveytturk.com.tr"),
        _kuveyt(
            "boatest.kuveytturk.com.tr/boa.virtualpos.services",
            "boatest.kuveytturk.com.tr",
        ),
    ),
    Bank(
        "vakifkatilim",
        "Vakıf Katılım",
        "vakif_katilim",
        _vakif_katilim("boa.vakifkatilim.com.tr"),
        _vakif_katilim("boatest.vakifkatilim.com.tr"),
    ),
    _nestpay("akbank_nestpay", "Akbank (NestPay)", "www.sanalakpos.com"),
)

_BY_KEY = {bank.key: bank for bank in BANKS}


def bank(key: str) -> Bank:
    """:raise KeyError: if there is no such bank"""
    return _BY_KEY[key]
