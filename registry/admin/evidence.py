"""Sources and citations: on the form of every record that can be cited, and in lists of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.actions.cite import cite_for_all, find_or_create_source, read_reference
from registry.actions.publish import may_publish
from registry.admin.base import RecordForm, RegistryAdmin
from registry.admin.fields import ReferenceField
from registry.admin.filtering import by_source
from registry.admin.records import account
from registry.admin.rows import RowForm, Rows
from registry.choices import Publication
from registry.models import Citation, Identifier, JointPolicy, Source
from registry.models.sources import CITABLE

ONE_OF_TWO = "Choose a source, or type its address or a reference in words."
NOT_BOTH = "Choose a source or type one, not both."
# The part of a CoveringForm that says what its sources show.
SOURCES: Any = ("What the sources show", {"fields": ("sources_cover_rows",)})


class CitationForm(RowForm):
    """One source of the record: a known one, or one typed here."""

    reference = ReferenceField(label="or a new one")

    class Meta:
        model = Citation
        fields = ("source", "accessed_on", "locator", "quote")
        widgets = {"quote": forms.Textarea(attrs={"rows": 1, "cols": 30})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        source, reference = cleaned.get("source"), cleaned.get("reference")
        if reference and source:
            raise ValidationError({"reference": NOT_BOTH})
        if not reference and not source and not self.errors:
            raise ValidationError({"source": ONE_OF_TWO})
        if reference:
            # A source that is known already takes part in the check for duplicates.
            cleaned["source"] = Source.objects.filter(**read_reference(reference)).first()
        return cleaned

    def save(self, commit: bool = True) -> Any:
        reference = self.cleaned_data.get("reference")
        if reference:
            self.instance.source = find_or_create_source(reference)
        return super().save(commit)


class CitationRows(Rows):
    """The sources of a record."""

    model = Citation
    form = CitationForm
    fields = ("source", "reference", "accessed_on", "locator", "quote")
    autocomplete_fields = ("source",)
    rows_related = ("source",)
    verbose_name = "source"
    verbose_name_plural = "sources"


class IdentifierRows(Rows):
    """The outside identifiers of a record."""

    model = Identifier
    fields = ("scheme", "value")
    verbose_name = "outside identifier"


class CoveringForm(RecordForm):
    """A form whose sources can be cited for its rows too."""

    sources_cover_rows = forms.BooleanField(
        required=False,
        label="They also show who takes part",
        help_text="Cites the sources of this record for every row below that has none of its own.",
    )

    def cover(self, by: Any, accessors: tuple[str, ...]) -> None:
        """Cite the record's sources for its rows without one, if that was asked for."""
        if self.cleaned_data.get("sources_cover_rows"):
            sources = list(Source.objects.filter(citations__in=self.instance.citations.all()).distinct())
            for accessor in accessors:
                cite_for_all(getattr(self.instance, accessor).all(), sources, by=by)


@admin.register(Source)
class SourceAdmin(RegistryAdmin):
    """Documents that support records."""

    list_display = ("__str__", "publisher", "published_on", "language", "link")
    list_filter = ("language",)
    search_fields = ("title", "url")
    search_help_text = "Words of the title, the address or the publisher."
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("title", "url", "publisher", "published_on", "language")

    def matches(self, word: str) -> Q:
        """Sources have no folded column: their addresses are searched as they are."""
        return Q(title__icontains=word) | Q(url__icontains=word) | Q(publisher__icontains=word)

    @admin.display(description="link")
    def link(self, source: Source) -> SafeString | str:
        """The document itself."""
        return format_html('<a href="{0}" rel="noreferrer">open</a>', source.url) if source.url else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A source that a published record cites shows on the public site: only editors change it."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or may_publish(account(request), JointPolicy) or rests_on(obj) is None


def rests_on(source: Source) -> Any:
    """A published record that cites the source, or a published research table from it; None without any."""
    public = Q()
    for target in CITABLE:
        public |= Q(**{f"{target}__publication": Publication.PUBLISHED})
    citation = source.citations.filter(public).first()
    return citation.target if citation else source.datasets.public().first()


@admin.register(Citation)
class CitationAdmin(RegistryAdmin):
    """Which source supports which record. Citations are added and changed on the record they support."""

    list_display = ("source", "kind", "record", "locator", "accessed_on", "asserted_by")
    list_display_links = None
    list_select_related = (
        "source",
        "asserted_by",
        *CITABLE,
        "city_link__city",
        "city_link__other",
        "network_link__network",
        "network_link__other",
        "roster_confirmation__network",
        "membership__city",
        "membership__network",
        "party__city",
        "party__policy",
        "experiment__policy",
        "partnership__organisation",
        "partnership__policy",
        "partnership__network",
        "office__city",
        "office_link__office__city",
        "office_link__other__city",
    )
    list_filter = (by_source(),)
    search_fields = ("source__title",)
    ordering = ("-pk",)
    sortable_by = ()

    def matches(self, word: str) -> Q:
        """Citations whose source has the word."""
        sources = Source.objects.filter(Q(title__icontains=word) | Q(url__icontains=word))
        return Q(source__in=sources)

    @admin.display(description="kind of record")
    def kind(self, citation: Citation) -> str:
        """What sort of record is supported."""
        return str(citation.target._meta.verbose_name)

    @admin.display(description="record")
    def record(self, citation: Citation) -> str:
        """The record supported."""
        return str(citation.target)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the record's own form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """On the record's own form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """On the record's own form, or with the record; never one that a published record needs."""
        return super().has_delete_permission(request, obj) and (
            obj is None or may_publish(account(request), JointPolicy)
        )
