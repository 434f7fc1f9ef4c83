from . import (
    account_payment,
    ir_http,
    payment_provider,
    payment_provider_books,
    payment_transaction,
    payment_transaction_books,
    payment_transaction_inquiry,
    payment_transaction_outcome,
    pos_gateway_chain,
    pos_gateway_inbox,
    pos_gateway_message,
    pos_gateway_offer,
)
