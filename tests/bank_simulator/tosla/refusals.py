"""The refusal of a request before the bank core is asked."""


class ApiRefusal(Exception):
    """``code`` and ``text`` are Code and Message of the answer."""

    def __init__(self, code, text):
        super().__init__(code)
        self.code = code
        self.text = text
