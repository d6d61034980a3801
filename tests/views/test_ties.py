"""The pages of ties: evidence, measures, overlap, pictures, and what they say when asked for too much."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.collaboration import edges
from registry.models import Membership, PolicyParty
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def paris_and_rome() -> tuple[Any, Any]:
    transport, water = make.make_issue("Transport"), make.make_issue("Water")
    paris, rome = make.make_city("Paris"), make.make_city("Rome", country="IT")
    policy = make.make_policy("Bicycle pact", issues=[transport], cities=[paris, rome], since="2010")
    network = make.make_network("Water league", issues=[water])
    for city in (paris, rome):
        make.cite(make.make_membership(city=city, network=network, since="2015", ended="ongoing"))
        make.cite(PolicyParty.objects.get(city=city, policy=policy))
    make.settle()
    return paris, rome


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_the_page_of_a_tie_names_every_proof_and_its_sources(client: Client, paris_and_rome: Any) -> None:
    html = page(client, "/collaborations/paris-fr/rome-it/")
    for words in (
        "Bicycle pact",
        "Water league",
        "Paris: partner, since 2010",
        "Rome: member, since 2015, ongoing",
    ):
        assert words in html
    assert html.count("https://example.org/") >= 4
    html = page(client, "/collaborations/paris-fr/rome-it/?issue=water")
    assert "Water league" in html
    assert "Bicycle pact" not in html
    assert "Water league" not in page(client, "/collaborations/paris-fr/rome-it/?active_on=2012")
    assert "nothing that the two cities do together" in page(
        client, "/collaborations/rome-it/paris-fr/?until=2001"
    )


@pytest.mark.parametrize("size", ["abc", "1e3", "-", "", "²", "0"])
def test_a_page_size_that_is_none_is_told(client: Client, paris_and_rome: Any, size: str) -> None:
    html = page(client, f"/collaborations/paris-fr/rome-it/?page_size={size}")
    assert ("Bicycle pact" in html) == (not size)
    assert ("Nothing is shown" in html) == bool(size)


def test_the_page_of_a_tie_hides_drafts_and_follows_old_addresses(
    client: Client, paris_and_rome: Any
) -> None:
    Membership.objects.filter(city=paris_and_rome[0]).update(publication="draft")
    assert "Water league" not in page(client, "/collaborations/paris-fr/rome-it/")
    rome = paris_and_rome[1]
    rome.slug = "roma-it"
    rome.save()
    response = client.get("/collaborations/paris-fr/rome-it/?issue=water")
    assert (response.status_code, response["Location"]) == (
        302,
        "/collaborations/paris-fr/roma-it/?issue=water",
    )
    make.make_city("Oslo", publication="draft")
    for address in ("oslo-fr/rome-it", "paris-fr/oslo-fr", "paris-fr/nowhere"):
        page(client, f"/collaborations/{address}/", 404)
    html = page(client, "/collaborations/paris-fr/roma-it/?issue=nothing&active_on=yesterday")
    assert "Nothing is shown" in html
    assert "Bicycle pact" not in html


@pytest.mark.parametrize("view", ["table", "matrix", "graph", "map"])
def test_each_view_answers_the_same_question(client: Client, paris_and_rome: Any, view: str) -> None:
    html = page(client, f"/collaborations/?view={view}&city=paris-fr&ties=network")
    assert "Rome" in html
    assert f"ties=network&amp;city=paris-fr&amp;view={view}" in html or view == "table"
    html = page(client, f"/collaborations/?view={view}&city=paris-fr&ties=network&active_on=2012")
    assert ">Rome<" not in html
    html = page(client, f"/collaborations/?view={view}&ties=sometimes&by=magic")
    assert "is not one of: direct, network, all" in html
    assert "is not one of: city-issue, country-issue, city-city" in html


def test_the_slider_leads_to_the_years_on_either_side(client: Client, paris_and_rome: Any) -> None:
    html = page(client, "/collaborations/?view=graph&active_on=2012")
    assert 'name="view" value="graph"' in html
    assert "active_on=2011" in html
    assert "active_on=2013" in html
    assert 'data-first="2010"' in html
    assert "active_on=2009" not in page(client, "/collaborations/?active_on=2010")


def test_too_many_ties_for_a_picture_leave_the_strongest(
    client: Client, paris_and_rome: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    oslo = make.make_city("Oslo", country="NO")
    make.make_policy(issues=[make.make_issue()], cities=[*paris_and_rome, oslo])
    make.settle()
    monkeypatch.setattr(edges, "MOST_CITIES", 2)
    monkeypatch.setattr("registry.views.collaborations.MOST_DRAWN", 2)
    monkeypatch.setattr(edges.edges, "__defaults__", (1,))
    html = page(client, "/collaborations/?view=graph")
    assert "too many for one picture" in html
    assert ">Oslo<" not in html
    html = page(client, "/collaborations/measures/")
    assert "Measures say something of whole graphs only" in html
    assert ">Oslo<" not in html


def test_measures_are_sorted_as_asked(client: Client, paris_and_rome: Any) -> None:
    make.make_policy(
        issues=[make.make_issue()], cities=[paris_and_rome[0], make.make_city("Oslo", country="NO")]
    )
    make.settle()
    html = page(client, "/collaborations/measures/")
    assert html.index(">Paris</a>") < html.index(">Oslo</a>") < html.index(">Rome</a>")
    html = page(client, "/collaborations/measures/?order=-name")
    assert html.index(">Rome</a>") < html.index(">Paris</a>") < html.index(">Oslo</a>")
    assert 'aria-sort="descending"' in page(client, "/collaborations/measures/?order=-betweenness")
    assert "There is one page" in page(client, "/collaborations/measures/?page=7")
    assert "is not one of" in page(client, "/collaborations/measures/?order=luck")
    assert "Nothing in the registry answers" in page(client, "/collaborations/measures/?active_on=1950")


def test_overlap_is_of_the_members_asked_about(client: Client) -> None:
    one, other = make.make_network("One"), make.make_network("Other")
    for code in ("FR", "IT"):
        city = make.make_city(country=code)
        make.make_membership(city=city, network=one)
        if code == "FR":
            make.make_membership(city=city, network=other)
    make.make_country("DE")
    assert ">0.50<" in page(client, "/collaborations/overlap/")
    assert ">1.00<" in page(client, "/collaborations/overlap/?country=FR")
    assert "no membership that answers" in page(client, "/collaborations/overlap/?country=DE")


def test_drawings_refuse_what_they_do_not_understand(client: Client, paris_and_rome: Any) -> None:
    response = client.get("/collaborations/drawing/?city=nowhere&view=map")
    assert response.status_code == 400
    assert "nowhere" in response.json()["problems"]["city"][0]["message"]
    found = client.get("/cities/paris-fr/drawing/").json()
    assert found["centre"] == "paris-fr"
    assert [city["name"] for city in found["cities"]] == ["Paris", "Rome"]
    page(client, "/cities/nowhere/drawing/", 404)


def test_a_network_shows_its_growth_and_a_scope_that_differs(client: Client) -> None:
    network = make.make_network("League", scope="international")
    for code in ("FR", "IT", "DE"):
        make.make_membership(
            network=network, city=make.make_city(country=code), since="2005", ended="ongoing"
        )
    html = page(client, network.get_absolute_url())
    assert "Members by year" in html
    assert "not the scope it declares" in html
    network.scope = "regional"
    network.save()
    assert "not the scope it declares" not in page(client, network.get_absolute_url())


def test_an_empty_registry_has_all_pages(client: Client) -> None:
    for view in ("table", "matrix", "graph", "map"):
        assert "records no collaboration" in page(client, f"/collaborations/?view={view}&ties=all")
    page(client, "/collaborations/measures/")
    page(client, "/collaborations/overlap/")
