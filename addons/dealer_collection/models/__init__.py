from . import (
    dealer_subtree,
    dealer_dealer,
    dealer_dealer_figures,
    res_partner,
    account_move,
    dealer_collection,
    dealer_collection_line,
    dealer_collection_attempt,
    dealer_collection_charged,
    dealer_collection_receipt,
    payment_transaction,
    account_payment,
)
