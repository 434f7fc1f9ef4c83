from . import test_outcome, test_transitions
