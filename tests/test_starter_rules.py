"""What the starter's loader refuses, naming file, row and column, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from registry.exchange.gazetteer import load_cities, load_countries
from registry.exchange.gazetteer.countries import load_divisions
from registry.exchange.starter import StarterError, load_starter, read
from registry.exchange.starter.load import NO_GAZETTEER
from registry.models import City, Network
from tests.factories import make_membership, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def gazetteer(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Countries and the cities that the starter names."""
    files = read()
    columns = ("geonames_id", "other_geonames_id", "secretariat_geonames_id")
    cells = {row.cells.get(column) for rows in files.values() for row in rows for column in columns}
    wanted = {int(cell) for cell in cells if cell}
    with django_db_blocker.unblock(), transaction.atomic():
        load_countries()
        load_divisions({row["division"] for row in read()["cities"]})
        load_cities(only_geonames_ids=wanted)
        yield
        transaction.set_rollback(True)


def test_without_a_gazetteer_it_says_what_to_run() -> None:
    with pytest.raises(CommandError, match=NO_GAZETTEER[:20]):
        call_command("load_starter", verbosity=0)


def test_what_staff_recorded_first_is_kept(gazetteer: None) -> None:
    paris = City.objects.get(geonames_id=2988507)
    network = make_network("C40", slug="c40-cities-climate-leadership-group")
    membership = make_membership(city=paris, network=network, since="2005")
    load_starter()
    network.refresh_from_db()
    assert network.name == "C40"
    assert list(network.memberships.filter(city=paris)) == [membership]
    assert network.memberships.count() > 90


@pytest.mark.parametrize(
    ("file", "column", "cell", "message"),
    [
        ("networks", "scope", "global", "networks.csv, row 2, scope: "),
        ("networks", "website", "c40", "networks.csv, row 2, website: "),
        ("networks", "slug", "", "networks.csv, row 2, slug: "),
        ("policies", "since", "20005", "policies.csv, row 2, since: “20005” is not a date"),
        ("policies", "sources", "", "policies.csv, row 2, sources: a published row needs a source."),
        ("policies", "sources", "nobody", "policies.csv, row 2, sources: “nobody” is not in sources.csv."),
        ("memberships", "network", "xyz", "memberships.csv, row 2, network: “xyz” is not in networks.csv."),
        (
            "memberships",
            "founding",
            "perhaps",
            "memberships.csv, row 2, founding: “perhaps” is neither yes nor no.",
        ),
        (
            "memberships",
            "geonames_id",
            "one",
            "memberships.csv, row 2, geonames_id: “one” is not in the gazetteer.",
        ),
        (
            "memberships",
            "geonames_id",
            "1",
            "memberships.csv, row 2, geonames_id: “1” is not in the gazetteer.",
        ),
        (
            "memberships",
            "city",
            "paris-fr",
            "memberships.csv, row 2, city: name the city by geonames_id or by city",
        ),
        ("cities", "country", "XX", "cities.csv, row 2, country: “XX” is not in the gazetteer."),
        ("issues", "parent", "xyz", "issues.csv, row 2, parent: “xyz” is not in issues.csv."),
        ("network_issues", "issue", "xyz", "network_issues.csv, row 2, issue: “xyz” is not in issues.csv."),
        ("policies", "until", "1999", "policies.csv: "),
    ],
)
def test_errors_name_file_row_and_column(
    gazetteer: None, file: str, column: str, cell: str, message: str
) -> None:
    files = read()
    first = files[file][0]
    files[file][0] = replace(first, cells={**first.cells, column: cell})
    with pytest.raises(StarterError) as caught:
        load_starter(files)
    assert str(caught.value).startswith(message)
    assert not Network.objects.exists()
