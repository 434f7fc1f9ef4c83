import io
from unittest.mock import Mock, patch

import requests
import urllib3

from odoo.tests import BaseCase, tagged

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
