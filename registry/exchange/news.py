"""Which records of a listing were published last, from the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from registry.choices import Publication
from registry.models.base import PublicRecord
from registry.models.history import event_model


@dataclass(frozen=True)
class News:
    """A record, when it was first published, and when what the public sees of it last changed."""

    key: int
    published: datetime
    updated: datetime


def newest(records: QuerySet, most: int) -> list[News]:
    """The records that were first published last, the newest first.

    What happened to a record while it was a draft does not count, so that nothing can be told of it.
    """
    events = _public_events(records.model)
    of_the_same = events.filter(pgh_obj=OuterRef("pgh_obj"))
    # Numbers of events follow the order of changes; their times are those of transactions. The newest are
    # looked at first, so that a feed of everything ends before it has read the history of everything.
    first = events.filter(
        ~Exists(of_the_same.filter(pgh_id__lt=OuterRef("pgh_id"))),
        pgh_obj__in=records.order_by().values("pk"),
    )
    updated = last_changed(records.model, "pgh_obj")
    rows = first.order_by("-pgh_id").values_list("pgh_obj", "pgh_created_at", updated)
    return [News(*row) for row in rows[:most]]


def last_changed(model: Any, key: str) -> Subquery:
    """When what the public sees of a record itself last changed; `key` leads from the row to the record."""
    of_it = _public_events(model).filter(pgh_obj=OuterRef(key))
    return Subquery(of_it.order_by("-pgh_id").values("pgh_created_at")[:1])


def _public_events(model: Any) -> QuerySet:
    """What happened to records while they were published."""
    events = event_model(model).objects.order_by()
    return events.filter(publication=Publication.PUBLISHED) if issubclass(model, PublicRecord) else events
