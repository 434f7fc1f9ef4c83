"""PosNet's MACs: base64 SHA-256 over values joined with semicolons."""

from ..digests import base64_of


def digest(*values):
    """Return base64 SHA-256 of the values joined with ``;``."""
    text = ";".join(values)
    return base64_of("sha256", text)


def mac(terminal, amount_kurus, first, xid, currency, *, key=None):
    """Return the MAC of a message about one 3-D payment.

    :param first: what the kind of message puts before the xid, as a tuple: nothing in a
        request, mdStatus in the answer to resolve, hostlogkey in that to oosTranData
    :param key: another key than the terminal's, to forge
    """
    first_hash = digest(key or terminal.store_key, terminal.client_id)
    merchant = terminal.extra["merchant_no"]
    return digest(*first, xid, str(amount_kurus), currency, merchant, first_hash)
