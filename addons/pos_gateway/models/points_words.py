"""What a bank tells of a card's points, read and said."""

from odoo.tools import format_amount
from odoo.tools.misc import get_lang

from ..pricing import rounding
from ..protocols.answers import Result


def told_points(outcome):
    """
    :param Outcome outcome: of the question, or None
    :return: how many (text, or None) and their worth in lira (float, or None); None if
        the bank told neither
    """
    told = outcome.data if outcome and outcome.result is Result.APPROVED else {}
    count, worth = told.get("points"), told.get("points_kurus")
    if not count and worth is None:
        return None
    return count, None if worth is None else float(rounding.to_major(int(worth)))


def points_sentence(env, count, worth, currency):
    """
    :param str count: how many points, or nothing
    :param float worth: in lira, or None
    """
    count = count and count.replace(".", get_lang(env).decimal_point)
    if worth is None:
        return env._("You have %s points.", count)
    worth = format_amount(env, worth, currency)
    if count:
        return env._(
            "You have %(count)s points, worth %(worth)s.", count=count, worth=worth
        )
    return env._("Your points are worth %s.", worth)
