"""What a list of card prefixes changes in the database, and how it is written."""

from psycopg2.extras import execute_values

from odoo.fields import Date

from ..card_list.reading import Problem
from ..tabular.folding import fold

BATCH = 5_000
MODELS = {"program": "pos.gateway.card.program", "issuer": "pos.gateway.card.issuer"}


class BinChanges:
    """:param rows: of ``card_list.reading.CardRow``
    :param create_missing: whether unknown programs and banks are made

    :ivar problems: rows that name a program or bank which is not known
    :ivar added, changed, untouched: lists of rows
    """

    def __init__(self, env, rows, create_missing=False):
        self.env = env
        self.known = {name: self._known(model) for name, model in MODELS.items()}
        self.missing = {name: {} for name in MODELS}
        self.problems = []
        self.added, self.changed, self.untouched = [], [], []
        stored = self._stored()
        for row in rows:
            if self._is_resolved(row, create_missing):
                before = stored.get(row.prefix)
                if before is None:
                    self.added.append(row)
                elif before == self._facts(row):
                    self.untouched.append(row)
                else:
                    self.changed.append(row)

    def _known(self, model):
        """:return: dict of folded name or code -> id"""
        found = {}
        for record in self.env[model].with_context(active_test=False).search([]):
            found[fold(record.name)] = record.id
            found[fold(record.code)] = record.id
        return found

    def _stored(self):
        rows = self.env.execute_query_dict(
            self.env["pos.gateway.bin"]
            ._search([("active", "=", True)])
            .select("prefix", "issuer_id", "program_id", "kind", "scheme")
        )
        return {
            row["prefix"]: (
                row["issuer_id"], row["program_id"], row["kind"], row["scheme"],
            )
            for row in rows
        }  # fmt: skip

    def _is_resolved(self, row, create_missing):
        is_resolved = True
        for name in MODELS:
            text = getattr(row, name)
            key = fold(text)
            if not text or key in self.known[name]:
                continue
            if not create_missing:
                self.problems.append(Problem(row.number, name, "unknown", text))
                is_resolved = False
            self.missing[name].setdefault(key, text)
        return is_resolved

    def _facts(self, row):
        return (
            self.known["issuer"].get(fold(row.issuer)),
            self.known["program"].get(fold(row.program)),
            row.kind.value if row.kind else None,
            row.scheme or None,
        )

    # === WRITING === #

    def carry_out(self, source):
        """Write all of it, in this database transaction."""
        self._make_missing()
        today, user = Date.context_today(self.env.user), self.env.uid
        values = [
            (row.prefix, *self._facts(row), source or None, today, user, user)
            for row in (*self.added, *self.changed)
        ]
        self.env["pos.gateway.bin"].flush_model()
        execute_values(
            self.env.cr._obj,
            """
            INSERT INTO pos_gateway_bin
                (prefix, issuer_id, program_id, kind, scheme, source, checked_on,
                 active, create_uid, write_uid, create_date, write_date)
            VALUES %s
            ON CONFLICT (prefix) WHERE active DO UPDATE
               SET issuer_id = excluded.issuer_id,
                   program_id = excluded.program_id,
                   kind = excluded.kind,
                   scheme = excluded.scheme,
                   source = excluded.source,
                   checked_on = excluded.checked_on,
                   write_uid = excluded.write_uid,
                   write_date = excluded.write_date
            """,
            values,
            template="(%s, %s, %s, %s, %s, %s, %s, true, %s, %s,"
            " now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
            page_size=BATCH,
        )
        self.env["pos.gateway.bin"].invalidate_model()

    def _make_missing(self):
        programs = self.env[MODELS["program"]]
        for key, text in self.missing["program"].items():
            made = programs.create({"name": text, "code": key.replace(" ", "_")})
            self.known["program"][key] = made.id
        issuers = self.env[MODELS["issuer"]]
        for key, text in self.missing["issuer"].items():
            is_code = text.isascii() and text.isdigit() and len(text) <= 4
            code = text.zfill(4) if is_code else False
            self.known["issuer"][key] = issuers.create({"name": text, "code": code}).id
