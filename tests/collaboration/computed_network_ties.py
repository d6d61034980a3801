"""Ties through networks as DESIGN.md defines them, in plain Python from every row of the registry."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

from registry.choices import Ended, MembershipStatus
from registry.models import AnyTie, Membership, Network
from tests.models.computed_ties import (
    PUBLISHED,
    Days,
    Period,
    both,
    certain,
    day_after,
    first_day,
    possible,
    what_ended,
)

THERE = (MembershipStatus.MEMBER, MembershipStatus.LEFT)


def period_of(membership: Membership) -> Period:
    """A source that shows that a city left does not show it there."""
    left = membership.status == MembershipStatus.LEFT
    ended = Ended.ENDED if left else membership.ended
    seen = None if left else membership.observed_on
    return Period(membership.since, membership.until, ended, seen, left and not membership.until)


def certain_of(membership: Membership) -> Days | None:
    """As `certain`, but by the row's own word for its end: “left” alone proves no day."""
    return certain(period_of(membership)._replace(ended=membership.ended, left=False))


def ties_of(network: Network) -> list[tuple[Any, ...]]:
    """Every tie of one network: one for each issue and each two memberships of different cities."""
    members = [
        row
        for row in network.memberships.select_related("city", "network").order_by("city_id", "pk")
        if {row.publication, row.city.publication, network.publication} == {PUBLISHED} and row.status in THERE
    ]
    issues = list(network.issues.values_list("pk", flat=True))
    found = []
    for one, other in combinations(members, 2):
        days = both(possible(period_of(one)), possible(period_of(other)))
        if one.city_id == other.city_id or not days:
            continue
        starts = [row.since for row in (one, other) if row.since]
        ends = [row.until for row in (one, other) if row.until]
        period = (
            max(starts, key=first_day, default=None),
            min(ends, key=day_after, default=None),
            what_ended(period_of(one).ended, period_of(other).ended),
            both(certain_of(one), certain_of(other)),
            days,
        )
        found += [(network.pk, issue, one.city_id, other.city_id, *period) for issue in issues]
    return found


def every_network_tie() -> Counter[tuple[Any, ...]]:
    """Every tie through a network there should be."""
    return Counter(tie for network in Network.objects.all() for tie in ties_of(network))


def found_network_ties() -> Counter[tuple[Any, ...]]:
    """Every tie through a network that the view gives, once, in the same shape."""

    def days(value: Any) -> Days | None:
        return value and (value.lower or date.min, value.upper or date.max)

    columns = ("network_id", "issue_id", "city_a_id", "city_b_id", "since", "until", "ended")
    rows = AnyTie.objects.filter(via=AnyTie.NETWORK).seen_from().values_list(*columns, "certain", "possible")
    return Counter((*row[:7], days(row[7]), days(row[8])) for row in rows)
