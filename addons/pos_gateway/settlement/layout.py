"""How the columns of a bank's POS report are called. Banks change them without notice:
what is here is a start, and each POS may keep a layout of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..tabular.folding import fold

# Folded: see `tabular.folding`. The first header of a row that is in the list is taken.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "merchant": ("uye isyeri no", "uye isyeri", "uye no", "uyeno", "workplace"),
    "terminal": ("terminal no", "terminal", "terminal numarasi", "station", "pos no"),
    "batch_number": ("gun sonu no", "batch no", "batchno", "batch"),
    "batch_day": ("gun sonu tarihi", "gunsonu tarihi", "gunsonu", "gun sonu"),
    "day": (
        "islem tarihi", "islemtarihi", "org islem tarihi", "satis tarihi", "islem gunu",
        "provizyon tarihi", "yukleme tarihi", "tarih",
    ),
    "time": ("islem saati", "saat"),
    "value_date": (
        "valor tarihi", "valor", "hesaba gecis tarihi", "odeme tarihi",
        "bloke cozum tarihi",
    ),
    "kind": ("islem tipi", "islemtipi", "mesaj tipi", "islem turu", "tip"),
    "card": ("kart no", "kart numarasi", "kartno"),
    "auth_code": (
        "provizyon no", "provizyon kodu", "onay kodu", "onay no", "otorizasyon kodu",
    ),
    "rrn": ("rrn", "banka rrn", "referans no", "referans numarasi"),
    "order": ("siparis no", "siparis numarasi", "order id", "siparisno"),
    "count": (
        "taksit sayisi", "taksit sayi", "tsayisi", "taksit sayisi taksit numarasi",
        "taksit adedi", "taksit",
    ),
    "part": ("taksit sira", "taksit sirasi", "taksit numarasi", "taksit no"),
    "gross": (
        "brut tutar", "burut", "brut", "islem tutari", "provizyon tutar", "tutar",
    ),
    "rate": ("komisyon orani", "oran", "komisyon yuzdesi"),
    "commission": (
        "komisyon", "komisyon tutari", "kesilen komisyon tutari", "eo kes tutar",
        "taksitli islem komisyonu", "toplam komisyon",
    ),
    "bsmv": ("bsmv", "bsmv tutari"),
    "fee": (
        "hizmet bedeli", "servis ucreti", "islem ucreti", "serviskesintisi",
        "hizmet komisyon tutari",
    ),
    "other": (
        "katki payi tl", "katki payi", "odulkesintisi", "ikp tutari",
        "marka servis komisyonu",
    ),
    "net": (
        "net tutar", "net", "hesaba gecen gececek net tutar", "hesaba gecen net tutar",
    ),
    "currency": ("para birimi", "doviz", "dovizkodu", "para cinsi"),
}  # fmt: skip
FIELDS = tuple(HEADERS)
AMOUNTS = ("gross", "commission", "bsmv", "fee", "other", "net")
NEEDED = ("gross", "day")


@dataclass(frozen=True)
class Layout:
    """What is known of a bank's file before it is opened.

    :param columns: field -> header as the file has it; those of HEADERS hold else
    :param mark: the decimal mark, "" to find it in the file
    :param count_first: whether "3/1" is the first of three; None to find it in the file
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    count_first: bool | None = None


def find_columns(headers: Sequence[object], layout: Layout) -> dict[str, int]:
    """:return: field -> index, of those that this row names

    >>> find_columns(["Terminal No", "İşlem Tarihi", "Brüt Tutar"], Layout())
    {'terminal': 0, 'day': 1, 'gross': 2}
    """
    folded = [fold(one) if isinstance(one, str) else "" for one in headers]
    # "Komisyon %" is a rate; folding takes the sign away.
    folded = [
        "komisyon orani" if text == "komisyon" and "%" in str(header) else text
        for text, header in zip(folded, headers, strict=True)
    ]
    found = {}
    for name, known in HEADERS.items():
        own = layout.columns.get(name)
        names = (fold(own),) if own else known
        index = next((folded.index(one) for one in names if one in folded), None)
        if index is not None:
            found[name] = index
    return found
