"""Words in files, compared without case, accents, dots of Turkish letters, signs."""

import re
import unicodedata


def fold(text: str) -> str:
    """
    >>> fold("TAKSİT  Sayısı (adet)"), fold("Işık %")
    ('taksit sayisi adet', 'isik')
    """
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", plain.lower()))
