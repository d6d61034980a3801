"""The gazetteer: what a load brings, what a second one leaves alone, and that a stopped one goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pycountry
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from registry.exchange import gazetteer
from registry.exchange.gazetteer import indexes, load, source
from registry.exchange.gazetteer.divisions import distinct_divisions, read_divisions
from registry.exchange.gazetteer.places import addresses, read_places
from registry.models import City, CityName, Division, Source
from registry.models.history import acting

MILLIONS = 3_000_000
pytestmark = pytest.mark.django_db


def bring() -> int:
    return gazetteer.load_gazetteer(MILLIONS)


@pytest.fixture
def loaded() -> Iterator[None]:
    """The largest cities of the world."""
    bring()
    yield


def test_cities_come_with_their_names_and_place_in_the_world(loaded: None) -> None:
    tokyo = City.objects.get(geonames_id=1850147)
    assert (tokyo.slug, tokyo.country.name, tokyo.publication) == ("tokyo-jp", "Japan", "published")
    assert tokyo.population and tokyo.population > MILLIONS
    names = set(tokyo.names.values_list("name", flat=True))
    assert {"Tokyo", "Tokio", "東京"} <= names
    assert tokyo.names.get(kind="official").name == "Tokyo"
    assert City.objects.count() == len(read_places(MILLIONS))


def test_divisions_have_a_name_and_both_codes(loaded: None) -> None:
    state = Division.objects.get(cities__slug="sao-paulo-br")
    assert (state.code, state.iso_code, state.name) == ("BR.27", "BR-SP", "São Paulo")
    prefecture = Division.objects.get(cities__slug="tokyo-jp")
    assert (prefecture.code, prefecture.iso_code, prefecture.name) == ("JP.40", "JP-13", "Tokyo")


def test_what_is_learned_of_divisions_reaches_a_registry_loaded_before(loaded: None) -> None:
    with acting(command="load_gazetteer"):
        Division.objects.filter(code__in=["BR.27", "JP.40"]).update(name="", iso_code=None)
    with acting(username="anna"):
        Division.objects.filter(code="IN.07").update(name="National Capital Territory")
        Division.objects.create(code="JP.X", country_id="JP", name="By hand", iso_code="JP-13")
    assert bring() == 2
    assert Division.objects.get(code="BR.27").iso_code == "BR-SP"
    assert Division.objects.get(code="IN.07").name == "National Capital Territory"
    given, here = (Division.objects.get(code=code) for code in ("JP.X", "JP.40"))
    assert (given.iso_code, here.iso_code, here.name) == ("JP-13", None, "Tokyo"), "a code is given once"
    newest = (
        apps.get_model("registry", "DivisionEvent")._default_manager.filter(pgh_obj="BR.27").latest("pgh_id")
    )
    assert (newest.pgh_label, newest.pgh_context.metadata["command"]) == ("update", "load_gazetteer")
    assert bring() == 0


def test_every_iso_code_is_one_of_the_country_and_belongs_to_one_division() -> None:
    known = {subdivision.code: subdivision.country_code for subdivision in pycountry.subdivisions}
    codes = [division.iso_code for division in distinct_divisions().values() if division.iso_code]
    assert len(codes) == len(set(codes)) > 2800
    for division in read_divisions():
        assert division.name, division
        if division.iso_code:
            assert known[division.iso_code] == division.code[:2], division


def test_a_second_load_changes_nothing(loaded: None) -> None:
    before = list(City.objects.order_by("pk").values_list())
    assert bring() == 0
    assert list(City.objects.order_by("pk").values_list()) == before


def test_every_city_is_in_the_history_under_the_command(loaded: None) -> None:
    events = apps.get_model("registry", "CityEvent")._default_manager
    event = events.get(slug="tokyo-jp")
    assert event.pgh_label == "insert"
    assert event.pgh_context.metadata["command"] == "load_gazetteer"


def test_a_stopped_load_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 50)
    whole = len(read_places(MILLIONS))

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gazetteer.load_gazetteer(MILLIONS, advance=stop)
    assert 0 < City.objects.count() < whole
    assert not source.is_loaded(MILLIONS)
    bring()
    assert City.objects.count() == whole
    assert CityName.objects.filter(kind="official").count() == whole


def test_what_staff_changed_or_removed_stays_so(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(username="anna"):
        City.objects.filter(slug="tokyo-jp").update(population=1)
        City.objects.filter(slug="delhi-in").delete()
    with acting(command="load_gazetteer"):
        City.objects.filter(slug="shanghai-cn").update(population=2)
    Source.objects.filter(url=source.GEONAMES_URL).update(title="An older edition")
    bring()
    assert City.objects.get(slug="tokyo-jp").population == 1
    assert not City.objects.filter(slug="delhi-in").exists()
    shanghai = City.objects.get(slug="shanghai-cn")
    assert shanghai.population and shanghai.population > MILLIONS, "nobody but a load touched it"


def test_only_the_largest_of_a_name_has_the_plain_address() -> None:
    named = [place for place in read_places(500) if (place.name, place.country) == ("Springfield", "US")]
    given = addresses(named, set())
    assert given[0] == "springfield-us"
    assert all(
        slug.endswith(str(place.geonames_id)) for slug, place in zip(given[1:], named[1:], strict=True)
    )


def test_a_number_of_inhabitants_below_zero_is_refused() -> None:
    with pytest.raises(CommandError, match="0 or more"):
        call_command("load_gazetteer", min_population=-1, verbosity=0)


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(indexes.PRESENT)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_indexes_are_there_after_every_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left out while it runs, made when it ends or is stopped, and by the next one after it was killed."""
    with connection.cursor() as cursor:  # what an earlier test told the planner outlives its rows
        cursor.execute("ANALYZE registry_cityname")
    whole = index_names()
    seen: list[set[str]] = []

    def stop(done: int, of: int) -> None:
        seen.append(index_names())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gazetteer.load_gazetteer(MILLIONS, advance=stop)
    assert seen[0] == whole - indexes.names()
    assert {"cityname_trigrams", "city_name_order"} <= whole - seen[0]
    assert index_names() == whole
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX cityname_trigrams")
    bring()
    assert index_names() == whole
