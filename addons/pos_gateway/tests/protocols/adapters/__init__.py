"""One module a family: how vectors in the neutral notation are put to our code.

A module has ``FAMILIES`` (names of the vectors' families), ``SIGNATURES`` and
``CLAIMS`` (formula -> function of ours) and ``answer(vector) -> facts``.
"""
