"""Lists in the admin: applied once, by whom and as what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.models import (
    Citation,
    ListImport,
    Membership,
    PolicyParty,
    RosterConfirmation,
    TaughtName,
)
from tests.admin.conftest import signed_in
from tests.admin.list_pages import SOURCE, said, send
from tests.exchange.lists.brought import make_list, matched, unmatched
from tests.factories import (
    make_membership,
    make_network,
    make_party,
    make_policy,
    make_staff,
)

pytestmark = pytest.mark.django_db


def test_an_account_without_the_permission_to_add_applies_nothing(cities: Any) -> None:
    client = Client()
    account = make_staff("looker", "Contributor")
    account.groups.get().permissions.filter(codename="add_membership").delete()
    client.force_login(account)
    listing = make_list(make_network(), matched(cities["tokyo"]))
    assert send(client, listing, press="_apply", publication="draft").status_code == 403
    assert not Membership.objects.exists()


def test_the_second_who_applies_is_told(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]))
    send(editor, listing, press="_apply", publication="published")
    response = send(signed_in("Administrator"), listing, press="_apply", publication="published")
    assert "This list was applied by editor at 20" in said(response)
    assert Membership.objects.count() == 1


def test_the_same_list_again_adds_nothing(editor: Client, cities: Any) -> None:
    network = make_network()
    for _ in range(2):
        listing = make_list(
            network, matched(cities["tokyo"]), matched(cities["sao"], 3, since="2004"), source=SOURCE
        )
        send(editor, listing, press="_apply", publication="published")
    assert listing.rows.standings() == {"there": 2}
    assert (Membership.objects.count(), Citation.objects.count()) == (2, 2)


def test_a_discarded_list_is_not_applied(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]))
    send(editor, listing, press="_discard")
    response = send(editor, listing, press="_apply", publication="draft")
    assert "This list was discarded" in said(response)
    assert not Membership.objects.exists()


def test_members_left_out_of_a_complete_list_have_left(editor: Client, cities: Any) -> None:
    network = make_network()
    gone = make_membership(city=cities["paris"], network=network, since="2005")
    listing = make_list(network, matched(cities["tokyo"]), source=SOURCE, observed_on="2025-11-03")
    response = send(editor, listing, press="_apply", publication="published", missing="left")
    assert "1 recorded as having left" in said(response)
    gone.refresh_from_db()
    assert (gone.status, gone.until, gone.ended) == ("left", None, "ended")
    assert gone.note == "Not on the list of 2025-11-03."
    assert gone.citations.get().quote == "Not on the list."
    check = RosterConfirmation.objects.get()
    assert (str(check.confirmed_by), check.complete, check.publication) == ("editor", True, "published")
    assert check.citations.get().source.url == SOURCE


def test_members_that_left_are_ticked_one_by_one(editor: Client, cities: Any) -> None:
    network = make_network()
    gone = make_membership(city=cities["paris"], network=network)
    stays = make_membership(city=cities["sao"], network=network)
    listing = make_list(network, matched(cities["tokyo"]))
    send(
        editor, listing, show="missing", missing="incomplete", shown=[gone.pk, stays.pk], left=[gone.pk, 999]
    )
    listing.refresh_from_db()
    assert (listing.missing, list(listing.departed.all())) == ("some", [gone])
    send(editor, listing, press="_apply", publication="published", missing="some")
    assert set(Membership.objects.values_list("city__name", "status")) == {
        ("Paris", "left"),
        ("São Paulo", "member"),
        ("Tokyo", "member"),
    }


def test_an_incomplete_list_says_nothing_of_the_others(editor: Client, cities: Any) -> None:
    network = make_network()
    make_membership(city=cities["paris"], network=network)
    send(editor, make_list(network, matched(cities["tokyo"])), press="_apply", publication="published")
    assert not Membership.objects.filter(status="left").exists()
    assert not RosterConfirmation.objects.exists()


def test_a_list_with_undecided_rows_confirms_no_complete_roster(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]), unmatched("Edo", number=3))
    response = send(editor, listing, press="_apply", publication="published", missing="left")
    assert "1 rows were not applied" in said(response)
    assert not RosterConfirmation.objects.get().complete
    send(editor, listing, press="_rest")
    rest = ListImport.objects.exclude(pk=listing.pk).get()
    assert [(row.name, row.standing) for row in rest.rows.all()] == [("Edo", "unmatched")]


def test_parties_to_a_joint_policy(editor: Client, cities: Any) -> None:
    policy = make_policy()
    gone = make_party(policy=policy, city=cities["paris"])
    listing = make_list(policy, matched(cities["tokyo"], role="lead"), source=SOURCE)
    send(editor, listing, press="_apply", publication="published", missing="left")
    tokyo = PolicyParty.objects.get(city=cities["tokyo"])
    assert (tokyo.role, tokyo.publication, tokyo.citations.get().source.url) == ("lead", "published", SOURCE)
    gone.refresh_from_db()
    assert gone.ended == "ended"


def test_what_another_session_recorded_meanwhile_is_no_crash(
    editor: Client, cities: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses at the last moment: nothing is applied and the plan is shown anew."""
    network = make_network()
    listing = make_list(network, matched(cities["tokyo"], since="2004"))
    genuine = Membership.objects.bulk_create

    def late(rows: Any, *args: Any, **kwargs: Any) -> Any:
        make_membership(city=cities["tokyo"], network=network, since="2001")
        return genuine(rows, *args, **kwargs)

    monkeypatch.setattr(
        type(Membership.objects), "bulk_create", lambda self, rows, **given: late(rows, **given)
    )
    response = send(editor, listing, press="_apply", publication="published")
    assert "nothing was applied" in said(response)
    listing.refresh_from_db()
    assert listing.state == "open"


def test_everything_applied_carries_the_batch_and_who(editor: Client, cities: Any) -> None:
    network = make_network()
    listing = make_list(network, unmatched("Edo"), source=SOURCE)
    edo = {"choice": "other", "other": cities["tokyo"].pk}
    send(editor, listing, press="_apply", publication="published", row_2=edo)
    records: list[Any] = [
        Membership.objects.get(),
        Citation.objects.get(),
        TaughtName.objects.get(),
        listing,
    ]
    for record in records:
        event = type(record).pgh_event_model.objects.filter(pgh_obj=record.pk).latest("pgh_id")
        said_of = event.pgh_context.metadata
        assert (said_of["batch"], said_of["username"]) == (str(listing.batch), "editor")


def test_an_applied_list_is_kept(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]))
    send(editor, listing, press="_apply", publication="draft")
    assert editor.post(f"/admin/registry/listimport/{listing.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ListImport.objects.exists()
