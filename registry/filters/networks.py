"""Filters of the listing of networks, and of what they have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.choices import (
    MembershipStatus,
    Scope,
    ScopeShown,
    Tier,
    WorldRegion,
)
from registry.collaboration.scope import by_agreement
from registry.exchange.columns import NETWORKS, OVERLAPS
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
    IssuesField,
    OrganisationsField,
)
from registry.filters.records import OF_A_CITY, OF_A_MEMBERSHIP, linked, of_public, with_partner
from registry.models import (
    Membership,
    Network,
    NetworkName,
    Partnership,
)


class NetworkFilterSet(DatedFilterSet):
    """Networks. City, country, world region, status, tier and time are asked of one membership."""

    counted = (
        "scope",
        "issue",
        "world_region",
        "country",
        "city",
        "status",
        "tier",
        "organisation",
        "decade",
    )
    dear = ("world_region", "country", "city", "status", "tier")
    period_of = _("memberships, where a city, country, status or tier is asked for; otherwise networks")

    scope = Parameter(ChoicesField, "scope", label=_("Scope"), choices=Scope)
    issue = Parameter(IssuesField, label=_("Works on the issue"))
    city = Parameter(CitiesField, label=_("With the member"))
    country = Parameter(CountriesField, label=_("With a member of the country"))
    world_region = Parameter(ChoicesField, label=_("With a member in the world region"), choices=WorldRegion)
    status = Parameter(ChoicesField, label=_("Status of the member"), choices=MembershipStatus)
    tier = Parameter(ChoicesField, label=_("Tier of the member"), choices=Tier)
    organisation = Parameter(OrganisationsField, label=_("With the partner"))
    scope_shown = Parameter(ChoicesField, label=_("Scope that its members show"), choices=ScopeShown)
    decade = Decade("founded", label=_("Decade it was founded"))
    columns = Columns(NETWORKS)
    order = Order({"name": "name", "since": F("founded")})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Networks of which one public membership answers all that is asked of memberships."""
        queryset = self.search(queryset)
        if "issue" in self.asked:
            issues = subtree(self.asked["issue"])
            queryset = queryset.filter(linked(Network.issues.through, "network", issue__in=issues))
        if "organisation" in self.asked:
            queryset = queryset.filter(with_partner("network", self.asked["organisation"]))
        if "scope_shown" in self.asked:
            queryset = queryset.filter(pk__in=by_agreement(self.asked["scope_shown"]))
        if self.asks_for_membership:
            rows = self.memberships(Membership.objects.public(known="network"))
            return queryset.filter(Exists(rows.filter(network=OuterRef("pk"))))
        return self.during(queryset)

    @property
    def asks_for_membership(self) -> bool:
        """Whether a parameter speaks of a membership."""
        return not OF_A_MEMBERSHIP.isdisjoint(self.spoken_of)

    def pairs(self) -> list[QuerySet]:
        """Networks with their own columns, issues, partners, or members."""
        if self.lifted == "issue":
            return [on_issues(Network.issues.through, "network", self.qs)]
        if self.lifted == "organisation":
            return [of_public(Partnership.objects.public(), "network", "organisation", self.qs)]
        if self.lifted not in OF_A_MEMBERSHIP:
            return super().pairs()
        value = OF_A_CITY.get(self.lifted, self.lifted)
        rows = self.memberships(Membership.objects.nearly_all_public())
        if not self.asked.keys() - {*OF_A_MEMBERSHIP, *self.of_the_page, *self.of_the_period}:
            return [rows.values_list("network", value)]
        return [of_public(rows, "network", value, self.qs)]

    def memberships(self, among: Any = None) -> Any:
        """The memberships asked about, among all public ones or these: those shown with each network."""
        asked, rows = self.asked, Membership.objects.public() if among is None else among
        if "status" in asked:
            rows = rows.filter(status__in=asked["status"])
        elif self.lifted != "status":
            rows = rows.present()
        columns = {**OF_A_CITY, "tier": "tier"}
        return self.during(
            rows.filter(**{f"{columns[name]}__in": asked[name] for name in columns if name in asked})
        )

    def search(self, queryset: QuerySet) -> QuerySet:
        """Networks one of whose names, or whose acronym, holds every word of `q`."""
        if not (words := self.asked.get("q")):
            return queryset
        names = NetworkName.objects.filter(words_in("folded", words)).order_by().values("network")
        return queryset.filter(words_in("folded", words) | Q(acronym__iexact=words) | Q(pk__in=names))


class OverlapFilterSet(NetworkFilterSet):
    """Networks compared by their members. City, country, region, status, tier and time are asked of these."""

    # The rows are pairs, of which the values of a network say nothing.
    counted = ()  # type: ignore[assignment]
    columns = Columns(OVERLAPS)
    dated_news = False
    order = None  # type: ignore[assignment]
