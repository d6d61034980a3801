"""The history of a record: which field was what before and after, by whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.admin import history
from registry.models import Network
from registry.models.history import acting
from tests.factories import cite, make_city, make_membership, make_network

pytestmark = pytest.mark.django_db


def test_a_change_is_told_with_who_made_it(editor: Client, fill_in: Any) -> None:
    network = make_network("Old name", secretariat=make_city("Paris"))
    address = f"/admin/registry/network/{network.pk}/"
    fill_in(editor, f"{address}change/", name="New name", secretariat=make_city("Tokyo").pk)
    page = editor.get(f"{address}history/")
    newest = page.context["changes"][0]
    assert (newest.done, newest.who) == ("Changed", "editor")
    assert set(newest.values) == {("name", "Old name", "New name"), ("secretariat city", "Paris", "Tokyo")}
    assert page.context["changes"][-1].done == "Added"


def test_commands_are_named() -> None:
    with acting(command="load_starter"):
        network = make_network()
    assert history.of(Network, network.pk)["changes"][0].who == "command load_starter"


def test_a_long_history_comes_in_pages_of_constant_cost(editor: Client) -> None:
    network = make_network()
    address = f"/admin/registry/network/{network.pk}/history/"
    with CaptureQueriesContext(connection) as few:
        editor.get(address)
    for number in range(history.PER_PAGE + 5):
        network.region = f"Region {number}"
        network.secretariat = make_city()
        network.save()
    with CaptureQueriesContext(connection) as many:
        page = editor.get(address)
    # The names of the cities, and the events before those of the page.
    assert len(many) <= len(few) + 2
    assert len(page.context["changes"]) == history.PER_PAGE
    older = editor.get(address, {"before": page.context["older"]})
    assert len(older.context["changes"]) == 6
    assert older.context["changes"][0].values[0][0] == "region"
    for odd in ("x", "-1", "9" * 30, "%00"):
        assert editor.get(f"{address}?before={odd}").status_code == 200


def test_what_refers_to_a_record_has_its_own_pages_of_constant_cost(editor: Client) -> None:
    network = make_network("Net")
    address = f"/admin/registry/network/{network.pk}/history/?links=1"
    membership = make_membership(network=network, city=make_city("Paris"))
    cite(network)
    with CaptureQueriesContext(connection) as few:
        told = editor.get(address).content.decode()
    for words in ("Membership added", "Paris", "Citation added"):
        assert words in told
    for _ in range(history.PER_PAGE):
        make_membership(network=network)
    membership.delete()
    with CaptureQueriesContext(connection) as many:
        page = editor.get(address)
    assert len(many) <= len(few)
    assert len(page.context["changes"]) == history.PER_PAGE
    older = editor.get(address, {"links": "1", "before": page.context["older"]})
    assert 1 <= len(older.context["changes"]) <= 4
    for odd in ("x", "2020-01-01~1~1", "%00"):
        assert editor.get(address, {"links": "1", "before": odd}).status_code == 200
