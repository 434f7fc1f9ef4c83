"""Keeps what banks send in an address out of the server's access log.

Some banks bring the payer back with their message in the address. It may hold more than
it should, and the log of requests would keep it for ever.
"""

import logging
import re

# The log writes an address as people read it: with blanks and quotes in it.
_QUERY = re.compile(r"(/payment/pos_gateway/[^\s?]*\?)(?:.*(?= HTTP/)|.*)", re.DOTALL)


def without_query(text):
    """
    >>> without_query('"GET /payment/pos_gateway/return/A?Pan=4 HTTP/1.1" 303')
    '"GET /payment/pos_gateway/return/A?*** HTTP/1.1" 303'
    """
    return _QUERY.sub(r"\1***", text) if isinstance(text, str) else text


class WithoutQuery(logging.Filter):
    def filter(self, record):
        record.msg = without_query(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(without_query(part) for part in record.args)
        return True


logging.getLogger("werkzeug").addFilter(WithoutQuery())
