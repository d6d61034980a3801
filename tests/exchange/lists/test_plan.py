"""What a list means for the registry: what it adds, fills in, contradicts, repeats, and leaves out."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.exchange.lists.imports import replan
from registry.exchange.lists.plan import plan
from registry.models import ListImport, ListImportRow, Membership
from tests.exchange.lists.brought import ambiguous, make_list, matched, only_row, unmatched
from tests.factories import make_city, make_membership, make_network, make_party, make_policy

pytestmark = pytest.mark.django_db
TODAY = "2025-11-03"


def planned(recorded: dict[str, Any] | None, said: dict[str, Any], **given: Any) -> tuple[str, bool, dict]:
    """How the row of a list stands, whether it asks, and what it changes."""
    city, network = make_city(), make_network()
    if recorded is not None:
        make_membership(city=city, network=network, **recorded)
    row = only_row(make_list(network, matched(city, **said), **given))
    return row.standing, row.asks, row.changes


ROWS = {
    "a new member": (None, {}, ("add", False, {"observed_on": TODAY})),
    "a new member since a year: the list's date proves less": (
        None,
        {"since": "2004", "role": "Vice-chair"},
        ("add", False, {"since": "2004", "role": "Vice-chair"}),
    ),
    "a former member": (
        None,
        {"since": "2004", "status": "Former member"},
        ("add", False, {"since": "2004", "status": "left", "ended": "ended"}),
    ),
    "an observer": (None, {"status": "Observer"}, ("add", False, {"tier": "observer", "observed_on": TODAY})),
    "recorded just so": ({"since": "2004"}, {"since": "2004"}, ("there", False, {})),
    "less precise": ({"since": "2004-05"}, {"since": "2004"}, ("there", False, {})),
    "silent on what is recorded": ({"since": "2004", "ended": "ongoing"}, {}, ("there", False, {})),
    "seen again later": ({"since": "2004"}, {}, ("there", False, {"observed_on": TODAY})),
    "a snapshot is not moved, since it would prove its own date no more": (
        {"observed_on": "2020"},
        {},
        ("there", False, {}),
    ),
    "a start that was not known": ({}, {"since": "2004"}, ("changed", False, {"since": "2004"})),
    "more precise": ({"since": "2004"}, {"since": "2004-05"}, ("changed", False, {"since": "2004-05"})),
    "a status that was not known": (
        {"status": "unknown", "observed_on": "2020"},
        {"status": "Member"},
        ("changed", False, {"status": "member"}),
    ),
    "a status that is not known, and the list says nothing of it": (
        {"status": "unknown", "observed_on": "2020"},
        {},
        ("changed", True, {"status": "member"}),
    ),
    "another start": ({"since": "2004"}, {"since": "2010"}, ("changed", True, {"since": "2010"})),
    "an end of what goes on": (
        {"since": "2004", "ended": "ongoing"},
        {"until": "2020"},
        ("changed", True, {"until": "2020", "ended": "unknown"}),
    ),
    "another role": (
        {"role": "Chair", "ended": "ongoing"},
        {"role": "Member"},
        ("changed", True, {"role": "Member"}),
    ),
    "the same role": ({"role": "Chair", "ended": "ongoing"}, {"role": "chair"}, ("there", False, {})),
    "an applicant is a member now": (
        {"status": "applicant", "since": "2024"},
        {},
        ("changed", True, {"observed_on": TODAY, "status": "member"}),
    ),
    "a later period": (
        {"since": "2001", "until": "2004"},
        {"since": "2010"},
        ("add", False, {"since": "2010"}),
    ),
    "back after it left": (
        {"status": "left", "until": "2004"},
        {},
        ("changed", True, {"observed_on": TODAY}),
    ),
    "an end that is recorded": (
        {"status": "left", "since": "2001", "until": "2004"},
        {"until": "2004"},
        ("there", False, {}),
    ),
    "recorded as left, nobody knows when": ({"status": "left"}, {"status": "left"}, ("there", False, {})),
}


@pytest.mark.parametrize(("recorded", "said", "expected"), ROWS.values(), ids=ROWS)
def test_a_row_beside_what_is_recorded(recorded: Any, said: Any, expected: Any) -> None:
    assert planned(recorded, said, observed_on=TODAY) == expected


INVALID = {
    "no date": ({"since": "last year"}, "since: “last year” is not a date the registry can keep"),
    "no day of the calendar": ({"until": "2004-02-30"}, "until: “2004-02-30” is not a date"),
    "reversed": ({"since": "2010", "until": "2004"}, "until: The period ends before it begins."),
    "an unknown status": ({"status": "perhaps"}, "status: “perhaps” is none of member, applicant"),
    "too long a role": ({"role": "x" * 201}, "role: at most 200 characters"),
    "no source": ({"source": "https://no one"}, "source: This is not an address"),
}


@pytest.mark.parametrize(("said", "about"), INVALID.values(), ids=INVALID)
def test_an_invalid_row_says_why(said: dict[str, Any], about: str) -> None:
    row = only_row(make_list(make_network(), matched(make_city(), **said)))
    assert row.standing == "invalid"
    assert row.about.startswith(about)


def test_an_overlap_is_found_in_the_plan() -> None:
    """The database would refuse it: the row says so instead."""
    city, network = make_city(), make_network()
    make_membership(city=city, network=network, since="2001", until="2004")
    make_membership(city=city, network=network, since="2010")
    row = only_row(make_list(network, matched(city, since="2003")))
    assert row.standing == "invalid"
    assert "This city has another membership of this network in that period." in row.about


def test_rows_without_a_city_wait() -> None:
    cities = [make_city("Paris"), make_city("Paris", country="US")]
    listing = make_list(make_network(), ambiguous("Paris", *cities), unmatched("Xyz", number=3))
    assert listing.rows.standings() == {"ambiguous": 1, "unmatched": 1}


def test_a_city_named_twice() -> None:
    """Saying the same or less is no contradiction; saying otherwise is shown at the row."""
    city = make_city("Paris")
    listing = make_list(
        make_network(),
        matched(city, 2),
        matched(city, 3, since="2004"),
        matched(city, 4, since="2005"),
        matched(city, 5, since="2004"),
    )
    stand = {row.number: (row.standing, row.about) for row in listing.rows.all()}
    assert stand[3] == ("add", "")
    assert stand[2] == ("there", "Named in row 3 too.")
    assert stand[5] == ("there", "Named in row 3 too.")
    assert stand[4] == (
        "invalid",
        "Row 3 names this city too and says otherwise (since).",
    )


def test_who_is_missing() -> None:
    """Those who left already are not, nor those whom an undecided row may mean."""
    network = make_network()
    there, gone, left, perhaps = (make_city() for _ in range(4))
    make_membership(city=there, network=network)
    missed = make_membership(city=gone, network=network, since="2004")
    make_membership(city=left, network=network, status="left")
    make_membership(city=perhaps, network=network)
    make_membership(city=make_city(), network=network, until="2004")
    listing = make_list(network, matched(there), ambiguous("X", perhaps, number=3))
    assert [row.pk for row in replan(listing).missing] == [missed.pk]


POLICY_ROWS = {
    "a new partner": (None, {}, ("add", False, {})),
    "a new lead": (None, {"role": "Lead partner"}, ("add", False, {"role": "lead"})),
    "recorded so": ({"role": "lead"}, {"role": "lead"}, ("there", False, {})),
    "a list without roles": ({"role": "lead"}, {}, ("there", False, {})),
    "another role": ({"role": "lead"}, {"role": "signatory"}, ("changed", True, {"role": "signatory"})),
    "one that left": ({"role": "lead"}, {"status": "left"}, ("changed", False, {"ended": "ended"})),
    "an unknown role": (None, {"role": "mayor"}, ("invalid", False, {})),
}


@pytest.mark.parametrize(("recorded", "said", "expected"), POLICY_ROWS.values(), ids=POLICY_ROWS)
def test_a_row_of_a_joint_policy(recorded: Any, said: Any, expected: Any) -> None:
    city, policy = make_city(), make_policy()
    if recorded is not None:
        make_party(policy=policy, city=city, **recorded)
    row = only_row(make_list(policy, matched(city, **said)))
    assert (row.standing, row.asks, row.changes) == expected


def test_the_plan_follows_the_registry() -> None:
    """Looked at again after somebody recorded the city, the row has nothing left to add."""
    city, network = make_city(), make_network()
    listing = make_list(network, matched(city))
    assert only_row(listing).standing == "add"
    make_membership(city=city, network=network)
    replan(listing)
    assert only_row(listing).standing == "there"


def test_a_plan_costs_as_many_queries_for_many_rows_as_for_few() -> None:
    network = make_network()
    cities = [make_city() for _ in range(40)]
    for city in cities[:20]:
        make_membership(city=city, network=network, since="2004")

    def queries(number: int) -> int:
        rows = [matched(city, at, since="2005") for at, city in enumerate(cities[:number], 2)]
        with CaptureQueriesContext(
            connection,
        ) as counted:
            listing = make_list(network, *rows)
            Membership.objects.filter(network=network).update(since="2003")
            replan(listing)
            Membership.objects.filter(network=network).update(since="2004")
        return len(counted)

    assert queries(4) == queries(40)


def test_fifty_thousand_rows_are_planned_by_one_query() -> None:
    network = make_network()
    rows = [ListImportRow(number=at, city_id=at, outcome="matched") for at in range(2, 50_002)]
    with CaptureQueriesContext(connection) as counted:
        made = plan(ListImport(network=network), rows)
    assert len(counted) == 1
    assert {row.standing for row in made.rows} == {"add"}
