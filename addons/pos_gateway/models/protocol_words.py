"""The protocols' own words in the user's language.

``protocols/`` knows nothing of Odoo, so its texts are English. Each one that people see
stands here once more, for translation; a test names those that are missing.
"""


def protocol_word(env, text):
    """:return: the text in the user's language, or as it is if it is not known here"""
    return dict(zip(_words(_as_it_is), _words(env._), strict=True)).get(text, text)


def known_words():
    """:return: every text of the protocols that can be translated"""
    return frozenset(_words(_as_it_is))


def _as_it_is(text):
    return text


def _words(_):
    return (
        # NestPay
        _("Client number (clientid)"),
        _("Store key (3-D key)"),
        _("Set in the bank's panel; it is not the password of the API user."),
        _("API user (Name)"),
        _("Password of the API user"),
        # Addresses
        _("takes the payer's browser"),
        _("takes our server's requests"),
        # Why an order cannot be sent
        _("The store key is missing."),
        _("The bank's API user or password is missing."),
        _("This contract signs the card: only the bank may ask it."),
        _("The bank needs a complete web address to return to."),
        _("The bank's page cannot reserve money for later."),
    )
