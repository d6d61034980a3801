"""What waits for review, of all kinds in one list: heads only, since their parts move with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.urls import reverse
from pghistory.models import Context

from registry.actions.publish import PARTS
from registry.admin.base import is_sourced
from registry.admin.timeline import who_of
from registry.choices import Publication
from registry.models.base import PublicRecord
from registry.models.history import event_model

CAP = 1000


def said(number: int) -> str:
    """A number as lists show it that count no further than the cap."""
    return f"{number:,}" if number <= CAP else f"more than {CAP:,}"


def kinds() -> list[type[PublicRecord]]:
    """The kinds of record that go through review, as the staff site has them."""
    return [model for model in admin.site._registry if issubclass(model, PublicRecord)]


def heads(model: type[PublicRecord], state: Publication) -> models.QuerySet:
    """Records in this state, but for parts of a record in the same state."""
    waiting = model._default_manager.filter(publication=state).order_by()
    for whole, key in _wholes().get(model, []):
        with_it = whole._default_manager.filter(pk=OuterRef(key), publication=state)
        waiting = waiting.exclude(models.Exists(with_it))
    return waiting


def _wholes() -> dict[type[models.Model], list[tuple[type[PublicRecord], str]]]:
    """Which kinds of record each kind of part moves with, and by which foreign key."""
    found: dict[type[models.Model], list[tuple[type[PublicRecord], str]]] = defaultdict(list)
    for model in kinds():
        for accessor in PARTS.get(model._meta.model_name or "", ()):
            relation: Any = model._meta.get_field(accessor)
            found[relation.related_model].append((model, relation.field.name))
    return found


def together(querysets: Iterable[models.QuerySet]) -> models.QuerySet:
    """Rows (`row_kind`, `row_key`, `row_since`) of all kinds, the one that waits longest first.

    No kind gives more rows than are counted.
    """
    parts = []
    for rows in querysets:
        events = event_model(rows.model).objects.filter(pgh_obj_id=OuterRef("pk")).order_by("-pgh_id")
        kind = Value(rows.model._meta.model_name, output_field=CharField())
        since = Subquery(events.values("pgh_created_at")[:1])
        some = rows.model._default_manager.filter(pk__in=rows.order_by("pk").values("pk")[: CAP + 1])
        parts.append(
            some.order_by()
            .annotate(row_kind=kind, row_key=F("pk"), row_since=since)
            .values("row_kind", "row_key", "row_since")
        )
    return parts[0].union(*parts[1:], all=True).order_by("row_since", "row_kind", "row_key")


def in_review(only: type[PublicRecord] | None = None) -> models.QuerySet:
    """What waits for an editor, of one kind or of all."""
    return together(heads(model, Publication.IN_REVIEW) for model in ([only] if only else kinds()))


def drafts_of(user: User) -> models.QuerySet:
    """Drafts that the account added or changed, among the last of its own changes."""
    # As keys and not as a subquery, of which the planner cannot know how few events it has.
    contexts = list(
        Context.objects.filter(metadata__user=user.pk)
        .order_by("-created_at")
        .values_list("pk", flat=True)[:CAP]
    )
    mine = []
    for model in kinds():
        events = event_model(model).objects.filter(pgh_context__in=contexts)
        drafts = heads(model, Publication.DRAFT)
        mine.append(drafts.filter(pk__in=events.values("pgh_obj_id")))
    return together(mine)


def numbers_in_review() -> dict[str, int]:
    """How many heads of each kind are in review, none counted beyond the cap; one query."""
    counts = []
    for model in kinds():
        some = heads(model, Publication.IN_REVIEW).values("pk")[: CAP + 1]
        counts.append(
            model._default_manager.filter(pk__in=some)
            .order_by()
            .values(row_kind=Value(model._meta.model_name, output_field=CharField()))
            .annotate(row_number=Count("pk"))
            .values_list("row_kind", "row_number")
        )
    return dict(counts[0].union(*counts[1:], all=True))


@dataclass
class Waiting:
    """One record that waits: since when, who changed it last, whether a source supports it."""

    record: Any
    kind: str
    since: datetime | None
    who: str
    sourced: bool | None

    @property
    def key(self) -> str:
        """What the box of the record sends: its kind and key."""
        return f"{self.record._meta.model_name}:{self.record.pk}"

    @property
    def form(self) -> str:
        """The address of the record's form."""
        return form_of(self.record)

    @property
    def page(self) -> str:
        """The address of the record beside its last published state."""
        return reverse("admin:review_record", args=[self.record._meta.model_name, self.record.pk])


def form_of(record: models.Model) -> str:
    """The address of a record's form."""
    return reverse(f"admin:registry_{record._meta.model_name}_change", args=[record.pk])


def details(rows: Iterable[dict[str, Any]]) -> list[Waiting]:
    """The records of some rows of `together`, in their order: two queries for each kind among them."""
    rows = list(rows)
    keys: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        keys[row["row_kind"]].append(row["row_key"])
    models_by_name = {model._meta.model_name: model for model in kinds()}
    found = {
        (name, one.record.pk): one
        for name, some in keys.items()
        for one in _details(models_by_name[name], some)
    }
    named = ((row["row_kind"], row["row_key"]) for row in rows)
    return [found[name] for name in named if name in found]


def _details(model: Any, keys: list[int]) -> list[Waiting]:
    related: Any = admin.site._registry[model].list_select_related or ()
    records = model._default_manager.filter(pk__in=keys)
    if related:
        records = records.select_related(*related)
    if hasattr(model, "citations"):
        records = records.annotate(is_sourced=is_sourced(model))
    events = event_model(model).objects
    newest = events.filter(pgh_obj_id=OuterRef("pgh_obj_id")).order_by("-pgh_id").values("pgh_id")[:1]
    last = events.filter(Q(pgh_obj_id__in=keys), pgh_id=Subquery(newest)).select_related("pgh_context")
    events_by_key = {event.pgh_obj_id: event for event in last}
    return [_waiting(record, events_by_key.get(record.pk)) for record in records]


def _waiting(record: Any, event: Any) -> Waiting:
    return Waiting(
        record,
        str(record._meta.verbose_name),
        event and event.pgh_created_at,
        who_of(event.pgh_context) if event else "",
        getattr(record, "is_sourced", None),
    )
