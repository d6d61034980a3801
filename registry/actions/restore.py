"""Bringing back what was: one value, a record as it was, or a deleted record with its links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction

from registry.actions.recorded import Changed, Table, ends_at, quoted, table_of
from registry.actions.rewind import CannotRewind, put_back
from registry.actions.undo import may_publish_all
from registry.choices import Publication
from registry.models import Merge
from registry.models.history import acting_alone
from registry.models.refusals import read_refusal

CannotRestore = CannotRewind
NEVER = {"pid"}


@dataclass
class Restored:
    """The record that came back, numbers of its links by kind, and of links that could not come back."""

    record: Any
    links: dict[type[models.Model], int] = field(default_factory=dict)
    left_out: dict[type[models.Model], int] = field(default_factory=dict)


@transaction.atomic
def restore_values(record: Any, event: int, *, by: User, names: set[str] | None = None) -> list[str]:
    """Give the record the values that an event of its history recorded: all, or those of `names`.

    Returns the names of the fields that changed. Raises ValidationError where the values do not fit
    the registry of today, and PermissionDenied.
    """
    record = type(record)._base_manager.select_for_update().get(pk=record.pk)
    table = table_of(type(record))
    earlier = table and table.events.objects.filter(pgh_id=event, pgh_obj=record.pk).first()
    if table is None or earlier is None:
        raise ValidationError("This record has no such version.")
    was_published = _is_published(record)
    changed = []
    for one in table.fields:
        wanted = names is None or one.name in names
        value = getattr(earlier, one.attname)
        if wanted and one.name not in NEVER and getattr(record, one.attname) != value:
            setattr(record, one.attname, value)
            changed.append(one.name)
    if not _may_change(by, record, published=was_published or _is_published(record)):
        raise PermissionDenied
    if changed:
        record.full_clean()
        with acting_alone(user=by.pk, username=by.get_username(), command="restore"):
            _save(record, changed)
    return changed


def _save(record: Any, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            record.save(update_fields=changed)
    except IntegrityError as error:
        refusal = read_refusal(error)
        if refusal is None:
            raise
        raise ValidationError(refusal.message) from error


def _is_published(record: Any) -> bool:
    return getattr(record, "publication", None) == Publication.PUBLISHED


def _may_change(by: User, record: Any, *, published: bool) -> bool:
    options = record._meta
    allowed = by.has_perm(f"{options.app_label}.change_{options.model_name}")
    return allowed and (not published or may_publish_all(by, type(record)))


@transaction.atomic
def restore_deleted(model: type[models.Model], key: Any, *, by: User) -> Restored:
    """Bring back a deleted record, with its identifier and address, and the links deleted with it.

    Links whose other end is gone as well stay away until that is restored. Raises CannotRestore with
    the reasons, and PermissionDenied.
    """
    table = table_of(model)
    deleted: Any = table and table.events.objects.filter(pgh_obj=key).order_by("-pgh_id").first()
    if table is None or deleted is None or deleted.pgh_label != "delete":
        raise CannotRestore(["There is no such deleted record."])
    if merge := Merge.objects.standing().filter(merged=getattr(deleted, "pid", None)).first():
        raise CannotRestore([f"“{merge}”: it was merged. Undo the merge instead."])
    if not may_restore(by, model, published=_is_published(deleted)):
        raise PermissionDenied
    bringing = _Bringing(deleted.pgh_context_id)
    bringing.add(table, {key: deleted.pgh_id})
    with acting_alone(user=by.pk, username=by.get_username(), command="restore"):
        put_back([*bringing.changes.values()])
    counts = {t.model: len(c.gone) + len(c.changed) for t, c in bringing.changes.items() if t is not table}
    own = bringing.changes[table]
    if more := len(own.gone) + len(own.changed) - 1:
        counts[model] = more
    return Restored(model._base_manager.get(pk=key), counts, dict(bringing.left_out))


def may_restore(by: User, model: type[models.Model], *, published: bool) -> bool:
    """Whether the account may bring back a record of this kind; published ones show at once."""
    allowed = by.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}")
    return allowed and (not published or may_publish_all(by, model))


class _Bringing:
    """Collects, parents first, what was deleted with a record; a fixed number of queries for each kind."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.changes: dict[Table, Changed] = {}
        self.left_out: dict[type[models.Model], int] = defaultdict(int)

    def add(self, table: Table, rows: dict[Any, int]) -> None:
        """Rows of a table by the events of their deletion, and all that was deleted with them."""
        change = self.changes.setdefault(table, Changed(table))
        change.gone |= {key: (event, event) for key, event in rows.items()}
        for below, end in ends_at(table.model):
            self._emptied(below, end, list(rows))
            if found := self._deleted(below, end, list(rows)):
                self.add(below, found)

    def _deleted(self, table: Table, end: Any, keys: list[Any]) -> dict[Any, int]:
        """Rows deleted under the same context that referred to the keys, and whose other ends are there."""
        known = self.changes[table].gone if table in self.changes else {}
        here = {t.model: list(change.gone) for t, change in self.changes.items() if change.gone}
        others = [
            one for one in table.ends if one is not end and one.related_model._meta.app_label == "registry"
        ]
        there = " AND ".join(self._is_there(one) for one in others) or "true"
        params: list[Any] = [here.get(one.related_model, []) for one in others]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT DISTINCT ON (event.{table.row_of}) event.{table.row_of}, event.pgh_id, {there}
                FROM {table.log} event
                WHERE event.pgh_context_id = %s AND event.pgh_label = 'delete'
                    AND event.{quoted(end.column)} = ANY(%s)
                    AND NOT EXISTS (SELECT FROM {table.name} n WHERE n.{table.key} = event.{table.row_of})
                ORDER BY event.{table.row_of}, event.pgh_id DESC""",
                [*params, self.context, keys],
            )
            rows = [row for row in cursor.fetchall() if row[0] not in known]
        missing = sum(not whole for _, _, whole in rows)
        if missing and not table.model._meta.auto_created:
            self.left_out[table.model] += missing
        return {key: event for key, event, whole in rows if whole}

    @staticmethod
    def _is_there(one: Any) -> str:
        column, target = f"event.{quoted(one.column)}", one.related_model._meta
        return f"""({column} IS NULL OR {column} = ANY(%s) OR EXISTS (
            SELECT FROM {quoted(target.db_table)} t WHERE t.{quoted(one.target_field.column)} = {column}))"""

    def _emptied(self, table: Table, end: Any, keys: list[Any]) -> None:
        """Rows whose foreign key was emptied with the deletion, and is empty still."""
        if not end.null:
            return
        column = quoted(end.column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT event.{table.row_of}, before.pgh_id, event.pgh_id FROM {table.log} event
                JOIN {table.name} now ON now.{table.key} = event.{table.row_of} AND now.{column} IS NULL
                JOIN LATERAL (
                    SELECT pgh_id, {column} FROM {table.log} earlier
                    WHERE earlier.{table.row_of} = event.{table.row_of} AND earlier.pgh_id < event.pgh_id
                    ORDER BY pgh_id DESC LIMIT 1
                ) before ON before.{column} = ANY(%s)
                WHERE event.pgh_context_id = %s AND event.pgh_label = 'update' AND event.{column} IS NULL""",
                [keys, self.context],
            )
            found = {key: (before, last) for key, before, last in cursor.fetchall()}
        if found:
            self.changes.setdefault(table, Changed(table)).changed |= found


def deleted_of(model: type[models.Model], before: int | None = None, number: int = 50) -> list[Any]:
    """The newest deletions of records of this kind that are deleted still, as their events."""
    table = table_of(model)
    if table is None:
        return []
    rows = table.events.objects.filter(pgh_label="delete").select_related("pgh_context")
    there = model._base_manager.filter(pk=models.OuterRef("pgh_obj"))
    later = table.events.objects.filter(
        pgh_obj=models.OuterRef("pgh_obj"), pgh_id__gt=models.OuterRef("pgh_id")
    )
    merged = Merge.objects.standing().filter(kind=model._meta.model_name, merged=models.OuterRef("pid"))
    if "pid" in {one.name for one in table.fields}:
        rows = rows.exclude(models.Exists(merged))
    if before:
        rows = rows.filter(pgh_id__lt=before)
    found = rows.filter(~models.Exists(there), ~models.Exists(later)).order_by("-pgh_id")[:number]
    return list(found)
