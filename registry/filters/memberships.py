"""Filters of the listing of memberships."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.choices import MembershipStatus, Scope, Tier, WorldRegion
from registry.collaboration.shared_networks import MOST, reckoned_pairs
from registry.exchange.columns import MEMBERSHIPS
from registry.exchange.formats import GRAPHS
from registry.filters.base import Columns, DatedFilterSet, Decade, Order, Parameter, subtree, words_in
from registry.filters.fields import (
    ChoiceField,
    ChoicesField,
    CitiesField,
    CountriesField,
    DivisionsField,
    IssuesField,
    NetworksField,
)
from registry.models import CityName, Network, NetworkName

YES = [("yes", _("Yes"))]


class MembershipFilterSet(DatedFilterSet):
    """Memberships of whatever status, by their own facts and those of the city and the network."""

    period_of = _("memberships")
    counted = ("status", "tier", "network", "issue", "scope", "world_region", "country", "decade")
    dear = counted

    network = Parameter(NetworksField, "network", label=_("Network"))
    city = Parameter(CitiesField, "city", label=_("City"))
    status = Parameter(ChoicesField, "status", label=_("Status"), choices=MembershipStatus)
    tier = Parameter(ChoicesField, "tier", label=_("Tier"), choices=Tier)
    founding = Parameter(ChoicesField, label=_("Founding members alone"), choices=YES)
    hosting = Parameter(ChoicesField, label=_("Cities that host the network alone"), choices=YES)
    issue = Parameter(IssuesField, label=_("Of networks on the issue"))
    scope = Parameter(ChoicesField, "network__scope", label=_("Scope of the network"), choices=Scope)
    country = Parameter(CountriesField, "city__country", label=_("Country of the city"))
    world_region = Parameter(
        ChoicesField, "city__country__world_region", label=_("World region"), choices=WorldRegion
    )
    admin1 = Parameter(DivisionsField, "city__division", label=_("First-level division"))
    decade = Decade("since", label=_("Decade it began"))
    columns = Columns(MEMBERSHIPS)
    order = Order({"city": "city__name", "network": "network__name", "since": F("since")})
    graph = Parameter(
        ChoiceField,
        label=_("What a graph of the rows joins"),
        choices=[
            ("networks", _("Cities with their networks")),
            ("cities", _("Cities with each other, by the networks they share")),
        ],
    )

    of_the_page = (*DatedFilterSet.of_the_page, "graph")

    @property
    def joins_cities(self) -> bool:
        """Whether a graph of the rows shall have cities alone."""
        return self.asked.get("graph") == ["cities"]

    def is_valid(self) -> bool:
        """Whether everything is understood, and a graph of cities would not be too large."""
        if super().is_valid() and "graph" in self.asked:
            if self.asked.get("format", [""])[0] not in GRAPHS:
                self.form.add_error("graph", ValidationError(_NO_GRAPH, code="no_graph"))
            elif self.joins_cities and reckoned_pairs(self.narrowed()) > MOST:
                self.form.add_error("graph", ValidationError(_too_many(), code="too_many_pairs"))
        return self.form.is_valid()

    def narrowed(self) -> QuerySet:
        """The rows that the other parameters leave."""
        rows = self.queryset
        for name, value in self.asked.items():
            rows = self.filters[name].filter(rows, value)
        return self.narrow(rows)

    def narrow(self, queryset: Any) -> Any:
        """Memberships that were true then, in a network on one of the issues."""
        asked = self.asked
        for name in ("founding", "hosting"):
            if name in asked:
                queryset = queryset.filter(**{name: True})
        if "issue" in asked:
            on = Network.issues.through.objects.filter(issue__in=subtree(asked["issue"])).values("network")
            queryset = queryset.filter(network__in=on)
        return self.during(self.search(queryset))

    def search(self, queryset: QuerySet) -> QuerySet:
        """Memberships of which a name of the city, or of the network, holds every word of `q`."""
        if not (words := self.asked.get("q")):
            return queryset
        cities = CityName.objects.filter(words_in("folded", words)).order_by().values("city")
        other_names = NetworkName.objects.filter(words_in("folded", words)).order_by().values("network")
        networks = Network.objects.filter(
            words_in("folded", words) | Q(acronym__iexact=words) | Q(pk__in=other_names)
        )
        return queryset.filter(Q(city__in=cities) | Q(network__in=networks.order_by().values("pk")))

    def pairs(self) -> list[QuerySet]:
        """Memberships with their own columns, those of their ends, or the issues of their network."""
        if self.lifted == "issue":
            return [self.qs.values_list("pk", "network__issues")]
        return super().pairs()


_NO_GRAPH = _("Only a graph can be asked to join this or that: give format=graphml or format=gexf too.")


def _too_many() -> str:
    return gettext(
        "There would be more than %(most)s pairs of memberships. Ask for a network, a country, an issue or a "
        "time."
    ) % {"most": number_format(MOST, force_grouping=True)}
