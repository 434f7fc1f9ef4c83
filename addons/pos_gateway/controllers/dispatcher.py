from odoo.http import HttpDispatcher


class BankMessageDispatcher(HttpDispatcher):
    """Routes of type ``bank_message`` get the body as bytes, exactly as it came.

    The usual dispatcher reads a form into a dict first: repeated names, the order of
    the fields and broken characters are lost, and with them what a signature covers.
    """

    routing_type = "bank_message"
    mimetypes = ()

    def dispatch(self, endpoint, args):
        # Cached: a request that Odoo replays must find the body again.
        body = self.request.httprequest.get_data(cache=True, parse_form_data=False)
        self.request.params = dict(args, body=body)
        return self.request.registry["ir.http"]._dispatch(endpoint)
