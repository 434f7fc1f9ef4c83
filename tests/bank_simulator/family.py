"""What a protocol family brings to the bank."""


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


class Family:
    """One protocol family: a package beside ``nestpay`` with a class of this kind.

    ``families.PACKAGES`` lists the packages; nothing else knows them by name.
    """

    name: str

    def __init__(self, bank):
        self.bank = bank

    def routes(self):
        """Return rows of (URL pattern, methods, endpoint) for the application."""
        raise NotImplementedError

    def open_payment(self, fields, client_ip, path):
        """Verify a posted form; return a Payment or raise FormRefused."""
        raise NotImplementedError

    def card_in_form(self, fields):
        """Return number and security code if the form has the card, else None."""
        card = self.card_of(fields)
        return card and (card[0], card[3])

    def card_of(self, _fields):
        """Return number, month, year and security code in a form, or None."""
        return None

    def own_page(self, _payment):
        """Return the page that a payment is at, where it is none of the common ones."""
        return None

    def word(self, bank, order, payment):
        """Return the signed messages of a concluded payment.

        A pair: the one that goes through the browser, and the one from server to
        server or None.
        """
        raise NotImplementedError

    def sign(self, client_id, fields):
        """Return the fields with a genuine signature of the bank."""
        raise NotImplementedError

    def result_delay_seconds(self, payment):
        """Return how long the result page waits before it sends itself."""
        return 1
