"""Ties through networks: what the database gives is what the definition gives, for any memberships."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.choices import MembershipStatus
from registry.collaboration import through_networks
from registry.collaboration.direct import collaborations, read
from registry.filters import CollaborationFilterSet
from registry.models import AnyTie, City, DirectTie, Membership
from tests import factories as make
from tests.collaboration.computed_network_ties import every_network_tie, found_network_ties
from tests.models.test_ties import periods, states

pytestmark = pytest.mark.django_db

rows = st.tuples(
    st.integers(0, 3), st.integers(0, 1), st.sampled_from(MembershipStatus.values), periods(), states
)


def add(city: City, network: Any, status: str, dates: dict[str, Any], publication: str) -> None:
    """A membership, unless the constraints have none beside those there are."""
    row = Membership(city=city, network=network, status=status, publication=publication, **dates)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return


@given(st.lists(rows, max_size=12), states, states)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ties_through_networks_are_those_of_the_definition(
    memberships: list[Any], of_city: str, of_network: str
) -> None:
    with transaction.atomic():
        issues = [make.make_issue(), make.make_issue()]
        cities = [make.make_city() for _ in range(3)] + [make.make_city(publication=of_city)]
        networks = [
            make.make_network(issues=issues),
            make.make_network(publication=of_network, issues=issues[:1]),
        ]
        for city, network, *rest in memberships:
            add(cities[city], networks[network], *rest)
        assert found_network_ties() == every_network_tie()
        check_questions(cities)
        transaction.set_rollback(True)


def check_questions(cities: list[City]) -> None:
    """The same ties are found from a city, at a date, and between two cities."""
    everything = list(every_network_tie())
    for query, wanted in (
        (f"city={cities[0].slug}", lambda tie: cities[0].pk in tie[2:4]),
        (
            f"city={cities[0].slug}&partner={cities[1].slug}",
            lambda tie: {*tie[2:4]} == {cities[0].pk, cities[1].pk},
        ),
        ("active_on=2004-06", lambda tie: overlaps(tie[7])),
        ("active_on=2004-06&certainty=possible", lambda tie: overlaps(tie[8])),
    ):
        asked = ask(f"ties=network&{query}")
        if asked.is_valid():
            found = {tuple(row.values()) for row in collaborations(asked.qs)}
            found = {row[-3:] if "city=" not in query else row[:3] for row in found}
            assert found == {(tie[2], tie[3], tie[1]) for tie in everything if wanted(tie)}, query


def overlaps(days: Any) -> bool:
    from datetime import date

    return bool(days) and days[0] < date(2004, 7, 1) and days[1] > date(2004, 6, 1)


def ask(query: str) -> CollaborationFilterSet:
    return CollaborationFilterSet(QueryDict(query), queryset=DirectTie.objects.all())


def test_a_question_of_both_kinds_brings_them_together() -> None:
    issue, paris, rome = make.make_issue(), make.make_city("Paris"), make.make_city("Rome")
    policy = make.make_policy(issues=[issue], cities=[paris, rome], since="2010")
    network = make.make_network(issues=[issue])
    for city in (paris, rome):
        make.make_membership(city=city, network=network, since="2005", ended="ongoing")
    make.settle()
    asked = ask("ties=all")
    (group,) = read(collaborations(asked.qs), asked.qs)
    assert (group.policies, group.networks, group.since) == ([policy], [network], "2005")
    assert [
        len(read(collaborations(ask(f"ties={way}").qs), ask(f"ties={way}").qs)[0].networks)
        for way in ("direct", "network")
    ] == [0, 1]
    # Each tie from both of its ends.
    assert AnyTie.objects.count() == 4


def test_a_question_that_would_make_too_many_ties_says_what_narrows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issue = make.make_issue()
    large, small = make.make_network(issues=[issue]), make.make_network(issues=[issue])
    cities = [make.make_city(country="FR" if place else "IT") for place in range(6)]
    for city in cities:
        make.make_membership(city=city, network=large, since="2010")
    for city in cities[:2]:
        make.make_membership(city=city, network=small, since="2000")
    monkeypatch.setattr("registry.filters.collaborations.MOST", 5)
    for query in ("", f"&network={large.slug}", "&issue=" + issue.slug, "&active_on=2010", "&country=FR"):
        asked = ask(f"ties=network{query}")
        assert not asked.is_valid(), query
        assert "Ask for a city" in str(asked.form.errors["ties"])
        assert not asked.qs.exists()
    for query in (
        f"&network={small.slug}",
        "&active_on=2000",
        f"&city={cities[5].slug}",
        f"&country=IT&network={large.slug}",
        f"&city={cities[0].slug}&partner={cities[1].slug}",
    ):
        assert ask(f"ties=network{query}").is_valid(), query
        assert ask(f"ties=network{query}").qs.exists(), query
    assert ask("ties=direct").is_valid()
    assert through_networks.MOST > 5
