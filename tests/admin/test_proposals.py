"""Changes to published records by those who may not publish: proposed, revised, accepted, refused."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from registry.actions import review
from registry.admin import history
from registry.models import Membership, Network, Proposal, ReviewComment
from registry.models.constraints import FieldExclusion
from tests.admin.conftest import errors_of, signed_in
from tests.factories import (
    cite,
    make_city,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_party,
    make_policy,
)

pytestmark = pytest.mark.django_db


def address_of(record: Any) -> str:
    """The form of a record."""
    return f"/admin/registry/{record._meta.model_name}/{record.pk}/change/"


@pytest.fixture
def propose(contributor: Client, fill_in: Any) -> Any:
    """Fills in the form of a published record as a contributor and proposes what was changed."""

    def propose(record: Any, *, reason: str = "The site says so", query: str = "", **changes: Any) -> Any:
        before = set(Proposal.objects.values_list("pk", flat=True))
        address = f"{address_of(record)}{query}"
        response = fill_in(contributor, address, press="_propose", reason=reason, **changes)
        return Proposal.objects.exclude(pk__in=before).first() or response

    return propose


def decide(client: Client, proposal: Proposal, press: str = "accept", comment: str = "") -> Any:
    """Press a button of the proposal's page, and the page that follows."""
    return client.post(address_of(proposal), {press: "1", "comment": comment}, follow=True)


def text_of(response: Any) -> str:
    """The page as text."""
    return response.content.decode()


def state(proposal: Proposal) -> str:
    """What became of the proposal."""
    proposal.refresh_from_db()
    return proposal.state


# --- Proposing --------------------------------------------------------------------------------------------


def test_a_proposal_alters_nothing_public(propose: Any, client: Client) -> None:
    network = make_network("Old name", issues=[make_issue("Water")])
    member = make_membership(network=network, since="2001")
    leaving = make_membership(network=network, city=make_city("Zz"))
    joining = make_city("Joining")
    before = text_of(client.get(network.get_absolute_url()))
    proposal = propose(
        network,
        name="New name",
        rows={"memberships": [{"city": joining.pk, "reference": "https://example.org/list"}]},
        **{"memberships-0-since": "2002", "memberships-1-DELETE": "on"},
    )
    assert text_of(client.get(network.get_absolute_url())) == before
    assert proposal.patch == {
        "name": "New name",
        "memberships": {
            "added": [
                {
                    "city": str(joining.pk),
                    "status": "member",
                    "ended": "unknown",
                    "reference": "https://example.org/list",
                }
            ],
            "changed": {str(member.pk): {"since": "2002"}},
            "removed": [str(leaving.pk)],
        },
    }
    assert proposal.base["name"] == "Old name"
    assert proposal.base["memberships"]["changed"] == {str(member.pk): {"since": "2001"}}
    assert (proposal.state, proposal.proposed_by.username) == ("open", "contributor")
    assert proposal.version == review.version_of(network)


def test_a_proposal_is_checked_as_the_form_checks(propose: Any) -> None:
    network = make_network(founded="2005")
    response = propose(network, dissolved="1999")
    assert errors_of(response) == {"dissolved": ["The end lies before the start."]}
    assert not Proposal.objects.exists()


def test_a_proposal_needs_a_reason_and_a_change(propose: Any) -> None:
    network = make_network()
    assert "Say why" in text_of(propose(network, name="Other", reason=" "))
    assert propose(network).status_code == 302
    assert not Proposal.objects.exists()


def test_a_contributor_neither_saves_nor_unpublishes(contributor: Client, fill_in: Any) -> None:
    network = make_network("As published")
    for press in ("_save", "_draft", "_publish", "_continue"):
        response = fill_in(contributor, address_of(network), name="Other", press=press)
        assert response.status_code == 403
    fill_in(contributor, address_of(network), press="_propose", reason="So", publication="draft")
    network.refresh_from_db()
    assert (network.name, network.publication) == ("As published", "published")


def test_an_editor_changes_at_once(editor: Client, fill_in: Any) -> None:
    network = make_network()
    assert 'name="_propose"' not in text_of(editor.get(address_of(network)))
    fill_in(editor, address_of(network), name="Other", press="_propose", reason="So")
    network.refresh_from_db()
    assert network.name == "Other"
    assert not Proposal.objects.exists()


def test_the_author_revises_and_withdraws(propose: Any, contributor: Client, editor: Client) -> None:
    policy = make_policy("Policy", issues=[make_issue()], cities=[make_city("A"), make_city("B")])
    first = policy.parties.get(city__name="A")
    proposal = propose(policy, summary="Short", **{"parties-0-since": "2004", "parties-1-DELETE": "on"})
    decide(editor, proposal, "return", "Which source?")
    assert state(proposal) == "returned"

    page = text_of(contributor.get(address_of(proposal)))
    assert "Which source?" in page
    assert f"?proposal={proposal.pk}" in page
    revised = propose(policy, query=f"?proposal={proposal.pk}", reason="See p. 3", outputs="A report")
    assert revised.status_code == 302
    assert state(proposal) == "open"
    assert (proposal.reason, proposal.patch["summary"], proposal.patch["outputs"]) == (
        "See p. 3",
        "Short",
        "A report",
    )
    assert proposal.patch["parties"]["changed"] == {str(first.pk): {"since": "2004"}}
    assert len(proposal.patch["parties"]["removed"]) == 1
    decide(contributor, proposal, "withdraw")
    assert state(proposal) == "withdrawn"


def test_nobody_withdraws_or_revises_for_another(propose: Any, fill_in: Any) -> None:
    network = make_network()
    proposal = propose(network, name="Other")
    stranger = signed_in("Contributor", "stranger")
    assert decide(stranger, proposal, "withdraw").status_code == 403
    fill_in(
        stranger,
        f"{address_of(network)}?proposal={proposal.pk}",
        press="_propose",
        reason="So",
        region="Asia",
    )
    assert state(proposal) == "open"
    assert Proposal.objects.count() == 2


# --- Deciding ---------------------------------------------------------------------------------------------


def test_an_editor_sees_both_sides_and_accepts(propose: Any, editor: Client) -> None:
    network = make_network("Old name", secretariat=make_city("Paris"))
    member, leaving = make_membership(network=network), make_membership(network=network, city=make_city("Zz"))
    issue, joining, tokyo = make_issue("Water"), make_city("Joining"), make_city("Tokyo")
    proposal = propose(
        network,
        name="New name",
        secretariat=tokyo.pk,
        issues=[issue.pk],
        rows={"memberships": [{"city": joining.pk, "reference": "https://example.org/list"}]},
        **{"memberships-0-since": "2002", "memberships-1-DELETE": "on"},
    )
    page = text_of(editor.get(address_of(proposal)))
    for shown in ("Old name", "New name", "Paris", "Tokyo", "Water", "Joining", "2002", "removed"):
        assert shown in page
    assert "Accepted." in text_of(decide(editor, proposal))
    network.refresh_from_db()
    assert (network.name, network.secretariat, list(network.issues.all())) == ("New name", tokyo, [issue])
    assert network.publication == "published"
    rows = {row.city.name: row for row in Membership.objects.select_related("city")}
    assert rows[member.city.name].since == "2002"
    assert leaving.city.name not in rows
    assert rows["Joining"].publication == "published"
    assert rows["Joining"].citations.get().source.url == "https://example.org/list"
    assert state(proposal) == "accepted"
    assert proposal.decided_by is not None and proposal.decided_by.username == "editor"
    assert history.of(Network, network.pk)["changes"][0].who == "editor, proposed by contributor"


def test_one_proposal_is_accepted_once(propose: Any, editor: Client) -> None:
    proposal = propose(make_network(), name="Other")
    decide(editor, proposal)
    assert "decided already: accepted" in text_of(decide(editor, proposal))
    assert "decided already" in text_of(decide(editor, proposal, "refuse", "No"))


def test_refusing_needs_a_comment_and_changes_nothing(propose: Any, editor: Client) -> None:
    network = make_network("As it is")
    proposal = propose(network, name="Other")
    assert "Say why" in text_of(decide(editor, proposal, "refuse"))
    assert state(proposal) == "open"
    decide(editor, proposal, "refuse", "The site says otherwise.")
    network.refresh_from_db()
    assert (state(proposal), network.name) == ("refused", "As it is")
    assert ReviewComment.objects.get().text == "The site says otherwise."


def test_a_contributor_decides_nothing(propose: Any, contributor: Client) -> None:
    proposal = propose(make_network(), name="Other")
    page = text_of(contributor.get(address_of(proposal)))
    assert 'name="accept"' not in page
    for press in ("accept", "refuse", "return"):
        assert decide(contributor, proposal, press, "So").status_code == 403
    assert state(proposal) == "open"


def test_what_changed_since_is_named(propose: Any, editor: Client, fill_in: Any) -> None:
    network = make_network("First", region="Asia")
    proposal = propose(network, name="Third")
    fill_in(editor, address_of(network), name="Second", acronym="XY")
    page = text_of(editor.get(address_of(proposal)))
    assert "The record changed since this was proposed: name, " in page
    assert "acronym" in page
    assert "was First when this was proposed" in page
    decide(editor, proposal)
    network.refresh_from_db()
    assert (network.name, network.acronym) == ("Third", "XY")


def test_a_patch_that_no_longer_fits_is_told_and_leaves_nothing(propose: Any, editor: Client) -> None:
    network = make_network("As it is")
    row = make_membership(network=network, since="1990", until="1995")
    gone = propose(network, name="Other", **{"memberships-0-since": "1991"})
    overlap = propose(network, name="Other", rows={"memberships": [{"city": row.city.pk, "since": "2005"}]})
    Membership.objects.update(until=None)
    assert "has another membership of this network" in text_of(decide(editor, overlap))
    row.delete()
    assert "1 of the memberships that it changes: deleted or moved meanwhile." in text_of(
        decide(editor, gone)
    )
    network.refresh_from_db()
    assert network.name == "As it is"
    assert (state(gone), state(overlap)) == ("open", "open")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"founded": "20005"}, "is not a date the registry can keep"),
        ({"secretariat": 10**12}, "Select a valid choice"),
        ({"secretariat": "x"}, "Select a valid choice"),
        ({"scope": "lunar"}, "is not one of the available choices"),
        ({"no_such": "x"}, "The form has no field “no_such”."),
        (
            {"no_rows": {"added": [{}]}},
            "The form has no rows “no_rows”, or none that this account may change.",
        ),
        ({"memberships": {"changed": {"x": {"since": "2001"}}}}, "deleted or moved meanwhile"),
        ({"memberships": {"added": [{"city": "999999999"}]}}, "Select a valid choice"),
    ],
    ids=str,
)
def test_odd_patches_are_refused_in_words(editor: Client, changes: Any, told: str) -> None:
    network = make_network()
    proposal = Proposal.objects.create(
        target_kind="network", target=network.pid, patch=changes, reason="A command"
    )
    assert editor.get(address_of(proposal)).status_code == 200
    assert told in text_of(decide(editor, proposal))
    assert state(proposal) == "open"


def test_a_command_proposes_in_plain_values(editor: Client) -> None:
    """The loader of the starter registry writes a year and the key of a city."""
    network, seat = make_network(), make_city("London")
    proposal = Proposal.objects.create(
        target_kind="network",
        target=network.pid,
        version=review.version_of(network),
        patch={"founded": "2005", "secretariat": seat.pk},
        reason="Nobody compared this with a source.",
    )
    page = text_of(editor.get(address_of(proposal)))
    assert "London" in page
    assert "a command" in page
    decide(editor, proposal)
    network.refresh_from_db()
    assert (network.founded, network.secretariat, state(proposal)) == ("2005", seat, "accepted")


def test_a_record_that_is_gone(propose: Any, editor: Client) -> None:
    network = make_network()
    proposal = propose(network, name="Other")
    network.delete()
    assert editor.get(address_of(proposal)).status_code == 200
    assert "is gone" in text_of(decide(editor, proposal))
    assert "a record that is gone" in text_of(editor.get("/admin/registry/proposal/"))


@pytest.mark.parametrize(
    "make", [make_city, make_office, make_membership, make_policy], ids=lambda m: m.__name__
)
def test_every_kind_of_record_takes_proposals(propose: Any, editor: Client, make: Any) -> None:
    record = make(**({"issues": [make_issue()]} if make is make_policy else {}))
    proposal = propose(record, note="Look at this")
    decide(editor, proposal)
    record.refresh_from_db()
    assert record.note == "Look at this"


def test_sources_that_cover_rows_are_cited_on_acceptance(propose: Any, editor: Client) -> None:
    policy = make_policy(issues=[make_issue()])
    party = make_party(policy=policy, city=make_city())
    source = cite(policy).source
    proposal = propose(policy, sources_cover_rows="on")
    assert not party.citations.exists()
    decide(editor, proposal)
    assert party.citations.get().source == source


def test_what_only_the_database_refuses(propose: Any, editor: Client) -> None:
    """When proposed and when accepted: in words, with nothing left behind."""
    old = make_membership(since="2001", until="2003")
    row = make_membership(city=old.city, network=old.network, since="2005")
    accepted = propose(row, since="2004")
    assert isinstance(accepted, Proposal)
    Membership.objects.filter(pk=old.pk).update(until="2004")
    with patch.object(FieldExclusion, "validate", lambda *args, **kwargs: None):
        refused = propose(row, since="2004")
        assert "has another membership of this network" in errors_of(refused)["since"][0]
        assert "has another membership of this network" in text_of(decide(editor, accepted))
    row.refresh_from_db()
    assert (row.since, state(accepted), Proposal.objects.count()) == ("2005", "open", 1)
