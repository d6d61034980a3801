"""Reports and imported tables."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from registry.admin.base import RegistryAdmin
from registry.admin.evidence import CitationRows, IdentifierRows
from registry.admin.filtering import EvidenceFilter, by_city, by_issue, by_network
from registry.admin.publication import PublicRecordAdmin
from registry.models import Dataset, Observation, Report


@admin.register(Report)
class ReportAdmin(PublicRecordAdmin):
    """What networks, joint policies and cities publish."""

    list_display = ("name", "kind", "published_on", "language", "authors", "publication", "sourced")
    list_filter = (
        "publication",
        "kind",
        EvidenceFilter,
        by_issue(),
        by_network("networks"),
        by_city("cities"),
    )
    search_fields = ("folded",)
    ordering = ("name", "pk")
    autocomplete_fields = ("issues", "networks", "policies", "cities")
    inlines = (CitationRows, IdentifierRows)
    fieldsets = (
        (None, {"fields": ("name", "publication", ("kind", "published_on", "language"), "authors", "url")}),
        ("What it is about", {"fields": ("issues", "networks", "policies", "cities")}),
        ("For staff", {"fields": ("slug", "note")}),
    )


@admin.register(Dataset)
class DatasetAdmin(RegistryAdmin):
    """Imported research tables."""

    list_display = ("name", "source", "observed_on", "licence")
    list_select_related = ("source",)
    search_fields = ("name",)
    autocomplete_fields = ("source",)
    fields = ("name", "source", "observed_on", "licence", "description")

    def matches(self, word: str) -> Q:
        """By name."""
        return Q(name__icontains=word)


class ReadOnlyAdmin(RegistryAdmin):
    """Rows that are looked at here and made elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made elsewhere."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kept as they are."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kept as they are."""
        return False


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    """Cells of imported tables, as given."""

    list_display = ("row_key", "column", "value", "dataset", "city", "network")
    list_select_related = ("dataset", "city", "network")
    list_filter = (by_city(), by_network())
    search_fields = ("row_key",)
    ordering = ("-pk",)
    sortable_by = ()

    def matches(self, word: str) -> Q:
        """By the row as the table names it."""
        return Q(row_key__startswith=word)
