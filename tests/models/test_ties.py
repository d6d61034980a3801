"""Direct ties: after any change by any path, what the database holds is what the definition gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.choices import Ended, Publication
from registry.models import City, DirectTie, Issue, JointPolicy, LargePolicy, PolicyParty, Tie
from registry.models.ties import LARGEST_STORED
from tests.factories import make_city, make_country, make_issue, make_party, make_policy, settle
from tests.models.computed_ties import every_tie, stored

pytestmark = pytest.mark.django_db

years = st.sampled_from([None, None, "2000", "2004", "2004-06", "2004-06-15", "2005", "2009"])
states = st.sampled_from([Publication.PUBLISHED, Publication.PUBLISHED, Publication.DRAFT])
endings = st.sampled_from(Ended.values)
places = st.integers(0, 2)


@st.composite
def periods(draw: st.DrawFn) -> dict[str, Any]:
    """Columns of dates that the constraints accept."""
    since, until = draw(years), draw(years)
    if since and until and since[:4] >= until[:4]:
        until = None
    ended = draw(endings) if not until else draw(st.sampled_from([Ended.UNKNOWN, Ended.ENDED]))
    return {"since": since, "until": until, "ended": ended, "observed_on": draw(years)}


ways = st.sampled_from(["orm", "bulk", "raw"])
changes = st.one_of(
    st.tuples(st.just("add party"), places, places, periods(), states, ways),
    st.tuples(st.just("date party"), places, places, periods(), states, ways),
    st.tuples(st.just("drop party"), places, places, periods(), states, ways),
    st.tuples(st.just("date policy"), places, places, periods(), states, ways),
    st.tuples(st.just("publish city"), places, places, periods(), states, ways),
    st.tuples(st.just("toggle issue"), places, places, periods(), states, ways),
    st.tuples(st.just("move party"), places, places, periods(), states, ways),
)


def update(rows: Any, way: str, **values: Any) -> None:
    """Change rows one by one, by one statement of the ORM, or by raw SQL."""
    if way == "orm":
        for row in rows:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    elif way == "bulk":
        rows.update(**values)
    else:
        pks = list(rows.values_list("pk", flat=True))
        table = rows.model._meta.db_table
        settings_ = ", ".join(f"{rows.model._meta.get_field(name).column} = %s" for name in values)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {settings_} WHERE id = ANY(%s)", [*values.values(), pks])


def delete(rows: Any, way: str) -> None:
    if way == "orm":
        for row in rows:
            row.delete()
    elif way == "bulk":
        rows.delete()
    else:
        pks = list(rows.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {rows.model._meta.db_table} WHERE id = ANY(%s)", [pks])


class Small:
    """Three cities, two issues and two joint policies, and the changes they go through."""

    def __init__(self) -> None:
        self.cities = [make_city() for _ in range(3)]
        self.issues = [make_issue() for _ in range(2)]
        self.policies = [
            make_policy(issues=self.issues[:1], cities=self.cities),
            make_policy(issues=self.issues, cities=self.cities[:2], since="2004"),
        ]

    def apply(self, change: tuple[Any, ...]) -> None:
        what, number, place, dates, state, way = change
        policy, city = self.policies[number % 2], self.cities[place]
        party = PolicyParty.objects.filter(policy=policy, city=city)
        if what == "add party" and not party.exists():
            new = PolicyParty(policy=policy, city=city, publication=state, **dates)
            new.save() if way == "orm" else PolicyParty.objects.bulk_create([new])
        elif what == "date party":
            update(party, way, publication=state, **dates)
        elif what == "drop party":
            delete(party, way)
        elif what == "move party":
            free = [c for c in self.cities if not policy.parties.filter(city=c).exists()]
            if free and party.exists():
                update(party, way, **{"city_id" if way != "raw" else "city": free[0].pk})
        elif what == "date policy":
            update(JointPolicy.objects.filter(pk=policy.pk), way, publication=state, **dates)
        elif what == "publish city":
            update(City.objects.filter(pk=city.pk), way, publication=state)
        elif what == "toggle issue":
            issue = self.issues[place % 2]
            links = JointPolicy.issues.through.objects.filter(jointpolicy=policy, issue=issue)
            delete(links, way) if links.exists() else policy.issues.add(issue)


@given(st.lists(st.lists(changes, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ties_follow_every_change(transactions: list[list[tuple[Any, ...]]]) -> None:
    """Each inner list is settled at once, as the changes of one transaction are."""
    with transaction.atomic():
        small = Small()
        settle()
        assert stored(Tie) == every_tie()
        assert Tie.objects.exists()
        for changed in transactions:
            for change in changed:
                small.apply(change)
            settle()
            assert stored(Tie) == every_tie()
            assert stored(DirectTie) == stored(Tie)
            assert touched() == 0
        transaction.set_rollback(True)


def touched() -> int:
    """Policies noted and not yet settled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_touched_policy")
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def test_the_example_of_the_talk() -> None:
    cities = [make_city(name) for name in ("São Paulo", "Paris", "Tokyo")]
    issue = make_issue("Cycling")
    policy = make_policy(issues=[issue], cities=cities, since="2018")
    settle()
    pairs = set(DirectTie.objects.values_list("city_a__name", "city_b__name"))
    assert pairs == {("São Paulo", "Paris"), ("São Paulo", "Tokyo"), ("Paris", "Tokyo")}
    assert set(DirectTie.objects.of_city(cities[2].slug).values_list("policy", "issue", "since")) == {
        (policy.pk, issue.pk, "2018")
    }


# Two parties of a policy, what the policy says, and since when and until when they are surely tied.
DATES: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str], Any]] = {
    "both take the policy's dates": (
        {"since": "2010", "until": "2019"},
        {},
        {},
        ("2010-01-01", "2020-01-01"),
    ),
    "the later start": ({"since": "2010", "ended": "ongoing"}, {"since": "2015"}, {}, ("2015-01-01", None)),
    "the earlier end": (
        {"since": "2010", "until": "2019"},
        {"until": "2012-06"},
        {},
        ("2010-01-01", "2012-07-01"),
    ),
    "one left, nobody knows when": (
        {"since": "2010", "until": "2019"},
        {"ended": "ended"},
        {},
        ("2010-01-01", "2011-01-01"),
    ),
    "one left, and was there in 2014": (
        {"since": "2010", "until": "2019"},
        {"ended": "ended", "observed_on": "2014"},
        {},
        ("2010-01-01", "2015-01-01"),
    ),
    "a part goes on as long as its policy": (
        {"since": "2010", "until": "2019"},
        {"ended": "ongoing"},
        {},
        ("2010-01-01", "2020-01-01"),
    ),
    "a snapshot of the policy": ({"observed_on": "2014"}, {}, {}, ("2014-01-01", "2015-01-01")),
    "no date at all is still a tie": ({}, {}, {}, None),
    "one after the other is none": ({}, {"until": "2012"}, {"since": "2013"}, "no tie"),
}


@pytest.mark.parametrize(("policy", "one", "other", "certain"), DATES.values(), ids=DATES)
def test_dates_of_a_tie(
    policy: dict[str, str], one: dict[str, str], other: dict[str, str], certain: Any
) -> None:
    made = make_policy(issues=[make_issue()], **policy)
    for dates in (one, other):
        make_party(policy=made, city=make_city(), **dates)
    settle()
    if certain == "no tie":
        assert not DirectTie.objects.exists()
        return
    days = DirectTie.objects.get().certain
    text = days and tuple(day and day.isoformat() for day in (days.lower, days.upper))
    assert text == certain


def many_cities(number: int) -> list[City]:
    country = make_country()
    return City.objects.bulk_create(
        City(name=f"City {index}", slug=f"many-{index}", country=country, publication="published")
        for index in range(number)
    )


def test_a_policy_of_many_parties_is_computed_instead_of_stored() -> None:
    cities = many_cities(LARGEST_STORED + 1)
    policy = make_policy(issues=[make_issue()], since="2010")
    PolicyParty.objects.bulk_create(
        PolicyParty(policy=policy, city=city, publication="published") for city in cities[:-1]
    )
    settle()
    pairs = LARGEST_STORED * (LARGEST_STORED - 1) // 2
    assert (Tie.objects.count(), LargePolicy.objects.count()) == (pairs, 0)

    last = make_party(policy=policy, city=cities[-1], until="2012", ended="ended")
    settle()
    assert (Tie.objects.count(), LargePolicy.objects.count()) == (0, 1)
    computed = stored(DirectTie)
    assert computed.total() == pairs + LARGEST_STORED
    assert computed == every_tie()

    last.publication = "draft"
    last.save()
    settle()
    assert (Tie.objects.count(), LargePolicy.objects.count()) == (pairs, 0)
    assert DirectTie.objects.count() == pairs


def test_a_deleted_policy_leaves_no_tie() -> None:
    policy = make_policy(issues=[make_issue()], cities=[make_city(), make_city()])
    settle()
    assert Tie.objects.exists()
    with connection.cursor() as cursor:
        for table, column in (
            ("registry_policyparty", "policy_id"),
            ("registry_jointpolicy_issues", "jointpolicy_id"),
            ("registry_jointpolicy", "id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [policy.pk])
    settle()
    assert not Tie.objects.exists()


def test_a_deleted_city_or_issue_leaves_no_tie() -> None:
    cities, issues = [make_city() for _ in range(3)], [make_issue(), make_issue()]
    make_policy(issues=issues, cities=cities)
    settle()
    assert Tie.objects.count() == 6
    City.objects.get(pk=cities[0].pk).delete()
    settle()
    assert Tie.objects.count() == 2
    Issue.objects.get(pk=issues[0].pk).delete()
    settle()
    assert stored(Tie) == every_tie()
    assert Tie.objects.count() == 1


def test_loading_many_policies_settles_them_at_once() -> None:
    """The number of statements does not grow with the policies: each is noted once."""
    issue, cities = make_issue(), [make_city(), make_city()]
    policies = JointPolicy.objects.bulk_create(
        JointPolicy(name=f"P {n}", slug=f"p-{n}", kind="programme", publication="published")
        for n in range(300)
    )
    through = JointPolicy.issues.through
    through.objects.bulk_create(through(jointpolicy=policy, issue=issue) for policy in policies)
    PolicyParty.objects.bulk_create(
        PolicyParty(policy=policy, city=city, publication="published")
        for policy in policies
        for city in cities
    )
    assert touched() == len(policies)
    settle()
    assert Tie.objects.count() == len(policies)
    assert touched() == 0
