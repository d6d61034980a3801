"""Research tables on the public site."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import City, Dataset, Network
from tests.exchange.datasets.tables import WIDE
from tests.exchange.datasets.test_datasets import bring_again, brought
from tests.factories import make_network
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Dataset:
    """A wide table: Paris is in both networks, Lyon in Eurocities alone."""
    make_network("C40", slug="c40")
    make_network("Eurocities", slug="eurocities")
    return brought("wide")


def page(client: Client, address: str) -> str:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def test_a_table_is_listed_with_what_it_holds(client: Client, table: Dataset) -> None:
    rows = list(csv.DictReader(io.StringIO(page(client, "/datasets/?format=csv").lstrip("\ufeff"))))
    (row,) = rows
    assert (row["name"], row["row_total"], row["cell_total"], row["placed_total"]) == (
        table.name,
        *("3", "15", "2"),
    )


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("city=paris-fr", True),
        ("city=nice-fr", False),
        ("network=c40", True),
        ("network=third", False),
        ("q=wide", True),
        ("q=narrow", False),
    ],
)
def test_tables_are_found_by_what_they_speak_of(
    client: Client, table: Dataset, question: str, found: bool
) -> None:
    make_network("Third", slug="third")
    assert (table.get_absolute_url() in page(client, f"/datasets/?{question}")) == found


def test_the_file_is_given_back_byte_for_byte(client: Client, table: Dataset) -> None:
    address = f"{table.get_absolute_url()}file/"
    assert address in page(client, table.get_absolute_url())
    response = client.get(address)
    assert response.content == WIDE.encode()
    assert f'filename="{table.slug}.csv"' in response.headers["Content-Disposition"]
    again = client.get(address, headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(address).status_code == 405


def test_a_draft_table_has_neither_page_nor_file(client: Client, table: Dataset) -> None:
    Dataset.objects.update(publication="in-review")
    for address in (table.get_absolute_url(), f"{table.get_absolute_url()}file/"):
        assert client.get(address).status_code == 404


def test_an_old_address_leads_to_the_new_one(client: Client, table: Dataset) -> None:
    old = table.get_absolute_url()
    table.slug = "another"
    table.save()
    for address in (old, f"/datasets/{table.pid}/"):
        response = client.get(f"{address}?country=FR")
        assert (response.status_code, response["Location"]) == (301, "/datasets/another/?country=FR")
    assert f"http://testserver/datasets/{table.pid}/" in page(client, table.get_absolute_url())


def test_the_page_says_where_the_registry_says_something_else(client: Client, table: Dataset) -> None:
    table.observed_on = "2017"
    table.save()
    shown = page(client, f"{table.get_absolute_url()}?format=csv&network=c40").lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(shown))
    said = (row["city_name"], row["ours"], row["against_name"], row["theirs"], row["value"])
    assert said == ("Paris", "member", "the registry", "no member", "1")


def test_differences_are_narrowed_like_every_listing(client: Client, table: Dataset) -> None:
    other = bring_again("graded")
    address = table.get_absolute_url()
    for question, number in {
        "": 4,
        "country=FR": 4,
        "country=DE": 0,
        f"against={other.slug}": 1,
        "about=tier": 0,
        "city=lyon-fr": 2,
        "about=nothing": 0,
    }.items():
        found = client.get(f"{address}?{question}")
        assert found.status_code == 200
        assert len(found.context["page"].rows) == number, question
    assert "“nothing”" in page(client, f"{address}?about=nothing")
    assert client.get(f"{address}?about=nothing&format=csv").status_code == 400
    # What is computed is no news.
    assert client.get(f"{address}?format=atom").status_code == 400
    assert "format=atom" not in page(client, address)


def test_a_page_costs_the_same_queries_whatever_the_table_holds(client: Client) -> None:
    hub = make_hub()
    costs = []
    for number in (2, 20):
        surround(hub, number, f"Many {number}")
        with CaptureQueriesContext(connection) as queries:
            page(client, hub.dataset.get_absolute_url())
        with CaptureQueriesContext(connection) as listing:
            page(client, "/datasets/")
        costs.append((len(queries), len(listing)))
    assert costs[0] == costs[1]


def test_cells_stand_on_the_page_of_their_city(client: Client, table: Dataset) -> None:
    city = page(client, "/cities/paris-fr/")
    assert table.get_absolute_url() in city
    Dataset.objects.update(publication="draft")
    assert table.get_absolute_url() not in page(client, "/cities/paris-fr/")


def test_a_published_table_says_nothing_of_drafts_of_the_registry(client: Client, table: Dataset) -> None:
    address = table.get_absolute_url()
    City.objects.filter(name="Paris").update(publication="draft")
    Network.objects.filter(slug="eurocities").update(publication="in-review")
    shown = page(client, address)
    assert not any(word in shown for word in ("paris-fr", "eurocities/"))
    assert "(1 of a city known here)" in shown


def test_a_table_is_linked_data_in_its_page_and_by_what_a_client_accepts(
    client: Client, table: Dataset
) -> None:
    response = client.get(table.get_absolute_url(), headers={"accept": "application/ld+json"})
    described = response.json()
    assert (described["@type"], described["name"]) == (["schema:Dataset"], table.name)
    assert {one["name"] for one in described["schema:about"]} == {"C40", "Eurocities"}
    assert described["sources"] == [table.source.url]
    assert 'type="application/ld+json"' in page(client, table.get_absolute_url())
    Network.objects.filter(slug="c40").update(publication="draft")
    assert "C40" not in str(client.get(response.request["PATH_INFO"]).context["json_ld"])
