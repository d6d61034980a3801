"""GraphML: every node, then every edge, with their fields as data of declared types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.exchange.columns import Field
from registry.exchange.formats.base import CREDIT, Format, Rows
from registry.exchange.formats.cells import as_text
from registry.exchange.formats.xml_text import attribute, content
from registry.exchange.graphs import Edge, Graph, Node

AT_ONCE = 200
# Listings whose rows are linked: as pairs, or as records with the links between them.
LINKED = frozenset(
    ("memberships", "cities", "networks", "policies", "collaborations", "opportunities", "overlap")
)
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
# By the type of a field; others are text. Several values are one text.
TYPES = {"integer": "long", "number": "double", "boolean": "boolean"}


def typed(one: Field) -> str:
    """What the type of a field is called, in GEXF too."""
    return "string" if one.many else TYPES.get(one.type, "string")


def plain(value: Any) -> str:
    """A value as text; truth in small letters, as XML Schema writes it."""
    return str(value).lower() if isinstance(value, bool) else as_text(value)


def graph_of(export: Rows) -> Graph:
    """The rows as a graph."""
    if export.graph is None:
        raise TypeError(f"Rows of {export.name} are no graph.")
    return export.graph()


def in_pieces(lines: Iterator[str]) -> Iterator[str]:
    """The lines joined, some at a time."""
    some: list[str] = []
    for line in lines:
        some.append(line)
        if len(some) == AT_ONCE:
            yield "\n".join([*some, ""])
            some = []
    yield "\n".join([*some, ""])


def write(export: Rows) -> Iterator[str]:
    """The file, some lines at a time."""
    return in_pieces(_lines(export, graph_of(export)))


def _lines(export: Rows, graph: Graph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<graphml xmlns="{NAMESPACE}">'
    yield f"<desc>{content(f'CityNet: {export.title}. {export.address} {CREDIT}')}</desc>"
    yield '<key id="label" for="node" attr.name="label" attr.type="string"/>'
    for kind, fields in (("node", graph.node_fields), ("edge", graph.edge_fields)):
        for one in fields:
            said = f'attr.name="{one.name}" attr.type="{typed(one)}"'
            yield f'<key id="{kind}-{one.name}" for="{kind}" {said}><desc>{content(one.about)}</desc></key>'
    yield '<key id="edge-weight" for="edge" attr.name="weight" attr.type="long"/>'
    yield '<graph edgedefault="undirected">'
    for node in graph.each_node():
        yield _node(node)
    for edge in graph.each_edge():
        yield _edge(edge)
    yield "</graph>"
    yield "</graphml>"


def _node(node: Node) -> str:
    label = f'<data key="label">{content(node.label)}</data>'
    return f'<node id="{node.key}">{label}{_data("node", node.values)}</node>'


def _edge(edge: Edge) -> str:
    values = edge.values if edge.weight is None else {**edge.values, "weight": edge.weight}
    ends = f'source="{edge.source}" target="{edge.target}"'
    return f'<edge id="{attribute(edge.key)}" {ends}>{_data("edge", values)}</edge>'


def _data(kind: str, values: dict[str, Any]) -> str:
    """The values that there are."""
    given = ((name, plain(value)) for name, value in values.items())
    return "".join(f'<data key="{kind}-{name}">{content(text)}</data>' for name, text in given if text)


GRAPHML = Format("graphml", "GraphML", "application/graphml+xml", write, listings=LINKED)
