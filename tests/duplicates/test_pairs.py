"""Pairs of recorded rows that may be the same: each ground found, and what is no ground."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.duplicates import tell_apart
from registry.choices import DuplicateKind
from registry.duplicates import KINDS, possible_duplicates
from registry.models import CityLink, CityName, Identifier, NetworkLink, NetworkName, NotDuplicate
from tests.factories import (
    make_city,
    make_country,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_organisation,
    make_policy,
    make_staff,
)

pytestmark = pytest.mark.django_db
BERLIN: dict[str, Any] = {"latitude": 52.52, "longitude": 13.40}
POTSDAM: dict[str, Any] = {"latitude": 52.40, "longitude": 13.06}  # 26 km away
SPANDAU: dict[str, Any] = {"latitude": 52.53, "longitude": 13.20}  # 14 km away
NEXT_DOOR: dict[str, Any] = {"latitude": 52.53, "longitude": 13.42}  # 2 km away
NAME, NEARLY = "the same name in one country", "nearly the same name in one country"


def reasons(kind: str) -> list[list[str]]:
    """What speaks for each pair of this kind."""
    return [pair.reasons for pair in possible_duplicates(kind, 50)]


def city(name: str, number: int | None = None, **given: Any) -> Any:
    """A city of staff, or with a number one of the gazetteer."""
    given.setdefault("slug", f"city-{number}" if number else None)
    return make_city(name, geonames_id=number, **{k: v for k, v in given.items() if v is not None})


CITIES: dict[str, tuple[Callable[[], Any], Callable[[], Any], list[list[str]]]] = {
    "one name, no point": (lambda: city("Köln"), lambda: city("Koln", 1), [[NAME]]),
    "one name, near": (
        lambda: city("Berlin", **BERLIN),
        lambda: city("Berlin", 1, **SPANDAU),
        [[f"{NAME}, 14 km apart"]],
    ),
    "one name, far": (lambda: city("Berlin", **BERLIN), lambda: city("Berlin", 1, **POTSDAM), []),
    "one name, two countries": (lambda: city("Paris"), lambda: city("Paris", 1, country="US"), []),
    "one name, two kinds": (
        lambda: city("Colima", kind="regional-government"),
        lambda: city("Colima", 1),
        [[f"{NAME}, but of another kind"]],
    ),
    "nearly one name": (lambda: city("Saint Denis"), lambda: city("Saint-Dennis", 1), [[NEARLY]]),
    "nearly one name, two kinds": (
        lambda: city("Saint Denis", kind="county"),
        lambda: city("Saint-Dennis", 1),
        [],
    ),
    "nearly one name, far": (
        lambda: city("Saint Denis", **BERLIN),
        lambda: city("Saint Dennis", 1, **POTSDAM),
        [],
    ),
    "other names": (lambda: city("Lyon"), lambda: city("Nantes", 1), []),
    "gazetteer, next door": (
        lambda: city("Berlin", 2, **BERLIN),
        lambda: city("Berlin", 1, **NEXT_DOOR),
        [["the same name in the gazetteer, 2 km apart"]],
    ),
    "gazetteer, near": (lambda: city("Berlin", 2, **BERLIN), lambda: city("Berlin", 1, **SPANDAU), []),
    "gazetteer, nearly one name": (
        lambda: city("Saint Denis", 2, **BERLIN),
        lambda: city("Saint Dennis", 1, **NEXT_DOOR),
        [],
    ),
}


@pytest.mark.parametrize(("one", "other", "expected"), CITIES.values(), ids=CITIES)
@pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])
def test_cities(one: Any, other: Any, expected: list[list[str]], turned: bool) -> None:
    for make in (other, one) if turned else (one, other):
        make()
    assert reasons("city") == expected


def test_any_name_of_a_city_counts() -> None:
    CityName.objects.create(city=city("Gdańsk", 1), name="Danzig")
    city("Danzig")
    assert reasons("city") == [["a name in common in one country"]]


def test_the_same_item_of_wikidata() -> None:
    city("Here", 1, wikidata_id="Q64")
    Identifier.objects.create(city=city("There", 2), scheme="wikidata", value="Q64")
    assert reasons("city") == [["the same identifier, q64"]]


def test_cities_that_are_linked_are_two() -> None:
    CityLink.objects.create(city=city("Dhaka"), other=city("Dhaka", 1), kind="part-of")
    assert reasons("city") == []


def members(network: Any, cities: list[Any], **given: Any) -> None:
    """Memberships of these cities."""
    for one in cities:
        make_membership(network=network, city=one, **given)


NETWORKS = {
    "one name": ({"name": "Eurocities"}, {"name": "EUROCITIES"}, [["the same name"]]),
    "nearly one name": ({"name": "Eurocities"}, {"name": "Euro cities"}, [["nearly the same name"]]),
    "another year": ({"name": "Resilient Cities 2020"}, {"name": "Resilient Cities 2030"}, []),
    "one acronym": (
        {"name": "Climate group", "acronym": "C40"},
        {"name": "Large cities", "acronym": "c40"},
        [["the same acronym, c40"]],
    ),
    "an acronym that is the name": (
        {"name": "ICLEI"},
        {"name": "Local governments", "acronym": "ICLEI"},
        [["the same acronym, iclei"]],
    ),
    "one host": (
        {"name": "Here", "website": "https://www.c40.org/about"},
        {"name": "There", "website": "http://c40.org"},
        [["the same website, c40.org"]],
    ),
    "other hosts": (
        {"name": "Here", "website": "https://a.example.org"},
        {"name": "There", "website": "https://b.example.org"},
        [],
    ),
    "two grounds": (
        {"name": "Eurocities", "acronym": "EC"},
        {"name": "Eurocities", "acronym": "ec"},
        [["the same name", "the same acronym, ec"]],
    ),
    "nothing": ({"name": "Here"}, {"name": "There"}, []),
}


@pytest.mark.parametrize(("one", "other", "expected"), NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])
def test_networks(one: Any, other: Any, expected: list[list[str]], turned: bool) -> None:
    for given in (other, one) if turned else (one, other):
        make_network(**given)
    assert reasons("network") == expected


def test_a_former_name_of_a_network_counts() -> None:
    NetworkName.objects.create(network=make_network("Global network"), name="Rockefeller cities")
    make_network("Rockefeller Cities")
    assert reasons("network") == [["the same name"]]


def test_a_host_of_many_is_no_ground() -> None:
    for name in ("Red", "Green", "Blue", "Yellow"):
        make_network(name, website=f"https://europa.eu/{name}")
    assert reasons("network") == []
    make_network("Violet", website="http://europa.eu/red/")
    assert reasons("network") == [["the same website, europa.eu/red"]]


def test_a_web_domain_recorded_as_an_identifier() -> None:
    Identifier.objects.create(network=make_network("Here"), scheme="web-domain", value="c40.org")
    make_network("There", website="https://www.c40.org")
    assert reasons("network") == [["the same website, c40.org"]]


@pytest.mark.parametrize(("common", "expected"), [(4, [["4 of 5 cities in common"]]), (3, [])])
def test_members_in_common(common: int, expected: list[list[str]]) -> None:
    cities = [make_city() for _ in range(10)]
    members(make_network("Here"), cities[:5])
    members(make_network("There"), cities[5 - common : 10 - common])
    assert reasons("network") == expected


def test_members_of_a_part_are_no_ground_nor_are_those_that_never_were() -> None:
    cities = [make_city() for _ in range(10)]
    members(make_network("Whole"), cities)
    members(make_network("Part"), cities[:5])
    members(make_network("Absent"), cities, status="never")
    assert reasons("network") == []


def test_networks_that_are_linked_are_two() -> None:
    one, other = make_network("Eurocities"), make_network("Eurocities")
    NetworkLink.objects.create(network=one, other=other, kind="successor-of")
    assert reasons("network") == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, [["the same name"]]),
        ({"name": "A cycling pact"}, {"name": "The cycling pact"}, [["nearly the same name"]]),
        ({"since": "2005", "until": "2009"}, {"since": "2009"}, [["the same name"]]),
        ({"since": "2005", "until": "2009"}, {"since": "2010"}, []),
        ({"name": "Cycling pact 2"}, {"name": "Cycling pact 3"}, []),
    ],
)
def test_policies_by_name(one: dict[str, str], other: dict[str, str], expected: list[list[str]]) -> None:
    for given in (one, other):
        make_policy(**{"name": "Cycling pact", **given})
    assert reasons("jointpolicy") == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [["4 of 5 cities in common"]]),
        ({"since": "2010"}, [["4 of 5 cities in common"]]),
        ({"since": "2020"}, []),
        ({"issues": []}, []),
    ],
    ids=["same issue", "overlapping", "later", "another issue"],
)
def test_policies_by_their_cities(given: dict[str, Any], expected: list[list[str]]) -> None:
    cities, issue = [make_city() for _ in range(5)], make_issue()
    make_policy("Here", issues=[issue, make_issue()], cities=cities, until="2015")
    make_policy("There", cities=cities[1:], **{"issues": [issue], **given})
    assert reasons("jointpolicy") == expected


HEAT = {"name": "Heat office", "kind": "chief-heat-officer"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"name": "Cool city", "kind": "chief-heat-officer"}, [["the same kind of office in one city"]]),
        ({"name": "Heat officer", "kind": "other"}, [["a like name in one city"]]),
        ({"name": "Heat officer", "kind": "chief-diplomat"}, []),
        ({"name": "Cool city", "kind": "chief-heat-officer", "established": "2020"}, []),
        ({"name": "Night life", "kind": "night-mayor"}, []),
    ],
)
def test_offices(other: dict[str, str], expected: list[list[str]]) -> None:
    here = make_city()
    make_office(city=here, closed="2015", **HEAT)
    make_office(city=here, **other)
    assert reasons("cityoffice") == expected


def test_offices_of_two_cities_are_two() -> None:
    make_office(**HEAT)
    make_office(**HEAT)
    assert reasons("cityoffice") == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"name": "ETH Zürich"}, {"name": "Eth Zurich"}, [["the same name"]]),
        ({"name": "Rockefeller Foundation"}, {"name": "Rockefeler Foundation"}, [["nearly the same name"]]),
        ({"name": "City College", "country": "FR"}, {"name": "City College", "country": "GB"}, []),
        ({"name": "City College", "country": "FR"}, {"name": "City College"}, [["the same name"]]),
        (
            {"name": "Here", "website": "https://x.org"},
            {"name": "There", "website": "https://x.org/"},
            [["the same website, x.org"]],
        ),
    ],
)
def test_organisations(one: dict[str, Any], other: dict[str, Any], expected: Any) -> None:
    for given in (one, other):
        country = {"country": make_country(given["country"])} if "country" in given else {}
        make_organisation(**{**given, **country})
    assert reasons("organisation") == expected


@pytest.mark.parametrize("scheme", ["other", "isni"])
def test_an_identifier_under_another_scheme(scheme: str) -> None:
    Identifier.objects.create(organisation=make_organisation("Here"), scheme="ror", value="05a28rw58")
    Identifier.objects.create(organisation=make_organisation("There"), scheme=scheme, value="05A28RW58")
    found = [["the same identifier, 05a28rw58"]]
    assert reasons("organisation") == (found if scheme == "other" else [])


# --- All of them ------------------------------------------------------------------------------------------


def test_the_likeliest_come_first_in_pages() -> None:
    for name in ("Alpha cities", "Bravo towns"):
        make_network(name, acronym="X" if name[0] == "B" else "")
        make_network(name, acronym="X" if name[0] == "B" else "")
    pairs = possible_duplicates("network", 5)
    assert [pair.one.name for pair in pairs] == ["Bravo towns", "Alpha cities"]
    assert pairs[0].score > pairs[1].score
    assert possible_duplicates("network", 1, 1) == pairs[1:]


def test_a_pair_told_apart_is_not_found_again() -> None:
    one, other = make_network("Eurocities"), make_network("Eurocities")
    third = make_network("Eurocities")
    by = make_staff("judge", "Contributor")
    said = tell_apart(one, other, by=by)
    assert tell_apart(other, one, by=by) == said
    left = {frozenset((pair.one, pair.other)) for pair in possible_duplicates("network", 5)}
    assert left == {frozenset((one, third)), frozenset((other, third))}


def test_only_two_records_of_one_kind_are_told_apart() -> None:
    by, network = make_staff("judge"), make_network()
    for other in (network, make_policy()):
        with pytest.raises(ValueError, match="two different records of one kind"):
            tell_apart(network, other, by=by)
    with pytest.raises(ValueError, match="not a valid DuplicateKind"):
        tell_apart(make_issue(), make_issue(), by=by)
    assert not NotDuplicate.objects.exists()


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a valid DuplicateKind"):
        possible_duplicates("issue", 5)


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_cost_the_same_however_many(kind: DuplicateKind) -> None:
    here = make_city("Paris")
    makers: dict[str, Callable[[int], Any]] = {
        "city": lambda n: make_city("Paris", slug=f"paris-{n}"),
        "network": lambda n: make_network("Eurocities", secretariat=make_city()),
        "jointpolicy": lambda n: make_policy("Pact", issues=[make_issue()], cities=[make_city()]),
        "cityoffice": lambda n: make_office(f"Office {n}", city=here, kind="night-mayor"),
        "organisation": lambda n: make_organisation("Sorbonne"),
    }
    counts = []
    for numbers in (range(3), range(3, 9)):
        for number in numbers:
            makers[kind](number)
        with CaptureQueriesContext(connection) as queries:
            assert possible_duplicates(kind, 50)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_similarity_asked_for_is_put_back() -> None:
    make_network("Eurocities")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', '0.4', true)")
        possible_duplicates("network", 5)
        cursor.execute("SHOW pg_trgm.similarity_threshold")
        assert cursor.fetchone() == ("0.4",)
