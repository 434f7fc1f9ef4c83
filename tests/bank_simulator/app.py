"""The WSGI application: routes of all subjects and families, limits, hanging up."""

import socket
import sys
import time

from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

MAX_BODY_BYTES = 128 * 1024


class HangUp(Exception):
    """Raised by an endpoint when the bank shall not answer."""

    def __init__(self, seconds=0):
        super().__init__(seconds)
        self.seconds = seconds


class BankRequest(Request):
    max_content_length = MAX_BODY_BYTES
    max_form_memory_size = MAX_BODY_BYTES
    max_form_parts = 500


class BankApp:
    """Dispatches to endpoints ``endpoint(request, **arguments) -> Response``."""

    def __init__(self, routes):
        """
        :param routes: rows of (URL pattern, tuple of methods, endpoint)
        """
        self._map = Map(
            Rule(pattern, methods=methods, endpoint=endpoint)
            for pattern, methods, endpoint in routes
        )

    def __call__(self, environ, start_response):
        try:
            response = self._dispatch(environ)
        except HangUp as hang_up:
            response = _hang_up(environ, hang_up.seconds)
        return response(environ, start_response)

    def _dispatch(self, environ):
        request = BankRequest(environ)
        try:
            endpoint, arguments = self._map.bind_to_environ(environ).match()
            response = endpoint(request, **arguments)
        except HTTPException as error:
            return error.get_response(environ)
        except HangUp:
            raise
        except Exception as error:  # the process must go on serving
            _report(error)
            return InternalServerError().get_response(environ)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _report(error):
    """Name an error and its place on stderr, without any value of the request."""
    frame = error.__traceback__
    while frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}"
    print(f"error {type(error).__name__} at {place}", file=sys.stderr, flush=True)


def _hang_up(environ, seconds):
    """Wait, then close the connection under the answer that nobody shall get."""
    time.sleep(seconds)
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was faster
    return Response(status=444)
