"""Cities, their names and links."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast
from django.http import HttpRequest

from registry.actions.names import find_by_main_name
from registry.admin.again import RepeatedAdmin
from registry.admin.base import LONGEST_SEARCH, NUL, RegistryAdmin
from registry.admin.duplicates import ComparedAdmin
from registry.admin.evidence import CitationRows, IdentifierRows
from registry.admin.filtering import EvidenceFilter, by_city, by_country
from registry.admin.merges import MergeableAdmin
from registry.admin.recent import recent_cities
from registry.admin.records import account
from registry.admin.rows import CitedRowForm, Rows
from registry.models import City, CityLink, CityName, Country, Division
from registry.models.base import Fold
from registry.search.cities import cities_like, cities_named
from registry.search.words import Words

FOUND = 200


def city_label(city: City) -> str:
    """A city told from its namesakes: `Springfield, Missouri, United States (169,176)`."""
    people = f" ({city.population:,})" if city.population else ""
    division = city.division.name if city.division else ""
    within = f"{division}, " if division and division != city.name else ""
    return f"{city.name}, {within}{city.country}{people}"


def offered(cities: models.QuerySet, text: str) -> list[int]:
    """Keys of those of the cities that have the name, or one like it, likeliest first."""
    words = Words.read(text, cities.db)
    found = cities_named(cities, words, FOUND) or cities_like(cities, words, FOUND)
    return [city.key for city in found]


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
    rows_related = ("city", "other__country", "other__division")
    verbose_name = "link to another city"
    verbose_name_plural = "links to other cities"


@admin.register(City)
class CityAdmin(MergeableAdmin, ComparedAdmin):
    """Cities: those of the gazetteer and those that staff add."""

    actions = (*ComparedAdmin.actions, "merge_selected")
    list_display = ("name", "country", "division", "kind", "population", "publication")
    list_select_related = ("country", "division")
    list_filter = ("publication", "kind", "country__world_region", by_country())
    search_fields = ("names__folded",)
    search_help_text = "Any name the city is or was known by, also with small errors."
    ordering = ("name", "pk")
    sortable_by = ("name", "population")
    autocomplete_fields = ("country", "division")
    label_related = ("country", "division")
    inlines = (CityNameRows, CityLinkRows, IdentifierRows, CitationRows)
    fieldsets = (
        (None, {"fields": (("name", "publication"), "kind", ("country", "division"), "website")}),
        ("Inhabitants and place", {"fields": (("population", "population_year"), ("latitude", "longitude"))}),
        ("Identifiers", {"fields": (("geonames_id", "wikidata_id", "unlocode"),)}),
        ("For staff", {"fields": ("slug", "note")}),
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, with the main name among the names by which a city is found."""
        super().save_related(request, form, formsets, change)
        find_by_main_name(form.instance)

    def label_of(self, record: Any) -> str:
        """The name with division, country and population."""
        return city_label(record)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Cities by any of their names; the likeliest first, unless the list is sorted otherwise."""
        text = " ".join(search_term.replace(NUL, "").split())
        if request.path.endswith("/autocomplete/"):
            return self._offered(request, queryset, text), False
        if not text:
            return queryset.order_by(models.F("population").desc(nulls_last=True), "pk"), False
        if len(text) > LONGEST_SEARCH:
            messages.error(request, f"Search for at most {LONGEST_SEARCH} characters.")
            return queryset.none(), False
        ranked = offered(queryset, text)
        return _in_order(queryset, ranked), False

    def _offered(self, request: HttpRequest, cities: models.QuerySet, text: str) -> models.QuerySet:
        """What a box offers: of the cities that fit, those the account used recently before the others."""
        if text:
            ranked = offered(cities, text)
        else:
            largest = cities.order_by(models.F("population").desc(nulls_last=True), "pk")
            ranked = list(largest.values_list("pk", flat=True)[:FOUND])
        recent = recent_cities(account(request))
        # A city that fits may yet be too small to be among those ranked.
        names = CityName.objects.filter(city__in=recent, folded__startswith=Fold(Value(text)))
        fit = {*names.values_list("city", flat=True), *ranked} if text else set(recent)
        first = [key for key in recent if key in fit]
        ordered = _in_order(cities, list(dict.fromkeys([*first, *ranked])))
        used = models.Case(models.When(pk__in=first, then=Value(True)), default=Value(False))
        return ordered.annotate(recently_used=used)


def _in_order(cities: models.QuerySet, keys: list[int]) -> models.QuerySet:
    """The cities with these keys, in their order."""
    in_order = Cast(Value(keys, ArrayField(models.BigIntegerField())), ArrayField(models.BigIntegerField()))
    rank = models.Func(in_order, "pk", function="array_position", output_field=models.IntegerField())
    return cities.filter(pk__in=keys).order_by(rank, "pk")


@admin.register(CityLink)
class CityLinkAdmin(RepeatedAdmin):
    """How cities stand to each other."""

    list_display = ("city", "kind", "other", "since", "until", "publication")
    list_select_related = ("city", "other")
    list_filter = ("publication", "kind", EvidenceFilter, by_city())
    search_fields = ("city__folded", "other__folded")
    keeps = ("city", "kind", "since", "until", "ended", "observed_on")
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
    search_fields = ("name", "code", "iso_code")
    ordering = ("code",)
    sortable_by = ("code",)
    autocomplete_fields = ("country",)
    label_related = ("country",)

    def label_of(self, record: Any) -> str:
        """The name with the country."""
        return f"{record}, {record.country}"

    def matches(self, word: str) -> models.Q:
        """By name or by either code."""
        return (
            models.Q(name__unaccent__icontains=word)
            | models.Q(code__iexact=word)
            | models.Q(iso_code__iexact=word)
        )
