"""Gaps are those of the definition, in the order of the formula, for any registry."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.choices import MembershipStatus
from registry.collaboration import gaps
from registry.collaboration.opportunities import read
from registry.collaboration.take_up import offered
from registry.models import (
    City,
    CityOffice,
    Issue,
    JointPolicy,
    Membership,
    Network,
    PolicyParty,
)
from tests import factories as make
from tests.models.computed_ties import PUBLISHED, every_tie, period_of, possible

pytestmark = pytest.mark.django_db
STATES = ["published"] * 4 + ["draft"]
DATES: list[dict[str, str]] = [
    {},
    {},
    {"since": "2005"},
    {"until": "2001"},
    {"since": "2010", "until": "2012"},
]
Gap = tuple[int, int, tuple[int, ...]]


def make_registry(seed: int) -> None:
    """A few cities in policies, networks and offices, with drafts and dates among them."""
    dice = random.Random(seed)
    one = dice.choice

    def some(records: list[Any]) -> list[Any]:
        return [record for record in records if dice.random() < 0.5]

    issues = make.make_all(Issue(name=f"Issue {number}") for number in range(3))
    for code in ("FR", "IT"):
        make.make_country(code)
    cities = make.make_all(
        City(
            name=f"City {number}",
            country_id=one(["FR", "IT"]),
            population=one([None, 0, 5_000, 90_000, 2_000_000]),
            publication=one(STATES),
        )
        for number in range(6)
    )
    policies = make.make_all(
        JointPolicy(name=f"Policy {number}", kind="programme", publication=one(STATES), **one(DATES))
        for number in range(4)
    )
    networks = make.make_all(
        Network(name=f"Network {number}", scope="national", publication=one(STATES)) for number in range(3)
    )
    offices = make.make_all(
        CityOffice(
            name=f"Office {number}",
            city=one(cities),
            kind="other",
            publication=one(STATES),
            **one([{}, {}, {"ended": "ended"}, {"closed": "2001"}, {"closed": "2999"}]),
        )
        for number in range(3)
    )
    make.make_all(
        PolicyParty(policy=policy, city=city, publication=one(STATES), **one(DATES))
        for policy in policies
        for city in some(cities)
    )
    make.make_all(
        Membership(network=network, city=city, status=one(MembershipStatus.values), publication=one(STATES))
        for network in networks
        for city in some(cities)
    )
    for relation, records in ((JointPolicy.issues, policies), (CityOffice.remit, offices)):
        make.join(relation, ((record, issue) for record in records for issue in some(issues)))
    make.settle()


def active_on(city: City) -> set[int]:
    """The issues that a city is active on, in plain Python from the definition."""
    if city.publication != PUBLISHED:
        return set()
    parties = [party for party in city.parties.select_related("policy") if possible(period_of(party))]
    policies = [
        party.policy for party in parties if {party.publication, party.policy.publication} == {PUBLISHED}
    ]
    today = str(timezone.now().date() - timedelta(days=1))
    offices = [
        office
        for office in city.offices.filter(publication=PUBLISHED)
        if office.ended != "ended" and not (office.closed and office.closed < today[: len(office.closed)])
    ]
    found = {issue.pk for policy in policies for issue in policy.issues.all()}
    return found | {issue.pk for office in offices for issue in office.remit.all()}


def defined_gaps(cities: Iterable[City], wanted: set[int]) -> set[Gap]:
    """Every two of these cities with the issues, of those wanted, on which they have a gap."""
    tied = {(a, b, issue) for _, issue, a, b, *_ in every_tie()}
    active = {city.pk: active_on(city) & wanted for city in cities}
    found = set()
    for one, other in combinations(sorted(active), 2):
        issues = {issue for issue in active[one] & active[other] if (one, other, issue) not in tied}
        if issues:
            found.add((one, other, tuple(sorted(issues))))
    return found


def defined_partners() -> dict[int, set[int]]:
    """Who has direct ties with whom."""
    found: dict[int, set[int]] = defaultdict(set)
    for _, _, one, other, *_rest in every_tie():
        found[one].add(other)
        found[other].add(one)
    return found


def score(one: City, other: City) -> float:
    """The formula, from what is public of two cities."""

    def policies(city: City) -> int:
        rows = PolicyParty.objects.public().filter(city=city).select_related("policy")
        return len({row.policy_id for row in rows if possible(period_of(row))})

    def networks(city: City) -> set[int]:
        return {row.network_id for row in Membership.objects.public().present().filter(city=city)}

    size = 0.0
    if one.population is not None and other.population is not None:
        ratio = max(one.population, 1) / max(other.population, 1)
        size = max(0.0, 1 - abs(math.log10(ratio)) / 3)
    shared = len(networks(one) & networks(other))
    return math.log(1 + policies(one)) + math.log(1 + policies(other)) + math.log(1 + shared) + size


def found_gaps(found: gaps.Gaps) -> set[Gap]:
    rows = {(min(row.own, row.other), max(row.own, row.other), tuple(row.issues)) for row in found.rows}
    assert len(rows) == len(found.rows) == found.total, "no two cities come twice"
    return rows


@given(st.integers(0, 10**6))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_gaps_are_those_of_the_definition_in_the_order_of_the_formula(seed: int) -> None:
    with transaction.atomic():
        make_registry(seed)
        cities, issues = {city.pk: city for city in City.objects.all()}, [*Issue.objects.all()]
        everything = {issue.pk for issue in issues}
        assert found_gaps(gaps.find()) == defined_gaps(cities.values(), everything)
        (asked, own) = {issues[0].pk}, [*cities.values()][:2]
        for wanted in (asked, everything):
            narrowed = None if wanted == everything else [*wanted]
            defined = defined_gaps(cities.values(), wanted)
            of_own = {gap for gap in defined if {gap[0], gap[1]} & {city.pk for city in own}}
            assert found_gaps(gaps.find([city.pk for city in own], narrowed)) == of_own
            french = {city.pk for city in cities.values() if city.country_id == "FR"}
            places = City.objects.public().filter(country="FR")
            some = {gap for gap in defined if {gap[0], gap[1]} & french}
            assert found_gaps(gaps.find((), narrowed, places)) == some
            alone = {
                gap for gap in defined if own[0].pk in gap[:2] and {gap[0], gap[1]} - {own[0].pk} <= french
            }
            assert found_gaps(gaps.find([own[0].pk], narrowed, places)) == alone
        rows = gaps.find().rows
        for row in rows:
            assert row.score == pytest.approx(score(cities[row.own], cities[row.other]))
        partners = defined_partners()
        for found in read(rows):
            shared = partners[found.city.pk] & partners[found.partner.pk]
            assert found.common.partner_count == len(shared)
            assert {city.pk for city in found.common.partners} <= shared
        assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
        transaction.set_rollback(True)


def test_a_city_sees_who_works_on_its_issues_and_is_not_yet_a_partner() -> None:
    cycling, energy = make.make_issue("Cycling"), make.make_issue("Energy")
    paris, lima, oslo, rome = (make.make_city(name) for name in ("Paris", "Lima", "Oslo", "Rome"))
    make.make_policy("Lanes", issues=[cycling], cities=[paris, lima])
    make.make_policy("Bikes", issues=[cycling], cities=[oslo, rome])
    make.make_policy("Sun", issues=[energy], cities=[lima, rome])
    make.make_office(city=paris, remit=[energy])
    make.settle()
    rows = gaps.find([paris.pk]).rows
    assert [(row.other, row.issues) for row in rows] == [
        (rome.pk, [cycling.pk, energy.pk]),
        (lima.pk, [energy.pk]),
        (oslo.pk, [cycling.pk]),
    ]
    assert [(row.own, row.other) for row in gaps.find((), [energy.pk]).rows] == [
        (paris.pk, lima.pk),
        (paris.pk, rome.pk),
    ]


def test_a_closed_office_and_a_membership_make_no_city_active() -> None:
    issue, paris, rome = make.make_issue(), make.make_city("Paris"), make.make_city("Rome")
    make.make_policy(issues=[issue], cities=[paris])
    make.make_membership(city=rome, network=make.make_network(issues=[issue]))
    make.make_office(city=rome, remit=[issue], closed="2001")
    make.settle()
    assert not gaps.find([paris.pk]).rows
    make.make_office(city=rome, remit=[issue])
    assert [row.other for row in gaps.find([paris.pk]).rows] == [rome.pk]


def test_of_too_many_cities_the_busiest_are_paired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "MOST_PAIRED", 2)
    issue, other = make.make_issue(), make.make_issue()
    cities = [make.make_city(name) for name in ("Paris", "Lima", "Oslo")]
    for city in cities:
        make.make_policy(issues=[issue], cities=[city])
    for city in cities[1:]:
        make.make_policy(issues=[other], cities=[city])
    make.settle()
    found = gaps.find((), [issue.pk])
    assert [{row.own, row.other} for row in found.rows] == [{cities[1].pk, cities[2].pk}]
    assert found.left_out == 1


def test_the_reasons_say_what_two_cities_have_in_common() -> None:
    issue, other = make.make_issue("Cycling"), make.make_issue("Energy")
    paris, lyon, rome = (
        make.make_city(name, population=size)
        for name, size in (("Paris", 2_100_000), ("Lyon", 1_500_000), ("Rome", None))
    )
    for cities in ([paris], [lyon], [lyon]):
        make.make_policy(issues=[issue], cities=cities)
    make.make_policy(issues=[other], cities=[paris, lyon, rome])
    network = make.make_network("Eurocities")
    for city in (paris, lyon):
        make.make_membership(city=city, network=network, status="left")
    make.settle()
    (row,) = read(gaps.find([paris.pk]).rows)
    assert [str(reason) for reason in row.reasons] == [
        "already partners on Energy",
        "both are or were in Eurocities",
        "1 partner in common: Rome",
        "Lyon takes part in 3 joint policies",
        "of like size (2\u202f100\u202f000 and 1\u202f500\u202f000 inhabitants)",
        "both in Country FR",
    ]
    links = {piece.words: piece.address for reason in row.reasons for piece in reason.pieces if piece.address}
    assert links["Energy"] == "/collaborations/paris-fr/lyon-fr/?issue=energy"
    assert links["1"] == "/compare/?city=paris-fr&city=lyon-fr#partners"
    assert links["3"] == "/policies/?city=lyon-fr"
    assert links["2\u202f100\u202f000"] == "/cities/paris-fr/"


def test_cities_of_other_countries_share_a_region_and_a_language() -> None:
    issue = make.make_issue()
    make.make_country("BR", world_region="south-america")
    paris, geneva, sao_paulo = (
        make.make_city(name, country=code)
        for name, code in (("Paris", "FR"), ("Geneva", "CH"), ("São Paulo", "BR"))
    )
    for city in (paris, geneva, sao_paulo):
        make.make_policy(issues=[issue], cities=[city])
    make.settle()
    said = {
        row.partner: [str(reason) for reason in row.reasons[1:]] for row in read(gaps.find([paris.pk]).rows)
    }
    assert said == {
        geneva: ["both in Europe", "French is a main language of both countries"],
        sao_paulo: [],
    }


def test_policies_to_take_up_are_those_of_likely_partners() -> None:
    cycling, energy = make.make_issue("Cycling"), make.make_issue("Energy")
    paris, lima, oslo = (make.make_city(name) for name in ("Paris", "Lima", "Oslo"))
    make.make_policy("Ours", issues=[cycling], cities=[paris])
    both = make.make_policy("Both", issues=[cycling, energy], cities=[lima, oslo])
    one = make.make_policy("One", issues=[cycling], cities=[oslo])
    make.make_policy("Another issue", issues=[energy], cities=[oslo])
    make.make_policy("Hidden", issues=[cycling], cities=[oslo], publication="draft")
    make.settle()
    assert [(row.policy, row.issues, row.cities) for row in offered([paris.pk])] == [
        (both, [cycling], [oslo, lima]),
        (one, [cycling], [oslo]),
    ]
    assert not offered([paris.pk], [energy.pk])
