"""Filters of ties: who works with whom on what."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.choices import PolicyKind, Publication, WorldRegion
from registry.collaboration.edges import MOST_CITIES, Edges, edges
from registry.collaboration.graph import MOST_MEASURED
from registry.collaboration.through_networks import MOST, memberships, reckoned_ties
from registry.exchange.columns import COLLABORATIONS, MEASURES
from registry.filters.base import Columns, DatedFilterSet, Parameter, subtree
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
    ("direct", _("Through joint policies")),
    ("network", _("Through networks")),
    ("all", _("Through either")),
]
VIEWS = [("table", _("Table")), ("matrix", _("Matrix")), ("graph", _("Graph")), ("map", _("Map"))]
MATRICES = [
    ("city-issue", _("Cities by issue")),
    ("country-issue", _("Countries by issue")),
    ("city-city", _("City by city")),
]


class TieFilterSet(DatedFilterSet):
    """Ties. A country or world region is that of either city."""

    period_of = _("ties")

    # Ties have no name to look in.
    q = None  # type: ignore[assignment]
    ties = Parameter(ChoicesField, label=_("Ties"), choices=TIES)
    city = Parameter(CitiesField, label=_("City"))
    partner = Parameter(CitiesField, label=_("Other city"))
    country = Parameter(CountriesField, label=_("Country of either city"))
    world_region = Parameter(ChoicesField, label=_("World region of either city"), choices=WorldRegion)
    issue = Parameter(IssuesField, label=_("Issue"))
    network = Parameter(NetworksField, label=_("Under or through the network"))
    policy = Parameter(PoliciesField, label=_("Under the joint policy"))
    kind = Parameter(ChoicesField, label=_("Kind of joint policy"), choices=PolicyKind)

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
                self.form.add_error("ties", ValidationError(_too_many(), code="too_many_ties"))
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
        label=_("Sort by"),
        choices=[
            ("cities", _("cities")),
            ("-since", _("newest first")),
            ("since", _("oldest first")),
            ("-policies", _("most joint policies and networks first")),
            ("policies", _("fewest joint policies and networks first")),
        ],
    )
    view = Parameter(ChoiceField, label=_("Shown as"), choices=VIEWS)
    by = Parameter(ChoiceField, label=_("Rows and columns of the matrix"), choices=MATRICES)

    of_the_page = (*DatedFilterSet.of_the_page, "view", "by")

    @property
    def has_feed(self) -> bool:
        """News are the joint policies that were published last, and ties through networks have none."""
        return self.asked.get("ties") != ["network"]

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
        paths: dict[str, list[Any]] = {
            "issue": [F("issue")],
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
    dated_news = False
    order = Parameter(
        ChoicesField,
        label=_("Sort by"),
        choices=[
            ("-degree", _("most ties first")),
            ("degree", _("fewest ties first")),
            ("-weight", _("most joint policies and networks first")),
            ("weight", _("fewest joint policies and networks first")),
            ("-betweenness", _("most between others first")),
            ("betweenness", _("least between others first")),
            ("-eigenvector", _("most central first")),
            ("eigenvector", _("least central first")),
            ("community", _("largest community first")),
            ("-community", _("smallest community first")),
            ("name", _("name, ascending")),
            ("-name", _("name, descending")),
        ],
    )

    def is_valid(self) -> bool:
        """Whether everything is understood, and the graph is not too large to be measured whole."""
        if super().is_valid() and not self.edges.complete and "ties" not in self.form.errors:
            self.form.add_error("ties", ValidationError(_too_large(), code="too_large"))
        return self.form.is_valid()

    @cached_property
    def edges(self) -> Edges:
        """The graph; not complete, and then empty, where it is too large."""
        return edges(self.narrow(self.queryset), MOST_MEASURED, 0)


UNCOUNTED = _("Numbers are counted for ties through joint policies alone.")
_VIA = {"direct": AnyTie.POLICY, "network": AnyTie.NETWORK}


def _too_large() -> str:
    cities, ties = (number_format(number, force_grouping=True) for number in (MOST_CITIES, MOST_MEASURED))
    return gettext(
        "Measures say something of whole graphs only, and this one has more than %(cities)s cities or "
        "%(ties)s tied pairs. Ask for a country, a world region, an issue, a network or a time."
    ) % {"cities": cities, "ties": ties}


def _too_many() -> str:
    return gettext(
        "These would be more than %(most)s ties through networks. Ask for a city, a second city, a network, "
        "a country, an issue or a time, or for ties through joint policies alone."
    ) % {"most": number_format(MOST, force_grouping=True)}
