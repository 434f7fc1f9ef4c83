"""The refusal of a message before the bank core is asked."""


class ApiRefusal(Exception):
    """``code`` and ``text`` are respCode and respText of the answer."""

    def __init__(self, code, text):
        super().__init__(code)
        self.code = code
        self.text = text
