from odoo.tools import SQL


def post_init_hook(env):
    """Give collections from before the reports their path in the dealer tree.

    Which dealers stood above is recorded; in which order is taken from where they stand
    today, as nothing better is known. New collections get the path when they are made.
    """
    relation = env["dealer.collection"]._fields["upline_ids"]
    env.cr.execute(
        SQL(
            """
            UPDATE dealer_collection AS collection
               SET upline_path = known.path
              FROM (
                   SELECT above.%(collection_column)s AS collection_id,
                          string_agg(
                              dealer.id::text, '/'
                              ORDER BY dealer.id = document.dealer_id,
                                       dealer.level, dealer.id
                          ) || '/' AS path
                     FROM %(relation)s AS above
                     JOIN dealer_dealer dealer
                       ON dealer.id = above.%(dealer_column)s
                     JOIN dealer_collection document
                       ON document.id = above.%(collection_column)s
                 GROUP BY above.%(collection_column)s
                   ) AS known
             WHERE known.collection_id = collection.id
               AND collection.upline_path IS NULL
            """,
            collection_column=SQL.identifier(relation.column1),
            dealer_column=SQL.identifier(relation.column2),
            relation=SQL.identifier(relation.relation),
        )
    )
    env["dealer.collection"].invalidate_model(["upline_path"])
