"""Ties brought together: one row for two cities and an issue, with all that connects them on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, DateField, F, Func, Max, Min, Q, QuerySet, When
from django.urls import reverse

from registry.choices import Ended
from registry.models import AnyTie, City, Issue, JointPolicy, Network

KEYS = ("city_a", "city_b", "issue")
ORDERS = {
    "cities": KEYS,
    "since": (F("first_since").asc(nulls_last=True), *KEYS),
    "-since": (F("first_since").desc(nulls_last=True), *KEYS),
    "policies": ("policy_count", *KEYS),
    "-policies": ("-policy_count", *KEYS),
}


@dataclass(frozen=True)
class Collaboration:
    """Two cities that work together on an issue, and what shows it.

    The period runs from the earliest start to the latest end of their ties. `seen` holds the first
    and last day on which a source shows them, where no start or end is known.
    """

    city_a: City
    city_b: City
    issue: Issue
    policies: list[JointPolicy]
    networks: list[Network]
    since: str
    until: str
    ended: str
    observed_on: str

    @property
    def address(self) -> str:
        """The page that names every proof and its sources."""
        return f"{reverse('tie-detail', args=[self.city_a.slug, self.city_b.slug])}?issue={self.issue.slug}"


def collaborations(ties: QuerySet, order: str = "cities", of: Iterable[City] = ()) -> QuerySet:
    """Ties grouped by their cities and issue, unread: a page of them goes to `read`.

    The order `cities` is that of an index, so that a page of millions of ties is read at once.
    Where one city's own are asked for (`of`) they come by the other city's name instead.
    """
    own = [city.pk for city in of]
    groups = ties.order_by().values(*KEYS)
    if order == "cities" and own:
        other = Case(When(city_a__in=own, then="city_b__name"), default="city_a__name")
        return groups.annotate(other=Min(other)).order_by("other", *KEYS)
    if order.endswith("since"):
        groups = groups.annotate(first_since=Min("since"))
    if order.endswith("policies"):
        groups = groups.annotate(policy_count=count_evidence(ties))
    if order == "cities":
        groups = groups.distinct()  # nothing is summed up, so nothing else would make groups of them
    return groups.order_by(*ORDERS[order])


def read(groups: Iterable[dict[str, Any]], ties: QuerySet, of: Iterable[City] = ()) -> list[Collaboration]:
    """The collaborations of some groups of `ties`; cities of `of` stand first in theirs."""
    first = {city.pk for city in of}
    rows = _evidence_of(ties, [tuple(row[key] for key in KEYS) for row in groups])
    cities = _bulk(City.objects.public().select_related("country"), rows, "city_a", "city_b")
    issues = _bulk(Issue.objects.all(), rows, "issue")
    of_rows = {pk for row in rows for pk in row["policy_ids"]}
    policies = JointPolicy.objects.public().defer("summary", "outputs", "note").in_bulk(of_rows)
    networks = _networks(rows)
    found = []
    for row in rows:
        one, other = cities.get(row["city_a"]), cities.get(row["city_b"])
        if row["city_a"] not in first and row["city_b"] in first:
            one, other = other, one
        shared = _by_name(row["policy_ids"], policies), _by_name(row.get("network_ids", ()), networks)
        # A record withdrawn between two of these queries takes its row with it.
        if one and other and any(shared):
            found.append(Collaboration(one, other, issues[row["issue"]], *shared, *period_of(row)))
    return found


def count_evidence(ties: QuerySet) -> Any:
    """How many joint policies, and networks where ties through them are among `ties`, connect a group."""
    policies = Count("policy", distinct=True)
    return policies + Count("network", distinct=True) if ties.model is AnyTie else policies


def _networks(rows: list[dict[str, Any]]) -> dict[int, Network]:
    keys = {pk for row in rows for pk in row.get("network_ids", ())}
    return Network.objects.public().defer("description", "note").in_bulk(keys) if keys else {}


def _by_name(keys: Iterable[int], records: dict[int, Any]) -> list[Any]:
    return sorted((records[pk] for pk in keys if pk in records), key=lambda record: record.name)


def _evidence_of(ties: QuerySet, keys: list[tuple[int, ...]]) -> list[dict[str, Any]]:
    """The groups of these keys with what their ties say: for one page, not for all that are sorted."""
    wanted = {f"{name}__in": {key[place] for key in keys} for place, name in enumerate(KEYS)}
    if ties.model is AnyTie:
        ends = wanted["city_a__in"] | wanted["city_b__in"]
        wanted |= {"own__in": ends, "other__in": ends}
    rows = with_evidence(ties.order_by().filter(**wanted).values(*KEYS))
    found = {tuple(row[name] for name in KEYS): row for row in rows}
    return [found[key] for key in keys if key in found]


def with_evidence(groups: QuerySet) -> QuerySet:
    """Groups of ties with their joint policies and networks, and the dates that `period_of` reads."""
    ends = Func("until", function="registry_date_upper", output_field=DateField())
    lasts = Q(until=None) & (Q(since__isnull=False) | Q(ended=Ended.ONGOING))
    if groups.model is AnyTie:
        known = Q(network__isnull=False)
        groups = groups.annotate(network_ids=ArrayAgg("network", distinct=True, filter=known, default=[]))
    return groups.annotate(
        policy_ids=ArrayAgg("policy", distinct=True, filter=Q(policy__isnull=False), default=[]),
        earliest=Min("since"),
        untils=ArrayAgg("until", filter=Q(until__isnull=False), order_by=ends.desc(), default=[]),
        open_ends=ArrayAgg("ended", filter=lasts, distinct=True, default=[]),
        ends=ArrayAgg("ended", distinct=True),
        seen_from=Min(Func("certain", function="lower", output_field=DateField())),
        seen_to=Max(Func("certain", function="upper", output_field=DateField())),
    )


def _bulk(records: QuerySet, rows: list[dict[str, Any]], *columns: str) -> dict[int, Any]:
    return records.in_bulk({row[column] for row in rows for column in columns})


def period_of(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """Start, end, how it ended and when it was seen, of a group of ties."""
    since = row["earliest"] or ""
    for lasting in (Ended.ONGOING, Ended.UNKNOWN, Ended.ENDED):
        if lasting in row["open_ends"]:
            return since, "", lasting, ""
    if row["untils"]:
        return since, row["untils"][0], Ended.UNKNOWN, ""
    ended = Ended.ENDED if row["ends"] == [Ended.ENDED] else Ended.UNKNOWN
    return since, "", ended, _days(row["seen_from"], row["seen_to"])


def _days(first: date | None, after: date | None) -> str:
    """The days from `first` to before `after`, in years where they are whole years."""
    if first is None or after is None:
        return ""
    last = date.fromordinal(after.toordinal() - 1)
    whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    start, end = (str(first.year), str(last.year)) if whole_years else (str(first), str(last))
    return start if start == end else f"{start} to {end}"
