from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.pos_gateway.const import BANK_TIME_ZONE, PROVIDER_CODE

TIERS = (1, 2, 3)


class DealerCollectionReport(models.Model):
    """What was collected from dealers by card: one row for each payment attempt.

    Reads only, and adds nothing up by itself: a sum over rows with an entry equals what
    the entries debit on the POS slips accounts. Refunds are rows of their own at the
    bank and no attempts; they do not appear here.
    """

    _name = "dealer.collection.report"
    _description = "Collections Analysis"
    _auto = False
    _rec_name = "reference"
    _order = "date desc, id desc"

    reference = fields.Char(
        readonly=True, help="The payment attempt, as the payer's receipt names it."
    )
    collection_id = fields.Many2one("dealer.collection", readonly=True)
    dealer_id = fields.Many2one("dealer.dealer", readonly=True)
    # Nobody but staff learns what stands above a dealer.
    upline_ids = fields.Many2many(
        related="collection_id.upline_ids", groups="base.group_user"
    )
    upline_path = fields.Char(
        "Path in the Dealer Tree", readonly=True, groups="base.group_user"
    )
    tier_1_id = fields.Many2one(
        "dealer.dealer",
        "Tier 1 Dealer",
        readonly=True,
        groups="base.group_user",
        help="The dealer of the first tier under which the money was collected, as it"
        " stood then.",
    )
    tier_2_id = fields.Many2one(
        "dealer.dealer",
        "Tier 2 Dealer",
        readonly=True,
        groups="base.group_user",
        help="The dealer of the second tier, as it stood then. Empty where the first"
        " tier paid itself.",
    )
    tier_3_id = fields.Many2one(
        "dealer.dealer",
        "Tier 3 Dealer",
        readonly=True,
        groups="base.group_user",
        help="The dealer of the third tier, as it stood then. Empty where a dealer"
        " above paid itself.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Debtor",
        readonly=True,
        help="The company whose debt was paid, whoever held the card.",
    )
    provider_id = fields.Many2one(
        "payment.provider", "POS", readonly=True, groups="base.group_user"
    )
    payment_method_id = fields.Many2one(
        "payment.method", readonly=True, groups="base.group_user"
    )
    card_brand = fields.Char(readonly=True)
    installment_count = fields.Integer(
        "Installments", readonly=True, aggregator=None, help="1 is a single payment."
    )
    date = fields.Date(
        readonly=True,
        help="The day on which the attempt took its present state, as the bank counts"
        " days. For a paid one it is the day of the payment in the books.",
    )
    create_date = fields.Datetime("Started On", readonly=True)
    create_hour = fields.Integer(
        "Hour of the Day",
        readonly=True,
        aggregator=None,
        help="The hour in which the payer started, in Turkish time.",
    )
    state = fields.Selection(
        [
            ("draft", "Started"),
            ("pending", "At the Bank"),
            ("authorized", "Pre-authorized"),
            ("done", "Paid"),
            ("cancel", "Cancelled"),
            ("error", "Declined"),
        ],
        "Status",
        readonly=True,
    )
    bank_reason = fields.Char(
        readonly=True,
        groups="base.group_user",
        help="Why the bank refused, as a key that is the same for all banks.",
    )
    attempt_count = fields.Integer(
        "Attempts", readonly=True, help="Payments that were started, paid or not."
    )
    success_count = fields.Integer(
        "Payments", readonly=True, help="Attempts that the bank charged."
    )
    success_rate = fields.Float(
        "Success Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Paid attempts among those whose result is known.",
    )
    amount_base = fields.Monetary(
        "Debt Paid",
        readonly=True,
        help="What was paid of the debt. Paid attempts only.",
    )
    amount_surcharge = fields.Monetary(
        "Surcharge",
        readonly=True,
        help="What was paid on top for installments (vade farkı). Paid attempts only.",
    )
    amount_charged = fields.Monetary(
        "Charged",
        readonly=True,
        help="What the bank took from the card: debt and surcharge. Paid attempts"
        " only.",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, groups="base.group_user"
    )
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        groups="base.group_user",
        help="The posted entry of the payment. Empty for a paid attempt only until it"
        " is booked.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    _depends = {
        "account.move": ["state"],
        "account.payment": ["move_id"],
        "dealer.collection": ["dealer_id", "partner_id", "upline_path"],
        "payment.provider": ["code"],
        "payment.transaction": [
            "reference",
            "amount",
            "company_id",
            "currency_id",
            "dealer_collection_id",
            "gateway_card_brand",
            "gateway_installment_count",
            "gateway_reason",
            "gateway_surcharge_amount",
            "last_state_change",
            "operation",
            "payment_id",
            "payment_method_id",
            "provider_id",
            "state",
        ],
    }

    # === SQL === #

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        return SQL(
            """
            SELECT tx.id,
                   tx.reference,
                   tx.dealer_collection_id AS collection_id,
                   collection.dealer_id,
                   collection.partner_id,
                   collection.upline_path,
                   tx.provider_id,
                   tx.payment_method_id,
                   tx.company_id,
                   tx.currency_id,
                   tx.state,
                   tx.create_date,
                   tx.gateway_card_brand AS card_brand,
                   tx.gateway_reason AS bank_reason,
                   GREATEST(tx.gateway_installment_count, 1) AS installment_count,
                   tx.payment_id,
                   entry.id AS move_id,
                   %s, %s, %s
            """,
            self._select_tiers(),
            self._select_time(),
            self._select_measures(),
        )

    def _select_tiers(self):
        part = "NULLIF(split_part(collection.upline_path, '/', %s), '')::integer AS %s"
        return SQL(", ").join(
            SQL(part, tier, SQL.identifier(f"tier_{tier}_id")) for tier in TIERS
        )

    def _select_time(self):
        return SQL(
            """
            %s::date AS date,
            EXTRACT(HOUR FROM %s)::integer AS create_hour
            """,
            self._in_bank_time(SQL("COALESCE(tx.last_state_change, tx.create_date)")),
            self._in_bank_time(SQL("tx.create_date")),
        )

    def _in_bank_time(self, moment):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", moment, BANK_TIME_ZONE)

    def _select_measures(self):
        """Money counts where it was taken. Debt and surcharge make the charge."""
        return SQL(
            """
            1 AS attempt_count,
            CASE WHEN tx.state = 'done' THEN 1 ELSE 0 END AS success_count,
            CASE WHEN tx.state = 'done' THEN 100.0
                 WHEN tx.state IN ('cancel', 'error') THEN 0.0
            END AS success_rate,
            CASE WHEN tx.state = 'done'
                 THEN tx.amount - COALESCE(tx.gateway_surcharge_amount, 0)
                 ELSE 0
            END AS amount_base,
            CASE WHEN tx.state = 'done'
                 THEN COALESCE(tx.gateway_surcharge_amount, 0)
                 ELSE 0
            END AS amount_surcharge,
            CASE WHEN tx.state = 'done' THEN tx.amount ELSE 0 END AS amount_charged
            """
        )

    def _from(self):
        return SQL(
            """
            FROM payment_transaction tx
            JOIN dealer_collection collection ON collection.id = tx.dealer_collection_id
            JOIN payment_provider provider ON provider.id = tx.provider_id
            LEFT JOIN account_payment payment ON payment.id = tx.payment_id
            LEFT JOIN account_move entry
                   ON entry.id = payment.move_id AND entry.state = 'posted'
            """
        )

    def _where(self):
        return SQL(
            "WHERE provider.code = %s AND tx.operation IS DISTINCT FROM 'refund'",
            PROVIDER_CODE,
        )

    # === ACTIONS === #

    def action_open_collection(self):
        self.ensure_one()
        return self._form_action(self.collection_id)

    def action_open_entry(self):
        self.ensure_one()
        return self._form_action(self.move_id)

    def _form_action(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
