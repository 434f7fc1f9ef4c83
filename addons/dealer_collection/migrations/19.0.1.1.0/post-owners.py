from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Whoever acted for a dealer before there were roles is an owner of it."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    group = env.ref("dealer_collection.group_dealer_portal")
    group.with_context(active_test=False).user_ids._note_dealer_people()
