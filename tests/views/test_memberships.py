"""The listing of memberships: one row for one city in one network for one period."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.filters import MembershipFilterSet
from registry.models import CityName, Membership
from tests import factories as make
from tests.test_filters import filterset, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, Any]:
    top = make.make_issue("Transport")
    cycling = make.make_issue("Cycling", parent=top)
    make.make_country("FR", world_region="europe")
    make.make_country("BR", world_region="south-america")
    paris, bahia = make.make_city("Paris"), make.make_city("Salvador", country="BR")
    CityName.objects.create(city=bahia, name="São Salvador", kind="official")
    wheels = make.make_network("Wheels", issues=[cycling], acronym="WH")
    peace = make.make_network("Peace", scope="national")
    make.make_membership(city=paris, network=wheels, since="2001", until="2005", status="left", founding=True)
    make.make_membership(city=paris, network=wheels, since="2010", ended="ongoing", tier="full")
    make.make_membership(city=bahia, network=wheels, observed_on="2012", hosting=True)
    make.make_membership(city=bahia, network=peace, status="applicant")
    make.settle()
    return {"paris": paris, "wheels": wheels}


def rows(query: str) -> list[str]:
    asked = filterset("memberships", query)
    assert asked.is_valid(), asked.errors
    return sorted(f"{row.city.name} {row.network.name} {row.since or row.status}" for row in asked.qs)


ALL = ["Paris Wheels 2001", "Paris Wheels 2010", "Salvador Peace applicant", "Salvador Wheels member"]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [0, 1, 2, 3]),
        ("network=WH", [0, 1, 3]),
        ("city=paris-fr", [0, 1]),
        ("city=São Salvador&network=wheels", [3]),
        ("status=left&status=applicant", [0, 2]),
        ("tier=full", [1]),
        ("founding=yes", [0]),
        ("hosting=yes", [3]),
        ("issue=transport", [0, 1, 3]),
        ("scope=national", [2]),
        ("country=BR", [2, 3]),
        ("world_region=europe", [0, 1]),
        ("decade=2010s", [1]),
        ("active_on=2003", [0]),
        ("active_on=2012", [1, 3]),
        ("since=2004&until=2010", [0, 1]),
        ("active_on=2003&certainty=possible", [0, 2, 3]),
        ("q=salva", [2, 3]),
        ("q=wh", [0, 1, 3]),
        ("q=sao salvador", [2, 3]),
        ("q=nowhere", []),
    ],
)
def test_each_parameter_leaves_its_rows(world: dict[str, Any], query: str, places: list[int]) -> None:
    assert rows(query) == [ALL[place] for place in places]


def test_what_is_no_value_is_said(world: dict[str, Any]) -> None:
    assert "“maybe” is not one of: yes." in str(problems("memberships", "founding=maybe"))
    assert "“old” is not one of: member, applicant" in str(problems("memberships", "status=old"))
    assert "The registry has no city “Atlantis”" in str(problems("memberships", "city=Atlantis"))


@pytest.mark.parametrize("order", ["city", "-city", "network", "-network", "since", "-since"])
def test_rows_are_sorted(world: dict[str, Any], order: str) -> None:
    found = [row.since for row in filterset("memberships", f"order={order}").qs]
    if order.endswith("since"):
        assert found == [*sorted(filter(None, found), reverse=order[0] == "-"), None, None]
    names = [
        (row.city if "city" in order else row.network).name
        for row in filterset("memberships", f"order={order}").qs
    ]
    if not order.endswith("since"):
        assert names == sorted(names, reverse=order[0] == "-")


def test_the_page_shows_period_status_and_source(client: Client, world: dict[str, Any]) -> None:
    make.cite(Membership.objects.get(since="2001"), source=make.make_source(title="Yearbook"))
    html = client.get("/memberships/?city=paris-fr&columns=status,period,sources,founding").content.decode()
    assert '<a href="/cities/paris-fr/">Paris</a>' in html
    assert "2001–2005" in html
    assert 'title="Yearbook">source</a>' in html
    assert html.count('<span class="unsourced">unsourced</span>') == 1
    assert html.count(">yes</td>") == 1
    assert "<strong>2</strong> memberships" in html


def test_only_public_ends_show(client: Client, world: dict[str, Any]) -> None:
    make.make_membership(city=make.make_city("Zyxwv", publication="draft"), network=world["wheels"])
    make.make_membership(city=world["paris"], network=make.make_network("Zyxwv", publication="draft"))
    make.make_membership(city=world["paris"], publication="draft", role="Zyxwv")
    html = client.get("/memberships/?page_size=200").content.decode()
    assert "Zyxwv" not in html
    assert "<strong>4</strong> memberships" in html
    assert "Nothing in the registry answers" in client.get("/memberships/?q=zyxwv").content.decode()


def test_the_feed_names_the_city_and_the_network(client: Client, world: dict[str, Any]) -> None:
    feed = client.get("/memberships/?format=atom&status=applicant").content.decode()
    assert "<title>Salvador in Peace</title>" in feed
    assert "/memberships/?city=salvador-br&amp;network=peace" in feed


def test_cities_networks_and_the_home_page_lead_to_it(client: Client, world: dict[str, Any]) -> None:
    assert 'href="/memberships/?city=paris-fr"' in client.get("/cities/paris-fr/").content.decode()
    assert 'href="/memberships/?network=wheels"' in client.get("/networks/wheels/").content.decode()
    html = client.get("/").content.decode()
    assert '<a href="/memberships/?status=member&amp;status=left"><strong>3</strong> memberships</a>' in html


def test_every_facet_is_counted_by_a_parameter_of_the_listing() -> None:
    assert {*MembershipFilterSet.counted} <= {*MembershipFilterSet.base_filters}
