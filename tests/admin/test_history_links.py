"""The history of links: many-to-many fields, rows that refer to a record, and deleted records."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from registry.admin import history
from registry.models import JointPolicy, Membership, Network
from registry.models.history import acting
from tests.factories import (
    cite,
    make_city,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_policy,
    make_report,
)

pytestmark = pytest.mark.django_db

WATER, PEACE = "Water", "Peace"
# A record with one issue among its links, and the name of the field.
LINKED: dict[str, tuple[Any, str]] = {
    "network": (lambda issue: make_network("It", issues=[issue]), "issues"),
    "policy": (lambda issue: make_policy("It", issues=[issue]), "issues"),
    "office": (lambda issue: make_office("It", remit=[issue]), "remit"),
    "report": (lambda issue: make_report("It", issues=[issue]), "issues"),
}


def address_of(record: Any) -> str:
    return f"/admin/registry/{record._meta.model_name}/{record.pk}/"


def buttons(page: Any, name: str = "version") -> list[str]:
    return re.findall(rf'name="{name}" value="([\w.]+(?::\w+)?)"', page.content.decode())


def cleared_by_ida(client: Client, record: Any) -> Any:
    """The change that Ida made, as the page of history tells it."""
    changes = client.get(f"{address_of(record)}history/").context["changes"]
    return next(change for change in changes if change.who == "ida")


@pytest.mark.parametrize("kind", LINKED)
def test_links_are_told_with_the_record_and_come_back(editor: Client, fill_in: Any, kind: str) -> None:
    """One save that changes a value and links is one change; each comes back by its own button."""
    make, field = LINKED[kind]
    record = make(make_issue(WATER))
    peace = make_issue(PEACE)
    fill_in(editor, f"{address_of(record)}change/", name="Other", **{field: [peace.pk]})
    page = editor.get(f"{address_of(record)}history/")
    newest = page.context["changes"][0]
    told = {label: (before, after) for label, before, after in newest.values}
    label = str(type(record)._meta.get_field(field).verbose_name)
    assert told.pop(label) == (WATER, PEACE)
    assert [values for values in told.values() if values == ("It", "Other")]
    assert newest.who == "editor"
    button = next(button for button in buttons(page) if button.endswith(f":{field}"))
    answer = editor.post(f"{address_of(record)}history/restore/", {"version": button}, follow=True)
    assert f"Restored: {label}." in answer.content.decode()
    assert [str(issue) for issue in getattr(record, field).all()] == [WATER]
    record.refresh_from_db()
    assert record.name == "Other"
    again = editor.post(f"{address_of(record)}history/restore/", {"version": button}, follow=True)
    assert "It is so already." in again.content.decode()


def test_links_of_a_deleted_record_stay_away(editor: Client) -> None:
    water, peace = make_issue(WATER), make_issue(PEACE)
    network = make_network(issues=[water, peace])
    with acting(username="ida"):
        network.issues.clear()
    water.delete()
    cleared = cleared_by_ida(editor, network)
    editor.post(f"{address_of(network)}history/restore/", {"version": cleared.buttons[0]})
    assert list(network.issues.all()) == [peace]


def test_a_contributor_restores_no_links_of_what_is_published(contributor: Client) -> None:
    network = make_network(issues=[make_issue()])
    with acting(username="ida"):
        network.issues.clear()
    cleared = cleared_by_ida(contributor, network)
    assert not buttons(contributor.get(f"{address_of(network)}history/"))
    answer = contributor.post(f"{address_of(network)}history/restore/", {"version": cleared.buttons[0]})
    assert answer.status_code == 403


def test_a_row_comes_back_with_its_sources(editor: Client) -> None:
    network = make_network()
    member = make_membership(network=network, since="2001")
    cite(member)
    with acting(username="ida"):
        member.delete()
    address = f"{address_of(network)}history/?links=1"
    row = buttons(editor.get(address), "row")
    answer = editor.post(f"{address_of(network)}history/restore/?links=1", {"row": row[0]}, follow=True)
    assert "1 citation" in answer.content.decode()
    assert Membership.objects.get().citations.count() == 1
    assert not buttons(editor.get(address), "row")


def test_a_value_of_a_row_comes_back(editor: Client) -> None:
    member = make_membership(since="2001")
    member.since = "2002"
    member.save()
    page = editor.get(f"{address_of(member.network)}history/?links=1")
    (button,) = buttons(page)
    editor.post(f"{address_of(member.network)}history/restore/?links=1", {"version": button})
    member.refresh_from_db()
    assert member.since == "2001"


def test_a_deleted_record_shows_its_history_and_what_comes_back(editor: Client) -> None:
    network = make_network("Gone", issues=[make_issue(WATER)])
    cite(make_membership(network=network, city=make_city("Paris")))
    address = address_of(network)
    editor.post(f"{address}delete/", {"post": "yes"})
    page = editor.get(f"{address}history/")
    text = " ".join(page.content.decode().split())
    assert "by editor. With it went" in text
    for words in ("1 membership", "1 citation", "1 link of network and issue", WATER):
        assert words in text
    assert "Paris" in editor.get(f"{address}history/?links=1").content.decode()
    assert not buttons(page)
    listed = editor.get("/admin/registry/network/deleted/").content.decode()
    assert f'href="{address}history/"' in listed
    editor.post("/admin/registry/network/deleted/", {"key": network.pk})
    back = Network.objects.get()
    assert [str(issue) for issue in back.issues.all()] == [WATER]
    assert back.memberships.get().citations.count() == 1


@pytest.mark.parametrize("key", ["x", "0", "9" * 30, "%00"])
def test_a_record_that_never_was_has_no_history(editor: Client, key: str) -> None:
    assert editor.get(f"/admin/registry/network/{key}/history/").status_code == 302


def test_odd_versions_are_refused(editor: Client) -> None:
    network = make_network()
    for odd in ("", "x", "network.x", "nothing.1", "tie.1", "9", "network_issues.1", "network." + "9" * 30):
        answer = editor.post(f"{address_of(network)}history/restore/", {"version": odd})
        assert answer.status_code in (302, 404), odd
        assert editor.post(f"{address_of(network)}history/restore/", {"row": odd}).status_code == 404


def test_pages_of_links_cost_the_same(django_assert_max_num_queries: Any) -> None:
    policy = make_policy()
    for number in range(history.PER_PAGE):
        with acting(command=f"c{number}"):
            policy.issues.set([make_issue()])
            policy.networks.set([make_network()])
    with django_assert_max_num_queries(10):
        shown = history.of(JointPolicy, policy.pk)
    assert shown["older"]
    rest = history.of(JointPolicy, policy.pk, before=shown["older"])
    assert {value[0] for change in shown["changes"] for value in change.values} <= {"issues", "networks"}
    assert rest["changes"]
