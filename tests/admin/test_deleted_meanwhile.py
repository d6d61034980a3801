"""A record that somebody deleted while its form was open: nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.models import Network
from registry.models.history import acting
from tests.admin.conftest import errors_of, fields_of
from tests.admin.test_two_people import address_of, open_form, send
from tests.factories import make_city, make_issue, make_membership, make_network

pytestmark = pytest.mark.django_db

ADD = "/admin/registry/network/add/"


@pytest.fixture
def lost(editor: Client) -> tuple[Any, Any]:
    """A network that Ida deleted while an editor typed into its form, and the page the editor gets."""
    network = make_network("First", issues=[make_issue("Water")])
    for name in ("A", "B", "C"):
        make_membership(network=network, city=make_city(name))
    form = open_form(editor, network)
    form |= {"memberships-0-since": "2004", "memberships-2-DELETE": "on"}
    with acting(username="ida"):
        Network.objects.get(pk=network.pk).delete()
    return network, send(editor, network, form, name="Mine")


def test_the_form_stays_with_what_was_typed(editor: Client, lost: Any) -> None:
    network, page = lost
    assert page.status_code == 200
    assert "deleted by ida" in errors_of(page)["__all__"][0]
    text = page.content.decode()
    assert f'action="{ADD}"' in text
    assert f'href="/admin/registry/network/{network.pk}/history/"' in text
    sent = fields_of(page)
    assert (sent["name"], sent["memberships-INITIAL_FORMS"], sent["memberships-TOTAL_FORMS"]) == (
        "Mine",
        "0",
        "2",
    )
    assert not Network.objects.exists()


def test_it_is_saved_as_a_new_record(editor: Client, lost: Any) -> None:
    network, page = lost
    response = editor.post(ADD, {**fields_of(page), "_save": "1"})
    assert response.status_code == 302, errors_of(response)
    new = Network.objects.get()
    assert new.pid != network.pid
    assert (new.name, [str(issue) for issue in new.issues.all()]) == ("Mine", ["Water"])
    assert set(new.memberships.values_list("city__name", "since")) == {("A", "2004"), ("B", None)}


def test_a_record_that_never_was_is_not_found(editor: Client) -> None:
    network = make_network()
    form = open_form(editor, network)
    response = editor.post("/admin/registry/network/99999999/change/", {**form, "_save": "1"})
    assert response.status_code == 302


def test_deleting_it_a_second_time_is_no_form(editor: Client, lost: Any) -> None:
    network, _ = lost
    address = address_of(network).replace("change", "delete")
    assert editor.post(address, {"post": "yes"}).status_code == 302
