"""GEXF 1.3, dynamic: an edge has the spells in which it may have been there, by the dates that are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from registry.exchange.columns import Field
from registry.exchange.formats.base import CREDIT, Format, Rows
from registry.exchange.formats.graphml import LINKED, graph_of, in_pieces, plain, typed
from registry.exchange.formats.xml_text import attribute, content
from registry.exchange.graphs import Edge, Graph, Node, Spell

NAMESPACE = "http://gexf.net/1.3"


def write(export: Rows) -> Iterator[str]:
    """The file, some lines at a time."""
    return in_pieces(_lines(export, graph_of(export)))


def _lines(export: Rows, graph: Graph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<gexf xmlns="{NAMESPACE}" version="1.3">'
    yield f'<meta lastmodifieddate="{export.made_at:%Y-%m-%d}"><creator>CityNet</creator>'
    yield f"<description>{content(f'{export.title}. {export.address} {CREDIT}')}</description></meta>"
    modes = 'mode="dynamic" timeformat="date" timerepresentation="interval"'
    yield f'<graph defaultedgetype="undirected" {modes}>'
    yield from _declared("node", graph.node_fields)
    yield from _declared("edge", graph.edge_fields)
    yield "<nodes>"
    for node in graph.each_node():
        yield _node(node)
    yield "</nodes>"
    yield "<edges>"
    for edge in graph.each_edge():
        yield _edge(edge)
    yield "</edges>"
    yield "</graph>"
    yield "</gexf>"


def _declared(kind: str, fields: list[Field]) -> Iterator[str]:
    yield f'<attributes class="{kind}" mode="static">'
    for one in fields:
        yield f'<attribute id="{one.name}" title="{one.name}" type="{typed(one)}"/>'
    yield "</attributes>"


def _node(node: Node) -> str:
    return f'<node id="{node.key}" label="{attribute(node.label)}">{_values(node.values)}</node>'


def _edge(edge: Edge) -> str:
    said = f'id="{attribute(edge.key)}" source="{edge.source}" target="{edge.target}"'
    if edge.kind:
        said += f' kind="{attribute(edge.kind)}"'
    if edge.weight is not None:
        said += f' weight="{edge.weight}"'
    return f"<edge {said}>{_values(edge.values)}{_spells(edge.spells)}</edge>"


def _values(values: dict[str, Any]) -> str:
    """The values that there are."""
    given = [(name, text) for name, value in values.items() if (text := plain(value))]
    inside = "".join(f'<attvalue for="{name}" value="{attribute(text)}"/>' for name, text in given)
    return f"<attvalues>{inside}</attvalues>" if inside else ""


def _spells(spells: Sequence[Spell]) -> str:
    inside = "".join(f"<spell{_bound('start', first)}{_bound('end', last)}/>" for first, last in spells)
    return f"<spells>{inside}</spells>" if inside else ""


def _bound(name: str, day: Any) -> str:
    return f' {name}="{day.isoformat()}"' if day else ""


GEXF = Format("gexf", "GEXF", "application/gexf+xml", write, listings=LINKED)
