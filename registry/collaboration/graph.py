"""What a graph of cities says as a whole: where to draw each city, and how central it is.

Both are functions of the edges and of nothing else, so they are kept under a hash of the edges: what is
kept can neither be out of date nor hold what the edges do not show. Edges are read anew each time.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import networkx
import rustworkx
from django.core.cache import cache

from registry.collaboration.edges import Edges

# Betweenness takes cities × ties steps: three seconds for these.
MOST_MEASURED = 20_000
SEED = 1
KEPT_SECONDS = 7 * 24 * 3600
ITERATIONS = 1_000

# How much wider the picture is than boxes without gaps would be, and how much of its box a part fills.
ROOM = 1.2
INNER = 0.9

Numbers = dict[int, float]
Places = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Measures:
    """How one city stands in the graph of a question.

    `degree` counts the cities it is tied to (Freeman 1978). `weight` adds up the joint policies and
    networks of its ties (Barrat and others 2004). `betweenness`, from 0 to 1, is the share of the shortest
    paths between two other cities that lead through it (Freeman 1977; by Brandes 2001). `eigenvector`,
    from 0 to 1, is high where the cities it is tied to are central themselves (Bonacich 1972), the highest
    being 1; None where the iteration does not settle. `community` numbers the groups whose cities are tied
    to each other more than chance has it (Louvain: Blondel and others 2008), the largest first.
    """

    city: int
    degree: int
    weight: int
    betweenness: float
    eigenvector: float | None
    community: int


def layout(edges: Edges) -> Places:
    """A place for each city, from -1 to 1 each way, by Fruchterman and Reingold's springs (1991).

    Cities that no chain of ties joins stand in boxes of their own, each as large as its cities are many:
    springs between them would only push them apart.
    """
    return _kept("boxed layout", edges, _layout)


def measures(edges: Edges) -> list[Measures]:
    """The measures of every city of the edges."""
    return _kept("measures", edges, _measures)


def _kept(what: str, edges: Edges, compute: Callable[[Edges], Any]) -> Any:
    known = f"{what} {version('rustworkx')} {version('networkx')}"
    rows = ";".join(f"{edge.city_a},{edge.city_b},{edge.weight}" for edge in edges.rows)
    key = f"graph-{hashlib.sha256(f'{known} {rows}'.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = compute(edges)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _graph(edges: Edges) -> tuple[list[int], rustworkx.PyGraph]:
    """The keys of the cities in order, and the graph whose nodes are their places in it."""
    cities = sorted(edges.degrees)
    places = {city: place for place, city in enumerate(cities)}
    graph: rustworkx.PyGraph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(cities)
    graph.add_edges_from(
        [(places[edge.city_a], places[edge.city_b], float(edge.weight)) for edge in edges.rows]
    )
    return cities, graph


def _layout(edges: Edges) -> Places:
    graph = _graph(edges)[1]
    parts = sorted(map(sorted, rustworkx.connected_components(graph)), key=lambda part: (-len(part), part))
    boxes = _boxes([math.sqrt(len(part)) for part in parts])
    right = max((x + side for x, _, side in boxes), default=0.0)
    bottom = max((y + side for _, y, side in boxes), default=0.0)
    half = max(right, bottom) / 2
    found = {}
    for part, (left, top, side) in zip(parts, boxes, strict=True):
        for city, (x, y) in _in_a_square(graph.subgraph(part)).items():
            across, down = left + x * side - right / 2, top + y * side - bottom / 2
            found[city] = (round(across / half, 4), round(down / half, 4))
    return found


def _boxes(sides: list[float]) -> list[tuple[float, float, float]]:
    """Left, top and side of squares of these sides, the largest first, in rows as wide as they are high."""
    width = max(sides[0] if sides else 0.0, math.sqrt(sum(side**2 for side in sides)) * ROOM)
    found = []
    left = top = height = 0.0
    for side in sides:
        if left and left + side > width:
            left, top, height = 0.0, top + height, 0.0
        found.append((left, top, side))
        left, height = left + side, max(height, side)
    return found


def _in_a_square(graph: rustworkx.PyGraph) -> Places:
    """A place for each city of a graph without parts, in the middle of a square from 0 to 1."""
    points = rustworkx.spring_layout(graph, seed=SEED)
    ends = [(min(values), max(values)) for values in zip(*points.values(), strict=True)]
    span = max(high - low for low, high in ends) or 1.0

    def inside(value: float, low: float, high: float) -> float:
        return 0.5 + (value - (low + high) / 2) / span * INNER

    return {graph[place]: (inside(x, *ends[0]), inside(y, *ends[1])) for place, (x, y) in points.items()}


def _measures(edges: Edges) -> list[Measures]:
    cities, graph = _graph(edges)
    between = rustworkx.betweenness_centrality(graph, normalized=True)
    central = _eigenvector(graph)
    communities = _communities(edges)
    weights: Numbers = dict.fromkeys(cities, 0)
    for edge in edges.rows:
        weights[edge.city_a] += edge.weight
        weights[edge.city_b] += edge.weight
    degrees = edges.degrees
    return [
        Measures(
            city,
            degrees[city],
            int(weights[city]),
            between[place],
            central[place] if central else None,
            communities[city],
        )
        for place, city in enumerate(cities)
    ]


def _eigenvector(graph: rustworkx.PyGraph) -> Numbers | None:
    """By power iteration on the ties alone, not their weights; the highest is 1."""
    if not graph.num_nodes():
        return None
    try:
        found = rustworkx.eigenvector_centrality(graph, max_iter=ITERATIONS)
    except rustworkx.FailedToConverge:
        return None
    highest = max(found.values()) or 1.0
    return {place: value / highest for place, value in found.items()}


def _communities(edges: Edges) -> dict[int, int]:
    graph: Any = networkx.Graph()
    graph.add_nodes_from(sorted(edges.degrees))
    graph.add_weighted_edges_from((edge.city_a, edge.city_b, edge.weight) for edge in edges.rows)
    found = networkx.community.louvain_communities(graph, seed=SEED) if graph else []
    ordered = sorted(found, key=lambda cities: (-len(cities), min(cities)))
    return {city: number for number, cities in enumerate(ordered, 1) for city in cities}
