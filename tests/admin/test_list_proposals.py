"""Lists that contributors apply: what they would change of published records waits as proposals."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions.undo import undo_batch
from registry.models import (
    ListImport,
    Membership,
    Proposal,
    RosterConfirmation,
)
from tests.admin.list_pages import SOURCE, page_of, said, send
from tests.exchange.lists.brought import make_list, matched
from tests.factories import (
    cite,
    make_city,
    make_membership,
    make_network,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(cities: Any) -> Any:
    """A network of which Paris is a published member since 2005, and São Paulo without a date."""
    network = make_network("C40")
    make_membership(city=cities["paris"], network=network, since="2005")
    make_membership(city=cities["sao"], network=network)
    return network


def changing(network: Any, cities: Any, **given: Any) -> ListImport:
    """A list that changes both members, and adds Tokyo."""
    listing = make_list(
        network,
        matched(cities["paris"], since="2006"),
        matched(cities["sao"], 3, since="2010"),
        matched(cities["tokyo"], 4),
        source=SOURCE,
        **given,
    )
    listing.rows.filter(number=2).update(answer="list")
    return listing


def test_changes_of_published_records_are_proposed(contributor: Client, network: Any, cities: Any) -> None:
    listing = changing(network, cities)
    page = contributor.get(f"{page_of(listing)}?show=changed").content.decode()
    assert page.count("<strong>Proposed:</strong>") == 2
    refused = send(contributor, listing, press="_apply", publication="published")
    assert refused.context["settings"].errors
    response = send(contributor, listing, press="_apply", publication="draft")
    assert "1 memberships added as drafts" in said(response)
    assert "2 changes of published records wait as proposals" in said(response)
    assert set(Membership.objects.values_list("city__name", "since", "publication")) == {
        ("Paris", "2005", "published"),
        ("São Paulo", None, "published"),
        ("Tokyo", None, "draft"),
    }
    paris = Membership.objects.get(city=cities["paris"])
    proposal = Proposal.objects.get(target=paris.pid)
    assert proposal.patch == {"since": "2006", "citations": {"added": [{"reference": SOURCE}]}}
    assert (proposal.base, proposal.state) == ({"since": "2005"}, "open")
    assert str(proposal.proposed_by) == "contributor"
    assert proposal.reason == ("Pasted list for C40: Since: the registry has 2005, the list 2006.")
    assert not paris.citations.exists()


def test_an_editor_accepts_what_a_list_proposes(
    contributor: Client, editor: Client, network: Any, cities: Any
) -> None:
    send(contributor, changing(network, cities), press="_apply", publication="draft")
    for proposal in Proposal.objects.all():
        address = f"/admin/registry/proposal/{proposal.pk}/change/"
        page = editor.get(address).content.decode()
        assert "2006" in page or "2010" in page
        editor.post(address, {"accept": "1"})
    assert set(Proposal.objects.values_list("state", flat=True)) == {"accepted"}
    paris = Membership.objects.get(city=cities["paris"])
    assert (paris.since, paris.citations.get().source.url) == ("2006", SOURCE)


def test_the_same_list_again_proposes_nothing_new(contributor: Client, network: Any, cities: Any) -> None:
    send(contributor, changing(network, cities), press="_apply", publication="draft")
    response = send(contributor, changing(network, cities), press="_apply", publication="draft")
    assert "2 changes of published records were proposed before" in said(response)
    assert Proposal.objects.count() == 2


def test_a_source_cited_already_is_not_proposed(contributor: Client, network: Any, cities: Any) -> None:
    paris = Membership.objects.get(city=cities["paris"])
    cite(paris).source.__class__.objects.update(url=SOURCE)
    send(contributor, changing(network, cities), press="_apply", publication="draft")
    assert Proposal.objects.get(target=paris.pid).patch == {"since": "2006"}


def test_members_that_left_are_proposed(
    contributor: Client, editor: Client, network: Any, cities: Any
) -> None:
    listing = make_list(network, matched(cities["tokyo"]), matched(cities["sao"], 3), source=SOURCE)
    page = contributor.get(f"{page_of(listing)}?show=missing").content.decode()
    assert "<strong>Proposed:</strong>" in page
    send(contributor, listing, press="_apply", publication="draft", missing="left")
    proposal = Proposal.objects.get()
    assert (proposal.patch["ended"], proposal.patch["status"]) == ("ended", "left")
    editor.post(f"/admin/registry/proposal/{proposal.pk}/change/", {"accept": "1"})
    paris = Membership.objects.get(city=cities["paris"])
    assert (paris.status, paris.citations.get().quote) == ("left", "Not on the list.")
    assert not RosterConfirmation.objects.get().complete


def test_undoing_the_batch_withdraws_what_nobody_decided(
    contributor: Client, editor: Client, network: Any, cities: Any
) -> None:
    """What an editor accepted meanwhile stays accepted."""
    listing = changing(network, cities)
    send(contributor, listing, press="_apply", publication="draft")
    first, second = Proposal.objects.order_by("pk")
    editor.post(f"/admin/registry/proposal/{first.pk}/change/", {"accept": "1"})
    undo_batch(str(listing.batch), by=make_staff("ida", "Editor"))
    assert list(Proposal.objects.values_list("pk", "state")) == [(first.pk, "accepted")]
    assert not Membership.objects.filter(city=cities["tokyo"]).exists()
    assert Membership.objects.filter(since="2006").exists() is ("2006" in str(first.patch))


def test_proposing_costs_the_same_for_few_and_many(contributor: Client) -> None:
    def queries(number: int) -> int:
        network = make_network()
        found = [make_city() for _ in range(number)]
        for city in found:
            make_membership(city=city, network=network)
        rows = [matched(city, at, since="2004") for at, city in enumerate(found, 2)]
        listing = make_list(network, *rows, source=SOURCE)
        with CaptureQueriesContext(connection) as counted:
            send(contributor, listing, press="_apply", publication="draft")
        return len(counted)

    few = queries(2)
    assert queries(20) == few
    assert Proposal.objects.count() == 22


def test_an_editor_who_applies_as_drafts_proposes_too(editor: Client, network: Any, cities: Any) -> None:
    send(editor, changing(network, cities), press="_apply", publication="draft")
    assert Proposal.objects.count() == 2
    assert Membership.objects.get(city=cities["paris"]).since == "2005"
