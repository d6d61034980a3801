"""The listing of changes: what was published, changed and removed, and nothing of drafts."""

from __future__ import annotations

import csv
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client

from registry.exchange.changes import KINDS
from registry.filters import ChangeFilterSet
from registry.models import (
    City,
    Membership,
    Network,
    OfficeHolder,
    Partnership,
    PolicyExperiment,
)
from registry.models.history import acting
from tests import factories as make
from tests.models.past import happened_on
from tests.views.rows import make_hub, surround
from tests.views.test_details import cost, text
from tests.views.test_hostile import NASTY

pytestmark = pytest.mark.django_db


def listed(client: Client, **query: Any) -> list[dict[str, str]]:
    """The rows of the file, the newest first."""
    response = client.get("/changes/", {**query, "format": "csv"})
    assert response.status_code == 200
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    return list(csv.DictReader(lines))


def told(client: Client, **query: Any) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["done"], row["name"]) for row in listed(client, **query)]


def test_a_record_is_published_changed_and_removed(client: Client) -> None:
    network = make.make_network("League", publication="draft", acronym="L")
    happened_on("2024-01-01")
    Network.objects.filter(pk=network.pk).update(publication="published")
    happened_on("2024-01-02")
    Network.objects.filter(pk=network.pk).update(acronym="LG")
    happened_on("2024-01-03")
    rows = listed(client, kind="network")
    assert [(row["done"], row["at"][:10]) for row in rows] == [
        ("changed", "2024-01-03"),
        ("published", "2024-01-02"),
    ]
    assert rows[0]["differences"] == "acronym: L → LG" and not rows[1]["differences"]
    assert rows[0]["address"] == "/networks/league/"
    network.delete()
    happened_on("2024-01-04")
    assert told(client, kind="network")[0] == ("network", "removed", "League")
    assert not listed(client, kind="network")[0]["address"]
    words = text(client.get("/changes/?kind=network").content.decode())
    assert "acronym L → LG" in words and "Removed" in words


def test_links_are_named_by_their_ends(client: Client) -> None:
    membership = make.make_membership(city=make.make_city("Oslo"), network=make.make_network("League"))
    happened_on("2024-01-01")
    membership.role = "chair"
    membership.save()
    assert told(client, kind="membership") == [
        ("membership", "changed", "Oslo, League"),
        ("membership", "published", "Oslo, League"),
    ]
    membership.delete()
    assert told(client, kind="membership")[0] == ("membership", "removed", "Oslo, League")


@pytest.mark.parametrize("end", ["itself", "city", "network"])
@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_nothing_shows_of_what_is_not_public_now(client: Client, end: str, state: str) -> None:
    membership = make.make_membership(city=make.make_city("Oslo"), network=make.make_network("League"))
    assert told(client, kind="membership")
    record = membership if end == "itself" else getattr(membership, end)
    record.publication = state
    record.save()
    assert not told(client, kind="membership")
    Membership.objects.filter(pk=membership.pk).delete()
    assert not told(client, kind="membership")


def test_what_staff_alone_see_is_no_change(client: Client) -> None:
    with acting(username="staffperson"):
        network = make.make_network("League", publication="draft", note="Secretnote", description="Oldtext")
        Network.objects.filter(pk=network.pk).update(description="Newtext", publication="published")
        Network.objects.filter(pk=network.pk).update(note="Secretnote again")
        secretariat = make.make_city("Hiddencity", publication="draft")
        Network.objects.filter(pk=network.pk).update(secretariat=secretariat)
    rows = listed(client)
    assert [row["done"] for row in rows] == ["published"]
    everything = json.dumps(rows) + client.get("/changes/").content.decode()
    everything += client.get("/changes/?format=atom").content.decode()
    for hidden in ("Secretnote", "Oldtext", "Hiddencity", "staffperson"):
        assert hidden not in everything


def test_a_draft_in_a_field_reads_as_nothing(client: Client) -> None:
    oslo, hidden = make.make_city("Oslo"), make.make_city("Hiddencity", publication="draft")
    network = make.make_network("League", secretariat=oslo)
    happened_on("2024-01-01")
    Network.objects.filter(pk=network.pk).update(secretariat=hidden)
    happened_on("2024-01-02")
    Network.objects.filter(pk=network.pk).update(secretariat=None)
    happened_on("2024-01-03")
    Network.objects.filter(pk=network.pk).update(secretariat=hidden, acronym="L")
    happened_on("2024-01-04")
    told_of = [(row["at"][:10], row["differences"]) for row in listed(client, kind="network", done="changed")]
    assert told_of == [("2024-01-04", "acronym: — → L"), ("2024-01-02", "secretariat city: Oslo → —")]
    # Published since, it tells nothing of the time before; but what replaces it is told.
    City.objects.filter(pk=hidden.pk).update(publication="published")
    happened_on("2024-01-05")
    assert len(listed(client, kind="network", done="changed")) == 2
    Network.objects.filter(pk=network.pk).update(secretariat=oslo)
    assert listed(client)[0]["differences"] == "secretariat city: Hiddencity → Oslo"


def link_of(kind: str, hidden: str) -> tuple[Any, str, Any]:
    """A published link with an end that is a draft, a field of it, and that end."""
    records = {
        "city": make.make_city("Oslo"),
        "network": make.make_network("League"),
        "policy": make.make_policy("Accord"),
        "organisation": make.make_organisation("Institute"),
    }
    records["office"] = make.make_office("Bureau", city=records["city"])
    end = records[hidden]
    end.publication = "draft"
    end.save()
    city, network, policy, office, organisation = (
        records[one] for one in ("city", "network", "policy", "office", "organisation")
    )
    published = {"publication": "published"}
    link, field = {
        "membership": lambda: (Membership(city=city, network=network, **published), "role"),
        "experiment": lambda: (PolicyExperiment(policy=policy, **published), "hypothesis"),
        "holder": lambda: (OfficeHolder(office=office, **published), "person_name"),
        "partnership": lambda: (
            Partnership(organisation=organisation, network=network, **published),
            "role",
        ),
    }[kind]()
    return link, field, end


def say(link: Any, field: str, value: str, day: str) -> None:
    setattr(link, field, value)
    link.save()
    happened_on(day)


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [
        ("membership", "city"),
        ("membership", "network"),
        ("experiment", "policy"),
        ("holder", "office"),
        ("holder", "city"),
        ("partnership", "network"),
        ("partnership", "organisation"),
    ],
)
def test_nothing_shows_of_before_all_ends_were_public(client: Client, kind: str, hidden: str) -> None:
    link, field, end = link_of(kind, hidden)
    say(link, field, "First", "2024-01-01")
    say(link, field, "Second", "2024-01-02")
    end.publication = "published"
    end.save()
    happened_on("2024-01-03")
    assert not listed(client, kind=kind)
    say(link, field, "Third", "2024-01-04")
    (row,) = listed(client, kind=kind)
    assert row["done"] == "changed" and row["differences"].endswith(": Second → Third")
    link.delete()
    happened_on("2024-01-05")
    assert [row["done"] for row in listed(client, kind=kind)] == ["removed", "changed"]
    everything = client.get("/changes/").content.decode()
    everything += client.get("/changes/?format=atom").content.decode()
    everything += client.get("/api/v1/changes/").content.decode()
    assert "First" not in everything and "Second → Third" in everything


def test_a_link_that_went_before_its_end_was_public_was_never_there(client: Client) -> None:
    city = make.make_city("Oslo", publication="draft")
    membership = make.make_membership(city=city, network=make.make_network("League"))
    happened_on("2024-01-01")
    membership.delete()
    happened_on("2024-01-02")
    City.objects.filter(pk=city.pk).update(publication="published")
    happened_on("2024-01-03")
    assert not listed(client, kind="membership")


def test_what_changes_as_its_end_is_published_is_published(client: Client) -> None:
    city = make.make_city("Oslo", publication="draft")
    membership = make.make_membership(city=city, network=make.make_network("League"))
    happened_on("2024-01-01")
    City.objects.filter(pk=city.pk).update(publication="published")
    say(membership, "role", "chair", "2024-01-02")
    (row,) = listed(client, kind="membership")
    assert (row["done"], row["differences"]) == ("published", "")


def test_what_is_moved_to_a_public_end_is_published(client: Client) -> None:
    city = make.make_city("Hiddencity", publication="draft")
    membership = make.make_membership(city=city, network=make.make_network("League"), role="First")
    bergen = make.make_city("Bergen")
    happened_on("2024-01-01")
    membership.city = bergen
    say(membership, "role", "Second", "2024-01-02")
    (row,) = listed(client, kind="membership")
    assert (row["name"], row["done"], row["differences"]) == ("Bergen, League", "published", "")


def test_what_an_end_withdrawn_since_had_is_not_told(client: Client) -> None:
    oslo, bergen = make.make_city("Oslo"), make.make_city("Bergen")
    membership = make.make_membership(city=oslo, network=make.make_network("League"), role="First")
    happened_on("2024-01-01")
    membership.city = bergen
    say(membership, "role", "Second", "2024-01-02")
    assert listed(client, kind="membership")[0]["differences"].startswith("city: Oslo → Bergen")
    City.objects.filter(pk=oslo.pk).update(publication="draft")
    assert [row["differences"] for row in listed(client, kind="membership", done="published")][0] == ""
    assert "First" not in json.dumps(listed(client))


def test_places_that_the_gazetteer_brought_are_no_news(client: Client) -> None:
    brought, entered = make.make_city("Oslo", geonames_id=3143244), make.make_city("Viken")
    assert told(client, kind="city") == [("city", "published", "Viken")]
    type(brought).objects.filter(pk=brought.pk).update(population=5)
    assert told(client, kind="city")[0] == ("city", "changed", "Oslo")
    assert entered.geonames_id is None


def test_it_is_narrowed(client: Client) -> None:
    oslo, league = make.make_city("Oslo"), make.make_network("League")
    make.make_membership(city=oslo, network=league)
    happened_on("2024-01-31")
    policy = make.make_policy("Accord")
    make.make_party(policy=policy, city=oslo)
    happened_on("2024-02-01")
    make.make_membership(city=make.make_city("Bergen"), network=make.make_network("Other"))
    happened_on("2024-03-01")

    of_oslo = told(client, city="oslo-fr")
    assert {kind for kind, _, _ in of_oslo} == {"city", "membership", "party"}
    assert {name for _, _, name in told(client, network="league")} == {"League", "Oslo, League"}
    assert {kind for kind, _, _ in told(client, policy="accord")} == {"policy", "party"}
    assert {kind for kind, _, _ in told(client, policy="accord", city="oslo-fr")} == {"party"}
    assert {row["at"][:10] for row in listed(client, since="2024-02", until="2024-02")} == {"2024-02-01"}
    assert {row["at"][:10] for row in listed(client, until="2024-01")} == {"2024-01-31"}
    assert not told(client, done="removed")
    days = [row["at"] for row in listed(client)]
    assert days == sorted(days, reverse=True)


def test_pages_hold_all_rows_once(client: Client) -> None:
    surround(make_hub(), 3)
    pages, number = [], 1
    while True:
        response = client.get("/changes/", {"page": number, "page_size": 17})
        page = response.context["page"]
        pages += [row.pid for row in page.rows]
        if not page.has_next:
            break
        number += 1
    assert len(pages) == len(set(pages)) == len(listed(client))


def test_files_hold_more_than_pages_reach(client: Client) -> None:
    make.make_cities(((f"Place {number:04}", "FR") for number in range(1_010)), publication="published")
    network = make.make_network("League")
    names = [row["name"] for row in listed(client)]
    assert len(names) == len(set(names)) == 1_011
    response: Any = client.get("/changes/?format=json&kind=city")
    assert json.loads(b"".join(response.streaming_content))["count"] == 1_010
    page = client.get("/changes/?page=20").context["page"]
    assert len(page.rows) == 50 and page.more and not page.has_next and page.near[-1] == 20
    assert client.get("/changes/?page=19").context["page"].has_next
    happened_on("2024-01-01")
    Network.objects.filter(pk=network.pk).update(acronym="L")
    assert [row["id"] for row in listed(client)] == in_the_api(client)


def in_the_api(client: Client) -> list[str]:
    """The changes in the order of the API's pages."""
    found, address = [], "/api/v1/changes/?page_size=200"
    while address:
        answer = client.get(address).json()
        found += [row["id"] for row in answer["rows"]]
        address = answer["next"]
    return found


def test_the_feed_names_each_change(client: Client) -> None:
    make.make_membership(city=make.make_city("Oslo"), network=make.make_network("League"))
    feed = client.get("/changes/?format=atom").content.decode()
    assert "Membership, published: Oslo, League" in feed
    assert feed.count("<entry>") == len(listed(client))


def test_it_costs_the_same_with_few_rows_and_with_many(client: Client) -> None:
    hub = make_hub()
    surround(hub, 3)
    few = {kind: cost(client, f"/changes/?page_size=200&kind={kind}") for kind in KINDS}
    surround(hub, 27)
    make.analyze()
    assert {kind: cost(client, f"/changes/?page_size=200&kind={kind}") for kind in KINDS} == few
    assert cost(client, "/changes/?page_size=200") <= 10


@pytest.mark.parametrize("value", NASTY)
def test_no_value_fails(client: Client, value: str) -> None:
    names = ChangeFilterSet.base_filters.keys() - {"format"}
    assert client.get("/changes/", dict.fromkeys(names, value)).status_code == 200
    for name in names:
        ChangeFilterSet(QueryDict(f"{name}={quote(value)}"), queryset=City.objects.none()).is_valid()


def test_beyond_the_last_page_there_is_a_message(client: Client) -> None:
    for number in (2, 300):
        words = text(client.get("/changes/", {"page": number}).content.decode())
        assert "Nothing is shown" in words and ("no page 2" in words or "Changed to" in words)
