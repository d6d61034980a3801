"""Data Packages that were read into the registry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PackageLoad(models.Model):
    """That a package was read into the registry.

    A package of everything brings its own history and leaves it as it was, so this note stands beside the
    history; it is in no package itself.
    """

    digest = models.CharField("SHA-256 sum of datapackage.json", max_length=64)
    everything = models.BooleanField("holds drafts and history")
    as_it_was = models.BooleanField("loaded as it was into an empty registry")
    counts = models.JSONField(help_text="For each table how many rows were created and updated.")
    loaded_at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-loaded_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Package {self.digest[:12]}, {self.loaded_at:%Y-%m-%d}"
