from . import (
    list_import,
    pos_gateway_agreement_copy,
    pos_gateway_agreement_import,
    pos_gateway_bin_import,
    pos_gateway_question,
    pos_gateway_what_if,
)
