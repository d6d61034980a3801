"""Where an address leads: to its record, to where the record is now, or nowhere."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from registry.models import Alias, City
from tests import factories as make
from tests.views.rows import make_hub

pytestmark = pytest.mark.django_db
KINDS = ("cities", "networks", "policies", "offices", "issues", "reports", "organisations")


def merge(loser: Any, survivor: Any) -> None:
    """What a merge leaves behind: no record, and its addresses leading to the other."""
    kind, addresses = loser._meta.model_name, [loser.slug, str(loser.pid)]
    loser.delete()
    for address in addresses:
        Alias.objects.create(kind=kind, slug=address, owner=loser.pid, target=survivor.pid)


def test_an_old_address_leads_to_the_present_one_with_its_query_string(client: Client) -> None:
    for record in vars(make_hub()).values():
        old = record.get_absolute_url()
        record.slug = f"renamed-{record.pk}"
        record.save()
        response = client.get(f"{old}?a=1&b=%C3%A9&a=2")
        assert response.status_code == 301
        assert response["Location"] == f"{record.get_absolute_url()}?a=1&b=%C3%A9&a=2"
        assert response["Cache-Control"] == "no-cache"
        assert client.get(response["Location"]).status_code == 200


def test_a_permanent_identifier_leads_to_the_present_address(client: Client) -> None:
    for record in vars(make_hub()).values():
        base = record.get_absolute_url().removesuffix(f"{record.slug}/")
        response = client.get(f"{base}{record.pid}/")
        assert (response.status_code, response["Location"]) == (301, record.get_absolute_url())
        html = client.get(record.get_absolute_url()).content.decode()
        assert f"http://testserver{base}{record.pid}/" in html
        assert f'<link rel="canonical" href="http://testserver{record.get_absolute_url()}">' in html


def test_a_merged_record_leads_to_the_survivor_and_an_unmerge_back(client: Client) -> None:
    old, new = make.make_city("Old Town"), make.make_city("New Town")
    address, pid = old.get_absolute_url(), old.pid
    merge(old, new)
    for place in (address, f"/cities/{pid}/"):
        response = client.get(place)
        assert (response.status_code, response["Location"]) == (301, new.get_absolute_url())
    restored = City.objects.create(
        name="Old Town", slug="old-town-fr", country_id="FR", pid=pid, publication="published"
    )
    assert client.get(address).status_code == 200
    Alias.objects.create(kind="city", slug=str(pid), owner=pid, target=pid)
    response = client.get(f"/cities/{pid}/")
    assert response["Location"] == restored.get_absolute_url()


def test_a_survivor_merged_in_its_turn_is_followed(client: Client) -> None:
    first, second, third = (make.make_network(f"Network {name}") for name in "ABC")
    address = first.get_absolute_url()
    merge(first, second)
    merge(second, third)
    assert client.get(address)["Location"] == third.get_absolute_url()


def test_addresses_that_lead_in_a_circle_lead_nowhere(client: Client) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    for here, there in ((one, other), (other, one)):
        Alias.objects.create(kind="city", slug=str(here), owner=here, target=there)
    assert client.get(f"/cities/{one}/").status_code == 404


def test_an_address_whose_record_is_a_draft_or_gone_leads_nowhere(client: Client) -> None:
    city = make.make_city("Old Town")
    old = city.get_absolute_url()
    city.slug = "new-town"
    city.publication = "draft"
    city.save()
    assert client.get(old).status_code == 404
    city.delete()
    assert client.get(old).status_code == 404
    assert client.get("/cities/new-town/").status_code == 404


def test_a_merge_into_a_draft_leads_nowhere(client: Client) -> None:
    published, draft = make.make_city("Old Town"), make.make_city("Hidden", publication="draft")
    address = published.get_absolute_url()
    merge(published, draft)
    response = client.get(address)
    assert response.status_code == 404
    assert "Hidden" not in response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_address_offers_a_search_for_its_words(client: Client, kind: str) -> None:
    response = client.get(f"/{kind}/porto-alegre/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "There is no page at this address" in html
    assert 'name="q" value="porto alegre"' in html


def test_the_search_for_a_city_leaves_out_its_country(client: Client) -> None:
    html = client.get("/cities/sao-paulo-br/").content.decode()
    assert 'name="q" value="sao paulo"' in html
    html = client.get("/cities/springfield-us-4250542/").content.decode()
    assert 'name="q" value="springfield"' in html


@pytest.mark.parametrize(
    "address",
    [
        "x" * 5_000,
        "%00",
        "a%00b",
        "%F0%9F%9A%B2",
        "..%2f..%2fetc",
        "<script>alert(1)</script>",
        "00000000-0000-0000-0000-000000000000",
        "f" * 32,
        "-",
        "'; DROP TABLE registry_city; --",
    ],
)
def test_nonsense_is_not_found_and_harmless(client: Client, address: str) -> None:
    for kind in KINDS:
        response = client.get(f"/{kind}/{address}/")
        assert response.status_code == 404, address
        assert "<script>alert" not in response.content.decode()


def test_the_case_of_an_address_counts(client: Client) -> None:
    make.make_city("Paris")
    assert client.get("/cities/PARIS-FR/").status_code == 404
    assert escape("/cities/PARIS-FR/") in client.get("/cities/PARIS-FR/").content.decode()
