"""What a record being typed is like, and that neither order nor roles matter."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.duplicates import like, possible_duplicates
from registry.models import City, CityOffice, JointPolicy, Network, Organisation
from tests.factories import make_city, make_country, make_network, make_office, make_organisation, make_policy


def names(model: Any, **given: Any) -> list[str]:
    """The records found."""
    return [one.record.name for one in like(model, given)]


@pytest.mark.django_db
class TestTyped:
    """One kind after the other."""

    def test_a_city_in_its_country(self) -> None:
        make_city("Córdoba", country="AR", geonames_id=1)
        make_city("Córdoba", country="ES", geonames_id=2)
        found = like(City, {"name": "cordoba", "country": "ES"})
        assert [(one.record.country_id, one.reasons) for one in found] == [
            ("ES", ["the same name in one country"])
        ]
        assert len(like(City, {"name": "cordoba"})) == 2
        assert names(City, name="Cordobba", country="AR") == ["Córdoba"]
        assert names(City, name="Cordoba", country="FR") == []

    def test_a_city_near_by(self) -> None:
        make_city("Springfield", latitude=39.8, longitude=-89.6)
        typed = {"name": "Springfield", "country": "FR"}
        assert names(City, **typed, latitude="39.9", longitude="-89.5") == ["Springfield"]
        assert names(City, **typed, latitude="42.1", longitude="-72.5") == []

    def test_a_city_of_staff_without_further_names(self) -> None:
        City.objects.create(name="Plaine Commune", slug="plaine-commune-fr", country=make_country())
        assert names(City, name="Plaine Comune", country="FR") == ["Plaine Commune"]

    def test_a_network(self) -> None:
        make_network("C40 Cities", acronym="C40", website="https://www.c40.org")
        assert names(Network, name="c40 cities") == ["C40 Cities"]
        assert names(Network, name="Climate", acronym="C40") == ["C40 Cities"]
        assert names(Network, name="Climate", website="c40.org") == []
        assert names(Network, name="Climate", website="http://c40.org/x") == ["C40 Cities"]
        assert names(Network, name="Climate") == []

    def test_a_policy(self) -> None:
        make_policy("Cycling pact", since="2005", until="2009")
        assert names(JointPolicy, name="Cycling pacts") == ["Cycling pact"]
        assert names(JointPolicy, name="Cycling pact", since="2012") == []

    def test_an_office(self) -> None:
        office = make_office("Heat office", kind="chief-heat-officer")
        typed = {"name": "Cool", "kind": "chief-heat-officer"}
        assert names(CityOffice, **typed, city=office.city_id) == ["Heat office"]
        assert names(CityOffice, **typed, city=office.city) == ["Heat office"]
        assert names(CityOffice, **typed, city=make_city().pk) == names(CityOffice, **typed) == []

    def test_an_organisation(self) -> None:
        make_organisation("Sorbonne", country=make_country())
        assert names(Organisation, name="Sorbonne", country="FR") == ["Sorbonne"]
        assert names(Organisation, name="Sorbonne", country="GB") == []

    def test_drafts_too_and_no_more_than_asked_for(self) -> None:
        for _ in range(7):
            make_network("Eurocities", publication="draft")
        assert len(like(Network, {"name": "Eurocities"})) == 5
        assert len(like(Network, {"name": "Eurocities"}, limit=2)) == 2

    @pytest.mark.parametrize("value", [None, "", " ", "\x00", "9" * 30, "-1", "x", "nan", "2005-13"])
    def test_wrong_values_count_as_not_given(self, value: Any) -> None:
        make_network("Eurocities")
        for model in (City, Network, JointPolicy, CityOffice, Organisation):
            fields = ("country", "city", "kind", "latitude", "longitude", "since", "established", "website")
            like(model, {**dict.fromkeys(fields, value), "name": "Name"})
        assert names(Network, name=value) == []
        assert names(Network, name="Eurocities", website=value) == ["Eurocities"]

    def test_the_same_queries_however_many(self) -> None:
        counts = []
        for _ in range(2):
            for _ in range(3):
                make_city("Paris", slug=f"paris-{City.objects.count()}")
            with CaptureQueriesContext(connection) as queries:
                like(City, {"name": "Paris", "country": "FR"})
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 6


WORDS = st.sampled_from(["", "Eurocities", "Euro cities", "Cities of Europe", "C40", "Climate 40", "çities"])
SITES = st.sampled_from(["", "https://c40.org", "http://www.c40.org/a", "https://europa.eu/a"])
NETWORK = st.fixed_dictionaries(
    {"name": WORDS.filter(bool), "acronym": WORDS.filter(lambda word: len(word) < 5), "website": SITES}
)
POINTS = st.sampled_from([None, (52.5, 13.4), (52.5, 13.6), (48.1, 11.6)])
PLACE = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Berlin", "Berlín", "Berlinn", "München"]),
        "point": POINTS,
        "geonames_id": st.booleans(),
        "kind": st.sampled_from(["city", "county"]),
    }
)


class OrderTests(TestCase):
    """What always holds."""

    @settings(max_examples=40, deadline=None)
    @given(NETWORK, NETWORK)
    def test_networks_in_either_order(self, one: dict[str, str], other: dict[str, str]) -> None:
        """Pairs do not depend on which was recorded first, nor on which of the two is being typed."""
        assert _found("network", make_network, one, other) == _found("network", make_network, other, one)
        assert _typed(Network, make_network, one, other) == _typed(Network, make_network, other, one)

    @settings(max_examples=40, deadline=None)
    @given(PLACE, PLACE)
    def test_cities_in_either_order(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        """The same of cities, of staff and of the gazetteer."""
        assert _found("city", _place, one, other) == _found("city", _place, other, one)


def _place(name: str, point: Any, geonames_id: bool, kind: str) -> City:
    number = City.objects.count() + 1
    latitude, longitude = point or (None, None)
    key = number if geonames_id else None
    where: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "geonames_id": key}
    return make_city(name, slug=f"place-{number}", kind=kind, **where)


class _Undo(Exception):
    """Ends a block whose records are not to stay."""


def _found(kind: str, make: Any, one: dict[str, Any], other: dict[str, Any]) -> Any:
    found = []
    try:
        with transaction.atomic():
            make(**one)
            make(**other)
            found = [(pair.score, pair.reasons) for pair in possible_duplicates(kind, 5)]
            raise _Undo
    except _Undo:
        return found


def _typed(model: Any, make: Any, recorded: dict[str, Any], typed: dict[str, Any]) -> Any:
    found = []
    try:
        with transaction.atomic():
            make(**recorded)
            found = [(one.score, one.reasons) for one in like(model, typed)]
            raise _Undo
    except _Undo:
        return found
