"""Filters of ties: who works with whom on what."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from registry.choices import PolicyKind, Publication, WorldRegion
from registry.collaboration.edges import MOST_CITIES, Edges, edges
from registry.collaboration.graph import MOST_MEASURED
from registry.collaboration.through_networks import MOST, memberships, reckoned_ties
from registry.exchange.columns import COLLABORATIONS, MEASURES
from registry.filters.base import ABOVE, Columns, DatedFilterSet, Parameter, subtree
from registry.filters.fields import (
    ChoiceField,
    ChoicesField,
    CitiesField,
    CountriesField,
    IssuesField,
    NetworksField,
    PoliciesField,
)
from registry.models import AnyTie, City, JointPolicy
from registry.models.ties import among

# A country or world region may be that of either city; by these a city is found from a membership.
PLACES = {"country": "country", "world_region": "country__world_region"}
TIES = [
    ("direct", "Through joint policies"),
    ("network", "Through networks"),
    ("all", "Through either"),
]
VIEWS = [("table", "Table"), ("matrix", "Matrix"), ("graph", "Graph"), ("map", "Map")]
MATRICES = [
    ("city-issue", "Cities by issue"),
    ("country-issue", "Countries by issue"),
    ("city-city", "City by city"),
]


class TieFilterSet(DatedFilterSet):
    """Ties. A country or world region is that of either city."""

    period_of = "ties"

    # Ties have no name to look in.
    q = None  # type: ignore[assignment]
    ties = Parameter(ChoicesField, label="Ties", choices=TIES)
    city = Parameter(CitiesField, label="City")
    partner = Parameter(CitiesField, label="Other city")
    country = Parameter(CountriesField, label="Country of either city")
    world_region = Parameter(ChoicesField, label="World region of either city", choices=WorldRegion)
    issue = Parameter(IssuesField, label="Issue")
    network = Parameter(NetworksField, label="Under or through the network")
    policy = Parameter(PoliciesField, label="Under the joint policy")
    kind = Parameter(ChoicesField, label="Kind of joint policy", choices=PolicyKind)

    _reckoned = False

    @property
    def vias(self) -> list[str]:
        """What the ties asked for go through."""
        asked = {*self.asked.get("ties", ["direct"])}
        both = "all" in asked or len(asked) > 1
        return [AnyTie.POLICY, AnyTie.NETWORK] if both else [_VIA[asked.pop()]]

    def is_valid(self) -> bool:
        """Whether everything is understood, and not more ties would be made than can be looked through."""
        if not super().is_valid():
            return False
        if not self._reckoned and AnyTie.NETWORK in self.vias:
            self._reckoned = True
            if not {"policy", "kind"} & self.asked.keys() and self._reckon() > MOST:
                self.form.add_error("ties", ValidationError(TOO_MANY, code="too_many_ties"))
        return self.form.is_valid()

    def _reckon(self) -> int:
        """How many ties through networks these parameters ask for."""
        asked = self.asked
        members = self.during(memberships())
        if "network" in asked:
            members = members.filter(network__in=asked["network"])
        named = [asked[name] for name in ("city", "partner") if name in asked]
        for cities in named:
            members = members.filter(network__in=memberships().filter(city__in=cities).values("network"))
        ends = [Q(city__in=cities) for cities in named]
        ends += [Q(**{f"city__{path}__in": asked[name]}) for name, path in PLACES.items() if name in asked]
        return reckoned_ties(members, self._issues(), ends, between=len(named) == 2)

    def _issues(self) -> list[int] | None:
        return (
            list(subtree(self.asked["issue"]).values_list("pk", flat=True)) if "issue" in self.asked else None
        )

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Ties that have what is asked for at their ends, in what they go through, and in time."""
        asked = self.asked
        if AnyTie.NETWORK in self.vias:
            queryset = AnyTie.objects.filter(via__in=self.vias)
        queryset = self._at_ends(queryset)
        if "issue" in asked:
            queryset = queryset.filter(issue__in=self._issues() or [])
        policies = JointPolicy.objects.public().order_by().values("pk")
        if "network" in asked:
            under = among("policy", policies.filter(networks__in=asked["network"]))
            if queryset.model is AnyTie:
                under = Q(via=AnyTie.POLICY) & under
                under |= Q(via=AnyTie.NETWORK, network__in=asked["network"])
            queryset = queryset.filter(under)
        if "policy" in asked:
            queryset = queryset.filter(policy__in=asked["policy"])
        if "kind" in asked:
            queryset = queryset.filter(policy__in=policies.filter(kind__in=asked["kind"]))
        return self.during(queryset)

    def _at_ends(self, queryset: Any) -> QuerySet:
        asked = self.asked
        places = City.objects.public().order_by().values("pk")
        ends = [asked[name] for name in ("city", "partner") if name in asked]
        between = len(ends) == 2
        ends += [
            places.filter(**{f"{path}__in": asked[name]}) for name, path in PLACES.items() if name in asked
        ]
        if queryset.model is AnyTie:
            queryset = queryset.seen_from(ends[0] if ends else None)
            if between:
                queryset = queryset.filter(among("other", ends[1]))
            ends = ends[1 + between :]
        elif between:
            one, other, *ends = ends
            queryset = queryset.filter(
                Q(city_a__in=one, city_b__in=other) | Q(city_a__in=other, city_b__in=one)
            )
        for cities in ends:
            queryset = queryset.filter(Q(city_a__in=cities) | Q(city_b__in=cities))
        return queryset


class CollaborationFilterSet(TieFilterSet):
    """Ties brought together by cities and issue. A country or world region is that of either city."""

    counted = ("issue", "world_region", "country", "network", "kind", "policy")
    dear = counted

    columns = Columns(COLLABORATIONS)
    # The orders make groups of ties each in its own way, so there is no second one within the first.
    order = Parameter(
        ChoiceField,
        label="Sort by",
        choices=[
            ("cities", "cities"),
            ("-since", "newest first"),
            ("since", "oldest first"),
            ("-policies", "most joint policies and networks first"),
            ("policies", "fewest joint policies and networks first"),
        ],
    )
    view = Parameter(ChoiceField, label="Shown as", choices=VIEWS)
    by = Parameter(ChoiceField, label="Rows and columns of the matrix", choices=MATRICES)

    of_the_page = (*DatedFilterSet.of_the_page, "view", "by")

    @property
    def countable(self) -> tuple[str, ...]:
        """None for ties through networks: to count them by each value would be to make them all."""
        return () if AnyTie.NETWORK in self.vias else self.counted

    def is_valid(self) -> bool:
        """Whether everything is understood, and what shall be counted can be."""
        if super().is_valid() and "facets" in self.asked and not self.countable:
            self.form.add_error("facets", ValidationError(UNCOUNTED, code="uncounted"))
        return self.form.is_valid()

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


class MeasureFilterSet(TieFilterSet):
    """Cities of the graph that ties make. A country or world region is that of either city of a tie."""

    columns = Columns(MEASURES)
    order = Parameter(
        ChoicesField,
        label="Sort by",
        choices=[
            ("-degree", "most ties first"),
            ("degree", "fewest ties first"),
            ("-weight", "most joint policies and networks first"),
            ("weight", "fewest joint policies and networks first"),
            ("-betweenness", "most between others first"),
            ("betweenness", "least between others first"),
            ("-eigenvector", "most central first"),
            ("eigenvector", "least central first"),
            ("community", "largest community first"),
            ("-community", "smallest community first"),
            ("name", "name, ascending"),
            ("-name", "name, descending"),
        ],
    )

    def is_valid(self) -> bool:
        """Whether everything is understood, and the graph is not too large to be measured whole."""
        if super().is_valid() and not self.edges.complete and "ties" not in self.form.errors:
            self.form.add_error("ties", ValidationError(TOO_LARGE, code="too_large"))
        return self.form.is_valid()

    @cached_property
    def edges(self) -> Edges:
        """The graph; not complete, and then empty, where it is too large."""
        return edges(self.narrow(self.queryset), MOST_MEASURED, 0)


UNCOUNTED = "Numbers are counted for ties through joint policies alone."
TOO_LARGE = (
    f"Measures say something of whole graphs only, and this one has more than {MOST_CITIES:,} cities or "
    f"{MOST_MEASURED:,} tied pairs. Ask for a country, a world region, an issue, a network or a time."
)
_VIA = {"direct": AnyTie.POLICY, "network": AnyTie.NETWORK}
TOO_MANY = (
    f"These would be more than {MOST:,} ties through networks. Ask for a city, a second city, a network, a "
    "country, an issue or a time, or for ties through joint policies alone."
)
