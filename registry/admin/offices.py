"""City offices, who heads them, and how they work together."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q, Value
from django.http import HttpRequest

from registry.admin.again import RepeatedAdmin
from registry.admin.duplicates import ComparedAdmin
from registry.admin.evidence import CitationRows, IdentifierRows
from registry.admin.filtering import EvidenceFilter, VacantFilter, by_city, by_country, by_issue, by_office
from registry.admin.merges import MergeableAdmin
from registry.admin.records import key_of
from registry.admin.rows import CitedRowForm, RowForm, Rows
from registry.models import CityOffice, OfficeHolder, OfficeLink
from registry.models.base import Fold


class HolderRows(Rows):
    """Who heads the office."""

    model = OfficeHolder
    form = CitedRowForm
    fields = ("person_name", "title", "since", "until", "ended", "reference", "state")
    readonly_fields = ("state",)
    verbose_name = "holder"


class OfficeLinkRows(Rows):
    """Offices of the same city that it works with."""

    model = OfficeLink
    form = CitedRowForm
    fk_name = "office"
    fields = ("other", "issue", "how", "since", "until", "reference", "state")
    readonly_fields = ("state",)
    autocomplete_fields = ("other", "issue")
    offices_of = {"other": "id_city"}
    rows_related = ("office__city", "other__city", "issue")
    verbose_name = "link to another office of the city"
    verbose_name_plural = "links to other offices of the city"


class LinkedFromRows(Rows):
    """Links that are recorded with the other office: shown here, changed there."""

    model = OfficeLink
    form = RowForm
    fk_name = "other"
    fields = ("office", "issue", "how", "since", "until", "state")
    readonly_fields = fields
    rows_related = ("office__city", "other__city", "issue")
    verbose_name_plural = "links recorded with the other office"
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Added from the office at the other end, or above."""
        return False


@admin.register(CityOffice)
class CityOfficeAdmin(MergeableAdmin, ComparedAdmin):
    """Offices and posts in city governments."""

    actions = (*ComparedAdmin.actions, "merge_selected")
    list_display = ("name", "place", "kind", "established", "closed", "publication", "sourced")
    list_select_related = ("city__country",)
    list_filter = (
        "publication",
        "kind",
        EvidenceFilter,
        VacantFilter,
        by_issue("remit"),
        by_city(),
        by_country("city__country"),
    )
    search_fields = ("folded", "city__folded")
    search_help_text = "Words of the office's name or of the city's."
    ordering = ("name", "pk")
    sortable_by = ("name", "established", "closed")
    autocomplete_fields = ("city", "remit")
    label_related = ("city",)
    inlines = (HolderRows, OfficeLinkRows, LinkedFromRows, CitationRows, IdentifierRows)
    fieldsets = (
        (None, {"fields": ("city", "name", "publication", "kind", "remit", "description")}),
        ("When", {"fields": (("established", "closed"), ("ended", "observed_on"))}),
        ("For staff", {"fields": ("website", "slug", "note")}),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Without the table of links from the other side where there are none."""
        linked = obj is not None and obj.linked_from.exists()
        return self.inlines if linked else [rows for rows in self.inlines if rows is not LinkedFromRows]

    @admin.display(description="city")
    def place(self, office: CityOffice) -> str:
        """The city with its country."""
        return f"{office.city.name}, {office.city.country}"

    def matches(self, word: str) -> Q:
        """By its name or its city's."""
        folded = Fold(Value(word))
        return Q(folded__contains=folded) | Q(city__folded__startswith=folded)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Offices by their names; for a box of one city only that city's."""
        city = key_of(request.GET.get("city", ""))
        if request.path.endswith("/autocomplete/") and city is not None:
            queryset = queryset.filter(city=city)
        return super().get_search_results(request, queryset, search_term)


@admin.register(OfficeHolder)
class OfficeHolderAdmin(RepeatedAdmin):
    """Who heads an office, from when to when."""

    list_display = ("person_name", "office", "since", "until", "ended", "publication", "sourced")
    list_select_related = ("office__city",)
    list_filter = ("publication", "ended", EvidenceFilter, by_office(), by_city("office__city"))
    search_fields = ("person_name", "office__folded")
    keeps = ("office", "since", "until", "ended", "observed_on")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("office",)
    inlines = (CitationRows,)
    fields = (
        "office",
        "publication",
        ("person_name", "title"),
        ("since", "until", "ended", "observed_on"),
        "note",
    )

    def matches(self, word: str) -> Q:
        """By the person or the office."""
        return Q(person_name__unaccent__icontains=word) | Q(office__folded__contains=Fold(Value(word)))


@admin.register(OfficeLink)
class OfficeLinkAdmin(RepeatedAdmin):
    """Two offices of one city working together."""

    list_display = ("office", "other", "issue", "how", "since", "until", "publication", "sourced")
    list_select_related = ("office__city", "other__city", "issue")
    list_filter = ("publication", EvidenceFilter, by_office(), by_city("office__city"))
    search_fields = ("office__folded", "other__folded")
    keeps = ("office", "issue", "since", "until", "ended", "observed_on")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("office", "other", "issue")
    inlines = (CitationRows,)
    fields = (
        ("office", "other"),
        "publication",
        "issue",
        "how",
        ("since", "until", "ended", "observed_on"),
        "note",
    )
