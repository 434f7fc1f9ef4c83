"""Which changes forget the price tables that are kept for the payer's page."""

from odoo import api, models


class PosGatewayKept(models.AbstractModel):
    """Prices depend on it: who changes it clears what was kept, in every process."""

    _name = "pos.gateway.kept"
    _description = "What Prices Depend On"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class PaymentProvider(models.Model):
    _name = "payment.provider"
    _inherit = ["payment.provider", "pos.gateway.kept"]


class PosGatewayOffer(models.Model):
    _name = "pos.gateway.offer"
    _inherit = ["pos.gateway.offer", "pos.gateway.kept"]


class PosGatewayOfferLine(models.Model):
    _name = "pos.gateway.offer.line"
    _inherit = ["pos.gateway.offer.line", "pos.gateway.kept"]


class PosGatewayLimit(models.Model):
    _name = "pos.gateway.limit"
    _inherit = ["pos.gateway.limit", "pos.gateway.kept"]


class PosGatewayInstallmentCap(models.Model):
    _name = "pos.gateway.installment.cap"
    _inherit = ["pos.gateway.installment.cap", "pos.gateway.kept"]


class PosGatewayVolumePromise(models.Model):
    _name = "pos.gateway.volume.promise"
    _inherit = ["pos.gateway.volume.promise", "pos.gateway.kept"]


class ResPartnerCategory(models.Model):
    _name = "res.partner.category"
    _inherit = ["res.partner.category", "pos.gateway.kept"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "pos.gateway.kept"]


class PosGatewayBin(models.Model):
    _name = "pos.gateway.bin"
    _inherit = ["pos.gateway.bin", "pos.gateway.kept"]
