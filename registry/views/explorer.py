"""What the pages of ties show beside their rows: ways to look, cells, pictures in words, years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.http import QueryDict
from django.utils import timezone

from registry.collaboration.edges import MOST_CITIES, MOST_DRAWN, Edges
from registry.filters.base import RegistryFilterSet
from registry.models import JointPolicy, Membership

SHOWN_CITIES = 50
EARLIEST_YEAR = 1900


@dataclass(frozen=True)
class Choice:
    """One way to show the question, and the address that shows it so."""

    words: str
    query: QueryDict
    chosen: bool
    descending: bool = False


class Cells:
    """The addresses of the rows that a cell of the matrix counts."""

    def __init__(self, filterset: RegistryFilterSet, by: str) -> None:
        self.by = by
        self.query = filterset.canonical()
        for name in ("view", "by", "page"):
            self.query.pop(name, None)
        self.head = "country" if by == "country-issue" else "partner" if "city" in self.query else "city"

    def row(self, head: Any) -> str:
        """The table of all of a city or country; empty where no question asks for just these."""
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

    most_cities, most_ties = MOST_CITIES, MOST_DRAWN

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
