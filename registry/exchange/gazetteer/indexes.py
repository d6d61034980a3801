"""The indexes that find cities and names: left out while most of the gazetteer is loaded, and made after it.

Entered row by row they cost more than all the rest of the load; made at once, a tenth of that. A load
that is killed leaves them out, so every load first makes what it finds missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from registry.models import City, CityName
from registry.models.base import estimated_rows

INDEXES: dict[str, tuple[type[models.Model], models.Index]] = {
    index.name: (model, index) for model in (City, CityName) for index in model._meta.indexes
}
PRESENT = "SELECT indexname FROM pg_indexes WHERE tablename IN ('registry_city', 'registry_cityname')"


def make_missing() -> None:
    """Make the indexes that are not there; instant where all are."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        present = {name for (name,) in cursor.fetchall()}
    with connection.schema_editor() as editor:
        for name in INDEXES.keys() - present:
            editor.add_index(*INDEXES[name])


@contextmanager
def made_afterwards(names: int) -> Iterator[None]:
    """Leave the indexes out while `names` are added, where that is most of what the table will hold.

    Not within a transaction of the caller's: nobody else could ask for a city until it ends.
    """
    if connection.in_atomic_block or names <= estimated_rows(CityName):
        yield
        return
    with connection.schema_editor() as editor:
        for model, index in INDEXES.values():
            editor.remove_index(model, index)
    try:
        yield
    finally:
        make_missing()
