"""Why a file is not taken, in words for whoever sent it."""


def unreadable(env, reason):
    """:param str reason: of ``tabular.workbook.UnreadableFile``"""
    return {
        "empty": env._("The file is empty."),
        "too_big": env._("The file is too big."),
        "encoding": env._(
            "The letters of the file are not readable. Save it as XLSX, or as CSV in"
            " UTF-8."
        ),
        "old_format": env._("This is an old XLS file. Save it as XLSX or CSV."),
        "wide": env._("The file has too many rows or columns."),
    }.get(reason, env._("The file cannot be read. Save it as XLSX or CSV."))


def refused(env, error, own=None):
    """
    :param settlement.refusals.FileRefused error: what the reader raised
    :param dict own: reason -> sentence, where a kind of file has its own
    """
    where = env._("Row %s: ", error.row) if error.row else ""
    words = {
        "marks": env._("Comma and point are both used as the decimal mark."),
        "doctype": env._("The file defines entities: no bank's file does."),
        "no_account": env._("The file does not say which account it is of."),
        "order": env._('Nobody can tell whether "3/1" is the first of three parts.'),
        "total": env._(
            "The file's own total is another (%s): it may have been cut off.",
            error.detail,
        ),
        "balance": env._(
            "The balances do not follow from the lines (%s): a line is missing, or the"
            " file was cut off.",
            error.detail or env._("opening, lines and closing"),
        ),
        "two_readings": env._('"%s" can be read as two amounts.', error.detail),
        **(own or {}),
    }
    return where + words.get(error.reason, error.reason)
