"""Linked data: what the page of a record, and its address, say to programs, read with rdflib."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rdflib import DCTERMS, ORG, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from registry.models import (
    CityLink,
    CityName,
    Identifier,
    IssueMapping,
    IssueScheme,
    NetworkLink,
    OfficeHolder,
    SchemeConcept,
)
from tests import factories as make
from tests.views.rows import Hub, make_hub, surround

pytestmark = pytest.mark.django_db
SCHEMA = Namespace("https://schema.org/")
TERMS = Namespace("http://testserver/data/terms.jsonld#")
JSON_LD = {"accept": "application/ld+json"}


def iri(record: Any) -> URIRef:
    """The permanent name of a record."""
    listing = record.get_absolute_url().split("/")[1]
    return URIRef(f"http://testserver/{listing}/{record.pid}/#this")


def document(client: Client, address: str) -> dict[str, Any]:
    make.settle()
    response = client.get(address, headers=JSON_LD)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/ld+json"
    return response.json()


def graph_of(text: str) -> Graph:
    graph = Graph()
    graph.parse(data=text, format="json-ld")
    return graph


def graph(client: Client, record: Any) -> Graph:
    return graph_of(json.dumps(document(client, record.get_absolute_url())))


def in_page(html: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def every_page(hub: Hub) -> list[str]:
    return [*hub.pages, hub.policy.experiments.first().get_absolute_url()]


def test_a_page_and_its_address_say_the_same_in_every_language(client: Client) -> None:
    hub = make_hub()
    surround(hub, 2)
    for address in every_page(hub):
        said = document(client, address)
        assert in_page(client.get(address).content.decode()) == said
        assert client.get(f"{address}?format=jsonld").json() == said
        french = client.get(f"/fr{address}", headers=JSON_LD)
        assert (french.json(), french["Content-Language"]) == (said, "en")
        graph = graph_of(json.dumps(said))
        assert len(graph) > 8
        assert (URIRef(said["@id"]), SKOS.prefLabel, None) in graph


def test_all_words_are_of_vocabularies_or_are_described(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    described = {
        str(term)
        for term in graph_of(client.get("/data/terms.jsonld").content.decode()).subjects(
            RDF.type, RDF.Property
        )
    }
    assert str(TERMS.scope) in described
    for address in every_page(hub):
        said = graph_of(json.dumps(document(client, address)))
        words = {str(word) for word in said.predicates()} | {str(one) for one in said.objects(None, RDF.type)}
        assert {word for word in words if "testserver" in word} <= described
        assert not [word for word in words if "/" not in word]


def test_names_on_the_web_lead_to_the_record(client: Client) -> None:
    for record in vars(make_hub()).values():
        address = str(iri(record)).removeprefix("http://testserver").partition("#")[0]
        answer: Any = client.get(address, headers=JSON_LD, follow=True)
        assert answer.json()["@id"] == str(iri(record))


@pytest.mark.parametrize(
    ("accepted", "linked"),
    [
        ("application/ld+json", True),
        ("application/ld+json;q=0.9, */*;q=0.1", True),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', True),
        ("APPLICATION/LD+JSON", True),
        ("text/turtle, application/ld+json;q=0.5", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/html, application/ld+json;q=0.9", False),
        ("application/ld+json;q=0", False),
        ("*/*", False),
        ("", False),
        ("text/turtle", False),
        ("application/json", False),
        (";;;,,,=/q=", False),
        ("application/ld+json;q=nan;\x00", True),
        ("/", False),
        ("application/ld+json;" * 2000, True),
        ("\xff\xfe", False),
    ],
)
def test_who_would_rather_have_linked_data_gets_it(client: Client, accepted: str, linked: bool) -> None:
    city = make.make_city("Paris")
    response = client.get(city.get_absolute_url(), headers={"accept": accepted})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/ld+json" if linked else "text/html")
    assert "Accept" in re.split(", *", response["Vary"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("format=turtle", "format: “turtle” is not one of: jsonld."),
        ("format=%00", "format: "),
        ("format=jsonld&format=csv", "format: Only one value is allowed here; 2 are given."),
        ("format=jsonld&colour=red", "colour: this listing has no such parameter."),
        ("format=jsonld&as_recorded_on=2001", "format: An earlier state is there as a page alone."),
    ],
)
def test_what_is_not_understood_is_refused(client: Client, query: str, words: str) -> None:
    response = client.get(f"{make.make_city('Paris').get_absolute_url()}?{query}")
    assert response.status_code == 400
    assert words in response.content.decode()


def test_an_earlier_state_is_a_page_alone(client: Client) -> None:
    address = f"{make.make_city('Paris').get_absolute_url()}?as_recorded_on={timezone.now().year}"
    response = client.get(address, headers=JSON_LD)
    assert response["Content-Type"].startswith("text/html")
    assert "ld+json" not in response.content.decode()


def test_no_value_ends_the_element_it_stands_in(client: Client) -> None:
    name = "</script><script>alert(1)</script><!-- & --> ]]> \u2028 'x' \"y\""
    network = make.make_network(name, description=name)
    html = client.get(network.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<!--" not in html
    assert (in_page(html)["name"], in_page(html)["description"]) == (name, name)


def test_dates_have_the_precision_that_is_known(client: Client) -> None:
    network = make.make_network(founded="1990-06", dissolved="2001-02-03")
    for number, (since, until) in enumerate([("1991", "1992-05"), ("1993-02-28", None)]):
        city = make.make_city(f"City {number}")
        make.make_membership(city=city, network=network, since=since, until=until)
    said = graph(client, network)
    # Literals of one text and another type differ.
    assert (iri(network), SCHEMA.foundingDate, Literal("1990-06", datatype=XSD.gYearMonth)) in said
    assert (iri(network), SCHEMA.dissolutionDate, Literal("2001-02-03", datatype=XSD.date)) in said
    found = said.query(
        """SELECT ?since WHERE {
            ?membership a org:Membership ; org:organization ?network ; org:member ?city .
            ?membership schema:startDate ?since
        } ORDER BY ?since""",
        initNs={"org": ORG, "schema": SCHEMA},
        initBindings={"network": iri(network)},
    )
    dates: list[Any] = [row[0] for row in found]  # type: ignore[index]
    assert {(str(one), one.datatype) for one in dates} == {("1991", XSD.gYear), ("1993-02-28", XSD.date)}


def test_members_are_those_who_are_members(client: Client) -> None:
    network = make.make_network("League")
    cities = {}
    for status in ("member", "left", "applicant", "never", "unknown"):
        cities[status] = make.make_city(status)
        make.make_membership(city=cities[status], network=network, status=status, tier="full")
    cities["over"] = make.make_city("over")
    over = make.make_membership(city=cities["over"], network=network, until="1999")
    make.cite(over, source=make.make_source(url="https://example.org/list?a=1&b=é"))
    said = graph(client, network)
    assert {*said.objects(iri(network), ORG.hasMember)} == {iri(cities["member"])}
    members = {*said.objects(None, ORG.member)}
    assert members == {iri(cities[status]) for status in ("member", "left", "over")}
    membership = URIRef(f"urn:uuid:{over.pid}")
    assert (membership, DCTERMS.source, URIRef("https://example.org/list?a=1&b=%C3%A9")) in said
    for status in ("member", "over"):
        of_city = graph(client, cities[status])
        assert bool([*of_city.objects(iri(cities[status]), SCHEMA.memberOf)]) == (status == "member")
        (of_membership,) = of_city.objects(iri(cities[status]), ORG.hasMembership)
        assert (of_membership, ORG.organization, iri(network)) in of_city
    assert not [*graph(client, cities["applicant"]).objects(iri(cities["applicant"]), ORG.hasMembership)]


def test_a_city_is_known_elsewhere(client: Client) -> None:
    city = make.make_city(
        "Paris", geonames_id=2988507, wikidata_id="Q90", unlocode="FRPAR", latitude=48.85, longitude=2.35
    )
    CityName.objects.create(city=city, name="Lutèce", language="fr", kind="former")
    Identifier.objects.create(city=city, scheme="isni", value="0000000121105568")
    office = make.make_office("Desk", city=city, kind="chief-diplomat")
    unit = make.make_office("Unit", city=city, kind="international-affairs")
    body = make.make_city("Métropole", kind="metropolitan-body")
    CityLink.objects.create(city=body, other=city, kind="metropolitan-body-covers", publication="published")
    said = graph(client, city)
    assert {str(one) for one in said.objects(iri(city), SCHEMA.sameAs)} == {
        "http://www.wikidata.org/entity/Q90",
        "https://sws.geonames.org/2988507/",
        "https://isni.org/isni/0000000121105568",
    }
    assert (iri(city), SKOS.altLabel, Literal("Lutèce", "fr")) in said
    assert {*said.objects(iri(city), RDF.type)} == {
        ORG.FormalOrganization,
        SCHEMA.GovernmentOrganization,
        SCHEMA.City,
    }
    codes = {
        str(said.value(one, SCHEMA.propertyID)): str(said.value(one, SCHEMA.value))
        for one in said.objects(iri(city), SCHEMA.identifier)
    }
    assert codes["unlocode"] == "FRPAR"
    assert (iri(city), ORG.hasPost, iri(office)) in said
    assert (iri(city), ORG.hasUnit, iri(unit)) in said
    assert (iri(city), SCHEMA.containedInPlace, iri(body)) in said
    assert (iri(body), SCHEMA.containsPlace, iri(city)) in graph(client, body)


def test_an_office_has_a_city_and_holders(client: Client) -> None:
    office = make.make_office("Desk", kind="chief-diplomat")
    OfficeHolder.objects.create(
        office=office, person_name="Ada Example", since="2020", publication="published"
    )
    said = graph(client, office)
    assert (iri(office), RDF.type, ORG.Post) in said
    assert (iri(office), ORG.postIn, iri(office.city)) in said
    (person,) = said.objects(None, ORG.member)
    assert str(said.value(person, SCHEMA.name)) == "Ada Example"
    assert (None, ORG.organization, iri(office.city)) in said
    unit = make.make_office("Unit", kind="international-affairs")
    assert (iri(unit), ORG.unitOf, iri(unit.city)) in graph(client, unit)


def test_a_joint_policy_has_parties_with_the_dates_that_count(client: Client) -> None:
    issue, network = make.make_issue("Cycling"), make.make_network()
    cities = [make.make_city("Paris"), make.make_city("Rome")]
    policy = make.make_policy(
        issues=[issue], networks=[network], cities=cities, since="2010", website="https://example.org/<a>"
    )
    said = graph(client, policy)
    assert {*said.objects(None, ORG.member)} == {*map(iri, cities)}
    assert {*said.objects(None, SCHEMA.startDate)} == {Literal("2010", datatype=XSD.gYear)}
    assert (iri(policy), DCTERMS.subject, iri(issue)) in said
    assert (iri(policy), DCTERMS.isPartOf, iri(network)) in said
    assert (iri(policy), SCHEMA.url, URIRef("https://example.org/%3Ca%3E")) in said


def test_a_network_stands_to_others_from_both_sides(client: Client) -> None:
    older, newer = make.make_network("Older"), make.make_network("Newer")
    NetworkLink.objects.create(
        network=newer, other=older, kind="successor-of", ended="ended", publication="published"
    )
    part = NetworkLink(network=newer, other=older, kind="part-of", until="1999", publication="published")
    part.save()
    assert (iri(newer), DCTERMS.replaces, iri(older)) in graph(client, newer)
    assert (iri(older), DCTERMS.isReplacedBy, iri(newer)) in graph(client, older)
    assert not [*graph(client, newer).objects(None, ORG.subOrganizationOf)]


@pytest.mark.parametrize("most", [3, 4])
def test_a_long_list_is_left_to_its_listing(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("registry.exchange.linked.memberships.MOST", most)
    network = make.make_network("League")
    for city in make.make_cities((f"City {number}", "FR") for number in range(4)):
        make.make_membership(city=city, network=network)
    said = document(client, network.get_absolute_url())
    if most == 4:
        assert len(said["members"]) == len(said["org:hasMember"]) == 4
        assert "links" not in said
    else:
        assert not {"members", "org:hasMember"} & {*said}
        assert said["links"] == ["http://testserver/memberships/?network=league&format=jsonl"]
        listing: Any = client.get(said["links"][0].removeprefix("http://testserver"))
        assert len(b"".join(listing.streaming_content).splitlines()) == 4


def test_linked_data_costs_the_same_with_few_rows_and_with_many(client: Client) -> None:
    def costs(addresses: list[str]) -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                document(client, address)
            found.append(len(queries))
        return found

    hub = make_hub()
    surround(hub, 1)
    few = costs(every_page(hub))
    surround(hub, 12)
    assert costs(every_page(hub)) == few


# --- Issues ------------------------------------------------------------------------------------------------


@pytest.fixture
def tree() -> dict[str, Any]:
    top = make.make_issue("Transport", description="Moving about.")
    middle = make.make_issue("Cycling", parent=top)
    low = make.make_issue("Bike lanes", parent=middle)
    sdg = IssueScheme.objects.create(slug="un-sdg", name="SDG", url="https://sdgs.un.org/goals")
    other = IssueScheme.objects.create(slug="cap", name="CAP")
    for scheme, code, match in ((sdg, "SDG 11", "broad"), (other, "10", "exact")):
        concept = SchemeConcept.objects.create(scheme=scheme, code=code, label=f"Label {code}")
        IssueMapping.objects.create(issue=top, concept=concept, match=match)
    return {"top": top, "middle": middle, "low": low}


def whole_tree(client: Client) -> Graph:
    answer: Any = client.get("/issues/?format=jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    return graph_of(b"".join(answer.streaming_content).decode())


def test_the_tree_is_one_scheme_of_concepts(client: Client, tree: dict[str, Any]) -> None:
    said = whole_tree(client)
    (scheme,) = said.subjects(RDF.type, SKOS.ConceptScheme)
    concepts = {*said.subjects(SKOS.inScheme, scheme)}
    assert concepts == {*map(iri, tree.values())}
    tops = {*said.subjects(SKOS.topConceptOf, scheme)}
    assert tops == {iri(tree["top"])}
    for concept in concepts:
        # Every line of broader concepts ends at a top one, within the three levels of the tree.
        above = [*said.transitive_objects(concept, SKOS.broader)]
        assert len(above) <= 3
        assert {*above} & tops
        assert len([*said.objects(concept, SKOS.prefLabel)]) == 1
        assert len([*said.objects(concept, SKOS.broader)]) == (concept not in tops)
    assert (iri(tree["top"]), SKOS.definition, Literal("Moving about.", "en")) in said


def test_a_concept_is_mapped_to_other_schemes(client: Client, tree: dict[str, Any]) -> None:
    for said in (graph(client, tree["top"]), whole_tree(client)):
        assert (iri(tree["top"]), SKOS.broadMatch, URIRef("http://metadata.un.org/sdg/11")) in said
        (unnamed,) = said.objects(iri(tree["top"]), SKOS.exactMatch)
        assert str(said.value(unnamed, SKOS.notation)) == "10"


def test_the_page_of_an_issue_stands_between_its_neighbours(client: Client, tree: dict[str, Any]) -> None:
    said = graph(client, tree["middle"])
    assert {*said.objects(iri(tree["middle"]), SKOS.broader)} == {iri(tree["top"])}
    assert {*said.objects(iri(tree["middle"]), SKOS.narrower)} == {iri(tree["low"])}
    assert not [*said.objects(iri(tree["middle"]), SKOS.topConceptOf)]
    assert (None, RDF.type, SKOS.ConceptScheme) in said
