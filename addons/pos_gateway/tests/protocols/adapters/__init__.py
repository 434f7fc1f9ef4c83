"""One module a family: how vectors in the neutral notation are put to our code.

A module has ``FAMILIES`` (names of the vectors' families), ``SIGNATURES`` and
``CLAIMS`` (formula -> function of ours), ``answer(vector) -> facts`` and, where there
are vectors whose note begins with ATTACK, ``attacked(genuine, vector) -> (family,
terminal, order, message)``: the stored order, and the changed message posted to it.
"""
