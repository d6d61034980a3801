"""Releases: what was published at one moment, frozen, and which of them hold a record."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from registry.models.base import Record
from registry.models.constraints import FieldCheck, FieldUnique

VERSION_SHAPE = r"^[0-9A-Za-z]+([.-][0-9A-Za-z]+)*$"


class ReleaseQuerySet(models.QuerySet):
    """Questions about releases."""

    def holding(self, record: Record) -> ReleaseQuerySet:
        """The releases that hold a record, the oldest first."""
        spans = ReleasedRecord.objects.filter(
            pid=record.pid, first__lte=models.OuterRef("pk"), last__gte=models.OuterRef("pk")
        )
        return self.filter(models.Exists(spans)).order_by("pk")


class Release(models.Model):
    """What the registry had published at one moment, as a file that never changes.

    The database refuses to change or remove a row. `counts` has the rows of each table; `changes` has for
    each table and change since the release before (`added`, `changed`, `removed`) the `number` of rows and
    the `names` of the first.
    """

    version = models.CharField(max_length=40)
    made_at = models.DateTimeField(help_text="The moment whose state it holds.")
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    size = models.PositiveBigIntegerField("size of the file in bytes")
    sha256 = models.CharField("SHA-256 sum of the file", max_length=64)
    counts = models.JSONField()
    changes = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager[Any]] = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            FieldUnique(
                fields=["version"],
                name="registry_release_version_unique",
                field="version",
                violation_error_message="There is a release of this version already.",
            ),
            FieldCheck(
                name="registry_release_version_shape",
                condition=Q(version__regex=VERSION_SHAPE),
                field="version",
                violation_error_message="A version has letters, digits, single dots and hyphens: 2026.1.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays_as_it_is", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.version

    def get_absolute_url(self) -> str:
        return reverse("release-detail", args=[self.version])

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"citynet-{self.version}.zip"

    @property
    def rows(self) -> int:
        """How many rows all its tables have."""
        return sum(self.counts.values())


class ReleasedRecord(models.Model):
    """That a record with a page is in all releases from one to another."""

    pid = models.UUIDField("permanent identifier of the record")
    first = models.ForeignKey(Release, models.CASCADE, related_name="+", db_index=False)
    last = models.ForeignKey(Release, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        default_permissions = ()
        constraints = [
            FieldUnique(
                fields=["pid", "first"],
                name="registry_releasedrecord_unique",
                field="pid",
                violation_error_message="It is known already that this release holds the record.",
            ),
            FieldCheck(
                name="registry_releasedrecord_in_order",
                condition=Q(first__lte=models.F("last")),
                field="last",
                violation_error_message="The last release cannot be older than the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pid} in {self.first} to {self.last}"
