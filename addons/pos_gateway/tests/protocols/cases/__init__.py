"""What each family's bank sends, for the suites that all families must pass.

A module has ``terminal``, ``order``, ``genuine``, ``sign``, ``declined``, ``answers``,
``refused``, ``unknown_order`` and ``SECRETS``; it signs by its own reading of the
bank's documents, never with the product's functions.
"""
