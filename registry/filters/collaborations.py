"""Filters of the table of direct ties: who works with whom on what."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from registry.choices import PolicyKind, Publication, WorldRegion
from registry.exchange.columns import COLLABORATIONS
from registry.filters.base import ABOVE, Columns, DatedFilterSet, Parameter, subtree
from registry.filters.fields import (
    ChoicesField,
    CitiesField,
    CountriesField,
    IssuesField,
    NetworksField,
    PoliciesField,
)
from registry.models import City, JointPolicy


class CollaborationFilterSet(DatedFilterSet):
    """Direct ties. A country or world region is that of either city."""

    period_of = "ties"
    counted = ("issue", "world_region", "country", "network", "kind", "policy")
    dear = counted

    # Ties have no name to look in.
    q = None  # type: ignore[assignment]
    city = Parameter(CitiesField, label="City")
    partner = Parameter(CitiesField, label="Other city")
    country = Parameter(CountriesField, label="Country of either city")
    world_region = Parameter(ChoicesField, label="World region of either city", choices=WorldRegion)
    issue = Parameter(IssuesField, label="Issue")
    network = Parameter(NetworksField, label="Under the network")
    policy = Parameter(PoliciesField, "policy", label="Under the joint policy")
    kind = Parameter(ChoicesField, label="Kind of joint policy", choices=PolicyKind)
    ties = Parameter(ChoicesField, label="Ties", choices=[("direct", "Through joint policies")])
    columns = Columns(COLLABORATIONS)
    order = Parameter(
        ChoicesField,
        label="Sort by",
        choices=[
            ("cities", "cities"),
            ("-since", "newest first"),
            ("since", "oldest first"),
            ("-policies", "most joint policies first"),
            ("policies", "fewest joint policies first"),
        ],
    )
    view = Parameter(ChoicesField, label="Shown as", choices=[("table", "Table")])

    of_the_page = (*DatedFilterSet.of_the_page, "view")

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Ties that have what is asked for at their ends, in their policies and in time."""
        asked = self.asked
        queryset = self._between(queryset, asked.get("city"), asked.get("partner"))
        places = City.objects.public().order_by().values("pk")
        if "country" in asked:
            queryset = _either(queryset, places.filter(country__in=asked["country"]))
        if "world_region" in asked:
            queryset = _either(queryset, places.filter(country__world_region__in=asked["world_region"]))
        if "issue" in asked:
            queryset = queryset.filter(issue__in=subtree(asked["issue"]))
        policies = JointPolicy.objects.public().order_by().values("pk")
        if "network" in asked:
            queryset = queryset.filter(policy__in=policies.filter(networks__in=asked["network"]))
        if "kind" in asked:
            queryset = queryset.filter(policy__in=policies.filter(kind__in=asked["kind"]))
        return self.during(queryset)

    def pairs(self) -> list[QuerySet]:
        """The cities and issue of a collaboration with a value of its ties."""
        paths = {
            "issue": [f"issue__{ABOVE}"],
            "country": ["city_a__country", "city_b__country"],
            "world_region": ["city_a__country__world_region", "city_b__country__world_region"],
            "network": ["policy__networks"],
            "kind": ["policy__kind"],
            "policy": ["policy"],
        }
        ties = self.qs
        if self.lifted == "network":
            ties = ties.filter(policy__networks__publication=Publication.PUBLISHED)
        return [ties.values_list("city_a", "city_b", "issue", path) for path in paths[self.lifted]]

    @staticmethod
    def _between(queryset: QuerySet, cities: list[City] | None, partners: list[City] | None) -> QuerySet:
        if cities and partners:
            return queryset.filter(
                Q(city_a__in=cities, city_b__in=partners) | Q(city_a__in=partners, city_b__in=cities)
            )
        if cities or partners:
            return _either(queryset, cities or partners)
        return queryset


def _either(queryset: QuerySet, cities: list[City] | QuerySet | None) -> QuerySet:
    return queryset.filter(Q(city_a__in=cities) | Q(city_b__in=cities))
