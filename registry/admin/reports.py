"""Reports."""

from __future__ import annotations

from django.contrib import admin

from registry.admin.evidence import CitationRows, IdentifierRows
from registry.admin.filtering import EvidenceFilter, by_city, by_issue, by_network
from registry.admin.publication import PublicRecordAdmin
from registry.models import Report


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
