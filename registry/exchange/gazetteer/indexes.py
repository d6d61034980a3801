"""The indexes that find cities, names and their history: left out of most of a load, and made after it.

Entered row by row they cost more than all the rest of the load; made at once, a tenth of that. A load
that is killed leaves them out, so every load first makes what it finds missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from django.db import connection

from registry.models import City, CityName
from registry.models.base import estimated_rows
from registry.models.history import event_model

PRESENT = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"


@cache
def statements() -> dict[str, dict[str, str]]:
    """The statements that make the indexes of each table, by name; those of constraints are left out."""
    made: dict[str, dict[str, str]] = {}
    with connection.schema_editor(collect_sql=True) as editor:
        for model in (City, CityName, event_model(City), event_model(CityName)):
            # Django has no public name for what it makes with a table beside its constraints.
            own = editor._model_indexes_sql(model)  # type: ignore[attr-defined]
            made[model._meta.db_table] = {str(sql.parts["name"]).strip('"'): str(sql) for sql in own}
    return made


def names() -> set[str]:
    """The indexes that a load leaves out."""
    return {name for of_table in statements().values() for name in of_table}


def make_missing() -> None:
    """Make the indexes that are not there; instant where all are.

    Those of one table after each other and of two tables at once, unless the caller has a transaction open.
    """
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        present = {name for (name,) in cursor.fetchall()}
    missing = [
        [sql for name, sql in of_table.items() if name not in present] for of_table in statements().values()
    ]
    missing = [of_table for of_table in missing if of_table]
    if connection.in_atomic_block or len(missing) < 2:
        for of_table in missing:
            _run(of_table)
        return
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_run_apart, missing))


def _run(lines: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(line)


def _run_apart(lines: Iterable[str]) -> None:
    try:
        _run(lines)
    finally:
        connection.close()


@contextmanager
def made_afterwards(rows: int) -> Iterator[None]:
    """Leave the indexes out while so many `rows` are added, where that is most of what the table will hold.

    Not within a transaction of the caller's: nobody else could ask for a city until it ends.
    """
    if connection.in_atomic_block or rows <= estimated_rows(CityName):
        yield
        return
    _run(f"DROP INDEX IF EXISTS {name}" for name in names())
    try:
        yield
    finally:
        make_missing()
