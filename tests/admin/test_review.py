"""The review queue, records beside their last published state, comments, and the work on the first page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.admin import queue, workqueue
from registry.models import Network, OfficeHolder, Proposal, ReviewComment, RosterConfirmation
from tests.admin.conftest import signed_in
from tests.factories import (
    cite,
    make_city,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_organisation,
    make_party,
    make_policy,
    make_report,
)

pytestmark = pytest.mark.django_db
REVIEW = "/admin/review/"


def key(record: Any) -> str:
    """What the box of a record sends."""
    return f"{record._meta.model_name}:{record.pk}"


def names(response: Any) -> list[str]:
    """The records on a page of the queue, in their order."""
    return [str(one.record) for one in response.context["waiting"]]


def state(record: Any) -> str:
    """The record's publication now."""
    record.refresh_from_db()
    return record.publication


def said(response: Any) -> str:
    """The messages of a page."""
    return " ".join(str(message) for message in response.context["messages"])


def queues(client: Client) -> dict[str, list[str]]:
    """The queues of the first page: title → texts of its rows."""
    return {one.title: [line.text for line in one.lines] for one in client.get("/admin/").context["work"]}


# --- The queue --------------------------------------------------------------------------------------------


def test_all_kinds_wait_in_one_list(editor: Client, contributor: Client, fill_in: Any) -> None:
    draft = make_network("Cities for Water", publication="draft")
    fill_in(contributor, f"/admin/registry/network/{draft.pk}/change/", press="_review")
    member = make_membership(publication="in-review")
    cite(member)
    make_network("Still a draft", publication="draft")
    page = editor.get(REVIEW)
    assert set(names(page)) == {"Cities for Water", str(member)}
    by_name = {str(one.record): one for one in page.context["waiting"]}
    assert by_name["Cities for Water"].who == "contributor"
    assert by_name["Cities for Water"].since is not None
    assert (by_name["Cities for Water"].sourced, by_name[str(member)].sourced) == (False, True)
    assert names(editor.get(f"{REVIEW}?kind=membership")) == [str(member)]


def test_parts_wait_with_their_whole(editor: Client) -> None:
    policy = make_policy("Whole", publication="in-review")
    make_party(policy=policy, city=make_city(), publication="in-review")
    alone = make_party(policy=make_policy(), city=make_city(), publication="in-review")
    assert set(names(editor.get(REVIEW))) == {"Whole", str(alone)}
    editor.post(REVIEW, {"chosen": [key(policy)], "publish": "1"})
    assert {one.publication for one in policy.parties.all()} == {"published"}
    assert names(editor.get(REVIEW)) == [str(alone)]


def test_many_are_published_at_once(editor: Client) -> None:
    records = [make(publication="in-review") for make in (make_city, make_network, make_office, make_report)]
    late = make_organisation(publication="draft")
    page = editor.post(
        REVIEW, {"chosen": [key(one) for one in [*records, late]], "publish": "1"}, follow=True
    )
    assert [state(one) for one in records] == ["published"] * 4
    assert state(late) == "draft"
    assert "4 records published." in said(page)
    assert "1 were no longer in review" in said(page)


def test_many_are_returned_with_a_comment(editor: Client, contributor: Client, fill_in: Any) -> None:
    records = [make_network(publication="in-review"), make_policy(publication="in-review")]
    chosen = {"chosen": [key(one) for one in records], "return": "1"}
    assert "Say why" in editor.post(REVIEW, chosen).content.decode()
    assert [state(one) for one in records] == ["in-review"] * 2
    editor.post(REVIEW, {**chosen, "comment": "Which source?"})
    assert [state(one) for one in records] == ["draft"] * 2
    assert ReviewComment.objects.count() == 2
    page = contributor.get(f"/admin/registry/network/{records[0].pk}/change/").content.decode()
    assert "Which source?" in page


@pytest.mark.parametrize(
    "chosen", [[], ["x"], ["network:x"], ["user:1"], ["network:99999999999999999999"], ["\x00:1"]], ids=str
)
def test_nothing_sensible_chosen(editor: Client, chosen: Any) -> None:
    page = editor.post(REVIEW, {"chosen": chosen, "publish": "1"})
    assert "Choose some records first." in page.content.decode()


def test_contributors_have_no_queue(contributor: Client) -> None:
    network = make_network(publication="in-review")
    assert contributor.get(REVIEW).status_code == 403
    assert contributor.post(REVIEW, {"chosen": [key(network)], "publish": "1"}).status_code == 403
    address = f"{REVIEW}network/{network.pk}/"
    assert contributor.post(address, {"chosen": [key(network)], "publish": "1"}).status_code == 403
    assert state(network) == "in-review"


@pytest.mark.parametrize("query", ["page=x", "page=999999", "kind=nonsense", "kind=%00", "kind=user"])
def test_odd_questions_break_no_queue(editor: Client, query: str) -> None:
    make_network(publication="in-review")
    assert editor.get(f"{REVIEW}?{query}").status_code == 200


def test_a_long_queue_comes_in_pages(editor: Client) -> None:
    for number in range(55):
        make_network(f"N{number}", publication="in-review")
    assert len(names(editor.get(REVIEW))) == 50
    assert len(names(editor.get(f"{REVIEW}?page=2"))) == 5


# --- Beside the last published state ----------------------------------------------------------------------


def test_a_new_record_is_new(editor: Client) -> None:
    network = make_network(publication="in-review", issues=[make_issue("Water")])
    page = editor.get(f"{REVIEW}network/{network.pk}/")
    assert page.context["compared"].is_new
    assert "Water" in page.content.decode()


def test_author_and_reviewer_talk(editor: Client, contributor: Client) -> None:
    network = make_network(publication="in-review")
    address = f"{REVIEW}network/{network.pk}/"
    assert "Write a comment first." in contributor.post(address, {"comment": " "}).content.decode()
    contributor.post(address, {"comment": "<b>The</b> site says so."})
    page = editor.get(address).content.decode()
    assert "&lt;b&gt;The&lt;/b&gt; site says so." in page


@pytest.mark.parametrize("kind", ["network/99999999999999999999", "network/1", "user/1", "nonsense/1"])
def test_no_such_record(editor: Client, kind: str) -> None:
    assert editor.get(f"{REVIEW}{kind}/").status_code == 404


# --- The first page ---------------------------------------------------------------------------------------


def test_what_waits_for_an_editor(editor: Client) -> None:
    waiting, network = make_network("In review", publication="in-review"), make_network("Published")
    Proposal.objects.create(
        target_kind="network", target=network.pid, patch={"name": "Other"}, reason="The site says so"
    )
    found = queues(editor)
    assert found["In review"] == [waiting.name]
    assert found["Proposed changes"] == [network.name]
    assert "My drafts" not in found


def test_what_is_ones_own(contributor: Client, editor: Client, fill_in: Any) -> None:
    make_network("Of somebody else", publication="draft")
    fill_in(contributor, "/admin/registry/network/add/", name="Mine", scope="regional")
    mine, published = Network.objects.get(name="Mine"), make_network("Published")
    fill_in(
        contributor,
        f"/admin/registry/network/{published.pk}/change/",
        press="_propose",
        name="O",
        reason="So",
    )
    found = queues(contributor)
    assert (found["My drafts"], found["My proposals"]) == (["Mine"], ["Published"])
    assert "In review" not in found
    fill_in(contributor, f"/admin/registry/network/{mine.pk}/change/", press="_review")
    editor.post(REVIEW, {"chosen": [key(mine)], "return": "1", "comment": "Which source?"})
    proposal = Proposal.objects.get()
    editor.post(f"/admin/registry/proposal/{proposal.pk}/change/", {"refuse": "1", "comment": "No source."})
    page = contributor.get("/admin/").content.decode()
    assert "editor: Which source?" in page
    assert "Refused · editor: No source." in page
    assert "My proposals" not in queues(signed_in("Contributor", "other"))


def test_what_should_be_mended(editor: Client) -> None:
    bare, cited = make_membership(), make_membership()
    cite(cited)
    make_membership(network=bare.network, publication="draft")
    RosterConfirmation.objects.create(network=bare.network, confirmed_on=date.today())
    RosterConfirmation.objects.create(network=cited.network, confirmed_on="2001-01-01")
    make_network("Dissolved", dissolved="1999")
    over, still, unknown = make_office("Over"), make_office("Still"), make_office("Unknown")
    make_office("Never held")
    terms: list[tuple[Any, Any, Any]] = [
        (over, "2001", "2004"),
        (still, "2001", "2004"),
        (still, "2005", None),
        (unknown, None, None),
    ]
    for office, since, until in terms:
        OfficeHolder.objects.create(office=office, person_name=f"P{since}", since=since, until=until)
    found = queues(editor)
    assert bare.city.name in found["Memberships without a source"][0]
    assert len(found["Memberships without a source"]) == 1
    assert found["Networks whose member list nobody checked for two years"] == [cited.network.name]
    assert found["Offices whose holder's term is over"] == [str(over)]
    page = editor.get("/admin/").content.decode()
    assert f"/admin/registry/cityoffice/{over.pk}/change/#holders-group" in page


def test_a_queue_is_one_declaration(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workqueue, "QUEUES", [])
    workqueue.register(workqueue.Queue("Networks", lambda user: Network.objects.order_by("name")))
    workqueue.register(
        workqueue.Queue("Hidden", lambda user: Network.objects.all(), permission="registry.no_such")
    )
    monkeypatch.setattr(queue, "CAP", 6)
    monkeypatch.setattr(workqueue, "CAP", 6)
    for number in range(8):
        make_network(f"N{number}")
    (shown,) = editor.get("/admin/").context["work"]
    assert (shown.title, shown.number, len(shown.lines)) == ("Networks", "more than 6", 5)


def _work(number: int) -> None:
    for _ in range(number):
        # Of one kind, since a page costs two queries for each kind among its rows.
        make_membership(publication="in-review")
        make_membership()
        make_party(policy=make_policy(), city=make_city())
        OfficeHolder.objects.create(
            office=make_office(), person_name="P", until="2001", publication="published"
        )
        Proposal.objects.create(
            target_kind="network", target=make_network().pid, patch={"name": "O"}, reason="So"
        )


@pytest.mark.parametrize("address", ["/admin/", REVIEW, "/admin/registry/proposal/"])
def test_the_pages_cost_the_same_at_3_and_at_12_rows(editor: Client, address: str) -> None:
    _work(3)
    with CaptureQueriesContext(connection) as few:
        editor.get(address)
    _work(9)
    with CaptureQueriesContext(connection) as many:
        editor.get(address)
    # A queue that was empty asks for its rows once it has some, however many.
    assert len(few) <= len(many) <= len(few) + 1
    assert len(many) <= 45


def test_every_list_of_all_shows_what_its_queue_shows(editor: Client) -> None:
    """Of the queues about what should be mended: the same rows, by the filter of the list."""
    unchecked, office = make_network("Unchecked"), make_office("Empty chair")
    OfficeHolder.objects.create(office=office, person_name="Ada", until="2001", publication="published")
    make_office("New")
    checked = make_network("Checked")
    RosterConfirmation.objects.create(network=checked, confirmed_on=timezone.localdate())
    shown = {queue.title: queue.all for queue in editor.get("/admin/").context["work"]}
    for title, record in {
        "Networks whose member list nobody checked for two years": unchecked,
        "Offices whose holder's term is over": office,
    }.items():
        assert list(editor.get(shown[title]).context["cl"].queryset) == [record]
    for address in ("/admin/registry/network/?roster=x", "/admin/registry/proposal/?whose=mine"):
        assert editor.get(address).status_code in (200, 302)
