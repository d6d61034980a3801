"""History by database triggers: who changed what, when, by whatever path.

Every table has an event table that statement-level triggers fill on insert, update and delete, so
that forms, bulk statements, COPY and raw SQL are all recorded at linear cost. `acting()` says who
acts; without it the trigger records the database role.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import pghistory
import pghistory.models
import pghistory.runtime
import pgtrigger
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest
from django.utils.translation import gettext
from pghistory.middleware import HistoryMiddleware


class RegistryEvent(pghistory.models.Event):
    """One recorded state of one row; `pgh_id` gives the order (`pgh_created_at` is the
    transaction's start, so it does not)."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_created_at = models.DateTimeField()

    class Meta:
        abstract = True


NOTHING = "—"


def value_in_words(field: Any, value: Any, names: Mapping[Any, Mapping[Any, Any]], unknown: Any = "") -> str:
    """A recorded value of a field in words; `names` has what foreign keys mean, by model and key.

    `unknown` stands for a record that it does not have; without it, the number of that record.
    """
    if value in (None, ""):
        return NOTHING
    if field.is_relation:
        return str(names.get(field.related_model, {}).get(value) or unknown or f"number {value}")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(dict(field.flatchoices).get(value, value) if field.choices else value)


# Staff read events and never write them, so the other permissions would only be clutter.
_EVENT_META = {"indexes": [], "ordering": ["pgh_id"], "default_permissions": ("view",)}


def _trackers(*kinds: type[pghistory.RowEvent]) -> list[pghistory.RowEvent]:
    # Fresh instances for each model: a shared one keeps the first model's level.
    return [kind(level=pghistory.Statement) for kind in kinds]


def tracked(model: type[models.Model]) -> Any:
    """Class decorator: record every insert, update and delete of the table's rows."""
    generated = [f.name for f in model._meta.local_fields if isinstance(f, models.GeneratedField)]
    # The page of changes reads the newest of what the public may see.
    indexes = []
    if hasattr(model, "brought"):
        name = f"{model.__name__.lower()}event_newest"
        condition = model.brought and ~model.brought
        indexes = [models.Index(fields=["-pgh_created_at", "-pgh_id"], name=name, condition=condition)]
    return pghistory.track(
        *_trackers(pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent),
        base_model=RegistryEvent,
        exclude=generated,
        append_only=True,
        meta={**_EVENT_META, "indexes": indexes},
        model_name=f"{model.__name__}Event",
    )(model)


def tracked_links(through: type[models.Model], *triggers: pgtrigger.Trigger) -> None:
    """Record every insert, update and delete of a many-to-many table, and give it further triggers."""
    proxy = type(
        f"{through.__name__.replace('_', ' ').title().replace(' ', '')}",
        (through,),
        {
            "__module__": through.__module__,
            "Meta": type("Meta", (), {"proxy": True, "app_label": "registry", "default_permissions": ()}),
        },
    )
    pghistory.track(
        *_trackers(pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent),
        base_model=RegistryEvent,
        obj_field=None,
        append_only=True,
        meta={**_EVENT_META, "indexes": [models.Index(fields=["id"])]},  # the earlier states of a link
        model_name=f"{proxy.__name__}Event",
    )(proxy)
    pgtrigger.register(*triggers)(proxy)


@cache
def event_models() -> dict[Any, Any]:
    """The model of the events of each table, by the model of the table."""
    events = apps.get_app_config("registry").get_models()
    recorded: list[Any] = [event for event in events if issubclass(event, RegistryEvent)]
    return {event.pgh_tracked_model._meta.concrete_model: event for event in recorded}


def event_model(model: type[models.Model]) -> Any:
    """The model of the events of a table, many-to-many tables too. Raises KeyError where none are kept."""
    return event_models()[model._meta.concrete_model]


@contextmanager
def acting(**who: Any) -> Iterator[None]:
    """Attribute the changes made inside to `who` (`user=`, `username=`, `command=`, `reason=`)."""
    with pghistory.context(**who):
        yield


@contextmanager
def acting_alone(**who: Any) -> Iterator[uuid.UUID]:
    """Like `acting()`, but under a context of its own wherever it stands; gives the context's key.

    What has to be undone by itself is recorded apart from whatever else a request or a command does.
    """
    # pghistory groups nested contexts under the outermost and offers no other way.
    tracker = pghistory.runtime._tracker
    outer = getattr(tracker, "value", None)
    if outer is None:
        with pghistory.context(**who) as own:
            yield own.id
    else:
        tracker.value = pghistory.runtime.Context(uuid.uuid4(), {**outer.metadata, **who})
        try:
            yield tracker.value.id
        finally:
            tracker.value = outer
    _forget_context()


def _forget_context() -> None:
    """What follows in the same transaction is not part of what was done alone."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


def attribute_copy(**who: Any) -> None:
    """Attribute a COPY of the current transaction to `who`; COPY bypasses `acting()`."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("attribute_copy() needs the transaction of the COPY.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), json.dumps(who)],
        )


class StaffHistoryMiddleware(HistoryMiddleware):
    """Record the account and its name, which outlives the account."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        user = getattr(request, "user", None)
        named = {"username": user.get_username()} if user and user.is_authenticated else {}
        return {**super().get_context(request), **named}


def heed_every_trigger() -> None:
    """Say, for this connection, that no trigger is to be ignored.

    Where it is not said, a trigger finds that out by an error that it catches, for each row; PostgreSQL then
    goes through all checks that wait for the commit. Of a million rows that is a million times a million.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', false)")


class RegistryCommand(BaseCommand):
    """A management command whose changes are recorded under its name."""

    def execute(self, *args: Any, **options: Any) -> Any:
        command = self.__module__.rpartition(".")[2]
        heed_every_trigger()
        with acting(command=command):
            return super().execute(*args, **options)
