"""What a list of card prefixes changes in the database, and how it is written."""

from psycopg2.extras import execute_values

from odoo.fields import Date

from ..card_list.reading import CODE_DIGITS, Problem, fold

BATCH = 5_000
MODELS = {"program": "pos.gateway.card.program", "issuer": "pos.gateway.card.issuer"}


class BinChanges:
    """:param rows: of ``card_list.reading.CardRow``
    :param create_missing: whether unknown programs and banks are made

    :ivar problems: rows whose program or bank is ``not_known``, ``archived``, or
        ``double``: more than one is called so
    :ivar added, changed, untouched: lists of rows
    :ivar stored: dict of prefix -> facts, before
    """

    def __init__(self, env, rows, create_missing=False):
        self.env = env
        self.known = {name: self._known(model) for name, model in MODELS.items()}
        self.missing = {name: {} for name in MODELS}
        self.problems = []
        self.added, self.changed, self.untouched = [], [], []
        self.stored = self._stored()
        for row in rows:
            if self._is_resolved(row, create_missing):
                before = self.stored.get(row.prefix)
                if before is None:
                    self.added.append(row)
                elif before == self.facts(row):
                    self.untouched.append(row)
                else:
                    self.changed.append(row)

    def _known(self, model):
        """:return: dict of folded name or code -> id, or why there is none (a reason of
        a ``Problem``)
        """
        found = {}
        records = self.env[model].with_context(active_test=False).search([])
        for record in records.sorted("active", reverse=True):
            meant = record.id if record.active else "archived"
            if found.setdefault(fold(record.name), meant) != meant and record.active:
                found[fold(record.name)] = "double"
        for record in records.filtered("code"):
            if record.active:
                found[fold(record.code)] = record.id
            else:
                found.setdefault(fold(record.code), "archived")
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
            meant = self.known[name].get(key, "not_known")
            if not text or isinstance(meant, int):
                continue
            if meant == "not_known" and create_missing:
                self.missing[name].setdefault(key, text)
            else:
                self.problems.append(Problem(row.number, name, meant, text))
                is_resolved = False
        return is_resolved

    def facts(self, row):
        """:return: (issuer id, program id, kind, scheme), None for what is not told"""
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
            (row.prefix, *self.facts(row), source or None, today, user, user)
            for row in (*self.added, *self.changed)
        ]
        # In one order, so that two imports at once wait for each other in turn.
        values.sort()
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
            is_code = text.isascii() and text.isdigit() and len(text) == CODE_DIGITS
            made = issuers.create({"name": text, "code": is_code and text})
            self.known["issuer"][key] = made.id
