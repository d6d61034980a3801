"""Experiments: their listing, their pages, and what of them is public."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import PolicyExperiment
from tests import factories as make
from tests.views.rows import make_hub, surround
from tests.views.test_details import text

pytestmark = pytest.mark.django_db


def make_experiment(hypothesis: str, *, sites: Any = (), **given: Any) -> PolicyExperiment:
    """A published experiment of a new joint policy unless one is given."""
    given["policy"] = given.get("policy") or make.make_policy()
    experiment = PolicyExperiment.objects.create(
        **{"hypothesis": hypothesis, "publication": "published", **given}
    )
    experiment.sites.set(sites)
    return experiment


def read(client: Client, address: str) -> str:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def listed(client: Client, query: str) -> set[str]:
    """The hypotheses that a query leaves."""
    return {row.hypothesis for row in client.get(f"/experiments/?{query}").context["page"].rows}


def test_a_page_tells_what_was_expected_where_and_what_came_of_it(client: Client) -> None:
    paris, rome = make.make_city("Paris", population=2_000_000), make.make_city("Rome", country="IT")
    issue = make.make_issue("Cycling")
    policy = make.make_policy("Bicycle pact", issues=[issue], kind="experiment", since="2019", until="2021")
    one = make_experiment(
        "More lanes, more cyclists.",
        sites=[paris],
        policy=policy,
        comparator="Streets without lanes.",
        outcome="Half more.",
    )
    again = make_experiment("The same in the south.", sites=[rome])
    older = make_experiment("Tried long ago.")
    one.replicated_by.add(again)
    older.replicated_by.add(one)
    make.cite(one, quote="Counted twice.")
    words = text(read(client, one.get_absolute_url()))
    for expected in (
        "Hypothesis More lanes, more cyclists.",
        "Compared with Streets without lanes.",
        "Outcome Half more.",
        "Bicycle pact experiment, active, 2019–2021",
        "Cycling",
        "Sites 1 Paris Country FR, 2 000 000 inhabitants",
        "Replications 1",
        "The same in the south.",
        "What it replicates 1",
        "Tried long ago.",
        "Counted twice.",
        f"Permanent identifier {one.pid}",
    ):
        assert expected in words, expected
    for record in (policy, paris):
        assert f'href="{one.get_absolute_url()}"' in read(client, record.get_absolute_url())


def test_what_is_not_known_is_said_to_be_not_recorded(client: Client) -> None:
    words = text(read(client, make_experiment("Perhaps.").get_absolute_url()))
    assert "Compared with not recorded Outcome not recorded" in words
    assert "No site is recorded." in words
    assert "No replication is recorded." in words


def test_an_experiment_is_public_only_with_its_policy(client: Client) -> None:
    experiment = make_experiment("Hush.", policy=make.make_policy(publication="draft"))
    draft = make_experiment("Hush.", publication="in-review")
    for one in (experiment, draft):
        assert client.get(one.get_absolute_url()).status_code == 404
        assert client.get(f"{one.policy.get_absolute_url()}").status_code in (200, 404)
    assert "Hush." not in read(client, "/experiments/")
    assert "Hush." not in read(client, draft.policy.get_absolute_url())


def test_draft_sites_replications_and_issues_of_drafts_are_not_named(client: Client) -> None:
    one = make_experiment("Open.", sites=[make.make_city("Zyxwv", publication="draft")])
    one.replicated_by.add(make_experiment("Zyxwv one.", publication="draft"))
    one.replicates.add(make_experiment("Zyxwv two.", policy=make.make_policy(publication="draft")))
    network = make.make_network("Zyxwv net", publication="draft")
    one.policy.networks.add(network)
    for address in (one.get_absolute_url(), "/experiments/", one.policy.get_absolute_url()):
        assert "Zyxwv" not in read(client, address)
    assert listed(client, "replicated=yes") == set()
    assert "Zyxwv" not in read(client, "/experiments/?format=csv")


def test_other_spellings_of_the_identifier_lead_on_and_unknown_ones_nowhere(client: Client) -> None:
    one = make_experiment("Open.")
    for address in (str(one.pid).upper(), one.pid.hex):
        response = client.get(f"/experiments/{address}/")
        assert (response.status_code, response["Location"]) == (301, one.get_absolute_url())
    draft = make_experiment("No.", publication="draft")
    for address in map(str, ("nothing", "1", make.make_policy().pid, draft.pid)):
        assert client.get(f"/experiments/{address}/").status_code == 404


@pytest.fixture
def world() -> None:
    transport = make.make_issue("Transport")
    cycling = make.make_issue("Cycling", parent=transport)
    peace = make.make_issue("Peace")
    paris, rome = make.make_city("Paris"), make.make_city("Rome", country="IT")
    league = make.make_network("League")
    lanes = make.make_policy("Lanes", issues=[cycling], networks=[league], since="2010", until="2012")
    one = make_experiment("One", sites=[paris, rome], policy=lanes, outcome="Yes.")
    two = make_experiment("Two", sites=[rome], policy=make.make_policy("Talks", issues=[peace]), outcome=" ")
    make_experiment("Three")
    one.replicated_by.add(two)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("outcome=known", {"One"}),
        ("outcome=unknown", {"Two", "Three"}),
        ("outcome=known&outcome=unknown", {"One", "Two", "Three"}),
        ("replicated=yes", {"One"}),
        ("replicated=no", {"Two", "Three"}),
        ("issue=transport", {"One"}),
        ("city=rome-it", {"One", "Two"}),
        ("country=FR", {"One"}),
        ("country=IT&outcome=unknown", {"Two"}),
        ("network=league", {"One"}),
        ("policy=talks", {"Two"}),
        ("active_on=2011", {"One"}),
        ("active_on=2011&certainty=possible", {"One", "Two", "Three"}),
        ("decade=2010", {"One"}),
        ("q=lanes+one", {"One"}),
        ("q=nothing", set()),
    ],
)
def test_the_listing_narrows(client: Client, world: None, query: str, expected: set[str]) -> None:
    assert listed(client, query) == expected


def test_files_and_feed(client: Client, world: None) -> None:
    (row,) = csv.DictReader(StringIO(read(client, "/experiments/?format=csv&outcome=known")))
    assert row["hypothesis"] == "One"
    assert (row["site_names"], row["issue_names"], row["policy_name"]) == ("Paris; Rome", "Cycling", "Lanes")
    assert (row["policy_since"], row["policy_until"], row["replication_count"]) == ("2010", "2012", "1")
    assert "<title>Lanes: One</title>" in read(client, "/experiments/?format=atom")
    assert client.get("/experiments/?format=csv&outcome=perhaps").status_code == 400


def test_a_page_costs_the_same_with_few_rows_and_with_many(client: Client) -> None:
    hub = make_hub()
    one = make_experiment("One", sites=[hub.city], policy=hub.policy)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, one.get_absolute_url())
        return len(queries)

    def grow(number: int) -> None:
        surround(hub, number)
        others = list(PolicyExperiment.objects.exclude(pk=one.pk))
        one.replicated_by.set(others[::2])
        one.replicates.set(others[1::2])

    grow(3)
    few = cost()
    grow(12)
    make.analyze()
    assert cost() == few
    assert few <= 25


def test_a_draft_city_or_policy_makes_no_candidate(client: Client) -> None:
    issue = make.make_issue("Cycling")
    paris = make.make_city("Paris", population=1000)
    hidden = make.make_city("Zyxwv", population=1000, publication="draft")
    one = make_experiment("One", sites=[paris], policy=make.make_policy("Pact", issues=[issue]))
    make.make_policy(issues=[issue], cities=[hidden])
    make.make_policy("Zyxwv pact", issues=[issue], cities=[make.make_city("Lyon")], publication="draft")
    make.make_office("Zyxwv office", city=make.make_city("Nice"), remit=[issue], publication="draft")
    make.settle()
    html = read(client, one.get_absolute_url())
    for name in ("Zyxwv", "Lyon", "Nice"):
        assert name not in html
    assert "No other city is recorded as active" in html
