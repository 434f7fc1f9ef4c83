"""Messages that the bank itself posts to the merchant's server."""

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

TIMEOUT_SECONDS = 30
# The bank's own answer is on its way before its notice is.
NOTICE_DELAY_SECONDS = 0.2


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is the merchant's answer; a bank does not follow it."""

    def redirect_request(self, *_args):
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def post(message, headers):
    """Post a message; return ``{"status": ...}`` or ``{"error": ...}``."""
    request = _request(message, headers)
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return {"status": answer.status}
    except urllib.error.HTTPError as error:
        with error:
            return {"status": error.code, "location": error.headers.get("Location")}
    except OSError as error:
        return {"error": type(error).__name__}


def _request(message, headers):
    text = urllib.parse.urlencode(message.fields)
    if message.method == "GET":
        joint = "&" if "?" in message.target else "?"
        return urllib.request.Request(message.target + joint + text, headers=headers)
    request = urllib.request.Request(
        message.target, data=text.encode("ascii"), headers=headers
    )
    request.add_header(
        "Content-Type", "application/x-www-form-urlencoded; charset=utf-8"
    )
    return request


def deliver(bank, order, message, *, times=1, concurrent=False, headers=None):
    """Post a message several times; return the answers in the order of sending."""
    headers = {**bank.merchant_headers, **(headers or {})}
    workers = min(times, 64) if concurrent else 1
    with ThreadPoolExecutor(max_workers=workers) as pool:
        answers = list(pool.map(lambda _n: post(message, headers), range(times)))
    for answer in answers:
        bank.journal.write(
            urllib.parse.urlsplit(message.target).path,
            "delivery",
            "delivered" if "status" in answer else "failed",
            terminal=order.client_id,
            order=order.order_id,
            code=str(answer.get("status") or answer["error"]),
        )
    return answers


def deliver_later(bank, order, message, times=1):
    """Post from a thread of its own, so that no merchant waits for itself."""

    def run():
        time.sleep(NOTICE_DELAY_SECONDS)
        deliver(bank, order, message, times=times)

    threading.Thread(target=run, daemon=True, name="delivery").start()
