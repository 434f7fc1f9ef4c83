from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AgreementController(http.Controller):
    @http.route(
        '/pos_gateway/agreement/<model("pos.gateway.agreement"):agreement>/rates.xlsx',
        type="http",
        auth="user",
        readonly=True,
    )
    def rates(self, agreement):
        """The rates of an agreement as a file."""
        agreement.check_access("read")
        content = agreement._grid()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{agreement.name}.xlsx")),
            ],
        )
