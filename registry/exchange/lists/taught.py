"""What staff teach by choosing a city for a row: the name means that city in further lists of the network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from registry.exchange.lists.rows import Candidate, Decision, ListRow, Outcome
from registry.models import Network

REASON = "Taught by staff: in lists of this network the name means this city."
LONGEST = 300
TEACH = """
INSERT INTO registry_taughtname (network_id, name, beside, city_id)
SELECT %s, min(name), min(beside), min(city_id)
FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS taught (name, beside, city_id)
GROUP BY registry_fold(name), registry_fold(beside)
HAVING count(DISTINCT city_id) = 1
ON CONFLICT (network_id, folded, beside_folded) DO UPDATE SET city_id = excluded.city_id
WHERE registry_taughtname.city_id <> excluded.city_id
"""
LOOK_UP = """
SELECT asked.place - 1, c.id, c.geonames_id, c.name, c.country_id, c.population, c.latitude, c.longitude
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (name, beside, place)
JOIN registry_taughtname t
    ON t.folded = registry_fold(asked.name) AND t.beside_folded = registry_fold(asked.beside)
JOIN registry_city c ON c.id = t.city_id
WHERE t.network_id = %s OR (t.network_id IS NULL AND %s::bigint IS NULL)
"""


def beside(division: str, country: str) -> str:
    """What a list gives beside a name to say which place it means."""
    return ", ".join(text for text in (division, country) if text)[:LONGEST]


def teach(network: Network | None, taught: Iterable[tuple[str, str, int]]) -> int:
    """Remember names (as given, with what stood beside) for their cities; how many are new or changed.

    A name that one list uses for several cities teaches nothing.
    """
    known = [row for row in taught if row[0].strip() and len(row[0]) <= LONGEST]
    if not known:
        return 0
    columns = [list(column) for column in zip(*known, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(TEACH, [network.pk if network else None, *columns])
        return cursor.rowcount


def look_up(rows: Sequence[ListRow], network: Network | None) -> dict[int, Candidate]:
    """The city taught for each row, by the row's place; one query. A GeoNames number says more."""
    names = ["" if row.geonames_id else row.name for row in rows]
    besides = [beside(row.division, row.country) for row in rows]
    key = network.pk if network else None
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, [names, besides, key, key])
        return {place: Candidate(*[*city, 1.0, REASON]) for place, *city in cursor.fetchall()}


def as_taught(decision: Decision, taught: Candidate) -> Decision:
    """The decision with the city taught first."""
    others = (one for one in decision.candidates if one.city_id != taught.city_id)
    return Decision(decision.row, Outcome.MATCHED, 1.0, REASON, (taught, *others))
