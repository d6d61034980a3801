"""The indexes that find a name: left out while most of the gazetteer is loaded, and made after it.

Entered name by name they cost more than all the rest of the load; made at once, a tenth of that. A load
that is killed leaves them out, so every load first makes what it finds missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from registry.models import CityName
from registry.models.base import estimated_rows

INDEXES: list[models.Index] = list(CityName._meta.indexes)
PRESENT = "SELECT indexname FROM pg_indexes WHERE tablename = 'registry_cityname'"


def make_missing() -> None:
    """Make the indexes that are not there; instant where all are."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        present = {name for (name,) in cursor.fetchall()}
        missing = [index for index in INDEXES if index.name not in present]
    with connection.schema_editor() as editor:
        for index in missing:
            editor.add_index(CityName, index)


@contextmanager
def made_afterwards(names: int) -> Iterator[None]:
    """Leave the indexes out while `names` are added, where that is most of what the table will hold.

    Not within a transaction of the caller's: nobody else could ask for a city until it ends.
    """
    if connection.in_atomic_block or names <= estimated_rows(CityName):
        yield
        return
    with connection.schema_editor() as editor:
        for index in INDEXES:
            editor.remove_index(CityName, index)
    try:
        yield
    finally:
        make_missing()
