"""Names that staff teach: theirs first in further lists of the same network, and of no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.exchange.lists import ListRow, Outcome, resolve
from registry.exchange.lists.apply import apply_list
from registry.models import City, TaughtName
from tests.exchange.lists.brought import make_list, unmatched
from tests.factories import make_city, make_country, make_network, make_policy, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def york(db: None) -> City:
    """A city under a name that nobody finds."""
    make_country("US", name="United States")
    return make_city("New York City", country="US", population=8_804_190)


def teach(target: Any, name: str, city: City, number: int = 2, **cells: Any) -> None:
    """Choose the city for a row of that name and apply the list."""
    listing = make_list(target, unmatched(name, number, **cells))
    listing.rows.update(city=city, by_staff=True)
    apply_list(listing, by=make_staff(f"teacher{TaughtName.objects.count()}"), publish=False)


def found(name: str, network: Any = None, **cells: Any) -> Any:
    """The city that the resolver takes for a row of a further list."""
    decision = resolve([ListRow(number=2, name=name, **cells)], network=network)[0]
    return decision.city_id, decision.score


def test_it_comes_first_in_lists_of_the_network(york: City) -> None:
    network = make_network()
    make_city("Nyc", country="US", population=900_000)
    teach(network, "NYC", york)
    assert found("nyc", network) == (york.pk, 1.0)
    assert found("N.Y.C.", network)[0] != york.pk
    assert found("NYC", make_network())[0] != york.pk
    assert found("NYC")[0] != york.pk


def test_what_stands_beside_the_name_is_part_of_it(york: City) -> None:
    network = make_network()
    teach(network, "Big Apple", york, country="USA")
    assert found("Big Apple", network, country="usa")[0] == york.pk
    assert found("Big Apple", network, country="France")[0] is None


def test_lists_of_joint_policies_share_theirs(york: City) -> None:
    teach(make_policy(), "Big Apple", york)
    assert TaughtName.objects.get().network is None
    assert found("Big Apple")[0] == york.pk
    assert found("Big Apple", make_network())[0] is None


def test_the_last_lesson_counts(york: City) -> None:
    network, other = make_network(), make_city("Manhattan", country="US")
    teach(network, "Big Apple", york)
    teach(network, "Big Apple", other)
    assert found("Big Apple", network)[0] == other.pk
    assert TaughtName.objects.count() == 1


def test_a_name_used_for_two_cities_teaches_nothing(york: City) -> None:
    network = make_network()
    listing = make_list(network, unmatched("Springfield", 2), unmatched("springfield", 3))
    for row, city in zip(listing.rows.all(), [york, make_city()], strict=True):
        row.city, row.by_staff = city, True
        row.save()
    assert apply_list(listing, by=make_staff("teacher"), publish=False).taught == 0


def test_a_geonames_number_says_more_than_a_lesson(york: City) -> None:
    network, other = make_network(), make_city("Manhattan", country="US", geonames_id=5125771)
    teach(network, "Manhattan", york)
    assert found("Manhattan", network)[0] == york.pk
    assert found("Manhattan", network, geonames_id="5125771")[0] == other.pk


def test_lessons_cost_one_query_whatever_the_list(york: City) -> None:
    def queries(number: int) -> int:
        rows = [ListRow(number=at, name=f"Name {at}") for at in range(number)]
        with CaptureQueriesContext(connection) as counted:
            assert {one.outcome for one in resolve(rows)} == {Outcome.UNMATCHED}
        return len(counted)

    assert queries(2) == queries(50)
