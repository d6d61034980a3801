"""Two to five cities or networks side by side: what they share, and what each has alone.

What each of them has is read as one number: its first bit stands for the first of them, and so on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.contrib.postgres.aggregates import BitOr
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext

from registry.models import (
    City,
    CityOffice,
    Country,
    DirectTie,
    Issue,
    JointPolicy,
    Membership,
    Network,
    PolicyParty,
)

FEWEST, MOST = 2, 5
SHOWN, OWN = 60, 12
# By key: the name, and who has it.
Items = dict[Any, tuple[str, int]]


@dataclass(frozen=True)
class Overlap:
    """How much two have in common. `jaccard` is the part that both have of what either has (Jaccard 1901)."""

    shared: int
    either: int

    @property
    def jaccard(self) -> float | None:
        """None where neither has anything."""
        return self.shared / self.either if self.either else None


@dataclass(frozen=True)
class Line:
    """Something that at least two of those compared have, and which of them do."""

    record: Any
    has: list[bool]


@dataclass(frozen=True)
class Aspect:
    """One thing to compare by: how many each has, what several share, and some of what each has alone.

    `numbers` says how many belong to exactly these of those compared, by their bits.
    """

    key: str
    words: str
    sides: int
    numbers: dict[int, int]
    shared: list[Line]
    alone: list[list[Any]]

    def _count(self, *, every: int = 0, some: int = 0) -> int:
        return sum(
            number
            for who, number in self.numbers.items()
            if who & every == every and (not some or who & some)
        )

    @property
    def totals(self) -> list[int]:
        """How many each has."""
        return [self._count(every=1 << side) for side in range(self.sides)]

    @property
    def alone_totals(self) -> list[int]:
        """How many each has that none of the others has."""
        return [self.numbers.get(1 << side, 0) for side in range(self.sides)]

    @property
    def of_all(self) -> int:
        """How many all of them share."""
        return self._count(every=(1 << self.sides) - 1)

    @property
    def of_several(self) -> int:
        """How many at least two of them share."""
        return sum(number for who, number in self.numbers.items() if who.bit_count() > 1)

    @property
    def more(self) -> int:
        """How many are shared by several and not shown."""
        return self.of_several - len(self.shared)

    @property
    def overlaps(self) -> list[Overlap]:
        """What each two have in common, in the order of `pairs`."""
        return [
            Overlap(self._count(every=1 << one | 1 << other), self._count(some=1 << one | 1 << other))
            for one, other in combinations(range(self.sides), 2)
        ]


@dataclass(frozen=True)
class Compared:
    """A record that one or more of those compared have: what it is to them, and which of them."""

    aspect: str
    record: Any
    had_by: list[Any]


def compared(sides: Sequence[Any], aspects: Iterable[Aspect]) -> Iterator[Compared]:
    """Every record of whole aspects, what several share before what each has alone."""
    for aspect in aspects:
        for line in aspect.shared:
            had = [side for side, has in zip(sides, line.has, strict=True) if has]
            yield Compared(aspect.key, line.record, had)
        for side, records in zip(sides, aspect.alone, strict=True):
            yield from (Compared(aspect.key, record, [side]) for record in records)


@dataclass(frozen=True)
class Pair:
    """Two of those compared, and how much they have in common by each aspect."""

    one: Any
    other: Any
    overlaps: list[Overlap]


def pairs(sides: Sequence[Any], aspects: list[Aspect]) -> list[Pair]:
    """Each two of those compared with their overlaps, aspect by aspect."""
    by_pair = zip(*(aspect.overlaps for aspect in aspects), strict=True)
    two = combinations(sides, 2)
    return [Pair(*pair, list(overlaps)) for pair, overlaps in zip(two, by_pair, strict=True)]


def compare_cities(cities: Sequence[City], *, whole: bool = False) -> list[Aspect]:
    """Issues they are active on, networks, joint policies, and direct collaborators.

    `whole`: with every record, not only those that a page has room for.
    """
    memberships = Membership.objects.public().present().filter(city__in=cities)
    parties = PolicyParty.objects.public().filter(city__in=cities)
    networks = _items(memberships, "network", "city", cities)
    policies = _items(parties, "policy", "city", cities)
    partners = _partners(cities)
    named = City.objects.public().select_related("country")
    issues = _issues(cities, memberships, parties)
    return [
        _aspect("issues", gettext("Issues"), cities, issues, Issue.objects.all(), whole),
        _aspect("networks", gettext("Networks"), cities, networks, Network.objects.public(), whole),
        _aspect("policies", gettext("Joint policies"), cities, policies, JointPolicy.objects.public(), whole),
        _aspect("partners", gettext("Direct collaborators"), cities, partners, named, whole),
    ]


def compare_networks(networks: Sequence[Network], *, whole: bool = False) -> list[Aspect]:
    """Cities that are or were members, issues, and joint policies; `whole` as for cities."""
    memberships = Membership.objects.public().present().filter(network__in=networks)
    issues = Network.issues.through.objects.filter(network__in=networks)
    runs = JointPolicy.networks.through.objects.filter(
        network__in=networks, jointpolicy__in=JointPolicy.objects.public()
    )
    members = _items(memberships, "city", "network", networks)
    named = City.objects.public().select_related("country")
    policies = _items(runs, "jointpolicy", "network", networks)
    worked_on = _items(issues, "issue", "network", networks)
    return [
        _aspect("members", gettext("Members"), networks, members, named, whole),
        _aspect("issues", gettext("Issues"), networks, worked_on, Issue.objects.all(), whole),
        _aspect(
            "policies", gettext("Joint policies"), networks, policies, JointPolicy.objects.public(), whole
        ),
    ]


def offices_by_kind(cities: Sequence[City]) -> list[tuple[str, list[list[CityOffice]]]]:
    """Kinds of office that any of the cities has, and the offices of each city of that kind."""
    place = {city.pk: number for number, city in enumerate(cities)}
    found: dict[str, list[list[CityOffice]]] = {}
    for office in CityOffice.objects.public().filter(city__in=cities).order_by("kind", "name", "pk"):
        row = found.setdefault(office.get_kind_display(), [[] for _ in cities])
        row[place[office.city_id]].append(office)
    return sorted(found.items(), key=lambda row: (-sum(map(bool, row[1])), row[0]))


def members_by_country(networks: Sequence[Network]) -> list[tuple[str, str, list[int]]]:
    """Countries by code and name, with the number of cities that are or were members of each network."""
    place = {network.pk: number for number, network in enumerate(networks)}
    rows = Membership.objects.public().present().filter(network__in=networks).order_by()
    counted = rows.values_list("city__country", "city__country__name", "network")
    found: dict[tuple[str, str], list[int]] = {}
    for code, name, network, number in counted.annotate(number=Count("city", distinct=True)):
        found.setdefault((code, name), [0] * len(networks))[place[network]] = number
    ranked = sorted(found.items(), key=lambda row: (-sum(row[1]), row[0][1]))
    return [(code, str(Country(code, name=name)), numbers) for (code, name), numbers in ranked]


def _items(rows: QuerySet, item: str, side: str, sides: Sequence[Any]) -> Items:
    """What the rows link to those compared, each with its name and who has it."""
    bits = [When(**{side: one.pk}, then=Value(1 << place)) for place, one in enumerate(sides)]
    who = BitOr(Case(*bits, output_field=IntegerField()))
    return {
        key: (name, has)
        for key, name, has in rows.order_by().values_list(item, f"{item}__name").annotate(who=who)
    }


def _issues(cities: Sequence[City], memberships: QuerySet, parties: QuerySet) -> Items:
    """Issues that the cities take part in work on: as members, as parties, or by an office."""
    offices = CityOffice.objects.public().filter(city__in=cities)
    paths = ((memberships, "network__issues"), (parties, "policy__issues"), (offices, "remit"))
    return _merged(
        _items(rows.filter(**{f"{path}__isnull": False}), path, "city", cities) for rows, path in paths
    )


def _partners(cities: Sequence[City]) -> Items:
    """Cities that they have direct ties with; those compared may be among them."""
    ends = (("city_a", "city_b"), ("city_b", "city_a"))
    return _merged(
        _items(DirectTie.objects.filter(**{f"{own}__in": cities}), other, own, cities) for own, other in ends
    )


def _merged(parts: Iterable[Items]) -> Items:
    merged: Items = {}
    for part in parts:
        for key, (name, who) in part.items():
            merged[key] = (name, who | merged.get(key, (name, 0))[1])
    return merged


def _aspect(
    key: str, words: str, sides: Sequence[Any], items: Items, records: QuerySet, whole: bool
) -> Aspect:
    """Count the items, and read the records of those that are shown."""
    most, own_most = (None, None) if whole else (SHOWN, OWN)
    ordered = sorted(items, key=lambda item: (-items[item][1].bit_count(), items[item][0], item))
    several = [item for item in ordered if items[item][1].bit_count() > 1][:most]
    alone = [
        [item for item in ordered if items[item][1] == 1 << place][:own_most] for place in range(len(sides))
    ]
    named = records.in_bulk([*several, *(item for part in alone for item in part)])
    shared = [
        Line(named[item], [bool(items[item][1] & 1 << place) for place in range(len(sides))])
        for item in several
        if item in named
    ]
    own = [[named[item] for item in part if item in named] for part in alone]
    return Aspect(key, words, len(sides), Counter(who for _, who in items.values()), shared, own)
