"""Reading what a merchant's server posts: JSON objects of texts."""

import json


class BadRequest(Exception):
    """Answered with an HTTP status and ``{code, message}``, no virtual POS answer."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text


def read_body(body):
    """Return the JSON object; numbers stay the texts that they came as."""
    try:
        message = json.loads(body, parse_float=str, parse_int=str)
    except ValueError:
        raise BadRequest(400, "not JSON") from None
    if not isinstance(message, dict):
        raise BadRequest(400, "not a JSON object")
    return message


def text_of(message, holder, name):
    """Return a text of a nested object, empty when it is absent or no text."""
    inner = message.get(holder)
    value = inner.get(name) if isinstance(inner, dict) else ""
    return value if isinstance(value, str) else ""
