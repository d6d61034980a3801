"""Joint policies that a city could take up: those of the cities that could become its partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from registry.collaboration.gaps import find, issues_of
from registry.models import City, Issue, JointPolicy, LiveParty

# Policies of so many of the cities that come first.
LIKELIEST = 50
MOST_POLICIES = 100


@dataclass(frozen=True)
class Offered:
    """A joint policy on issues of a city that is no party to it, and the likeliest partners that are.

    The dates are those of the policy.
    """

    policy: JointPolicy
    issues: list[Issue]
    cities: list[City]
    since: str | None
    until: str | None
    ended: str
    observed_on: str | None


def offered(
    cities: Sequence[int], issues: Sequence[int] | None = None, places: QuerySet | None = None
) -> list[Offered]:
    """Joint policies, on issues that these cities are active on, of their likeliest partners.

    None of the cities is a party to them. Those with most of the likeliest partners come first, then those
    of the likeliest. `issues` and `places` narrow as they do in `find`.
    """
    found = dict.fromkeys(row.other for row in find(cities, issues, places).rows)
    places_of = {city: place for place, city in enumerate([*found][:LIKELIEST])}
    own = issues_of(cities, issues)
    known = LiveParty.objects.filter(city__in=cities).values("policy")
    parties = LiveParty.objects.filter(city__in=places_of, policy__issues__in=own).exclude(policy__in=known)
    rows = [
        (sorted(who, key=places_of.__getitem__), what, policy)
        for policy, who, what in parties.values_list("policy").annotate(
            who=ArrayAgg("city", distinct=True), what=ArrayAgg("policy__issues", distinct=True)
        )
    ]
    rows.sort(key=lambda row: (-len(row[0]), places_of[row[0][0]], row[2]))
    return _read(rows[:MOST_POLICIES])


def _read(rows: list[tuple[list[int], list[int], int]]) -> list[Offered]:
    """The records of cities, issues and policies; what was withdrawn since is left out."""
    cities = City.objects.public().select_related("country").defer("note")
    named = cities.in_bulk({city for who, _, _ in rows for city in who})
    issues = Issue.objects.in_bulk({issue for _, what, _ in rows for issue in what})
    policies = JointPolicy.objects.public().defer("outputs", "note").in_bulk(policy for _, _, policy in rows)
    found = []
    for who, what, key in rows:
        if policy := policies.get(key):
            period = policy.since, policy.until, policy.ended, policy.observed_on
            shared = sorted((issues[issue] for issue in what if issue in issues), key=str)
            found.append(Offered(policy, shared, [named[one] for one in who if one in named], *period))
    return found
