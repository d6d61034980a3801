"""Who could replicate an experiment next."""

from __future__ import annotations

from typing import Any

import pytest

from registry.collaboration.replicate import candidates
from registry.models import PolicyExperiment
from tests import factories as make

pytestmark = pytest.mark.django_db


def make_experiment(sites: Any, issues: Any) -> PolicyExperiment:
    policy = make.make_policy(issues=issues)
    one = PolicyExperiment.objects.create(policy=policy, hypothesis="More lanes.", publication="published")
    one.sites.set(sites)
    return one


def named(experiment: PolicyExperiment) -> list[tuple[str, str]]:
    return [(row.partner.name, row.city.name) for row in candidates(experiment)]


def test_active_cities_beside_the_site_they_are_most_like_the_likeliest_first() -> None:
    issue = make.make_issue("Cycling")
    large, small = make.make_city("Large", population=2_000_000), make.make_city("Small", population=20_000)
    metropolis = make.make_city("Metropolis", population=1_900_000)
    village = make.make_city("Village", population=22_000)
    unlike = make.make_city("Unlike")
    make.make_policy(issues=[issue], cities=[metropolis, village, unlike])
    league = make.make_network()
    for city in (small, village):
        make.make_membership(city=city, network=league)
    make.make_policy(issues=[make.make_issue("Peace")], cities=[make.make_city("Elsewhere")])
    make.settle()
    found = candidates(make_experiment([large, small], [issue]))
    assert [(row.partner.name, row.city.name) for row in found] == [
        ("Village", "Small"),
        ("Metropolis", "Large"),
        ("Unlike", "Large"),
    ]
    said = [str(reason) for reason in found[0].reasons]
    assert any("both are or were in" in words for words in said)
    assert any("of like size" in words for words in said)
    assert [issue.name for issue in found[0].issues] == ["Cycling"]


def test_an_office_makes_active_and_a_tie_is_no_hindrance() -> None:
    issue = make.make_issue()
    site, partner, office = (make.make_city(name) for name in ("Site", "Partner", "Office"))
    make.make_office(city=office, remit=[issue])
    make.make_policy(issues=[issue], cities=[site, partner])
    make.settle()
    assert {name for name, _ in named(make_experiment([site], [issue]))} == {"Partner", "Office"}


def test_where_it_was_tried_is_left_out_also_by_those_that_replicate_it_or_that_it_replicates() -> None:
    issue = make.make_issue()
    cities = [make.make_city(name) for name in ("Site", "Other site", "Again", "Before", "New")]
    make.make_policy(issues=[issue], cities=cities)
    make.settle()
    one = make_experiment(cities[:2], [issue])
    again, before = make_experiment([cities[2]], [issue]), make_experiment([cities[3]], [issue])
    one.replicated_by.add(again)
    before.replicated_by.add(one)
    assert {name for name, _ in named(one)} == {"New"}
    PolicyExperiment.objects.filter(pk=again.pk).update(publication="draft")
    assert {name for name, _ in named(one)} == {"New", "Again"}


def test_nobody_without_sites_or_issues() -> None:
    issue, city = make.make_issue(), make.make_city()
    make.make_policy(issues=[issue], cities=[city])
    make.settle()
    assert candidates(make_experiment([], [issue])) == []
    assert candidates(make_experiment([city], [])) == []
