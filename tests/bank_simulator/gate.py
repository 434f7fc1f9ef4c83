"""What is common to the addresses where a payer's browser brings a merchant's form."""

from .family import FormRefused
from .hosted import begin_with_card, card_error, resume
from .pages import refused_page, returned_page
from .payments import remember


def answer_form(bank, family, request, path):
    """Answer a posted form: card page, code page, or the reason why not."""
    pairs = list(request.form.items(multi=True))
    lang = request.form.get("lang") or request.form.get("Lang", "")
    try:
        fields = single_fields(pairs, family.bad_form_code)
        payment = family.open_payment(fields, request.remote_addr, path)
    except FormRefused as refused:
        if refused.returned:
            return returned_page(refused, lang.lower())
        return refused_page(refused, lang.lower())
    card = family.card_in_form(fields)
    return begin_with_card(bank, payment, *card) if card else resume(bank, payment)


def single_fields(pairs, code):
    """Return the form as a dict.

    :param pairs: name and value of every field in the order of the form
    :raise FormRefused: when a name comes twice, in whatever case: what would be signed
    """
    fields = dict(pairs)
    if len({name.lower() for name in fields}) != len(pairs):
        raise FormRefused(code, "a field name is repeated")
    return fields


def accept(bank, path, read, *, terminal, order, operation="3d_form"):
    """Read a form into a payment and remember it; the journal has it either way."""
    about = {"terminal": terminal[:32], "order": order[:64]}
    try:
        payment = read()
    except FormRefused as refused:
        code = f"{refused.code} {refused.text}"
        bank.journal.write(path, operation, "refused", code=code, **about)
        raise
    bank.journal.write(path, operation, "accepted", **about)
    return remember(bank, payment)


def check_form_card(bank, card, codes):
    """Refuse a form whose card cannot be one.

    :param card: number, month and year (four digits), security code; or None
    :param codes: error name of ``card_error`` -> the family's code
    """
    if card and (error := card_error(bank, *card)):
        raise FormRefused(codes[error], error.replace("_", " "))


def card_with_expiry(fields):
    """Return number, month, year and code of a form with Pan, Expiry and Cvv2.

    None when it has no card.
    """
    if not any(fields.get(name) for name in ("Pan", "Expiry", "Cvv2")):
        return None
    expiry = fields.get("Expiry", "")
    year = two_digit_year(expiry[2:])
    return fields.get("Pan", ""), expiry[:2], year, fields.get("Cvv2", "")


def is_web_address(text):
    return text.startswith(("http://", "https://"))


def without_card(fields, names):
    """Return what may be kept of a form that carries a card."""
    return {name: value for name, value in fields.items() if name not in names}


def two_digit_year(text):
    """Return ``2035`` for ``35``; what is not two digits stays and is refused later."""
    return f"20{text}" if len(text) == 2 else text
