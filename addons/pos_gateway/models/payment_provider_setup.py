from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import PROVIDER_CODE

STEPS = ("bank", "credentials", "test", "on", "next")


class PaymentProvider(models.Model):
    """The guided set-up: a form of its own, one step at a time."""

    _inherit = "payment.provider"

    gateway_setup_step = fields.Selection(
        [
            ("bank", "Bank"),
            ("credentials", "Credentials"),
            ("test", "Test Connection"),
            ("on", "Test Mode On"),
            ("next", "What Next"),
        ],
        "Step",
        default="bank",
        copy=False,
    )

    def action_gateway_set_up(self):
        """Start or go on with a POS that is not set up yet, whatever is selected."""
        self.check_access("create")
        company = self.env.company.root_id
        provider = self.search(
            [
                ("code", "=", PROVIDER_CODE),
                ("company_id", "=", company.id),
                ("state", "=", "disabled"),
                ("gateway_setup_step", "!=", "next"),
            ],
            limit=1,
        ) or self._gateway_make_blank(company)
        return provider._gateway_open_setup()

    def action_gateway_continue_set_up(self):
        """Open the guided set-up of this POS."""
        self.ensure_one()
        self.check_access("write")
        return self._gateway_open_setup()

    def action_gateway_setup_next(self):
        """Check the step, do what it says, and go to the next one."""
        self.ensure_one()
        self.check_access("write")
        match self.gateway_setup_step:
            case "bank":
                if not self.gateway_bank:
                    raise ValidationError(self.env._("Choose your bank first."))
                if self.name in ("Virtual POS", self.env._("Virtual POS")):
                    self.name = f"{self._gateway_bank().name} POS"
            case "credentials":
                self._gateway_check_credentials()
            case "on":
                self.state = "test"
        position = STEPS.index(self.gateway_setup_step or STEPS[0])
        self.gateway_setup_step = STEPS[min(position + 1, len(STEPS) - 1)]
        return self._gateway_open_setup()

    def action_gateway_setup_back(self):
        """Go back by one step."""
        self.ensure_one()
        self.check_access("write")
        position = STEPS.index(self.gateway_setup_step or STEPS[0])
        self.gateway_setup_step = STEPS[max(position - 1, 0)]
        return self._gateway_open_setup()

    @api.model
    def _gateway_make_blank(self, company):
        # The one that was installed may be another company's: only its looks are taken.
        model_sudo = self.env.ref("pos_gateway.payment_provider").sudo()
        return model_sudo.copy(
            {
                "name": self.env._("Virtual POS"),
                "company_id": company.id,
                "gateway_bank": False,
            }
        ).with_env(self.env)

    def _gateway_open_setup(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Up a Virtual POS"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("pos_gateway.payment_provider_setup").id, "form")],
            "target": "new",
        }
