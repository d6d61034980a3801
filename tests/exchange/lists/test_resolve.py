"""Names resolved to cities: what is accepted, what is left to people, and why."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.exchange.lists import Decision, ListRow, Outcome, resolve
from registry.models import City, CityName, Division
from tests.factories import make_city, make_country, make_membership, make_network

pytestmark = pytest.mark.django_db


def place(
    name: str, country: str, population: int | None, at: tuple[float, float], *others: str, **given: Any
) -> City:
    code = given.pop("division", None)
    if code:
        division, _ = Division.objects.get_or_create(code=code, defaults={"country": make_country(country)})
        given["division"] = division
    city = make_city(name, country=country, population=population, latitude=at[0], longitude=at[1], **given)
    CityName.objects.bulk_create([CityName(city=city, name=other) for other in others])
    return city


@pytest.fixture
def cities(db: None) -> dict[str, City]:
    """A small world with namesakes in it."""
    kansas = {"division": "US.KS"}
    return {
        "porto": place("Porto", "PT", 252_687, (41.15, -8.61), "Oporto", geonames_id=2735943),
        "porto-fr": place("Porto", "FR", 600, (42.27, 8.70)),
        "valencia": place("Valencia", "ES", 792_492, (39.47, -0.38), "València", "Valence", division="ES.60"),
        "valencia-ve": place("Valencia", "VE", 1_385_083, (10.16, -68.0)),
        "valence": place(
            "Valence",
            "FR",
            63_864,
            (44.93, 4.89),
            *(f"Valence {n}" for n in range(40)),
            division="FR.84",
        ),
        "lyon": place("Lyon", "FR", 522_228, (45.75, 4.85), division="FR.84"),
        "grenoble": place("Grenoble", "FR", 158_552, (45.18, 5.72), division="FR.84"),
        "nantes": place("Nantes", "FR", 318_808, (47.22, -1.55), division="FR.52"),
        "rennes": place("Rennes", "FR", 220_488, (48.11, -1.68), division="FR.53"),
        "kansas-ks": place("Kansas City", "US", 152_933, (39.11, -94.63), **kansas),
        "kansas-mo": place("Kansas City", "US", 475_378, (39.10, -94.58), division="US.MO"),
        "sao-paulo": place(
            "São Paulo", "BR", 12_400_232, (-23.55, -46.64), "Sao Paolo", "Sampa", division="BR.27"
        ),
        "beijing": place("Beijing", "CN", 18_960_744, (39.91, 116.40), "北京", "北京市", "Peking"),
        "ronse": place("Ronse", "BE", 24_287, (50.75, 3.60), "Renaix"),
        "trento": place("Trento", "IT", 120_709, (46.07, 11.12), division="IT.17"),
        "union": place("Union City", "US", 74_494, (37.60, -122.08), division="US.CA"),
        "milano": place("Milano", "IT", 1_371_498, (45.46, 9.19), "Milan", division="IT.09"),
        "cassano": place("Cassano", "IT", 3_000, (45.50, 9.20), division="IT.09"),
        "cassano-so": place("Cassano", "IT", 3_100, (39.78, 16.32), division="IT.03"),
    }


@pytest.fixture
def alike(db: None) -> dict[str, City]:
    """Towns that lists write in other ways than the gazetteer."""
    towns = [
        ("Halle (Saale)", "DE", 237_865, (51.48, 11.97)),
        ("Halle", "DE", 21_393, (52.06, 8.36)),
        ("Lauf an der Pegnitz", "DE", 26_403, (49.51, 11.28)),
        ("Fara Filiorum Petri", "IT", 1_260, (42.25, 14.19)),
        ("Fara in Sabina", "IT", 284, (42.21, 12.73)),
        ("Göteborg", "SE", 608_462, (57.71, 11.97)),
        ("Rovinj", "HR", 11_629, (45.08, 13.64)),
        ("İzmir", "TR", 2_938_292, (38.41, 27.14)),
        ("Chaïdári", "GR", 45_642, (38.01, 23.66)),
        ("Cangas", "ES", 3_000, (42.26, -8.78)),
        ("Cangas de Onís", "ES", 6_623, (43.35, -5.13)),
        ("Firenze", "IT", 367_150, (43.78, 11.25)),
    ]
    made = {name: place(name, country, people, at) for name, country, people, at in towns}
    CityName.objects.create(city=made["Rovinj"], name="Rovigno")
    return made


def one(name: str, country: str = "", **cells: Any) -> Decision:
    return resolve([ListRow(2, name, country, **cells)])[0]


@pytest.mark.parametrize(
    ("name", "country", "slug"),
    [
        ("Porto", "PT", "porto"),
        ("PORTO", "Portugal", "porto"),
        ("Porto (PT)", "", "porto"),
        ("Município do Porto", "Portugal", "porto"),
        ("Oporto", "Portogallo", "porto"),
        ("Sao Paolo", "Brazil", "sao-paulo"),
        ("Sao Paulo - SP", "BR", "sao-paulo"),
        ("Kansas City, KS", "US", "kansas-ks"),
        ("Kansas City, Missouri", "USA", "kansas-mo"),
        ("Kansas City, KS", "", "kansas-ks"),
        ("北京", "", "beijing"),
        ("北京市", "中国", "beijing"),
        ("Renaix/Ronse", "BE", "ronse"),
        ("Union City", "US", "union"),
        ("Valencia", "Spain", "valencia"),
        ("Cassano (MI)", "IT", "cassano"),
    ],
)
def test_accepted(cities: dict[str, City], name: str, country: str, slug: str) -> None:
    decision = one(name, country)
    assert (decision.outcome, decision.city_id) == (Outcome.MATCHED, cities[slug].pk), decision
    assert decision.reason
    assert 0.9 < decision.score <= 1


@pytest.mark.parametrize(
    ("name", "country", "cells"),
    [
        ("Kansas City", "", {}),
        ("Valencia", "", {}),
        ("Cassano", "IT", {}),
        ("Provincia di Trento", "IT", {}),
        ("Trento", "IT", {"entity_type": "Region"}),
        ("Associazione Trento", "IT", {}),
        ("Lyon Métropole", "FR", {}),
        ("Porto, Lyon, Ronse", "", {}),
        ("Porto", "PT", {"geonames_id": "999"}),
        ("Lyon", "FR", {"geonames_id": "2735943"}),
        ("Atlantis", "FR", {}),
    ],
)
def test_left_to_people(cities: dict[str, City], name: str, country: str, cells: dict[str, str]) -> None:
    decision = one(name, country, **cells)
    assert decision.outcome in (Outcome.AMBIGUOUS, Outcome.UNMATCHED)
    assert decision.city_id is None
    assert decision.reason


@pytest.mark.parametrize(
    ("name", "country", "city"),
    [
        ("Halle/Saale", "DE", "Halle (Saale)"),
        ("Lauf a.d. Pegnitz", "DE", "Lauf an der Pegnitz"),
        ("Fara F. Petri", "IT", "Fara Filiorum Petri"),
        ("Göteborgs Stad", "SE", "Göteborg"),
        ("Rovinj-Rovigno", "HR", "Rovinj"),
        ("Haidari", "GR", "Chaïdári"),
    ],
)
def test_other_spellings_are_known(alike: dict[str, City], name: str, country: str, city: str) -> None:
    assert one(name, country).candidates[0].city_id == alike[city].pk


def test_a_town_with_its_title_is_no_region(alike: dict[str, City]) -> None:
    decision = one("Izmir Metropolitan Municipality", "TR", entity_type="Intermunicipality")
    assert decision.city_id == alike["İzmir"].pk


def test_places_of_a_longer_name_are_offered(alike: dict[str, City]) -> None:
    first, second = one("Cangas", "ES").candidates[:2]
    assert (first.city_id, second.city_id) == (alike["Cangas"].pk, alike["Cangas de Onís"].pk)


def test_the_towns_of_its_area_are_offered_for_a_body(alike: dict[str, City]) -> None:
    decision = one("Associazione dei Comuni", "IT", entity_type="National Association")
    assert decision.city_id is None
    assert decision.candidates[0].city_id == alike["Firenze"].pk
    assert "one of the largest towns" in decision.candidates[0].reason


def test_candidates_are_shown_best_first(cities: dict[str, City]) -> None:
    decision = one("Valencia")
    assert {c.city_id for c in decision.candidates[:2]} == {cities["valencia"].pk, cities["valencia-ve"].pk}
    scores = [candidate.score for candidate in decision.candidates]
    assert scores == sorted(scores, reverse=True)
    assert decision.score == scores[0]
    assert sum(scores) <= 1.01


def test_the_list_tells_the_country_of_a_row_without_one(cities: dict[str, City]) -> None:
    french = [ListRow(n, name, "FR") for n, name in enumerate(("Lyon", "Grenoble", "Nantes", "Rennes"), 2)]
    assert one("Valence").city_id is None
    assert resolve([*french, ListRow(9, "Valence")])[-1].city_id == cities["valence"].pk
    unlabelled = [ListRow(row.number, row.name) for row in french]
    assert resolve([*unlabelled, ListRow(9, "Valence")])[-1].city_id == cities["valence"].pk


def test_the_members_a_network_has_tell_too(cities: dict[str, City]) -> None:
    network = make_network()
    for slug in ("lyon", "grenoble", "nantes", "rennes"):
        make_membership(city=cities[slug], network=network)
    (decision,) = resolve([ListRow(2, "Valence")], network=network)
    assert decision.city_id == cities["valence"].pk
    make_membership(city=cities["kansas-ks"], network=network)
    first = resolve([ListRow(2, "Kansas City", "US")], network=network)[0].candidates[0]
    assert "a member of the network already" in first.reason


def test_coordinates_tell_namesakes_apart(cities: dict[str, City]) -> None:
    assert one("Kansas City", "US", latitude=39.11, longitude=-94.75).candidates
    assert one("Valencia", latitude=10.2, longitude=-68.0).city_id == cities["valencia-ve"].pk
    assert one("Porto", "PT", latitude=10.2, longitude=-68.0).city_id is None


def test_a_division_column_is_heeded(cities: dict[str, City]) -> None:
    assert one("Kansas City", "US", division="Kansas").city_id == cities["kansas-ks"].pk
    assert one("Kansas City", "US", division="MO").city_id == cities["kansas-mo"].pk


def test_a_known_number_is_trusted_if_the_name_agrees(cities: dict[str, City]) -> None:
    assert one("Porto", "", geonames_id="2735943").city_id == cities["porto"].pk
    decision = one("Ronse", "", geonames_id="2735943")
    assert decision.city_id is None


def test_governments_that_staff_entered_are_candidates(cities: dict[str, City]) -> None:
    province = make_city("Provincia di Trento", country="IT", kind="regional-government")
    assert one("Provincia di Trento", "IT").city_id == province.pk
    assert one("Provincia di Trento", "IT", entity_type="Region").city_id == province.pk


def test_a_city_without_a_row_of_names_is_found(cities: dict[str, City]) -> None:
    city = make_city("Obscura", country="FR", population=5000)
    city.names.all().delete()
    assert one("Obscura", "FR").city_id == city.pk


def test_a_name_that_staff_taught_is_known(cities: dict[str, City]) -> None:
    assert one("Rosa dos Ventos", "PT").city_id is None
    CityName.objects.create(city=cities["porto"], name="Rosa dos Ventos")
    assert one("Rosa dos Ventos", "PT").city_id == cities["porto"].pk


def test_the_threshold_can_be_given(cities: dict[str, City]) -> None:
    row = ListRow(2, "Porto", "PT")
    assert resolve([row], accept_above=1.01)[0].outcome is Outcome.AMBIGUOUS
    assert resolve([ListRow(2, "Valencia")], accept_above=0.2)[0].outcome is Outcome.MATCHED


def test_rows_keep_their_place_and_their_faults(cities: dict[str, City]) -> None:
    rows = [
        ListRow(2, "", "FR"),
        ListRow(3, "Lyon", "FR", problems=(("since", "“soon” is not a date"),)),
        ListRow(4, "Lyon", "FR", since="2004"),
    ]
    decisions = resolve(rows)
    assert [decision.row for decision in decisions] == rows
    assert [decision.outcome for decision in decisions] == ["invalid", "matched", "matched"]


def test_an_empty_list(db: None) -> None:
    assert resolve([]) == []


NAMES = st.sampled_from(
    ["Porto", "Valencia", "Valence", "Lyon", "Kansas City", "Kansas City, KS", "北京", "Grenobel",
     "Renaix/Ronse", "Cassano", "Provincia di Trento", "", "Atlantis", "Milan", "Lyon Métropole"]
)  # fmt: skip
ROWS = st.builds(
    ListRow, number=st.just(1), name=NAMES, country=st.sampled_from(["", "FR", "US", "Italy", "??"])
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(ROWS, max_size=12), seed=st.integers())
def test_the_order_of_rows_does_not_matter(cities: dict[str, City], rows: list[ListRow], seed: int) -> None:
    numbered = [ListRow(n, row.name, row.country) for n, row in enumerate(rows, 2)]
    shuffled = random.Random(seed).sample(numbered, len(numbered))
    assert by_number(resolve(numbered)) == by_number(resolve(shuffled))


def by_number(decisions: Iterable[Decision]) -> list[Decision]:
    return sorted(decisions, key=lambda decision: decision.row.number)


def test_the_number_of_queries_does_not_grow(cities: dict[str, City]) -> None:
    counts = []
    for size in (3, 30):
        rows = [ListRow(n, f"Porto {n}", "PT") for n in range(size)] + [ListRow(99, "Cassano (MI)", "IT")]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            resolve(rows)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
