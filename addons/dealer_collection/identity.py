"""What identifies a company or a person, checked and in one form: no Odoo inside."""

from __future__ import annotations

import re

import stdnum.exceptions
from stdnum.iso7064 import mod_97_10
from stdnum.tr import tckimlik, vkn

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_TURKISH_IBAN = re.compile(r"TR[0-9]{8}[A-Z0-9]{16}")
_EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]{2,}")


class NotValid(ValueError):
    """:param reason: ``tax_number``, ``tax_number_digit``, ``iban``, ``phone`` or
    ``email``
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def tax_number(text: str) -> str:
    """A VKN (10 digits) or TCKN (11 digits), whose check digit is right.

    >>> tax_number(" 456 049 0348 "), tax_number("TR17291716060"), tax_number("")
    ('4560490348', '17291716060', '')

    :raises NotValid: if it is neither
    """
    digits = re.sub(r"[\s.\-/]", "", text).removeprefix("TR")
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{10,11}", digits):
        raise NotValid("tax_number")
    try:
        return (vkn if len(digits) == 10 else tckimlik).validate(digits)
    except stdnum.exceptions.ValidationError as error:
        raise NotValid("tax_number_digit") from error


def iban(text: str) -> str:
    """An IBAN whose check digits are right; a Turkish one with its 26 characters.

    Not by ``stdnum.iban``: it reads a table of countries from its package, which
    cannot be found once Odoo has put its own loader before that package.

    >>> iban("tr33 0006 1005 1978 6457 8413 26"), iban("")
    ('TR330006100519786457841326', '')

    :raises NotValid: if it is none
    """
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not number:
        return ""
    is_known_form = _IBAN.fullmatch(number) and (
        _TURKISH_IBAN.fullmatch(number) or not number.startswith("TR")
    )
    if not is_known_form or not mod_97_10.is_valid(number[4:] + number[:4]):
        raise NotValid("iban")
    return number


def phone(text: str) -> str:
    """
    >>> phone(" 0532  123 45 67 "), phone("+90 (232) 111 22 33")
    ('0532 123 45 67', '+90 (232) 111 22 33')

    :raises NotValid: if it is none
    """
    text = " ".join(text.split())
    if not text:
        return ""
    digits = re.sub(r"\D", "", text)
    if not re.fullmatch(r"\+?[0-9 ()./\-]+", text) or not 10 <= len(digits) <= 15:
        raise NotValid("phone")
    return text


def email(text: str) -> str:
    """
    >>> email(" Bilgi@Ornek.com.tr ")
    'bilgi@ornek.com.tr'

    :raises NotValid: if it is none
    """
    text = text.strip().lower()
    if text and (len(text) > 254 or not _EMAIL.fullmatch(text)):
        raise NotValid("email")
    return text
