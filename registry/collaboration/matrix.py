"""Collaborations counted in a matrix: cities or countries by issue, or city by city.

A collaboration is two cities and an issue, a row of the table: each cell counts the rows that the table
shows for it. They are brought together and counted by one statement, whatever the registry holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import Any

from django.db.models import QuerySet

from registry.collaboration.branches import Branch
from registry.collaboration.direct import KEYS
from registry.collaboration.statements import ask
from registry.models import City, Country

MOST_ROWS = 30
MOST_CITIES_ACROSS = 20
HEATS = 6

# Each collaboration from both of its ends; of a country's own, where both ends are its own, once.
SEEN_BY_CITY = """
    SELECT city_a_id AS head, city_b_id AS opposite, issue_id FROM collaboration
    UNION ALL SELECT city_b_id, city_a_id, issue_id FROM collaboration"""
SEEN_BY_COUNTRY = """
    SELECT unnest(CASE WHEN a.country_id = b.country_id THEN ARRAY[a.country_id]
        ELSE ARRAY[a.country_id, b.country_id] END) AS head, issue_id
    FROM collaboration JOIN registry_city a ON a.id = city_a_id JOIN registry_city b ON b.id = city_b_id"""
BY_ISSUE = """
WITH collaboration (city_a_id, city_b_id, issue_id) AS MATERIALIZED ({rows}),
seen AS MATERIALIZED (SELECT * FROM ({seen}) both_ends WHERE {asked}),
top AS (SELECT head, count(*) AS total FROM seen GROUP BY head ORDER BY total DESC, head LIMIT %s)
SELECT head, total, issue_id, count(*), (SELECT count(DISTINCT head) FROM seen)
FROM top JOIN seen USING (head) GROUP BY head, total, issue_id ORDER BY total DESC, head, issue_id
"""
CITY_BY_CITY = """
WITH collaboration (city_a_id, city_b_id, issue_id) AS MATERIALIZED ({rows}),
seen AS MATERIALIZED ({seen}),
top AS (SELECT head, count(*) AS total FROM seen GROUP BY head ORDER BY total DESC, head LIMIT %s)
SELECT head, total, opposite, count(*) FILTER (WHERE opposite IN (SELECT head FROM top)),
    (SELECT count(DISTINCT head) FROM seen)
FROM top JOIN seen USING (head) GROUP BY head, total, opposite ORDER BY total DESC, head, opposite
"""


@dataclass(frozen=True)
class Cell:
    """What its column is of, how many collaborations it counts, and how deep its colour is (0 to 6)."""

    column: Any
    count: int
    heat: int


@dataclass(frozen=True)
class Row:
    """A city or country, all its collaborations, and these by column."""

    head: Any
    total: int
    cells: list[Cell]


@dataclass(frozen=True)
class Matrix:
    """Rows with most collaborations first, and how many rows there are in all."""

    columns: list[Any]
    rows: list[Row]
    total: int

    @property
    def left_out(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


def by_issue(
    ties: QuerySet,
    branch_of: dict[int, Branch],
    *,
    countries: list[str] | None = None,
    heads: list[int] | None = None,
    opposite: list[int] | None = None,
) -> Matrix:
    """Those with most collaborations, by the branches of issues these are on.

    With `countries` the rows are countries: these, or all where the list is empty. Otherwise they are
    cities: these `heads` or all, as far as they are tied to one of `opposite` where these are given.
    """
    asked = {"head = ANY(%s)": countries or heads, "opposite = ANY(%s)": opposite}
    asked = {condition: keys for condition, keys in asked.items() if keys}
    found = ask(
        BY_ISSUE,
        _collaborations(ties),
        [*asked.values(), MOST_ROWS],
        seen=SEEN_BY_CITY if countries is None else SEEN_BY_COUNTRY,
        asked=" AND ".join(["true", *asked]),
    )
    counts: Counter[tuple[Any, Any]] = Counter()
    for head, _, issue, number, _ in found:
        counts[head, branch_of.get(issue)] += number
    branches = sorted({branch for _, branch in counts if branch is not None}, key=str)
    records = City.objects.public().select_related("country") if countries is None else Country.objects.all()
    return _matrix(found, counts, {branch: branch for branch in branches}, _heads(found, records))


def city_by_city(ties: QuerySet) -> Matrix:
    """The cities with most collaborations, by each other: on how many issues each two work together."""
    found = ask(CITY_BY_CITY, _collaborations(ties), [MOST_CITIES_ACROSS], seen=SEEN_BY_CITY)
    counts = Counter({(head, opposite): number for head, _, opposite, number, _ in found})
    cities = _heads(found, City.objects.public().select_related("country"))
    return _matrix(found, counts, cities, cities)


def _collaborations(ties: QuerySet) -> QuerySet:
    return ties.order_by().values(*KEYS).distinct()


def _heads(found: list[tuple[Any, ...]], records: Any) -> dict[Any, Any]:
    """The cities or countries of the rows by their keys, in order, without any withdrawn meanwhile."""
    keys = list(dict.fromkeys(head for head, *_ in found))
    by_key = records.in_bulk(keys)
    return {key: by_key[key] for key in keys if key in by_key}


def _matrix(
    found: list[tuple[Any, ...]],
    counts: Counter[tuple[Any, Any]],
    columns: dict[Any, Any],
    heads: dict[Any, Any],
) -> Matrix:
    totals = {head: total for head, total, *_ in found}
    highest = max((counts[head, key] for head in heads for key in columns), default=0)
    rows = [
        Row(head, totals[key], [_cell(column, counts[key, of], highest) for of, column in columns.items()])
        for key, head in heads.items()
    ]
    return Matrix([*columns.values()], rows, found[0][-1] if found else 0)


def _cell(column: Any, count: int, highest: int) -> Cell:
    return Cell(column, count, _heat(count, highest))


def _heat(count: int, highest: int) -> int:
    """From 1 for one collaboration to 6 for the most, by steps of equal factors."""
    if not count:
        return 0
    if highest == 1:
        return 1
    return 1 + round((HEATS - 1) * log(count) / log(highest))
