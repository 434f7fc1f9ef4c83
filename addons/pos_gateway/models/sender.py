"""Takes one request to a bank and brings the answer back. Never tries twice."""

import queue
import threading

import requests
from urllib3.exceptions import NewConnectionError

from ..const import BANK_DEADLINE, BANK_TIMEOUT
from ..protocols.types import Request
from ..protocols.wire import limit_of


class NoAnswer(Exception):
    """There is no complete, good answer.

    :ivar kind: one short word for logs and people: ``timeout``, ``tls``,
        ``connection``, ``status`` (HTTP, in ``detail``), ``size`` or ``other``
    :ivar was_sent: False only if the bank certainly got nothing
    """

    def __init__(self, kind: str, was_sent: bool, detail: str = ""):
        self.kind, self.was_sent, self.detail = kind, was_sent, detail
        super().__init__(f"{kind} {detail}".strip())


def send(request: Request, headers: dict | None = None) -> bytes:
    """:param headers: takes up the headers of any answer, names in small letters
    :return: the body of the bank's answer

    :raise NoAnswer: whatever else happened
    """
    told, answers = {}, queue.SimpleQueue()

    def speak():
        try:
            answers.put(_exchange(request, told))
        except BaseException as error:  # raised below, to whoever waits
            answers.put(error)

    # In a thread, because only that can be left behind: the time limits of a socket
    # start anew with each byte, and a name server has none.
    threading.Thread(target=speak, name="bank", daemon=True).start()
    try:
        answer = answers.get(timeout=BANK_DEADLINE)
    except queue.Empty:
        raise NoAnswer("timeout", True, "deadline") from None
    if headers is not None:
        headers.update(told)
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _exchange(request: Request, headers: dict) -> bytes:
    limit = limit_of(request.operation)
    try:
        with requests.post(
            request.url,
            data=request.body,
            headers={"Content-Type": request.content_type, **dict(request.headers)},
            timeout=BANK_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            headers.update((n.lower(), v) for n, v in response.headers.items())
            if response.status_code != 200:
                raise NoAnswer("status", True, str(response.status_code))
            return _read(response, limit)
    except requests.RequestException as error:
        raise NoAnswer(*_what_happened(error)) from None


def _read(response, limit: int) -> bytes:
    body = b""
    # Not raw.read: its errors are urllib3's own, not requests'.
    for piece in response.iter_content(8192):
        body += piece
        if len(body) > limit:
            raise NoAnswer("size", True)
    return body


def _what_happened(error: requests.RequestException) -> tuple[str, bool]:
    if isinstance(error, requests.exceptions.SSLError):
        # A line that breaks later is an error of TLS as well: only this comes before.
        return "tls", "CERTIFICATE_VERIFY_FAILED" not in str(error)
    if isinstance(error, requests.ConnectTimeout):
        return "timeout", False
    if isinstance(error, requests.Timeout):
        return "timeout", True
    if isinstance(error, requests.ConnectionError):
        cause = getattr(error.args[0] if error.args else None, "reason", None)
        return "connection", not isinstance(cause, NewConnectionError)
    return "other", True
