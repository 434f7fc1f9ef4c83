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
        # Credentials
        _("3-D key (store key)"),
        _("3-D password (MerchantPass)"),
        _("API password (apiPass)"),
        _("API user (apiUser)"),
        _("API user (Name)"),
        _("API user (UserCode)"),
        _("Client number (clientid)"),
        _("Client number (clientId)"),
        _("Customer number (CustomerId)"),
        _("Dealer code (SubMerchantID)"),
        _("Encryption key (ENCKEY)"),
        _("Merchant number (HostMerchantId), 15 digits"),
        _("Merchant number (MerchantID)"),
        _("Merchant number (MerchantId)"),
        _("Merchant number (MerchantNo), 10 digits"),
        _("Merchant number (MID), 10 digits"),
        _("Merchant password"),
        _("Password of PROVAUT"),
        _("Password of PROVOOS"),
        _("Password of PROVRFN"),
        _("Password of the API user (UserPass)"),
        _("Password of the API user"),
        _("PosNet number (posnetID)"),
        _("PosNet number (PosnetID)"),
        _("Safe merchant number (merchantSafeId)"),
        _("Safe terminal number (terminalSafeId)"),
        _("Secret key (secretKey)"),
        _("Shop code (ShopCode)"),
        _("Store key (3-D key)"),
        _("Sub-merchant number (subMerchantId)"),
        _("Terminal number (TerminalID)"),
        _("Terminal number (TerminalNo), 8 digits"),
        _("Terminal number (TID), 8 digits"),
        _("Terminal number (VP...)"),
        _("User name of the API user (UserName)"),
        # What is said beside them
        _("For the bank's own page, where the payer types the card."),
        _("It also signs the returns of the card page."),
        _("Numbers with commas between them, as the bank's panel shows them."),
        _("Only for payment facilitators."),
        _("Only where the terminal was set up with dealers."),
        _("Set in the bank's panel; it is not the password of the API user."),
        # Addresses
        _("opens the bank's page for an order"),
        _("takes captures, voids and refunds"),
        _("takes cards and charges"),
        _("takes our server's questions"),
        _("takes our server's requests (Default)"),
        _("takes our server's requests (XMLGate)"),
        _("takes our server's requests"),
        _("takes our server's requests, and the payer's browser below it"),
        _("takes questions, voids and refunds"),
        _("takes the payer's browser to the bank's card page (3DHost)"),
        _("takes the payer's browser with the card (Default)"),
        _("takes the payer's browser"),
        _("tells how an order stands"),
        _("tells what became of a page"),
        # Why an order cannot be sent
        _("The 3-D password is missing."),
        _("The API user or password is missing."),
        _("The bank needs a complete web address to return to."),
        _("The bank's API user or password is missing."),
        _("The bank's page cannot reserve money for later."),
        _("The bank's page has not answered yet."),
        _("The client number must be a number."),
        _("The encryption key is missing."),
        _("The merchant number or password is missing."),
        _("The merchant or terminal number is missing."),
        _("The merchant, customer number or user name is missing."),
        _("The merchant, terminal or PosNet number is missing."),
        _("The order was not registered with the bank."),
        _("The password of PROVOOS is missing."),
        _("The password of the API user is missing."),
        _("The secret key is missing."),
        _("The store key is missing."),
        _("This contract signs the card: only the bank may ask it."),
    )
