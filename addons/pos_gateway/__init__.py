from odoo.addons.payment import reset_payment_provider, setup_provider

from . import controllers, models, wizards
from .const import PROVIDER_CODE


def post_init_hook(env):
    setup_provider(env, PROVIDER_CODE)
    # The companies were there before the sectors and products that they begin with.
    companies = env["res.company"].search([])
    for name in ("gateway_sector_id", "gateway_cost_product_id"):
        value = companies.default_get([name]).get(name)
        companies.filtered(lambda company, name=name: not company[name])[name] = value


def uninstall_hook(env):
    reset_payment_provider(env, PROVIDER_CODE)
