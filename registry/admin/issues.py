"""Issues and their mappings to other schemes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q

from registry.admin.base import RegistryAdmin
from registry.admin.filtering import by_issue
from registry.admin.rows import Rows
from registry.models import Issue, IssueMapping, IssueScheme, SchemeConcept


class MappingRows(Rows):
    """Concepts of other schemes that agree with the issue."""

    model = IssueMapping
    fields = ("concept", "match")
    autocomplete_fields = ("concept",)
    rows_related = ("concept__scheme",)
    verbose_name = "mapping to another scheme"
    verbose_name_plural = "mappings to other schemes"


@admin.register(Issue)
class IssueAdmin(RegistryAdmin):
    """The registry's tree of issues."""

    list_display = ("name", "parent", "slug", "description")
    list_select_related = ("parent",)
    list_filter = (by_issue("parent"),)
    search_fields = ("folded",)
    ordering = ("name", "pk")
    autocomplete_fields = ("parent",)
    label_related = ("parent__parent",)
    inlines = (MappingRows,)
    fields = ("name", "parent", "description", "slug")

    def label_of(self, record: Any) -> str:
        """The issue with what it lies under: `Transport › Cycling`."""
        line = [record.name]
        while record.parent_id:
            record = record.parent
            line.insert(0, record.name)
        return " › ".join(line)


@admin.register(IssueScheme)
class IssueSchemeAdmin(RegistryAdmin):
    """Other schemes of issues."""

    list_display = ("name", "slug", "url")
    search_fields = ("name",)

    def matches(self, word: str) -> Q:
        """By name."""
        return Q(name__icontains=word)


@admin.register(SchemeConcept)
class SchemeConceptAdmin(RegistryAdmin):
    """Concepts of other schemes."""

    list_display = ("code", "label", "scheme")
    list_select_related = ("scheme",)
    list_filter = ("scheme",)
    search_fields = ("label", "code")
    ordering = ("scheme", "pk")
    autocomplete_fields = ("scheme",)
    label_related = ("scheme",)

    def label_of(self, record: Any) -> str:
        """The concept with its scheme."""
        return f"{record} ({record.scheme})"

    def matches(self, word: str) -> Q:
        """By label or code."""
        return Q(label__unaccent__icontains=word) | Q(code__iexact=word)
