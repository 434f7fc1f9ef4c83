"""Every route of our addons, and who may use it. A route that is not here fails
``test_rights_matrix``.

Each is tried as every role, on what belongs to the dealer in the middle of the tree
(``izmir``). The roles: nobody logged in (``public``), a portal user without a dealer
(``stranger``), people of that dealer (``owner``, ``collector``, ``viewer``), of the
dealer above (``parent``), below (``child``), beside it under the same one (``sibling``)
and in another tree (``other``).
"""

from dataclasses import dataclass

DEALERS = frozenset(
    {"owner", "collector", "viewer", "parent", "child", "sibling", "other"}
)
PEOPLE = frozenset({"owner", "collector", "viewer"})
ABOVE = PEOPLE | {"parent"}
WORKERS = frozenset({"owner", "collector"})
NOBODY = frozenset()


@dataclass(frozen=True)
class Declared:
    """:param who: may use it on what is izmir's
    :param record: what stands in the address: a name of ``test_rights_matrix.RECORDS``
    :param token: whether the record's own token lets anybody in
    :param is_tried: whether allowed roles are tried with the refused ones; what changes
        something is tried by itself, and taken back
    """

    who: frozenset = NOBODY
    record: str = ""
    methods: str = "GET"
    token: bool = False
    is_json: bool = False
    is_tried: bool = True


def page(who=DEALERS, record="", **more):
    return Declared(who, record, **more)


def verb(who, record="", **more):
    return Declared(who, record, methods="POST", is_tried=False, **more)


# By what the address itself holds: keys, signatures, codes. Tested where they are made.
OPEN = Declared(is_tried=False)

ROUTES = {
    # The dealer's pages.
    "/my/dealer": page(),
    "/my/dealer/open-items": page(),
    "/my/dealer/open-items/use-credit": verb(DEALERS - {"viewer"}),
    "/my/dealer/collections": page(),
    "/my/dealer/collections/page/<int:page>": page(record="page"),
    "/my/dealer/collections/new": verb(DEALERS - {"viewer"}),
    "/my/dealer/collections/<int:collection_id>": page(ABOVE, "collection", token=True),
    "/my/dealer/collections/<int:collection_id>/receipt.pdf": Declared(
        ABOVE, "collection", token=True, is_tried=False
    ),
    "/my/dealer/collections/<int:collection_id>/abandon": verb(
        WORKERS, "collection", token=True
    ),
    "/my/dealer/collections/<int:collection_id>/declare": verb(WORKERS, "collection"),
    ("/my/dealer/collections/<int:collection_id>/<any(approve,reject):verb>"): verb(
        NOBODY,
        "waiting_verb",  # nothing waits: see test_declared
    ),
    "/my/dealer/collection/<int:collection_id>/status": Declared(
        ABOVE, "collection", token=True, is_json=True
    ),
    "/my/dealer/collection/<int:collection_id>/transaction": Declared(
        WORKERS, "collection", token=True, is_json=True, is_tried=False
    ),
    "/my/dealer/statement": page(),
    "/my/dealer/statement.<any(pdf, xlsx):kind>": page(record="kind"),
    "/my/dealer/reports/collections": page(),
    # Sub-dealers: on bornova, which is below izmir.
    "/my/dealer/sub-dealers": page(),
    "/my/dealer/sub-dealers/page/<int:page>": page(record="page"),
    "/my/dealer/sub-dealers/new": page(
        frozenset({"owner", "parent", "child", "sibling", "other"})
    ),
    "/my/dealer/sub-dealers/<int:dealer_id>": page(ABOVE, "below"),
    "/my/dealer/sub-dealers/<int:dealer_id>/edit": page(frozenset({"owner"}), "below"),
    "/my/dealer/sub-dealers/<int:dealer_id>/<any(suspend,reactivate):verb>": verb(
        frozenset({"owner", "parent"}), "below_verb"
    ),
    "/my/dealer/sub-dealers/<int:dealer_id>/invite": verb(
        frozenset({"owner"}), "below"
    ),
    # People.
    "/my/dealer/people": page(
        frozenset({"owner", "parent", "child", "sibling", "other"})
    ),
    "/my/dealer/people/invite": verb(
        frozenset({"owner", "parent", "child", "sibling", "other"})
    ),
    "/my/dealer/people/<int:person_id>/<any(role,revoke,invite):verb>": verb(
        frozenset({"owner"}), "person"
    ),
    # Customers.
    "/my/dealer/customers": page(),
    "/my/dealer/customers/page/<int:page>": page(record="page"),
    "/my/dealer/customers/new": page(DEALERS - {"viewer"}),
    "/my/dealer/customers/<int:partner_id>": page(PEOPLE, "customer"),
    # Receivables.
    "/my/dealer/receivables": page(),
    "/my/dealer/receivables/page/<int:page>": page(record="page"),
    "/my/dealer/receivables/new": page(DEALERS - {"viewer"}),
    "/my/dealer/receivables/create": verb(DEALERS - {"viewer"}),
    "/my/dealer/receivables/import": page(DEALERS - {"viewer"}),
    "/my/dealer/receivables/import/preview": verb(DEALERS - {"viewer"}),
    "/my/dealer/receivables/import/confirm": verb(DEALERS - {"viewer"}),
    "/my/dealer/receivables/<int:receivable_id>": page(ABOVE, "receivable"),
    "/my/dealer/receivables/<int:receivable_id>/<string:verb>": verb(
        WORKERS, "receivable_verb"
    ),
    "/my/dealer/receivables/<int:receivable_id>/attachments/<int:attachment_id>": (
        Declared(ABOVE, "attachment", is_tried=False)
    ),
    # Payment links.
    "/my/dealer/links": page(),
    "/my/dealer/links/page/<int:page>": page(record="page"),
    "/my/dealer/links/new": page(DEALERS - {"viewer"}),
    "/my/dealer/links/create": verb(DEALERS - {"viewer"}),
    "/my/dealer/links/<int:link_id>": page(ABOVE, "link"),
    "/my/dealer/links/<int:link_id>/<string:verb>": verb(WORKERS, "link_verb"),
    # Without a login.
    "/pay/<string:token>": OPEN,
    "/pay/<string:token>/continue": OPEN,
    "/receipt/check": OPEN,
    "/receipt/check/<string:code>": OPEN,
    "/receipt/check/<string:code>/statement.json": OPEN,
    # The POS: pages of payers, and messages of banks that prove themselves.
    "/payment/pos_gateway/offers": OPEN,
    "/payment/pos_gateway/programs": OPEN,
    "/payment/pos_gateway/wallet_offers": OPEN,
    # Staff; the address's own record rule decides.
    (
        '/pos_gateway/agreement/<model("pos.gateway.agreement"):agreement>/rates.xlsx'
    ): OPEN,
}
