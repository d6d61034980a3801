"""The cities that rows may mean, found for a whole list by one pass of SQL over their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection, transaction

from registry.exchange.lists.alike import MOST_ALIKE, Wanted, alike, longer, written_out
from registry.exchange.lists.names import Reading, Via
from registry.exchange.lists.places import RELATED
from registry.models import City

# Most candidates kept for one row; those where the row says, then the surest way, then the largest first.
MOST = 40
ALIKE = 0.45
MOST_SEATS = 5
LARGE = 50_000
MOST_LONGER = 12


class Hit(NamedTuple):
    """A city found for a reading: by which name, how won from the row, and how like it the name is.

    `likeness` is 1 for a name found exactly, else the share of letters alike. `begins` tells that the city's
    name goes on after the row's: Villafranca, Villafranca de los Barros. `bears` are all the texts of the row
    that are names of the city.
    """

    reading: int
    via: Via
    name: str
    wanted: str
    likeness: float
    begins: bool
    city_id: int
    geonames_id: int | None
    city_name: str
    is_main: bool
    country: str
    division: str
    latitude: float | None
    longitude: float | None
    population: int | None
    kind: str
    names: int
    bears: tuple[str, ...] = ()


STAGE = """
CREATE TEMPORARY TABLE list_reading (
    id int PRIMARY KEY, countries text[], divisions text[], geonames_id bigint, seat text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE list_given (reading int, via smallint, text text) ON COMMIT DROP;
"""
FOLD_VARIANTS = """
CREATE TEMPORARY TABLE list_variant ON COMMIT DROP AS
SELECT reading, folded, min(via) AS via FROM (
    SELECT reading, via, registry_fold(text) AS folded FROM list_given
) given WHERE folded <> '' GROUP BY reading, folded;
ANALYZE list_variant;
ANALYZE list_reading;
"""
# By every name of every city, and by main names in case a city has no row of names. A part of the name
# (a bracket, first words) is looked for only where the row says the city lies, if it says so.
EXACT = """
CREATE TEMPORARY TABLE list_hit ON COMMIT DROP AS
SELECT DISTINCT ON (reading, city_id) reading, city_id, via, name, folded, 1.0::real AS likeness,
    false AS begins, array_agg(folded) OVER (PARTITION BY reading, city_id) AS bears
FROM (
    SELECT v.reading, n.city_id, v.via, n.name, v.folded
    FROM list_variant v JOIN registry_cityname n ON n.folded = v.folded
    UNION ALL
    SELECT v.reading, c.id, v.via, c.name, v.folded
    FROM list_variant v JOIN registry_city c ON c.folded = v.folded
) found
ORDER BY reading, city_id, via, name;
"""
BY_NUMBER = """
INSERT INTO list_hit
SELECT r.id, c.id, 0, c.name, '', 1.0, false, '{}'
FROM list_reading r JOIN registry_city c USING (geonames_id)
WHERE NOT EXISTS (SELECT FROM list_hit h WHERE h.reading = r.id AND h.city_id = c.id);
"""
# Where no whole name is found in the country said.
LOST = """
CREATE TEMPORARY TABLE list_lost ON COMMIT DROP AS
SELECT r.id AS reading, r.countries FROM list_reading r WHERE NOT EXISTS (
    SELECT FROM list_hit h JOIN registry_city c ON c.id = h.city_id
    WHERE h.reading = r.id AND h.via <= 3 AND (r.countries IS NULL OR c.country_id = ANY (r.countries))
);
ANALYZE list_lost;
"""
# The look-ups by trigrams and by first letters stand alone (OFFSET 0) and meet the cities afterwards: else
# the planner reads a country's names for each variant. Trigrams serve the rows without a country; the others
# are compared with the names of their country (`alike`), which is quicker and sees every edit.
ALIKE_NAMES = """
INSERT INTO list_hit
SELECT v.reading, near.city_id, v.via, near.name, v.folded, near.likeness, false, '{}'
FROM list_lost l JOIN list_variant v USING (reading) CROSS JOIN LATERAL (
    SELECT id, city_id, name, similarity(folded, v.folded) AS likeness FROM registry_cityname
    WHERE folded %% v.folded ORDER BY likeness DESC, id LIMIT %(most)s
) near WHERE l.countries IS NULL AND v.via <= 3 AND length(v.folded) BETWEEN 4 AND 40
"""
LONGER_NAMES = """
INSERT INTO list_hit
SELECT reading, city_id, via, name, folded, likeness, true, '{}' FROM (
    SELECT longer.*, row_number() OVER (
        PARTITION BY reading ORDER BY c.population DESC NULLS LAST, longer.city_id, longer.name) AS place
    FROM (
        SELECT v.reading, v.via, v.folded, n.city_id, n.name, n.likeness
        FROM list_lost l JOIN list_variant v USING (reading) CROSS JOIN LATERAL (
            SELECT city_id, name, similarity(folded, v.folded) AS likeness FROM registry_cityname
            WHERE folded ~>=~ (v.folded || ' ') AND folded ~<~ (v.folded || '!') OFFSET 0
        ) n WHERE l.countries IS NULL AND v.via <= 3 AND length(v.folded) > 3 OFFSET 0
    ) longer JOIN registry_city c ON c.id = longer.city_id
    ) ranked WHERE place <= %(most)s
"""
LOST_VARIANTS = """
SELECT v.reading, v.via, v.folded, l.countries FROM list_lost l JOIN list_variant v USING (reading)
WHERE l.countries IS NOT NULL AND v.via <= 3 AND length(v.folded) > 3 ORDER BY v.reading, v.via, v.folded
"""
# Where it is found, the places whose names hold it are offered, too: Cangas, Cangas de Onís.
FOUND_VARIANTS = """
SELECT v.reading, v.via, v.folded, r.countries FROM list_reading r JOIN list_variant v ON v.reading = r.id
WHERE r.countries IS NOT NULL AND v.via <= 1 AND length(v.folded) > 2
    AND NOT EXISTS (SELECT FROM list_lost l WHERE l.reading = r.id)
ORDER BY v.reading, v.via, v.folded
"""
# One row for each country: 860,000 rows would take longer to fetch than to compare.
NAMES_OF = """
SELECT c.country_id, string_agg(n.id::text, ' ' ORDER BY n.id), string_agg(n.folded, chr(31) ORDER BY n.id)
FROM registry_cityname n JOIN registry_city c ON c.id = n.city_id
WHERE c.country_id = ANY (%s) GROUP BY c.country_id ORDER BY c.country_id
"""
STAGE_ALIKE = """
CREATE TEMPORARY TABLE list_alike (
    reading int, via smallint, name_id bigint, folded text, likeness real, begins boolean
) ON COMMIT DROP
"""
ADD_ALIKE = """
INSERT INTO list_hit
SELECT a.reading, n.city_id, a.via, n.name, a.folded, a.likeness, a.begins, '{}'
FROM list_alike a JOIN registry_cityname n ON n.id = a.name_id
"""
# The largest towns of where a body that is no town has its area: its seat is mostly among them.
SEATS_OF_BODIES = """
INSERT INTO list_hit
SELECT r.id, largest.id, 7, largest.name, '', 0.0, false, '{}'
FROM list_reading r JOIN (
    SELECT id, name, area,
        row_number() OVER (PARTITION BY area ORDER BY population DESC NULLS LAST, id) AS place
    FROM (
        SELECT id, name, population, country_id AS area FROM registry_city
        UNION ALL
        SELECT id, name, population, division_id FROM registry_city
    ) placed WHERE area IN (SELECT seat FROM list_reading)
) largest ON largest.area = r.seat AND largest.place <= %(most)s
WHERE NOT EXISTS (SELECT FROM list_hit h WHERE h.reading = r.id AND h.city_id = largest.id)
"""
# One line for each city of each reading: its surest.
CHOSEN = """
WITH best AS (
    SELECT DISTINCT ON (reading, city_id) * FROM list_hit
    ORDER BY reading, city_id, likeness DESC, begins, via, name
), ranked AS (
    SELECT best.*, c.*, row_number() OVER (
        PARTITION BY reading ORDER BY
            c.geonames_id IS NOT DISTINCT FROM r.geonames_id AND r.geonames_id IS NOT NULL DESC,
            (r.countries IS NULL OR c.country_id = ANY (r.countries))
                AND (r.divisions IS NULL OR c.division_id = ANY (r.divisions)) DESC,
            r.countries IS NULL OR c.country_id = ANY (r.countries) DESC,
            best.likeness DESC, best.via, c.population DESC NULLS LAST, c.id
    ) AS place
    FROM best JOIN (
        SELECT id, geonames_id, name AS city_name, folded AS city_folded, country_id, division_id, latitude,
            longitude, population, kind FROM registry_city
    ) c ON c.id = best.city_id
    JOIN list_reading r ON r.id = best.reading
    WHERE best.via <= 3 OR r.countries IS NULL OR c.country_id = ANY (r.countries)
)
SELECT reading, via, name, folded, likeness, begins, city_id, geonames_id, city_name,
    name = city_name OR registry_fold(name) = city_folded, country_id, coalesce(division_id, ''), latitude,
    longitude, population, kind,
    (SELECT count(*) FROM registry_cityname counted WHERE counted.city_id = ranked.city_id), bears
FROM ranked WHERE place <= %(most)s ORDER BY reading, place
"""
SEATS = """
SELECT DISTINCT ON (seat.country, seat.name) seat.country, seat.name, c.latitude, c.longitude
FROM unnest(%s::text[], %s::text[]) seat (country, name)
JOIN registry_cityname n ON n.folded = registry_fold(seat.name)
JOIN registry_city c ON c.id = n.city_id AND c.country_id = seat.country
WHERE c.latitude IS NOT NULL
ORDER BY seat.country, seat.name, c.population DESC NULLS LAST, c.id
"""


def find(readings: Sequence[Reading], geonames_ids: Sequence[int | None]) -> list[list[Hit]]:
    """The candidates of each reading, in the order of the readings; a constant number of statements."""
    found: list[list[Hit]] = [[] for _ in readings]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(STAGE)
        _stage(cursor, readings, geonames_ids)
        for statement in (FOLD_VARIANTS, EXACT, BY_NUMBER, LOST):
            cursor.execute(statement)
        for statement in (ALIKE_NAMES, LONGER_NAMES):
            cursor.execute(statement, {"most": MOST_ALIKE})
        _add_alike(cursor, readings)
        cursor.execute(SEATS_OF_BODIES, {"most": MOST_SEATS})
        cursor.execute(CHOSEN, {"most": MOST})
        for row in cursor.fetchall():
            found[row[0]].append(Hit(*row)._replace(via=Via(row[1])))
        cursor.execute("DROP TABLE list_reading, list_given, list_variant, list_hit, list_lost, list_alike")
    return found


def _stage(cursor: Any, readings: Sequence[Reading], geonames_ids: Sequence[int | None]) -> None:
    with cursor.copy("COPY list_reading FROM STDIN") as copy:
        for number, (reading, geonames_id) in enumerate(zip(readings, geonames_ids, strict=True)):
            countries = countries_of(reading)
            divisions = sorted(reading.place.divisions | reading.told.divisions)
            copy.write_row(
                (number, sorted(countries) or None, divisions or None, geonames_id, seat_of(reading))
            )
    with cursor.copy("COPY list_given FROM STDIN") as copy:
        for number, reading in enumerate(readings):
            for text, via in reading.variants.items():
                copy.write_row((number, int(via), text))


def seat_of(reading: Reading) -> str | None:
    """The division or country whose largest towns are offered for a body that is no town."""
    areas = (reading.seat.divisions or reading.seat.countries) if reading.is_body else ()
    return min(areas, default=None)


def _add_alike(cursor: Any, readings: Sequence[Reading]) -> None:
    """Adds the names most like those not found, among the names of the countries said."""
    lost, found = _wanted(cursor, LOST_VARIANTS), _wanted(cursor, FOUND_VARIANTS)
    shortened: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, reading in enumerate(readings):
        for country in countries_of(reading) if reading.shortened else ():
            shortened[country] += [(number, text) for text in sorted(reading.shortened)]
    cursor.execute(STAGE_ALIKE)
    cursor.execute(NAMES_OF, [sorted(lost.keys() | found.keys() | shortened.keys())])
    names = cursor.fetchall()
    with cursor.copy("COPY list_alike FROM STDIN") as copy:
        for country, numbers, texts in names:
            known = list(zip(numbers.split(" "), texts.split("\x1f"), strict=True))
            for row in chain(
                alike(lost[country], known),
                longer(lost[country], known, MOST),
                longer(found[country], known, MOST_LONGER),
                written_out(shortened[country], known),
            ):
                copy.write_row(row)
    cursor.execute(ADD_ALIKE)


def _wanted(cursor: Any, statement: str) -> dict[str, list[Wanted]]:
    """What is sought in each country."""
    wanted: dict[str, list[Wanted]] = defaultdict(list)
    cursor.execute(statement)
    for number, via, folded, countries in cursor.fetchall():
        for country in countries:
            wanted[country].append((number, via, folded))
    return wanted


def countries_of(reading: Reading) -> set[str]:
    """The countries that a row's own columns allow, with those whose places lists give to them."""
    countries = reading.place.countries
    return set(countries).union(*(RELATED.get(country, set()) for country in countries))


def seat_points(seats: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Where the towns lie that second-level divisions are called after, by country and name."""
    wanted = sorted(set(seats))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SEATS, [[country for country, _ in wanted], [name for _, name in wanted]])
        return {(country, name): (lat, lon) for country, name, lat, lon in cursor.fetchall()}


def large_cities() -> list[tuple[float, float, int]]:
    """Latitude, longitude and inhabitants of the large cities."""
    large = City.objects.filter(population__gte=LARGE).order_by()
    rows = large.values_list("latitude", "longitude", "population")
    return [
        (lat, lon, population or 0) for lat, lon, population in rows if lat is not None and lon is not None
    ]
