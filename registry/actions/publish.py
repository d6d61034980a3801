"""Moving records, with the parts that belong to them, between draft, review and the public site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from registry.choices import Publication
from registry.models.history import acting

DRAFT, IN_REVIEW, PUBLISHED = Publication.DRAFT, Publication.IN_REVIEW, Publication.PUBLISHED

# What a reader expects to see with the record. A network's memberships are not among them: they are
# thousands, come from lists of their own and are published by those who checked these.
PARTS = {
    "city": ("links",),
    "network": ("links", "partnerships", "roster_confirmations"),
    "jointpolicy": ("parties", "partnerships", "experiments"),
    "cityoffice": ("holders", "links"),
}


@dataclass
class Moved:
    """What a move did: numbers of records by what they are called."""

    records: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    unsourced: dict[str, tuple[int, int]] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Records and parts together."""
        return self.records + sum(self.parts.values())


def may_publish(by: User, model: type[models.Model]) -> bool:
    """Whether the account may put records of this kind on the public site or take them off it."""
    return by.has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}")


def publish(records: models.QuerySet, *, by: User) -> Moved:
    """Publish the records with their parts, and say what of it lacks a source or still does not show."""
    if not may_publish(by, records.model):
        raise PermissionDenied
    return _move(records, {DRAFT, IN_REVIEW}, PUBLISHED, by)


def send_to_review(records: models.QuerySet, *, by: User) -> Moved:
    """Hand drafts, with their parts, to the editors."""
    return _move(records, {DRAFT}, IN_REVIEW, by)


def return_to_draft(records: models.QuerySet, *, by: User) -> Moved:
    """Make drafts of records in review, and of published ones where the account may publish."""
    left = {IN_REVIEW, PUBLISHED} if may_publish(by, records.model) else {IN_REVIEW}
    return _move(records, left, DRAFT, by)


def take_parts_along(record: Any, *, by: User) -> Moved:
    """Bring the parts of a record just saved to the record's own state."""
    records = type(record)._default_manager.filter(pk=record.pk)
    left = {DRAFT, IN_REVIEW} if record.publication == PUBLISHED else {DRAFT, IN_REVIEW, PUBLISHED}
    if not may_publish(by, type(record)):
        left -= {PUBLISHED}
    return _move(records, left - {record.publication}, record.publication, by)


@transaction.atomic
def _move(records: models.QuerySet, left: set[Publication], to: Publication, by: User) -> Moved:
    """One UPDATE for the records and one for each kind of part."""
    # The keys, since the move may take the rows out of the very filter they were chosen by.
    chosen = list(records.order_by().values_list("pk", flat=True))
    moved = Moved()
    with acting(user=by.pk, username=by.get_username()):
        rows = records.model._default_manager.filter(pk__in=chosen)
        moved.records = rows.filter(publication__in=left).update(publication=to)
        for name, parts in _parts_of(records.model, chosen):
            if count := parts.filter(publication__in=left).update(publication=to):
                moved.parts[name] = count
    if to == PUBLISHED:
        _look_over(moved, records.model, chosen)
    return moved


def _parts_of(model: type[models.Model], keys: list[Any]) -> Iterator[tuple[str, Any]]:
    for accessor in PARTS.get(model._meta.model_name or "", ()):
        relation: Any = model._meta.get_field(accessor)
        part = relation.related_model
        rows = part._default_manager.filter(**{f"{relation.field.name}__in": keys})
        yield str(part._meta.verbose_name_plural), rows


def _look_over(moved: Moved, model: type[models.Model], keys: list[Any]) -> None:
    rows = model._default_manager.filter(pk__in=keys)
    name = str(model._meta.verbose_name_plural)
    groups: list[tuple[str, Any]] = [(name, rows), *_parts_of(model, keys)]
    for called, group in groups:
        published = group.filter(publication=PUBLISHED)
        number, public = published.count(), group.public().count()
        if number > public:
            moved.hidden[called] = number - public
        if hasattr(group.model, "citations") and number:
            bare = published.filter(citations__isnull=True).count()
            if bare:
                moved.unsourced[called] = (bare, number)
