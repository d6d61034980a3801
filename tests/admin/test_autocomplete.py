"""Boxes that find records by typing: labels, order, limits, and who may ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import CityName
from tests.factories import make_city, make_country, make_issue, make_network, make_office, make_source

pytestmark = pytest.mark.django_db


def find(client: Client, term: str, model: str = "membership", field: str = "city", **more: Any) -> Any:
    """What the box of this foreign key offers."""
    asked = {"app_label": "registry", "model_name": model, "field_name": field, "term": term, **more}
    return client.get("/admin/autocomplete/", asked)


def labels(response: Any) -> list[str]:
    """The options as they are shown."""
    return [option["text"] for option in response.json()["results"]]


def test_a_city_is_told_from_its_namesakes(contributor: Client) -> None:
    make_country("AR", name="Argentina")
    make_country("ES", name="Spain")
    make_city("Córdoba", country="ES", population=328_841)
    make_city("Córdoba", country="AR", population=1_428_214, slug="cordoba-ar")
    assert labels(find(contributor, "cordoba")) == [
        "Córdoba, Argentina (1,428,214)",
        "Córdoba, Spain (328,841)",
    ]


@pytest.mark.parametrize("term", ["Köln", "koln", "Cologne", "colonia agrip", "Colonge", "  KÖLN "])
def test_a_city_is_found_by_any_name_and_with_errors(contributor: Client, term: str) -> None:
    city = make_city("Köln", country="DE")
    make_city("Paris")
    for name in ("Cologne", "Colonia Agrippina"):
        CityName.objects.create(city=city, name=name)
    assert labels(find(contributor, term))[:1] == ["Köln, Country DE"]


def test_the_likeliest_city_comes_first(contributor: Client) -> None:
    """Whose main name it is before namesakes by another name; the most alike before the largest."""
    perth = make_city("Perth", country="AU", population=1_896_548)
    CityName.objects.create(city=perth, name="Parissa")
    make_city("Paris", population=2_138_551)
    saint_paul = make_city("Saint Paul", country="US", population=307_000)
    CityName.objects.create(city=saint_paul, name="San Pablo")
    make_city("San Pablo", country="PH", population=237_000)
    assert labels(find(contributor, "Pariss"))[0] == "Perth, Country AU (1,896,548)"
    assert labels(find(contributor, "Parris"))[0] == "Paris, Country FR (2,138,551)"
    assert [label.split(",")[0] for label in labels(find(contributor, "san pablo"))] == [
        "San Pablo",
        "Saint Paul",
    ]


def test_nothing_typed_offers_the_largest(contributor: Client) -> None:
    make_city("Small", population=1)
    make_city("Large", population=2)
    make_city("Unknown")
    assert [label.split(",")[0] for label in labels(find(contributor, ""))] == ["Large", "Small", "Unknown"]


def test_options_cost_the_same_however_many(contributor: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(9):
            make_city()
        with CaptureQueriesContext(connection) as queries:
            find(contributor, "City")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_offices_of_one_city_only(contributor: Client) -> None:
    here, there = make_office("Mobility here"), make_office("Mobility there")
    found = find(contributor, "mobility", "officelink", "other", city=here.city.pk)
    assert [option["id"] for option in found.json()["results"]] == [str(here.pk)]
    everywhere = find(contributor, "mobility", "officelink", "other")
    assert {option["id"] for option in everywhere.json()["results"]} == {str(here.pk), str(there.pk)}
    assert find(contributor, "m", "officelink", "other", city="x").status_code == 200


def test_a_network_by_its_acronym_and_an_issue_under_its_parent(contributor: Client) -> None:
    make_network("Cities Climate Leadership Group", acronym="C40")
    assert labels(find(contributor, "c40", field="network")) == ["Cities Climate Leadership Group (C40)"]
    make_issue("Cycling", parent=make_issue("Transport"))
    assert labels(find(contributor, "cycl", "issue", "parent")) == ["Transport › Cycling"]


def test_a_source_comes_with_what_names_it_alone(contributor: Client) -> None:
    source = make_source()
    option = find(contributor, source.title, "citation", "source").json()["results"][0]
    assert option["reference"] == source.url


@pytest.mark.parametrize("term", ["\x00", "a\x00b", "x" * 10_000, "%", "'", "\\", "🚲", " "])
def test_odd_terms(contributor: Client, term: str) -> None:
    for model, field in [("membership", "city"), ("membership", "network"), ("citation", "source")]:
        assert find(contributor, term, model, field).status_code == 200


def test_odd_pages_and_fields(contributor: Client) -> None:
    assert find(contributor, "a", page="1000000").status_code == 404
    assert find(contributor, "a", page="x").status_code == 404
    for field in ("nonsense", "status", "\x00"):
        assert find(contributor, "a", field=field).status_code == 403


def test_strangers_are_offered_nothing(client: Client) -> None:
    make_city("Paris")
    assert find(client, "paris").status_code == 302
