"""What networks have in common, how they grew, and what scope their members show."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from registry.collaboration.growth import growth
from registry.collaboration.overlap import overlaps
from registry.collaboration.scope import by_country, kind_of, shown_scope
from registry.models import Membership
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_overlap_counts_cities_once_and_leaves_drafts_out() -> None:
    cities = [make.make_city() for _ in range(4)]
    one, other, alone = (make.make_network(name) for name in ("One", "Other", "Alone"))
    for city in cities[:3]:
        make.make_membership(city=city, network=one)
    make.make_membership(city=cities[0], network=one, since="2001", until="2002", status="left")
    for city in cities[1:]:
        make.make_membership(city=city, network=other)
    make.make_membership(city=cities[0], network=other, publication="draft")
    make.make_membership(city=cities[3], network=alone)
    members = Membership.objects.public().present()
    assert overlaps(members) == overlaps(members, few=False)
    found = overlaps(members)
    assert [(network, size) for network, size in found.networks] == [(one, 3), (other, 3), (alone, 1)]
    pairs = [(pair.network.name, pair.other.name, pair.shared, pair.jaccard) for pair in found.pairs()]
    assert pairs == [("Other", "One", 2, 0.5), ("Alone", "Other", 1, 1 / 3)]
    assert found.rows[0][2][0] is None


def test_no_network_overlaps_where_none_answers(client: Client) -> None:
    make.make_membership(network=make.make_network("League"))
    for query in ("scope_shown=agrees", "scope=national", "country=FR&status=left", "q=Nowhere"):
        response = client.get(f"/collaborations/overlap/?{query}")
        assert response.status_code == 200, query
        assert response.context["overlaps"].rows == []
        assert client.get(f"/api/v1/collaborations/overlap/?{query}").json()["rows"] == []


def test_growth_by_year() -> None:
    network = make.make_network()
    for dates in (
        {"since": "2005", "until": "2007-03", "ended": "ended"},
        {"since": "2006-05", "ended": "ongoing"},
        {"since": "2006"},
        {"observed_on": "2008"},
        {},
        {"since": "2005", "publication": "draft"},
        {"since": "2005", "status": "applicant"},
    ):
        make.make_membership(network=network, **dates)
    found = growth(network, 2009)
    assert [(y.year, y.joined, y.left, y.members) for y in found.years] == [
        (2005, 1, 0, 1),
        (2006, 2, 0, 3),
        (2007, 0, 1, 2),
        (2008, 0, 0, 2),
        (2009, 0, 0, 1),
    ]
    assert (found.memberships, found.undated) == (5, 1)
    assert not growth(make.make_network(), 2009)


@pytest.mark.parametrize(
    ("countries", "kind"),
    [
        ({}, ""),
        ({"europe": 1}, "national"),
        ({"europe": 1, "asia": 1}, ""),
        ({"europe": 3}, "regional"),
        ({"europe": 10}, "regional"),
        ({"europe": 9, "asia": 1}, "intercontinental"),
        ({"europe": 59}, "regional"),
        ({"europe": 60}, "universal"),
        ({"europe": 15, "asia": 10, "africa": 5}, "universal"),
        ({"europe": 16, "asia": 9, "africa": 5}, "intercontinental"),
        ({"europe": 15, "asia": 15}, "intercontinental"),
    ],
)
def test_thresholds_of_the_union_of_international_associations(countries: dict[str, int], kind: str) -> None:
    assert kind_of(Counter(countries)) == kind


def test_the_scope_shown_is_that_of_present_public_members() -> None:
    network = make.make_network(scope="international")
    for code in ("FR", "IT", "DE"):
        make.make_membership(network=network, city=make.make_city(country=code))
    make.make_membership(network=network, city=make.make_city(country="ES"), until="2001")
    make.make_membership(network=network, city=make.make_city(country="PT"), publication="draft")
    found = shown_scope(network, by_country(network))
    assert (found.kind, found.countries, found.members, found.differs) == ("regional", 3, 3, True)
    assert found.continents == [("Europe", 3)]


def test_networks_are_found_by_how_their_scope_agrees(client: Client) -> None:
    declared = {"League": "international", "Union": "national", "Ring": "regional", "Empty": "regional"}
    networks = {name: make.make_network(name, scope=scope) for name, scope in declared.items()}
    paris = make.make_city("Paris")
    make.make_membership(network=networks["League"], city=paris)
    make.make_membership(network=networks["Union"], city=paris)
    for city in (paris, make.make_city("Rome", country="IT")):
        make.make_membership(network=networks["Ring"], city=city)
    hidden = make.make_membership(network=networks["Union"], city=make.make_city("Bonn", country="DE"))
    hidden.publication = "draft"
    hidden.save()
    found = {
        shown: [row.name for row in client.get("/networks/", {"scope_shown": shown}).context["page"].rows]
        for shown in ("agrees", "differs", "undecided")
    }
    assert found == {"agrees": ["Union"], "differs": ["League"], "undecided": ["Ring"]}
    differ = {name: shown_scope(networks[name], by_country(networks[name])).differs for name in networks}
    assert differ["League"] and not differ["Union"]
