"""Drafts by the API: made, read, changed and deleted as on the staff site, and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from registry.admin.timeline import who_of
from registry.api.written import written
from registry.models import (
    Citation,
    JointPolicy,
    Membership,
    Network,
    NetworkName,
    PolicyParty,
    Source,
)
from registry.models.history import event_model
from tests import factories as make
from tests.api.tokens import Script
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db
NETWORK = {"name": "League of Ports", "scope": "international"}


@pytest.fixture
def script(db: None) -> Script:
    """A Contributor's."""
    return Script()


def test_a_draft_is_made_read_changed_and_deleted(script: Script) -> None:
    issue = make.make_issue("Transport")
    made = script.post("networks/", {**NETWORK, "issue_ids": [str(issue.pid)], "founded": "1990-05"})
    assert script.answer["Location"].endswith(f"/api/v1/networks/{made['id']}/?publication=draft")
    assert made["publication"] == "draft"
    assert made["issue_ids"] == [str(issue.pid)]
    assert made["founded"] == "1990-05"

    address = f"networks/{made['id']}/"
    read = script.get(f"{address}?publication=draft")
    assert read == made
    assert script.answer["ETag"] == f'"{made["version"]}"'
    assert script.answer["Cache-Control"] == "private, no-store"

    changed = script.patch(address, {"acronym": "LoP", "founded": None}, made["version"])
    assert (changed["acronym"], changed["founded"], changed["name"]) == ("LoP", None, NETWORK["name"])
    assert changed["version"] != made["version"]

    sent = script.patch(address, {"publication": "in-review"}, changed["version"])
    assert sent["publication"] == "in-review"
    assert "publication=in-review" in script.get(f"{address}?publication=draft", 404)["detail"]
    script.get(f"{address}?publication=draft&publication=in-review")

    script.delete(address, sent["version"])
    assert not Network.objects.exists()
    script.delete(address, sent["version"], 404)


def test_history_names_the_account_and_its_token(script: Script) -> None:
    made = script.post("networks/", NETWORK)
    script.patch(f"networks/{made['id']}/", {"region": "North Sea"}, made["version"])
    events = event_model(Network).objects.order_by("pgh_id")
    assert [who_of(one.pgh_context) for one in events] == ["sam, by the API token “nightly import”"] * 2
    assert {one.pgh_context.metadata["user"] for one in events} == {script.account.pk}  # type: ignore[union-attr]
    assert script.secret not in str([one.pgh_context.metadata for one in events])


def test_a_policy_is_made_with_its_cities_and_sources(script: Script) -> None:
    issue, one, other = make.make_issue(), make.make_city("Lima"), make.make_city("Quito")
    body = {
        "name": "Cycling together",
        "kind": "programme",
        "issue_ids": [str(issue.pid)],
        "parties": [
            {"city_id": str(one.pid), "role": "lead", "reference": "https://example.org/lima"},
            {"city_id": str(other.pid)},
        ],
        "citations": [{"reference": "https://example.org/plan", "locator": "p. 3"}],
        "sources_cover_rows": True,
    }
    made = script.post("policies/", body)
    policy = JointPolicy.objects.get(pid=made["id"])
    parties = PolicyParty.objects.filter(policy=policy)
    assert {(party.city.name, party.role, party.publication) for party in parties} == {
        ("Lima", "lead", "draft"),
        ("Quito", "partner", "draft"),
    }
    shown = {citation.source.url for party in parties for citation in party.citations.all()}
    assert shown == {"https://example.org/lima", "https://example.org/plan"}
    assert Citation.objects.filter(asserted_by=script.account).count() == Citation.objects.count()
    rows = script.get(f"parties/?publication=draft&policy_id={made['id']}")["rows"]
    assert [row["city_id"] for row in rows] == [str(one.pid), str(other.pid)]
    assert made["citations"] == [
        {
            "source_id": str(Source.objects.get(url="https://example.org/plan").pid),
            "accessed_on": None,
            "locator": "p. 3",
            "quote": None,
        }
    ]


def test_rows_of_a_record_are_given_whole(script: Script) -> None:
    names = [{"name": "LP", "kind": "acronym"}, {"name": "Ligue des ports", "language": "fr"}]
    made = script.post("networks/", {**NETWORK, "names": names})
    address = f"networks/{made['id']}/"
    kept = NetworkName.objects.get(name="LP").pk
    rows = [made["names"][0], {"name": "Hafenbund", "language": "de"}]
    changed = script.patch(address, {"names": rows}, made["version"])
    assert {row["name"] for row in changed["names"]} == {"LP", "Hafenbund"}
    assert NetworkName.objects.get(name="LP").pk == kept
    same = script.patch(address, {"names": changed["names"]}, changed["version"])
    assert same == changed
    empty = script.patch(address, {"names": []}, same["version"])
    assert empty["names"] == []


def test_a_source_is_cited_in_another_way(script: Script) -> None:
    made = script.post("networks/", {**NETWORK, "citations": [{"reference": "https://example.org/"}]})
    cited = [{**made["citations"][0], "quote": "Founded by ports."}]
    changed = script.patch(f"networks/{made['id']}/", {"citations": cited}, made["version"])
    assert changed["citations"] == cited
    assert Citation.objects.count() == Source.objects.count() == 1


def test_sources_are_made_and_found(script: Script) -> None:
    made = script.post("sources/", {"title": "Minutes of 1990"})
    assert script.get("sources/")["rows"] == [made]
    changed = script.patch(f"sources/{made['id']}/", {"published_on": "1990"}, made["version"])
    membership = make.make_membership(publication="published")
    make.cite(membership, source=Source.objects.get())
    for answer in (
        script.patch(f"sources/{made['id']}/", {"title": "x"}, changed["version"], 409),
        script.delete(f"sources/{made['id']}/", changed["version"], 409),
    ):
        assert f"The published membership “{membership}” rests on this source" in answer["detail"]
        assert f"/admin/registry/source/{Source.objects.get().pk}/change/" in answer["detail"]


# --- What is refused -------------------------------------------------------------------------------------


def test_what_was_changed_since_is_not_overwritten(script: Script) -> None:
    made = script.post("networks/", NETWORK)
    address = f"networks/{made['id']}/"
    assert "If-Match" in script.patch(address, {"region": "x"}, None, 428)["detail"]
    assert "If-Match" in script.delete(address, None, 428)["detail"]
    changed = script.patch(address, {"region": "North Sea"}, made["version"])
    script.patch(address, {"region": "Baltic"}, made["version"], 412)
    script.delete(address, made["version"], 412)
    assert script.get(f"{address}?publication=draft") == changed
    weak = {"If-Match": f'W/"{changed["version"]}"'}
    assert script.client.delete(f"/api/v1/{address}", headers=weak).status_code == 204


def test_a_change_on_the_staff_site_counts_too(script: Script) -> None:
    made = script.post("networks/", NETWORK)
    network = Network.objects.get()
    network.issues.add(make.make_issue())
    script.patch(f"networks/{made['id']}/", {"region": "x"}, made["version"], 412)
    now = script.get(f"networks/{made['id']}/?publication=draft")
    NetworkName.objects.create(network=network, name="Other", kind="alternative")
    script.patch(f"networks/{made['id']}/", {"region": "x"}, now["version"], 412)


@pytest.mark.parametrize("group", ["Contributor", "Editor", None])
def test_what_is_published_stays_with_the_staff_site(group: str | None) -> None:
    script, network = Script(group), make.make_network("Published")
    address = f"networks/{network.pid}/"
    for answer in (script.patch(address, {"name": "x"}, "any", 409), script.delete(address, "any", 409)):
        assert f"/admin/registry/network/{network.pk}/change/" in answer["detail"]
    made = script.post("networks/", NETWORK)
    address = f"networks/{made['id']}/"
    script.patch(address, {"publication": "published"}, made["version"], 400)
    assert "Publishing is for people" in script.errors()["publication"]
    script.post("networks/", {**NETWORK, "name": "Other", "publication": "published"}, 400)
    assert set(Network.objects.filter(publication="published")) == {network}


@pytest.mark.parametrize("group", ["Contributor", "Editor", None])
def test_what_is_published_goes_with_no_draft(group: str | None) -> None:
    script = Script(group)
    network = make.make_network("Draft", publication="draft")
    make.make_membership(network=network, publication="published")
    version = script.get(f"networks/{network.pid}/?publication=draft")["version"]
    answer = script.delete(f"networks/{network.pid}/", version, 409)
    assert "membership" in answer["detail"]
    assert Membership.objects.exists()


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ([], "body", "an object"),
        ({**NETWORK, "colour": "red"}, "colour", "There are: name, publication, acronym"),
        ({"scope": "regional"}, "name", "required"),
        ({**NETWORK, "name": 3}, "name", "a text"),
        ({**NETWORK, "name": "\ud800"}, "name", "a text in Unicode"),
        ({**NETWORK, "name": "a\x00b"}, "name", "Null characters"),
        ({**NETWORK, "name": "x" * 301}, "name", "at most 300 characters"),
        ({**NETWORK, "scope": "global"}, "scope", "is not one of: subnational, national"),
        ({**NETWORK, "founded": "1990-13"}, "founded", "1990-13"),
        ({**NETWORK, "founded": "1990", "dissolved": "1980"}, "dissolved", "before"),
        ({**NETWORK, "secretariat_id": "nowhere"}, "secretariat_id", "names no city"),
        ({**NETWORK, "secretariat_id": "\x00"}, "secretariat_id", "names no city"),
        ({**NETWORK, "issue_ids": "x"}, "issue_ids", "a list"),
        ({**NETWORK, "issue_ids": ["x", 3]}, "issue_ids[0]", "names no issue"),
        ({**NETWORK, "issue_ids": ["x", 3]}, "issue_ids[1]", "an identifier"),
        ({**NETWORK, "website": "not an address"}, "website", "valid URL"),
        ({**NETWORK, "names": {}}, "names", "a list"),
        ({**NETWORK, "names": [3]}, "names[0]", "an object"),
        ({**NETWORK, "names": [{"nom": "x"}]}, "names[0].nom", "There are: name, language, kind"),
        ({**NETWORK, "names": [{"name": "x"}, {"language": "fr"}]}, "names[1].name", "required"),
        ({**NETWORK, "citations": [{"locator": "p. 3"}]}, "citations[0].source_id", "Choose a source"),
        ({**NETWORK, "identifiers": [{"scheme": "doi", "value": "x"}]}, "identifiers[0].value", "DOI"),
        ({**NETWORK, "memberships": [{"status": "member"}]}, "memberships[0]", "It says nothing"),
        ({**NETWORK, "memberships": [{"since": "2001"}]}, "memberships[0].city_id", "required"),
        ({**NETWORK, "sources_cover_rows": "yes"}, "sources_cover_rows", "true or false"),
    ],
)
def test_what_is_wrong_with_a_body_is_named(script: Script, body: Any, place: str, words: str) -> None:
    script.post("networks/", body, 400)
    assert words in script.errors()[place]
    assert not Network.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"name": NaN}', "application/json", 400),
        ('{"name": 1e400}', "application/json", 400),
        (b"\xff", "application/json", 400),
        ("", "application/json", 400),
        ("name=x", "application/x-www-form-urlencoded", 415),
        (" " * (2**20 + 1), "application/json", 413),
    ],
)
def test_what_is_no_body_is_refused(script: Script, sent: Any, kind: str, status: int) -> None:
    answer = script.client.generic("POST", "/api/v1/networks/", sent, content_type=kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_numbers_are_checked_as_by_the_form(script: Script) -> None:
    make.make_country("FR")
    wrong = [("population", 1.5), ("population", "9"), ("population", True), ("population", 10**30)]
    for name, value in [*wrong, ("latitude", 91), ("latitude", 10**400), ("geonames_id", -1)]:
        script.post("cities/", {"name": "Ys", "country_id": "FR", name: value}, 400)
        assert name in script.errors(), (name, value)
    for nowhere in ({}, {"country_id": None}, {"country_id": ""}):
        script.post("cities/", {"name": "Ys", **nowhere}, 400)
        assert list(script.errors()) == ["country_id"]
    made = script.post("cities/", {"name": "Ys", "country_id": "FR", "population": 9, "geonames_id": None})
    assert (made["population"], made["latitude"], made["slug"]) == (9, None, "ys-fr")


def test_the_same_again_is_refused(script: Script) -> None:
    network, city = make.make_network("League", publication="draft"), make.make_city("Lima")
    body = {"network_id": str(network.pid), "city_id": str(city.pid), "since": "2001"}
    script.post("memberships/", body)
    script.post("memberships/", body, 400)
    assert list(script.errors()) == ["since"]
    named = {"identifiers": [{"scheme": "doi", "value": "10.1234/x"}]}
    script.post("reports/", {"name": "Ports", **named})
    script.post("reports/", {"name": "Ports", **named}, 400)
    assert script.errors() == {"identifiers[0].value": "Another record has this identifier."}


def test_a_record_like_another_is_held_up_until_they_were_compared(script: Script) -> None:
    made = script.post("networks/", NETWORK)
    answer = script.post("networks/", {**NETWORK, "name": "League of Port"}, 409)
    (similar,) = answer["similar"]
    assert (similar["id"], similar["publication"]) == (made["id"], "draft")
    assert similar["reasons"]
    again = {**NETWORK, "name": "League of Port"}
    script.post(f"networks/?other_than={similar['id']}", again)
    script.post(f"networks/?other_than={uuid4()}", {**again, "name": "League of Ports!"}, 409)
    script.post("networks/?other_than=x", {**again, "name": "League of Ports!"}, 400)
    assert script.errors() == {"other_than": "“x” names no network."}
    script.post("memberships/?other_than=x", {}, 400)


def test_permissions_are_those_of_the_staff_site(script: Script) -> None:
    made = script.post("networks/", NETWORK)
    group = script.account.groups.get()  # type: ignore[union-attr]
    for action, ask in [
        ("delete", lambda: script.delete(f"networks/{made['id']}/", made["version"], 403)),
        ("change", lambda: script.patch(f"networks/{made['id']}/", {}, made["version"], 403)),
        ("add", lambda: script.post("networks/", {**NETWORK, "name": "Other"}, 403)),
        ("view", lambda: script.get("networks/?publication=draft", 403)),
    ]:
        group.permissions.remove(Permission.objects.get(codename=f"{action}_network"))
        assert ask()["detail"].startswith(f"The account may not {action} networks. An administrator can")
    assert Network.objects.count() == 1


# --- Reading ---------------------------------------------------------------------------------------------


def test_every_kind_has_its_drafts(script: Script, django_assert_max_num_queries: Any) -> None:
    hub = make_hub()
    surround(hub, 2, "Draft", "draft")
    for name, one in written().items():
        asked = "?publication=draft&publication=in-review" if one.is_reviewed else ""
        with django_assert_max_num_queries(30):
            rows = script.get(f"{name}/{asked}")["rows"]
        assert rows, name
        # Of sources the first support what is published.
        row = script.get(f"{name}/{rows[-1]['id']}/{asked}")
        assert row == rows[-1]
        # Sent back as it was read it changes nothing.
        body = {key: value for key, value in row.items() if key not in ("id", "version")}
        assert script.patch(f"{name}/{row['id']}/", body, row["version"]) == row, name


def test_drafts_come_in_pages(script: Script) -> None:
    for name in ("A", "B", "C"):
        make.make_network(name, publication="draft")
    found, address = [], "networks/?publication=draft&page_size=2"
    while address:
        page = script.get(address)
        found.append([row["name"] for row in page["rows"]])
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert found == [["A", "B"], ["C"]]
    for query, place in [
        ("publication=published", "publication"),
        ("publication=", "publication"),
        ("publication=draft&cursor=1", "cursor"),
        ("publication=draft&page_size=0", "page_size"),
        ("publication=draft&scope=regional", "scope"),
        ("publication=draft&secretariat_id=x", "secretariat_id"),
    ]:
        script.get(f"networks/?{query}", 400)
        assert list(script.errors()) == [place], query
    script.get("sources/?publication=draft", 400)
    script.get("parties/not-a-pid/?publication=draft", 404)


def test_a_page_of_drafts_costs_the_same_with_many(
    script: Script, django_assert_max_num_queries: Any
) -> None:
    hub = make_hub()
    surround(hub, 1, "A", "draft")
    few: dict[str, int] = {}
    for number in (0, 5):
        surround(hub, number, "B", "draft")
        for name in ("networks", "policies", "memberships", "offices"):
            with django_assert_max_num_queries(few.get(name, 30)) as asked:
                script.get(f"{name}/?publication=draft&page_size=200")
            few[name] = len(asked)


def test_what_the_public_reads_is_the_same_with_a_token(client: Client, script: Script) -> None:
    hub = make_hub()
    surround(hub, 2)
    surround(hub, 2, "Draft", "draft")
    addresses = ["", *(f"{name}/" for name in written() if name not in STAFF_ONLY)]
    addresses += [f"networks/{hub.network.pid}/?embed=cities", "search/?q=hub", "networks/?scope=x"]
    for address in addresses:
        plain, known = client.get(f"/api/v1/{address}"), script.client.get(f"/api/v1/{address}")
        wrong = client.get(f"/api/v1/{address}", headers={"Authorization": "Bearer x"})
        for answer in (known, wrong):
            assert answer.content == plain.content, address
            assert _headers(answer) == _headers(plain), address
        assert "Cookie" not in plain.get("Vary", ""), address
        assert "Draft" not in plain.content.decode()


STAFF_ONLY = {"sources"}


def _headers(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if not name.startswith("RateLimit")}
