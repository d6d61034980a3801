"""The cities taking part and their issues: after any change by any path, what is stored is right."""

from __future__ import annotations

from collections import Counter
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
from registry.models import City, CityOffice, Issue, JointPolicy, Membership, Network, PolicyParty, TakingPart
from tests import factories as make
from tests.models.rows import copy
from tests.models.sessions import Waiting, other_connection
from tests.models.test_ties import delete, update

# An address is never given to a second record, also not after its first is removed.
_numbers = count(1)
BLOCK = 2048
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


def at_work_by_definition() -> dict[int, set[int]]:
    """The cities, public or not, that work on each issue, asked of the rows themselves."""
    parts = {
        "network__issues": Membership.objects.public(known="city").present(),
        "policy__issues": PolicyParty.objects.public(known="city"),
        "remit": CityOffice.objects.public(known="city"),
    }
    return {
        issue: {
            city
            for path, rows in parts.items()
            for city in rows.filter(**{f"{path}__in": below_and(issue)}).values_list("city", flat=True)
        }
        for issue in Issue.objects.values_list("pk", flat=True)
    }


def below_and(issue: int) -> set[int]:
    return {
        one.pk
        for one in Issue.objects.select_related("parent__parent")
        if issue in (one.pk, one.parent_id, one.parent and one.parent.parent_id)
    }


def at_work() -> dict[int, set[int]]:
    """The same as the database keeps it, read issue by issue."""
    found = {}
    with connection.cursor() as cursor:
        for issue in Issue.objects.values_list("pk", flat=True):
            cursor.execute("SELECT registry_cities_in('issue', %s)", [[str(issue)]])
            found[issue] = {city for (city,) in cursor.fetchall()}
    return found


def numbers(facet: str) -> dict[str, int]:
    """How many of all cities have each value of a facet, as the database counts them."""
    with connection.cursor() as cursor:
        every = "ARRAY(SELECT id FROM registry_city)"
        cursor.execute(f"SELECT * FROM registry_count_cities(%s, {every})", [facet])
        return dict(cursor.fetchall())


def numbers_by_definition(facet: str) -> dict[str, int]:
    rows = Membership.objects.public(known="city")
    pairs = set((rows if facet == "status" else rows.present()).values_list(facet, "city"))
    return dict(Counter(value for value, _ in pairs if value))


def check() -> None:
    make.settle()
    assert stored() == by_definition()
    assert at_work() == (defined := at_work_by_definition())
    assert numbers("issue") == {str(issue): len(cities) for issue, cities in defined.items() if cities}
    for facet in ("status", "tier"):
        assert numbers(facet) == numbers_by_definition(facet)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_touched_city")
        assert cursor.fetchone() == (0,)


places = st.integers(0, 2)
ways = st.sampled_from(["orm", "bulk", "raw", "copy"])
states = st.sampled_from([Publication.PUBLISHED, Publication.PUBLISHED, Publication.DRAFT])
changes = st.tuples(
    st.sampled_from(
        [
            *("add", "add", "drop", "state", "move", "status", "end", "city", "publish", "merge", "remove"),
            *("issue", "issue", "link", "tree", "country"),
        ]
    ),
    st.sampled_from(PARTS),
    places,
    places,
    states,
    st.sampled_from(MembershipStatus.values),
    ways,
)


class Small:
    """Three cities, two networks and two joint policies on three issues, and the changes they go through."""

    def __init__(self) -> None:
        # Keys on both sides of the borders between the rows, and the numbers, that hold the bits of cities.
        first = (next(_numbers) + 1) * BLOCK
        keys = (first - 1, first, first + 63)
        self.cities = [make.make_city(pk=key) for key in keys]
        self.issues = [make.make_issue() for _ in range(2)]
        self.issues.append(make.make_issue(parent=self.issues[0]))
        states = ("published", "draft")
        self.networks = [make.make_network(publication=state, issues=self.issues[2:]) for state in states]
        self.policies = [make.make_policy(publication=state, issues=self.issues[:2]) for state in states]
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
        elif what == "country":
            update(City.objects.filter(pk=city.pk), way, country_id=make.make_country("DE").pk)
        elif what == "merge":
            self.merge_and_back(place, number)
        elif what in ("issue", "link", "tree"):
            self.change_issues(what, model, place, number, way)
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
        if way == "copy":
            copy([row])
        elif way == "orm":
            row.save()
        else:
            model.objects.bulk_create([row])

    def change_issues(self, what: str, model: Any, place: int, number: int, way: str) -> None:
        """Give a record an issue or take it away, put another in its place, or move it in the tree."""
        issue = self.issues[place]
        if what == "tree":
            parent = self.issues[1] if issue == self.issues[2] and number else None
            update(Issue.objects.filter(pk=issue.pk), way, parent_id=parent and parent.pk)
            return
        relation: Any
        relation, records = {
            Membership: (Network.issues, self.networks),
            PolicyParty: (JointPolicy.issues, self.policies),
            CityOffice: (CityOffice.remit, [*CityOffice.objects.all()]),
        }[model]
        if not records:
            return
        through: Any = relation.through
        record = records[number % len(records)]
        links = through.objects.filter(**{relation.field.m2m_field_name(): record})
        here = links.filter(issue=issue)
        if what == "link":
            free = [one for one in self.issues if not links.filter(issue=one).exists()]
            if free and here.exists():
                update(here, way, issue_id=free[0].pk)
        elif here.exists():
            delete(here, way)
        else:
            link = through(issue=issue, **{relation.field.m2m_field_name(): record})
            copy([link]) if way == "copy" else through.objects.bulk_create([link])

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
    Membership.objects.update(note="seen", role="Chair")
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
    for one_network in (network, other_network):
        one_network.issues.set([make.make_issue()])
    with other_connection() as one, other_connection() as other:
        one.execute(ADD, [network.pk, city.pk])
        other.execute(ADD, [other_network.pk, city.pk])
        for thread in [Waiting(one.commit), Waiting(other.commit)]:
            thread.finish()
    assert stored() == by_definition() == {city.pk}
    assert [*at_work().values()] == [*at_work_by_definition().values()] == [{city.pk}, {city.pk}]


def test_the_last_part_of_a_city_goes_while_another_comes(network: Network) -> None:
    """Its row is taken away by the first transaction; the second makes it anew and keeps its issue."""
    row = make.make_membership(network=network)
    other_network = make.make_network(issues=[make.make_issue()])
    with other_connection() as leaving, other_connection() as joining:
        leaving.execute("DELETE FROM registry_membership WHERE id = %s", [row.pk])
        leaving.execute("SET CONSTRAINTS ALL IMMEDIATE")
        joining.execute(ADD, [other_network.pk, row.city_id])
        come = Waiting(joining.commit)
        assert come.still_waits()
        leaving.commit()
        come.finish()
    assert stored() == by_definition() == {row.city_id}
    assert [*at_work().values()] == [*at_work_by_definition().values()] == [{row.city_id}]


def committed_by(session: psycopg.Connection, statement: str, *given: int) -> None:
    session.execute(statement, given)
    session.commit()


ADD_ISSUE = "INSERT INTO registry_network_issues (network_id, issue_id) VALUES (%s, %s)"


@pytest.mark.parametrize("first", ["the issue", "the city"])
def test_a_city_joins_a_network_that_takes_up_an_issue(network: Network, first: str) -> None:
    city, issue = make.make_city(), make.make_issue()
    with other_connection() as editor, other_connection() as importer:
        importer.execute(ADD, [network.pk, city.pk])
        if first == "the issue":
            editor.execute(ADD_ISSUE, [network.pk, issue.pk])
            second = Waiting(importer.commit)
            assert second.still_waits()
            editor.commit()
        else:
            importer.execute("SET CONSTRAINTS ALL IMMEDIATE")
            second = Waiting(lambda: committed_by(editor, ADD_ISSUE, network.pk, issue.pk))
            assert second.still_waits()
            importer.commit()
        second.finish()
    assert at_work() == at_work_by_definition() == {issue.pk: {city.pk}}


def test_an_office_moves_while_its_remit_grows(committed: None) -> None:
    office, city, issue = make.make_office(), make.make_city(), make.make_issue()
    with other_connection() as mover, other_connection() as editor:
        mover.execute("UPDATE registry_cityoffice SET city_id = %s WHERE id = %s", [city.pk, office.pk])
        add = "INSERT INTO registry_cityoffice_remit (cityoffice_id, issue_id) VALUES (%s, %s)"
        adding = Waiting(lambda: committed_by(editor, add, office.pk, issue.pk))
        assert adding.still_waits()
        mover.commit()
        adding.finish()
    assert at_work() == at_work_by_definition() == {issue.pk: {city.pk}}
