"""The words of grids: those that are written first, then others that are understood.

They are compared without case, accents and punctuation.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from ..pricing.cards import CardKind
from ..tabular.folding import fold

ENGLISH, TURKISH = 0, 1
EVERY = "every"

# Each: English, Turkish, and further ones.
INSTALLMENTS = (
    "Installments",
    "Taksit",
    "Taksit sayısı",
    "Taksit adedi",
    "Installment count",
    "Number of installments",
)
SINGLE_PAYMENT = ("Single payment", "Tek çekim", "Peşin", "Tek ödeme", "Single")
ANY_COUNT = ("Any", "Tümü", "Hepsi", "Diğer taksitler", "Any number")
EVERY_PROGRAM = (
    "Every program",
    "Tüm programlar",
    "Her program",
    "Bütün programlar",
    "All programs",
    "Tümü",
)
KINDS = {
    EVERY: ("Every card", "Tüm kartlar", "Bütün kartlar", "All cards"),
    CardKind.CREDIT: (
        "Consumer credit",
        "Bireysel kredi",
        "Bireysel kredi kartı",
        "Bireysel kart",
        "Bireysel",
        "Consumer",
    ),
    CardKind.COMMERCIAL: (
        "Commercial credit",
        "Ticari kredi",
        "Ticari kredi kartı",
        "Ticari kart",
        "Ticari",
        "Kurumsal kart",
        "Şirket kartı",
        "Commercial",
        "Business",
    ),
    CardKind.DEBIT: ("Debit", "Banka kartı", "Debit card", "Debit kart"),
    CardKind.PREPAID: ("Prepaid", "Ön ödemeli", "Ön ödemeli kart", "Prepaid card"),
}
BANKS = {
    EVERY: ("Any bank", "Her banka", "Tüm bankalar"),
    True: ("On us", "Kendi kartı", "Kendi kartımız", "Bankamız kartları", "Bankamız"),
    False: (
        "Not on us",
        "Başka banka",
        "Diğer bankalar",
        "Diğer banka",
        "Diğer banka kartları",
        "Off us",
    ),
}
KIND = ("Card kind", "Kart tipi", "Kart türü", "Card type")
BANK = ("Cards of", "Kartın bankası", "Banka")
VALID_FROM = ("Valid from", "Geçerlilik başı", "Geçerlilik başlangıcı", "Başlangıç")
VALID_TO = ("Valid until", "Geçerlilik sonu", "Geçerlilik bitişi", "Bitiş", "Valid to")
CURRENCY = ("Currency", "Para birimi", "Döviz")
FEE = ("Fixed fee", "Sabit ücret", "Sabit ücret TL", "İşlem ücreti", "İşlem ücreti TL")
BSMV = ("BSMV %", "BSMV %", "BSMV oranı")
VALUE_DATE = (
    "Value date (days)",
    "Valör (gün)",
    "Valör",
    "Valör günü",
    "Bloke gün",
    "Bloke gün sayısı",
    "Value days",
)
NEXT_DAY = ("Next day", "Ertesi gün")
NOT_OFFERED = frozenset({"yok", "n a", "na", "x", "none", "kapali"})
# Words that may stand beside others and add nothing.
FILLING = (
    "Komisyon",
    "Komisyon oranı",
    "Oran",
    "Oranı",
    "Oranlar",
    "Rate",
    "Commission",
)


def is_one_of(text: str, words: Iterable[str]) -> bool:
    return fold(text) in {fold(word) for word in words}


class UnknownWords(ValueError):
    """:param reason: ``unknown_column``, ``two_meanings`` or ``contradiction``"""

    def __init__(self, reason: str, text: str):
        super().__init__(reason)
        self.reason, self.text = reason, text


class Vocabulary:
    """Understands what cards a heading is about.

    :param programs: tuples of (key, name, code)
    """

    def __init__(self, programs: Iterable[tuple[Hashable, str, str]]):
        self._phrases: dict[str, set] = {}
        for key, *names in programs:
            for name in names:
                self._add([name], "program", key)
        self._add(EVERY_PROGRAM, "program", EVERY)
        for kind, phrases in KINDS.items():
            self._add(phrases, "kind", kind)
        for bank, phrases in BANKS.items():
            self._add(phrases, "on_us", bank)
        for phrase in FILLING:
            self._phrases.setdefault(fold(phrase), set()).add(None)
        self._longest = max(len(phrase.split()) for phrase in self._phrases)

    def _add(self, phrases, what, meaning):
        for phrase in phrases:
            if fold(phrase or ""):
                self._phrases.setdefault(fold(phrase), set()).add((what, meaning))

    def understand(self, text: str, is_strict: bool = True) -> dict:
        """Understand a heading, the longest phrases first.

        :param is_strict: refuse what is not understood, else pass over it
        :return: dict with some of ``program``, ``kind``, ``on_us``; None is "every"
        :raises UnknownWords: with the words
        """
        words = fold(text).split()
        found: dict = {}
        while words:
            for length in range(min(self._longest, len(words)), 0, -1):
                meanings = self._phrases.get(" ".join(words[:length]))
                if meanings:
                    self._note(found, meanings, text)
                    words = words[length:]
                    break
            else:
                if is_strict:
                    raise UnknownWords("unknown_column", text)
                words = words[1:]
        return found

    def _note(self, found, meanings, text):
        meanings = meanings - {None}
        if len(meanings) > 1:
            raise UnknownWords("two_meanings", text)
        for what, meaning in meanings:
            value = None if meaning == EVERY else meaning
            if found.setdefault(what, value) != value:
                raise UnknownWords("contradiction", text)
