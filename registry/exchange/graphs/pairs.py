"""Graphs of one kind of nodes: rows that are pairs, and cities tied by the networks they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from registry.collaboration.shared_networks import Shared, shared_networks
from registry.exchange.columns import Column, Field
from registry.exchange.graphs.base import (
    AT_ONCE,
    NETWORK_FIELDS,
    PLACE_FIELDS,
    Edge,
    Graph,
    node,
    spells_of,
    together,
    told,
    values_of,
)
from registry.models import City, Network

# By listing: the two ends of a row.
PAIRS = {
    "collaborations": ("city_a", "city_b"),
    "opportunities": ("city", "partner"),
    "overlap": ("network", "other"),
}
SHARED_FIELDS = [
    Field("network_ids", "The networks of which both are or were members at the same time.", many=True),
    Field("network_names", "Their names.", many=True),
]


def of_pairs(
    listing: str, rows: Callable[[], Iterable[Any]], columns: list[Column], weight: Callable[[Any], int]
) -> Graph:
    """The rows of one of `PAIRS` as edges between their ends. They are read twice: for nodes, for edges."""
    ends = PAIRS[listing]
    fields = told(columns)
    kind, of_node = ("network", NETWORK_FIELDS) if listing == "overlap" else ("city", PLACE_FIELDS)
    nodes = (node(kind, getattr(row, end), of_node) for row in rows() for end in ends)
    edges = (_pair(number, row, ends, fields, weight(row)) for number, row in enumerate(rows(), start=1))
    return Graph(nodes, edges, together(of_node), fields)


def _pair(number: int, row: Any, ends: tuple[str, str], fields: list[Field], weight: int) -> Edge:
    source, target = (str(getattr(row, end).pid) for end in ends)
    issue = getattr(row, "issue", None)
    return Edge(
        str(number),
        source,
        target,
        values_of(row, fields),
        spells_of(getattr(row, "since", None), getattr(row, "until", None)),
        weight,
        issue.slug if issue else "",
    )


def of_shared_networks(memberships: QuerySet) -> Graph:
    """The cities of these memberships; two are tied by the networks of which both are or were members."""
    cities = City.objects.public().filter(pk__in=memberships.order_by().values("city"))
    records = cities.select_related("country").order_by("pk").iterator(chunk_size=AT_ONCE)
    nodes = (node("city", city, PLACE_FIELDS) for city in records)
    return Graph(nodes, _shared(memberships), together(PLACE_FIELDS), SHARED_FIELDS)


def _shared(memberships: QuerySet) -> Iterator[Edge]:
    """An edge for each pair, their records read some at a time."""
    pairs = shared_networks(memberships)
    number = 0
    while some := list(islice(pairs, AT_ONCE)):
        ends = {end for pair in some for end in (pair.city, pair.other)}
        cities = City.objects.public().only("pid").in_bulk(ends)
        networks = Network.objects.public().only("pid", "name").in_bulk({k for p in some for k in p.networks})
        for pair in some:
            shared = [networks[key] for key in pair.networks if key in networks]
            if shared and pair.city in cities and pair.other in cities:
                number += 1
                yield _tied(number, cities[pair.city], cities[pair.other], shared, pair)


def _tied(number: int, city: City, other: City, networks: list[Network], pair: Shared) -> Edge:
    values = {
        "network_ids": [str(network.pid) for network in networks],
        "network_names": [network.name for network in networks],
    }
    return Edge(str(number), str(city.pid), str(other.pid), values, pair.spells, len(networks))
