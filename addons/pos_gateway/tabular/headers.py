"""Which column of a list holds what, told by its header."""

from collections.abc import Collection, Iterable, Mapping

from .folding import fold


def find_columns(
    headers: Iterable[str], known: Mapping[str, Collection[str]]
) -> dict[str, int]:
    """
    >>> find_columns(["Ünvan", "Bayi Kodu"], {"code": ["bayi kodu"], "name": ["unvan"]})
    {'name': 0, 'code': 1}

    :param known: field -> headers that were seen for it, folded
    :return: field -> index of the first column that seems to hold it
    """
    found = {}
    for index, header in enumerate(headers):
        word = fold(header)
        for field, words in known.items():
            if field not in found and word in words:
                found[field] = index
                break
    return found
