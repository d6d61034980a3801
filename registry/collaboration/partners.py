"""Direct collaborators of one city: with whom, on which issues, since when, under which policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, QuerySet, Window

from registry.collaboration.direct import period_of, with_evidence
from registry.models import City, DirectTie, Issue, JointPolicy


@dataclass(frozen=True)
class Partner:
    """Another city, and what the two do together. The period runs over all of their ties."""

    city: City
    issues: list[Issue]
    policies: list[JointPolicy]
    since: str
    until: str
    ended: str
    observed_on: str


def partners(city: City, limit: int) -> tuple[list[Partner], int]:
    """The cities with most joint policies in common with `city`, and how many there are in all.

    A tie has its cities in the order of their keys, so a partner stands always at the same end:
    each end is asked for by itself, which an index answers, and no partner comes twice.
    """
    counted = [
        *_counted(DirectTie.objects.filter(city_a=city), "city_b", limit),
        *_counted(DirectTie.objects.filter(city_b=city), "city_a", limit),
    ]
    total = sum({row["end"]: row["total"] for row in counted}.values())
    counted.sort(key=lambda row: (-row["policy_count"], row["other"]))
    return _read(city, counted[:limit]), total


def _counted(ties: QuerySet, end: str, limit: int) -> list[dict[str, Any]]:
    """The other ends of ties with the number of policies they share, the most first."""
    groups = ties.order_by().values(other=F(f"{end}_id"))
    counted = groups.annotate(policy_count=Count("policy", distinct=True), total=Window(Count("*"))).order_by(
        "-policy_count", "other"
    )
    return [{**row, "end": end} for row in counted[:limit]]


def _read(city: City, counted: list[dict[str, Any]]) -> list[Partner]:
    rows = []
    for end, own in (("city_b", "city_a"), ("city_a", "city_b")):
        others = [row["other"] for row in counted if row["end"] == end]
        ties = DirectTie.objects.filter(**{own: city, f"{end}__in": others})
        groups = with_evidence(ties.order_by().values(other=F(f"{end}_id")))
        rows += list(groups.annotate(issue_ids=ArrayAgg("issue", distinct=True))) if others else []
    cities = City.objects.public().select_related("country").in_bulk([row["other"] for row in rows])
    issues = Issue.objects.in_bulk({pk for row in rows for pk in row["issue_ids"]})
    policies = JointPolicy.objects.public().defer("summary", "outputs", "note")
    named = policies.in_bulk({pk for row in rows for pk in row["policy_ids"]})
    found = [
        Partner(
            cities[row["other"]],
            sorted((issues[pk] for pk in row["issue_ids"] if pk in issues), key=str),
            sorted((named[pk] for pk in row["policy_ids"] if pk in named), key=str),
            *period_of(row),
        )
        for row in rows
        # A city withdrawn between two of these queries takes its row with it.
        if row["other"] in cities
    ]
    return sorted(found, key=lambda one: (-len(one.policies), one.city.name, one.city.pk))
