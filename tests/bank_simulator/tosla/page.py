"""The payer's browser: the hosted page, the merchant's card form, the return."""

from ..family import FormRefused
from ..faults import signed
from ..gate import check_form_card, two_digit_year
from ..hosted import begin_with_card, resume
from ..orders import Message
from ..pages import refused_page
from ..payments import AUTHORISED, CANCELLED, CARD_STAGE, DONE, REFUSED
from . import codes
from .hashing import RETURN_NAMES, return_hash
from .registration import find_payment

HOSTED = "/api/Payment/threeDSecure"
CARD_FORM = "/api/Payment/ProcessCardForm"
CARD_CODES = {"bad_number": "402", "bad_expiry": "401", "bad_code": "400"}


def show_hosted(bank, session, client_ip):
    """Show the page that the payment of a session is at."""
    try:
        fields = {"ThreeDSessionId": session}
        payment = open_payment(bank, fields, client_ip, HOSTED)
    except FormRefused as refused:
        return refused_page(refused, "tr")
    return resume(bank, payment)


def take_card_form(bank, request):
    """Take the card that the payer gave to the merchant's page; ask for the code."""
    fields = dict(request.form)
    try:
        payment = open_payment(bank, fields, request.remote_addr, CARD_FORM)
    except FormRefused as refused:
        return refused_page(refused, "tr")
    if payment.stage != CARD_STAGE:
        return resume(bank, payment)
    return begin_with_card(bank, payment, *card_in_form(fields))


def card_in_form(fields):
    if "CardNo" not in fields:
        return None
    return fields["CardNo"].replace(" ", ""), fields.get("Cvv", "")


def open_payment(bank, fields, client_ip, path):
    """Return the registered payment of a form; the journal has it either way.

    A form with only ThreeDSessionId is the way to the hosted page.
    """
    payment = find_payment(bank, fields.get("ThreeDSessionId", ""))
    about = {"terminal": "", "order": ""}
    if payment:
        about = {"terminal": payment.terminal.client_id, "order": payment.order_id}
    try:
        _check(bank, payment, fields, path)
    except FormRefused as refused:
        code = f"{refused.code} {refused.text}"
        bank.journal.write(path, "3d_form", "refused", code=code, **about)
        raise
    bank.journal.write(path, "3d_form", "accepted", **about)
    payment.client_ip, payment.path = client_ip, path
    return payment


def _check(bank, payment, fields, path):
    if not payment:
        raise FormRefused("998", "unknown ThreeDSessionId")
    if payment.stage == DONE:
        code, text = codes.SESSION_USED
        raise FormRefused(str(code), text)
    card = card_in_form(fields)
    if path == CARD_FORM and not (card and fields.get("CardHolderName")):
        raise FormRefused("998", "card or holder is missing")
    if card:
        month, _slash, year = fields.get("ExpireDate", "").partition("/")
        number, security_code = card
        whole = (number, month, two_digit_year(year), security_code)
        check_form_card(bank, whole, CARD_CODES)


# -- the return ----------------------------------------------------------------------


def word_message(payment):
    code, text = verdict(payment)
    fields = {
        "ClientId": payment.terminal.client_id,
        "OrderId": payment.order_id,
        "MdStatus": "1" if payment.authenticated else "0",
        "ThreeDSessionId": payment.fields["ThreeDSessionId"],
        "BankResponseCode": code,
        "BankResponseMessage": text,
        "RequestStatus": str(codes.DONE if payment.approved else codes.FAILED),
    }
    fields = sign_return(payment.terminal, fields, payment.faults)
    return Message(payment.fields["callbackUrl"], fields)


def sign_return(terminal, fields, faults):
    fields = {**fields, "HashParameters": ",".join(RETURN_NAMES)}
    return signed(
        fields,
        "Hash",
        lambda key: return_hash(terminal, fields, key),
        terminal.api_password,
        faults,
    )


def verdict(payment):
    """Return BankResponseCode and BankResponseMessage of a concluded payment."""
    if payment.result == AUTHORISED:
        row = payment.transaction
        return row.code, codes.APPROVED_MESSAGE if row.succeeded else row.text
    if payment.result == REFUSED:
        return codes.BANK_REFUSALS[payment.refusal]
    return codes.CANCELLED if payment.result == CANCELLED else codes.NOT_AUTHENTICATED
