from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ONE_DAY = timedelta(days=1)


class PosGatewayAgreementCopy(models.TransientModel):
    """The terms of an agreement for a new period, as a start for the new rates."""

    _name = "pos.gateway.agreement.copy"
    _description = "Copy an Agreement to a New Period"

    agreement_id = fields.Many2one(
        "pos.gateway.agreement", required=True, ondelete="cascade", readonly=True
    )
    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_from = fields.Date(
        "From",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date("Until", help="Empty: until there is a later agreement.")
    overlaps = fields.Boolean(compute="_compute_overlaps")
    old_date_to = fields.Date(
        "Last Day of the Old One",
        compute="_compute_overlaps",
        help="The day before the new one begins.",
    )
    close_old = fields.Boolean(
        "Let the Old One End",
        default=True,
        help="Without it both would be in force on the same days, which is refused.",
    )

    @api.depends("agreement_id")
    def _compute_date_from(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            last = wizard.agreement_id.date_to
            wizard.date_from = last + ONE_DAY if last else today

    @api.depends("agreement_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.agreement_id.name

    @api.depends("agreement_id", "date_from")
    def _compute_overlaps(self):
        for wizard in self:
            old = wizard.agreement_id
            wizard.old_date_to = wizard.date_from and wizard.date_from - ONE_DAY
            wizard.overlaps = bool(
                wizard.date_from
                and (not old.date_to or old.date_to >= wizard.date_from)
            )

    def action_copy(self):
        """Make the new agreement, and open it."""
        self.ensure_one()
        old = self.agreement_id
        if self.overlaps and self.close_old:
            self._close_old()
        new = old.copy(
            {
                "name": self.name,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "active": True,
                "line_ids": [],
            }
        )
        last = old.date_to or fields.Date.to_date("9999-12-31")
        lines = old.line_ids.filtered(
            lambda line: not line.valid_to or line.valid_to >= last
        )
        new.line_ids = [
            fields.Command.create(
                line.copy_data({"valid_from": False, "valid_to": False})[0]
            )
            for line in lines
        ]
        return {
            "type": "ir.actions.act_window",
            "res_model": new._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _close_old(self):
        old = self.agreement_id
        if self.old_date_to < old.date_from:
            raise ValidationError(
                self.env._(
                    "%(name)s begins on %(day)s. The new one has to begin later.",
                    name=old.name,
                    day=fields.Date.to_string(old.date_from),
                )
            )
        late = old.line_ids.filtered(
            lambda line: line.valid_from and line.valid_from > self.old_date_to
        )
        if late:
            raise ValidationError(
                self.env._(
                    "These rates begin only after the old agreement would end: %s."
                    " Take them out, or choose a later day.",
                    "; ".join(late.mapped("display_name")),
                )
            )
        old.write(
            {
                "date_to": self.old_date_to,
                "line_ids": [
                    fields.Command.update(line.id, {"valid_to": self.old_date_to})
                    for line in old.line_ids
                    if line.valid_to and line.valid_to > self.old_date_to
                ],
            }
        )
