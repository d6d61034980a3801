"""Cities by any of their names: the largest of those that answer best, at a cost that does not grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from registry.search.spelling import LONGEST, alphabet, one_off
from registry.search.words import Exactness, Words

# Names read and ranked. Where more have the words, the largest cities are asked one by one instead.
NARROW = 6000
ALIKE = 2000
# How close a name is that differs by one letter, where trigrams see another word or know no letter.
ONE_OFF = 0.75

# `narrow` is read once and no further than its limit; a condition without columns spares what it rules out.
NAMED = """
WITH narrow AS MATERIALIZED (
    SELECT city_id, name, language, folded FROM registry_cityname WHERE {within} LIMIT %(narrow)s + 1
), own AS MATERIALIZED (
    SELECT id AS city_id, name, '' AS language, folded FROM registry_city
    WHERE geonames_id IS NULL AND {within} LIMIT %(narrow)s
), largest AS (
    SELECT city.id FROM registry_city city
    WHERE (SELECT count(*) > %(narrow)s FROM narrow) AND city.id IN ({cities})
    AND EXISTS (SELECT FROM registry_cityname WHERE city_id = city.id AND {within})
    ORDER BY city.population DESC NULLS LAST, city.id LIMIT %(most)s
), named AS (
    SELECT * FROM narrow WHERE (SELECT count(*) <= %(narrow)s FROM narrow)
    UNION ALL
    SELECT * FROM own
    UNION ALL
    (SELECT city_id, name, language, folded FROM registry_cityname WHERE folded = %(folded)s LIMIT %(narrow)s)
    UNION ALL
    SELECT city_id, name, language, folded FROM largest JOIN registry_cityname ON city_id = largest.id
    WHERE {within}
), ranked AS (
    SELECT id, name, language, population, {exactness} AS exactness, is_title
    FROM (
        SELECT city.id, named.*, city.population, named.name = city.name AS is_title,
            CASE WHEN named.folded = city.folded THEN {title} ELSE {name} END AS whole
        FROM named JOIN registry_city city ON city.id = named.city_id WHERE city.id IN ({cities})
    ) named
), best AS (
    SELECT DISTINCT ON (id) * FROM ranked ORDER BY id, exactness, is_title DESC, language, name
)
SELECT id, name, is_title, language, exactness, 1.0, population FROM best
ORDER BY exactness, population DESC NULLS LAST, id LIMIT %(most)s
"""

LIKE = """
WITH alike AS MATERIALIZED (
    (SELECT city_id, name, language, similarity(folded, %(folded)s) AS closeness FROM registry_cityname
    WHERE %(has_trigrams)s AND folded %% %(folded)s LIMIT %(alike)s)
    UNION ALL
    (SELECT city_id, name, language, {one_off} FROM registry_cityname
    WHERE folded = ANY (%(one_off)s) LIMIT %(alike)s)
), best AS (
    SELECT DISTINCT ON (city.id) city.id, alike.name, alike.name = city.name AS is_title, language, closeness,
        city.population
    FROM alike JOIN registry_city city ON city.id = alike.city_id WHERE city.id IN ({cities})
    ORDER BY city.id, closeness DESC, alike.name = city.name DESC, language, alike.name
)
SELECT id, name, is_title, language, {similar}, closeness, population FROM best
ORDER BY closeness DESC, population DESC NULLS LAST, id LIMIT %(most)s
"""


@dataclass(frozen=True)
class CityFound:
    """A city, and that of its names that answers best. `closeness` is from 0 to 1."""

    key: int
    name: str
    is_title: bool
    language: str
    exactness: Exactness
    closeness: float
    population: int


def cities_named(cities: QuerySet, words: Words, most: int) -> list[CityFound]:
    """The cities of the queryset that have a name with the words: the most exact first, then the largest."""
    if not words.parts:
        return []
    levels = {"title": int(Exactness.WHOLE_TITLE), "name": int(Exactness.WHOLE_NAME)}
    given = {**words.given, "narrow": NARROW, "most": most}
    return _read(cities, NAMED, given, within=words.within, exactness=words.exactness, **levels)


def cities_like(cities: QuerySet, words: Words, most: int) -> list[CityFound]:
    """The cities of the queryset with a name most like the words."""
    text = words.folded
    # Trigrams know the letters of Latin: of its words those that they do not see, with two letters swapped.
    letters = [] if text.isascii() or len(text) > LONGEST else alphabet(text)
    given = {
        "folded": text,
        # Without any, the index would be read from end to end.
        "has_trigrams": words.has_trigrams,
        "one_off": [*one_off(text, letters)],
        "alike": ALIKE,
        "most": most,
    }
    return _read(cities, LIKE, given, similar=int(Exactness.SIMILAR), one_off=ONE_OFF)


def _read(cities: QuerySet, sql: str, given: dict[str, Any], **put_in: Any) -> list[CityFound]:
    among, values = cities.order_by().values("pk").query.sql_with_params()
    names = {f"among_{number}": value for number, value in enumerate(values)}
    # What is put in are our own words and placeholders; every value is given beside them.
    among = among.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
    with connections[cities.db].cursor() as cursor:
        # A statement that does not begin so is taken for a change, to be recorded under whoever asks.
        cursor.execute(f"SELECT * FROM ({sql.format(cities=among, **put_in)}) found", {**given, **names})
        return [
            CityFound(key, name, is_title, language, Exactness(exactness), float(closeness), population or 0)
            for key, name, is_title, language, exactness, closeness, population in cursor.fetchall()
        ]
