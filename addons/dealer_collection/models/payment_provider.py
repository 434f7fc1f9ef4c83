from odoo import api, fields, models

# What comes in beside the card; each payment is a transaction of one of these.
DECLARED_MODES = {"cash": "dealer_cash", "cheque": "dealer_cheque"}
TRANSFER_MODE = "wire_transfer"


class PaymentProvider(models.Model):
    """Cash and cheques that somebody declares, as custom modes of core's provider."""

    _inherit = "payment.provider"

    custom_mode = fields.Selection(
        selection_add=[("dealer_cash", "Cash"), ("dealer_cheque", "Cheque")],
        ondelete={"dealer_cash": "set null", "dealer_cheque": "set null"},
    )

    def _get_default_payment_method_codes(self):
        if self.custom_mode in DECLARED_MODES.values():
            return {self.custom_mode}
        return super()._get_default_payment_method_codes()

    @api.model
    def _get_compatible_providers(self, *args, **kwargs):
        """Cash and cheques are declared on a page of their own, never chosen here."""
        providers = super()._get_compatible_providers(*args, **kwargs)
        return providers.filtered(
            lambda one: one.custom_mode not in DECLARED_MODES.values()
        )

    @api.model
    def _dealer_declared(self, company, method):
        """:return: the provider of cash or cheques of a company, made when it is first
        needed, in sudo mode
        """
        mode = DECLARED_MODES[method]
        domain = [("custom_mode", "=", mode), ("company_id", "=", company.id)]
        found = self.sudo().search(domain, limit=1)
        if found:
            return found
        labels = {"cash": self.env._("Cash"), "cheque": self.env._("Cheque")}
        payment_method = self.env.ref(f"dealer_collection.payment_method_{method}")
        return self.sudo().create(
            {
                "name": labels[method],
                "code": "custom",
                "custom_mode": mode,
                "company_id": company.id,
                "state": "enabled",
                "is_published": False,
                "redirect_form_view_id": self.env.ref(
                    "payment_custom.redirect_form"
                ).id,
                "payment_method_ids": [fields.Command.set(payment_method.ids)],
            }
        )
