"""Cities, their names and links."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Value
from django.http import HttpRequest

from registry.admin.base import LONGEST_SEARCH, NUL, RegistryAdmin
from registry.admin.evidence import CitationRows, IdentifierRows
from registry.admin.filtering import EvidenceFilter, by_city, by_country
from registry.admin.merges import MergeableAdmin
from registry.admin.publication import PublicRecordAdmin
from registry.admin.rows import CitedRowForm, Rows
from registry.models import City, CityLink, CityName, Country, Division
from registry.models.base import Fold

FOUND = 200


def city_label(city: City) -> str:
    """A city told from its namesakes: `Córdoba, Argentina (1,428,214)`."""
    people = f" ({city.population:,})" if city.population else ""
    return f"{city.name}, {city.country}{people}"


def cities_named(cities: Any, text: str) -> models.QuerySet:
    """Those of the cities that have a name like the text, likeliest first."""
    if hasattr(cities, "named_like"):
        return cities.named_like(text)
    folded = Fold(Value(text))
    names = CityName.objects.filter(folded__startswith=folded)
    found = cities.filter(pk__in=names.values("city"))
    if not found.exists():
        similar = CityName.objects.filter(folded__trigram_similar=folded)
        found = cities.filter(pk__in=similar.values("city"))
    return found.order_by(models.F("population").desc(nulls_last=True), "pk")


class CityNameRows(Rows):
    """Names that the city is or was known by."""

    model = CityName
    fields = ("name", "language", "script", "kind")
    verbose_name = "name"


class CityLinkRows(Rows):
    """How the city stands to others."""

    model = CityLink
    form = CitedRowForm
    fk_name = "city"
    fields = ("kind", "other", "since", "until", "ended", "reference", "state")
    readonly_fields = ("state",)
    autocomplete_fields = ("other",)
    rows_related = ("city", "other__country")
    verbose_name = "link to another city"
    verbose_name_plural = "links to other cities"


@admin.register(City)
class CityAdmin(MergeableAdmin, PublicRecordAdmin):
    """Cities: those of the gazetteer and those that staff add."""

    actions = (*PublicRecordAdmin.actions, "merge_selected")
    list_display = ("name", "country", "division", "kind", "population", "publication")
    list_select_related = ("country", "division")
    list_filter = ("publication", "kind", "country__world_region", by_country())
    search_fields = ("names__folded",)
    search_help_text = "Any name the city is or was known by, also with small errors."
    ordering = ("name", "pk")
    sortable_by = ("name", "population")
    autocomplete_fields = ("country", "division")
    label_related = ("country",)
    inlines = (CityNameRows, CityLinkRows, IdentifierRows, CitationRows)
    fieldsets = (
        (None, {"fields": (("name", "publication"), "kind", ("country", "division"), "website")}),
        ("Inhabitants and place", {"fields": (("population", "population_year"), ("latitude", "longitude"))}),
        ("Identifiers", {"fields": (("geonames_id", "wikidata_id", "unlocode"),)}),
        ("For staff", {"fields": ("slug", "note")}),
    )

    def label_of(self, record: Any) -> str:
        """The name with country and population."""
        return city_label(record)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Cities by any of their names; the likeliest first, unless the list is sorted otherwise."""
        text = " ".join(search_term.replace(NUL, "").split())
        if not text:
            return queryset.order_by(models.F("population").desc(nulls_last=True), "pk"), False
        if len(text) > LONGEST_SEARCH:
            messages.error(request, f"Search for at most {LONGEST_SEARCH} characters.")
            return queryset.none(), False
        ranked = list(cities_named(queryset, text).values_list("pk", flat=True)[:FOUND])
        rank = models.Case(*(models.When(pk=key, then=Value(number)) for number, key in enumerate(ranked)))
        return queryset.filter(pk__in=ranked).order_by(rank, "pk"), False


@admin.register(CityLink)
class CityLinkAdmin(PublicRecordAdmin):
    """How cities stand to each other."""

    list_display = ("city", "kind", "other", "since", "until", "publication")
    list_select_related = ("city", "other")
    list_filter = ("publication", "kind", EvidenceFilter, by_city())
    search_fields = ("city__folded", "other__folded")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("city", "other")
    inlines = (CitationRows,)
    fields = (
        ("city", "kind", "other"),
        "publication",
        ("since", "until", "ended", "observed_on"),
        "note",
    )


@admin.register(Country)
class CountryAdmin(RegistryAdmin):
    """ISO 3166-1 countries."""

    list_display = ("name", "alpha2", "alpha3", "world_region")
    list_filter = ("world_region",)
    search_fields = ("name", "alpha2")
    ordering = ("name",)

    def matches(self, word: str) -> models.Q:
        """By name or by code."""
        return models.Q(name__unaccent__icontains=word) | models.Q(alpha2__iexact=word)


@admin.register(Division)
class DivisionAdmin(RegistryAdmin):
    """First-level divisions of countries."""

    list_display = ("name", "code", "iso_code", "country")
    list_select_related = ("country",)
    list_filter = (by_country(),)
    search_fields = ("name", "code")
    ordering = ("code",)
    sortable_by = ("code",)
    autocomplete_fields = ("country",)
    label_related = ("country",)

    def label_of(self, record: Any) -> str:
        """The name with the country."""
        return f"{record}, {record.country}"

    def matches(self, word: str) -> models.Q:
        """By name or by code."""
        return models.Q(name__unaccent__icontains=word) | models.Q(code__iexact=word)
