"""What "below a dealer" means. Nothing else in the product decides it.

Two questions look alike and have different answers:

* *Who is below me today?* Follows the tree as it stands: ``below``.
* *What happened below me?* Follows the tree as it stood when it happened: each document
  keeps its dealer and all ancestors of that time in ``upline_ids``
  (``DealerUplineMixin``), and ``happened_below`` asks for them. A dealer that
  moves takes its future along, not its past.

Record rules call ``user._dealer_below_domain()`` and ``user._dealer_history_domain()``;
portal and reports use the same functions.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL


def below(dealer, path="id"):
    """:return: domain of what belongs to the dealer or to a dealer below it today"""
    return Domain(path, "child_of", dealer.ids) if dealer else Domain.FALSE


def happened_below(dealer, path="upline_ids"):
    """:return: domain of documents that came about at the dealer or below it"""
    return Domain(path, "in", dealer.ids) if dealer else Domain.FALSE


def upline(dealer):
    """:return: the dealer and everything above it, archived ones too"""
    every = dealer.with_context(active_test=False)
    return every.search(Domain("id", "parent_of", dealer.ids))


def is_below(dealer, other):
    """:return: whether ``dealer`` is ``other`` or stands below it"""
    return other in upline(dealer)


def pairs(dealers):
    """:return: SQL of rows (root_id, dealer_id, partner_id, company_id): each of the
    dealers with itself and everything below it, archived ones too
    """
    return SQL(
        """
        SELECT root.id AS root_id, dealer.id AS dealer_id, dealer.partner_id,
               dealer.company_id
          FROM dealer_dealer root
          JOIN dealer_dealer dealer
            ON dealer.parent_path LIKE root.parent_path || '%%'
         WHERE root.id IN %s
        """,
        tuple(dealers.ids),
    )


def hold_upline(dealer):
    """Make concurrent moves in this branch collide, so that one is replayed.

    A cycle can come from two moves of which neither sees the other. Rewriting the rows
    above (to the same values) turns that into a serialization failure.
    """
    dealer.env.cr.execute(
        SQL(
            "UPDATE dealer_dealer SET write_date = write_date WHERE id IN %s",
            tuple(upline(dealer).ids),
        )
    )


class DealerUplineMixin(models.AbstractModel):
    """A document that stays with the dealers under which it came about."""

    _name = "dealer.upline.mixin"
    _description = "Document of a Dealer"

    dealer_id = fields.Many2one(
        "dealer.dealer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    upline_ids = fields.Many2many(
        "dealer.dealer",
        string="Dealers Above",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The dealer and all dealers above it when this came about. They keep the"
        " right to see it, whatever happens in the tree later.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # sudo: whoever may create the document need not see the dealers above
            dealer_sudo = self.env["dealer.dealer"].sudo().browse(vals.get("dealer_id"))
            vals["upline_ids"] = [Command.set(upline(dealer_sudo).ids)]
        return super().create(vals_list)

    def write(self, vals):
        if "upline_ids" in vals or any(
            "dealer_id" in vals and record.dealer_id.id != vals["dealer_id"]
            for record in self
        ):
            raise UserError(
                self.env._("A document stays with the dealer it was made for.")
            )
        return super().write(vals)


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Forget cached record rules when a user becomes another person."""
        result = super().write(vals)
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return result

    def _get_dealer_node(self):
        """The dealer for which this user acts, or nothing.

        Only people of the dealer itself act for it. A customer of a dealer belongs to
        the dealer's node as well (``res.partner.dealer_id``), but sees nothing by that.

        :return: `dealer.dealer` record in sudo mode: the rules cannot be asked, as they
            are made from it
        """
        self.ensure_one()
        company_sudo = self.sudo().partner_id.commercial_partner_id
        dealer_sudo = company_sudo.dealer_id
        if (
            dealer_sudo.active
            and dealer_sudo.partner_id == company_sudo
            and dealer_sudo.company_id in self.sudo().company_ids
        ):
            return dealer_sudo
        return dealer_sudo.browse()

    def _dealer_below_domain(self, path="id"):
        """For record rules. The result is cached per user: see `res.partner.write`."""
        return list(below(self._get_dealer_node(), path))

    def _dealer_receivable_domain(self, prefix=""):
        """What is owed to the dealer or to one below it, and what the dealer owes."""
        node_sudo = self._get_dealer_node()
        owed_to = below(node_sudo, f"{prefix}creditor_id")
        return list(owed_to | Domain(f"{prefix}debtor_dealer_id", "in", node_sudo.ids))

    def _dealer_history_domain(self, path="upline_ids"):
        return list(happened_below(self._get_dealer_node(), path))
