"""The cities taking part: after any change by any path, what is stored is what the definition gives."""

from __future__ import annotations

from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.actions.merge import merge, plan_merge
from registry.actions.publish import publish, return_to_draft
from registry.actions.unmerge import unmerge
from registry.choices import MembershipStatus, Publication
from registry.models import City, CityOffice, JointPolicy, Membership, Network, PolicyParty, TakingPart
from tests import factories as make
from tests.models.sessions import Waiting, other_connection
from tests.models.test_ties import delete, update

# An address is never given to a second record, also not after its first is removed.
_numbers = count(1)
PARTS: tuple[Any, ...] = (Membership, PolicyParty, CityOffice)
ADD = "INSERT INTO registry_membership (network_id, city_id, publication) VALUES (%s, %s, 'published')"


def by_definition() -> set[int]:
    """Public cities with a public part, asked of the rows themselves."""
    memberships = Membership.objects.public().present()
    parts = [memberships, PolicyParty.objects.public(), CityOffice.objects.public()]
    here = Q(*(Q(pk__in=rows.order_by().values("city")) for rows in parts), _connector=Q.OR)
    return set(City.objects.public().filter(here).values_list("pk", flat=True))


def stored() -> set[int]:
    return set(City.objects.taking_part().values_list("pk", flat=True))


def check() -> None:
    make.settle()
    assert stored() == by_definition()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_touched_city")
        assert cursor.fetchone() == (0,)


places = st.integers(0, 2)
ways = st.sampled_from(["orm", "bulk", "raw"])
states = st.sampled_from([Publication.PUBLISHED, Publication.PUBLISHED, Publication.DRAFT])
changes = st.tuples(
    st.sampled_from(
        ["add", "add", "drop", "state", "move", "status", "end", "city", "publish", "merge", "remove"]
    ),
    st.sampled_from(PARTS),
    places,
    places,
    states,
    st.sampled_from(MembershipStatus.values),
    ways,
)


class Small:
    """Three cities, two networks and two joint policies, and the changes they go through."""

    def __init__(self) -> None:
        self.cities = [make.make_city() for _ in range(3)]
        self.networks = [make.make_network(publication=state) for state in ("published", "draft")]
        self.policies = [make.make_policy(publication=state) for state in ("published", "draft")]
        self.by = make.make_staff("e")

    def apply(self, change: tuple[Any, ...]) -> None:
        what, model, place, number, state, status, way = change
        city, end = self.cities[place], {"network": self.networks, "policy": self.policies}
        rows = model.objects.filter(city=city)
        if what == "add":
            name = next((name for name in end if hasattr(model, f"{name}_id")), "")
            self.add(model, city, state, status, way, {name: end[name][number % 2]} if name else {})
        elif what == "drop":
            delete(rows, way)
        elif what == "state":
            update(rows, way, publication=state)
        elif what == "move":
            to = self.cities[number]
            if to != city and not model.objects.filter(city=to).exists():
                update(rows, way, **{"city_id" if way != "raw" else "city": to.pk})
        elif what == "status":
            update(Membership.objects.filter(city=city), way, status=status)
        elif what == "end":
            ends = (Network, JointPolicy)[place % 2]
            update(
                ends.objects.filter(pk=(self.networks, self.policies)[place % 2][number % 2].pk),
                way,
                publication=state,
            )
        elif what == "city":
            update(City.objects.filter(pk=city.pk), way, publication=state)
        elif what == "publish":
            move = publish if state == Publication.PUBLISHED else return_to_draft
            move(JointPolicy.objects.all(), by=self.by)
        elif what == "merge":
            self.merge_and_back(place, number)
        elif what == "remove":
            CityOffice.objects.filter(city=city).delete()
            PolicyParty.objects.filter(city=city).delete()

    def add(self, model: Any, city: City, state: str, status: str, way: str, ends: dict[str, Any]) -> None:
        if model.objects.filter(city=city, **ends).exists():
            return
        if model is CityOffice:
            ends = {"name": "Office", "kind": "other", "slug": f"office-{next(_numbers)}"}
        given = {**ends, **({"status": status} if model is Membership else {})}
        row = model(city=city, publication=state, **given)
        row.save() if way == "orm" else model.objects.bulk_create([row])

    def merge_and_back(self, place: int, number: int) -> None:
        survivor, merged = self.cities[place], self.cities[number]
        if survivor == merged:
            return
        plan = plan_merge(survivor, merged)
        links = {conflict.key: 0 for one in plan.all_links() for conflict in one.conflicts}
        done = merge(
            survivor, merged, by=self.by, fields={d.name: "survivor" for d in plan.differences}, links=links
        )
        check()
        unmerge(done, by=self.by)


@pytest.mark.django_db
@given(st.lists(st.lists(changes, min_size=1, max_size=3), min_size=1, max_size=6))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_stored_cities_follow_every_change(transactions: list[list[tuple[Any, ...]]]) -> None:
    """Each inner list is settled at once, as the changes of one transaction are."""
    with transaction.atomic():
        small = Small()
        check()
        for together in transactions:
            for change in together:
                small.apply(change)
            check()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_does_not_change_who_takes_part_touches_nothing() -> None:
    row = make.make_membership()
    make.settle()
    Membership.objects.update(note="seen", tier="full")
    Network.objects.update(description="A network")
    City.objects.update(population=5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_touched_city")
        assert cursor.fetchone() == (0,)
    assert stored() == {row.city_id}


@pytest.mark.django_db
def test_a_city_that_is_removed_is_forgotten() -> None:
    row = make.make_membership()
    make.settle()
    row.city.delete()
    make.settle()
    assert not TakingPart.objects.exists()


@pytest.fixture
def network(committed: None) -> Network:
    """A network that is committed."""
    return make.make_network()


def set_state(session: psycopg.Connection, network: Network, state: str) -> None:
    session.execute("UPDATE registry_network SET publication = %s WHERE id = %s", [state, network.pk])


@pytest.mark.parametrize(("before", "after", "there"), [("draft", "published", 1), ("published", "draft", 0)])
def test_a_city_joins_a_network_that_is_being_moved(
    network: Network, before: str, after: str, there: int
) -> None:
    Network.objects.update(publication=before)
    city = make.make_city()
    with other_connection() as editor, other_connection() as importer:
        set_state(editor, network, after)
        importer.execute(ADD, [network.pk, city.pk])
        joining = Waiting(importer.commit)
        assert joining.still_waits()
        editor.commit()
        joining.finish()
    assert len(stored()) == there
    assert stored() == by_definition()


def test_one_part_comes_while_the_last_goes(network: Network) -> None:
    """Neither transaction sees the other's row: the second to settle the city waits for the first."""
    row = make.make_membership(network=network)
    other_network = make.make_network()
    with other_connection() as leaving, other_connection() as joining:
        joining.execute(ADD, [other_network.pk, row.city_id])
        joining.execute("SET CONSTRAINTS ALL IMMEDIATE")
        leaving.execute("DELETE FROM registry_membership WHERE id = %s", [row.pk])
        gone = Waiting(leaving.commit)
        assert gone.still_waits()
        joining.commit()
        gone.finish()
    assert stored() == by_definition() == {row.city_id}


def test_two_transactions_bring_the_first_parts_of_a_city(network: Network) -> None:
    city, other_network = make.make_city(), make.make_network()
    with other_connection() as one, other_connection() as other:
        one.execute(ADD, [network.pk, city.pk])
        other.execute(ADD, [other_network.pk, city.pk])
        for thread in [Waiting(one.commit), Waiting(other.commit)]:
            thread.finish()
    assert stored() == by_definition() == {city.pk}
