"""Hashes of Tosla: base64 SHA-512 over the password and values put end to end."""

from ..digests import base64_of

RETURN_NAMES = (
    "ClientId",
    "ApiUser",
    "OrderId",
    "MdStatus",
    "BankResponseCode",
    "BankResponseMessage",
    "RequestStatus",
)


def digest(api_password, values):
    text = api_password + "".join(values)
    return base64_of("sha512", text)


def request_hash(terminal, rnd, time_span):
    return digest(
        terminal.api_password,
        (terminal.client_id, terminal.api_user, rnd, time_span),
    )


def return_hash(terminal, fields, api_password):
    """Hash a return; who the merchant is comes from his account, not the message."""
    known = {**fields, "ClientId": terminal.client_id, "ApiUser": terminal.api_user}
    return digest(api_password, [known.get(name, "") for name in RETURN_NAMES])
