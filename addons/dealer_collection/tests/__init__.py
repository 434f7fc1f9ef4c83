from . import (
    test_money,
    test_tree,
    test_history,
    test_panel,
    test_collection,
    test_attempt,
    test_chain,
    test_chain_sequences,
    test_rights,
    test_portal_open_items,
    test_portal_collection,
    test_tidy,
)
