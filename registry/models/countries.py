"""Countries and their first-level divisions."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from registry.choices import WorldRegion
from registry.models.constraints import FieldCheck, one_of
from registry.models.history import tracked


@cache
def _names(language: str) -> dict[str, str]:
    """What countries are called in a language (CLDR)."""
    return dict(Locale.parse(language).territories)


@tracked
class Country(models.Model):
    """An ISO 3166-1 country (with the user-assigned code XK for Kosovo, as GeoNames uses it)."""

    alpha2 = models.CharField("ISO 3166-1 alpha-2", max_length=2, primary_key=True)
    alpha3 = models.CharField("ISO 3166-1 alpha-3", max_length=3, unique=True)
    name = models.CharField(max_length=100, unique=True)
    official_name = models.CharField(max_length=200, blank=True, db_default="")
    world_region = models.CharField(max_length=13, choices=WorldRegion)

    class Meta:
        verbose_name_plural = "countries"
        ordering = ["name"]
        constraints = [
            FieldCheck(
                name="registry_country_alpha2_shape",
                condition=models.Q(alpha2__regex=r"^[A-Z]{2}$"),
                field="alpha2",
                violation_error_message="A country code has two capital letters.",
            ),
            one_of("world_region", WorldRegion, "Choose one of the world regions."),
        ]

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """The name in the reader's language; `name` is the registry's own, in English."""
        language = get_language() or settings.LANGUAGE_CODE
        return (
            self.name if language == settings.LANGUAGE_CODE else _names(language).get(self.alpha2, self.name)
        )


@tracked
class Division(models.Model):
    """A first-level division of a country (state, region, province).

    `code` is GeoNames' (`US.NY`), since GeoNames places cities by it; `iso_code` is ISO 3166-2
    where the same division is known to have one. Where GeoNames' name is not known it is empty.
    """

    code = models.CharField("GeoNames code", max_length=12, primary_key=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="divisions")
    iso_code = models.CharField("ISO 3166-2", max_length=6, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code
