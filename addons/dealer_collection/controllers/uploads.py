"""One file that comes with a form."""

from odoo.exceptions import UserError
from odoo.http import request

MAX_BODY = 12 * 1024 * 1024
MAX_FILE = 10 * 1024 * 1024


def read_upload(upload):
    """
    :param upload: what the form has under the name of the file, or nothing
    :return: (name, content), or None
    :raise UserError: if it is too large
    """
    if not upload or not getattr(upload, "filename", ""):
        return None
    content = upload.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise UserError(request.env._("A file has at most 10 MB."))
    return upload.filename[-120:], content


def attach(record_sudo, file):
    """Put it into the chatter of a document.

    :param file: of ``read_upload``
    """
    if file:
        record_sudo.message_post(attachments=[file])
