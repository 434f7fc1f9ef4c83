from . import (
    dealer_branch_wizard,
    dealer_move_wizard,
    dealer_reject_wizard,
    dealer_invite_wizard,
    dealer_import,
    dealer_statement_wizard,
    dealer_receivable_change,
    dealer_receivable_import,
    dealer_payment_link_send,
    portal_wizard_user,
)
