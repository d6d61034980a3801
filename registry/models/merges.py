"""Merges: that two records were found to be one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.models.base import Record
from registry.models.constraints import FieldUnique, not_itself
from registry.models.history import tracked


class MergeQuerySet(models.QuerySet):
    """Questions about merges."""

    def standing(self) -> MergeQuerySet:
        """Merges that were not undone."""
        return self.filter(undone_at__isnull=True)

    def of(self, record: Any) -> MergeQuerySet:
        """Merges that made this record larger, or that it went into."""
        kind = record._meta.model_name
        return self.filter(Q(survivor=record.pid) | Q(merged=record.pid), kind=kind)


@tracked
class Merge(Record):
    """That one record was merged into another of its kind; it stands until `undone_at`.

    What moved is not kept twice: the history recorded all of it under `context`, and an un-merge
    puts back what that context changed. Names are kept since either record may be gone later.
    """

    kind = models.CharField(max_length=40, help_text="Model name of both records: city, network…")
    survivor = models.UUIDField("permanent identifier of the record that stayed")
    survivor_name = models.CharField("record that stayed", max_length=300)
    merged = models.UUIDField("permanent identifier of the record that went")
    merged_name = models.CharField("record that went", max_length=300)
    context = models.UUIDField(unique=True, help_text="The history's context of everything that moved.")
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    merged_at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True, help_text="Empty while the merge stands.")

    objects = MergeQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-merged_at", "-pk"]
        # Staff merge and un-merge records; the row itself is written by these actions alone.
        default_permissions = ("view",)
        constraints = [
            not_itself("survivor", "merged", "A record cannot be merged into itself.", field="merged"),
            FieldUnique(
                fields=["kind", "merged"],
                condition=Q(undone_at__isnull=True),
                name="registry_merge_once",
                field="merged",
                violation_error_message="This record is merged into another already.",
            ),
        ]
        indexes = [models.Index(fields=["survivor"], name="merge_survivor")]

    def __str__(self) -> str:
        return f"{self.merged_name} into {self.survivor_name}"
