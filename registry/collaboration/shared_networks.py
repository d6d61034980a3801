"""Cities by the networks they share: each two that are or were members of one at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Count, QuerySet

# So many pairs of memberships are brought together in some seconds.
MOST = 1_000_000
AT_ONCE = 500

# As ties have it, two memberships are taken to overlap unless their known dates say otherwise.
SHARED = """
WITH member (network_id, city_id, possible) AS MATERIALIZED ({rows})
SELECT one.city_id, other.city_id, array_agg(DISTINCT one.network_id),
    range_agg(one.possible * other.possible)
FROM member one JOIN member other
    ON other.network_id = one.network_id AND one.city_id < other.city_id AND one.possible && other.possible
GROUP BY one.city_id, other.city_id
ORDER BY one.city_id, other.city_id
"""


@dataclass(frozen=True)
class Shared:
    """Two cities by their keys, the networks they share, and the first and last days of doing so."""

    city: int
    other: int
    networks: list[int]
    spells: list[tuple[date | None, date | None]]


def reckoned_pairs(memberships: QuerySet) -> int:
    """How many pairs of memberships of one network there are at most."""
    sizes = memberships.present().order_by().values("network").annotate(size=Count("pk"))  # type: ignore[attr-defined]
    return sum(size * (size - 1) // 2 for size in sizes.values_list("size", flat=True))


def shared_networks(memberships: QuerySet) -> Iterator[Shared]:
    """Each two cities that share a network by these memberships, through a cursor that the server keeps."""
    rows = memberships.present().order_by().values_list("network", "city", "possible")  # type: ignore[attr-defined]
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    with connections[rows.db].chunked_cursor() as cursor:
        cursor.execute(SHARED.format(rows=sql), given)
        while found := cursor.fetchmany(AT_ONCE):
            for city, other, networks, days in found:
                yield Shared(city, other, networks, [_spell(one) for one in days])


def _spell(days: Any) -> tuple[date | None, date | None]:
    return days.lower, days.upper - timedelta(1) if days.upper else None
