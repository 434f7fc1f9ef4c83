"""Terminals of the families and from a file."""

import json

import pytest

from .families import default_terminals, family_names
from .terminals import Terminal, check_terminals, load_terminals


def test_the_default_terminals_are_distinct_and_every_family_has_one():
    terminals = default_terminals()
    check_terminals(terminals, family_names())
    assert {terminal.family for terminal in terminals} == family_names()


@pytest.mark.parametrize(
    "rows",
    [
        [{"client_id": "1", "name": "A", "family": "nobody"}],
        [{"client_id": "1", "name": "A"}, {"client_id": "1", "name": "B"}],
    ],
)
def test_an_unknown_family_or_a_repeated_client_id_is_refused(rows):
    with pytest.raises(ValueError):
        check_terminals([Terminal(**row) for row in rows], family_names())


def test_terminals_come_from_a_file_with_what_their_family_needs(tmp_path):
    path = tmp_path / "terminals.json"
    row = {"client_id": "9", "name": "A", "family": "garanti"}
    path.write_text(json.dumps([{**row, "extra": {"merchant_id": "7"}}]))
    (terminal,) = load_terminals(path)
    assert terminal.family == "garanti" and terminal.extra == {"merchant_id": "7"}
    path.write_text(json.dumps([{**row, "colour": "red"}]))
    with pytest.raises(ValueError, match="colour"):
        load_terminals(path)
