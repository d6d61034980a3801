"""Two people on one form: nobody's change is lost, and nobody's text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from registry.admin import merging
from registry.models import Membership, Network, NetworkName
from registry.models.history import acting
from tests.admin.conftest import errors_of, fields_of, signed_in
from tests.factories import make_city, make_issue, make_membership, make_network

pytestmark = pytest.mark.django_db


def address_of(record: Any) -> str:
    """The form of a record."""
    return f"/admin/registry/{record._meta.model_name}/{record.pk}/change/"


@pytest.fixture
def other(db: None) -> Client:
    """A second editor."""
    return signed_in("Editor", "edith")


def open_form(client: Client, record: Any) -> dict[str, Any]:
    """What a browser would post of the form as it is now."""
    return fields_of(client.get(address_of(record)))


def send(client: Client, record: Any, form: dict[str, Any], press: str = "_save", **changes: Any) -> Any:
    """Post an opened form with some changes."""
    return client.post(address_of(record), {**form, **changes, press: "1"})


def differences(response: Any) -> dict[str, tuple[str, str, str, bool]]:
    """What the page tells: field → when opened, saved meanwhile, typed, whether one's own stays."""
    return {
        one.name: (one.was, one.theirs, one.mine, one.kept)
        for group in response.context["meanwhile"]
        for one in group.differences
    }


def test_both_are_told_and_nothing_is_lost(editor: Client, other: Client) -> None:
    network = make_network("First", region="Asia", acronym="F")
    mine, theirs = open_form(editor, network), open_form(other, network)
    assert send(other, network, theirs, name="Theirs", region="Africa").status_code == 302
    page = send(editor, network, mine, name="Mine", acronym="M")
    assert differences(page) == {
        "name": ("First", "Theirs", "Mine", True),
        "region": ("Asia", "Africa", "Asia", False),
    }
    network.refresh_from_db()
    assert (network.name, network.region, network.acronym) == ("Theirs", "Africa", "F")
    again = fields_of(page)
    assert (again["name"], again["region"], again["acronym"]) == ("Mine", "Africa", "M")
    text = page.content.decode()
    assert re.search(r"edith, <time[^>]*>\d\d:\d\d</time>", text)
    assert "Save all the same" in text
    assert send(editor, network, again).status_code == 302
    network.refresh_from_db()
    assert (network.name, network.region, network.acronym) == ("Mine", "Africa", "M")


def test_the_same_change_twice_is_no_conflict(editor: Client, other: Client) -> None:
    network = make_network("First")
    mine, theirs = open_form(editor, network), open_form(other, network)
    send(other, network, theirs, name="Second")
    assert send(editor, network, mine, name=" Second ").status_code == 302


def test_a_change_taken_back_is_no_conflict(editor: Client) -> None:
    network = make_network("First")
    mine = open_form(editor, network)
    for name in ("Second", "First"):
        Network.objects.filter(pk=network.pk).update(name=name)
    assert send(editor, network, mine, name="Mine").status_code == 302


def test_a_third_save_meanwhile_is_told_again(editor: Client) -> None:
    network = make_network("First")
    mine = open_form(editor, network)
    Network.objects.update(name="Second")
    page = send(editor, network, mine, name="Mine")
    Network.objects.update(name="Third")
    again = send(editor, network, fields_of(page))
    assert differences(again) == {"name": ("Second", "Third", "Mine", True)}
    assert send(editor, network, fields_of(again)).status_code == 302


def test_the_button_pressed_is_the_one_offered_again(editor: Client) -> None:
    network = make_network("First", publication="in-review")
    mine = open_form(editor, network)
    Network.objects.update(name="Second")
    page = send(editor, network, mine, press="_publish")
    assert 'name="_publish" value="1">Save all the same' in page.content.decode()
    network.refresh_from_db()
    assert network.publication == "in-review"


def test_several_records_in_one_field(editor: Client, other: Client) -> None:
    water, energy, peace = (make_issue(name) for name in ("Water", "Energy", "Peace"))
    network = make_network(issues=[water])
    mine, theirs = open_form(editor, network), open_form(other, network)
    send(other, network, theirs, issues=[water.pk, energy.pk])
    page = send(editor, network, mine, issues=[peace.pk])
    assert differences(page)["issues"] == ("Water", "Energy; Water", "Peace", True)
    assert "edith, <time" in page.content.decode()


def test_boxes_choices_and_records_are_taken_over(editor: Client, other: Client) -> None:
    member = make_membership(founding=False, tier="full")
    mine, theirs = open_form(editor, member), open_form(other, member)
    tokyo = make_city("Tokyo", country="JP")
    send(other, member, theirs, founding="on", tier="observer", city=tokyo.pk)
    page = send(editor, member, mine, role="Host")
    shown = differences(page)
    assert shown["founding"] == ("no", "yes", "no", False)
    assert shown["tier"] == ("Full", "Observer", "Full", False)
    assert shown["city"][1].startswith("Tokyo")
    assert send(editor, member, fields_of(page)).status_code == 302
    member.refresh_from_db()
    assert (member.founding, member.tier, member.city, member.role) == (True, "observer", tokyo, "Host")


def test_line_ends_and_spaces_are_no_changes(editor: Client) -> None:
    network = make_network(description="One \n\ntwo\n")
    mine = open_form(editor, network)
    Network.objects.update(region="Asia")
    page = send(editor, network, mine, description="One \r\n\r\ntwo")
    assert set(differences(page)) == {"region"}
    with acting(username="ida"):
        Network.objects.update(description="Three")
    page = send(editor, network, fields_of(page), description="One \r\n\r\ntwo")
    assert differences(page)["description"][3] is False


def test_what_makes_no_sense_is_kept_too(editor: Client) -> None:
    network = make_network(founded="2001")
    mine = open_form(editor, network)
    Network.objects.update(founded="2002")
    page = send(editor, network, mine, founded="20005")
    assert differences(page) == {"founded": ("2001", "2002", "20005", True)}
    assert "is not a date the registry can keep" in str(errors_of(page))


def test_ones_own_publishing_in_another_window_is_no_conflict(editor: Client) -> None:
    """What one left alone here is as one saved it there; nobody else is in the way."""
    row = make_membership(publication="draft", network=make_network("First", publication="draft"))
    network = row.network
    mine = open_form(editor, network)
    assert (
        send(editor, network, open_form(editor, network), press="_publish", region="Asia").status_code == 302
    )
    send(editor, row, open_form(editor, row), since="2001", publication="published")
    answer = send(editor, network, mine, name="Mine")
    assert answer.status_code == 302
    network.refresh_from_db()
    row.refresh_from_db()
    assert (network.name, network.region, network.publication) == ("Mine", "Asia", "published")
    assert (row.since, row.publication) == ("2001", "published")


def test_ones_own_text_in_another_window_is_asked_about(editor: Client) -> None:
    network = make_network("First")
    mine = open_form(editor, network)
    send(editor, network, mine, name="There")
    page = send(editor, network, mine, name="Here")
    assert differences(page) == {"name": ("First", "There", "Here", True)}


def test_the_state_that_a_button_gave_is_said(editor: Client) -> None:
    network = make_network("First", publication="in-review")
    address = address_of(network)
    form = open_form(editor, network)
    page = editor.post(address, {**form, "_publish": "1"}, follow=True)
    assert "The network “First” is saved: published." in page.content.decode()


# --- Rows -------------------------------------------------------------------------------------------------


def test_a_row_changed_by_the_other(editor: Client, other: Client) -> None:
    row = make_membership(since="2001", status="member")
    network = row.network
    mine, theirs = open_form(editor, network), open_form(other, network)
    send(other, network, theirs, **{"memberships-0-since": "2002", "memberships-0-status": "applicant"})
    page = send(editor, network, mine, **{"memberships-0-since": "2003"})
    assert differences(page) == {
        "since": ("2001", "2002", "2003", True),
        "status": ("Member", "Applicant", "Member", False),
    }
    assert page.context["meanwhile"][0].of.startswith(f"Membership: {row.city.name}")
    row.refresh_from_db()
    assert row.since == "2002"
    assert send(editor, network, fields_of(page)).status_code == 302
    row.refresh_from_db()
    assert (row.since, row.status) == ("2003", "applicant")


def test_a_row_changed_on_its_own_form(editor: Client, other: Client) -> None:
    row = make_membership(since="2001")
    mine = open_form(editor, row.network)
    send(other, row, open_form(other, row), since="2002")
    page = send(editor, row.network, mine, **{"memberships-0-since": "2003"})
    assert differences(page)["since"] == ("2001", "2002", "2003", True)


def test_a_row_deleted_by_the_other_keeps_what_was_typed(editor: Client, other: Client) -> None:
    """It becomes a new row, so that saving all the same records it again."""
    network = make_network()
    for name in ("A", "B", "C"):
        make_membership(network=network, city=make_city(name))
    mine, theirs = open_form(editor, network), open_form(other, network)
    assert send(other, network, theirs, **{"memberships-1-DELETE": "on"}).status_code == 302
    page = send(editor, network, mine, name="Mine", **{"memberships-1-since": "2004"})
    (shown,) = differences(page).values()
    assert shown[1] == merging.DELETED
    assert "2004" in shown[2]
    again = fields_of(page)
    assert (again["memberships-INITIAL_FORMS"], again["memberships-TOTAL_FORMS"]) == ("2", "3")
    assert again["memberships-2-since"] == "2004"
    assert send(editor, network, again).status_code == 302
    network.refresh_from_db()
    assert network.name == "Mine"
    assert dict(Membership.objects.values_list("city__name", "since")) == {"A": None, "B": "2004", "C": None}


def test_a_row_deleted_by_the_other_and_left_alone_goes(editor: Client, other: Client) -> None:
    row = make_membership()
    mine, theirs = open_form(editor, row.network), open_form(other, row.network)
    send(other, row.network, theirs, **{"memberships-0-DELETE": "on"})
    page = send(editor, row.network, mine, name="Mine")
    assert next(iter(differences(page).values()))[3] is False
    assert send(editor, row.network, fields_of(page)).status_code == 302
    assert not Membership.objects.exists()


def test_both_delete_a_row(editor: Client, other: Client) -> None:
    row = make_membership()
    mine, theirs = open_form(editor, row.network), open_form(other, row.network)
    send(other, row.network, theirs, **{"memberships-0-DELETE": "on"})
    assert send(editor, row.network, mine, name="N", **{"memberships-0-DELETE": "on"}).status_code == 302


def test_a_row_the_other_changed_is_not_deleted_unseen(editor: Client, other: Client) -> None:
    row = make_membership()
    mine, theirs = open_form(editor, row.network), open_form(other, row.network)
    send(other, row.network, theirs, **{"memberships-0-since": "2004"})
    page = send(editor, row.network, mine, **{"memberships-0-DELETE": "on"})
    assert Membership.objects.count() == 1
    assert send(editor, row.network, fields_of(page)).status_code == 302
    assert not Membership.objects.exists()


def test_rows_without_an_identifier_of_their_own(editor: Client) -> None:
    network = make_network()
    name = NetworkName.objects.create(network=network, name="Réseau", language="fr")
    mine = open_form(editor, network)
    NetworkName.objects.filter(pk=name.pk).update(name="Le réseau")
    page = send(editor, network, mine, **{"names-0-name": "Un réseau"})
    assert differences(page) == {"name": ("Réseau", "Le réseau", "Un réseau", True)}


def test_a_new_row_of_the_other_is_no_conflict(editor: Client) -> None:
    network = make_network()
    mine = open_form(editor, network)
    make_membership(network=network)
    assert send(editor, network, mine, name="Mine").status_code == 302


# --- Forms that do not say what they were opened on -------------------------------------------------------


@pytest.mark.parametrize(
    "token", [None, "", "x", "a:b:c", "\x00", "x" * 10_000], ids=lambda token: repr(token)[:9]
)
def test_an_unreadable_form_is_shown_again(editor: Client, token: str | None) -> None:
    network = make_network("First")
    form = open_form(editor, network)
    form.pop("opened_on")
    page = send(editor, network, form, name="Mine", **({} if token is None else {"opened_on": token}))
    assert "does not say what it was opened on" in str(errors_of(page))
    network.refresh_from_db()
    assert network.name == "First"
    assert send(editor, network, fields_of(page)).status_code == 302
    network.refresh_from_db()
    assert network.name == "Mine"


def test_opening_a_form_costs_no_query_more_for_it(editor: Client) -> None:
    """What it was opened on is what it shows."""
    network = make_network()
    assert len(open_form(editor, network)["opened_on"]) < 3000
