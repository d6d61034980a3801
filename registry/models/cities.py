"""Cities, their names, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from registry.choices import CityKind, CityLinkKind, NameKind, Publication
from registry.models.aliases import address_triggers
from registry.models.base import (
    Fold,
    IsAmongMany,
    PublicQuerySet,
    PublicRecord,
    count_rows,
    estimated_rows,
    slug_for,
)
from registry.models.constraints import FieldCheck, FieldUnique, not_blank, not_itself, one_of
from registry.models.countries import Country, Division
from registry.models.dates import EARLIEST_YEAR, LATEST_YEAR, Dated
from registry.models.history import tracked
from registry.models.names import LocallyNamed
from registry.models.taking_part import TakingPart
from registry.models.ties import city_tie_triggers

WIKIDATA_ITEM = r"^Q[1-9][0-9]*$"
MANY = 20_000
UNLOCODE = r"^[A-Z]{2}[A-Z2-9]{3}$"


class CityQuerySet(PublicQuerySet):
    """Questions about cities."""

    def taking_part(self, during: Callable[[Any], Any] | None = None, *, whole: bool = False) -> CityQuerySet:
        """Public cities with a public membership, joint policy or office; `during` may narrow those rows.

        Which cities have one at all is stored (`TakingPart`); the rows are read only to be narrowed. Where
        there are few such rows they are read once and the cities looked up among them. Where there are
        many, a page of cities is soonest found by asking each: the planner, which does not reckon with
        the page's end, has to be kept from reading them all. Where the whole is wanted, to be counted, all
        of them are read at once.
        """
        from registry.models.memberships import Membership
        from registry.models.offices import CityOffice
        from registry.models.policies import PolicyParty
        from registry.models.ties import LiveParty

        public = self.filter(publication=Publication.PUBLISHED)
        cities = public.filter(pk__in=TakingPart.objects.values("pk"))
        if during is None:
            return cities
        memberships = Membership.objects.public(known="city").present()
        offices = CityOffice.objects.public(known="city")
        parts = [during(rows) for rows in (memberships, LiveParty.objects.all(), offices)]
        if whole:
            first, *others = (rows.order_by().values("city") for rows in parts)
            found = ArraySubquery(first.union(*others, all=True))
            return public.filter(IsAmongMany(found, F("pk")))
        if estimated_rows(Membership) + estimated_rows(PolicyParty) < MANY:
            return cities.filter(
                Q(*(Q(pk__in=rows.order_by().values("city")) for rows in parts), _connector=Q.OR)
            )
        # The second comparison adds nothing but that the planner cannot turn the question into a list.
        here = {"city": OuterRef("pk"), "city__gte": OuterRef("pk")}
        return cities.filter(Q(*(Exists(rows.filter(**here)) for rows in parts), _connector=Q.OR))

    def for_listing(self) -> CityQuerySet:
        """Public cities as the listing shows them."""
        return self.public().select_related("country", "division").order_by("name", "pk")

    def with_counts(self) -> CityQuerySet:
        """Adds the numbers of public networks, joint policies and offices of each city."""
        from registry.models.memberships import Membership
        from registry.models.offices import CityOffice
        from registry.models.policies import PolicyParty

        return self.annotate(
            network_count=count_rows(Membership.objects.public(known="city").present(), "city", "network"),
            policy_count=count_rows(PolicyParty.objects.public(known="city"), "city", "policy"),
            office_count=count_rows(CityOffice.objects.public(known="city"), "city"),
        )


@tracked
class City(LocallyNamed, PublicRecord):
    """A local or metropolitan government that can take part in networks and joint policies.

    Members of real networks are not all cities: `kind` says what it is. GeoNames places come with
    `load_gazetteer`; other governments are entered by staff.
    """

    url_name = "city-detail"
    brought = Q(pgh_label="insert", geonames_id__isnull=False)

    kind = models.CharField(max_length=20, choices=CityKind, default=CityKind.CITY, db_default=CityKind.CITY)
    # Foreign keys of large tables have no index of their own where another begins with them.
    country = models.ForeignKey(Country, models.PROTECT, related_name="cities", db_index=False)
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cities",
        verbose_name="first-level division",
    )
    latitude = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Degrees north.",
    )
    longitude = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Degrees east.",
    )
    population = models.PositiveBigIntegerField(null=True, blank=True, help_text="Inhabitants.")
    population_year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(EARLIEST_YEAR), MaxValueValidator(LATEST_YEAR)],
        help_text="The year it was counted.",
    )
    geonames_id = models.PositiveBigIntegerField("GeoNames", null=True, blank=True, help_text="3448439")
    wikidata_id = models.CharField(  # noqa: DJ001 - unique, so unknown must be null
        "Wikidata",
        max_length=12,
        null=True,
        blank=True,
        validators=[RegexValidator(WIKIDATA_ITEM, "A Wikidata item is a Q and a number: Q174.")],
    )
    unlocode = models.CharField(  # noqa: DJ001 - unique, so unknown must be null
        "UN/LOCODE",
        max_length=5,
        null=True,
        blank=True,
        validators=[RegexValidator(UNLOCODE, "A UN/LOCODE has five letters without a space: BRSAO.")],
    )
    website = models.URLField(blank=True, db_default="")

    objects: ClassVar[models.Manager[Any]] = CityQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        verbose_name_plural = "cities"
        ordering = ["name", "pk"]
        constraints = [
            *LocallyNamed.Meta.constraints,
            *PublicRecord.Meta.constraints,
            FieldUnique(
                fields=["geonames_id"],
                name="registry_city_geonames_id_unique",
                field="geonames_id",
                violation_error_message="Another city has this GeoNames number.",
            ),
            FieldUnique(
                fields=["wikidata_id"],
                name="registry_city_wikidata_id_unique",
                field="wikidata_id",
                violation_error_message="Another city has this Wikidata item.",
            ),
            FieldUnique(
                fields=["unlocode"],
                name="registry_city_unlocode_unique",
                field="unlocode",
                violation_error_message="Another city has this UN/LOCODE.",
            ),
            FieldCheck(
                name="registry_city_wikidata_id_shape",
                condition=Q(wikidata_id__isnull=True) | Q(wikidata_id__regex=WIKIDATA_ITEM),
                field="wikidata_id",
                violation_error_message="A Wikidata item is a Q and a number: Q174.",
            ),
            FieldCheck(
                name="registry_city_unlocode_shape",
                condition=Q(unlocode__isnull=True) | Q(unlocode__regex=UNLOCODE),
                field="unlocode",
                violation_error_message="A UN/LOCODE has five letters without a space: BRSAO.",
            ),
            one_of("kind", CityKind, "Choose one of the kinds of city."),
            FieldCheck(
                name="registry_city_point_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                field="latitude",
                violation_error_message="Give latitude (-90 to 90) and longitude (-180 to 180), or neither.",
            ),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            models.Index(fields=["country", "name", "id"], name="city_country_name"),
            models.Index(fields=["name", "id"], name="city_name_order"),
            models.Index(F("population").desc(nulls_last=True), "id", name="city_population"),
            models.Index(OpClass(F("folded"), "text_pattern_ops"), name="city_folded"),
            # Cities of the gazetteer have their main name among their names; those of staff may not.
            GinIndex(
                OpClass(F("folded"), "gin_trgm_ops"),
                condition=Q(geonames_id__isnull=True),
                name="city_own_trigrams",
            ),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            *address_triggers("city"),
            *city_tie_triggers(),
        ]

    def slug_parts(self) -> tuple[str, ...]:
        return (self.name, self.country_id or "")

    def wanted_slugs(self) -> list[str]:
        """The plain slug for the most populous place of a name; others append their GeoNames id."""
        plain = super().wanted_slugs()
        if not self.geonames_id:
            return plain
        with_number = slug_for(*self.slug_parts(), str(self.geonames_id))
        return [with_number] if self._a_larger_namesake_exists() else [*plain, with_number]

    def _a_larger_namesake_exists(self) -> bool:
        namesakes = City.objects.filter(country=self.country_id, name=self.name).exclude(pk=self.pk)
        return namesakes.filter(population__gte=self.population or 0).exists()


class BriefCity(models.JSONField):
    """A city read beside something else: of an object with its key, name and slug."""

    def from_db_value(self, value: Any, *given: Any) -> City:
        """The city, as if it had been read by itself."""
        found = super().from_db_value(value, *given)
        return City.from_db(None, [*found], [*found.values()])


@tracked
class CityName(models.Model):
    """A name that a city is or was known by, the main one among them.

    A value of its city, so it has no identifier of its own. GeoNames gives alternatives without
    language or script; those that staff add carry them where known.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=300)
    language = models.CharField(
        max_length=12,
        blank=True,
        db_default="",
        help_text="BCP 47, e.g. pt or zh-Hant.",
    )
    script = models.CharField(max_length=4, blank=True, db_default="", help_text="ISO 15924, e.g. Latn.")
    kind = models.CharField(
        max_length=11,
        choices=NameKind,
        default=NameKind.ALTERNATIVE,
        db_default=NameKind.ALTERNATIVE,
    )
    folded = models.GeneratedField(
        expression=Fold(F("name")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            FieldUnique(
                fields=["city", "name", "language"],
                name="registry_cityname_unique",
                field="name",
                violation_error_message="This city has that name already.",
            ),
            not_blank("name"),
            one_of("kind", NameKind, "Choose one of the kinds of name."),
        ]
        indexes = [
            models.Index(OpClass(F("folded"), "text_pattern_ops"), name="cityname_folded"),
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="cityname_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class CityLink(PublicRecord, Dated):
    """How one city stands to another: part of it, merged into it, or a body that covers it."""

    public_ends = ("city", "other")

    city = models.ForeignKey(City, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=24, choices=CityLinkKind)
    other = models.ForeignKey(City, models.CASCADE, related_name="linked_from", verbose_name="other city")

    class Meta(PublicRecord.Meta):
        ordering = ["kind", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            one_of("kind", CityLinkKind, "Choose one of the kinds of link."),
            not_itself("city", "other", "A city cannot be linked to itself."),
            FieldUnique(
                fields=["city", "other", "kind"],
                name="registry_citylink_unique",
                field="other",
                violation_error_message="These two cities are linked in this way already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.get_kind_display().lower()} {self.other}"
