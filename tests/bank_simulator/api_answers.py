"""How the bank answers a merchant's server: the faults of an API call, for all."""

from werkzeug.exceptions import InternalServerError
from werkzeug.wrappers import Response

from .app import HangUp
from .payments import DEFAULT_HANG_SECONDS

GARBAGE = b"<html><body>Sistem bakimda</body>"


class ApiRefusal(Exception):
    """Refused before the bank core was asked, with the code and text of the answer."""

    def __init__(self, code, text):
        super().__init__(code)
        self.code = code
        self.text = text


def answer_api(bank, path, operation, order_id, execute):
    """Execute an API call and answer it, in the way that the faults ask for.

    ``execute`` writes the journal itself: a call that was not executed, as with
    ``api_500``, is in the journal only as its fault.

    :param operation: the word that the journal and the faults know it by: register,
        resolve, sale, status, history, capture, void, refund, day_list...
    :param execute: called with the faults of this call, of which those of the signature
        are left to it; returns the Response
    """
    faults = bank.faults.take_for_api(order_id, operation)
    unexecuted = "api_500" in faults and not faults["api_500"].get("executed")
    response = None if unexecuted else execute(faults)
    for kind in faults:
        bank.journal.write(path, operation, "fault", order=order_id[:64], code=kind)
    if "api_drop" in faults:
        raise HangUp()
    if "api_timeout" in faults:
        raise HangUp(faults["api_timeout"].get("seconds", DEFAULT_HANG_SECONDS))
    if "api_500" in faults:
        raise InternalServerError()
    if "api_garbage" in faults:
        return Response(GARBAGE, content_type=response.content_type)
    return response
