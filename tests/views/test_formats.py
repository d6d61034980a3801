"""The rows of a listing as files and feeds: exactly those of the page, and nothing of a draft."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory
from django.urls import resolve
from openpyxl import load_workbook

from registry.exchange.formats import FORMATS, formats_of
from registry.exchange.formats.csv_file import cell
from registry.filters import LISTINGS
from registry.models import Identifier, Membership, Network
from tests import factories as make
from tests.listings import NEEDED
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db
# What is computed has no day on which it was published, so no feed.
COMPUTED = ("collaborations/measures", "collaborations/overlap", "opportunities", "opportunities/policies")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def content(client: Client, address: str) -> bytes:
    response: Any = client.get(address)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content) if response.streaming else response.content


def text(client: Client, address: str) -> str:
    return content(client, address).decode()


def kinds(listing: str) -> list[str]:
    """Every format of a listing, and its feed."""
    return [*formats_of(LISTINGS[listing].listing().name), *([] if listing in COMPUTED else ["atom"])]


def plain(client: Client, address: str, kind: str) -> str:
    """All that a file says, as text to search in."""
    if kind == "xlsx":
        return json.dumps(sheet(client, address))
    return text(client, f"{address}&format={kind}")


def sheet(client: Client, address: str) -> list[dict[str, Any]]:
    """The rows of an XLSX file."""
    workbook = load_workbook(BytesIO(content(client, f"{address}&format=xlsx")), read_only=True)
    heading, *rows = workbook.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def needed(listing: str) -> str:
    """What must be asked for before a listing has rows."""
    values = {"issue": "&issue=hub-issue", "city": "&city=hub-city-fr"}
    return values[NEEDED[listing]] if listing in NEEDED else ""


def lines(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text(client, address))))


@pytest.mark.parametrize("listing", [name for name in LISTINGS if "/" not in name and name not in NEEDED])
def test_files_hold_the_rows_of_all_pages(client: Client, listing: str) -> None:
    surround(make_hub(), 3)
    pages: list[Any] = []
    number = 1
    while not pages or pages[-1].has_next:
        pages.append(client.get(f"/{listing}/?page_size=2&page={number}").context["page"])
        number += 1
    shown = [str(getattr(row, "pid", row)) for page in pages for row in page.rows]
    assert len(pages) > 1
    found = lines(client, f"/{listing}/?format=csv&page=2&page_size=2")
    assert len(found) == len(shown)
    if listing != "collaborations":
        assert [row["id"] for row in found] == shown
    document = json.loads(text(client, f"/{listing}/?format=json"))
    assert document["count"] == len(document["rows"]) == len(shown)
    assert list(document["rows"][0]) == list(found[0])


@pytest.mark.parametrize("listing", [name for name in LISTINGS if name not in NEEDED])
def test_every_format_says_the_same_of_the_same_rows(client: Client, listing: str) -> None:
    surround(make_hub(), 2)
    address = f"/{listing}/?{needed(listing)}"
    rows = json.loads(text(client, f"{address}&format=json"))["rows"]
    assert rows
    as_cells = [{name: cell(value) for name, value in row.items()} for row in rows]
    assert lines(client, f"{address}&format=csv") == as_cells
    in_sheet = [{name: cell(value) for name, value in row.items()} for row in sheet(client, address)]
    assert in_sheet == as_cells
    assert [json.loads(line) for line in text(client, f"{address}&format=jsonl").splitlines()] == rows
    offered = kinds(listing)
    if "geojson" in offered:
        collection = json.loads(text(client, f"{address}&format=geojson"))
        assert [feature["properties"] for feature in collection["features"]] == rows
        assert collection["count"] == len(rows)
    if "gexf" in offered:
        of_gexf = networkx.read_gexf(BytesIO(content(client, f"{address}&format=gexf")))
        of_graphml = networkx.read_graphml(BytesIO(content(client, f"{address}&format=graphml")))
        assert len(of_gexf.nodes) > 1
        assert of_gexf.number_of_edges() > 0
        assert set(of_gexf.nodes) == set(of_graphml.nodes)
        assert sorted(map(sorted, of_gexf.edges())) == sorted(map(sorted, of_graphml.edges()))


def test_a_listing_offers_the_formats_that_mean_something_for_it() -> None:
    of_any = ["csv", "xlsx", "json", "jsonl", "bib", "csl", "atom"]
    assert kinds("reports") == of_any
    assert {*kinds("issues")} == {*of_any, "jsonld"}
    assert {*kinds("memberships")} == {*FORMATS, "atom"} - {"jsonld"}
    assert "geojson" not in kinds("networks")
    assert "gexf" in kinds("networks")
    assert "gexf" not in kinds("offices")


def test_what_is_computed_has_files_too(client: Client) -> None:
    one, two, three = (make.make_city(name) for name in ("Lima", "Lomé", "Linz"))
    issue = make.make_issue()
    make.make_policy(issues=[issue], cities=[one, two])
    make.make_policy(issues=[issue], cities=[one, three])
    larger, smaller = make.make_network("Larger"), make.make_network("Smaller")
    for city, network in ((one, larger), (two, larger), (one, smaller)):
        make.make_membership(city=city, network=network)
    make.settle()
    degrees = {
        row["city_name"]: row["degree"] for row in lines(client, "/collaborations/measures/?format=csv")
    }
    assert degrees == {"Lima": "2", "Lomé": "1", "Linz": "1"}
    (overlap,) = lines(client, "/collaborations/overlap/?format=csv")
    assert {overlap["network_name"], overlap["other_name"]} == {"Larger", "Smaller"}
    assert (overlap["shared"], float(overlap["jaccard"])) == ("1", 0.5)


def test_a_file_costs_the_same_with_few_rows_and_with_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    hub = make_hub()
    surround(hub, 1)
    costs = {}
    for listing, kind in [(name, kind) for name in LISTINGS for kind in kinds(name)]:
        address = f"/{listing}/?format={kind}{needed(listing)}"
        # A graph of pairs reads its rows twice.
        with django_assert_max_num_queries(16 if kind.startswith("g") else 10, info=address) as few:
            content(client, address)
        costs[address] = len(few)
    surround(hub, 8)
    for address, cost in costs.items():
        with django_assert_max_num_queries(cost, info=address):
            content(client, address)


def test_nothing_of_a_draft_is_in_a_file(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    addresses = [(f"/{listing}/?{needed(listing)}", kind) for listing in LISTINGS for kind in kinds(listing)]
    addresses += [("/memberships/?graph=cities", kind) for kind in ("gexf", "graphml")]
    before = {asked: plain(client, *asked).partition('"rows"')[2] for asked in addresses}
    surround(hub, 2, "Zyxwv", "draft")
    draft = make.make_city("Zyxwv seat", publication="draft")
    Network.objects.filter(pk=hub.network.pk).update(secretariat=draft)
    for address, kind in addresses:
        found = plain(client, address, kind)
        assert "Zyxwv" not in found, (address, kind)
        if kind == "json" and "networks" not in address:
            assert found.partition('"rows"')[2] == before[address, kind], address


def open_cursors() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django_curs_%'")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("kind", "graph"),
    [(name, "") for name, one in formats_of("memberships").items() if not one.cites] + [("gexf", "cities")],
)
def test_a_client_that_hangs_up_ends_the_query(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, kind: str, graph: str
) -> None:
    for module in (
        "csv_file.PIECE",
        "json_file.AT_ONCE",
        "json_lines.AT_ONCE",
        "quickstatements.AT_ONCE",
        "graphml.AT_ONCE",
        "xlsx.PIECE",
    ):
        monkeypatch.setattr(f"registry.exchange.formats.{module}", 1)
    for module in ("views.exports", "exchange.graphs.links", "exchange.graphs.pairs"):
        monkeypatch.setattr(f"registry.{module}.AT_ONCE", 1)
    monkeypatch.setattr("registry.collaboration.shared_networks.AT_ONCE", 1)
    network = make.make_network()
    cities = make.make_cities((f"City {number}", "FR") for number in range(9))
    Identifier.objects.create(network=network, scheme="wikidata", value="Q1")
    make.make_known_to_wikidata(make.make_all(Membership(city=city, network=network) for city in cities))
    make.settle()
    request = rf.get(f"/memberships/?format={kind}" + (f"&graph={graph}" if graph else ""))
    response = resolve("/memberships/").func(request)
    pieces = iter(response.streaming_content)
    while not open_cursors():
        next(pieces)
    # The end of a request would take the connection of the test with it.
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
    assert open_cursors() == 0


def test_relations_have_an_identifier_and_a_name(client: Client) -> None:
    issues = [make.make_issue("Air"), make.make_issue("Bikes")]
    seat = make.make_city("Paris")
    network = make.make_network("League", issues=issues, secretariat=seat, founded="2005-11")
    (row,) = lines(client, "/networks/?format=csv")
    assert row["id"] == str(network.pid)
    assert (row["secretariat_id"], row["secretariat_name"]) == (str(seat.pid), "Paris")
    assert row["issue_names"] == "Air; Bikes"
    assert row["issue_ids"] == "; ".join(str(issue.pid) for issue in issues)
    assert (row["founded"], row["dissolved"]) == ("2005-11", "")
    (row,) = json.loads(text(client, "/networks/?format=json"))["rows"]
    assert row["issue_names"] == ["Air", "Bikes"]
    assert row["dissolved"] is None


def test_columns_are_those_asked_for_and_the_first(client: Client) -> None:
    make.make_network("League", acronym="LG")
    (row,) = lines(client, "/networks/?format=csv&columns=scope,acronym")
    assert list(row) == ["id", "name", "slug", "acronym", "scope"]
    html = client.get("/networks/?columns=acronym&columns=region").content.decode()
    assert '<th scope="col">Acronym</th>' in html
    assert '<th scope="col">Issues</th>' not in html
    html = client.get("/networks/?columns=colour").content.decode()
    assert "“colour” is not a column here. There are: name, acronym" in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("format=xml", "format: “xml” is not one of: csv, xlsx, json, jsonl, graphml, gexf, bib, csl, atom."),
        ("format=csv&format=json", "format: Only one value is allowed here; 2 are given."),
        ("format=csv&scope=global", "scope: “global” is not one of: subnational, national"),
        ("format=csv&columns=colour", "columns: “colour” is not a column here. There are: name,"),
        (
            "format=csv&contry=FR",
            "contry: this listing has no such parameter. It has: active_on, certainty, city,",
        ),
        ("format=geojson", "format: “geojson” is not one of: csv, xlsx, json,"),
        ("format=json&active_on=yesterday", "active_on: “yesterday” is not a date"),
        ("format=atom&page=0", "page: "),
    ],
)
def test_what_is_not_understood_is_refused(client: Client, query: str, words: str) -> None:
    response = client.get(f"/networks/?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert words in response.content.decode()


def test_a_file_says_what_it_holds(client: Client) -> None:
    make.make_country("FR")
    response = client.get("/cities/?country=FR&kind=city&format=csv")
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    assert 'filename="citynet-cities-country-fr-kind-city-20' in response["Content-Disposition"]
    document = json.loads(text(client, "/cities/?country=FR&format=json"))
    assert document["query"] == "country=FR"
    assert document["page"] == "http://testserver/cities/?country=FR"
    assert "GeoNames" in document["credit"]


def test_no_cell_is_a_formula(client: Client) -> None:
    make.make_network("=1+1", acronym="@x")
    (row,) = lines(client, "/networks/?format=csv")
    assert (row["name"], row["acronym"]) == ("'=1+1", "'@x")
    make.make_membership(city=make.make_city("Lima", latitude=-12.04, longitude=-77.03))
    make.settle()
    assert lines(client, "/cities/?format=csv")[0]["latitude"] == "-12.04"
    assert json.loads(text(client, "/networks/?format=json&q=1"))["rows"][0]["name"] == "=1+1"


def test_a_feed_has_what_was_published_last_first(client: Client) -> None:
    late = make.make_network("Late league", publication="draft")
    make.make_network("Early league")
    late.publication = "published"
    late.save()
    feed = ElementTree.fromstring(text(client, "/networks/?format=atom"))
    assert [e.text for e in feed.findall("a:entry/a:title", ATOM)] == ["Late league", "Early league"]
    (first, _) = feed.findall("a:entry/a:id", ATOM)
    assert first.text == f"urn:uuid:{late.pid}"
    links = feed.findall("a:entry/a:link", ATOM)
    assert links[0].get("href") == "http://testserver/networks/late-league/"


def test_a_listing_links_its_formats_and_its_feed(client: Client) -> None:
    make.make_country("FR")
    html = client.get("/cities/?country=FR&page_size=25&order=name").content.decode()
    assert 'type="application/atom+xml" title="Cities: newest" href="?country=FR&amp;format=atom"' in html
    assert 'href="?country=FR&amp;order=name&amp;format=csv"' in html
