"""Undoing a batch: everything back as it was, or nothing with a reason for each later edit."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.actions.merge import merge
from registry.actions.undo import CannotUndo, undo_batch
from registry.actions.unmerge import unmerge
from registry.models import Citation, City, CityName, Membership, Network
from registry.models.history import acting
from tests.actions.registries import LINKS, Registry
from tests.actions.snapshots import snapshot
from tests.factories import cite, make_city, make_membership, make_network, make_staff

pytestmark = pytest.mark.django_db


def batch_of(by: Any) -> Any:
    """What an import runs under, and the batch it carries."""
    batch = str(uuid.uuid4())
    return batch, acting(user=by.pk, username=by.username, command="import_list", batch=batch)


class TestUndo(TestCase):
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(before=LINKS, within=LINKS, gone=st.integers(0, 2))
    def test_everything_is_as_it_was(self, before: Any, within: Any, gone: int) -> None:
        by = make_staff("e")
        registry = Registry(before)
        was = snapshot()
        batch, recording = batch_of(by)
        with recording:
            registry.build(within)
            City.objects.update(website="https://all.example.org/")
            registry.networks[gone].issues.clear()
            registry.policies[gone].delete()
            registry.cities[gone].delete()
        undone = undo_batch(batch, by=by)
        assert undone.total
        assert snapshot() == was


def imported(by: Any, number: int = 2) -> tuple[str, Network]:
    """A network and the batch that gave it members."""
    network = make_network("Net")
    batch, recording = batch_of(by)
    with recording:
        for place in range(number):
            make_membership(network=network, city=make_city(f"Place {place}"))
    return batch, network


def test_a_later_edit_is_a_reason_and_nothing_is_done() -> None:
    by = make_staff("ida")
    batch, network = imported(by)
    with acting(username="otto"):
        Membership.objects.filter(city__name="Place 1").update(note="Checked")
    with acting(username="erna"):
        cite(Membership.objects.get(city__name="Place 0"))
    was = snapshot()
    with pytest.raises(CannotUndo) as refused:
        undo_batch(batch, by=by)
    assert snapshot() == was
    edited, cited = sorted(refused.value.reasons, reverse=True)
    assert edited.startswith("Membership of “Place 1” and “Net” was changed later by otto on 20")
    assert cited.startswith("Citation of “Source") and "was added later by erna" in cited


def test_an_edit_of_another_column_stays() -> None:
    by = make_staff("ida")
    city = make_city("Old", note="")
    batch, recording = batch_of(by)
    with recording:
        City.objects.filter(pk=city.pk).update(website="https://new.example.org/")
    with acting(username="otto"):
        City.objects.filter(pk=city.pk).update(note="Kept")
    undo_batch(batch, by=by)
    city.refresh_from_db()
    assert (city.website, city.note) == ("", "Kept")
    with pytest.raises(CannotUndo):
        undo_batch(str(uuid.uuid4()), by=by)


def test_a_merge_that_was_undone_is_no_later_edit() -> None:
    by = make_staff("ida")
    batch, network = imported(by)
    unmerge(merge(make_network(), network, by=by), by=by)
    undo_batch(batch, by=by)
    assert not Membership.objects.exists()


def test_what_was_deleted_since_needs_no_undoing() -> None:
    by = make_staff("ida")
    batch, network = imported(by)
    with acting(username="otto"):
        Membership.objects.all().delete()
    undo_batch(batch, by=by)
    assert not City.objects.filter(name__startswith="Place").exists()
    assert not CityName.objects.filter(name__startswith="Place").exists()
    with pytest.raises(CannotUndo) as refused:
        undo_batch(batch, by=by)
    assert refused.value.reasons == ["Nothing of this batch is left to undo."]


def test_a_record_that_something_needs_is_named() -> None:
    by = make_staff("ida")
    network = make_network("Net")
    membership = make_membership(network=network, city=make_city("Paris"))
    batch, recording = batch_of(by)
    with recording:
        membership.delete()
    with acting(username="otto"):
        network.delete()
    with pytest.raises(CannotUndo) as refused:
        undo_batch(batch, by=by)
    (reason,) = refused.value.reasons
    assert reason.startswith("Network “Net” was deleted later by otto")


def test_a_value_that_another_record_has_now_is_named() -> None:
    by = make_staff("ida")
    city = make_city("Paris", wikidata_id="Q90")
    batch, recording = batch_of(by)
    with recording:
        City.objects.filter(pk=city.pk).update(wikidata_id=None)
    with acting(username="otto"):
        make_city("Lutetia", wikidata_id="Q90")
    with pytest.raises(CannotUndo) as refused:
        undo_batch(batch, by=by)
    assert "Another city has this Wikidata item." in refused.value.reasons[0]


def test_published_rows_are_undone_by_editors() -> None:
    batch, _ = imported(make_staff("ida"))
    with pytest.raises(PermissionDenied):
        undo_batch(batch, by=make_staff("c", "Contributor"))
    assert Membership.objects.count() == 2
    assert undo_batch(batch, by=make_staff("e", "Editor")).removed[Membership] == 2


def test_the_cost_does_not_depend_on_how_many() -> None:
    by = make_staff("ida")
    costs = []
    for number in (2, 20):
        batch, _ = imported(by, number)
        with CaptureQueriesContext(connection) as queries:
            undo_batch(batch, by=by)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert not Citation.objects.exists()
