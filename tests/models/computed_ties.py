"""Direct ties as DESIGN.md defines them, computed in plain Python from every row of the registry."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from registry.choices import Ended, Publication
from registry.models import JointPolicy, PolicyParty
from registry.models.dates import date_bounds

Days = tuple[date, date]
PUBLISHED = Publication.PUBLISHED


class Period(NamedTuple):
    """What is known of a party's time in its policy; `left` if only that it left, not when."""

    since: str | None
    until: str | None
    ended: str
    observed_on: str | None
    left: bool


def first_day(text: str | None) -> date:
    return date_bounds(text)[0] if text else date.min


def day_after(text: str | None) -> date:
    return date_bounds(text)[1] if text else date.max


def period_of(party: PolicyParty) -> Period:
    """A party without dates of its own takes its policy's."""
    policy = party.policy
    left = not party.until and party.ended == Ended.ENDED
    goes_on = party.ended == Ended.ONGOING and not policy.until and policy.ended == Ended.UNKNOWN
    ended = party.ended if party.until or left or goes_on else policy.ended
    observed_on = party.observed_on or (None if left else policy.observed_on)
    return Period(party.since or policy.since, party.until or policy.until, ended, observed_on, left)


def possible(period: Period) -> Days | None:
    return both((first_day(period.since), date.max), (date.min, day_after(period.until)))


def certain(period: Period) -> Days | None:
    """From the earliest to the latest date that proves something."""
    until = None if period.left else period.until
    known = [text for text in (period.since, period.observed_on, until) if text]
    if not known or not possible(period):
        return None
    lower = first_day(period.since or min(known, key=first_day))
    if until:
        upper = day_after(until)
    elif period.ended == Ended.ONGOING:
        upper = date.max
    else:
        upper = max(day_after(text) for text in known)
    return (lower, upper) if lower < upper else None


def both(one: Days | None, other: Days | None) -> Days | None:
    if not one or not other:
        return None
    days = max(one[0], other[0]), min(one[1], other[1])
    return days if days[0] < days[1] else None


def what_ended(one: str, other: str) -> str:
    if one == other:
        return one
    return Ended.ENDED if Ended.ENDED in (one, other) else Ended.UNKNOWN


def tie(one: Period, other: Period) -> tuple[Any, ...] | None:
    """The time both were parties, or None where their known dates exclude it."""
    days = both(possible(one), possible(other))
    if not days:
        return None
    starts = [period.since for period in (one, other) if period.since]
    ends = [period.until for period in (one, other) if period.until]
    return (
        max(starts, key=first_day, default=None),
        min(ends, key=day_after, default=None),
        what_ended(one.ended, other.ended),
        both(certain(one), certain(other)),
        days,
    )


def ties_of(policy: JointPolicy) -> list[tuple[Any, ...]]:
    """Every tie of one policy: one for each issue and each two parties of different cities."""
    parties = [
        (party.city_id, period_of(party))
        for party in policy.parties.select_related("policy", "city").order_by("city_id", "pk")
        if {party.publication, party.city.publication, policy.publication} == {PUBLISHED}
    ]
    issues = list(policy.issues.values_list("pk", flat=True))
    found = []
    for (city_a, one), (city_b, other) in combinations(parties, 2):
        period = tie(one, other) if city_a != city_b else None
        if period:
            found += [(policy.pk, issue, city_a, city_b, *period) for issue in issues]
    return found


def every_tie() -> Counter[tuple[Any, ...]]:
    """Every direct tie there should be."""
    return Counter(tie for policy in JointPolicy.objects.all() for tie in ties_of(policy))


def stored(model: Any) -> Counter[tuple[Any, ...]]:
    """Every tie of a table or view of ties, in the same shape."""

    def days(value: Any) -> Days | None:
        return value and (value.lower or date.min, value.upper or date.max)

    columns = ("policy_id", "issue_id", "city_a_id", "city_b_id", "since", "until", "ended")
    rows = model.objects.values_list(*columns, "certain", "possible")
    return Counter((*row[:7], days(row[7]), days(row[8])) for row in rows)
