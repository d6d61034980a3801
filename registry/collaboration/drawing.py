"""Edges as a picture takes them: cities with their places, ties with their colours."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.collaboration.branches import Branch
from registry.collaboration.edges import Edge, Edges
from registry.collaboration.graph import layout

# As many colours as a reader can tell apart; what is rarer shares the last.
MOST_COLOURS = 7
OTHER = _("Other issues")


def drawing(edges: Edges, branch_of: dict[int, Branch], *, placed: bool) -> dict[str, Any]:
    """Cities, ties and colours, for the script that draws them.

    A tie is the places of its two cities in the list of cities, its weight, and the place of its colour.
    With `placed` each city has a place in the graph; otherwise only the one it has in the world.
    """
    degrees = edges.degrees
    keys = sorted(degrees, key=lambda key: (-degrees[key], key))
    places = {key: place for place, key in enumerate(keys)}
    points = layout(edges) if placed else {}
    colours = _colours(edges, branch_of)
    return {
        "cities": [_city(edges.cities[key], degrees[key], points.get(key)) for key in keys],
        "ties": [
            [places[edge.city_a], places[edge.city_b], edge.weight, colours[_main(edge, branch_of)]]
            for edge in edges.rows
        ],
        "colours": list(dict.fromkeys(_names(colours))),
    }


def _city(city: Any, degree: int, point: tuple[float, float] | None) -> dict[str, Any]:
    said = {"slug": city.slug, "name": str(city), "country": str(city.country), "degree": degree}
    if point:
        said["at"] = point
    if city.latitude is not None:
        said["place"] = [round(float(city.longitude), 3), round(float(city.latitude), 3)]
    return said


def _main(edge: Edge, branch_of: dict[int, Branch]) -> Branch | None:
    """The branch that most issues of an edge belong to."""
    counts = Counter(branch_of[issue] for issue in edge.issues if issue in branch_of)
    return min(counts, key=lambda branch: (-counts[branch], str(branch)), default=None)


def _colours(edges: Edges, branch_of: dict[int, Branch]) -> dict[Branch | None, int]:
    """The number of each branch's colour: the commonest have their own."""
    counts = Counter(_main(edge, branch_of) for edge in edges.rows)
    ordered = sorted(counts, key=lambda branch: (-counts[branch], str(branch)))
    return {branch: min(place, MOST_COLOURS) for place, branch in enumerate(ordered)}


def _names(colours: dict[Branch | None, int]) -> list[str]:
    return [str(OTHER) if number == MOST_COLOURS else str(branch) for branch, number in colours.items()]
