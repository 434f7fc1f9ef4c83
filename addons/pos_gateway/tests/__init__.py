from . import (
    test_books,
    test_controller,
    test_inquiry,
    test_messages,
    test_offers,
    test_operations,
    test_outcome,
    test_rights,
    test_route,
    test_sender,
    test_status,
    test_transitions,
)
