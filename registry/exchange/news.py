"""Which records of a listing were published last, from the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, QuerySet

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
    model: Any = records.model
    events = event_model(model).objects.filter(pgh_obj__in=records.order_by().values("pk"))
    if issubclass(model, PublicRecord):
        events = events.filter(publication=Publication.PUBLISHED)
    # Numbers of events follow the order of changes; their times are those of transactions.
    grouped = events.order_by().values("pgh_obj").annotate(first=Min("pgh_id"), last=Max("pgh_id"))
    rows = list(grouped.order_by("-first")[:most])
    numbers = {number for row in rows for number in (row["first"], row["last"])}
    times = dict(
        event_model(model).objects.filter(pgh_id__in=numbers).values_list("pgh_id", "pgh_created_at")
    )
    return [News(row["pgh_obj"], times[row["first"]], times[row["last"]]) for row in rows]
