"""A graph as files hold it: nodes first, then edges, each gone through once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from registry.exchange.columns import Column, Field
from registry.models.dates import date_bounds

AT_ONCE = 500
# The first and the last day of a period; None where it is open.
Spell = tuple[date | None, date | None]

KIND = Field("kind_of_node", "What the node is: city, network or policy.", "")
PLACE_FIELDS = (
    Field("country_id", "The country: its ISO 3166-1 alpha-2 code.", "country.alpha2"),
    Field("country_name", "The country: its name.", "country.name"),
    Field("latitude", "Degrees north.", type="number"),
    Field("longitude", "Degrees east.", type="number"),
    Field("population", "Inhabitants; blank if unknown.", type="integer"),
)
NETWORK_FIELDS = (
    Field("acronym", "The short name it goes by."),
    Field("scope", "The level at which it is meant to work."),
)


@dataclass(frozen=True)
class Node:
    """A record; `key` names it forever."""

    key: str
    label: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Edge:
    """What connects two nodes, undirected. `kind` tells edges between the same two apart."""

    key: str
    source: str
    target: str
    values: dict[str, Any]
    spells: Sequence[Spell] = ()
    weight: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Graph:
    """Nodes and edges with the fields that their values have."""

    nodes: Iterable[Node]
    edges: Iterable[Edge]
    node_fields: list[Field]
    edge_fields: list[Field]
    _written: set[str] = field(default_factory=set)

    def each_node(self) -> Iterator[Node]:
        """The nodes, each once."""
        for node in self.nodes:
            if node.key not in self._written:
                self._written.add(node.key)
                yield node

    def each_edge(self) -> Iterator[Edge]:
        """The edges between nodes given before: what was published meanwhile has to wait for another file."""
        for edge in self.edges:
            if edge.source in self._written and edge.target in self._written:
                yield edge


def node(kind: str, record: Any, fields: Iterable[Field]) -> Node:
    """The node of a record of this kind with these fields."""
    return Node(str(record.pid), record.name, {KIND.name: kind, **values_of(record, fields)})


def told(columns: Iterable[Column]) -> list[Field]:
    """The fields of these columns but `id`, which is that of the node or edge itself."""
    return [one for column in columns for one in column.fields if one.name != "id"]


def values_of(row: Any, fields: Iterable[Field]) -> dict[str, Any]:
    """The fields of a row by name."""
    return {one.name: one.of(row) for one in fields}


def together(*parts: Iterable[Field]) -> list[Field]:
    """Fields of nodes of several kinds: of those with the same name the first."""
    named = {KIND.name: KIND}
    for one in (one for part in parts for one in part):
        named.setdefault(one.name, one)
    return [*named.values()]


def spells_of(since: str | None, until: str | None) -> list[Spell]:
    """The days that partial dates do not exclude; none where nothing is known, which excludes no day."""
    if not since and not until:
        return []
    first = date_bounds(since)[0] if since else None
    last = date_bounds(until)[1] - timedelta(1) if until else None
    return [(first, last)]
