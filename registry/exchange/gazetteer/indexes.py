"""The indexes that find cities, names and their history: left out of most of a load, and made after it.

Entered row by row they cost more than all the rest of the load; made at once, a tenth of that. A load
that is killed leaves them out, so every load first makes what it finds missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connection

from registry.models import City, CityName
from registry.models.base import estimated_rows
from registry.models.history import event_model

PRESENT = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"


@cache
def statements() -> dict[str, str]:
    """The statement that makes each index, by its name: those of constraints are not among them."""
    tables = [City, CityName, event_model(City), event_model(CityName)]
    with connection.schema_editor(collect_sql=True) as editor:
        # Django has no public name for what it makes with a table beside its constraints.
        made = [sql for table in tables for sql in editor._model_indexes_sql(table)]  # type: ignore[attr-defined]
    return {str(sql.parts["name"]).strip('"'): str(sql) for sql in made}


def _run(lines: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(line)


def make_missing() -> None:
    """Make the indexes that are not there; instant where all are."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        present = {name for (name,) in cursor.fetchall()}
    _run(sql for name, sql in statements().items() if name not in present)


@contextmanager
def made_afterwards(names: int) -> Iterator[None]:
    """Leave the indexes out while `names` are added, where that is most of what the table will hold.

    Not within a transaction of the caller's: nobody else could ask for a city until it ends.
    """
    if connection.in_atomic_block or names <= estimated_rows(CityName):
        yield
        return
    _run(f"DROP INDEX IF EXISTS {name}" for name in statements())
    try:
        yield
    finally:
        make_missing()
