"""The graph of a question: its cities, and for each two that are tied how strongly and on which issues."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from registry.collaboration.direct import count_evidence
from registry.models import City

# Drawn and measured whole up to here; beyond it the strongest are drawn.
MOST_CITIES = 2_000
MOST_DRAWN = 5_000
STRONGEST = 500


@dataclass(frozen=True)
class Edge:
    """Two cities by their keys, the number of joint policies and networks between them, and their issues."""

    city_a: int
    city_b: int
    weight: int
    issues: tuple[int, ...]


@dataclass(frozen=True)
class Edges:
    """Edges of a question, the strongest first; `complete` says that they are all there are."""

    rows: list[Edge]
    complete: bool = True
    cities: dict[int, City] = field(default_factory=dict)

    @property
    def degrees(self) -> Counter[int]:
        """How many cities each city is tied to."""
        return Counter(end for edge in self.rows for end in (edge.city_a, edge.city_b))


def edges(ties: QuerySet, most: int, strongest: int = STRONGEST) -> Edges:
    """All edges of `ties` if there are `most` at most, of not too many cities; else the `strongest`.

    The weight of an edge is the number of joint policies and networks, not of issues: a policy on three
    issues is one undertaking.
    """
    groups = ties.order_by().values("city_a", "city_b")
    groups = groups.annotate(weight=count_evidence(ties), issue_ids=ArrayAgg("issue", distinct=True))
    found = [_edge(row) for row in groups.order_by("-weight", "city_a", "city_b")[: most + 1]]
    ends = {end for edge in found for end in (edge.city_a, edge.city_b)}
    complete = len(found) <= most and len(ends) <= MOST_CITIES
    return with_cities(found if complete else found[:strongest], complete=complete)


def with_cities(rows: list[Edge], *, complete: bool = True) -> Edges:
    """These edges with their cities; those of a city withdrawn meanwhile are left out."""
    ends = {end for edge in rows for end in (edge.city_a, edge.city_b)}
    cities = City.objects.public().select_related("country").defer("note").in_bulk(ends)
    rows = [edge for edge in rows if edge.city_a in cities and edge.city_b in cities]
    return Edges(rows, complete, cities)


def _edge(row: dict[str, Any]) -> Edge:
    return Edge(row["city_a"], row["city_b"], row["weight"], tuple(row["issue_ids"]))
