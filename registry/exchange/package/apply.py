"""Reading a package into the registry: all of it in one transaction, or nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pghistory
import pgtrigger
from django.contrib.auth.models import User
from django.db import Error, IntegrityError, connection, transaction

from registry.exchange.package import check
from registry.exchange.package.errors import PackageError, Problems
from registry.exchange.package.plan import Plan, differs, make_plan
from registry.exchange.package.read import Given, read_descriptor, stage
from registry.exchange.package.stage import home, make_keys, make_next, primary, quote, stored, upcoming
from registry.exchange.package.tables import Scope, Table, tables
from registry.models import PackageLoad
from registry.models.history import acting, event_models
from registry.models.refusals import read_refusal

Say = Callable[[str], None]
LAST = 2**31 - 1


def import_registry(folder: Path, *, dry_run: bool = False, say: Say = lambda line: None) -> Plan:
    """Plan what a package would change, say it, and do it unless that is all that is asked for.

    Into an empty registry a package of everything is loaded as it was, with its history. Raises
    PackageError with a line for each thing that is wrong, or each conflict; nothing is done then.
    """
    given = read_descriptor(folder)
    with transaction.atomic(), connection.cursor() as cursor:
        as_it_was = given.everything and _is_empty(cursor)
        plan = Plan(given.everything, as_it_was)
        if not dry_run:
            # What is planned is what is there when it is done.
            names = ", ".join(home(table) for table in given.tables)
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
        say("Reading and checking the files…")
        taken = _stage(given, plan, cursor)
        make_plan(taken, plan, cursor)
        for line in plan.lines():
            say(line)
        if plan.conflicts:
            raise PackageError(["Nothing was done: the conflicts above have to be decided first."])
        if not dry_run and plan.changes:
            with acting(command="import_registry", package=given.digest):
                _apply(taken, plan, cursor, say)
            _note(given, plan)
    return plan


def _is_empty(cursor: Any) -> bool:
    """Whether the registry has no rows at all, and no history; accounts do not count."""
    names = [home(table) for table in tables(everything=True) if table.model is not User]
    cursor.execute(f"SELECT {' OR '.join(f'EXISTS (SELECT FROM {name})' for name in names)}")
    return not cursor.fetchone()[0]


def _stage(given: Given, plan: Plan, cursor: Any) -> list[Table]:
    """Bring the rows into temporary tables, checked as far as can be without touching the registry.

    Returns the tables to be written: papers of staff and history only where they can be as they were.
    """
    problems = Problems()
    filled = stage(given, cursor, problems)
    problems.check()
    check.prepare(cursor)
    for table in filled:
        check.check_values(table, given.everything, cursor, problems)
    problems.check()
    taken = [table for table in filled if plan.as_it_was or table.scope is Scope.PUBLIC]
    plan.left_out = [table.name for table in filled if table not in taken]
    staged: dict[Any, Table] = {}
    for table in taken:
        make_keys(table, staged, cursor, as_it_was=plan.as_it_was)
        staged[table.model] = table
        check.check_keys(table, cursor, problems)
    for table in taken:
        check.check_references(table, staged, given.everything, cursor, problems)
    problems.check()
    for table in taken:
        make_next(table, staged, cursor, everything=given.everything, as_it_was=plan.as_it_was)
        check.check_rules(table, cursor, problems)
        check.check_repeats(table, cursor, problems)
    problems.check()
    return taken


def _apply(taken: list[Table], plan: Plan, cursor: Any, say: Say) -> None:
    recorders = [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pghistory.trigger.Event)
    ]
    # What is loaded as it was brings its own history.
    with pgtrigger.ignore(*recorders) if plan.as_it_was else nullcontext():
        for table in taken:
            try:
                with transaction.atomic():
                    say(f"Writing {table.name}…")
                    _write(table, cursor)
            except Error as error:
                raise PackageError([_refusal(table, error, cursor)]) from error
            # Triggers of later tables, and the ties at the commit, look rows up here: by plans that would
            # still take the table for empty this costs hours.
            cursor.execute(f"ANALYZE {home(table)}")
    if plan.as_it_was:
        _go_on_counting(taken, cursor)


def _note(given: Given, plan: Plan) -> None:
    """Note the load beside the history, which a package of everything leaves as it was."""
    counts = {
        name: {"created": one.create, "updated": one.update}
        for name, one in plan.counts.items()
        if one.create or one.update
    }
    PackageLoad.objects.create(
        digest=given.digest, everything=given.everything, as_it_was=plan.as_it_was, counts=counts
    )


def _write(table: Table, cursor: Any, last: int = LAST) -> None:
    """Write the rows of a table, or those up to a line of its file."""
    pk, columns = primary(table), stored(table)
    listed = ", ".join([pk, *columns])
    cursor.execute(
        f"INSERT INTO {home(table)} ({listed}) SELECT {listed} FROM {upcoming(table)}"
        f" WHERE NOT known AND line <= {last} ORDER BY line"
    )
    if columns:
        cursor.execute(
            f"""UPDATE {home(table)} there SET {", ".join(f"{one} = coming.{one}" for one in columns)}
            FROM {upcoming(table)} coming
            WHERE coming.known AND coming.line <= {last} AND there.{pk} = coming.{pk} AND {differs(table)}"""
        )


def _refusal(table: Table, error: Error, cursor: Any) -> str:
    """What the database refused by a rule that only it can look after."""
    refusal = read_refusal(error) if isinstance(error, IntegrityError) else None
    if refusal is None:
        return f"{table.path}: {' '.join(str(error).split())}"
    line = _line_refused(table, cursor)
    column = check.column_of(table, refusal.field) if refusal.field else ""
    return f"{', '.join(part for part in (table.path, f'row {line}', column) if part)}: {refusal.message}"


def _line_refused(table: Table, cursor: Any) -> int:
    """The first line with which the rows up to it are refused, found by halving."""
    cursor.execute(f"SELECT line FROM {upcoming(table)} ORDER BY line")
    lines = [line for (line,) in cursor.fetchall()]
    return lines[bisect_left(lines[:-1], True, key=lambda last: _is_refused(table, last, cursor))]


def _is_refused(table: Table, last: int, cursor: Any) -> bool:
    before = transaction.savepoint()
    try:
        _write(table, cursor, last)
    except Error:
        return True
    finally:
        transaction.savepoint_rollback(before)
    return False


def _go_on_counting(taken: list[Table], cursor: Any) -> None:
    """New rows get keys that no row ever had, deleted ones of the history included."""
    events = event_models()
    for table in taken:
        pk = table.model._meta.pk
        if pk.get_internal_type() not in ("AutoField", "BigAutoField"):
            continue
        counted = [f"SELECT max({quote(pk.column)}) AS key FROM {home(table)}"]
        if table.model in events:
            counted.append(f"SELECT max(id) FROM {quote(events[table.model]._meta.db_table)}")
        cursor.execute(
            f"""SELECT setval(pg_get_serial_sequence('{table.model._meta.db_table}', '{pk.column}'), max(key))
            FROM ({" UNION ALL ".join(counted)}) counted HAVING max(key) IS NOT NULL"""
        )
