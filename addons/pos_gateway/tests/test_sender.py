import io
import socket
import threading
import time
from contextlib import contextmanager
from unittest.mock import Mock, patch

import requests
import urllib3

from odoo.tests import BaseCase, common, tagged

from ..models import sender
from ..models.sender import NoAnswer, send
from ..protocols.types import Operation, Request
from ..protocols.wire import LIMIT, LIST_LIMIT


@tagged("post_install", "-at_install")
class TestSender(BaseCase):
    def send(
        self,
        status=200,
        body=b"<a/>",
        raw=None,
        operation=Operation.INQUIRY,
        error=None,
    ):
        response = requests.Response()
        response.status_code = status
        response.raw = urllib3.HTTPResponse(
            raw or io.BytesIO(body), preload_content=False
        )
        request = Request(
            "https://bank.example", b"x", "text/xml", operation, "A1", (("X-A", "b"),)
        )
        with patch("requests.post", return_value=response, side_effect=error) as post:
            answer = send(request)
        self.assertFalse(post.call_args.kwargs["allow_redirects"])
        self.assertTrue(post.call_args.kwargs["timeout"])
        self.assertEqual(post.call_args.kwargs["headers"]["X-A"], "b")
        return answer

    def test_a_good_answer_is_read_whole(self):
        self.assertEqual(self.send(body=b"x" * 30_000), b"x" * 30_000)

    def test_a_list_may_be_longer_than_an_answer_about_one_order(self):
        long = b"x" * (LIMIT + 1)
        self.assertEqual(self.send(body=long, operation=Operation.DAY_LIST), long)
        with self.assertRaises(NoAnswer):
            self.send(body=b"x" * (LIST_LIMIT + 1), operation=Operation.DAY_LIST)

    def test_whatever_is_no_good_answer_is_one_kind_of_error(self):
        stalled = Mock(io.BytesIO, closed=False)
        stalled.read.side_effect = urllib3.exceptions.ReadTimeoutError(None, "/", "")
        for values in (
            {"status": 302},
            {"status": 204},
            {"status": 500},
            {"body": b"x" * (LIMIT + 1)},
            {"raw": stalled},
        ):
            with self.subTest(values), self.assertRaises(NoAnswer) as caught:
                self.send(**values)
            self.assertTrue(caught.exception.was_sent)

    def test_only_what_never_left_counts_as_not_sent(self):
        refused = urllib3.exceptions.NewConnectionError(None, "refused")
        never_sent = (
            requests.ConnectTimeout(),
            requests.exceptions.SSLError(
                "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"
            ),
            requests.ConnectionError(
                urllib3.exceptions.MaxRetryError(None, "/", refused)
            ),
        )
        perhaps_sent = (
            requests.ReadTimeout(),
            requests.exceptions.SSLError("UNEXPECTED_EOF_WHILE_READING"),
            requests.ConnectionError(urllib3.exceptions.ProtocolError("reset")),
            requests.exceptions.ChunkedEncodingError(),
        )
        for error in (*never_sent, *perhaps_sent):
            with self.subTest(error), self.assertRaises(NoAnswer) as caught:
                self.send(error=error)
            self.assertEqual(caught.exception.was_sent, error in perhaps_sent)

    # === A BANK THAT IS NEVER LATE === #

    @contextmanager
    def dripping_bank(self, start):
        """A bank that sends a byte every now and then, and never comes to an end."""
        is_over = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(5)

        def serve():
            connection, _address = listener.accept()
            connection.recv(65536)
            connection.sendall(start)
            while not is_over.wait(0.05):
                connection.sendall(b"x")
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            is_over.set()
            thread.join()
            listener.close()

    def test_an_answer_that_only_drips_is_too_late(self):
        for start in (b"", b"HTTP/1.0 200 OK\r\nA: ", b"HTTP/1.0 200 OK\r\n\r\n"):
            with (
                self.subTest(start),
                patch.object(sender, "BANK_DEADLINE", 0.6),
                # Odoo's own one cannot read a pair of time limits.
                patch("requests.Session.send", common._super_send),
                self.dripping_bank(start) as url,
            ):
                request = Request(url, b"x", "text/xml", Operation.REFUND, "A1")
                began = time.monotonic()
                with self.assertRaises(NoAnswer) as caught:
                    send(request)
                self.assertLess(time.monotonic() - began, 3)
                self.assertEqual(caught.exception.kind, "timeout")
                self.assertTrue(caught.exception.was_sent)
