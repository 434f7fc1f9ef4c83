"""Loyalty points: what the issuer answers to an inquiry about a card."""

# A card without the money for a payment still has its points.
DECLINES_NO_INQUIRY = ("", "51")


def inquiry_code(card, security_code=None):
    """Return ``00``, or the issuer's code of a refusal.

    :param security_code: None where the inquiry came without one
    """
    if card.decline not in DECLINES_NO_INQUIRY:
        return card.decline
    if security_code is not None and card.security_code not in ("", security_code):
        return "82"
    return "00"
