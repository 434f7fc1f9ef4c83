"""What a bank's refusal means: for the payer, for staff, and what helps.

The keys are ``protocols.codes.REASONS``. No sentence tells a payer what would help a
thief: a lost or stolen card is to its holder a card that was refused.
"""

HELPS = {
    "limit": "another_card",
    "expired": "another_card",
    "do_not_honour": "call_bank",
    "invalid_card": "another_card",
    "security_code": "",
    "lost_or_stolen": "another_card",
    "not_permitted": "another_card",
    "three_d_failed": "call_bank",
    "installment_not_allowed": "single_payment",
    "amount_not_allowed": "another_pos",
    "bank_unreachable": "try_later",
    "configuration": "another_pos",
    "fraud_rule": "another_card",
    "duplicate": "",
    "not_found": "",
    "not_possible": "",
    "cancelled": "",
    "other": "another_card",
}


def helps(reason):
    """:return: ``another_card``, ``single_payment``, ``try_later``, ``another_pos``,
    ``call_bank``, or an empty text where the payer can do nothing better

    >>> helps("installment_not_allowed"), helps("cancelled"), helps("no such reason")
    ('single_payment', '', 'another_card')
    """
    return HELPS.get(reason, HELPS["other"])


def payer_sentence(env, reason):
    """:return: why nothing was paid and what helps, in the user's language"""
    _ = env._
    sentences = {
        "limit": _("The card's limit is not sufficient. Try another card."),
        "expired": _("The card has expired. Try another card."),
        "do_not_honour": _(
            "The card's bank refused the payment. Ask it, or try another card."
        ),
        "invalid_card": _("The card details were not accepted. Check them."),
        "security_code": _(
            "The security code was not accepted. Check it and try again."
        ),
        "lost_or_stolen": _(
            "The card's bank refused the payment. Try another card, or ask the bank."
        ),
        "not_permitted": _(
            "This card may not be used for such a payment. Try another card."
        ),
        "three_d_failed": _(
            "The confirmation with your bank (3-D Secure) failed. Try again. If it"
            " fails again, ask your bank."
        ),
        "installment_not_allowed": _(
            "This card takes no installments here. Try a single payment."
        ),
        "amount_not_allowed": _(
            "The bank does not take this amount in one payment. Try another amount, or"
            " ask us."
        ),
        "bank_unreachable": _(
            "The card's bank cannot be reached. Try again in a few minutes."
        ),
        "configuration": _(
            "We cannot take cards at this bank at the moment. It is not your card."
            " Please try later, or ask us."
        ),
        "fraud_rule": _(
            "The bank's safety rules stopped this payment. Try another card."
        ),
        "duplicate": _(
            "The bank has seen this payment before. Do not pay again until you know how"
            " it stands."
        ),
        "not_found": _("The bank knows nothing of this payment. Nothing was charged."),
        "not_possible": _("The bank cannot do this with the payment as it stands."),
        "cancelled": _("The payment was cancelled. Nothing was charged."),
    }
    return sentences.get(reason, _("The bank did not accept the payment."))


def staff_sentence(env, reason):
    """:return: what it means and what to do about it, for those who see the POS"""
    _ = env._
    sentences = {
        "limit": _("The card has no sufficient limit or balance."),
        "expired": _("The card has expired, or its expiry date was mistyped."),
        "do_not_honour": _(
            "The issuing bank refused without saying why. Only the cardholder can ask"
            " it."
        ),
        "invalid_card": _("There is no such card number, or the issuer is unknown."),
        "security_code": _("The security code (CVV) was wrong."),
        "lost_or_stolen": _(
            "The card is reported as lost or stolen. Take no other payment of this"
            " payer by card before you have spoken to him."
        ),
        "not_permitted": _(
            "The card is closed for such payments (internet, abroad, or this kind of"
            " business). The cardholder can have it opened by his bank."
        ),
        "three_d_failed": _(
            "The payer was not confirmed by 3-D Secure: a wrong or late code, or a card"
            " that does not take part."
        ),
        "installment_not_allowed": _(
            "The card or your contract takes no such installments. If it is your own"
            " card program, have the bank open this installment count."
        ),
        "amount_not_allowed": _(
            "The amount is above or below what the bank allows on this POS."
        ),
        "bank_unreachable": _(
            "The issuing bank or the card network did not answer. The POS asks how the"
            " payment stands."
        ),
        "configuration": _(
            "The bank does not accept this POS as it is set up: credentials, rights of"
            " the API user, address of this server, or fields. Test the connection,"
            " then call the bank."
        ),
        "fraud_rule": _(
            "A safety rule of the bank or of your POS stopped it: too many attempts, a"
            " blocked card or address."
        ),
        "duplicate": _(
            "The bank has seen this order number before. How the payment stands is"
            " asked of the bank."
        ),
        "not_found": _("The bank knows no such order."),
        "not_possible": _(
            "The order's state at the bank does not allow it: already cancelled, paid"
            " back or captured, or too late for it."
        ),
        "cancelled": _("The payer left the bank's page or pressed its cancel button."),
    }
    return sentences.get(
        reason, _("The bank gave a code that says nothing more. Its own words tell.")
    )
