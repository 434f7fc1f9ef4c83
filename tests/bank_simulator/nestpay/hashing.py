"""The two ways of signing.

Version 3 is SHA-512 over all fields, escaped, sorted, joined by pipes. Version 1 is
SHA-1 over some fields, glued: in a form over fixed ones, in a return message over those
that its ``HASHPARAMS`` lists.
"""

from ..digests import base64_of, same

HASH_NAME = "HASH"
PARAMS_NAME = "HASHPARAMS"
OLD_FORM_NAMES = (
    "clientid",
    "oid",
    "amount",
    "okUrl",
    "failUrl",
    "islemtipi",
    "taksit",
    "rnd",
)
UNSIGNED_NAMES = ("hash", "encoding", "nationalidno")


def escape(value):
    """Double the backslash, then escape the pipe; the order matters.

    >>> print(escape("a|b\\\\c"))
    a\\|b\\\\c
    """
    return value.replace("\\", "\\\\").replace("|", "\\|")


def hash_text(fields, store_key):
    """Return the text that is hashed.

    Names are compared in upper case, as the published Java sample does; ``str.upper``
    knows no locale, so the Turkish dotless i does not disturb.
    """
    signed = [name for name in fields if name.lower() not in UNSIGNED_NAMES]
    values = [escape(fields[name]) for name in sorted(signed, key=str.upper)]
    return "|".join([*values, escape(store_key)])


def compute_hash(fields, store_key):
    return base64_of("sha512", hash_text(fields, store_key))


def compute_old_form_hash(fields, store_key):
    """Version 1 of a form: a field that is absent contributes nothing."""
    return _old_hash([fields.get(name, "") for name in OLD_FORM_NAMES], store_key)


def compute_old_return_hash(fields, store_key):
    return _old_hash(listed_values(fields), store_key)


def listed_values(fields):
    """Return the values of the names that ``HASHPARAMS`` lists."""
    names = fields[PARAMS_NAME].split(":")
    return [fields.get(name, "") for name in names if name]


def _old_hash(values, store_key):
    return base64_of("sha1", "".join([*values, store_key]))


def hash_is_genuine(fields, store_key, compute=compute_hash):
    """Tell whether the one hash field of a form is right."""
    claimed = [value for name, value in fields.items() if name.lower() == "hash"]
    if len(claimed) != 1 or not claimed[0]:
        return False
    return same(claimed[0], compute(fields, store_key))
