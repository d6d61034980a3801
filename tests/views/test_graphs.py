"""Listings as graphs, read back with NetworkX."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
from django.test import Client

from tests import factories as make
from tests.views.test_formats import content, text

pytestmark = pytest.mark.django_db
GEXF = {"g": "http://gexf.net/1.3"}


def read(client: Client, address: str) -> Any:
    """The graph in both formats, which say the same."""
    found = networkx.read_gexf(BytesIO(content(client, f"{address}&format=gexf")))
    other = networkx.read_graphml(BytesIO(content(client, f"{address}&format=graphml")))
    assert {key: data["label"] for key, data in found.nodes(data=True)} == {
        key: data["label"] for key, data in other.nodes(data=True)
    }
    assert found.number_of_edges() == other.number_of_edges()
    return found


def named(graph: Any) -> set[tuple[str, ...]]:
    """The edges by the labels of their ends."""
    label = graph.nodes(data="label")
    return {tuple(sorted((label[one], label[other]))) for one, other in graph.edges()}


def spells(client: Client, address: str) -> list[list[tuple[str | None, str | None]]]:
    """The spells of each edge of a GEXF file."""
    root = ElementTree.fromstring(text(client, f"{address}&format=gexf"))
    return [
        [(spell.get("start"), spell.get("end")) for spell in edge.findall("g:spells/g:spell", GEXF)]
        for edge in root.findall("g:graph/g:edges/g:edge", GEXF)
    ]


@pytest.fixture
def members() -> dict[str, Any]:
    """Lima and Lomé in the League one after the other, both in the Union; Linz an applicant."""
    lima, lome, linz = (
        make.make_city(name, country=code, latitude=1.5, longitude=-2.25, population=9)
        for name, code in (("Lima", "PE"), ("Lomé", "TG"), ("Linz", "AT"))
    )
    league, union = make.make_network("League"), make.make_network("Union")
    make.make_membership(city=lima, network=league, since="2001", until="2003-06", tier="full")
    make.make_membership(city=lome, network=league, since="2005-02", founding=True)
    make.make_membership(city=lima, network=union, since="2007", until="2010")
    make.make_membership(city=lima, network=union, since="2015")
    make.make_membership(city=lome, network=union, until="2016")
    make.make_membership(city=linz, network=union, status="applicant")
    make.settle()
    return {"lima": lima, "lome": lome, "league": league, "union": union}


def test_memberships_join_cities_and_networks(client: Client, members: dict[str, Any]) -> None:
    graph = read(client, "/memberships/?")
    assert named(graph) == {
        ("League", "Lima"),
        ("League", "Lomé"),
        ("Lima", "Union"),
        ("Lomé", "Union"),
        ("Linz", "Union"),
    }
    assert graph.number_of_edges() == 6, "a second period is a second edge"
    lima = graph.nodes[str(members["lima"].pid)]
    assert (lima["kind_of_node"], lima["country_id"], lima["latitude"], lima["population"]) == (
        "city",
        "PE",
        1.5,
        9,
    )
    assert graph.nodes[str(members["league"].pid)]["scope"] == "international"
    (edge,) = graph.get_edge_data(str(members["lome"].pid), str(members["league"].pid)).values()
    assert (edge["founding"], edge["since"], edge["city_name"]) == (True, "2005-02", "Lomé")
    assert networkx.is_bipartite(graph)


def test_an_edge_has_the_days_that_its_dates_allow(client: Client, members: dict[str, Any]) -> None:
    address = f"/memberships/?network={members['league'].slug}"
    assert spells(client, address) == [[("2001-01-01", "2003-06-30")], [("2005-02-01", None)]]
    assert [] in spells(client, "/memberships/?status=applicant")


def test_cities_and_networks_bring_the_other_end_of_their_memberships(
    client: Client, members: dict[str, Any]
) -> None:
    graph = read(client, f"/cities/?network={members['league'].slug}")
    assert named(graph) == {("League", "Lima"), ("League", "Lomé")}
    assert graph.nodes[str(members["lima"].pid)]["network_count"] == 2
    graph = read(client, "/networks/?country=PE")
    assert named(graph) == {("League", "Lima"), ("Lima", "Union")}
    assert graph.nodes[str(members["union"].pid)]["member_count"] == 2
    graph = read(client, "/networks/?q=union")
    assert named(graph) == {("Lima", "Union"), ("Lomé", "Union")}, "applicants are no members"


def test_cities_are_tied_by_networks_that_they_share_at_the_same_time(
    client: Client, members: dict[str, Any]
) -> None:
    graph = read(client, "/memberships/?graph=cities")
    assert named(graph) == {("Lima", "Lomé")}
    ((*_, edge),) = graph.edges(data=True)
    assert (edge["network_names"], edge["weight"]) == ("Union", 1.0)
    assert len(graph.nodes) == 3
    assert spells(client, "/memberships/?graph=cities") == [
        [("2007-01-01", "2010-12-31"), ("2015-01-01", "2016-12-31")]
    ]
    assert not read(client, f"/memberships/?graph=cities&network={members['league'].slug}").edges()


def test_too_many_pairs_are_refused(
    client: Client, members: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.filters.memberships.MOST", 3)
    response = client.get("/memberships/?graph=cities&format=gexf")
    assert response.status_code == 400
    assert "graph: There would be more than 3 pairs of memberships." in response.content.decode()
    assert client.get("/memberships/?graph=networks&format=gexf").status_code == 200


def test_what_a_graph_joins_is_asked_of_graphs_alone(client: Client) -> None:
    response = client.get("/memberships/?graph=cities&format=csv")
    assert response.status_code == 400
    assert "give format=graphml or format=gexf too" in response.content.decode()
    assert (
        "give format=graphml or format=gexf too" in client.get("/memberships/?graph=cities").content.decode()
    )


def test_joint_policies_are_nodes_joined_to_their_parties(client: Client) -> None:
    one, two, three = (make.make_city(name) for name in ("Lima", "Lomé", "Linz"))
    policy = make.make_policy("Pact", cities=[one, two], since="2001", until="2004")
    make.make_party(policy=policy, city=three, role="lead", since="2003")
    make.make_policy("Other", cities=[one])
    make.settle()
    graph = read(client, "/policies/?q=pact")
    assert named(graph) == {("Lima", "Pact"), ("Lomé", "Pact"), ("Linz", "Pact")}
    node = graph.nodes[str(policy.pid)]
    assert (node["kind_of_node"], node["kind"], node["city_count"]) == ("policy", "programme", 3)
    assert graph.edges[str(policy.pid), str(three.pid)]["role"] == "lead"
    assert sorted(spells(client, "/policies/?q=pact")) == [
        [("2001-01-01", "2004-12-31")],
        [("2001-01-01", "2004-12-31")],
        [("2003-01-01", "2004-12-31")],
    ]


def test_collaborations_are_edges_for_each_issue(client: Client) -> None:
    one, two = make.make_city("Lima"), make.make_city("Lomé")
    air, water = make.make_issue("Air"), make.make_issue("Water")
    make.make_policy("Pact", issues=[air, water], cities=[one, two], since="2001", until="2004")
    make.make_policy("Second", issues=[air], cities=[one, two], since="2006")
    make.settle()
    graph = read(client, "/collaborations/?")
    edges = {edge["issue_name"]: edge for *_, edge in graph.edges(data=True)}
    assert {name: edge["weight"] for name, edge in edges.items()} == {"Air": 2.0, "Water": 1.0}
    assert edges["Air"]["policy_names"] == "Pact; Second"
    root = ElementTree.fromstring(text(client, "/collaborations/?format=gexf"))
    assert {edge.get("kind") for edge in root.iter("{http://gexf.net/1.3}edge")} == {"air", "water"}
    assert spells(client, "/collaborations/?issue=water") == [[("2001-01-01", "2004-12-31")]]


def test_opportunities_and_overlaps_are_edges(client: Client, members: dict[str, Any]) -> None:
    issue = make.make_issue("Air")
    for city in ("lima", "lome"):
        make.make_policy(issues=[issue], cities=[members[city]])
    make.settle()
    assert named(read(client, "/opportunities/?issue=air")) == {("Lima", "Lomé")}
    graph = read(client, "/collaborations/overlap/?")
    assert named(graph) == {("League", "Union")}
    ((*_, edge),) = graph.edges(data=True)
    assert (edge["shared"], edge["weight"], edge["jaccard"]) == (2, 2.0, 1.0)


def test_a_graph_holds_what_xml_can_write(client: Client) -> None:
    city = make.make_city('<Lima> & "Callao" \x07')
    make.make_membership(city=city, role="line\r\nbreak\ttab")
    make.settle()
    graph = read(client, "/memberships/?")
    assert graph.nodes[str(city.pid)]["label"] == '<Lima> & "Callao" \ufffd'
    ((*_, edge),) = graph.edges(data=True)
    assert edge["role"] == "line\r\nbreak\ttab"
