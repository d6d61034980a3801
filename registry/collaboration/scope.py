"""The scope that the members of a network show, beside the one it declares.

Thresholds of the Union of International Associations (Yearbook of International Organizations, types B, C
and D; https://uia.org/faq): universal from 60 countries, or from 30 well spread over several continents;
intercontinental from 10 countries on two continents or more; regional from 3 countries. “Well spread” is
read here as: on three continents at least, with no more than half of the countries on any one. What lies
below is the registry's own: members of one country agree with a national and a subnational scope.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F
from django.utils.translation import pgettext_lazy

from registry.choices import Scope, ScopeShown, WorldRegion
from registry.models import Country, Membership, Network
from registry.models.memberships import is_now

UNIVERSAL, WELL_SPREAD, INTERCONTINENTAL, REGIONAL = 60, 30, 10, 3
CONTINENTS_OF_WELL_SPREAD, CONTINENTS_OF_INTERCONTINENTAL = 3, 2


AGREE = {
    "universal": (Scope.INTERNATIONAL,),
    "intercontinental": (Scope.INTERNATIONAL,),
    "regional": (Scope.REGIONAL,),
    "national": (Scope.NATIONAL, Scope.SUBNATIONAL),
}


WORDS = {
    "universal": pgettext_lazy("network", "universal"),
    "intercontinental": pgettext_lazy("network", "intercontinental"),
    "regional": pgettext_lazy("network", "regional"),
    "national": pgettext_lazy("network", "national"),
}


@dataclass(frozen=True)
class ShownScope:
    """What the present members of a network show; `kind` is empty where they decide nothing.

    `continents` holds the number of countries on each, the most first.
    """

    kind: str
    members: int
    countries: int
    continents: list[tuple[str, int]]
    declared: str

    @property
    def kind_words(self) -> str:
        """The kind in words."""
        return str(WORDS.get(self.kind, ""))

    @property
    def differs(self) -> bool:
        """Whether the declared scope is another one."""
        return agreement(self.kind, self.declared) == ScopeShown.DIFFERS


@dataclass(frozen=True)
class InCountry:
    """A country, and how many of its cities are or were members of a network, and are so now."""

    country: Country
    ever: int
    now: int


def kind_of(countries: Counter[str]) -> str:
    """The kind of a network with members in so many countries of each continent; empty for 0 and for 2."""
    number, continents = countries.total(), len(+countries)
    spread = continents >= CONTINENTS_OF_WELL_SPREAD and max(countries.values()) * 2 <= number
    if number >= UNIVERSAL or (number >= WELL_SPREAD and spread):
        return "universal"
    if number >= INTERCONTINENTAL and continents >= CONTINENTS_OF_INTERCONTINENTAL:
        return "intercontinental"
    if number >= REGIONAL:
        return "regional"
    return "national" if number == 1 else ""


def agreement(kind: str, declared: str) -> str:
    """Whether the kind that members show agrees with the declared scope."""
    if not kind:
        return ScopeShown.UNDECIDED
    return ScopeShown.AGREES if declared in AGREE[kind] else ScopeShown.DIFFERS


def by_agreement(wanted: Collection[str]) -> list[int]:
    """Keys of the networks with members now of which the declared scope agrees, differs or neither."""
    rows = Membership.objects.public().now().order_by()
    countries = rows.values("network", region=F("city__country__world_region"))
    counted = countries.annotate(number=Count("city__country", distinct=True), scope=F("network__scope"))
    found: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for row in counted:
        found[row["network"], row["scope"]][row["region"]] = row["number"]
    return [pk for (pk, scope), number in found.items() if agreement(kind_of(number), scope) in wanted]


def by_country(network: Network) -> list[InCountry]:
    """Where the members of a public network are and were, the countries with most cities first."""
    rows = Membership.objects.public(known="network").present().filter(network=network).order_by()
    cities = rows.values_list("city__country").annotate(
        ever=Count("city", distinct=True), now=Count("city", distinct=True, filter=is_now())
    )
    # Read apart: joined to the members of an earlier time, each country was compared with each of them.
    known = Country.objects.in_bulk()
    found = [InCountry(known[code], ever, now) for code, ever, now in cities]
    return sorted(found, key=lambda row: (-row.ever, row.country.name))


def shown_scope(network: Network, countries: list[InCountry]) -> ShownScope:
    """The scope shown by the cities that are members now, as far as their status and dates say."""
    here = [row for row in countries if row.now]
    regions = Counter(row.country.world_region for row in here)
    continents = [(str(WorldRegion(region).label), number) for region, number in regions.most_common()]
    members = sum(row.now for row in here)
    return ShownScope(kind_of(regions), members, len(here), continents, network.scope)
