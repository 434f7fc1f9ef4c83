from . import (
    test_attempts,
    test_footing,
    test_history,
    test_portal_page,
    test_rights,
    test_rights_matrix,
    test_styles,
    test_tree_sums,
)
