"""What always holds of lists: an export read again changes nothing, and the order of rows means nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange.lists import read_list, resolve
from registry.exchange.lists.apply import apply_list
from registry.exchange.lists.imports import rows_of
from registry.exchange.lists.plan import plan
from registry.models import ListImport, Membership
from tests.exchange.lists.brought import exported, make_list, matched
from tests.factories import make_city, make_membership, make_network

pytestmark = pytest.mark.django_db
DATES = st.sampled_from(["", "1999", "2004", "2004-05", "2004-05-06", "2010"])
STATUSES = st.sampled_from(["member", "member", "left", "applicant", "never"])
PLACES = st.integers(0, 2)
RECORDED = st.tuples(
    PLACES,
    DATES,
    DATES,
    STATUSES,
    st.sampled_from(["unknown", "ongoing", "ended"]),
    st.sampled_from(["", "Chair"]),
)
SAID = st.fixed_dictionaries(
    {
        "since": DATES,
        "until": DATES,
        "status": st.sampled_from(["", "", "member", "former", "observer", "nonsense"]),
        "role": st.sampled_from(["", "", "Chair", "Member"]),
    }
)


def record(network: Any, cities: list[Any], memberships: list[Any]) -> None:
    """Those of the memberships that the database takes."""
    for place, since, until, status, ended, role in memberships:
        dates: dict[str, Any] = {"since": since or None, "until": until or None, "ended": ended}
        row = Membership(
            city=cities[place],
            network=network,
            status=status,
            role=role,
            publication="published",
            **dates,
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            continue


def stored(network: Any) -> list[Any]:
    """Everything recorded of the network's members."""
    return list(Membership.objects.filter(network=network).order_by("pk").values())


@settings(max_examples=20, deadline=None)
@given(st.lists(RECORDED, max_size=6), st.sampled_from([None, "2004-06", "2025-11-03"]))
def test_an_export_read_again_changes_nothing(memberships: list[Any], day: str | None) -> None:
    """Whatever is recorded, and even where the list is taken for the whole truth of a later day."""
    with transaction.atomic():
        network = make_network()
        cities = [make_city(geonames_id=number) for number in range(1, 4)]
        record(network, cities, memberships)
        before = stored(network)
        if before:
            decisions = resolve(read_list(exported(network), "export.csv").rows, network=network)
            listing = make_list(network, *decisions, missing="left")
            done = apply_list(listing, by=None, publish=True)
            assert (done.added, done.changed, done.left, done.waiting) == (0, 0, 0, 0), list(
                listing.rows.values("number", "standing", "about")
            )
            assert stored(network) == before
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(RECORDED, max_size=4), st.lists(st.tuples(PLACES, SAID), min_size=1, max_size=6), st.randoms()
)
def test_a_list_in_any_order_gives_the_same_plan(
    memberships: list[Any], said: list[tuple[int, dict[str, str]]], chance: Any
) -> None:
    with transaction.atomic():
        network = make_network()
        cities = [make_city() for _ in range(3)]
        record(network, cities, memberships)

        def planned(order: list[tuple[int, dict[str, str]]]) -> Any:
            decisions = [matched(cities[place], at, **cells) for at, (place, cells) in enumerate(order, 2)]
            made = plan(ListImport(network=network, observed_on="2025"), rows_of(decisions))
            rows = []
            for row in made.rows:
                cells = sorted((name, value) for name, value in row.given.items() if name != "number")
                changes = sorted(row.changes.items())
                rows.append((row.name, cells, row.standing, row.asks, changes, row.record))
            return sorted(rows, key=repr), [part.pk for part in made.missing]

        first = planned(said)
        shuffled = list(said)
        chance.shuffle(shuffled)
        assert planned(shuffled) == first
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(RECORDED, max_size=4), st.lists(st.tuples(PLACES, SAID), min_size=1, max_size=6), st.booleans()
)
def test_no_plan_is_refused_by_the_database(
    memberships: list[Any], said: list[tuple[int, dict[str, str]]], take: bool
) -> None:
    """Overlaps are found at the row; and applied again, the list has nothing left to add."""
    with transaction.atomic():
        network = make_network()
        cities = [make_city() for _ in range(3)]
        record(network, cities, memberships)
        for again in (False, True):
            decisions = [matched(cities[place], at, **cells) for at, (place, cells) in enumerate(said, 2)]
            listing = make_list(network, *decisions, missing="left", observed_on="2025-11-03")
            if take:
                listing.rows.update(answer="list")
            done = apply_list(listing, by=None, publish=True)
            assert not (again and done.added), list(listing.rows.values("number", "standing", "about"))
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("recorded", "said", "then"),
    [
        (["1999", ""], [{"since": "2004"}, {"until": "1999"}], [("1999", "1999"), ("2004", None)]),
        (["1999"], [{"since": "2010"}, {"until": "2005"}], [("1999", "2005"), ("2010", None)]),
    ],
)
def test_a_period_that_ends_makes_room_for_the_next(recorded: Any, said: Any, then: Any) -> None:
    network, city = make_network(), make_city()
    for since in recorded:
        make_membership(city=city, network=network, since=since or None)
    decisions = [matched(city, number, **cells) for number, cells in enumerate(said, 2)]
    listing = make_list(network, *decisions, observed_on="2025-11-03")
    listing.rows.update(answer="list")
    apply_list(listing, by=None, publish=True)
    assert sorted((row["since"], row["until"]) for row in stored(network)) == then


def test_an_export_of_a_network_with_its_snapshots_changes_nothing() -> None:
    """Through the file, by GeoNames number: members seen at a date only, and two periods of one city."""
    network = make_network()
    cities = [make_city(geonames_id=number) for number in range(1, 31)]
    for city in cities:
        make_membership(city=city, network=network, observed_on="2025")
    make_membership(city=cities[0], network=network, since="1990", until="1995")
    before = stored(network)
    decisions = resolve(read_list(exported(network), "export.csv").rows, network=network)
    listing = make_list(network, *decisions)
    assert listing.rows.standings() == {"there": 31}
    apply_list(listing, by=None, publish=True)
    assert stored(network) == before
