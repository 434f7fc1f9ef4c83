from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.pos_gateway.models.locks import lock_document

from ..money import allocate, to_major, to_minor

MOST_PAYER_NAME = 80


class DealerPaymentLink(models.Model):
    """What happens when somebody uses a link: a collection, made or found again.

    All of it runs for visitors without a login, in sudo mode: what is written is
    decided here, by the link alone.
    """

    _inherit = "dealer.payment.link"

    def _is_overdue(self):
        return self.date_expiry <= fields.Datetime.now()

    def _refusal(self, own=None):
        """:return: why nothing can be paid with the link now, or an empty text

        :param dealer.collection own: that is to be paid; what else the link has made
            counts, this does not
        """
        self.ensure_one()
        _ = self.env._
        dealer = self.dealer_id.name
        if self.close_reason == "cancelled":
            return _("%s has withdrawn this payment link.", dealer)
        if self.close_reason == "expired" or self._is_overdue():
            return _("This payment link has expired. Ask %s for another one.", dealer)
        if not self.dealer_id.active or self.dealer_id.state != "active":
            return _("%s takes no payments at the moment.", dealer)
        return self._refusal_by_use(own or self.env["dealer.collection"])

    def _refusal_by_use(self, own):
        _ = self.env._
        others = (self.collection_ids - own).mapped("state")
        is_closed = self.receivable_ids and not any(
            self.receivable_ids.mapped("amount_open")
        )
        if "paid" in others and (self.is_single_use or is_closed):
            return _("This payment link has been paid already. Nothing more is due.")
        if self.is_single_use and "processing" in others:
            return _(
                "A payment with this link is under way at the bank. Wait for its result"
                " before you try again."
            )
        if self.receivable_ids and not own and not self._minor_open():
            return _(
                "What this link is for has been paid meanwhile, or a payment for it is"
                " under way."
            )
        return ""

    # === HOW MUCH === #

    def _minor_open(self):
        """:return: what can still be paid of the receivables, in minor units"""
        amounts = self.receivable_ids._payable_amounts()
        return sum(self._minor(amount) for amount in amounts.values())

    def _minor(self, amount):
        return to_minor(amount, self.currency_id.decimal_places)

    def _money(self, minor):
        return self.currency_id.format(
            float(to_major(minor, self.currency_id.decimal_places))
        )

    def _minor_to_pay(self, typed=None):
        """:param Decimal typed: what the payer typed, where he chooses
        :raise UserError: with a text for the payer
        """
        _ = self.env._
        if self.amount_kind == "open":
            return self._minor_open()
        if self.amount_kind == "fixed":
            minor = self._minor(self.amount)
        else:
            minor = self._minor_typed(typed)
        if self.receivable_ids and minor > self._minor_open():
            raise UserError(
                _(
                    "Only %s can still be paid. A larger amount is not taken.",
                    self._money(self._minor_open()),
                )
            )
        return minor

    def _minor_typed(self, typed):
        _ = self.env._
        if typed is None:
            raise UserError(
                _("This is not an amount. Write it like 1250.40 or 1.250,40.")
            )
        minor = self._minor(typed)
        decimals = self.currency_id.decimal_places
        if to_major(minor, decimals) != typed:
            raise UserError(
                _(
                    "The amount has more decimals than %s has.",
                    self.currency_id.name,
                )
            )
        lowest = self._minor(self.amount_min)
        highest = self._minor(self.amount_max)
        if minor <= 0:
            raise UserError(_("The amount must be more than zero."))
        if minor < lowest:
            raise UserError(_("At least %s is taken here.", self._money(lowest)))
        if highest and minor > highest:
            raise UserError(_("At most %s is taken here.", self._money(highest)))
        return minor

    # === USE === #

    def _use(self, typed=None, payer_name="", known=None):
        """Make the collection that this visitor pays.

        :param Decimal typed: the amount, where the payer chooses it
        :param str payer_name: who pays, where the link does not say it
        :param dealer.collection known: what the same browser made before
        :raise UserError: with a text for the payer
        """
        self.ensure_one()
        lock_document(self)
        refusal = self._refusal()
        if refusal:
            raise UserError(refusal)
        payer_name = " ".join((payer_name or "").split())[:MOST_PAYER_NAME]
        if not self.partner_id and len(payer_name) < 3:
            raise UserError(self.env._("Say who pays: your name or your company's."))
        values = self._collection_values(self._minor_to_pay(typed), payer_name)
        same = self._find_same(values, known)
        if same:
            return same
        collection = self.env["dealer.collection"].create(values)
        collection.message_post(
            body=self.env._("Opened with the payment link %s.", self.name)
        )
        return collection

    def _collection_values(self, minor, payer_name):
        decimals = self.currency_id.decimal_places
        parts = self._parts(minor)
        rest = minor - sum(parts.values())
        return {
            "kind": "receivable" if parts else "on_account",
            "link_id": self.id,
            "dealer_id": self.dealer_id.id,
            "partner_id": (self.partner_id or self.dealer_id.partner_id).id,
            "payer_name": payer_name if not self.partner_id else False,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount_on_account": float(to_major(rest, decimals)),
            "date_expiry": min(
                self.date_expiry,
                self.env["dealer.collection"].default_get(["date_expiry"])[
                    "date_expiry"
                ],
            ),
            "line_ids": [
                Command.create(
                    {
                        "receivable_id": receivable_id,
                        "amount": float(to_major(part, decimals)),
                    }
                )
                for receivable_id, part in parts.items()
            ],
        }

    def _parts(self, minor):
        """:return: dict of receivable id -> how much of it is paid, in minor units"""
        if not self.receivable_ids or minor <= 0:
            return {}
        open_amounts = self.receivable_ids._payable_amounts()
        debts = self.receivable_ids.sorted(lambda row: (row.date_due, row.id))
        parts = allocate(minor, [self._minor(open_amounts[debt.id]) for debt in debts])
        return {debt.id: part for debt, part in zip(debts, parts, strict=True) if part}

    def _find_same(self, values, known):
        """A form that is sent twice makes one collection.

        Where the link names the debtor, anybody who has it sees the same collection.
        Otherwise only the browser that made it does: it says who pays.
        """
        candidates = self.collection_ids if self.partner_id else known
        if not candidates:
            return self.env["dealer.collection"]
        lines = {
            command[2]["receivable_id"]: command[2]["amount"]
            for command in values["line_ids"]
        }
        return candidates.filtered(
            lambda row: (
                row.link_id == self
                and row.state in ("open", "processing")
                and not row._is_overdue()
                and (row.payer_name or False) == values["payer_name"]
                and row.amount_on_account == values["amount_on_account"]
                and {line.receivable_id.id: line.amount for line in row.line_ids}
                == lines
            )
        )[:1]
