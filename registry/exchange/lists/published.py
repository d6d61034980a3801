"""What the public may see, for a while in place of the tables that names are looked up in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Temporary views stand before the tables of their names, so the same statements see published cities alone.
# A draft must not even keep a name from being looked for further.
SHOW = """
CREATE TEMPORARY VIEW registry_city AS
SELECT * FROM public.registry_city WHERE publication = 'published';
CREATE TEMPORARY VIEW registry_cityname AS
SELECT name.* FROM public.registry_cityname name
JOIN public.registry_city city ON city.id = name.city_id WHERE city.publication = 'published';
"""
HIDE = "DROP VIEW pg_temp.registry_cityname, pg_temp.registry_city"


@contextmanager
def published_alone() -> Iterator[None]:
    """Within it, this connection has no cities but those published."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHOW)
        yield
        cursor.execute(HIDE)
