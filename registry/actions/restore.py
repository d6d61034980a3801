"""Bringing back what was: one value, a record as it was, or a deleted record with its links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction

from registry.actions.links import link_fields, linked_before
from registry.actions.recorded import Changed, Table, ends_at, quoted, table_of
from registry.actions.rewind import CannotRewind, put_back
from registry.actions.undo import may_publish_all
from registry.choices import Publication
from registry.models import Merge
from registry.models.history import acting_alone
from registry.models.refusals import read_refusal

CannotRestore = CannotRewind
NEVER = {"pid"}
NO_VERSION = "This record has no such version."
AT_ONCE = timedelta(microseconds=1)


@dataclass
class Restored:
    """The record that came back, numbers of its links by kind, and of links that could not come back."""

    record: Any
    links: dict[type[models.Model], int] = field(default_factory=dict)
    left_out: dict[type[models.Model], int] = field(default_factory=dict)


@transaction.atomic
def restore_values(record: Any, event: int, *, by: User, names: set[str] | None = None) -> list[str]:
    """Give the record the values that an event of its history recorded: all, or those of `names`.

    All of them include what its many-to-many fields linked to then; records that are deleted since
    stay away. Returns the names of the fields that changed. Raises ValidationError where the values do
    not fit the registry of today, and PermissionDenied.
    """
    record, earlier = _with_version(record, event)
    was_published = _is_published(record)
    changed = []
    for one in _table(record).fields:
        wanted = names is None or one.name in names
        value = getattr(earlier, one.attname)
        if wanted and one.name not in NEVER and getattr(record, one.attname) != value:
            setattr(record, one.attname, value)
            changed.append(one.name)
    if not _may_change(by, record, published=was_published or _is_published(record)):
        raise PermissionDenied
    # What the same transaction linked belongs to the version.
    links = _links_at(record, earlier.pgh_created_at + AT_ONCE) if names is None else {}
    if changed:
        record.full_clean()
    with acting_alone(user=by.pk, username=by.get_username(), command="restore"):
        if changed:
            _refused_in_words(lambda: record.save(update_fields=changed))
        return [*changed, *(field.name for field, keys in links.items() if _link(record, field, keys))]


@transaction.atomic
def restore_links(record: Any, name: str, event: int, *, by: User) -> bool:
    """Link the record by a many-to-many field as it was before an event of the links; whether that is new.

    Records that are deleted since stay away. Raises ValidationError where the database refuses the links,
    and PermissionDenied.
    """
    record = _locked(record)
    field = next((one for one, _ in link_fields(type(record)) if one.name == name), None)
    if field is None:
        raise ValidationError(NO_VERSION)
    if not _may_change(by, record, published=_is_published(record)):
        raise PermissionDenied
    keys = _still_there(field, linked_before(field, record.pk, [event])[event])
    with acting_alone(user=by.pk, username=by.get_username(), command="restore"):
        return _link(record, field, keys)


def _locked(record: Any) -> Any:
    return type(record)._base_manager.select_for_update().get(pk=record.pk)


def _table(record: Any) -> Table:
    table = table_of(type(record))
    if table is None:
        raise ValidationError(NO_VERSION)
    return table


def _with_version(record: Any, event: int) -> tuple[Any, Any]:
    """The record, locked, and what the event recorded of it."""
    events = _table(record).events.objects
    record = _locked(record)
    earlier = events.filter(pgh_id=event, pgh_obj=record.pk).first()
    if earlier is None:
        raise ValidationError(NO_VERSION)
    return record, earlier


def _links_at(record: Any, moment: datetime) -> dict[Any, set[Any]]:
    """What each many-to-many field linked to before a moment, of what is still there."""
    return {
        field: _still_there(field, linked_before(field, record.pk, [moment])[moment])
        for field, _ in link_fields(type(record))
    }


def _still_there(field: Any, keys: list[Any]) -> set[Any]:
    return set(field.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))


def _link(record: Any, field: Any, keys: set[Any]) -> bool:
    """Link the record to exactly these; whether that changed anything."""
    links = getattr(record, field.name)
    if set(links.order_by().values_list("pk", flat=True)) == keys:
        return False
    _refused_in_words(lambda: links.set(keys))
    return True


def _refused_in_words(write: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            write()
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
    bringing, deleted = _collected(model, key)
    if not may_restore(by, model, published=_is_published(deleted)):
        raise PermissionDenied
    with acting_alone(user=by.pk, username=by.get_username(), command="restore"):
        put_back([*bringing.changes.values()])
    links = bringing.numbers(model)
    return Restored(model._base_manager.get(pk=key), links, dict(bringing.left_out))


def would_come_back(model: type[models.Model], key: Any) -> Restored:
    """What restoring a deleted record would bring back with it; nothing is done. Raises CannotRestore."""
    bringing, deleted = _collected(model, key)
    return Restored(deleted, bringing.numbers(model), dict(bringing.left_out))


def _collected(model: type[models.Model], key: Any) -> tuple[_Bringing, Any]:
    """All that was deleted with a record, and the event of its own deletion."""
    table = table_of(model)
    deleted: Any = table and table.events.objects.filter(pgh_obj=key).order_by("-pgh_id").first()
    if table is None or deleted is None or deleted.pgh_label != "delete":
        raise CannotRestore(["There is no such deleted record."])
    if merge := Merge.objects.standing().filter(merged=getattr(deleted, "pid", None)).first():
        raise CannotRestore([f"“{merge}”: it was merged. Undo the merge instead."])
    bringing = _Bringing(deleted.pgh_context_id)
    bringing.add(table, {key: deleted.pgh_id})
    return bringing, deleted


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

    def numbers(self, model: type[models.Model]) -> dict[type[models.Model], int]:
        """How many rows of each kind there are besides the one record of this model."""
        counts = {t.model: len(c.gone) + len(c.changed) for t, c in self.changes.items()}
        counts[model] -= 1
        return {kind: number for kind, number in counts.items() if number}

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
