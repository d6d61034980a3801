"""What may speak for a duplicate, as SQL that several kinds of record share.

Each criterion selects two keys, a weight from 0 to 1 (how likely a duplicate is on this ground
alone) and the reason in words. It starts from the table `subject`, which holds either the recorded
rows that are to be compared or the one row being typed, and from `subject_name`, their folded names.
"""

from __future__ import annotations

from dataclasses import dataclass

# The share of the larger set of cities that two networks or policies must have in common.
OVERLAP = 0.8
# More records than these on one host share a provider (europa.eu), not a website.
SHARED_HOST = 3
# Names are compared letter by letter for the newest records only: older ones have been compared
# before, and each comparison asks the trigram index once.
NEWEST = 100


@dataclass(frozen=True)
class Criterion:
    """One ground for taking two records for the same.

    Of the grounds of one `about` only the strongest counts. `typed` says whether it can be asked of
    a record that is still being typed.
    """

    about: str
    sql: str
    typed: bool = True


def distance(one: str, other: str) -> str:
    """Kilometres between the points of two cities (aliases); null where one has none."""
    height = f"sin(radians({other}.latitude - {one}.latitude) / 2) ^ 2"
    width = f"sin(radians({other}.longitude - {one}.longitude) / 2) ^ 2"
    scaled = f"cos(radians({one}.latitude)) * cos(radians({other}.latitude)) * {width}"
    both = f"{one}.latitude IS NOT NULL AND {other}.latitude IS NOT NULL"
    return f"(CASE WHEN {both} THEN 12742 * asin(sqrt(least(1, {height} + {scaled}))) END)"


def domain(column: str) -> str:
    """The host of an address without `www.`: https://www.c40.org/cities → c40.org."""
    return f"regexp_replace(lower(substring({column} from '://([^/:?#]+)')), '^www[.]', '')"


def address(column: str) -> str:
    """An address without what does not tell two pages apart; null where it is empty."""
    bare = f"regexp_replace(lower({column}), '^https?://(www[.])?|/+$', '', 'g')"
    return f"nullif({bare}, '')"


def numbers(column: str) -> str:
    """The digits of a name: “Cities 2020” and “Cities 2030” differ in nothing else."""
    return f"regexp_replace({column}, '[^0-9]', '', 'g')"


def same_name(table: str, names: str, alike: str = "true") -> Criterion:
    """Equal names. `names` selects `id` and `folded` of all names; `alike` is what must hold besides."""
    return Criterion(
        "name",
        f"""
        SELECT subject.id, other.id, 0.85, 'the same name'
        FROM subject_name JOIN subject USING (id)
        JOIN ({names}) name ON name.folded = subject_name.folded
        JOIN {table} other ON other.id = name.id
        WHERE other.id <> subject.id AND ({alike})""",
    )


def similar_name(table: str, names: str, alike: str = "true") -> Criterion:
    """Names with most of their letters in the same places and the same numbers in them."""
    return Criterion(
        "name",
        f"""
        SELECT subject.id, other.id, 0.65 * similarity(name.folded, subject_name.folded)::float8,
            'nearly the same name'
        FROM subject_name JOIN subject USING (id)
        JOIN ({names}) name ON name.folded %% subject_name.folded
        JOIN {table} other ON other.id = name.id
        WHERE subject.recent AND other.id <> subject.id
            AND {numbers("name.folded")} = {numbers("subject_name.folded")} AND ({alike})""",
    )


def same_website(table: str, identifies: str) -> Criterion:
    """The same address, or the same host where few share it; hosts are recorded as identifiers too."""
    return Criterion(
        "website",
        f"""
        SELECT subject.id, site.id, 0.7, 'the same website, ' || site.host
        FROM subject JOIN (
            SELECT id, host, count(*) OVER (PARTITION BY host) AS sharing FROM (
                SELECT id, {domain("website")} AS host FROM {table} WHERE website <> ''
                UNION
                SELECT {identifies}, lower(value) FROM registry_identifier
                WHERE scheme = 'web-domain' AND {identifies} IS NOT NULL
            ) host
        ) site ON site.host = {domain("subject.website")}
        WHERE site.id <> subject.id AND sharing <= {SHARED_HOST}
        UNION ALL
        SELECT subject.id, other.id, 0.7, 'the same website, ' || {address("other.website")}
        FROM subject JOIN {table} other ON {address("other.website")} = {address("subject.website")}
        WHERE other.id <> subject.id""",
    )


def same_identifier(identifies: str) -> Criterion:
    """An identifier that differs only in its letters' case, or in that its scheme is not named."""
    return Criterion(
        "identifier",
        f"""
        SELECT one.{identifies}, other.{identifies}, 0.95, 'the same identifier, ' || lower(one.value)
        FROM registry_identifier one JOIN registry_identifier other
            ON lower(other.value) = lower(one.value) AND other.{identifies} > one.{identifies}
        WHERE one.scheme = other.scheme OR 'other' IN (one.scheme, other.scheme)""",
        typed=False,
    )


def same_cities(table: str, whole: str, said: str, fewest: int, condition: str = "true") -> Criterion:
    """At least 80 % of the cities of the larger one in common.

    `table` links cities to the records of the column `whole`; `said` is which of its rows count (of
    the alias `link`); records of less than `fewest` cities are not compared; `condition` is what
    must hold besides for the records of the alias `likely`, `one` and `other`.

    Two sets that have so much in common share one of the few rarest cities of each: of these alone
    pairs are made, and then counted.
    """
    return Criterion(
        "cities",
        f"""
        WITH part AS MATERIALIZED (
            SELECT whole, city_id, count(*) OVER (PARTITION BY whole) AS size,
                count(*) OVER (PARTITION BY city_id) AS occurs
            FROM (SELECT DISTINCT {whole} AS whole, city_id FROM {table} link WHERE {said}) link
        ), rare AS MATERIALIZED (
            SELECT whole, city_id, size FROM (
                SELECT *, row_number() OVER (PARTITION BY whole ORDER BY occurs, city_id) AS place FROM part
            ) ordered
            WHERE size >= {fewest} AND place <= size - ceil({OVERLAP} * size) + 1
        ), likely AS MATERIALIZED (
            SELECT DISTINCT one.whole AS one, other.whole AS other, greatest(one.size, other.size) AS size
            FROM rare one JOIN rare other USING (city_id)
            WHERE one.whole < other.whole
                AND least(one.size, other.size) >= {OVERLAP} * greatest(one.size, other.size)
        )
        SELECT one, other, 0.6, format('%%s of %%s cities in common', count(*), likely.size)
        FROM (SELECT * FROM likely WHERE {condition} OFFSET 0) likely
        JOIN part ON part.whole = likely.one
        JOIN part part2 ON part2.whole = likely.other AND part2.city_id = part.city_id
        GROUP BY one, other, likely.size HAVING count(*) >= ceil({OVERLAP} * likely.size)""",
        typed=False,
    )
