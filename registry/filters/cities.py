"""Filters of the listings of cities and their offices."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from registry.choices import CityKind, MembershipStatus, OfficeKind, Tier, WorldRegion
from registry.exchange.columns import CITIES, OFFICES
from registry.filters.base import (
    Columns,
    DatedFilterSet,
    Decade,
    Order,
    Parameter,
    on_issues,
    subtree,
    words_in,
)
from registry.filters.fields import (
    ChoicesField,
    CitiesField,
    CountriesField,
    DivisionsField,
    IssuesField,
    NetworksField,
    PoliciesField,
)
from registry.models import City, CityName, CityOffice, Issue, LiveParty, Membership, PolicyParty
from registry.models.base import UNPUBLISHED, IsAmong, IsAmongMany, IsInString

TRIGRAM = 3
# So many cities of a set are soonest looked up; of more, each city is asked whether it is among them.
LOOKED_UP = 1000
_OF_A_MEMBERSHIP = {"network", "status", "tier"}
_HERE = {"city": OuterRef("pk")}


class CityFilterSet(DatedFilterSet):
    """Cities. Network, status, tier and time are asked of one and the same membership."""

    period_of = _("memberships; without a network, status or tier also joint policies and offices")
    counted = ("world_region", "country", "kind", "issue", "network", "status", "tier")
    dear = counted

    country = Parameter(CountriesField, "country", label=_("Country"))
    world_region = Parameter(
        ChoicesField, "country__world_region", label=_("World region"), choices=WorldRegion
    )
    admin1 = Parameter(DivisionsField, "division", label=_("First-level division"))
    kind = Parameter(ChoicesField, "kind", label=_("Kind of government"), choices=CityKind)
    network = Parameter(NetworksField, label=_("Member of the network"))
    status = Parameter(ChoicesField, label=_("Status in the network"), choices=MembershipStatus)
    tier = Parameter(ChoicesField, label=_("Tier in the network"), choices=Tier)
    policy = Parameter(PoliciesField, label=_("Party to the joint policy"))
    issue = Parameter(IssuesField, label=_("Active on the issue"))
    taking_part = Parameter(
        ChoicesField, label=_("Which places"), choices=[("any", _("Also those that take part in nothing"))]
    )
    columns = Columns(CITIES)
    order = Order({"name": "name", "country": "country__name", "population": F("population")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # How many cities a stored set has, asked once for all numbers of a page: copies share it.
        self._numbers: dict[tuple[str, ...], int] = {}

    def narrow(self, queryset: Any) -> Any:
        """Cities of which one public row answers all that is asked of memberships, and so on."""
        asked = self.asked
        queryset = self.search(queryset)
        of_it = asked.keys() & _OF_A_MEMBERSHIP
        if self.lifted in _OF_A_MEMBERSHIP:
            pass  # asked of the memberships that are counted
        elif not self.periods and of_it in ({"status"}, {"tier"}):
            (name,) = of_it
            queryset = queryset.filter(self._in_set(name, asked[name]))
        elif self.asks_for_membership:
            queryset = queryset.filter(
                Exists(self.memberships(Membership.objects.public(known="city")).filter(**_HERE))
            )
        elif {"policy", "issue"}.isdisjoint(self.spoken_of) and (self.periods or "taking_part" not in asked):
            whole = bool(self.lifted) and {"q", "country", "admin1"}.isdisjoint(asked)
            queryset = queryset.taking_part(self.during if self.periods else None, whole=whole)
        if "policy" in asked:
            parties = PolicyParty.objects.public(known="city").filter(policy__in=asked["policy"], **_HERE)
            then = parties if self.asks_for_membership else self.during(parties)
            queryset = queryset.filter(Exists(then))
        if "issue" in asked:
            queryset = queryset.filter(self._active_on(asked["issue"]))
        return queryset

    @property
    def asks_for_membership(self) -> bool:
        """Whether a parameter speaks of a membership."""
        return not _OF_A_MEMBERSHIP.isdisjoint(self.spoken_of)

    def memberships(self, among: Any = None) -> Any:
        """The memberships asked about, among all public ones or these: those shown with each city."""
        asked = self.asked
        rows = Membership.objects.public() if among is None else among
        if "status" in asked:
            rows = rows.filter(status__in=asked["status"])
        elif self.lifted != "status":
            rows = rows.present()
        if "network" in asked:
            rows = rows.filter(network__in=asked["network"])
        if "tier" in asked:
            rows = rows.filter(tier__in=asked["tier"])
        return self.during(rows)

    def _active_on(self, issues: list[Issue]) -> Q:
        """That the city took part in work on these issues then: as a member, as a party or by an office."""
        if not self.periods:
            return self._in_set("issue", [str(issue.pk) for issue in issues])
        below = ArraySubquery(subtree(issues))
        rows = [part.filter(IsAmong(F(path), below)) for path, part in self._at_work()]
        # One list made of three: joined to the cities once, where three lists would be read for each city
        # as soon as one of them is too long to be held in memory.
        first, *others = (part.order_by().values("city") for part in rows)
        return Q(pk__in=first.union(*others, all=True))

    def _in_set(self, facet: str, values: list[str]) -> Q:
        """Cities of which the database keeps that they have one of the values (migrations 0034 and 0038)."""
        asked: list[Any] = [facet, values]
        if self._number_in_set(facet, values) > LOOKED_UP:
            return Q(IsInString(RawSQL("(SELECT registry_set_string(%s, %s))", asked), F("pk")))
        return Q(IsAmong(F("pk"), RawSQL("ARRAY(SELECT registry_cities_in(%s, %s))", asked)))

    def _number_in_set(self, facet: str, values: list[str]) -> int:
        asked = (facet, *values)
        if asked not in self._numbers:
            with connections[self.queryset.db].cursor() as cursor:
                cursor.execute(
                    "SELECT sum(bit_count(cities)) FROM registry_blocks_in(%s, %s)", [facet, values]
                )
                self._numbers[asked] = cursor.fetchone()[0] or 0
        return self._numbers[asked]

    def _at_work(self) -> list[tuple[str, Any]]:
        """Rows that show public cities at work then, each with the path to the issues worked on.

        Of parties those alone that have days: where no time is asked about, who works on what is stored.
        """
        rows = {
            "network__issues": Membership.objects.public(known="city").present(),
            "policy__issues": LiveParty.objects.all(),
            "remit": CityOffice.objects.public(known="city"),
        }
        return [(path, self.during(part)) for path, part in rows.items()]

    @property
    def stored(self) -> bool:
        """Which cities work on an issue is stored, and which have a status or tier, but not when or where."""
        alone = self.lifted in ("status", "tier") and self.asked.keys().isdisjoint(_OF_A_MEMBERSHIP)
        return not self.periods and (alone or self.lifted == "issue")

    def pairs(self) -> list[QuerySet]:
        """Cities with their own columns, with their memberships, or with the issues they work on."""
        if self.lifted == "issue":
            parts = self._at_work()
        elif self.lifted in _OF_A_MEMBERSHIP:
            parts = [(self.lifted, self.memberships(Membership.objects.nearly_all_public(known="city")))]
        else:
            return super().pairs()
        apart = {*_OF_A_MEMBERSHIP, *self.of_the_page, *self.of_the_period, "taking_part"}
        if self.asked.keys() - apart or self.lifted == "issue" and self.asks_for_membership:
            cities = Q(IsAmongMany(ArraySubquery(self.qs.order_by().values("pk")), F("city")))
        else:  # all that are public: the few that are not are soonest told
            cities = ~Q(city__in=City.objects.filter(publication__in=UNPUBLISHED).values("pk"))
        return [rows.filter(cities).values_list("city", path) for path, rows in parts]

    def search(self, queryset: QuerySet) -> QuerySet:
        """Cities one of whose names holds every word of `q`."""
        if "q" not in self.asked:
            return queryset
        words = self.asked["q"]
        named = CityName.objects.filter(words_in("folded", words)).order_by().values("city")
        # Names that trigrams can find are found first; of one or two letters nearly every city has them.
        found = len(max(words.split(), key=len)) >= TRIGRAM
        return queryset.filter(IsAmong(F("pk"), ArraySubquery(named)) if found else Q(pk__in=named))


class OfficeFilterSet(DatedFilterSet):
    """Offices and posts in city governments."""

    period_of = _("offices")
    counted = ("kind", "issue", "world_region", "country", "city", "decade")
    dear = counted

    kind = Parameter(ChoicesField, "kind", label=_("Kind of office"), choices=OfficeKind)
    issue = Parameter(IssuesField, label=_("Remit"))
    city = Parameter(CitiesField, "city", label=_("City"))
    country = Parameter(CountriesField, "city__country", label=_("Country"))
    world_region = Parameter(
        ChoicesField, "city__country__world_region", label=_("World region"), choices=WorldRegion
    )
    admin1 = Parameter(DivisionsField, "city__division", label=_("First-level division"))
    decade = Decade("established", label=_("Decade it was established"))
    columns = Columns(OFFICES)
    order = Order(
        {
            "city": "city__name",
            "name": "name",
            "kind": "kind",
            "since": F("established"),
            "country": "city__country__name",
            "population": F("city__population"),
        }
    )

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Offices that existed then, with one of the issues in their remit."""
        if "issue" in self.asked:
            remits = CityOffice.remit.through.objects.filter(
                cityoffice=OuterRef("pk"), issue__in=subtree(self.asked["issue"])
            )
            queryset = queryset.filter(Exists(remits))
        return self.during(self.search(queryset))

    def pairs(self) -> list[QuerySet]:
        """Offices with their own columns and those of their city, or with their remit."""
        if self.lifted != "issue":
            return super().pairs()
        return [on_issues(CityOffice.remit.through, "cityoffice", self.qs)]

    def search(self, queryset: QuerySet) -> QuerySet:
        """Offices whose own name, or whose city's, holds every word of `q`."""
        words = self.asked.get("q", "")
        return queryset.filter(words_in("folded", words) | words_in("city__folded", words))
