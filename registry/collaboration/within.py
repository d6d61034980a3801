"""Within one city: its offices, and for each issue it works on which of them are charged with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from registry.choices import Certainty, Charge, PolicyStatus
from registry.collaboration.offices import carried, heads, is_over, work
from registry.models import City, CityOffice, Issue, Membership, OfficeLink, PolicyParty
from registry.models.dates import date_range

GOING_ON = (PolicyStatus.PROPOSED, PolicyStatus.ACTIVE)
ABOVE = "issues__lines__above"


@dataclass
class IssueOfCity:
    """An issue that a city works on now, as far as is known, or that an open office is charged with.

    `charged` are the open offices with the issue, or one above it, in their remit; `with_part` those that
    only have issues below it. The joint policies, those of them that an office carries, and the networks are
    those on the issue or below it. `links` are the offices that work together on exactly this issue.
    """

    issue: Issue
    charged: list[CityOffice] = field(default_factory=list)
    with_part: list[CityOffice] = field(default_factory=list)
    policy_count: int = 0
    carried_count: int = 0
    networks: list[Any] = field(default_factory=list)
    links: list[OfficeLink] = field(default_factory=list)

    @property
    def charge(self) -> Charge:
        """Whether an office is charged with it."""
        return Charge.OFFICE if self.charged else Charge.PART if self.with_part else Charge.NONE


@dataclass(frozen=True)
class Within:
    """The offices of a city with all they do, and its issues: those without an office first."""

    city: City
    day: date
    offices: list[CityOffice]
    issues: list[IssueOfCity]

    @property
    def open(self) -> list[CityOffice]:
        """The offices that are not known to be closed."""
        return [office for office in self.offices if not office.is_over]  # type: ignore[attr-defined]

    @property
    def links(self) -> list[OfficeLink]:
        """Every link between two of the offices, once."""
        return [link for office in self.offices for link in office.links_made]  # type: ignore[attr-defined]

    @property
    def unlinked(self) -> list[CityOffice]:
        """The open offices of which no link is recorded that is not over."""
        return [office for office in self.open if all(link.is_over for link in office.work)]  # type: ignore[attr-defined]

    @property
    def without_office(self) -> list[IssueOfCity]:
        """The issues with which no office is charged, not even with a part."""
        return [row for row in self.issues if row.charge == Charge.NONE]


def within(city: City, day: date | None = None) -> Within:
    """The offices and issues of a city on a day, by default today.

    The number of queries does not depend on how many there are.
    """
    day = day or timezone.now().date()
    rows = CityOffice.objects.public().filter(city=city).annotate(is_over=is_over(day))
    lookups = ["remit", *heads(day), *work(day), *carried()]
    offices = list(rows.prefetch_related(*lookups).order_by("name", "pk"))
    found = Within(city, day, offices, [])
    found.issues.extend(_issues(found))
    return found


def _issues(found: Within) -> list[IssueOfCity]:
    """The rows of all issues, those without an office first, then those with most joint policies."""
    tree = {issue.pk: issue for issue in Issue.objects.select_related(None).order_by()}
    above = {key: _line(issue, tree) for key, issue in tree.items()}
    remits: dict[int, list[CityOffice]] = defaultdict(list)
    for office in found.open:
        for issue in office.remit.all():
            remits[issue.pk].append(office)
    policies, networks = _policies(found), _networks(found)
    worked_on = {*_worked_on(found), *remits}
    rows = [IssueOfCity(tree[key]) for key in worked_on if key in tree]
    for row in rows:
        key = row.issue.pk
        row.charged = _once(office for one in above[key] for office in remits.get(one, []))
        below = (one for one in remits if key in above.get(one, []) and one != key)
        row.with_part = [] if row.charged else _once(office for one in below for office in remits[one])
        row.policy_count, row.carried_count = policies.get(key, (0, 0))
        row.networks = networks.get(key, [])
        row.links = [link for link in found.links if link.issue_id == key and not link.is_over]  # type: ignore[attr-defined]
    order = list(Charge)
    return sorted(
        rows,
        key=lambda row: (order.index(row.charge), -row.policy_count, -len(row.networks), row.issue.name),
    )


def _line(issue: Issue, tree: dict[int, Issue]) -> list[int]:
    """The keys of an issue and those above it."""
    line = [issue.pk]
    while (parent := tree[line[-1]].parent_id) in tree:
        line.append(parent)
    return line


def _once(offices: Iterable[CityOffice]) -> list[CityOffice]:
    return sorted(dict.fromkeys(offices), key=lambda office: (office.name, office.pk))


def _parties(found: Within) -> QuerySet:
    """The city's parts in joint policies that go on that day, as far as dates and status allow."""
    day = found.day.isoformat()
    parties = PolicyParty.objects.public().filter(city=found.city, policy__status__in=GOING_ON)
    return parties.during(date_range(day, day), Certainty.POSSIBLE)


def _worked_on(found: Within) -> set[int]:
    """The keys of the issues of its joint policies and networks now."""
    members = Membership.objects.public().now(found.day).filter(city=found.city)
    policies = _parties(found).order_by().values_list("policy__issues")
    return {key for (key,) in policies.union(members.order_by().values_list("network__issues")) if key}


def _policies(found: Within) -> dict[int, tuple[int, int]]:
    """By issue: the joint policies on it or below it, and those of them that a published office carries."""
    by_office = Q(office__in=CityOffice.objects.public().filter(city=found.city).values("pk"))
    rows = (
        _parties(found)
        .order_by()
        .values(issue=F(f"policy__{ABOVE}"))
        .annotate(
            number=Count("policy", distinct=True),
            carried=Count("policy", distinct=True, filter=by_office),
        )
    )
    return {row["issue"]: (row["number"], row["carried"]) for row in rows}


def _networks(found: Within) -> dict[int, list[Any]]:
    """By issue: the networks on it or below it of which the city is a member, by name."""
    members = Membership.objects.public().now(found.day).filter(city=found.city).select_related("network")
    rows = members.annotate(issue=F(f"network__{ABOVE}")).order_by("network__name", "network")
    by_issue: dict[int, dict[int, Any]] = defaultdict(dict)
    for row in rows:
        by_issue[row.issue].setdefault(row.network_id, row.network)
    return {issue: list(networks.values()) for issue, networks in by_issue.items()}
