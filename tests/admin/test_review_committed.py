"""Review where it matters what was committed before what: two people at once, and history across tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from registry.actions.publish import return_to_draft
from registry.models import CityOffice
from tests.admin.test_two_people import differences, open_form, send
from tests.factories import (
    make_city,
    make_issue,
    make_network,
    make_office,
    make_party,
    make_policy,
    make_staff,
)
from tests.models.sessions import Waiting, other_connection

# Superusers here: the browser tests, which may have run before, leave no groups behind.
pytestmark = pytest.mark.usefixtures("committed")


def test_the_second_waits_for_the_first_and_sees_its_change() -> None:
    """Between the first's statement and its commit the second's save must neither pass nor overwrite."""
    network = make_network("First")
    client = Client()
    second = make_staff("second")
    client.force_login(second)
    form = open_form(client, network)
    answers: list[Any] = []

    def save() -> None:
        answers.append(send(client, network, form, name="Mine"))
        connection.close()  # the thread's own

    with other_connection() as first:
        first.execute("UPDATE registry_network SET name = 'Theirs' WHERE id = %s", [network.pk])
        saving = Waiting(save)
        assert saving.still_waits()
        first.commit()
        saving.finish()
    assert differences(answers[0]) == {"name": ("First", "Theirs", "Mine", True)}
    network.refresh_from_db()
    assert network.name == "Theirs"
    second.delete()


def test_a_record_beside_its_last_published_state() -> None:
    water, energy = make_issue("Water"), make_issue("Energy")
    policy = make_policy("Old name", issues=[water], cities=[make_city("A"), make_city("B")])
    edith, editor = make_staff("edith"), Client()
    editor.force_login(edith)
    return_to_draft(type(policy).objects.filter(pk=policy.pk), by=edith)
    policy.refresh_from_db()
    policy.name, policy.publication = "New name", "in-review"
    policy.save()
    policy.issues.set([energy])
    policy.parties.filter(city__name="A").update(since="2004")
    make_party(policy=policy, city=make_city("C"), publication="in-review")
    page = editor.get(f"/admin/review/jointpolicy/{policy.pk}/")
    changed = {one.label: (one.before, one.now) for one in page.context["compared"].changes}
    assert changed == {"name": ("Old name", "New name"), "issues": ("Water", "Energy")}
    parties = {str(row.record.city): row for row in page.context["parts"][0]["rows"]}
    assert [
        (one.label, one.now) for one in next(v for k, v in parties.items() if k.startswith("A")).changes
    ] == [("since", "2004")]
    assert not next(v for k, v in parties.items() if k.startswith("B")).changes
    assert next(v for k, v in parties.items() if k.startswith("C")).is_new
    editor.post(
        f"/admin/review/jointpolicy/{policy.pk}/", {"chosen": [f"jointpolicy:{policy.pk}"], "publish": "1"}
    )
    policy.refresh_from_db()
    assert policy.publication == "published"
    edith.delete()


def test_a_version_comes_back_with_its_links() -> None:
    editor = Client()
    editor.force_login(make_staff("erna"))
    with transaction.atomic():
        office = make_office("First", remit=[make_issue("Water")])
    CityOffice.objects.filter(pk=office.pk).update(name="Second")
    office.remit.set([make_issue("Peace")])
    address = f"/admin/registry/cityoffice/{office.pk}/history/"
    first = editor.get(address).context["changes"][-1]
    editor.post(f"{address}restore/", {"version": first.version})
    office.refresh_from_db()
    assert (office.name, [str(issue) for issue in office.remit.all()]) == ("First", ["Water"])
