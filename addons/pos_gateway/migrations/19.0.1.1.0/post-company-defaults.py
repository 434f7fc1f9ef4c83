from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Companies from before there were sectors and a product of the bank's cost begin
    with the general ones, as new companies do; active POS get a commission account.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].search([])
    for name in ("gateway_sector_id", "gateway_cost_product_id"):
        value = companies.default_get([name]).get(name)
        companies.filtered(lambda company, name=name: not company[name])[name] = value
    providers = env["payment.provider"].search([("code", "=", "pos_gateway")])
    providers._gateway_set_up_books()
