"""What a record said when it was last published, from its history, beside what it says now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

from registry.actions.links import linked_before
from registry.admin import timeline
from registry.choices import Publication
from registry.models.history import NOTHING, event_model, value_in_words

# What readers never see, or what changes with every move.
LEFT_OUT = {"publication", "note"}


@dataclass(frozen=True)
class Compared:
    """One field: what it said when last published, and what it says now."""

    label: str
    before: str
    now: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.now


@dataclass(frozen=True)
class SideBySide:
    """A record beside its last published state.

    `is_new`: it has never been published. `published_until`: when that state ended; None while it lasts.
    """

    record: Any
    is_new: bool
    published_until: datetime | None
    fields: list[Compared]

    @property
    def changes(self) -> list[Compared]:
        """The fields that differ."""
        return [one for one in self.fields if one.changed]


def side_by_side(record: Any) -> SideBySide:
    """The record with its many-to-many links, beside its last published state."""
    compared = compare_rows([record])[0]
    links = [_links(record, field, compared) for field in record._meta.many_to_many]
    return replace(compared, fields=[*compared.fields, *links])


def compare_rows(rows: list[Any]) -> list[SideBySide]:
    """Rows of one kind beside their last published states: two queries, and one for each kind they name."""
    if not rows:
        return []
    last = {event.pgh_obj_id: event for event in _last_published(type(rows[0]), [row.pk for row in rows])}
    names = timeline.names_of([*last.values(), *rows])
    return [_side_by_side(row, last.get(row.pk), names) for row in rows]


def _side_by_side(row: Any, event: Any, names: Any) -> SideBySide:
    fields = []
    for one in timeline.fields_of(event_model(type(row))):
        if one.name not in LEFT_OUT:
            now = value_in_words(one, getattr(row, one.attname), names)
            before = value_in_words(one, getattr(event, one.attname), names) if event else NOTHING
            fields.append(Compared(str(one.verbose_name), before, now))
    return SideBySide(row, event is None, event and event.published_until, fields)


def _last_published(model: type[models.Model], keys: list[Any]) -> models.QuerySet:
    """Of each row the newest event in which it was published, with when the next one took that back."""
    events = event_model(model).objects
    following = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    until = following.order_by("pgh_id").values("pgh_created_at")[:1]
    newest = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), publication=Publication.PUBLISHED)
    last = newest.order_by("-pgh_id").values("pgh_id")[:1]
    published = events.filter(pgh_obj_id__in=keys, publication=Publication.PUBLISHED, pgh_id=Subquery(last))
    return published.annotate(published_until=Subquery(until))


def _links(record: Any, field: Any, compared: SideBySide) -> Compared:
    """What the record was linked to when last published, and now."""
    now = getattr(record, field.name).all()
    before = [] if compared.is_new else _linked_before(record, field, compared.published_until)
    texts = ["; ".join(sorted(str(one) for one in rows)) or NOTHING for rows in (before, now)]
    return Compared(str(field.verbose_name), *texts)


def _linked_before(record: Any, field: Any, until: datetime | None) -> Any:
    moment = until or datetime.max.replace(tzinfo=UTC)
    keys = linked_before(field, record.pk, [moment])[moment]
    return field.related_model._default_manager.filter(pk__in=keys)


def changed_since(record: Any, version: int | None) -> list[str]:
    """Names of the record's own fields that differ from its state at that event."""
    event = _event(record, version)
    fields = [one for one in timeline.fields_of(event) if one.name not in LEFT_OUT] if event else []
    return [
        str(one.verbose_name) for one in fields if getattr(event, one.attname) != getattr(record, one.attname)
    ]


def values_at(record: Any, version: int | None, names: Iterable[str]) -> dict[str, Any]:
    """What these columns of the record held at that event; without those that are no columns."""
    event = _event(record, version)
    columns = {one.name: one.attname for one in event._meta.concrete_fields} if event else {}
    return {name: getattr(event, columns[name]) for name in names if name in columns}


def _event(record: Any, version: int | None) -> Any:
    return event_model(type(record)).objects.filter(pgh_id=version, pgh_obj_id=record.pk).first()
