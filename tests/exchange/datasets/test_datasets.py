"""Research tables: kept byte for byte, read by a mapping, compared, made drafts of."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from registry.choices import Publication
from registry.exchange.datasets.bring import bring, read
from registry.exchange.datasets.differences import differences
from registry.exchange.datasets.mapping import MappingError, read_mapping
from registry.exchange.datasets.places import place, unplaced, unplaced_keys
from registry.exchange.datasets.promote import networks_of, promote
from registry.exchange.datasets.scale import FOUNDING, HOSTING, TIERS, grades
from registry.exchange.datasets.table import read_table
from registry.exchange.lists import ListError
from registry.models import City, Dataset, DatasetFile, Membership, Observation, ObservedMembership
from tests.exchange.datasets.tables import LAYOUTS, WIDE
from tests.factories import make_city, make_membership, make_network, make_source, make_staff

WHO = {"command": "test"}


def brought(layout: str = "wide", **fields: Any) -> Dataset:
    """A published dataset of one of the layouts, in a registry with the cities and networks it speaks of."""
    for name in ("Paris", "Lyon", "Nice", "Lille"):
        make_city(name)
    return bring_again(layout, **fields)


def bring_again(layout: str, **fields: Any) -> Dataset:
    text, mapping = LAYOUTS[layout]
    usual = {"name": f"A {layout} table", "source": make_source(), "observed_on": "2017", "licence": "CC0"}
    dataset = Dataset(**{**usual, "publication": Publication.PUBLISHED, **fields})
    bring(dataset, read(text.encode(), f"{layout}.csv", mapping), who=WHO)
    return dataset


def said(dataset: Dataset) -> dict[tuple[str, str], tuple[Any, ...]]:
    """What it says of each city known, by city and network: member, tier, founding, hosting."""
    rows = ObservedMembership.objects.placed().filter(observation__dataset=dataset)
    return {
        (one.observation.city.name, one.network.slug): (one.member, one.tier, one.founding, one.hosting)
        for one in rows.select_related("observation__city", "network")
    }


@pytest.fixture
def networks(db: None) -> tuple[Any, Any]:
    return make_network("C40", slug="c40"), make_network("Eurocities", slug="eurocities")


@pytest.mark.usefixtures("networks")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_comes_back_byte_for_byte_and_every_cell_is_kept(layout: str) -> None:
    dataset = brought(layout)
    content = bytes(DatasetFile.objects.get(dataset=dataset).content)
    assert content == LAYOUTS[layout][0].encode()
    table = read_table(content, "again.csv")
    kept = list(Observation.objects.filter(dataset=dataset).order_by("pk").values_list("column", "value"))
    assert kept == [pair for _, cells in table.rows for pair in zip(table.headers, cells, strict=True)]


@pytest.mark.usefixtures("networks")
def test_a_wide_table_says_who_is_and_who_is_not() -> None:
    dataset = brought("wide")
    nothing_more = ("", None, None)
    assert said(dataset) == {
        ("Paris", "c40"): (True, *nothing_more),
        ("Paris", "eurocities"): (True, *nothing_more),
        ("Lyon", "c40"): (False, *nothing_more),
        ("Lyon", "eurocities"): (True, *nothing_more),
    }
    assert set(Observation.objects.filter(dataset=dataset).values_list("row_key", flat=True)) == {
        "1",
        "2",
        "3",
    }


@pytest.mark.usefixtures("networks")
def test_a_long_table_says_since_when_in_its_own_words() -> None:
    dataset = brought("long")
    assert said(dataset) == {
        ("Paris", "c40"): (True, "full", None, None),
        ("Lyon", "c40"): (False, "", None, None),
    }
    paris = ObservedMembership.objects.get(observation__city__name="Paris")
    assert (paris.since, paris.until) == ("2005", None)


@pytest.mark.usefixtures("networks")
def test_several_networks_in_one_cell_count_once_each() -> None:
    assert len(said(brought("tokens"))) == 4


@pytest.mark.usefixtures("networks")
def test_a_grade_says_only_what_all_its_sums_have() -> None:
    assert said(brought("graded")) == {
        ("Paris", "c40"): (True, "privileged", True, True),
        ("Lyon", "c40"): (True, "", None, None),
        ("Nice", "c40"): (True, "observer", False, False),
        ("Lille", "c40"): (False, "", None, None),
    }


def test_what_a_grade_says_is_true_of_every_way_to_reach_it() -> None:
    scale = grades()
    for (points, tier), founding, hosting in product(TIERS.items(), (0, 1), (0, 1)):
        says = scale[str(points + FOUNDING * founding + HOSTING * hosting)]
        assert says.member
        assert says.tier in ("", tier)
        assert says.founding in (None, bool(founding))
        assert says.hosting in (None, bool(hosting))


# --- Bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("row", "not TOML"),
        ("x = " + "[" * 50_000, "not TOML"),
        ("x = " + "9" * 5_000, "not TOML"),
        ('[row]\ncity = "City"\n[networks]\n"C40" = "\\u0000"', "NUL"),
        ("", "names the column of the cities"),
        ('[row]\ncity = "City"\n[rows]\na = "b"', "the parts are row, networks, values, long"),
        ('[row]\ncity = "City"\nstate = "S"', "has no “state”; it may have city, country"),
        ("[row]\ncity = 1", "a text in quotation marks"),
        ('[row]\ncity = "Town"', "no column “Town” (city); it has “column 1”, “City”"),
        ('[row]\ncity = "City"\n[networks]\n"C40 Cities" = "c41"', "no network has the address “c41”"),
        ('[row]\ncity = "City"\n[values]\nscale = "stars"', "scale is presence, grades"),
        ('[row]\ncity = "City"\n[values.scale]\n"1" = { tier = "full" }', "member = true or member = false"),
        (
            '[row]\ncity = "City"\n[values.scale]\n1 = { member = true, tier = "top" }',
            "tier is observer, full",
        ),
        ('[row]\ncity = "City"\nkey = ["ISO2"]', "Rows 2 and 3 have the same key “FR”"),
        (
            '[row]\ncity = "City"\n[networks]\n"Eurocities" = "c40"',
            "Row 4, column “Eurocities”: “NA” is not on",
        ),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(networks: Any, mapping: str, message: str) -> None:
    with pytest.raises(MappingError) as refused:
        read(WIDE.encode(), "wide.csv", mapping)
    assert message in " ".join(refused.value.messages)
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"a,b\n", "no row below it"),
        (b"a,a\n1,2\n", "2 columns have the header “a”"),
        ("a\0,b\n1,2\n".encode("utf-16"), "NUL"),
        (b"a,b\n1,2,3\n", "Row 2: there are 3 cells under 2 headers"),
        (b'a,b\n1,"2\n', "Row 2: the row cannot be read"),
        (b"\x89PNG\r\n", "a picture"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_row(content: bytes, message: str) -> None:
    with pytest.raises(ListError, match=message.replace("(", r"\(")):
        read_table(content, "table.csv")


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_mappings(text: str) -> None:
    try:
        read_mapping(text)
    except MappingError as error:
        assert error.messages


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_tables(content: bytes) -> None:
    try:
        table = read_table(content, "table.csv")
    except ListError as error:
        assert str(error)
    else:
        assert all(len(cells) <= len(table.headers) for _, cells in table.rows)


@pytest.mark.usefixtures("networks")
def test_what_was_given_is_never_changed() -> None:
    dataset = brought()
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        DatasetFile.objects.filter(dataset=dataset).update(content=b"other")
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        Observation.objects.filter(dataset=dataset).update(value="other")


# --- Rows without a city, and differences -----------------------------------------------------------------


@pytest.mark.usefixtures("networks")
def test_a_row_of_no_known_city_waits_until_somebody_says_which() -> None:
    dataset = brought()
    assert list(unplaced_keys(dataset)) == ["3"]
    (row,) = unplaced(dataset, ["3"])
    assert row.row.name == "Atlantis"
    atlantis = make_city("Atlantis City")
    place(dataset, {"3": atlantis})
    assert not unplaced_keys(dataset)
    assert said(dataset)["Atlantis City", "c40"][0]


def by_name() -> dict[str, City]:
    return {city.name: city for city in City.objects.all()}


def compared(dataset: Dataset) -> set[tuple[str, ...]]:
    return {
        (one.aspect, one.city.name, one.network.slug, one.ours, one.theirs, one.against_name)
        for one in differences(dataset)
    }


def test_the_registry_differs_by_what_it_has_not_and_by_what_the_table_denies(networks: Any) -> None:
    c40, eurocities = networks
    dataset = brought()
    cities = by_name()
    make_membership(city=cities["Paris"], network=c40, since="2010")
    make_membership(city=cities["Lyon"], network=c40, since="2005", until="2020")
    make_membership(city=cities["Lyon"], network=eurocities, publication="draft")
    assert compared(dataset) == {
        ("membership", "Lyon", "c40", "no member", "member", "the registry"),
        ("membership", "Paris", "eurocities", "member", "no member", "the registry"),
        ("membership", "Lyon", "eurocities", "member", "no member", "the registry"),
    }


def test_a_membership_of_another_time_is_no_difference(networks: Any) -> None:
    c40, _ = networks
    dataset = brought()
    cities = by_name()
    make_membership(city=cities["Lyon"], network=c40, since="2018")
    make_membership(city=cities["Paris"], network=c40, since="2018")
    about_c40 = {row for row in compared(dataset) if row[2] == "c40"}
    assert about_c40 == {("membership", "Paris", "c40", "member", "no member", "the registry")}


def test_two_tables_are_compared_unless_one_is_a_draft(networks: Any) -> None:
    c40, _ = networks
    wide = brought("wide")
    graded = bring_again("graded")
    cities = by_name()
    for name in ("Paris", "Lyon", "Nice"):
        make_membership(city=cities[name], network=c40)
    of_tables = {row for row in compared(wide) if row[-1] == graded.name}
    assert of_tables == {("membership", "Lyon", "c40", "no member", "member", graded.name)}
    Dataset.objects.filter(pk=graded.pk).update(publication="draft")
    assert not {row for row in compared(wide) if row[-1] == graded.name}


def test_tiers_and_hosts_are_compared(networks: Any) -> None:
    c40, _ = networks
    dataset = brought("graded")
    cities = by_name()
    make_membership(city=cities["Paris"], network=c40, tier="full", founding=True)
    make_membership(city=cities["Nice"], network=c40, tier="observer")
    make_membership(city=cities["Lyon"], network=c40, tier="full")
    assert compared(dataset) == {
        ("tier", "Paris", "c40", "Privileged", "Full", "the registry"),
        ("hosting", "Paris", "c40", "hosts it", "does not host it", "the registry"),
    }


# --- Draft memberships ------------------------------------------------------------------------------------


def test_a_table_becomes_drafts_with_its_source_and_twice_adds_nothing(networks: Any) -> None:
    c40, _ = networks
    dataset = brought("graded")
    staff = make_staff("editor", "Editor")
    assert networks_of(dataset) == [(c40, 3)]
    (made,) = promote(dataset, [c40], by=staff)
    assert (made.applied.added, made.rest) == (3, None)
    drafts = {one.city.name: one for one in Membership.objects.select_related("city")}
    assert {one.publication for one in drafts.values()} == {"draft"}
    assert {one.observed_on for one in drafts.values()} == {"2017"}
    paris = drafts["Paris"]
    assert (paris.tier, paris.founding, paris.hosting) == ("privileged", True, True)
    assert (drafts["Lyon"].tier, drafts["Lyon"].founding) == ("", False)
    assert [citation.source for citation in paris.citations.all()] == [dataset.source]
    (again,) = promote(dataset, [c40], by=staff)
    assert again.applied.added == 0
    assert Membership.objects.count() == 3
