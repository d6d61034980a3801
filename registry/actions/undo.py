"""Undoing a whole batch, such as an import: all of it, or nothing with the reasons."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from pghistory.models import Context

from registry.actions.later import who
from registry.actions.publish import may_publish
from registry.actions.recorded import Changed, read, touched
from registry.actions.rewind import CannotRewind, Rewound, rewind
from registry.choices import Publication
from registry.models.base import PublicRecord
from registry.models.history import acting_alone

CannotUndo = CannotRewind
Undone = Rewound


def contexts_of(batch: str) -> list[uuid.UUID]:
    """The contexts of the history that carry this batch."""
    found = Context.objects.extra(where=["metadata ? 'batch'", "metadata ->> 'batch' = %s"], params=[batch])
    return list(found.order_by("created_at").values_list("pk", flat=True))


@dataclass(frozen=True)
class Batch:
    """Everything recorded under one batch: by whom, when it began, and whether it was undone."""

    batch: str
    by: str
    at: datetime
    undone: bool


def batches(number: int = 100) -> list[Batch]:
    """The newest batches."""
    where = "metadata ? 'batch'"
    said = Context.objects.extra(where=[where]).order_by("-created_at").values_list("metadata", "created_at")
    found: dict[str, Batch] = {}
    undone = set(
        Context.objects.filter(metadata__command="undo_batch", metadata__has_key="undoes").values_list(
            "metadata__undoes", flat=True
        )
    )
    for metadata, at in said[: 10 * number]:
        batch = str(metadata["batch"])
        found[batch] = Batch(batch, who(metadata), at, batch in undone)
    return list(found.values())[:number]


@transaction.atomic
def undo_batch(batch: str, *, by: User) -> Undone:
    """Put every table back to before the batch, but for history and retired addresses.

    Raises CannotUndo with a reason for each record that was edited later, and PermissionDenied; nothing
    is done then. What was edited later in other columns keeps that edit.
    """
    contexts = contexts_of(batch)
    if not contexts:
        raise CannotUndo(["Nothing is recorded under this batch."])
    changes = [read(table, contexts) for table in touched(contexts)]
    if not any(change.made or change.gone or change.changed for change in changes):
        raise CannotUndo(["Nothing of this batch is left to undo."])
    for change in changes:
        if not _may(by, change):
            raise PermissionDenied
    with acting_alone(user=by.pk, username=by.get_username(), command="undo_batch", undoes=batch):
        return rewind(contexts)


def _may(by: User, change: Changed) -> bool:
    """Whether the account may take away, bring back and change such rows, published ones among them."""
    model = change.table.model
    if model._meta.auto_created:
        return True
    actions = {"delete": change.made, "add": change.gone, "change": change.changed}
    needed = [
        f"{model._meta.app_label}.{name}_{model._meta.model_name}" for name, rows in actions.items() if rows
    ]
    return by.has_perms(needed) and (may_publish_all(by, model) or not _published(change))


def may_publish_all(by: User, model: type[models.Model]) -> bool:
    """Whether the account may change what is published of this kind; other kinds have no such state."""
    return not issubclass(model, PublicRecord) or may_publish(by, model)


def _published(change: Changed) -> bool:
    events = [*change.made.values(), *(e for pair in (change.gone | change.changed).values() for e in pair)]
    rows = change.table.events.objects.filter(pgh_id__in=events)
    return rows.filter(publication=Publication.PUBLISHED).exists()
