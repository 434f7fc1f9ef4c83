from . import (
    dealer_branch_wizard,
    dealer_move_wizard,
    dealer_invite_wizard,
    dealer_import,
)
