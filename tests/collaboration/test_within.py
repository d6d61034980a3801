"""Within one city: which issues have an office, which offices work with none."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.choices import Charge
from registry.collaboration.within import within
from registry.collaboration.within_drawing import MOST, diagram
from registry.models import OfficeHolder, OfficeLink
from tests import factories as make

pytestmark = pytest.mark.django_db


def charges(city: Any) -> dict[str, str]:
    """Whether an office is charged with each issue of a city, by the name of the issue."""
    return {row.issue.name: row.charge.value for row in within(city).issues}


def link(office: Any, other: Any, **given: Any) -> OfficeLink:
    return OfficeLink.objects.create(office=office, other=other, **{"publication": "published", **given})


def test_an_office_is_charged_with_all_below_its_remit_and_with_a_part_of_what_is_above() -> None:
    transport = make.make_issue("Transport")
    cycling = make.make_issue("Cycling", parent=transport)
    lanes = make.make_issue("Lanes", parent=cycling)
    city = make.make_city()
    for issue in (transport, cycling, lanes, make.make_issue("Peace")):
        make.make_policy(issues=[issue], cities=[city])
    make.settle()
    assert set(charges(city).values()) == {Charge.NONE}
    make.make_office(city=city, remit=[cycling])
    assert charges(city) == {"Peace": "none", "Transport": "part", "Cycling": "office", "Lanes": "office"}
    assert [row.issue.name for row in within(city).without_office] == ["Peace"]


def test_what_is_over_is_not_worked_on_and_what_is_closed_is_charged_with_nothing() -> None:
    peace, energy, water = (make.make_issue(name) for name in ("Peace", "Energy", "Water"))
    city = make.make_city()
    make.make_policy(issues=[peace], cities=[city], since="2001", until="2004")
    make.make_policy(issues=[peace], cities=[city], status="abandoned")
    make.make_membership(city=city, network=make.make_network(issues=[peace]), status="left")
    make.make_membership(city=city, network=make.make_network(issues=[peace]), ended="ended")
    make.make_membership(city=city, network=make.make_network("League", issues=[energy]))
    make.make_office(city=city, remit=[energy, water], closed="2010")
    make.settle()
    (row,) = within(city).issues
    assert (row.issue, row.charge, [one.name for one in row.networks]) == (energy, Charge.NONE, ["League"])


def test_policies_are_counted_with_those_below_and_once() -> None:
    transport = make.make_issue("Transport")
    cycling = make.make_issue("Cycling", parent=transport)
    city = make.make_city()
    office = make.make_office(city=city)
    make.make_policy(issues=[transport, cycling], cities=[city])
    carried = make.make_policy(issues=[cycling])
    make.make_party(policy=carried, city=city, office=office)
    make.settle()
    counts = {row.issue.name: (row.policy_count, row.carried_count) for row in within(city).issues}
    assert counts == {"Transport": (2, 1), "Cycling": (2, 1)}


def test_offices_without_links_are_told_and_links_seen_from_both_sides() -> None:
    city, issue = make.make_city(), make.make_issue("Heat")
    heat, water, parks, old = (
        make.make_office(name, city=city) for name in ("Heat", "Water", "Parks", "Old")
    )
    link(heat, water, issue=issue, how="Weekly meeting")
    link(parks, heat, until="2001")
    link(parks, water, publication="draft")
    type(old).objects.filter(pk=old.pk).update(closed="2001")
    found = within(city)
    assert [office.name for office in found.unlinked] == ["Parks"]
    partners = {office.name: [one.partner.name for one in office.work] for office in found.offices}
    assert partners == {"Heat": ["Water", "Parks"], "Old": [], "Parks": ["Heat"], "Water": ["Heat"]}
    assert [one.pair for one in found.links] == ["Heat – Water", "Parks – Heat"]


def test_who_heads_an_office_now() -> None:
    office = make.make_office()
    for name, dates in {
        "Gone": {"until": "2001"},
        "Left": {"ended": "ended"},
        "Here": {"since": "2020"},
        "Undated": {},
    }.items():
        OfficeHolder.objects.create(office=office, person_name=name, publication="published", **dates)
    (found,) = within(office.city).offices
    assert [holder.person_name for holder in found.heads] == ["Here", "Undated"]  # type: ignore[attr-defined]


def test_the_diagram_draws_what_the_tables_say() -> None:
    city = make.make_city()
    heat, peace = make.make_issue("Heat"), make.make_issue("Peace")
    one = make.make_office("One", city=city, remit=[heat])
    other = make.make_office("Other", city=city)
    closed = make.make_office("Closed", city=city, remit=[heat], closed="2001")
    link(one, other, issue=heat, how="Weekly meeting")
    link(other, closed)
    policy = make.make_policy("Pact", issues=[peace])
    make.make_party(policy=policy, city=city, office=other)
    make.settle()
    data = diagram(within(city)).data()
    drawn = {node["name"]: (node["column"], node["hollow"]) for node in data["nodes"]}
    assert drawn == {
        "Heat": (0, False),
        "Peace": (0, True),
        "One": (1, False),
        "Other": (1, False),
        "Pact": (2, False),
    }
    names = [node["name"] for node in data["nodes"]]
    ties = {(names[a], names[b], data["colours"][kind]) for a, b, _, kind, _ in data["ties"]}
    assert ties == {
        ("One", "Heat", "is charged with"),
        ("One", "Other", "work together"),
        ("Other", "Pact", "carries"),
    }
    assert "One and Other work together\nHeat\nWeekly meeting" in {said for *_, said in data["ties"]}


def test_the_diagram_leaves_out_what_has_no_room_and_counts_it() -> None:
    city = make.make_city()
    issues = [make.make_issue() for _ in range(MOST + 3)]
    make.make_office(city=city, remit=issues)
    found = diagram(within(city))
    assert (found.rows, found.left_out) == (MOST, 3)


@settings(max_examples=12, deadline=None)
@given(work=st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=8))
def test_the_charge_of_every_issue_is_that_of_the_plain_definition(work: list[tuple[int, bool]]) -> None:
    with transaction.atomic():
        check(work)
        transaction.set_rollback(True)


def check(work: list[tuple[int, bool]]) -> None:
    """A tree of seven issues, and for each place given an office with the issue or a joint policy on it."""
    tree: list[Any] = [make.make_issue()]
    for place in range(1, 7):
        tree.append(make.make_issue(parent=tree[0 if place < 3 else 1 + place % 2]))
    city = make.make_city()
    for place, by_office in work:
        if by_office:
            make.make_office(city=city, remit=[tree[place]])
        else:
            make.make_policy(issues=[tree[place]], cities=[city])
    make.settle()
    remits = {tree[place] for place, by_office in work if by_office}

    def above(issue: Any) -> set[Any]:
        return {issue, *(above(issue.parent) if issue.parent else ())}

    def charge(issue: Any) -> Charge:
        part = any(issue in above(one) for one in remits)
        return Charge.OFFICE if remits & above(issue) else Charge.PART if part else Charge.NONE

    assert {row.issue: row.charge for row in within(city).issues} == {
        tree[place]: charge(tree[place]) for place, _ in work
    }
