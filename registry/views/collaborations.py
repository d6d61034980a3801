"""Who works with whom on what: one question as a table, a matrix, a graph or a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Min, QuerySet
from django.http import QueryDict
from django.utils import timezone

from registry import filters
from registry.collaboration.branches import branches
from registry.collaboration.direct import collaborations, read
from registry.collaboration.edges import MOST_CITIES, MOST_DRAWN, STRONGEST, Edges, edges
from registry.collaboration.matrix import Matrix, by_issue, city_by_city
from registry.filters.base import RegistryFilterSet
from registry.filters.collaborations import MATRICES, VIEWS
from registry.models import DirectTie, JointPolicy, Membership
from registry.views.listings import RegistryListView
from registry.views.pages import Page

SHOWN_CITIES = 50
OF_ONE_VIEW = {"order": "table", "by": "matrix"}
EARLIEST_YEAR = 1900


@dataclass(frozen=True)
class Choice:
    """One way to show the question, and the address that shows it so."""

    words: str
    query: QueryDict
    chosen: bool
    descending: bool = False


class TieView(RegistryListView):
    """What the pages of ties share: the filters, and the year they look at."""

    queryset = DirectTie.objects.all()
    filterset_class: Any = filters.CollaborationFilterSet
    noun = ("collaboration", "collaborations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the form of the filters has to keep, and the slider."""
        context = super().get_context_data(**kwargs)
        query = context["query"]
        kept = [(name, value) for name in ("view", "by") for value in query.getlist(name)]
        return {**context, "kept": kept, "slider": Slider(query)}

    @staticmethod
    def own(filterset: RegistryFilterSet) -> Any:
        """The cities whose collaborations are asked for."""
        return filterset.asked.get("city", ())


class CollaborationList(TieView):
    """Ties, brought together by cities and issue; or counted, drawn or put on the map."""

    template_name = "registry/collaborations.html"
    title = "Collaborations"
    intro = (
        "Two cities collaborate on an issue when both are, at the same time, parties to a published joint "
        "policy on it, or members of a published network that works on it."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the view asked for shows."""
        context = super().get_context_data(**kwargs)
        filterset, query = context["filterset"], context["query"]
        shown_as = self.shown_as(filterset)
        context |= {
            "shown_as": shown_as,
            "views": self.choices(query, "view", VIEWS, shown_as),
            "uncounted": shown_as != "table",
        }
        if not filterset.is_valid():
            return context
        if shown_as == "matrix":
            by = filterset.asked.get("by", ["city-issue"])[0]
            return context | {
                "by": by,
                "matrices": self.choices(query, "by", MATRICES, by),
                "matrix": self.matrix(filterset, by),
                "ask": Cells(filterset, by),
            }
        if shown_as != "table":
            return context | {"picture": Picture(edges(filterset.qs, MOST_DRAWN))}
        return context

    @staticmethod
    def shown_as(filterset: RegistryFilterSet) -> str:
        """The first view asked for; a table where none is, or nothing is understood."""
        return filterset.asked.get("view", ["table"])[0] if filterset.is_valid() else "table"

    @staticmethod
    def choices(query: QueryDict, name: str, among: list[tuple[str, str]], now: str) -> list[Choice]:
        """The values of a parameter of the page, as links that keep the question."""
        found = []
        for value, words in among:
            other = query.copy()
            for parameter in ("page", *(of for of, view in OF_ONE_VIEW.items() if name == "view" != view)):
                other.pop(parameter, None)
            other[name] = value
            if value == among[0][0]:
                del other[name]
            found.append(Choice(words, other, value == now))
        return found

    def page_of(self, filterset: RegistryFilterSet) -> Page:
        """The page of the table; the other views have none."""
        if self.shown_as(filterset) == "table":
            return super().page_of(filterset)
        return Page()

    def ordered(self, filterset: RegistryFilterSet) -> QuerySet:
        """Groups of ties; those of one city by the name of the other."""
        (order, *_) = filterset.asked.get("order", ["cities"])
        return collaborations(filterset.qs, order, self.own(filterset))

    def counted(self, filterset: RegistryFilterSet) -> QuerySet:
        """Groups of ties in the order of the index that groups them."""
        return collaborations(filterset.qs)

    def read(self, rows: QuerySet, filterset: RegistryFilterSet) -> list[Any]:
        """The groups of a slice with their cities, issue, joint policies and networks."""
        return read(rows, filterset.qs, self.own(filterset))

    @staticmethod
    def matrix(filterset: RegistryFilterSet, by: str) -> Matrix:
        """The question counted; where cities are asked for, by their partners."""
        asked = filterset.asked
        if by == "city-city":
            return city_by_city(filterset.qs)
        branch_of = branches(asked.get("issue"))
        if by == "country-issue":
            countries = [country.pk for country in asked.get("country", ())]
            return by_issue(filterset.qs, branch_of, countries=countries)
        city, partner = ([one.pk for one in asked.get(name, ())] for name in ("city", "partner"))
        return by_issue(filterset.qs, branch_of, heads=partner if city else None, opposite=city or partner)


class Cells:
    """The addresses of the rows that a cell of the matrix counts."""

    def __init__(self, filterset: RegistryFilterSet, by: str) -> None:
        self.by = by
        self.query = filterset.canonical()
        for name in ("view", "by", "page"):
            self.query.pop(name, None)
        self.head = "country" if by == "country-issue" else "partner" if "city" in self.query else "city"

    def row(self, head: Any) -> str:
        """The table of all collaborations of a city or country; empty where no question asks for just these."""
        query = self.query.copy()
        if self.by == "city-city":
            return self._within(head, query)
        query[self.head] = head.alpha2 if self.head == "country" else head.slug
        return query.urlencode()

    @staticmethod
    def _within(head: Any, query: QueryDict) -> str:
        """What a city does within the question: all it does, or what it does with the cities asked for."""
        if "city" in query and "partner" in query:
            return ""
        asked = query.getlist("city") or query.getlist("partner")
        query["city"] = head.slug
        query.pop("partner", None)
        if asked and head.slug not in asked:
            query.setlist("partner", asked)
        return query.urlencode()

    def cell(self, head: Any, column: Any) -> str:
        """The table of the collaborations of a cell; empty where no question asks for just these."""
        query = self.query.copy()
        if self.by == "city-city":
            query["city"], query["partner"] = head.slug, column.slug
            return query.urlencode()
        if column.alone:
            return ""
        query["issue"] = column.issue.slug
        query[self.head] = head.alpha2 if self.head == "country" else head.slug
        return query.urlencode()


class Picture:
    """What stands beneath a graph or map, in words and numbers."""

    most_cities, most_ties, strongest = MOST_CITIES, MOST_DRAWN, STRONGEST

    def __init__(self, edges: Edges) -> None:
        self.edges = edges
        self.degrees = edges.degrees
        weights = dict.fromkeys(self.degrees, 0)
        for edge in edges.rows:
            weights[edge.city_a] += edge.weight
            weights[edge.city_b] += edge.weight
        self.unplaced = sum(edges.cities[key].latitude is None for key in self.degrees)
        ordered = sorted(self.degrees, key=lambda key: (-self.degrees[key], -weights[key], key))
        self.cities = [(edges.cities[key], self.degrees[key], weights[key]) for key in ordered[:SHOWN_CITIES]]
        self.ties = [
            (edges.cities[edge.city_a], edges.cities[edge.city_b], edge.weight, len(edge.issues))
            for edge in edges.rows[:SHOWN_CITIES]
        ]


class Slider:
    """The year asked about, the years on either side of it, and the first that anything is known of."""

    def __init__(self, query: QueryDict) -> None:
        self.last = timezone.now().year
        self.first = min(_first_year() or self.last, self.last - 1)
        self.asked = query.get("active_on", "")
        self.year = int(self.asked[:4]) if self.asked else None
        self.kept = [
            (name, value)
            for name, values in query.lists()
            for value in values
            if name not in ("active_on", "page")
        ]

    @property
    def before(self) -> int | None:
        """The year before the one asked about."""
        return self._within((self.year or self.last + 1) - 1)

    @property
    def after(self) -> int | None:
        """The year after the one asked about."""
        return self._within(self.year + 1) if self.year else None

    def _within(self, year: int) -> int | None:
        return year if self.first <= year <= self.last else None


def _first_year() -> int | None:
    """The first year in which a public membership or joint policy is known to have begun."""
    memberships = Membership.objects.public().filter(since__isnull=False).order_by("since")
    starts = [
        memberships.values_list("since", flat=True).first(),
        JointPolicy.objects.public().aggregate(first=Min("since"))["first"],
    ]
    found = [int(since[:4]) for since in starts if since]
    return max(EARLIEST_YEAR, min(found)) if found else None
