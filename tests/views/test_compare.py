"""Cities and networks side by side."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.collaboration.compare import compare_networks, pairs
from registry.models import JointPolicy
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def aspects(client: Client, address: str) -> dict[str, Any]:
    """What is compared, by its key."""
    return {section.aspect.key: section.aspect for section in client.get(address).context["sections"]}


@pytest.fixture
def three() -> list[Any]:
    """Paris and Rome share a network, a policy and an issue; Lima has an office alone."""
    air, heat = make.make_issue("Air"), make.make_issue("Heat")
    paris, rome, lima = (make.make_city(name, country="FR") for name in ("Paris", "Rome", "Lima"))
    league = make.make_network("League", issues=[air])
    for city in (paris, rome):
        make.make_membership(city=city, network=league)
    make.make_membership(city=paris, network=make.make_network("Club"))
    make.make_policy("Pact", issues=[air], cities=[paris, rome])
    make.make_policy("Treaty", issues=[heat], cities=[paris, lima])
    make.make_office("Heat office", city=lima, remit=[heat])
    make.settle()
    return [paris, rome, lima]


def test_cities_side_by_side(client: Client, three: list[Any]) -> None:
    address = "/compare/?" + "&".join(f"city={city.slug}" for city in three)
    found = aspects(client, address)
    assert {key: one.totals for key, one in found.items()} == {
        "issues": [2, 1, 1],
        "networks": [2, 1, 0],
        "policies": [2, 1, 1],
        "partners": [2, 1, 1],
    }
    assert [(line.record.name, line.has) for line in found["issues"].shared] == [
        ("Air", [True, True, False]),
        ("Heat", [True, False, True]),
    ]
    assert found["networks"].alone_totals == [1, 0, 0]
    assert (found["policies"].of_several, found["policies"].of_all) == (2, 0)
    html = page(client, address)
    assert "Heat office" in html
    assert f"/collaborations/?city={three[0].slug}&amp;partner={three[1].slug}" in html
    assert "50%" in html, "Paris and Rome share one of two networks"


def test_networks_side_by_side(client: Client) -> None:
    air = make.make_issue("Air")
    one, other = make.make_network("League", issues=[air]), make.make_network("Club", issues=[air])
    both = make.make_city("Paris")
    for network in (one, other):
        make.make_membership(city=both, network=network)
    make.make_membership(city=make.make_city("Rome", country="IT"), network=one)
    make.make_membership(city=make.make_city("Oslo", country="NO"), network=other, status="applicant")
    make.make_policy("Pact", networks=[one])
    address = f"/compare/?network={one.slug}&network={other.slug}"
    found = aspects(client, address)
    assert found["members"].totals == [2, 1]
    assert found["members"].overlaps[0].jaccard == 0.5
    assert found["policies"].totals == [1, 0]
    assert [line.record for line in found["issues"].shared] == [air]
    assert client.get(address).context["countries"] == [
        ("FR", "Country FR", [1, 1]),
        ("IT", "Country IT", [1, 0]),
    ]


def test_drafts_are_never_compared(client: Client, three: list[Any]) -> None:
    paris, rome, _ = three
    hidden: Any = {"publication": "draft"}
    secret = make.make_network("SECRET league", issues=[make.make_issue("SECRET issue")], **hidden)
    address = f"/compare/?city={paris.slug}&city={rome.slug}"
    before = page(client, address)
    for city in (paris, rome):
        make.make_membership(city=city, network=secret)
        make.make_membership(city=city, network=make.make_network("Quiet SECRET"), **hidden)
        make.make_office("SECRET office", city=city, **hidden)
    policy = make.make_policy("SECRET pact", issues=[make.make_issue()], cities=[paris, rome], **hidden)
    policy.networks.add(secret)
    make.make_policy("Pact with a SECRET", cities=[paris, make.make_city("SECRET town", **hidden)])
    JointPolicy.objects.filter(name="Pact with a SECRET").delete()
    make.settle()
    assert page(client, address) == before
    html = page(client, f"/compare/?network={secret.slug}&network=league")
    assert "The registry has no network" in html
    assert "SECRET" not in html.replace(secret.slug, "")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("city=paris-fr", "One city is chosen. Add another"),
        ("network=league", "One network is chosen. Add another"),
        (
            "&".join(f"city=city-{number}-fr" for number in range(1, 7)),
            "At most five cities can be compared, not 6.",
        ),
        ("city=paris-fr&city=rome-fr&network=league", "choose one kind"),
        ("city=paris-fr&city=atlantis", "The registry has no city “atlantis”"),
        ("city=paris-fr&city=paris-fr", "One city is chosen. Add another"),
        ("city=%00", "NUL"),
        ("network=" + "x" * 5000, "This is too long"),
    ],
)
def test_what_cannot_be_compared(client: Client, three: list[Any], query: str, words: str) -> None:
    for number in range(1, 7):
        make.make_city(f"City {number}", slug=f"city-{number}-fr")
    html = page(client, f"/compare/?{query}")
    assert words in html
    assert 'aria-describedby="wrong-' in html
    assert "At a glance" not in html


def test_the_form_is_there_without_anything_asked(client: Client, three: list[Any]) -> None:
    html = page(client, "/compare/")
    assert 'name="city"' in html
    assert 'name="network"' in html
    for record in (three[0], three[0].memberships.first().network):
        assert "Compare with…" in page(client, record.get_absolute_url())


def test_what_is_compared_costs_the_same_however_much_it_has(client: Client) -> None:
    cities = [make.make_city() for _ in range(5)]
    networks = [make.make_network() for _ in range(5)]
    by_city = "/compare/?" + "&".join(f"city={city.slug}" for city in cities)
    by_network = "/compare/?" + "&".join(f"network={network.slug}" for network in networks)
    costs = []
    for number in (1, 12):
        for _ in range(number):
            issue = make.make_issue()
            make.make_policy(issues=[issue], cities=cities, networks=networks)
            extra = make.make_network(issues=[issue])
            town = make.make_city()
            for city, network in zip(cities, networks, strict=True):
                make.make_membership(city=city, network=extra)
                make.make_membership(city=town, network=network)
                make.make_office(city=city, remit=[issue])
        make.settle()
        for address in (by_city, by_network):
            with CaptureQueriesContext(connection) as queries:
                page(client, address)
            costs.append(len(queries))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 15


MEMBERS = st.lists(st.sets(st.integers(0, 5)), min_size=2, max_size=5)


class Overlaps(TestCase):
    """Over random member lists."""

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(lists=MEMBERS)
    def test_numbers_are_those_of_the_sets(self, lists: list[set[int]]) -> None:
        cities = [make.make_city() for _ in range(6)]
        networks = [make.make_network() for _ in lists]
        for network, members in zip(networks, lists, strict=True):
            for place in members:
                make.make_membership(network=network, city=cities[place])
        compared = compare_networks(networks)
        found, two = compared[0], pairs(networks, compared)
        assert found.totals == [len(one) for one in lists]
        assert found.of_all == len(set.intersection(*lists))
        everybody = [place for one in lists for place in one]
        assert found.of_several == sum(everybody.count(place) > 1 for place in range(6))
        expected = [(len(one & other), len(one | other)) for one, other in combinations(lists, 2)]
        assert [(pair.overlaps[0].shared, pair.overlaps[0].either) for pair in two] == expected
