"""Merging, restoring and undoing on the staff site."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import City, Membership, Merge, Network
from registry.models.history import acting
from tests.factories import cite, make_city, make_membership, make_network, make_organisation

pytestmark = pytest.mark.django_db


def seen(page: Any) -> str:
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]  # type: ignore[index]


def test_two_selected_records_are_merged_and_unmerged(editor: Client, client: Client) -> None:
    stays, goes = (
        make_city("Paris", website="https://paris.fr/"),
        make_city("Lutetia", website="https://l.fr/"),
    )
    make_membership(city=goes, network=make_network("C40"))
    chosen: Any = editor.post(
        "/admin/registry/city/", {"action": "merge_selected", "_selected_action": [stays.pk, goes.pk]}
    )
    assert chosen.url == f"/admin/registry/city/{stays.pk}/merge/?other={goes.pk}"
    page = editor.get(chosen.url)
    assert "C40" in page.content.decode()
    posted = {"other": goes.pk, "seen": seen(page), "field-website": "merged", "_merge": "1"}
    told = editor.post(chosen.url, posted, follow=True).content.decode()
    done = Merge.objects.get()
    undo = f"/admin/registry/city/merges/{done.pk}/undo/"
    assert undo in told
    assert City.objects.get().website == "https://l.fr/"
    assert client.get("/cities/lutetia-fr/")["Location"] == "/cities/paris-fr/"
    assert client.get(f"/cities/{goes.pid}/").status_code == 301
    assert "Lutetia" in editor.get(f"/admin/registry/city/{stays.pk}/history/").content.decode()
    assert editor.get(undo).status_code == 200
    editor.post(undo)
    assert client.get("/cities/lutetia-fr/").status_code == 200
    assert client.get(f"/cities/{goes.pid}/")["Location"] == "/cities/lutetia-fr/"
    assert Membership.objects.get().city == goes


def test_what_was_not_seen_is_not_merged(editor: Client) -> None:
    stays, goes = make_network(), make_network()
    address = f"/admin/registry/network/{stays.pk}/merge/?other={goes.pk}"
    fingerprint = seen(editor.get(address))
    make_membership(network=goes)
    page = editor.post(address, {"other": goes.pk, "seen": fingerprint, "_merge": "1"})
    assert "Something changed since this was shown" in page.content.decode()
    assert Network.objects.count() == 2


@pytest.mark.parametrize("wanted", ["x", "9" * 30, "%00", "", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_other_record_is_asked_for_again(editor: Client, wanted: str) -> None:
    record = make_organisation()
    page = editor.get(f"/admin/registry/organisation/{record.pk}/merge/?other={wanted}")
    assert page.status_code == 200
    assert page.templates[0].name == "admin/registry/merge_choose.html"


def test_contributors_merge_no_published_records(contributor: Client) -> None:
    one, other = make_organisation(), make_organisation()
    address = f"/admin/registry/organisation/{one.pk}/merge/?other={other.slug}"
    assert contributor.get(address).status_code == 403
    drafts = [make_organisation(publication="draft") for _ in range(2)]
    page = contributor.get(f"/admin/registry/organisation/{drafts[0].pk}/merge/?other={drafts[1].pid}")
    assert page.status_code == 200


def test_an_unmerge_that_cannot_be_is_told_why(editor: Client) -> None:
    one, other = make_organisation("One"), make_organisation("Other")
    address = f"/admin/registry/organisation/{one.pk}/merge/?other={other.pk}"
    editor.post(address, {"other": other.pk, "seen": seen(editor.get(address)), "_merge": "1"})
    third = make_organisation("Third")
    address = f"/admin/registry/organisation/{third.pk}/merge/?other={one.pk}"
    editor.post(address, {"other": one.pk, "seen": seen(editor.get(address)), "_merge": "1"})
    first = Merge.objects.order_by("pk")[0]
    page = editor.post(f"/admin/registry/organisation/merges/{first.pk}/undo/", follow=True)
    assert "undo that merge first" in page.content.decode()
    assert not first.undone_at


def test_the_preview_costs_the_same_for_many(editor: Client) -> None:
    costs = []
    for number in (2, 20):
        one, other = make_network(), make_network()
        for place in range(number):
            city = make_city()
            for network in (one, other) if place % 2 else (other,):
                cite(make_membership(city=city, network=network, since="2001", role=f"{network.pk}"))
        with CaptureQueriesContext(connection) as queries:
            editor.get(f"/admin/registry/network/{one.pk}/merge/?other={other.pk}")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_what_becomes_of_conflicts_not_shown_is_said(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.admin.merges.MOST_CONFLICTS", 2)
    one, other = make_network(), make_network()
    for _ in range(3):
        city = make_city()
        make_membership(city=city, network=one, since="2001")
        make_membership(city=city, network=other, since="2002")
    page = editor.get(f"/admin/registry/network/{one.pk}/merge/?other={other.pk}").content.decode()
    assert "3 conflict; the first 2 are shown. Of the other 1" in page
    assert page.count("which stays?") == 2


def test_a_value_and_a_version_come_back_by_their_buttons(editor: Client, fill_in: Any) -> None:
    network = make_network("First", region="Here")
    address = f"/admin/registry/network/{network.pk}/"
    fill_in(editor, f"{address}change/", name="Second", region="There")
    page = editor.get(f"{address}history/").content.decode()
    versions = re.findall(r'name="version" value="([\w.]+(?::\w+)?)"', page)
    value = next(version for version in versions if version.endswith(":region"))
    editor.post(f"{address}history/restore/", {"version": value})
    network.refresh_from_db()
    assert (network.name, network.region) == ("Second", "Here")
    whole = next(version for version in versions if ":" not in version)
    editor.post(f"{address}history/restore/", {"version": whole})
    network.refresh_from_db()
    assert network.name == "First"
    for odd in ("", "x", "9" * 30, "1:none"):
        assert editor.post(f"{address}history/restore/", {"version": odd}).status_code in (302, 404)


def test_a_deleted_record_comes_back_with_its_links(editor: Client, client: Client) -> None:
    network = make_network("Gone")
    membership = make_membership(network=network)
    cite(membership)
    pid = network.pid
    editor.post(f"/admin/registry/network/{network.pk}/delete/", {"post": "yes"})
    assert not Membership.objects.exists()
    page = editor.get("/admin/registry/network/deleted/")
    assert "Gone" in page.content.decode()
    key = page.context["rows"][0]["key"]
    editor.post("/admin/registry/network/deleted/", {"key": key})
    assert Network.objects.get().pid == pid
    assert Membership.objects.get().citations.count() == 1
    assert client.get("/networks/gone/").status_code == 200
    assert not editor.get("/admin/registry/network/deleted/").context["rows"]
    assert editor.post("/admin/registry/network/deleted/", {"key": "x"}).status_code == 404


def test_a_batch_is_undone_from_its_page(editor: Client) -> None:
    with acting(username="ida", command="import_list", batch="b-1"):
        make_membership()
    assert "b-1" in editor.get("/admin/batches/").content.decode()
    assert editor.get("/admin/batches/b-1/undo/").status_code == 200
    editor.post("/admin/batches/b-1/undo/")
    assert not Membership.objects.exists()
    assert "Undone" in editor.get("/admin/batches/").content.decode()
    assert editor.get("/admin/batches/none/undo/").status_code == 404
