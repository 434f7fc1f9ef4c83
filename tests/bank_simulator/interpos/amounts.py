"""Amounts as InterPOS answers them: a decimal comma, and no trailing zeros."""


def format_comma(kurus):
    """Return the text of kuruş.

    >>> format_comma(125040), format_comma(32000), format_comma(101)
    ('1250,4', '320', '1,01')
    """
    lira, rest = divmod(kurus, 100)
    return f"{lira},{rest:02d}".rstrip("0").rstrip(",") if rest else str(lira)
