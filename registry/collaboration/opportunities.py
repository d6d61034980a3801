"""Gaps as a page shows them: the two cities, their issues and networks, and why they could work together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Count

from registry.collaboration.gaps import Found
from registry.collaboration.reasons import Common, Reason, reasons
from registry.collaboration.statements import ask_of
from registry.models import City, DirectTie, Issue, LiveParty, Network

# Partners in common that are named.
NAMED = 3
Pair = tuple[int, int]

# Two parties of a policy with issues have direct ties, unless their dates exclude each other. Asked of the
# parties and not of the ties, which a policy of 10,000 parties has on each of its issues.
PARTNERS = """
WITH pair(own, other) AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[])
), tie AS MATERIALIZED (
    SELECT DISTINCT one.city_id AS city, two.city_id AS partner
    FROM registry_live_party one JOIN registry_live_party two
        ON two.policy_id = one.policy_id AND two.city_id <> one.city_id AND two.possible && one.possible
    WHERE one.city_id IN (SELECT own FROM pair UNION SELECT other FROM pair)
        AND one.policy_id IN (SELECT jointpolicy_id FROM registry_jointpolicy_issues)
), common AS MATERIALIZED (
    SELECT own, other, mine.partner FROM pair
    JOIN tie mine ON mine.city = own
    JOIN tie theirs ON theirs.city = other AND theirs.partner = mine.partner
)
SELECT own, other, count(*), (array_agg(partner ORDER BY population DESC NULLS LAST, partner))[:%s]
FROM common JOIN registry_city ON id = partner GROUP BY own, other"""

TIED = """
SELECT own, other, array_agg(issue) FROM unnest(%s::bigint[], %s::bigint[]) AS pair(own, other)
JOIN tie ON tie.city_a = least(own, other) AND tie.city_b = greatest(own, other)
GROUP BY own, other"""


@dataclass(frozen=True)
class Opportunity:
    """Two cities that could work together on issues, and why."""

    city: City
    partner: City
    issues: list[Issue]
    common: Common
    reasons: list[Reason]
    score: float


def read(rows: list[Found]) -> list[Opportunity]:
    """The cities, issues and reasons of these gaps; for one page of them, not for all that are ordered."""
    pairs = [(row.own, row.other) for row in rows]
    ends = {end for pair in pairs for end in pair}
    partners, tied, policies = _partners(pairs), _tied(pairs, ends), _policy_counts(rows)
    named = {key for _, keys in partners.values() for key in keys}
    cities = City.objects.public().select_related("country").defer("note").in_bulk(ends | named)
    issues = Issue.objects.in_bulk({key for row in rows for key in row.issues} | set().union(*tied.values()))
    networks = Network.objects.public().only("pid", "name", "slug", "acronym")
    of_rows = networks.in_bulk(set().union(*(row.networks for row in rows)))
    found = []
    for row, pair in zip(rows, pairs, strict=True):
        # A city withdrawn between two of these queries takes its row with it.
        if not cities.keys() >= {*pair}:
            continue
        number, largest = partners.get(pair, (0, []))
        common = Common(
            _by_name(row.networks, of_rows),
            [cities[key] for key in largest if key in cities],
            number,
            _by_name(tied.get(pair, ()), issues),
            policies.get(row.other, 0),
        )
        own, other = (cities[key] for key in pair)
        why = reasons(own, other, common)
        found.append(Opportunity(own, other, _by_name(row.issues, issues), common, why, row.score))
    return found


def _partners(pairs: list[Pair]) -> dict[Pair, tuple[int, list[int]]]:
    """For each pair how many cities both have direct ties with, and the largest of them."""
    with connections[LiveParty.objects.all().db].cursor() as cursor:
        cursor.execute(PARTNERS, [*_unzipped(pairs), NAMED])
        return {(own, other): (number, largest) for own, other, number, largest in cursor.fetchall()}


def _tied(pairs: list[Pair], ends: set[int]) -> dict[Pair, list[int]]:
    """For each pair the issues that they have direct ties on."""
    ties = DirectTie.objects.filter(city_a__in=ends, city_b__in=ends)
    named = {"tie(city_a, city_b, issue)": [ties.values_list("city_a", "city_b", "issue")]}
    return {(own, other): issues for own, other, issues in ask_of(named, TIED, _unzipped(pairs))}


def _unzipped(pairs: list[Pair]) -> list[Any]:
    return [[pair[place] for pair in pairs] for place in (0, 1)]


def _policy_counts(rows: list[Found]) -> dict[int, int]:
    """How many joint policies each of the other cities takes part in."""
    parties = LiveParty.objects.filter(city__in={row.other for row in rows})
    return dict(parties.values_list("city").annotate(number=Count("policy", distinct=True)))


def _by_name(keys: Any, records: dict[int, Any]) -> list[Any]:
    return sorted((records[key] for key in keys if key in records), key=lambda one: (one.name, one.pk))
