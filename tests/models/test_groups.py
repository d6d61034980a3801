"""The three groups of staff that the migrations make."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from registry.models.base import PublicRecord
from tests.models.rows import tables

pytestmark = pytest.mark.django_db
VOCABULARY = {
    *("country", "division", "issue", "issuescheme", "schemeconcept", "issuemapping"),
    *("dataset", "datasetfile", "observation"),
}
DERIVED = {"alias", "tie", "largepolicy", "merge", "observedmembership"}
# Written by the database and read by listings alone; everybody's own, on a page of their own.
UNSEEN = {"takingpart", "savedsearch", "packageload", "release", "releasedrecord", "apitoken"}


def permissions(group: str) -> set[str]:
    held = Group.objects.get(name=group).permissions.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in held}


def names(actions: list[str], models: set[str]) -> set[str]:
    return {f"registry.{action}_{model}" for action in actions for model in models}


OWN = {model._meta.model_name or "" for model in tables() if not model._meta.auto_created} - UNSEEN
PUBLISHED = {model._meta.model_name or "" for model in tables() if issubclass(model, PublicRecord)}
EDITED = OWN - VOCABULARY - DERIVED
WRITE = ["add", "change", "delete"]


def test_a_contributor_writes_records_and_publishes_none() -> None:
    expected = names(["view"], OWN | {"directtie"}) | names(WRITE, EDITED)
    assert permissions("Contributor") == expected


def test_an_editor_also_publishes_and_keeps_the_vocabulary() -> None:
    added = names(["publish"], PUBLISHED) | names(WRITE, VOCABULARY)
    assert permissions("Editor") == permissions("Contributor") | added


def test_an_administrator_also_manages_accounts() -> None:
    accounts = {f"auth.{action}_{model}" for action in [*WRITE, "view"] for model in ("user", "group")}
    assert permissions("Administrator") == permissions("Editor") | accounts


def test_events_can_only_be_looked_at() -> None:
    events = Permission.objects.filter(content_type__app_label="registry", codename__endswith="event")
    assert events.exists()
    assert not events.exclude(codename__startswith="view_").exists()
