"""Writing by the API while somebody else does: nobody's change is lost, and nothing answers 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from registry.models import Membership, Network
from tests.api.tokens import Script
from tests.factories import make_city, make_network
from tests.models.sessions import Waiting, other_connection

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def script(committed: None) -> Iterator[Script]:
    """A superuser's: the browser tests, which may have run before, leave no groups behind."""
    # They leave other content types behind, too, than those that this process remembers.
    ContentType.objects.clear_cache()
    script = Script(None)
    yield script
    User.objects.filter(username="sam").delete()


def while_another(statement: str, key: Any, ask: Callable[[], Any]) -> None:
    """Ask while another session has carried out the statement and not yet committed it."""

    def asked() -> None:
        ask()
        connection.close()  # the thread's own

    with other_connection() as first:
        first.execute(statement, [key])
        asking = Waiting(asked)
        assert asking.still_waits()
        first.commit()
        asking.finish()


def test_the_second_waits_for_the_first_and_changes_nothing(script: Script) -> None:
    made = script.post("networks/", {"name": "First", "scope": "regional"})
    while_another(
        "UPDATE registry_network SET name = 'Theirs' WHERE pid = %s",
        made["id"],
        lambda: script.patch(f"networks/{made['id']}/", {"region": "x"}, made["version"], 412),
    )
    assert Network.objects.values_list("name", "region").get() == ("Theirs", "")


def test_what_is_published_meanwhile_is_not_deleted(script: Script) -> None:
    made = script.post("networks/", {"name": "First", "scope": "regional"})
    while_another(
        "UPDATE registry_network SET publication = 'published' WHERE pid = %s",
        made["id"],
        lambda: script.delete(f"networks/{made['id']}/", made["version"], 409),
    )
    assert Network.objects.exists()


def test_what_it_refers_to_is_gone_at_the_end(script: Script) -> None:
    network, city = make_network(publication="draft"), make_city("Lima")
    body = {"network_id": str(network.pid), "city_id": str(city.pid)}
    while_another(
        "DELETE FROM registry_network WHERE id = %s",
        network.pk,
        lambda: script.post("memberships/", body, 400),
    )
    assert "deleted by someone else" in str(script.errors())
    assert not Membership.objects.exists()
