"""What crawlers and sharing sites are told: sitemaps, robots.txt, and the heads of pages."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import Network
from registry.models.history import event_model
from registry.views.crawlers import SITEMAPS, EveryLanguage
from tests import factories as make
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def xml(client: Client, address: str) -> Any:
    make.settle()
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)


def locations(found: Any) -> list[str]:
    return [one.text.removeprefix("http://testserver") for one in found.findall(".//s:loc", NAMES)]


def every_file(client: Client) -> list[str]:
    return locations(xml(client, "/sitemap.xml"))


def test_the_sitemaps_name_every_public_record_once(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    make.make_city("Of the gazetteer")
    files = every_file(client)
    assert files == [f"/sitemap-{section}.xml" for section in SITEMAPS]
    found = [address for file in files for address in locations(xml(client, file))]
    assert len(found) == len(set(found))
    assert {*hub.pages, hub.policy.experiments.first().get_absolute_url(), "/", "/cities/"} <= {*found}
    assert "/cities/of-the-gazetteer-fr/" not in found
    for address in found:
        assert client.get(address).status_code == 200, address


def test_an_address_names_the_same_page_in_every_language(client: Client) -> None:
    make.make_network("League")
    (one,) = xml(client, "/sitemap-networks.xml").findall("s:url", NAMES)
    links = {link.get("hreflang"): link.get("href") for link in one.findall("x:link", NAMES)}
    assert links == {
        "en": "http://testserver/networks/league/",
        "fr": "http://testserver/fr/networks/league/",
        "es": "http://testserver/es/networks/league/",
        "x-default": "http://testserver/networks/league/",
    }
    # The page says the same of itself.
    html = client.get("/networks/league/").content.decode()
    for code, address in links.items():
        assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in html


def test_the_last_change_is_that_of_what_is_public(client: Client) -> None:
    network = make.make_network("League")
    (one,) = xml(client, "/sitemap-networks.xml").findall(".//s:lastmod", NAMES)
    history = event_model(Network).objects.filter(pgh_obj=network.pk)
    assert one.text == f"{history.latest('pgh_id').pgh_created_at:%Y-%m-%d}"


def test_long_sitemaps_are_several_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EveryLanguage, "limit", 2)
    for number in range(5):
        make.make_network(f"Network {number}")
    files = [file for file in every_file(client) if "networks" in file]
    assert files == ["/sitemap-networks.xml", "/sitemap-networks.xml?p=2", "/sitemap-networks.xml?p=3"]
    found = [address for file in files for address in locations(xml(client, file))]
    assert found == [f"/networks/network-{number}/" for number in range(5)]


def test_a_sitemap_costs_the_same_with_few_records_and_with_many(client: Client) -> None:
    def costs() -> dict[str, int]:
        found = {}
        for file in ["/sitemap.xml", *every_file(client)]:
            with CaptureQueriesContext(connection) as queries:
                client.get(file)
            found[file] = len(queries)
        return found

    hub = make_hub()
    surround(hub, 1)
    few = costs()
    assert all(number <= 3 for file, number in few.items() if file != "/sitemap.xml")
    surround(hub, 9)
    assert costs() == few


@pytest.mark.parametrize(
    "query", ["p=0", "p=-1", "p=2", "p=99999999999999999999", "p=x", "p=", "p=%00", "p=1.5", "p=%ff", "p=²"]
)
def test_a_file_that_is_not_there_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/sitemap-networks.xml?{query}").status_code == 404


@pytest.mark.parametrize("section", ["", "nowhere", "networks/", "a" * 5000, "%00"])
def test_a_section_that_is_not_there_is_not_found(client: Client, section: str) -> None:
    assert client.get(f"/sitemap-{section}.xml").status_code == 404


# --- robots.txt --------------------------------------------------------------------------------------------


def may_read(text: str, path: str) -> bool:
    """Whether a crawler may read a path: of the rules that match the longest decides (RFC 9309)."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", text, re.MULTILINE)
    matching = [
        (len(rule), kind == "Allow")
        for kind, rule in rules
        if re.match(".*".join(map(re.escape, rule.split("*"))), path)
    ]
    return max(matching, default=(0, True))[1]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/fr/",
        "/cities/",
        "/cities/paris-fr/",
        "/es/networks/c40/",
        "/memberships/",
        "/collaborations/",
        "/collaborations/overlap/",
        "/data/",
        "/data/2026.1/",
        "/api/docs/",
        "/api/docs/examples/",
        "/static/site.css",
        "/sitemap.xml",
        "/sitemap-cities.xml",
    ],
)
def test_crawlers_may_read_first_pages_and_records(client: Client, path: str) -> None:
    assert may_read(client.get("/robots.txt").content.decode(), path)


@pytest.mark.parametrize(
    "path",
    [
        "/cities/?country=FR",
        "/fr/cities/?page=2",
        "/cities/paris-fr/?format=jsonld",
        "/memberships/?format=csv",
        "/admin/",
        "/admin/registry/city/",
        "/api/v1/cities/",
        "/api/reconcile/",
        "/search/",
        "/fr/search/",
        "/saved/",
        "/compare/",
        "/collaborations/paris-fr/rome-it/",
        "/es/collaborations/paris-fr/rome-it/",
        "/cities/paris-fr/drawing/",
        "/cities/paris-fr/offices/drawing/",
    ],
)
def test_crawlers_are_kept_off_what_has_no_end(client: Client, path: str) -> None:
    assert not may_read(client.get("/robots.txt").content.decode(), path)


def test_robots_names_the_sitemaps(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "\nSitemap: http://testserver/sitemap.xml\n" in response.content.decode()


# --- Heads of pages ----------------------------------------------------------------------------------------


def canonical(client: Client, address: str) -> str:
    (found,) = re.findall(r'<link rel="canonical" href="([^"]*)">', client.get(address).content.decode())
    return found.removeprefix("http://testserver").replace("&amp;", "&")


@pytest.mark.parametrize(
    ("asked", "known_by"),
    [
        ("/networks/", "/networks/"),
        ("/networks/?utm_source=mail&page=1", "/networks/"),
        ("/networks/?scope=national&order=-name&columns=acronym", "/networks/?scope=national"),
        ("/networks/?page_size=2&page=2", "/networks/"),
        ("/networks/?facets=scope", "/networks/"),
        ("/networks/?page=2", "/networks/?page=2"),
        ("/fr/networks/?order=name", "/fr/networks/"),
        ("/collaborations/?view=matrix&order=city", "/collaborations/?view=matrix"),
    ],
)
def test_a_listing_is_known_by_its_question(client: Client, asked: str, known_by: str) -> None:
    make.make_all(Network(name=f"Network {number}", scope="national") for number in range(60))
    assert canonical(client, asked) == known_by


def test_two_cities_have_one_page(client: Client) -> None:
    one, other = make.make_city("Paris"), make.make_city("Rome")
    addresses = [f"/collaborations/{one.slug}/{other.slug}/", f"/collaborations/{other.slug}/{one.slug}/"]
    assert [canonical(client, address) for address in addresses] == [addresses[0]] * 2


def properties(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:([^"]*)" content="([^"]*)">', html))


def test_a_page_tells_sharing_sites_what_it_is(client: Client) -> None:
    name = quote("x", safe="") + ' <b>"League"</b> & more'
    network = make.make_network(name)
    html = client.get(f"/fr{network.get_absolute_url()}").content.decode()
    found = properties(html)
    assert found["title"] == "x &lt;b&gt;&quot;League&quot;&lt;/b&gt; &amp; more"
    assert found["description"].startswith(found["title"])
    assert f'<meta name="description" content="{found["description"]}">' in html
    assert f"<title>{found['title']} – CityNet</title>" in html
    assert (found["type"], found["site_name"], found["locale"]) == ("article", "CityNet", "fr_FR")
    assert found["url"] == f"http://testserver/fr{network.get_absolute_url()}"
    assert '<meta property="og:locale:alternate" content="es_ES">' in html
    assert properties(client.get("/cities/").content.decode())["type"] == "website"


def test_a_record_leads_to_its_linked_data(client: Client) -> None:
    make.make_network("League")
    html = client.get("/fr/networks/league/").content.decode()
    address = "http://testserver/fr/networks/league/?format=jsonld"
    assert f'<link rel="alternate" type="application/ld+json" href="{address}">' in html
