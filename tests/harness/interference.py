"""Stands in Odoo's way at a known point: locks, conflicts, time that has passed."""

from contextlib import contextmanager

from .stack import wait_for

CALL_WORKER = "Virtual POS: make the calls%"
INBOX_WORKER = "Virtual POS: apply%"


class Session:
    """A database session of its own, outside Odoo; what it locks stays locked."""

    def __init__(self, stack):
        self.stack = stack
        self.connection = stack.cluster.connect(stack.name)
        self.cursor = self.connection.cursor()
        self.pid = self.connection.get_backend_pid()

    def run(self, statement, parameters=None):
        self.cursor.execute(statement, parameters)

    def commit(self):
        self.connection.commit()

    def close(self):
        self.connection.close()

    def is_waited_for(self):
        return self.stack.query(
            "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
            (self.pid,),
        )

    def wait_until_waited_for(self):
        """Odoo has come to the point, and stands still there."""
        wait_for(self.is_waited_for, 60, "that Odoo waits for the lock")


@contextmanager
def session(stack):
    session = Session(stack)
    try:
        yield session
    finally:
        session.close()


@contextmanager
def conflicts(stack, table, condition, times, code="40001"):
    """The database refuses a change of a row so often, as it does in a conflict.

    :param condition: SQL over OLD and NEW
    :param code: 40001 is a serialization failure, 40P01 a deadlock
    """
    stack.cluster.execute(
        stack.name,
        f"""
        CREATE SEQUENCE a_conflict;
        CREATE FUNCTION a_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            -- A sequence counts on, also when its transaction is rolled back.
            IF nextval('a_conflict') <= {times} THEN
                RAISE EXCEPTION 'a conflict' USING ERRCODE = '{code}';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER a_conflict BEFORE UPDATE ON {table}
            FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION a_conflict()
        """,
    )
    try:
        yield lambda: stack.query(
            "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM a_conflict"
        )[0][0]
    finally:
        stack.cluster.execute(
            stack.name,
            "DROP FUNCTION a_conflict CASCADE; DROP SEQUENCE a_conflict",
        )


@contextmanager
def stopped(stack, worker):
    """Hold a scheduled action's row: it is not run meanwhile."""
    with session(stack) as holder:
        holder.run(
            "SELECT 1 FROM ir_cron WHERE cron_name LIKE %s FOR NO KEY UPDATE", (worker,)
        )
        yield


def wake(stack):
    """Have both workers run now."""
    with session(stack) as ours:
        ours.run(
            "INSERT INTO ir_cron_trigger (cron_id, call_at)"
            " SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron"
            " WHERE cron_name LIKE 'Virtual POS: %%'"
        )
        ours.commit()
    stack.cluster.execute(
        "postgres", f"SELECT pg_notify('cron_trigger', '{stack.name}')"
    )


def let_time_pass(stack):
    """As if twenty minutes had gone by: nothing of ours waits any longer."""
    with session(stack) as ours:
        ours.run(
            """
            UPDATE pos_gateway_call SET sent_at = sent_at - interval '20 minutes'
             WHERE state IN ('sent', 'unanswered')
               AND sent_at > now() AT TIME ZONE 'UTC' - interval '15 minutes';
            UPDATE pos_gateway_call SET not_before = now() AT TIME ZONE 'UTC'
             WHERE state = 'waiting' AND not_before > now() AT TIME ZONE 'UTC';
            UPDATE payment_transaction
               SET gateway_next_inquiry_at = now() AT TIME ZONE 'UTC'
             WHERE gateway_next_inquiry_at > now() AT TIME ZONE 'UTC';
            UPDATE pos_gateway_recurring
               SET next_status_at = now() AT TIME ZONE 'UTC'
             WHERE next_status_at > now() AT TIME ZONE 'UTC'
               AND state = 'cancelling';
            UPDATE pos_gateway_inbox SET next_attempt_at = now() AT TIME ZONE 'UTC'
             WHERE state = 'failed' AND next_attempt_at > now() AT TIME ZONE 'UTC'
            """
        )
        ours.commit()
    wake(stack)


def wait_through(stack, condition, what):
    """Wait for something that takes Odoo minutes, without waiting for minutes."""
    for _round in range(40):
        let_time_pass(stack)
        try:
            return wait_for(condition, 1.5, what)
        except AssertionError:
            continue
    raise AssertionError(f"{what} did not happen, however long one waits")


def restart(stack):
    """Odoo looks at its scheduled actions a minute after its start: we wake it."""
    stack.server.start()
    wake(stack)
