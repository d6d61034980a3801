"""GEXF as Gephi's schema of version 1.3 has it; and that all names in it lead somewhere."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from registry.filters import LISTINGS
from tests import factories as make
from tests.views.rows import make_hub, surround
from tests.views.test_formats import kinds, needed, text

pytestmark = pytest.mark.django_db
GEXF = "{http://gexf.net/1.3}"
GRAPHS = [f"/{name}/?{needed(name)}" for name in LISTINGS if "gexf" in kinds(name)]
# By element: what may be inside and in which order, the attributes it must have, and those it may.
ALLOWED: dict[str, tuple[list[str], set[str], set[str]]] = {
    "gexf": (["meta", "graph"], {"version"}, set()),
    "meta": (["creator", "description"], set(), {"lastmodifieddate"}),
    "creator": ([], set(), set()),
    "description": ([], set(), set()),
    "graph": (
        ["attributes", "nodes", "edges"],
        set(),
        {"defaultedgetype", "mode", "timeformat", "timerepresentation"},
    ),
    "attributes": (["attribute"], {"class"}, {"mode"}),
    "attribute": ([], {"id", "title", "type"}, set()),
    "nodes": (["node"], set(), set()),
    "edges": (["edge"], set(), set()),
    "node": (["attvalues"], {"id"}, {"label"}),
    "edge": (["attvalues", "spells"], {"id", "source", "target"}, {"kind", "weight"}),
    "attvalues": (["attvalue"], set(), set()),
    "attvalue": ([], {"for", "value"}, set()),
    "spells": (["spell"], set(), set()),
    "spell": ([], set(), {"start", "end"}),
}
MANY = {"attributes", "attribute", "node", "edge", "attvalue", "spell"}
READ: dict[str, Any] = {
    "string": str,
    "long": int,
    "double": float,
    "boolean": {"true": True, "false": False}.__getitem__,
}


@pytest.fixture(params=GRAPHS + ["/memberships/?graph=cities"])
def root(request: pytest.FixtureRequest, client: Client, db: Any) -> Any:
    """The file of each listing that has one."""
    hub = make_hub()
    surround(hub, 2)
    for name in ("Lima", "Lomé", "Linz"):  # who could work together
        make.make_policy(issues=[hub.issue], cities=[make.make_city(name)])
    make.settle()
    return ElementTree.fromstring(text(client, f"{request.param}&format=gexf"))


def names(elements: Any) -> list[str]:
    return [one.tag.removeprefix(GEXF) for one in elements]


def test_elements_and_attributes_are_those_of_the_schema(root: Any) -> None:
    assert root.get("version") == "1.3"
    assert len(root.findall(f".//{GEXF}edge")) > 1
    for one in root.iter():
        inside, needed, allowed = ALLOWED[one.tag.removeprefix(GEXF)]
        assert needed <= set(one.keys()) <= needed | allowed, one.attrib
        found = names(one)
        assert found == sorted(found, key=inside.index)
        once = [name for name in found if name not in MANY]
        assert len(once) == len(set(once))
        assert one.tag != f"{GEXF}spells" or found


def test_every_name_leads_somewhere_and_values_are_of_their_types(root: Any) -> None:
    graph = root.find(f"{GEXF}graph")
    nodes = [one.get("id") for one in graph.iter(f"{GEXF}node")]
    edges = [one.get("id") for one in graph.iter(f"{GEXF}edge")]
    assert len(set(nodes)) == len(nodes)
    assert len(set(edges)) == len(edges)
    for kind in ("node", "edge"):
        (declared,) = [one for one in graph.findall(f"{GEXF}attributes") if one.get("class") == kind]
        types = {one.get("id"): READ[one.get("type")] for one in declared}
        assert len(types) == len(declared)
        for one in graph.iter(f"{GEXF}{kind}"):
            values = [*one.iter(f"{GEXF}attvalue")]
            for value in values:
                types[value.get("for")](value.get("value"))
            assert len({value.get("for") for value in values}) == len(values)
    for edge in graph.iter(f"{GEXF}edge"):
        assert {edge.get("source"), edge.get("target")} <= set(nodes)
        assert float(edge.get("weight", 1)) > 0


def test_spells_are_days_in_their_order(root: Any) -> None:
    assert root.find(f"{GEXF}graph").get("timeformat") == "date"
    date.fromisoformat(root.find(f"{GEXF}meta").get("lastmodifieddate"))
    for spells in root.iter(f"{GEXF}spells"):
        days = [date.fromisoformat(day) for spell in spells for day in spell.attrib.values()]
        assert days == sorted(days)
