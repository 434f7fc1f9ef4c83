"""What a protocol family brings to the bank."""

from typing import Protocol


class FormRefused(Exception):
    """The bank does not open a payment from this form.

    ``returned`` is the message that tells the merchant so, where the family posts one;
    without it the payer just sees the bank's error page.
    """

    def __init__(self, code, text, returned=None):
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
        self.returned = returned


class Family(Protocol):
    """One protocol family: a package beside ``nestpay`` with a class like this.

    ``families.PACKAGES`` lists the packages; nothing else knows them by name.
    """

    name: str

    def routes(self):
        """Return rows of (URL pattern, methods, endpoint) for the application."""

    def open_payment(self, fields, client_ip, path):
        """Verify a posted form; return a Payment or raise FormRefused."""

    def card_in_form(self, fields):
        """Return number and security code if the form has the card, else None.

        Optional: only families whose form may carry the card have this.
        """

    def word(self, bank, order, payment):
        """Return the signed messages of a concluded payment.

        A pair: the one that goes through the browser, and the one from server to
        server or None.
        """

    def sign(self, client_id, fields):
        """Return the fields with a genuine signature of the bank."""

    def result_delay_seconds(self, payment):
        """Return how long the result page waits before it sends itself."""
