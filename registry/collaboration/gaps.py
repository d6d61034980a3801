"""Gaps: two cities active on the same issue with no direct tie on it, the likeliest to come together first.

A city is active on an issue when it is a party to a published joint policy on it, at whatever time, or has
an open office with the issue in its remit. That a network it belongs to works on an issue is not enough: a
network of 10,000 members would make all of them active. A tie is a direct one, of whatever time: who was a
partner once needs no introduction. `docs/decisions/0018-opportunities.md` has the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from registry.collaboration.statements import ask_of
from registry.models import City, CityOffice, DirectTie, LiveParty, Membership
from registry.models.dates import over

# Where no city is asked for, the cities with most joint policies are paired.
MOST_PAIRED = 200
# The likeliest by joint policies and size are looked at with their networks too, and found.
MOST_FOUND = 250

# How soon two cities may come together, but for their networks: the joint policies of each, for who takes
# part in much takes part in more (preferential attachment: Barabási and Albert 1999), and how alike they are
# in size, from 1 for the same population to 0 for a thousandfold or one that is not known. Chosen by
# benchmarks/opportunities.py: what did not foresee partners is said of two cities and does not order them.
ALIKE = """ln(1 + own.policies::float8) + ln(1 + other.policies::float8)
    + CASE WHEN own.population IS NULL OR other.population IS NULL THEN 0 ELSE greatest(0, 1 - abs(log(
        greatest(own.population, 1)::float8 / greatest(other.population, 1)::float8)) / 3) END"""

# Issues are put together for the pairs that are found, since all pairs would have to be sorted for it.
UNTIED = "(least(own.city, other.city), greatest(own.city, other.city), own.issue) NOT IN (TABLE tied)"
FIND = f"""
, mine AS MATERIALIZED (
    SELECT DISTINCT * FROM active WHERE city = ANY(%s)
), gap AS MATERIALIZED (
    SELECT DISTINCT own.city AS own, other.city AS other
    FROM mine own JOIN active other ON other.issue = own.issue AND other.city <> own.city
    WHERE (own.city < other.city OR other.city <> ALL(%s)) {{others}} AND {UNTIED}
), end_of AS MATERIALIZED (
    SELECT own AS city FROM gap UNION SELECT other FROM gap
), known AS MATERIALIZED (
    SELECT city.id, city.name, city.population, coalesce(policies, 0) AS policies
    FROM registry_city city JOIN end_of ON end_of.city = city.id LEFT JOIN (
        SELECT city_id, count(DISTINCT policy_id) AS policies
        FROM registry_live_party JOIN end_of ON end_of.city = city_id GROUP BY city_id
    ) AS counted ON city_id = city.id
), found AS MATERIALIZED (
    SELECT gap.own, gap.other, other.name AS other_name, own.name AS own_name, {ALIKE} AS alike,
        count(*) OVER () AS total
    FROM gap JOIN known own ON own.id = gap.own JOIN known other ON other.id = gap.other
    ORDER BY alike DESC, gap.own, gap.other LIMIT %s
), theirs AS MATERIALIZED (
    SELECT DISTINCT * FROM active WHERE city IN (SELECT own FROM found UNION ALL SELECT other FROM found)
)
SELECT found.own, found.other, array_agg(own.issue ORDER BY own.issue), other_name, own_name, alike, total
FROM found JOIN theirs own ON own.city = found.own
JOIN theirs other ON other.city = found.other AND other.issue = own.issue
WHERE {UNTIED}
GROUP BY found.own, found.other, other_name, own_name, alike, total
ORDER BY alike DESC, found.own, found.other"""

BUSIEST = """
SELECT city, count(*) OVER () FROM (SELECT DISTINCT city FROM active) AS busy {places}
LEFT JOIN (
    SELECT city_id AS city, count(DISTINCT policy_id) AS number FROM registry_live_party GROUP BY city_id
) AS policies USING (city)
ORDER BY number DESC NULLS LAST, city LIMIT %s"""


@dataclass(frozen=True)
class Found:
    """Two cities by their keys, the issues on which they have a gap, the networks that both are or were in.

    The higher `score`, the likelier they are to come together.
    """

    own: int
    other: int
    issues: list[int]
    networks: set[int]
    score: float


@dataclass(frozen=True)
class Gaps:
    """The likeliest gaps of a question, and how many it has in all.

    `left_out` counts active cities that were not paired with each other, since they are too many.
    """

    rows: list[Found]
    total: int = 0
    left_out: int = 0


def find(
    cities: Sequence[int] = (),
    issues: Sequence[int] | None = None,
    places: QuerySet | None = None,
    limit: int | None = MOST_FOUND,
) -> Gaps:
    """Gaps of some cities with all others, or where none are given those of the busiest with each other.

    Cities and issues are given by their keys; None stands for all issues. `places` are the cities of which
    the other one must be; where no city is given, one of the two.
    """
    if cities:
        issues = sorted(issues_of(cities, issues))
        # Each end by itself: an index answers that, and no condition over both.
        ties = [_direct(issues).filter(**{f"{end}__in": cities}) for end in ("city_a", "city_b")]
        return _find(list(cities), issues, ties, places, limit)
    paired, left_out = _busiest(issues)
    own = _busiest(issues, places)[0] if places is not None else paired
    both = {*own, *paired}
    ties = [_direct(issues).filter(city_a__in=both, city_b__in=both)]
    return _find(own, issues, ties, City.objects.filter(pk__in=paired), limit, left_out)


def _find(
    own: list[int],
    issues: Sequence[int] | None,
    ties: list[QuerySet],
    places: QuerySet | None,
    limit: int | None,
    left_out: int = 0,
) -> Gaps:
    tables = {
        "active(city, issue)": active(issues),
        "tied(city_a, city_b, issue)": [rows.values_list("city_a", "city_b", "issue") for rows in ties],
    }
    if places is not None:
        tables["place(city)"] = [places.values_list("pk")]
    others = "" if places is None else "AND other.city IN (TABLE place)"
    rows = ask_of(tables, FIND.format(others=others), [own, own, limit], each_once=False)
    return Gaps(in_order(rows), rows[0][-1] if rows else 0, left_out)


def in_order(rows: list[tuple[Any, ...]]) -> list[Found]:
    """The rows with the networks of both cities, each of which brings them nearer; the likeliest first."""
    networks = networks_of({end for row in rows for end in row[:2]})
    ranked = []
    for own, other, issues, *names, alike, _ in rows:
        shared = networks.get(own, set()) & networks.get(other, set())
        score = alike + log(1 + len(shared))
        ranked.append(((-score, -len(issues), *names, own, other), Found(own, other, issues, shared, score)))
    return [found for _, found in sorted(ranked, key=lambda row: row[0])]


def _busiest(issues: Sequence[int] | None, places: QuerySet | None = None) -> tuple[list[int], int]:
    """The active cities with most joint policies, and how many others there are."""
    tables = {"active(city, issue)": active(issues)}
    if places is not None:
        tables["place(city)"] = [places.values_list("pk")]
    joined = "" if places is None else "JOIN place USING (city)"
    rows = ask_of(tables, BUSIEST.format(places=joined), [MOST_PAIRED], each_once=False)
    return [city for city, _ in rows], rows[0][1] - len(rows) if rows else 0


def active(issues: Sequence[int] | None = None) -> list[QuerySet]:
    """Cities with the issues, of these or of all, that they are active on: as parties, and by an office."""
    offices = CityOffice.objects.public().exclude(over())
    found = []
    for rows, path in ((LiveParty.objects.all(), "policy__issues"), (offices, "remit")):
        narrowed = {f"{path}__isnull": False} if issues is None else {f"{path}__in": issues}
        found.append(rows.filter(**narrowed).values_list("city", path))
    return found


def issues_of(cities: Sequence[int], issues: Sequence[int] | None = None) -> set[int]:
    """The issues, of these or of all, that any of these cities is active on."""
    parties, offices = (rows.filter(city__in=cities).order_by() for rows in active(issues))
    return {issue for _, issue in parties.union(offices)}


def networks_of(cities: set[int]) -> dict[int, set[int]]:
    """The published networks that each of these cities is or was a member of, by their keys."""
    members = Membership.objects.public().present().filter(city__in=cities).order_by()
    return {
        city: set(keys)
        for city, keys in members.values_list("city").annotate(networks=ArrayAgg("network", distinct=True))
    }


def _direct(issues: Sequence[int] | None) -> QuerySet:
    return DirectTie.objects.all() if issues is None else DirectTie.objects.filter(issue__in=issues)
